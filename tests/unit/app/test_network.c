/* Where a network is asked, by the settings and the command line, and what an address of the latter
 * may hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/redact.h"
#include "tests/support/settings_home.h"
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

/* --- networks and keys -------------------------------------------------------------------- */

static void
choose(const char *text, const char *name, struct network *n)
{
    struct diag d = {0};
    assert_int_equal(config_read_text(&settings_config, str_from(text), "c", &d), OK);
    assert_int_equal(network_choose(&settings_config, name, NULL, NULL, n, &d), OK);
}

static void
network_choose__takes_own_endpoints_alone__where_there_are_some(void **state)
{
    (void)state;
    struct network n;
    choose("[endpoint a]\nnetwork = testnet\nurl = https://a.example.org/rpc/\nweight = 7\n"
           "[endpoint b]\nnetwork = testnet\nurl = https://b.example.org\narchival = yes\n"
           "requests_per_second = 3\n", "testnet", &n);
    assert_int_equal(n.endpoint_count, 2);
    assert_string_equal(n.endpoints[0].name, "a");
    assert_int_equal(n.endpoints[0].weight, 7);
    assert_true(n.endpoints[1].is_archival);
    assert_int_equal(n.endpoints[1].per_second, 3);
    assert_null(n.endpoints[0].header);
    assert_string_equal(n.explorer, "https://testnet.nearblocks.io/txns/{tx}");
    network_release(&n);
}

static void
network_choose__reads_keys__from_the_environment_or_a_file(void **state)
{
    (void)state;
    struct network n;
    setenv("NEARTOP_TEST_KEY", "key-of-the-environment", 1);
    settings_write("api.key", "key-of-the-file\n", 0600);
    choose("[endpoint a]\nnetwork = testnet\nurl = https://a.example.org\n"
           "key_env = NEARTOP_TEST_KEY\n"
           "[endpoint b]\nnetwork = testnet\nurl = https://b.example.org/{key}/rpc?k={key}\n"
           "key_file = ~/api.key\n"
           "[endpoint c]\nnetwork = testnet\nurl = https://c.example.org\nkey_file = ~/api.key\n"
           "key_header = x-api-key: {key}\n", "testnet", &n);
    assert_int_equal(n.endpoint_count, 3);
    assert_string_equal(n.endpoints[0].header, "Authorization: Bearer key-of-the-environment");
    assert_string_equal(n.endpoints[1].url, "https://b.example.org/key-of-the-file/rpc?k=key-of-the-file");
    assert_null(n.endpoints[1].header);
    assert_string_equal(n.endpoints[2].header, "x-api-key: key-of-the-file");
    assert_string_equal(n.warning, "");
    /* What is shown never holds it. */
    assert_string_equal(n.rpc, "https://a.example.org");
    struct diag d = {0};
    (void)!diag_set(&d, ERR_NET, "%s", n.endpoints[1].url);
    assert_string_equal(diag_text(&d), "https://b.example.org/***************/rpc?k=***************");
    network_release(&n);
}

static void
network_choose__finds_a_key_file__beside_the_settings(void **state)
{
    (void)state;
    struct network n;
    struct diag d = {0};
    settings_write("api.key", "key-of-the-file\n", 0600);
    settings_write("xdg/neartop/neartop.conf", "[network x]\n[endpoint a]\nnetwork = x\n"
                   "url = https://a.example.org/{key}\nkey_file = ../../api.key\n", 0600);
    assert_int_equal(config_load(&settings_config, NULL, &d), OK);
    assert_int_equal(network_choose(&settings_config, "x", NULL, NULL, &n, &d), OK);
    assert_string_equal(n.endpoints[0].url, "https://a.example.org/key-of-the-file");
    network_release(&n);
}

static void
network_choose__takes_own_feeds_alone__with_their_keys(void **state)
{
    (void)state;
    struct network n;
    struct feed_address feeds[FEEDS_MAX];
    setenv("NEARTOP_TEST_KEY", "key-of-the-environment", 1);
    settings_write("api.key", "key-of-the-file\n", 0600);
    choose("[feed b]\nnetwork = testnet\nurl = wss://b.example.org/{key}\nkey_file = ~/api.key\n"
           "[feed a]\nnetwork = testnet\nurl = wss://a.example.org\nkey_env = NEARTOP_TEST_KEY\n"
           "[feed other]\nnetwork = mainnet\nurl = wss://other.example.org\n", "testnet", &n);
    assert_int_equal(network_feeds(&n, NULL, feeds), 2);
    /* In the order of the file. */
    assert_string_equal(feeds[0].name, "b");
    assert_string_equal(feeds[0].url, "wss://b.example.org/key-of-the-file");
    assert_null(feeds[0].bearer);
    assert_string_equal(feeds[1].bearer, "key-of-the-environment");
    assert_string_equal(n.ws, "wss://b.example.org/{key}");
    network_release(&n);
}

