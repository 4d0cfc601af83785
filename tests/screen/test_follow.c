/* The real programs together: an embedded chain, a relay in front of it, consoles that follow
 * accounts through the feed, through the relay and from blocks alone. Each tells the same calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net/base/buf.h"
#include "net/base/file.h"
#include "net/json.h"
#include "net/loop.h"
#include "tests/support/demo_args.h"
#include "tests/support/net_wait.h"
#include "tests/support/tested.h"

#define TX "DGR2qfEZzCT9QpuciEuoREWMLSzvd7zBjyaSvJwKh6EW"

enum { ARGUMENTS_MAX = 24, OUTPUT_MAX = 1024 * 1024, URL_ROOM = 80 };

/* A program that runs, and what it has said. */
struct program {
    struct loop_child *child;
    struct buf output, errors;
    int lines, over, status;
};

static struct {
    struct loop *loop;
    struct program chain, relay;
    char rpc[URL_ROOM], chain_ws[URL_ROOM], relay_ws[URL_ROOM];
    char receipt[URL_ROOM];             /* of an early call */
} scene;

static void
on_line(void *context, struct str line)
{
    struct program *p = context;
    buf_add_str(&p->output, line);
    buf_add_byte(&p->output, '\n');
    p->lines++;
}

static void
on_error_line(void *context, struct str line)
{
    struct program *p = context;
    buf_add_str(&p->errors, line);
    buf_add_byte(&p->errors, '\n');
}

static void
on_exited(void *context, int status, int signal_number)
{
    struct program *p = context;
    p->over = 1;
    p->status = signal_number ? 128 + signal_number : status;
}

static void
start(struct program *p, const char *const *arguments)
{
    const char *argv[ARGUMENTS_MAX] = {tested_path()};
    *p = (struct program){0};
    buf_init(&p->output, OUTPUT_MAX);
    buf_init(&p->errors, OUTPUT_MAX);
    for (size_t i = 0; arguments[i]; i++) {
        assert_true(i + 2 < ARGUMENTS_MAX);
        argv[i + 1] = arguments[i];
    }
    assert_int_equal(loop_spawn(scene.loop, &(struct loop_child_args){
        .argv = argv, .line_max = 65536, .hold_input = true, .output = on_line,
        .errors = on_error_line, .exited = on_exited, .context = p}, &p->child, NULL), OK);
}

static void
release(struct program *p)
{
    loop_child_close(p->child);
    buf_release(&p->output);
    buf_release(&p->errors);
}

static void
address_of(const struct program *p, const char *key, char out[URL_ROOM])
{
    struct json *root = NULL;
    struct str text;
    assert_int_equal(json_parse(str_trim(buf_str(&p->output)), 65536, &root, NULL), OK);
    assert_int_equal(json_get_string(root, key, &text, NULL), OK);
    assert_true(str_copy(text, out, URL_ROOM));
    json_free(root);
}

static int
set_up(void **state)
{
    (void)state;
    scene.loop = loop_new();
    start(&scene.chain, (const char *const[]){"localnet", "--demo", "--port", "0", "--block-time",
                                              "100", "--with-parent", NULL});
    net_wait_count(scene.loop, &scene.chain.lines, 1);
    address_of(&scene.chain, "rpc", scene.rpc);
    address_of(&scene.chain, "ws", scene.chain_ws);
    start(&scene.relay, (const char *const[]){"relay", "--rpc", scene.rpc, "--listen",
                                              "127.0.0.1:0", NULL});
    net_wait_count(scene.loop, &scene.relay.lines, 1);
    address_of(&scene.relay, "ws", scene.relay_ws);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    loop_child_kill(scene.relay.child, SIGTERM);
    net_wait_count(scene.loop, &scene.relay.over, 1);
    int status = scene.relay.status;
    release(&scene.relay);
    loop_child_kill(scene.chain.child, SIGTERM);
    net_wait_count(scene.loop, &scene.chain.over, 1);
    release(&scene.chain);
    loop_free(scene.loop);
    return status;
}

