#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "tests/support/settings_home.h"
#include "tui/app/network.h"

/* --- reading ------------------------------------------------------------------------------ */

static void
config_init__knows_the_built_in_networks(void **state)
{
    (void)state;
    struct buf names;
    buf_init(&names, 200);
    config_network_names(&settings_config, &names);
    assert_string_equal(buf_c(&names), "demo, localnet, testnet, mainnet");
    buf_release(&names);
    assert_string_equal(config_network(&settings_config, "testnet")->chain_id.text, "testnet");
    assert_string_equal(config_network(&settings_config, "mainnet")->feed.text,
                        "wss://ws-events-v3.intear.tech");
    assert_int_equal(config_network(&settings_config, "localnet")->block_time.number, 600);
    assert_null(config_network(&settings_config, "nowhere"));
    assert_string_equal(settings_config.general.color.text, "auto");
    assert_int_equal(settings_config.general.timeout.number, 60);
}

static void
config_read_text__says_file_line_and_what_was_expected(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } wrong[] = {
        {"x = 1\n", "c line 1: \"x\" stands before any section: expected [general], [network NAME], "
                    "[endpoint NAME], [feed NAME] or [call NAME] above it"},
        {"[general]\ncolour = x\n", "c line 2: \"colour\" is no setting of [general]: network, "
                                    "key_dir, theme, mouse, plain, bell, notify, color, timeout, near_cli"},
        {"[general]\n\ntimeout = 0\n", "c line 3: timeout: expected a whole number from 1 to 86400, "
                                       "found \"0\""},
        {"[general]\nnear_cli = maybe\n", "c line 2: near_cli: expected yes or no, found \"maybe\""},
        {"[general]\ncolor = purple\n", "c line 2: color: expected auto, always or never, found "
                                        "\"purple\""},
        {"[general]\nbell = 1\n[keys]\n[general]\nbell = 2\n",
         "c line 5: bell: line 2 says it already, in a section of this name"},
        {"[endpoint x]\nurl = http://a\nnetwork = testnet\n[endpoint x]\nurl = http://b\n",
         "c line 5: url: line 2 says it already, in a section of this name"},
        {"[endpoint x]\nkey_header = x-api-key\n",
         "c line 2: key_header: expected \"Name: {key}\", with {key} where the API key stands"},
        {"[endpoint x]\nkey_header = x y: {key}\n",
         "c line 2: key_header: expected \"Name: {key}\", with {key} where the API key stands"},
        {"[endpoint x]\nurl = http://me:hidden@a/hidden\n",
         "c line 2: url: a: no user and no password stand in an address here; an API key has its own "
         "setting"},
        {"[endpoint x]\nurl = http://a:99999/hidden\n",
         "c line 2: url: http://a:99999: a port is a number from 1 to 65535"},
        {"[general]\n[keyz]\n", "c line 2: [keyz]: expected [general], [keys], [network NAME], "
                                "[endpoint NAME], [feed NAME] or [call NAME]"},
        {"[net x]\na = 1\n", "c line 1: [net x]: expected [general], [keys], [network NAME], "
                             "[endpoint NAME], [feed NAME] or [call NAME]"},
        {"[call a/b]\nmethod = x\n", "c line 1: \"a/b\" cannot name a call: expected letters, "
                                      "digits, '-', '_' and '.'"},
        {"[call x]\nmethod = y\n", "c line 1: [call x] needs \"contract = …\""},
        {"[call x]\ncontract = a.near\n", "c line 1: [call x] needs \"method = …\""},
        {"[call x]\ncontract = a.near\nmethod = y\nmode = batch\n",
         "c line 1: [call x] needs \"batch = …\""},
        {"[call x]\nmode = fast\n", "c line 2: mode: expected parallel, sequential or batch, found "
                                     "\"fast\""},
        {"[call x]\ngas = 100\n", "c line 2: gas: 100 of what? Say '100 Tgas'"},
        {"[call x]\ndeposit = 1\n", "c line 2: deposit: 1 of what? Say '1 NEAR' or '1 yoctoNEAR'"},
        {"[call x]\nargs = {\"a\": }\n", "c line 2: args: expected JSON text on this line and "
                                          "indented ones, or @FILE; it is no JSON: at byte 6: "
                                          "expected a value, found '}'"},
        {"[call x]\nargs = @\n", "c line 2: args: expected the name of a file behind @"},
        {"[call x]\nnetwork = a b/c\n", "c line 2: network: expected names of networks with blanks "
                                        "between, found \"b/c\""},
        {"[call x]\nargument = 1\n", "c line 2: \"argument\" is no setting of [call]: description, "
                                     "network, contract, method, args, gas, deposit, signer, "
                                     "sequential, batch, mode"},
        {"[keys]\npause = ^M\n", "c line 2: \"^M\" cannot be told from Enter in a terminal"},
        {"[keys]\nquit = none\n", "no key would be left to quit"},
        {"[network a/b]\nfeed = off\n", "c line 1: \"a/b\" cannot name a network: expected letters, "
                                        "digits, '-', '_' and '.'"},
        {"[network x]\nfeed = http://a\n", "c line 2: feed: expected an address that begins with "
                                           "ws:// or wss://, or off, found \"http://a\""},
        {"[network x]\nexplorer = https://e.test/\n", "c line 2: explorer: expected https://… with "
                                                     "{tx} in the place of the transaction's hash, "
                                                     "found \"https://e.test/\""},
        {"[network x]\nexplorer = e.test/{tx}\n", "c line 2: explorer: expected https://… with {tx} "
                                                  "in the place of the transaction's hash, found "
                                                  "\"e.test/{tx}\""},
        {"[endpoint x]\nurl = ws://a\n", "c line 2: url: expected an address that begins with "
                                         "http:// or https://, found \"ws://a\""},
        {"[endpoint x]\nnetwork = testnet\n", "c line 1: [endpoint x] needs \"url = …\""},
        {"[endpoint x]\nurl = http://a\n", "c line 1: [endpoint x] needs \"network = …\""},
        {"[endpoint x]\nurl = http://a\nnetwork = moon\n", "c line 1: [endpoint x]: there is no "
                                                          "[network moon]"},
        {"[endpoint x]\nurl = http://a\nnetwork = demo\n",
         "c line 1: [endpoint x]: the demo's network has the embedded chain alone"},
        {"[endpoint x]\nurl = http://a\nnetwork = testnet\nkey_env = A\nkey_file = b\n",
         "c line 1: [endpoint x]: expected key_env or key_file, not both"},
        {"[feed x]\nnetwork = testnet\n", "c line 1: [feed x] needs \"url = …\""},
        {"[feed x]\nurl = ws://a\n", "c line 1: [feed x] needs \"network = …\""},
        {"[feed x]\nurl = http://a\n", "c line 2: url: expected an address that begins with ws:// or "
                                       "wss://, or off, found \"http://a\""},
        {"[feed x]\nurl = ws://a\nnetwork = moon\n", "c line 1: [feed x]: there is no [network moon]"},
        {"[feed x]\nurl = ws://a/{key}\nnetwork = testnet\n",
         "c line 1: [feed x]: its address has {key} in it, but neither key_env nor key_file is there"},
        {"[feed x]\nurl = ws://a\nnetwork = testnet\nkey_env = A\nkey_file = b\n",
         "c line 1: [feed x]: expected key_env or key_file, not both"},
        {"[endpoint x]\nweight = 1001\n", "c line 2: weight: expected a whole number from 1 to 1000, "
                                          "found \"1001\""},
        {"nonsense\n", "c line 1: expected \"[section]\" or \"name = value\""},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct config c;
        struct diag d = {0};
        config_init(&c);
        assert_int_not_equal(config_read_text(&c, str_from(wrong[i].text), "c", &d), OK);
        assert_string_equal(diag_text(&d), wrong[i].sentence);
        config_release(&c);
    }
}

