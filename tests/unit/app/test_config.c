#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "net/base/file.h"
#include "net/base/redact.h"
#include "tui/app/config.h"
#include "tui/app/network.h"

static struct config config;
static char home[64];

static int
set_up(void **state)
{
    char path[200];
    (void)state;
    snprintf(home, sizeof(home), "/tmp/neartop-config-XXXXXX");
    if (!mkdtemp(home))
        return -1;
    static const char *const folders[] = {"xdg", "xdg/neartop", "xdg/near-cli"};
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        snprintf(path, sizeof(path), "%s/%s", home, folders[i]);
        if (mkdir(path, 0700))
            return -1;
    }
    snprintf(path, sizeof(path), "%s/xdg", home);
    setenv("XDG_CONFIG_HOME", path, 1);
    setenv("HOME", home, 1);
    config_init(&config);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {"xdg/neartop/neartop.conf", "xdg/near-cli/config.toml",
                                        "api.key", "other.conf"};
    static const char *const folders[] = {"xdg/neartop", "xdg/near-cli", "xdg", "."};
    char path[200];
    config_release(&config);
    redact_forget();
    unsetenv("NEARTOP_TEST_KEY");
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", home, names[i]);
        unlink(path);
    }
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        snprintf(path, sizeof(path), "%s/%s", home, folders[i]);
        rmdir(i + 1 == ARRAY_LEN(folders) ? home : path);
    }
    return 0;
}

static void
write_in_home(const char *name, const char *text, unsigned mode)
{
    char path[200];
    snprintf(path, sizeof(path), "%s/%s", home, name);
    assert_int_equal(file_write(path, str_from(text), mode, NULL), OK);
    assert_int_equal(chmod(path, mode), 0);
}

/* --- reading ------------------------------------------------------------------------------ */