/* The value of this key in the first line that has it. */
static void
first_value(const struct buf *text, const char *key, char out[URL_ROOM])
{
    struct str rest = buf_str(text), line, value;
    out[0] = '\0';
    while (!out[0] && str_take_until(&rest, '\n', &line)) {
        struct json *root = NULL;
        assert_int_equal(json_parse(line, OUTPUT_MAX, &root, NULL), OK);
        if (json_get_string(root, key, &value, NULL) == OK)
            assert_true(str_copy(value, out, URL_ROOM));
        json_free(root);
    }
    assert_true(out[0]);
}

/* `tx`: room for its hash, or NULL. */
static void
call_and_note(const char *contract, const char *method, const char *arguments, const char *ws,
              char tx[URL_ROOM])
{
    struct program p;
    start(&p, (const char *const[]){"call", contract, method, arguments, "--as", "alice.test.near",
                                    "--rpc", scene.rpc, "--ws", ws, "--json", NULL});
    net_wait_count(scene.loop, &p.over, 1);
    assert_int_equal(p.status, 0);
    assert_non_null(strstr(buf_c(&p.output), "\"verdict\":\"ok\""));
    if (tx)
        first_value(&p.output, "tx", tx);
    release(&p);
}

static void
call_contract(const char *contract, const char *method, const char *arguments, const char *ws)
{
    call_and_note(contract, method, arguments, ws, NULL);
}

static size_t
count_of(const struct buf *text, const char *part)
{
    size_t count = 0;
    for (const char *at = buf_c(text); (at = strstr(at, part)); at += strlen(part))
        count++;
    return count;
}

/* --- tests --------------------------------------------------------------------------------- */

static void
relay__pushes__to_the_console_of_a_call(void **state)
{
    (void)state;
    call_contract("portfolio.test.near", "get_portfolio_data", DEMO_ARGS, scene.relay_ws);
}

/* A console is listening once it has told of a first call: calls are made until each has. */
static void
follow__tells_each_call_once__from_every_source(void **state)
{
    const char *sources[] = {scene.chain_ws, scene.relay_ws, "off"};
    struct program consoles[ARRAY_LEN(sources)];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sources); i++)
        start(&consoles[i], (const char *const[]){
            "follow", "staking.test.near", "--rpc", scene.rpc, "--ws", sources[i], "--json",
            "--calls", "2", "--keep", "1", NULL});
    int waiting = 1;
    for (int tries = 0; waiting && tries < 40; tries++) {
        call_contract("hello.test.near", "set_greeting", "{\"greeting\":\"hi\"}", scene.chain_ws);
        call_contract("portfolio.test.near", "get_portfolio_data", DEMO_ARGS, scene.chain_ws);
        waiting = 0;
        for (size_t i = 0; i < ARRAY_LEN(sources); i++)
            waiting += !consoles[i].over;
    }
    for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
        const struct buf *text = &consoles[i].output;
        net_wait_count(scene.loop, &consoles[i].over, 1);
        assert_int_equal(consoles[i].status, 0);
        assert_int_equal(count_of(text, "\"event\":\"verdict\""), 2);
        assert_int_equal(count_of(text, "\"verdict\":\"ok\""), 2);
        assert_int_equal(count_of(text, "\"event\":\"left\""), 1);
        assert_true(count_of(text, "\"event\":\"call\"") >= 2);
        /* That contract is deep in the tree; the other call does not touch it. */
        assert_int_equal(count_of(text, "get_portfolio_data"), count_of(text, "\"event\":\"call\""));
        release(&consoles[i]);
    }
}

