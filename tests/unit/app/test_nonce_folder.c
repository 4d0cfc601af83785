#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "net/base/macros.h"
#include "tui/app/nonce_folder.h"

static void
nonce_chain__is_the_same__for_all_ways_to_a_chain(void **state)
{
    static const struct {
        const char *url, *chain;
    } rows[] = {
        {"https://rpc.mainnet.near.org", ""},
        {"https://free.rpc.fastnear.com/", ""},
        {"http://10.1.2.3:3030", ""},
        {"http://127.0.0.1:3030", "127.0.0.1:3030"},
        {"http://localhost:3030/", "127.0.0.1:3030"},
        {"http://[::1]:3030", "127.0.0.1:3030"},
        /* Another chain, with the same accounts and keys. */
        {"http://127.0.0.1:3031", "127.0.0.1:3031"},
        {"no address", ""},
    };
    struct arena arena;
    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_string_equal(nonce_chain(rows[i].url, &arena), rows[i].chain);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nonce_chain__is_the_same__for_all_ways_to_a_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
