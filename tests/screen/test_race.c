/* Several programs at once, one account. Those of one user do not take each other's nonces; those of
 * several machines do, and who lost is signed anew: each call runs, runs once, and of a new
 * signature it is said why there is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net/base/xalloc.h"
#include "net/http.h"
#include "net/json.h"
#include "net/near/base58.h"
#include "net/near/tx.h"
#include "tests/support/demo_chain.h"
#include "tests/support/net_wait.h"
#include "tests/support/tested.h"

enum { PROGRAMS_MAX = 60, SEVERAL = 16, FEW = 5, KEYS = 10, LINE_MAX_BYTES = 1024 * 1024, PATH_ROOM = 200 };

/* How the programs of a race are kept apart. */
enum apart { ONE_USER, OWN_MACHINES, OWN_KEYS };

struct run {
    struct scene *scene;
    struct loop_child *child;
    int status;
    int calls, anew;            /* transactions that it told; times that it said why it is another one */
    char tx[64];                /* the last that it signed */
};

struct scene {
    struct loop *loop;
    struct http *http;
    struct demo_chain chain;
    struct run runs[PROGRAMS_MAX];
    int over, answers;
    char folder[40];            /* of the programs' nonces and keys */
    struct json *root;          /* the last answer, owned */
    bool is_same_call;          /* all make the same: what they sign may be the same bytes */
    struct buf errors;          /* what any of them complained of */
};

static int
begin(void **state, unsigned block_ms)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    s->loop = loop_new();
    s->http = http_new(s->loop);
    buf_init(&s->errors, LINE_MAX_BYTES);
    snprintf(s->folder, sizeof(s->folder), "/tmp/neartop-race-XXXXXX");
    if (!mkdtemp(s->folder))
        return -1;
    if (demo_chain_begin(&s->chain, s->loop, tested_path(), block_ms))
        return -1;
    net_wait_count(s->loop, &s->chain.port, 1);
    *state = s;
    return 0;
}

static int
set_up(void **state)
{
    return begin(state, 50);
}

/* Programs that start together see the same final block. */
static int
set_up_slow(void **state)
{
    return begin(state, 400);
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    unsetenv("XDG_RUNTIME_DIR");
    for (int i = 0; i < PROGRAMS_MAX; i++)
        loop_child_close(s->runs[i].child);
    demo_chain_stop(&s->chain);
    http_free(s->http);
    loop_free(s->loop);
    json_free(s->root);
    buf_release(&s->errors);
    int status = nftw(s->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    xfree(s);
    return status;
}

/* --- asking the chain --------------------------------------------------------------------- */

static void
on_answer(void *context, const struct http_answer *answer)
{
    struct scene *s = context;
    assert_int_equal(answer->error, OK);
    json_free(s->root);
    assert_int_equal(json_parse(answer->body, LINE_MAX_BYTES, &s->root, NULL), OK);
    s->answers++;
}

static const struct json *
ask(struct scene *s, const char *method, const char *params)
{
    char url[64];
    struct buf body;
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", s->chain.port);
    buf_init(&body, LINE_MAX_BYTES);
    buf_addf(&body, "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"%s\",\"params\":%s}", method,
             params);
    struct http_request *request = http_start(s->http, &(struct http_args){
        .url = url, .answer_max = LINE_MAX_BYTES, .timeout_ms = 20000, .done = on_answer,
        .context = s, .body = buf_str(&body)});
    (void)request;
    net_wait_count(s->loop, &s->answers, s->answers + 1);
    buf_release(&body);
    const struct json *result = json_find(s->root, "result");
    assert_non_null(result);
    return result;
}

/* What the contract has counted: every call that ran adds one. */
static unsigned
counted(struct scene *s)
{
    unsigned count = 0;
    uint64_t digit;
    const struct json *bytes = json_find(
        ask(s, "query", "{\"request_type\":\"call_function\",\"finality\":\"optimistic\","
                        "\"account_id\":\"counter.test.near\",\"method_name\":\"get_num\","
                        "\"args_base64\":\"e30=\"}"), "result");
    for (const struct json *v = json_first(bytes); v; v = json_next(v)) {
        assert_int_equal(json_u64(v, &digit, NULL), OK);
        count = count * 10 + (unsigned)(digit - '0');
    }
    return count;
}

/* --- keys --------------------------------------------------------------------------------- */

static void
name_of_key(int number, char out[32])
{
    snprintf(out, 32, "race key %d", number);
}

static void
write_key_file(const struct scene *s, int number, const struct secret_key *key)
{
    char path[PATH_ROOM];
    struct buf text;
    snprintf(path, sizeof(path), "%s/%d.json", s->folder, number);
    buf_init(&text, 1024);
    buf_add_c(&text, "{\"private_key\":\"ed25519:");
    base58_encode(str_of(key->seed_and_public, sizeof(key->seed_and_public)), &text);
    buf_add_c(&text, "\"}");
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.p, text.n), text.n);
    close(fd);
    buf_release(&text);
}