static void
follow__goes_on_with_blocks__when_the_feed_goes_away(void **state)
{
    struct program relay, console;
    char ws[URL_ROOM];
    (void)state;
    start(&relay, (const char *const[]){"relay", "--rpc", scene.rpc, "--listen", "0", NULL});
    net_wait_count(scene.loop, &relay.lines, 1);
    address_of(&relay, "ws", ws);
    start(&console, (const char *const[]){"follow", "hello.test.near", "--rpc", scene.rpc, "--ws", ws,
                                          "--json", "--calls", "4", NULL});
    for (int tries = 0; !console.lines && tries < 40; tries++)
        call_contract("hello.test.near", "set_greeting", "{\"greeting\":\"hi\"}", scene.chain_ws);
    if (!console.lines || console.over)
        fail_msg("%s\n%s", buf_c(&console.output), buf_c(&console.errors));
    loop_child_kill(relay.child, SIGKILL);
    net_wait_count(scene.loop, &relay.over, 1);
    for (int tries = 0; !console.over && tries < 40; tries++)
        call_contract("hello.test.near", "set_greeting", "{\"greeting\":\"ho\"}", scene.chain_ws);
    net_wait_count(scene.loop, &console.over, 1);
    assert_int_equal(console.status, 0);
    assert_int_equal(count_of(&console.output, "\"verdict\":\"ok\""), 4);
    assert_non_null(strstr(buf_c(&console.errors), "blocks and chunks"));
    release(&console);
    release(&relay);
}

static void
start_relay(struct program *relay, const char *listen, char ws[URL_ROOM])
{
    start(relay, (const char *const[]){"relay", "--rpc", scene.rpc, "--listen", listen, NULL});
    net_wait_count(scene.loop, &relay->lines, 1);
    address_of(relay, "ws", ws);
}

/* The feed falls silent, and calls go by; then it is gone, and another goes by; then it is back. */
static void
follow__misses_no_call__while_the_feed_is_away(void **state)
{
    enum { SILENT = 2, ALL = 9 };
    struct program relay, console;
    char ws[URL_ROOM], missed[SILENT + 1][URL_ROOM];
    (void)state;
    start_relay(&relay, "0", ws);
    start(&console, (const char *const[]){"follow", "hello.test.near", "--rpc", scene.rpc, "--ws", ws,
                                          "--json", "--calls", "9", "--keep", "1", NULL});
    for (int tries = 0; !console.lines && tries < 40; tries++)
        call_contract("hello.test.near", "set_greeting", "{\"greeting\":\"a\"}", scene.chain_ws);
    loop_child_kill(relay.child, SIGSTOP);
    for (int i = 0; i < SILENT; i++)
        call_and_note("hello.test.near", "set_greeting", "{\"greeting\":\"b\"}", scene.chain_ws,
                      missed[i]);
    loop_child_kill(relay.child, SIGKILL);
    net_wait_count(scene.loop, &relay.over, 1);
    release(&relay);
    call_and_note("hello.test.near", "set_greeting", "{\"greeting\":\"c\"}", scene.chain_ws,
                  missed[SILENT]);
    start_relay(&relay, strrchr(ws, '/') + 1, ws);
    for (int tries = 0; !console.over && tries < 40; tries++)
        call_contract("hello.test.near", "set_greeting", "{\"greeting\":\"d\"}", scene.chain_ws);
    net_wait_count(scene.loop, &console.over, 1);
    assert_int_equal(console.status, 0);
    assert_int_equal(count_of(&console.output, "\"event\":\"verdict\""), ALL);
    for (int i = 0; i <= SILENT; i++) {
        char told[URL_ROOM + 64];
        snprintf(told, sizeof(told), "\"tx\":\"%.60s\",\"verdict\":\"ok\"", missed[i]);
        if (count_of(&console.output, told) != 1)
            fail_msg("%s\n%s\n%s", told, buf_c(&console.output), buf_c(&console.errors));
    }
    loop_child_kill(relay.child, SIGTERM);
    net_wait_count(scene.loop, &relay.over, 1);
    release(&console);
    release(&relay);
}

static void
follow__tells_every_receipt__when_asked_for_the_tree(void **state)
{
    struct program p;
    (void)state;
    start(&p, (const char *const[]){"follow", "alice.test.near", "--rpc", scene.rpc, "--ws", "off",
                                    "--plain", "--tree", "--calls", "1", NULL});
    for (int tries = 0; !p.over && tries < 40; tries++)
        call_contract("portfolio.test.near", "get_portfolio_data", DEMO_ARGS, scene.chain_ws);
    net_wait_count(scene.loop, &p.over, 1);
    assert_int_equal(p.status, 0);
    assert_non_null(strstr(buf_c(&p.output), "alice.test.near sends get_portfolio_data to "
                                             "portfolio.test.near"));
    assert_non_null(strstr(buf_c(&p.output), "The call succeeded. 10 receipts burnt"));
    assert_non_null(strstr(buf_c(&p.output), "\n1.2, branch 2 of 3: get_position on lending.test.near is "
                                             "done."));
    release(&p);
}

