/* What an address of the command line may hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "tui/app/network.h"

static void
network_refuse_key__finds_api_keys__wherever_providers_put_them(void **state)
{
    (void)state;
    static const char *const keyed[] = {
        "https://rpc.example.org/?apiKey=hush",
        "https://rpc.example.org/ogrpc?network=near&dkey=hush",
        "https://rpc.example.org/?a=1&auth=hush",
        "https://near-mainnet.example.org/v2/gK3xT9vQz1mB7nR4cW8yD2",
        "https://near.example.org/c0ffee00-1c2d-4e5f-8a9b-0123456789ab/",
        "https://go.example.org/0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "wss://feed.example.org/gK3xT9vQz1mB7nR4cW8yD2/events",
        "https://rpc.example.org/?q=gK3xT9vQz1mB7nR4cW8yD2"};
    for (size_t i = 0; i < ARRAY_LEN(keyed); i++) {
        struct diag d;
        if (network_refuse_key(str_from(keyed[i]), "--rpc", "there", &d) == OK)
            fail_msg("%s: taken", keyed[i]);
        assert_string_equal(diag_text(&d), "--rpc: an API key on the command line can be read by all "
                                           "who list processes: there");
    }
}

static void
network_refuse_key__lets_names_pass(void **state)
{
    (void)state;
    static const char *const plain[] = {
        "https://archival-rpc.testnet.fastnear.com", "https://near.lava.build:443",
        "http://127.0.0.1:3030/", "https://rpc.example.org/near/mainnet/v1",
        "https://rpc.example.org/near-mainnet-archival-nodes-2/rpc-v3",
        "https://a1b2c3d4e5f60718293a4b5c6d7e8f9.example.org/rpc",
        "wss://ws-events-v3-testnet.intear.tech", "https://rpc.example.org/?network=near-testnet"};
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        assert_int_equal(network_refuse_key(str_from(plain[i]), "--rpc", "there", NULL), OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(network_refuse_key__finds_api_keys__wherever_providers_put_them),
        cmocka_unit_test(network_refuse_key__lets_names_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