static void
add_keys(struct scene *s)
{
    struct action actions[KEYS];
    struct secret_key key;
    struct buf bytes, params;
    struct hash hash;
    struct str block;
    char name[32];
    struct transaction tx = {.signer = account_of("alice.test.near"),
                             .receiver = account_of("alice.test.near"), .actions = actions,
                             .action_count = KEYS};
    for (int i = 0; i < KEYS; i++) {
        name_of_key(i, name);
        secret_key_from_name(str_from(name), &key);
        write_key_file(s, i, &key);
        actions[i] = (struct action){.kind = ACTION_ADD_KEY, .key = secret_key_public(&key),
                                     .access = {.is_full_access = true}};
    }
    const struct json *keys = ask(s, "query", "{\"request_type\":\"view_access_key_list\","
                                  "\"finality\":\"final\",\"account_id\":\"alice.test.near\"}");
    const struct json *first = json_first(json_find(keys, "keys"));
    assert_int_equal(json_get_u64(json_find(first, "access_key"), "nonce", &tx.nonce, NULL), OK);
    assert_int_equal(json_get_string(keys, "block_hash", &block, NULL), OK);
    assert_int_equal(hash_parse(block, &tx.block_hash, NULL), OK);
    tx.nonce++;
    secret_key_from_name(STR("alice.test.near"), &key);
    tx.key = secret_key_public(&key);
    buf_init(&bytes, LINE_MAX_BYTES);
    buf_init(&params, LINE_MAX_BYTES);
    tx_sign(&tx, &key, &bytes, &hash);
    buf_add_c(&params, "{\"wait_until\":\"FINAL\",\"signed_tx_base64\":\"");
    base64_encode(buf_str(&bytes), &params);
    buf_add_c(&params, "\"}");
    (void)ask(s, "send_tx", buf_c(&params));
    buf_release(&bytes);
    buf_release(&params);
}

/* --- the programs ------------------------------------------------------------------------- */

static void
on_line(void *context, struct str line)
{
    struct run *r = context;
    struct json *root = NULL;
    struct str text, event;
    assert_int_equal(json_parse(line, LINE_MAX_BYTES, &root, NULL), OK);
    if (json_get_string(root, "tx", &text, NULL) == OK)
        snprintf(r->tx, sizeof(r->tx), "%.*s", STR_ARG(text));
    assert_int_equal(json_get_string(root, "event", &event, NULL), OK);
    bool is_error = str_equal(event, STR("error"));
    bool is_anew = is_error && json_get_string(root, "code", &text, NULL) == OK &&
                   str_equal(text, STR("signed_anew"));
    r->calls += str_equal(event, STR("call"));
    r->anew += is_anew;
    if (is_error && !is_anew) {
        buf_add_str(&r->scene->errors, line);
        buf_add_byte(&r->scene->errors, '\n');
    }
    json_free(root);
}

static void
on_exited(void *context, int status, int signal_number)
{
    struct run *r = context;
    r->status = signal_number ? 128 + signal_number : status;
    r->scene->over++;
}