static void
network_choose__leaves_feeds_out__that_are_off_or_without_their_key(void **state)
{
    (void)state;
    struct network n;
    struct feed_address feeds[FEEDS_MAX];
    struct diag d = {0};
    choose("[feed a]\nnetwork = testnet\nurl = wss://a\nkey_env = NEARTOP_TEST_KEY\n"
           "[feed b]\nnetwork = testnet\nurl = wss://b\n", "testnet", &n);
    assert_int_equal(network_feeds(&n, NULL, feeds), 1);
    assert_string_equal(feeds[0].name, "b");
    assert_non_null(strstr(n.warning, "[feed a]: the environment variable NEARTOP_TEST_KEY "));
    network_release(&n);
    /* The command line replaces them, or turns them off. */
    assert_int_equal(network_choose(&settings_config, "testnet", NULL, "ws://127.0.0.1:1", &n, &d), OK);
    assert_int_equal(network_feeds(&n, "token", feeds), 1);
    assert_string_equal(feeds[0].url, "ws://127.0.0.1:1");
    assert_string_equal(feeds[0].bearer, "token");
    network_release(&n);
    assert_int_equal(network_choose(&settings_config, "testnet", NULL, "off", &n, &d), OK);
    assert_int_equal(network_feeds(&n, NULL, feeds), 0);
    network_release(&n);
}

static void
network_choose__takes_no_feed__when_the_settings_say_off(void **state)
{
    (void)state;
    struct network n;
    struct feed_address feeds[FEEDS_MAX];
    choose("[network testnet]\nfeed = off\n[feed b]\nnetwork = testnet\nurl = wss://b\n", "testnet",
           &n);
    assert_int_equal(network_feeds(&n, NULL, feeds), 0);
    network_release(&n);
}

static void
network_choose__knows_a_network__of_which_nothing_is_set(void **state)
{
    (void)state;
    struct network n;
    choose("[network bare]\n[endpoint a]\nnetwork = bare\nurl = http://127.0.0.1:1\n", "bare", &n);
    assert_int_equal(n.endpoint_count, 1);
    assert_string_equal(n.rpc, "http://127.0.0.1:1");
    network_release(&n);
    /* Which chain it is has to be asked, unless the addresses are those that everybody has. */
    static const struct {
        const char *name, *rpc;
        bool is_sure;
    } cases[] = {{"bare", NULL, false}, {"localnet", NULL, false}, {"testnet", NULL, true},
                 {"mainnet", NULL, true}, {"testnet", "https://other.example.org", false}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct diag d = {0};
        assert_int_equal(network_choose(&settings_config, cases[i].name, cases[i].rpc, NULL, &n, &d), OK);
        assert_int_equal(n.is_sure, cases[i].is_sure);
        network_release(&n);
    }
}

static void
network_choose__says_where_the_endpoint_stands__whose_key_is_not_there(void **state)
{
    (void)state;
    struct network n;
    struct diag d = {0};
    settings_write("xdg/neartop/neartop.conf",
                  "[network x]\n\n[endpoint a]\nnetwork = x\nurl = https://a\n"
                  "key_env = NEARTOP_TEST_KEY\n", 0600);
    assert_int_equal(config_load(&settings_config, NULL, &d), OK);
    assert_int_equal(network_choose(&settings_config, "x", NULL, NULL, &n, &d), ERR_SETTINGS);
    assert_non_null(strstr(diag_text(&d), "/xdg/neartop/neartop.conf line 3: [endpoint a]: the "
                                          "environment variable NEARTOP_TEST_KEY"));
}

static void
network_choose__says_which_endpoint__is_one_too_many(void **state)
{
    (void)state;
    struct network n;
    struct diag d = {0};
    struct buf text;
    buf_init(&text, 8192);
    buf_add_c(&text, "[network x]\n");
    for (int i = 0; i <= ENDPOINTS_MAX; i++)
        buf_addf(&text, "[endpoint e%d]\nnetwork = x\nurl = http://127.0.0.1:%d\n", i, i + 1);
    settings_write("xdg/neartop/neartop.conf", buf_c(&text), 0600);
    assert_int_equal(config_load(&settings_config, NULL, &d), OK);
    assert_int_equal(network_choose(&settings_config, "x", NULL, NULL, &n, &d), ERR_SETTINGS);
    assert_non_null(strstr(diag_text(&d), "/neartop.conf line 50: [endpoint e16]: network x has more than "
                                          "16 endpoints"));
    buf_release(&text);
}