static void
config_init__knows_the_built_in_networks(void **state)
{
    (void)state;
    struct buf names;
    buf_init(&names, 200);
    config_network_names(&config, &names);
    assert_string_equal(buf_c(&names), "demo, localnet, testnet, mainnet");
    buf_release(&names);
    assert_string_equal(config_network(&config, "testnet")->chain_id.text, "testnet");
    assert_string_equal(config_network(&config, "mainnet")->feed.text,
                        "wss://ws-events-v3.intear.tech");
    assert_int_equal(config_network(&config, "localnet")->block_time.number, 600);
    assert_null(config_network(&config, "nowhere"));
    assert_string_equal(config.general.color.text, "auto");
    assert_int_equal(config.general.timeout.number, 60);
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
    for (size_t i = 0; i < config.network_count; i++) {
        struct config read;
        const char *name = config.networks[i].name;
        config_init(&read);
        assert_int_equal(config_read_text(&read, buf_str(&text), "printed", &d), OK);
        assert_int_equal(read.network_count, config.network_count);
        assert_int_equal(network_choose(&config, name, NULL, NULL, &built_in, &d), OK);
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
    assert_int_equal(config_load(&config, NULL, &d), OK);
    assert_false(config.has_file);
    assert_non_null(strstr(config.path, "/xdg/neartop/neartop.conf"));
    snprintf(path, sizeof(path), "%s/other.conf", home);
    assert_int_equal(config_load(&config, path, &d), ERR_NOT_FOUND);
    assert_non_null(strstr(diag_text(&d), "other.conf: cannot be opened"));
    write_in_home("xdg/neartop/neartop.conf", "[general]\nnetwork = testnet\n", 0600);
    assert_int_equal(config_load(&config, NULL, &d), OK);
    assert_true(config.has_file);
    assert_string_equal(config.general.network.text, "testnet");
    write_in_home("other.conf", "[general]\nnetwork = mainnet\n", 0600);
    assert_int_equal(config_load(&config, path, &d), OK);
    assert_string_equal(config.general.network.text, "mainnet");
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
    write_in_home("xdg/near-cli/config.toml", NEAR_CLI, 0600);
    assert_int_equal(config_load(&config, NULL, &d), OK);
    assert_true(config.has_near_cli);
    assert_string_equal(config.warning, "");
    assert_string_equal(config.general.key_dir.text, "/home/ann/.near-credentials");
    assert_int_equal(network_choose(&config, "my-shard", NULL, NULL, &n, &d), OK);
    assert_string_equal(n.rpc, "http://10.0.0.7:3030");
    assert_string_equal(n.keys, "shardnet");
    assert_string_equal(n.explorer, "http://10.0.0.7/tx/{tx}");
    assert_string_equal(n.ws, "");
    network_release(&n);
    /* A network of ours keeps its endpoints; near-cli's is the last. */
    assert_int_equal(network_choose(&config, "mainnet", NULL, NULL, &n, &d), OK);
    size_t count = network_endpoints(&n, &headers, endpoints);
    assert_int_equal(count, 4);
    assert_string_equal(endpoints[count - 1].url, "https://rpc.mine.example.org");
    assert_string_equal(endpoints[count - 1].headers[0], "x-api-key: my-very-own-key");
    assert_int_equal(endpoints[count - 1].weight, 10);
    assert_string_equal(n.ws, "wss://ws-events-v3.intear.tech");
    network_release(&n);
    /* One that is there already is not there twice. */
    assert_int_equal(network_choose(&config, "testnet", NULL, NULL, &n, &d), OK);
    assert_int_equal(n.endpoint_count, 2);
    network_release(&n);
    /* Another way to the same chain: its keys, its feed, its budget. */
    assert_int_equal(network_choose(&config, "testnet-other", NULL, NULL, &n, &d), OK);
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
    write_in_home("xdg/near-cli/config.toml", "[network_connection.x]\nrpc_url = broken\n", 0600);
    assert_int_equal(config_load(&config, NULL, &d), OK);
    assert_non_null(strstr(config.warning, "config.toml line 2: expected a text in quotes"));
    assert_null(config_network(&config, "x"));
    write_in_home("xdg/neartop/neartop.conf", "[general]\nnear_cli = no\n", 0600);
    config_release(&config);
    config_init(&config);
    assert_int_equal(config_load(&config, NULL, &d), OK);
    assert_string_equal(config.warning, "");
}

/* --- networks and keys -------------------------------------------------------------------- */

static void
choose(const char *text, const char *name, struct network *n)
{
    struct diag d = {0};
    assert_int_equal(config_read_text(&config, str_from(text), "c", &d), OK);
    assert_int_equal(network_choose(&config, name, NULL, NULL, n, &d), OK);
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
    write_in_home("api.key", "key-of-the-file\n", 0600);
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
network_choose__takes_own_feeds_alone__with_their_keys(void **state)
{
    (void)state;
    struct network n;
    struct feed_address feeds[FEEDS_MAX];
    setenv("NEARTOP_TEST_KEY", "key-of-the-environment", 1);
    write_in_home("api.key", "key-of-the-file\n", 0600);
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
    assert_int_equal(network_choose(&config, "testnet", NULL, "ws://127.0.0.1:1", &n, &d), OK);
    assert_int_equal(network_feeds(&n, "token", feeds), 1);
    assert_string_equal(feeds[0].url, "ws://127.0.0.1:1");
    assert_string_equal(feeds[0].bearer, "token");
    network_release(&n);
    assert_int_equal(network_choose(&config, "testnet", NULL, "off", &n, &d), OK);
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
        assert_int_equal(network_choose(&config, cases[i].name, cases[i].rpc, NULL, &n, &d), OK);
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
    write_in_home("xdg/neartop/neartop.conf",
                  "[network x]\n\n[endpoint a]\nnetwork = x\nurl = https://a\n"
                  "key_env = NEARTOP_TEST_KEY\n", 0600);
    assert_int_equal(config_load(&config, NULL, &d), OK);
    assert_int_equal(network_choose(&config, "x", NULL, NULL, &n, &d), ERR_NOT_FOUND);
    assert_non_null(strstr(diag_text(&d), "/xdg/neartop/neartop.conf line 3: [endpoint a]: the "
                                          "environment variable NEARTOP_TEST_KEY"));
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
    assert_int_equal(config_read_text(&config, STR("[endpoint m]\nnetwork = mainnet\n"
                                                   "url = https://m/{key}\n"), "c", &d), OK);
    assert_int_equal(network_choose(&config, "mainnet", NULL, NULL, &n, &d), ERR_MISSING);
    assert_string_equal(diag_text(&d), "[endpoint m]: its address has {key} in it, but neither "
                                       "key_env nor key_file is there");
    write_in_home("api.key", "loose-key-file", 0644);
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
    assert_int_equal(network_choose(&config, NULL, "https://x.org/?apiKey=abc", NULL, &n, &d),
                     ERR_REFUSED);
    assert_non_null(strstr(diag_text(&d), "can be read by all who list processes"));
    assert_null(strstr(diag_text(&d), "abc"));
    assert_int_equal(network_choose(&config, NULL, "ws://x.org", NULL, &n, &d), ERR_SYNTAX);
    assert_int_equal(network_choose(&config, "moon", NULL, NULL, &n, &d), ERR_NOT_FOUND);
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
        assert_int_equal(network_choose(&config, cases[i].name, cases[i].rpc, cases[i].ws, &n, &d),
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(config_init__knows_the_built_in_networks),
        TEST(config_read_text__says_file_line_and_what_was_expected),
        TEST(config_print__can_be_read_again__and_changes_nothing),
        TEST(config_load__takes_the_xdg_file__or_the_one_named),
        TEST(config_load__adds_the_networks_of_near_cli),
        TEST(config_load__warns_only__when_near_clis_file_is_broken),
        TEST(network_choose__takes_own_endpoints_alone__where_there_are_some),
        TEST(network_choose__reads_keys__from_the_environment_or_a_file),
        TEST(network_choose__takes_own_feeds_alone__with_their_keys),
        TEST(network_choose__leaves_feeds_out__that_are_off_or_without_their_key),
        TEST(network_choose__takes_no_feed__when_the_settings_say_off),
        TEST(network_choose__leaves_out__whose_key_is_not_there),
        TEST(network_choose__knows_a_network__of_which_nothing_is_set),
        TEST(network_choose__says_where_the_endpoint_stands__whose_key_is_not_there),
        TEST(network_choose__refuses__a_key_on_the_command_line),
        TEST(network_choose__knows_where_keys_are_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