static void
start(struct scene *s, int number, enum apart apart)
{
    char rpc[64], ws[64], gas[32], folder[PATH_ROOM], key_file[PATH_ROOM];
    struct run *r = &s->runs[number];
    snprintf(rpc, sizeof(rpc), "http://127.0.0.1:%d", s->chain.port);
    snprintf(ws, sizeof(ws), "ws://127.0.0.1:%d", s->chain.port);
    /* Else all would make the same transaction, byte for byte. */
    snprintf(gas, sizeof(gas), "%d Tgas", s->is_same_call ? 30 : 30 + number);
    snprintf(folder, sizeof(folder), "%s/%d", s->folder, apart == OWN_MACHINES ? number : 0);
    (void)mkdir(folder, 0700);
    setenv("XDG_RUNTIME_DIR", folder, 1);
    snprintf(key_file, sizeof(key_file), "%s/%d.json", s->folder, number);
    const char *const argv[] = {tested_path(), "call", "counter.test.near", "increment", "{}", "--as",
                                "alice.test.near", "--gas", gas, "--rpc", rpc, "--ws",
                                number % 2 ? ws : "off", "--block-time", "50", "--json",
                                apart == OWN_KEYS ? "--key-file" : NULL, key_file, NULL};
    *r = (struct run){.scene = s};
    const struct loop_child_args args = {.argv = argv, .line_max = LINE_MAX_BYTES, .output = on_line,
                                         .exited = on_exited, .context = r};
    assert_int_equal(loop_spawn(s->loop, &args, &r->child, NULL), OK);
}

static void
race(struct scene *s, int programs, enum apart apart)
{
    unsigned before = counted(s);
    for (int i = 0; i < programs; i++)
        start(s, i, apart);
    net_wait_count(s->loop, &s->over, programs);
    for (int i = 0; i < programs; i++) {
        if (s->runs[i].status)
            fail_msg("program %d ended with status %d\n%s", i, s->runs[i].status,
                     buf_c(&s->errors));
        for (int k = 0; k < i; k++)
            assert_string_not_equal(s->runs[i].tx, s->runs[k].tx);
        assert_int_equal(s->runs[i].anew, s->runs[i].calls - 1);
    }
    assert_string_equal(buf_c(&s->errors), "");
    assert_int_equal(counted(s) - before, programs);
}

static void
call__runs_once__when_programs_of_one_user_race(void **state)
{
    race(*state, PROGRAMS_MAX, ONE_USER);
}

static void
call__runs_once__when_machines_race(void **state)
{
    race(*state, SEVERAL, OWN_MACHINES);
}

/* Whoever is told that it went well sees a transaction that did: the same one, perhaps. */
static void
call__runs_as_often_as_it_is_told__when_machines_send_the_same_bytes(void **state)
{
    struct scene *s = *state;
    unsigned before = counted(s), different = 0;
    s->is_same_call = true;
    for (int i = 0; i < FEW; i++)
        start(s, i, OWN_MACHINES);
    net_wait_count(s->loop, &s->over, FEW);
    for (int i = 0; i < FEW; i++) {
        bool is_another = true;
        assert_int_equal(s->runs[i].status, 0);
        for (int k = 0; k < i; k++)
            is_another &= strcmp(s->runs[i].tx, s->runs[k].tx) != 0;
        different += is_another;
    }
    assert_int_equal(counted(s) - before, different);
    print_message("%d programs, %u different transactions, as many calls ran\n", FEW, different);
}

static void
call__runs_once__when_each_has_a_key_of_its_own(void **state)
{
    add_keys(*state);
    race(*state, KEYS, OWN_KEYS);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(call__runs_once__when_programs_of_one_user_race),
        TEST(call__runs_once__when_machines_race),
        cmocka_unit_test_setup_teardown(
            call__runs_as_often_as_it_is_told__when_machines_send_the_same_bytes, set_up_slow,
            tear_down),
        TEST(call__runs_once__when_each_has_a_key_of_its_own),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