static void
network_choose__leaves_out__whose_key_is_not_there(void **state)
{
    (void)state;
    struct network n;
    struct diag d = {0};
    choose("[endpoint a]\nnetwork = testnet\nurl = https://a.example.org\n"
           "key_env = NEARTOP_TEST_KEY\n"
           "[endpoint b]\nnetwork = testnet\nurl = https://b.example.org\n", "testnet", &n);
    assert_int_equal(n.endpoint_count, 1);
    assert_string_equal(n.warning, "[endpoint a]: the environment variable NEARTOP_TEST_KEY "
                                   "(key_env) is not set");
    network_release(&n);
    assert_int_equal(config_read_text(&settings_config, STR("[endpoint m]\nnetwork = mainnet\n"
                                                   "url = https://m/{key}\n"), "c", &d), OK);
    assert_int_equal(network_choose(&settings_config, "mainnet", NULL, NULL, &n, &d), ERR_SETTINGS);
    assert_string_equal(diag_text(&d), "[endpoint m]: its address has {key} in it, but neither "
                                       "key_env nor key_file is there");
    settings_write("api.key", "loose-key-file", 0644);
    choose("[endpoint b]\nkey_file = ~/api.key\n", "testnet", &n);
    assert_non_null(strstr(n.warning, "others may read this API key"));
    network_release(&n);
    setenv("NEARTOP_TEST_KEY", "two\nlines-of-key", 1);
    choose("[endpoint b]\nkey_file =\n", "testnet", &n);
    assert_string_equal(n.warning,
                        "[endpoint a]: its API key is no single line of printable bytes");
    network_release(&n);
}

static void
network_choose__refuses__a_key_on_the_command_line(void **state)
{
    (void)state;
    struct network n;
    struct diag d = {0};
    assert_int_equal(network_choose(&settings_config, NULL, "https://x.org/?apiKey=abc", NULL, &n, &d),
                     ERR_SYNTAX);
    assert_non_null(strstr(diag_text(&d), "can be read by all who list processes"));
    assert_null(strstr(diag_text(&d), "abc"));
    assert_int_equal(network_choose(&settings_config, NULL, "ws://x.org", NULL, &n, &d), ERR_SYNTAX);
    assert_int_equal(network_choose(&settings_config, "moon", NULL, NULL, &n, &d), ERR_NOT_FOUND);
    assert_string_equal(diag_text(&d), "--network: no network is called \"moon\": demo, localnet, "
                                       "testnet, mainnet, or give --rpc");
}

static void
network_choose__knows_where_keys_are_no_secret(void **state)
{
    (void)state;
    static const struct {
        const char *name, *rpc, *ws, *called;
        bool is_embedded, is_open;
        const char *feed;
    } cases[] = {
        {NULL, NULL, NULL, "demo", true, true, ""},
        {NULL, "http://127.0.0.1:3030/", NULL, "localnet", false, true, ""},
        {NULL, "https://rpc.example.org", NULL, "custom", false, false, ""},
        {"localnet", NULL, NULL, "localnet", false, true, "ws://127.0.0.1:3030"},
        {"testnet", "http://127.0.0.1:3030", NULL, "testnet", false, true, ""},
        {"testnet", NULL, "off", "testnet", false, false, ""},
        {"mainnet", NULL, "ws://x.org/", "mainnet", false, false, "ws://x.org"},
        /* A name that begins like the loopback's is somebody else's. */
        {NULL, "http://127.0.0.1.example.org", NULL, NULL, false, false, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct network n;
        struct diag d = {0};
        assert_int_equal(network_choose(&settings_config, cases[i].name, cases[i].rpc, cases[i].ws, &n, &d),
                         OK);
        if (cases[i].called) {
            assert_string_equal(n.name, cases[i].called);
            assert_string_equal(n.ws, cases[i].feed);
        }
        assert_int_equal(n.is_embedded, cases[i].is_embedded);
        assert_int_equal(n.has_well_known_keys, cases[i].is_open);
        network_release(&n);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(network_refuse_key__finds_api_keys__wherever_providers_put_them),
        cmocka_unit_test(network_refuse_key__lets_names_pass),
#define TEST(name) cmocka_unit_test_setup_teardown(name, settings_set_up, settings_tear_down)
        TEST(network_choose__takes_own_endpoints_alone__where_there_are_some),
        TEST(network_choose__reads_keys__from_the_environment_or_a_file),
        TEST(network_choose__finds_a_key_file__beside_the_settings),
        TEST(network_choose__takes_own_feeds_alone__with_their_keys),
        TEST(network_choose__leaves_feeds_out__that_are_off_or_without_their_key),
        TEST(network_choose__takes_no_feed__when_the_settings_say_off),
        TEST(network_choose__knows_a_network__of_which_nothing_is_set),
        TEST(network_choose__says_where_the_endpoint_stands__whose_key_is_not_there),
        TEST(network_choose__says_which_endpoint__is_one_too_many),
        TEST(network_choose__leaves_out__whose_key_is_not_there),
        TEST(network_choose__refuses__a_key_on_the_command_line),
        TEST(network_choose__knows_where_keys_are_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
