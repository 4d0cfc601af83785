#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <sys/mman.h>
#include "net/near/crypto.h"

/* Kilobytes of this process that are locked. */
static long
locked_kb(void)
{
    char line[256];
    long kb = -1;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof(line), f))
        sscanf(line, "VmLck: %ld kB", &kb);
    if (f)
        fclose(f);
    return kb;
}

/* Not everywhere: the address sanitizer locks nothing, and other systems have no /proc. */
static bool
locking_can_be_seen(void)
{
    static char page[4096];
    long before = locked_kb();
    bool is_seen = mlock(page, sizeof(page)) == 0 && locked_kb() > before;
    munlock(page, sizeof(page));
    return is_seen;
}

static void
secret_key__is_kept_in_locked_pages__and_signs_the_same(void **state)
{
    (void)state;
    struct secret_key key;
    crypto_start();
    bool can_be_seen = locking_can_be_seen();
    long before = locked_kb();
    secret_key_from_name(STR("alice.test.near"), &key);
    struct secret_key *kept = secret_key_keep(&key);
    if (can_be_seen)
        assert_true(locked_kb() > before);
    struct signature a = secret_key_sign(&key, STR("message"));
    struct signature b = secret_key_sign(kept, STR("message"));
    struct public_key public = secret_key_public(kept);
    assert_memory_equal(a.b, b.b, 64);
    assert_true(signature_verify(&b, &public, STR("message")));
    assert_false(signature_verify(&b, &public, STR("massage")));
    secret_key_drop(kept);
    secret_key_drop(NULL);
    secret_key_wipe(&key);
    for (size_t i = 0; i < sizeof(key); i++)
        assert_int_equal(((const unsigned char *)&key)[i], 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secret_key__is_kept_in_locked_pages__and_signs_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