/* The value of this key in the first line that has all of the parts. */
static void
find(const struct buf *text, const char *first, const char *second, const char *key, char out[URL_ROOM])
{
    struct str rest = buf_str(text), line;
    out[0] = '\0';
    while (!out[0] && str_take_until(&rest, '\n', &line)) {
        struct json *root = NULL;
        struct str value;
        if (str_find(line, str_from(first)) < 0 || str_find(line, str_from(second)) < 0)
            continue;
        assert_int_equal(json_parse(line, OUTPUT_MAX, &root, NULL), OK);
        assert_int_equal(json_get_string(root, key, &value, NULL), OK);
        assert_true(str_copy(value, out, URL_ROOM));
        json_free(root);
    }
    assert_true(out[0]);
}

static void
watch__follows_the_transaction__of_a_receipt(void **state)
{
    struct program call, watch;
    char receipt[URL_ROOM], tx[URL_ROOM];
    (void)state;
    start(&call, (const char *const[]){"call", "portfolio.test.near", "get_portfolio_data", DEMO_ARGS,
                                       "--as", "alice.test.near", "--rpc", scene.rpc, "--json", NULL});
    net_wait_count(scene.loop, &call.over, 1);
    find(&call.output, "\"event\":\"receipt\"", "get_rewards", "id", receipt);
    find(&call.output, "\"event\":\"call\"", "alice", "tx", tx);
    snprintf(scene.receipt, sizeof(scene.receipt), "%s", receipt);
    start(&watch, (const char *const[]){"watch", receipt, "--rpc", scene.rpc, "--json", NULL});
    net_wait_count(scene.loop, &watch.over, 1);
    assert_int_equal(watch.status, 0);
    assert_non_null(strstr(buf_c(&watch.errors), "the hash is a receipt of the transaction"));
    assert_non_null(strstr(buf_c(&watch.errors), tx));
    assert_non_null(strstr(buf_c(&watch.output), "\"verdict\":\"ok\""));
    release(&call);
    release(&watch);
}

/* Not as what may still run. */
static void
call__is_refused__before_it_is_signed(void **state)
{
    static const struct {
        const char *option, *value, *sentence;
    } rows[] = {{"--deposit", "100000000 NEAR", "NEAR, and this may cost 100000000.0"},
                {"--network", "testnet", "the node serves the chain localnet, and this network is testnet"}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct program p;
        start(&p, (const char *const[]){"call", "token.test.near", "ft_balance_of", DEMO_ARGS, "--as",
                                        "alice.test.near", "--rpc", scene.rpc, "--plain",
                                        rows[i].option, rows[i].value, NULL});
        net_wait_count(scene.loop, &p.over, 1);
        assert_int_equal(p.status, 1);
        if (!strstr(buf_c(&p.errors), rows[i].sentence))
            fail_msg("%s", buf_c(&p.errors));
        assert_null(strstr(buf_c(&p.output), "in transaction"));
        release(&p);
    }
}

/* That the contract failed is an answer, too. */
static void
view__ends_with_1__when_the_contract_failed__and_with_3_without_an_answer(void **state)
{
    static const struct {
        const char *contract, *method, *rpc, *sentence;
        int status;
    } rows[] = {{"token.test.near", "ft_balance_of", NULL, "missing argument: account_id", 1},
                {"token.test.near", "nothing", NULL, "neartop: token.test.near has no method nothing", 1},
                {"alice.test.near", "nothing", NULL, "neartop: there is no contract on alice.test.near", 1},
                {"nobody.test.near", "nothing", NULL,
                 "neartop: the account nobody.test.near does not exist", 1},
                {"token.test.near", "nothing", "http://127.0.0.1:1",
                 "Connection refused; is \"neartop localnet\" running there?\n", 3}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct program p;
        start(&p, (const char *const[]){"view", rows[i].contract, rows[i].method, "--rpc",
                                        rows[i].rpc ? rows[i].rpc : scene.rpc, NULL});
        net_wait_count(scene.loop, &p.over, 1);
        if (p.status != rows[i].status || !strstr(buf_c(&p.errors), rows[i].sentence))
            fail_msg("%d: %s", p.status, buf_c(&p.errors));
        release(&p);
    }
}