static void
config_print__can_be_read_again__and_changes_nothing(void **state)
{
    (void)state;
    struct buf text;
    struct diag d = {0};
    struct network built_in, again;
    buf_init(&text, 65536);
    config_print(&text);
    for (size_t i = 0; i < settings_config.network_count; i++) {
        struct config read;
        const char *name = settings_config.networks[i].name;
        config_init(&read);
        assert_int_equal(config_read_text(&read, buf_str(&text), "printed", &d), OK);
        assert_int_equal(read.network_count, settings_config.network_count);
        assert_int_equal(network_choose(&settings_config, name, NULL, NULL, &built_in, &d), OK);
        assert_int_equal(network_choose(&read, name, NULL, NULL, &again, &d), OK);
        assert_string_equal(built_in.rpc, again.rpc);
        assert_string_equal(built_in.ws, again.ws);
        assert_string_equal(built_in.explorer, again.explorer);
        assert_int_equal(built_in.per_minute, again.per_minute);
        assert_int_equal(built_in.endpoint_count, again.endpoint_count);
        for (size_t k = 0; k < again.endpoint_count; k++) {
            assert_string_equal(built_in.endpoints[k].url, again.endpoints[k].url);
            assert_int_equal(built_in.endpoints[k].weight, again.endpoints[k].weight);
            assert_int_equal(built_in.endpoints[k].is_archival, again.endpoints[k].is_archival);
        }
        network_release(&built_in);
        network_release(&again);
        config_release(&read);
    }
    buf_release(&text);
}

