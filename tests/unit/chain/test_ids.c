#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "contract/chain/ids.h"
#include "net/near/base58.h"

static void
assert_hash(struct hash h, const char *expected)
{
    struct hash want;
    assert_int_equal(hash_parse(str_from(expected), &want, NULL), OK);
    assert_memory_equal(h.b, want.b, sizeof(h.b));
}

static struct hash
transaction(void)
{
    struct hash tx = hash_of_bytes(STR("tx"));
    assert_hash(tx, "2qo2mC7GvBBEPZTmZeYXsc5KhzboKSen6DekBytar1fy");
    return tx;
}

static void
id_derive__names_receipts_and_their_children(void **state)
{
    (void)state;
    static const char *const children[] = {"FbUBWtFPTTvDFKdn7fZxtkQtj9W3PFTUwEoENDiHpFaB",
                                           "AsuQKNk6gkkZ2qimf7WRjSV3GnSChKn1tv9HtkhVQqGo",
                                           "HJjkyCWNTht7eZ7EoBPSkZG1wfP2CtJt1KepYsAgvvXp",
                                           "A8Cpg2nFxpVxVAZjU6R4iceAnrYhp6MFBC1JPA7maFjd",
                                           "End5eqWhgHRxYQRm3nLndWThJyqgQFaRfcnykkU3fBfd"};
    struct hash tx = transaction();
    struct hash first = id_derive(&tx, 10, 0);
    assert_hash(first, "2bZHU6CnWPgYeZ1Lg2AUE2nfiqjqSCERXcHyEM55dySm");
    for (uint64_t i = 0; i < 5; i++)
        assert_hash(id_derive(&first, 11, i), children[i]);
    struct hash child = id_derive(&first, 11, 0);
    assert_hash(id_derive(&child, 12, 0), "CDjhnos8c5eBZaYCwSYYdkEcfni5JVd8qHtJ6rTEABF2");
    assert_hash(id_derive(&child, 12, 1), "9HxSWNFDQ2omZBgstPWq3wS4DzeVant8evWQndqxALbu");
}

static void
id_of_action__is_the_base_of_data_ids(void **state)
{
    (void)state;
    static const char *const data[] = {"5czttUk7TtzJGViGZK3WEfLSAmfrYViNoFAnoJY7uArG",
                                       "72XFboPZCW5DSkS2ydsR1TmMoYAKp2oTSNUvTjSDCaH3",
                                       "9DhdDC3Ja6ZSVHiTt4qgYqCFZP1F6brrYnsft2uQ81av"};
    struct hash tx = transaction();
    struct hash first = id_derive(&tx, 10, 0);
    struct hash action = id_of_action(&first, 11, 0);
    assert_hash(action, "GR1D5uHStFZheC4GhifJTAes7p2EojrPmyitDgVcZbVt");
    for (uint64_t i = 0; i < 3; i++)
        assert_hash(id_derive(&action, 11, i), data[i]);
}

int
main(void)
{
    crypto_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(id_derive__names_receipts_and_their_children),
        cmocka_unit_test(id_of_action__is_the_base_of_data_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