/* The time-out of the settings, which --print-config writes, is that of a call. */
static void
follow__ends_when_nothing_comes__only_if_the_command_line_says_so(void **state)
{
    char path[] = "/tmp/neartop-follow-XXXXXX";
    struct program told, patient;
    int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(file_write(path, STR("[general]\ntimeout = 1\n"), 0600, NULL), OK);
    start(&patient, (const char *const[]){"follow", "nobody.near", "--rpc", scene.rpc, "--ws", "off",
                                          "--config", path, "--plain", NULL});
    start(&told, (const char *const[]){"follow", "nobody.near", "--rpc", scene.rpc, "--ws", "off",
                                       "--timeout", "2", "--plain", NULL});
    net_wait_count(scene.loop, &told.over, 1);
    assert_int_equal(told.status, 3);
    assert_non_null(strstr(buf_c(&told.output),
                           "nothing new came for 2 s: no call was found."));
    assert_null(strstr(buf_c(&told.output), "sent"));
    assert_int_equal(patient.over, 0);
    loop_child_kill(patient.child, SIGTERM);
    net_wait_count(scene.loop, &patient.over, 1);
    assert_string_equal(buf_c(&patient.output), "");
    release(&told);
    release(&patient);
    unlink(path);
}

static void
set_drills(const char *list)
{
    struct program p;
    start(&p, (const char *const[]){"fault", list, "--port", strrchr(scene.rpc, ':') + 1, NULL});
    net_wait_count(scene.loop, &p.over, 1);
    assert_int_equal(p.status, 0);
    release(&p);
}

/* What has become of one that is still under way nobody has learnt, however well others went. */
static void
follow__ends_with_3__when_nothing_comes_of_a_call(void **state)
{
    struct program p, stuck;
    (void)state;
    start(&p, (const char *const[]){"follow", "portfolio.test.near", "--rpc", scene.rpc, "--ws", "off",
                                    "--plain", "--timeout", "5", NULL});
    for (int tries = 0; !strstr(buf_c(&p.output), "The call succeeded") && tries < 40; tries++)
        call_contract("portfolio.test.near", "get_portfolio_data", DEMO_ARGS, scene.chain_ws);
    set_drills("stall=1");
    start(&stuck, (const char *const[]){"call", "portfolio.test.near", "get_portfolio_data", DEMO_ARGS,
                                        "--as", "alice.test.near", "--rpc", scene.rpc, "--plain", NULL});
    net_wait_count(scene.loop, &p.over, 1);
    assert_non_null(strstr(buf_c(&p.output), "calls has not ended."));
    assert_int_equal(p.status, 3);
    set_drills("none");
    net_wait_count(scene.loop, &stuck.over, 1);
    assert_int_equal(stuck.status, 0);
    release(&stuck);
    release(&p);
}

/* The blocks of the tests before lie behind it: more than are looked through, or soon. */
static void
watch__says_what_it_knows_of_a_receipt__whose_transaction_is_too_far_back(void **state)
{
    struct program watch;
    (void)state;
    start(&watch, (const char *const[]){"watch", scene.receipt, "--rpc", scene.rpc, "--plain", NULL});
    net_wait_count(scene.loop, &watch.over, 1);
    for (int tries = 0; watch.status == 0 && tries < 40; tries++) {
        release(&watch);
        start(&watch, (const char *const[]){"watch", scene.receipt, "--rpc", scene.rpc, "--plain", NULL});
        net_wait_count(scene.loop, &watch.over, 1);
    }
    assert_int_equal(watch.status, 3);
    assert_int_equal(count_of(&watch.output, "this is a receipt for staking.test.near, of a transaction "
                                             "that alice.test.near signed"), 1);
    assert_non_null(strstr(buf_c(&watch.output),
                           "The transaction was not observed: the hash is a receipt, and its transaction "
                           "was not found. What to do: "));
    assert_null(strstr(buf_c(&watch.output), "asked for again and again"));
    release(&watch);
}