static void
config_load__takes_the_xdg_file__or_the_one_named(void **state)
{
    (void)state;
    char path[200];
    struct diag d = {0};
    assert_int_equal(config_load(&settings_config, NULL, &d), OK);
    assert_false(settings_config.has_file);
    assert_non_null(strstr(settings_config.path, "/xdg/neartop/neartop.conf"));
    snprintf(path, sizeof(path), "%s/other.conf", settings_home);
    assert_int_equal(config_load(&settings_config, path, &d), ERR_NOT_FOUND);
    assert_non_null(strstr(diag_text(&d), "other.conf: cannot be opened"));
    settings_write("xdg/neartop/neartop.conf", "[general]\nnetwork = testnet\n", 0600);
    assert_int_equal(config_load(&settings_config, NULL, &d), OK);
    assert_true(settings_config.has_file);
    assert_string_equal(settings_config.general.network.text, "testnet");
    settings_write("other.conf", "[general]\nnetwork = mainnet\n", 0600);
    assert_int_equal(config_load(&settings_config, path, &d), OK);
    assert_string_equal(settings_config.general.network.text, "mainnet");
}

/* --- near-cli's own file ------------------------------------------------------------------ */

#define NEAR_CLI                                                                             \
    "version = \"5\"\n"                                                                      \
    "credentials_home_dir = \"/home/ann/.near-credentials\"\n\n"                             \
    "[network_connection.mainnet]\n"                                                         \
    "network_name = \"mainnet\"\n"                                                           \
    "rpc_url = \"https://rpc.mine.example.org/\"\n"                                          \
    "rpc_api_key = \"my-very-own-key\"\n"                                                    \
    "wallet_url = \"https://app.mynearwallet.com/\"\n"                                       \
    "explorer_transaction_url = \"https://nearblocks.io/txns\"\n\n"                          \
    "[network_connection.\"my-shard\"]\n"                                                    \
    "network_name = \"shardnet\"\n"                                                          \
    "rpc_url = \"http://10.0.0.7:3030/\"\n"                                                  \
    "explorer_transaction_url = \"http://10.0.0.7/tx/\"\n"                                   \
    "linkdrop_account_id = \"linkdrop\"\n\n"                                                \
    "[network_connection.testnet]\n"                                                         \
    "network_name = \"testnet\"\n"                                                           \
    "rpc_url = \"https://test.rpc.fastnear.com/\"\n\n"                                       \
    "[network_connection.testnet-other]\n"                                                   \
    "network_name = \"testnet\"\n"                                                           \
    "rpc_url = \"https://other.example.org/\"\n"

