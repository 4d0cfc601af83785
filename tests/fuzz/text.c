/* Names, amounts, hashes and keys as people and wires write them: what is read and written again
 * reads as the same. */
#include <string.h>
#include "net/near/account.h"
#include "net/near/amount.h"
#include "net/near/base58.h"
#include "tests/fuzz/fuzz.h"

static void
try_amounts(struct str s)
{
    struct amount a, again;
    char text[AMOUNT_TEXT];
    uint64_t gas;
    if (amount_parse(s, &a, NULL) == OK) {
        MUST(amount_parse(str_from(amount_text(a, text)), &again, NULL) == OK);
        MUST(amount_compare(a, again) == 0);
    }
    if (amount_parse_units(s, &a, NULL) == OK) {
        char near[AMOUNT_NEAR_TEXT];
        amount_near_text(a, 24, near);
    }
    if (gas_parse_units(s, &gas, NULL) == OK) {
        char tera[GAS_TEXT];
        gas_text_tera(gas, tera);
    }
}

static void
try_hashes(struct str s)
{
    struct hash h, again;
    struct public_key key;
    struct signature signature;
    struct secret_key secret;
    char text[KEY_TEXT];
    uint8_t bytes[BASE58_MAX_BYTES];
    if (hash_parse(s, &h, NULL) == OK) {
        MUST(hash_parse(str_from(hash_text(&h, text)), &again, NULL) == OK);
        MUST(hash_equal(&h, &again));
    }
    if (public_key_parse(s, &key, NULL) == OK) {
        struct public_key same;
        MUST(public_key_parse(str_from(public_key_text(&key, text)), &same, NULL) == OK);
    }
    if (signature_parse(s, &signature, NULL) == OK)
        signature_text(&signature, text);
    if (secret_key_parse(s, &secret, NULL) == OK)
        secret_key_wipe(&secret);
    for (size_t n = 0; n <= 64; n += 16)
        MUST(base58_decode(s, bytes, n, NULL) != OK || s.n >= n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = str_of(data, size);
    struct account_id id;
    struct diag d = {0};
    bool is_valid = account_is_valid(s);
    MUST((account_parse(s, &id, &d) == OK) == is_valid);
    MUST(!is_valid || str_equal(account_str(&id), s));
    MUST(is_valid || d.text[0] != '\0');
    try_amounts(s);
    try_hashes(s);
    return 0;
}