static void
follow__says_what_is_wrong__on_the_command_line(void **state)
{
    static const struct {
        const char *arguments[6], *sentence;
    } rows[] = {
        {{"follow", "Alice.near", "--network", "testnet", NULL}, "\"Alice.near\""},
        {{"follow", "--network", "testnet", NULL}, "expected ACCOUNT"},
        {{"follow", "alice.near", NULL}, "on which network?"},
        {{"follow", "a.near", "--network", "testnet", "--keep=0", NULL}, "expected 1 to 500"},
        {{"watch", "https://testnet.nearblocks.io/txns/" TX, "--network", "mainnet", NULL},
         "that is an address of testnet, and --network is mainnet"},
        {{"relay", NULL}, "of which network?"},
        {{"relay", "--neardata", "here", NULL}, "--neardata: here: an address starts with http://"},
        {{"relay", "--neardata", "http://a/?apiKey=x", NULL}, "it belongs into NEARTOP_NEARDATA_KEY"},
        {{"relay", "--network", "testnet", "--listen", "here", NULL}, "numeric IPv4"},
        {{"relay", "--network", "testnet", "--listen", "0.0.0.0", NULL}, "needs a token"},
    };
    (void)state;
    unsetenv("NEARTOP_RELAY_TOKEN");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct program p;
        start(&p, rows[i].arguments);
        net_wait_count(scene.loop, &p.over, 1);
        assert_int_equal(p.status, 64);
        assert_non_null(strstr(buf_c(&p.errors), rows[i].sentence));
        release(&p);
    }
}

static void
relay__ends_with_1__where_another_program_listens(void **state)
{
    struct program p;
    (void)state;
    start(&p, (const char *const[]){"relay", "--rpc", scene.rpc, "--listen",
                                    scene.rpc + strlen("http://"), NULL});
    net_wait_count(scene.loop, &p.over, 1);
    assert_int_equal(p.status, 1);
    assert_non_null(strstr(buf_c(&p.errors), "another program has it"));
    release(&p);
}

static void
relay__says_what_a_token_needs(void **state)
{
    struct program p;
    (void)state;
    setenv("NEARTOP_RELAY_TOKEN", "short", 1);
    start(&p, (const char *const[]){"relay", "--rpc", scene.rpc, "--listen", "127.0.0.1:0", NULL});
    net_wait_count(scene.loop, &p.over, 1);
    unsetenv("NEARTOP_RELAY_TOKEN");
    assert_int_equal(p.status, 64);
    assert_non_null(strstr(buf_c(&p.errors), "NEARTOP_RELAY_TOKEN: the token has 5 bytes, at least 8 are "
                                             "needed"));
    release(&p);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(watch__follows_the_transaction__of_a_receipt),
        cmocka_unit_test(relay__pushes__to_the_console_of_a_call),
        cmocka_unit_test(call__is_refused__before_it_is_signed),
        cmocka_unit_test(view__ends_with_1__when_the_contract_failed__and_with_3_without_an_answer),
        cmocka_unit_test(follow__tells_each_call_once__from_every_source),
        cmocka_unit_test(follow__goes_on_with_blocks__when_the_feed_goes_away),
        cmocka_unit_test(follow__misses_no_call__while_the_feed_is_away),
        cmocka_unit_test(follow__tells_every_receipt__when_asked_for_the_tree),
        cmocka_unit_test(follow__ends_when_nothing_comes__only_if_the_command_line_says_so),
        cmocka_unit_test(follow__ends_with_3__when_nothing_comes_of_a_call),
        cmocka_unit_test(follow__says_what_is_wrong__on_the_command_line),
        cmocka_unit_test(relay__ends_with_1__where_another_program_listens),
        cmocka_unit_test(relay__says_what_a_token_needs),
        cmocka_unit_test(watch__says_what_it_knows_of_a_receipt__whose_transaction_is_too_far_back),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