static void
config_load__adds_the_networks_of_near_cli(void **state)
{
    (void)state;
    struct network n;
    struct network_headers headers;
    struct endpoint_config endpoints[ENDPOINTS_MAX];
    struct diag d = {0};
    settings_write("xdg/near-cli/config.toml", NEAR_CLI, 0600);
    assert_int_equal(config_load(&settings_config, NULL, &d), OK);
    assert_true(settings_config.has_near_cli);
    assert_string_equal(settings_config.warning, "");
    assert_string_equal(settings_config.general.key_dir.text, "/home/ann/.near-credentials");
    assert_int_equal(network_choose(&settings_config, "my-shard", NULL, NULL, &n, &d), OK);
    assert_string_equal(n.rpc, "http://10.0.0.7:3030");
    assert_string_equal(n.keys, "shardnet");
    assert_string_equal(n.explorer, "http://10.0.0.7/tx/{tx}");
    assert_string_equal(n.ws, "");
    network_release(&n);
    /* A network of ours keeps its endpoints; near-cli's is the last. */
    assert_int_equal(network_choose(&settings_config, "mainnet", NULL, NULL, &n, &d), OK);
    size_t count = network_endpoints(&n, &headers, endpoints);
    assert_int_equal(count, 4);
    assert_string_equal(endpoints[count - 1].url, "https://rpc.mine.example.org");
    assert_string_equal(endpoints[count - 1].headers[0], "x-api-key: my-very-own-key");
    assert_int_equal(endpoints[count - 1].weight, 10);
    assert_string_equal(n.ws, "wss://ws-events-v3.intear.tech");
    network_release(&n);
    /* One that is there already is not there twice. */
    assert_int_equal(network_choose(&settings_config, "testnet", NULL, NULL, &n, &d), OK);
    assert_int_equal(n.endpoint_count, 2);
    network_release(&n);
    /* Another way to the same chain: its keys, its feed, its budget. */
    assert_int_equal(network_choose(&settings_config, "testnet-other", NULL, NULL, &n, &d), OK);
    assert_int_equal(n.endpoint_count, 1);
    assert_string_equal(n.keys, "testnet");
    assert_string_equal(n.chain_id, "testnet");
    assert_string_equal(n.ws, "wss://ws-events-v3-testnet.intear.tech");
    assert_int_equal(n.per_minute, 600);
    network_release(&n);
    (void)!diag_set(&d, ERR_NET, "my-very-own-key");
    assert_string_equal(diag_text(&d), "***************");
}

static void
config_load__warns_only__when_near_clis_file_is_broken(void **state)
{
    (void)state;
    struct diag d = {0};
    settings_write("xdg/near-cli/config.toml", "[network_connection.x]\nrpc_url = broken\n", 0600);
    assert_int_equal(config_load(&settings_config, NULL, &d), OK);
    assert_non_null(strstr(settings_config.warning, "config.toml line 2: expected a text in quotes"));
    assert_null(config_network(&settings_config, "x"));
    /* Then it may be the very network that is missed. */
    struct network n;
    assert_int_equal(network_choose(&settings_config, "x", NULL, NULL, &n, &d), ERR_NOT_FOUND);
    assert_non_null(strstr(diag_text(&d), "no network is called \"x\"; near-cli's could not be read: "));
    assert_non_null(strstr(diag_text(&d), "config.toml line 2: expected a text in quotes"));
    settings_write("xdg/neartop/neartop.conf", "[general]\nnear_cli = no\n", 0600);
    config_release(&settings_config);
    config_init(&settings_config);
    assert_int_equal(config_load(&settings_config, NULL, &d), OK);
    assert_string_equal(settings_config.warning, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, settings_set_up, settings_tear_down)
        TEST(config_init__knows_the_built_in_networks),
        TEST(config_read_text__says_file_line_and_what_was_expected),
        TEST(config_print__can_be_read_again__and_changes_nothing),
        TEST(config_load__takes_the_xdg_file__or_the_one_named),
        TEST(config_load__adds_the_networks_of_near_cli),
        TEST(config_load__warns_only__when_near_clis_file_is_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
