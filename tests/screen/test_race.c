/* Several programs at once, one key: they take each other's nonces. Each is told the truth: what
 * it says has gone well is on the chain, what it says was refused is not, and nothing ran twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net/base/xalloc.h"
#include "net/http.h"
#include "net/json.h"
#include "net/url.h"
#include "tests/support/net_wait.h"

enum { PROGRAMS = 6, LINE_MAX_BYTES = 1024 * 1024, OK_STATUS = 0, REFUSED_STATUS = 1 };

struct scene;

struct run {
    struct scene *scene;
    struct loop_child *child;
    int status;
    char tx[64];                /* the last that it signed */
};

struct scene {
    struct loop *loop;
    struct http *http;
    struct loop_child *chain;
    struct run runs[PROGRAMS];
    int port, over, answers;
    uint64_t nonce;
};

static void
on_ready(void *context, struct str line)
{
    struct scene *s = context;
    struct json *root = NULL;
    struct str text;
    struct url url;
    if (json_parse(line, 4096, &root, NULL) == OK &&
        json_get_string(root, "rpc", &text, NULL) == OK && url_parse(text, &url, NULL) == OK)
        s->port = url.port;
    json_free(root);
}

static bool
is_ready(const void *context)
{
    return ((const struct scene *)context)->port != 0;
}

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    const char *program = getenv("NEARTOP");
    const char *const argv[] = {program ? program : "build/neartop", "localnet", "--demo", "--port",
                                "0", "--with-parent", "--block-time", "50", NULL};
    s->loop = loop_new();
    s->http = http_new(s->loop);
    const struct loop_child_args args = {.argv = argv, .line_max = 4096, .hold_input = true,
                                         .output = on_ready, .context = s};
    if (loop_spawn(s->loop, &args, &s->chain, NULL))
        return -1;
    net_wait_until(s->loop, is_ready, s);
    *state = s;
    return 0;
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    for (int i = 0; i < PROGRAMS; i++)
        loop_child_close(s->runs[i].child);
    loop_child_close(s->chain);
    http_free(s->http);
    loop_free(s->loop);
    xfree(s);
    return 0;
}

/* --- the key's nonce ---------------------------------------------------------------------- */

static void
on_nonce(void *context, const struct http_answer *answer)
{
    struct scene *s = context;
    struct json *root = NULL;
    assert_int_equal(answer->error, OK);
    assert_int_equal(json_parse(answer->body, LINE_MAX_BYTES, &root, NULL), OK);
    const struct json *keys = json_find(json_find(root, "result"), "keys");
    assert_int_equal(json_get_u64(json_find(json_first(keys), "access_key"), "nonce", &s->nonce,
                                  NULL), OK);
    json_free(root);
    s->answers++;
}

static uint64_t
ask_nonce(struct scene *s)
{
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", s->port);
    struct http_request *request = http_start(s->http, &(struct http_args){
        .url = url, .answer_max = LINE_MAX_BYTES, .timeout_ms = 10000, .done = on_nonce, .context = s,
        .body = STR("{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"query\",\"params\":{"
                    "\"request_type\":\"view_access_key_list\",\"finality\":\"final\","
                    "\"account_id\":\"alice.test.near\"}}")});
    (void)request;
    net_wait_count(s->loop, &s->answers, s->answers + 1);
    return s->nonce;
}

/* --- the programs --------------------------------------------------------------------------- */

static void
on_line(void *context, struct str line)
{
    struct run *r = context;
    struct json *root = NULL;
    struct str text;
    assert_int_equal(json_parse(line, LINE_MAX_BYTES, &root, NULL), OK);
    if (json_get_string(root, "tx", &text, NULL) == OK)
        snprintf(r->tx, sizeof(r->tx), "%.*s", STR_ARG(text));
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
start(struct scene *s, struct run *r, int number)
{
    char rpc[64], ws[64], gas[32];
    const char *program = getenv("NEARTOP");
    snprintf(rpc, sizeof(rpc), "http://127.0.0.1:%d", s->port);
    snprintf(ws, sizeof(ws), "ws://127.0.0.1:%d", s->port);
    /* Else all would make the same transaction, byte for byte. */
    snprintf(gas, sizeof(gas), "%d Tgas", 30 + number);
    const char *const argv[] = {program ? program : "build/neartop", "call", "counter.test.near",
                                "increment", "{}", "--as", "alice.test.near", "--gas", gas, "--rpc",
                                rpc, "--ws", number % 2 ? ws : "off", "--block-time", "50", "--json",
                                NULL};
    r->scene = s;
    const struct loop_child_args args = {.argv = argv, .line_max = LINE_MAX_BYTES, .output = on_line,
                                         .exited = on_exited, .context = r};
    assert_int_equal(loop_spawn(s->loop, &args, &r->child, NULL), OK);
}

/* How many went well. */
static unsigned
race(struct scene *s)
{
    uint64_t before = ask_nonce(s);
    unsigned went_well = 0;
    for (int i = 0; i < PROGRAMS; i++)
        start(s, &s->runs[i], i);
    net_wait_count(s->loop, &s->over, PROGRAMS);
    for (int i = 0; i < PROGRAMS; i++) {
        const struct run *r = &s->runs[i];
        assert_true(r->status == OK_STATUS || r->status == REFUSED_STATUS);
        went_well += r->status == OK_STATUS;
        for (int k = 0; k < i; k++)
            assert_string_not_equal(r->tx, s->runs[k].tx);
    }
    /* Every transaction that ran raised the nonce by one. */
    assert_int_equal(ask_nonce(s) - before, went_well);
    print_message("%u of %d went well, the rest was told that it did not run\n", went_well, PROGRAMS);
    return went_well;
}

static void
remove_all(const char *folder)
{
    char path[600];
    snprintf(path, sizeof(path), "%s/neartop", folder);
    DIR *d = opendir(path);
    struct dirent *entry;
    assert_non_null(d);
    while ((entry = readdir(d))) {
        snprintf(path, sizeof(path), "%s/neartop/%.255s", folder, entry->d_name);
        unlink(path);
    }
    closedir(d);
    snprintf(path, sizeof(path), "%s/neartop", folder);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* As from several machines. */
static void
call__runs_once_each_or_says_no__when_programs_race_for_nonces(void **state)
{
    unsetenv("XDG_RUNTIME_DIR");
    assert_true(race(*state) >= 1);
}

/* None takes another's nonce (test_nonces.c); a later one may still be in a chunk first, and the
 * earlier one is then too low. Most go well, and nobody is told what is not so. */
static void
call__takes_a_nonce_of_its_own__when_programs_of_one_user_race(void **state)
{
    char folder[] = "/tmp/neartop-race-XXXXXX";
    assert_non_null(mkdtemp(folder));
    setenv("XDG_RUNTIME_DIR", folder, 1);
    unsigned went_well = race(*state);
    unsetenv("XDG_RUNTIME_DIR");
    remove_all(folder);
    assert_true(went_well >= 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            call__runs_once_each_or_says_no__when_programs_race_for_nonces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            call__takes_a_nonce_of_its_own__when_programs_of_one_user_race, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
