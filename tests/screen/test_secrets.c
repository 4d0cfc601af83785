/* Nothing that is written holds a key: the real program against a server that repeats whatever
 * it is sent, with an API key and a signing key, and every byte that comes out is searched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "net/base/file.h"
#include "net/base/xalloc.h"
#include "net/json.h"
#include "net/loop.h"
#include "tests/support/net_peer.h"
#include "tests/support/net_wait.h"
#include "tests/support/tested.h"

#define API_KEY "very-secret-api-key-0123456789"
/* Seed 00 01 … 1f, the protocol's documented example. */
#define SECRET "1GMkH3brNXiNNs1tiFZHu4yZSRrzJwxi5wB9bHFtMikjwpAW9DMZzU2Pqakc5it8X3N5vPmqdN7KF4CCUpmKhq"
#define TX "DGR2qfEZzCT9QpuciEuoREWMLSzvd7zBjyaSvJwKh6EW"

enum { OUTPUT_MAX = 4 * 1024 * 1024, ARGUMENTS_MAX = 24 };

struct scene {
    struct loop *loop;
    struct net_peer *peer;
    struct loop_child *child;
    struct buf output;
    char folder[64], config[100], log[100], keys[100], pipe[100];
    int status;                 /* of the last run; 128 and more: of a signal */
    int requests, with_key, feeds_with_header, feeds_with_path, over;
    bool was_in_arguments;
};

/* --- a server that repeats what it was sent ----------------------------------------------- */

/* Is the key in the list of processes? */
static void
look_at_arguments(struct scene *s)
{
    char path[64];
    struct buf text;
    buf_init(&text, 65536);
    snprintf(path, sizeof(path), "/proc/%d/cmdline", loop_child_pid(s->child));
    if (file_read(path, &text, NULL) == OK)
        s->was_in_arguments |= str_find(buf_str(&text), STR(API_KEY)) >= 0;
    buf_release(&text);
}

static void
answer_request(struct net_link *link, const struct net_request *request)
{
    struct json *root = NULL;
    struct str method = {0}, id = {0};
    struct buf body;
    struct json_writer w;
    buf_init(&body, JSON_BYTES_MAX);
    if (json_parse(request->body, JSON_BYTES_MAX, &root, NULL) == OK) {
        (void)!json_get_string(root, "method", &method, NULL);
        (void)!json_get_string(root, "id", &id, NULL);
    }
    json_write_begin(&w, &body);
    json_write_object(&w);
    json_put_c(&w, "jsonrpc", "2.0");
    json_put_string(&w, "id", id);
    if (str_equal(method, STR("query"))) {
        json_put_raw(&w, "result", STR("{\"nonce\":6,\"permission\":\"FullAccess\","
                                       "\"block_height\":98,\"block_hash\":\"" TX "\"}"));
    } else {
        json_put_object(&w, "error");
        json_put_object(&w, "cause");
        json_put_c(&w, "name", "INTERNAL_ERROR");
        json_write_object_end(&w);
        json_put_string(&w, "data", request->head);
        json_write_object_end(&w);
    }
    json_write_object_end(&w);
    net_link_answer(link, 200, "Content-Type: application/json\r\n", buf_str(&body));
    buf_release(&body);
    json_free(root);
}

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct scene *s = context;
    s->requests++;
    bool has_bearer = str_find(request->head, STR(": Bearer " API_KEY "\r\n")) >= 0;
    s->with_key += has_bearer && !request->is_upgrade;
    s->feeds_with_header += has_bearer && request->is_upgrade;
    s->feeds_with_path += request->is_upgrade && str_find(request->path, STR("/" API_KEY "/")) == 0;
    look_at_arguments(s);
    if (request->is_upgrade)
        net_link_answer(link, 403, NULL, request->head);
    else if (s->requests % 3 == 0)
        net_link_answer(link, 502, NULL, request->head);
    else
        answer_request(link, request);
}

/* --- the program --------------------------------------------------------------------------- */

static void
write_text(const char *path, const char *text)
{
    assert_int_equal(file_write(path, str_from(text), 0600, NULL), OK);
}

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    char text[600], path[200];
    s->loop = loop_new();
    s->peer = net_peer_new(s->loop,
                           &(struct net_peer_script){.request = on_request, .context = s});
    buf_init(&s->output, OUTPUT_MAX);
    snprintf(s->folder, sizeof(s->folder), "/tmp/neartop-secrets-XXXXXX");
    if (!mkdtemp(s->folder))
        return -1;
    snprintf(s->config, sizeof(s->config), "%s/conf", s->folder);
    snprintf(s->log, sizeof(s->log), "%s/log", s->folder);
    snprintf(s->keys, sizeof(s->keys), "%s/keys", s->folder);
    snprintf(s->pipe, sizeof(s->pipe), "%s/pipe", s->folder);
    snprintf(text, sizeof(text),
             "[general]\nnear_cli = no\n[network x]\n"
             "[feed f]\nnetwork = x\nurl = ws://127.0.0.1:%d\nkey_env = NEARTOP_TEST_API_KEY\n"
             "[feed g]\nnetwork = x\nurl = ws://127.0.0.1:%d/{key}\nkey_env = NEARTOP_TEST_API_KEY\n"
             "[endpoint e]\n"
             "network = x\nurl = http://127.0.0.1:%d/\nkey_env = NEARTOP_TEST_API_KEY\n",
             net_peer_port(s->peer), net_peer_port(s->peer), net_peer_port(s->peer));
    write_text(s->config, text);
    mkdir(s->keys, 0700);
    snprintf(path, sizeof(path), "%s/x", s->keys);
    mkdir(path, 0700);
    snprintf(path, sizeof(path), "%s/x/alice.test.json", s->keys);
    write_text(path, "{\"public_key\":\"ed25519:FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF\","
                     "\"private_key\":\"ed25519:" SECRET "\"}");
    setenv("NEARTOP_TEST_API_KEY", API_KEY, 1);
    *state = s;
    return 0;
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    static const char *const names[] = {"keys/x/alice.test.json", "keys/x", "keys", "conf", "log",
                                        "pipe", ""};
    char path[200];
    net_peer_free(s->peer);
    loop_child_close(s->child);
    loop_free(s->loop);
    buf_release(&s->output);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", s->folder, names[i]);
        if (unlink(path))
            rmdir(path);
    }
    unsetenv("NEARTOP_TEST_API_KEY");
    xfree(s);
    return 0;
}

static void
on_line(void *context, struct str line)
{
    struct scene *s = context;
    buf_add_str(&s->output, line);
    buf_add_byte(&s->output, '\n');
}

static void
on_over(void *context, int status, int signal_number)
{
    struct scene *s = context;
    s->status = signal_number ? 128 + signal_number : status;
    s->over++;
}

static void
start(struct scene *s, const char *const *words)
{
    const char *argv[ARGUMENTS_MAX];
    size_t n = 0;
    argv[n++] = tested_path();
    while (*words)
        argv[n++] = *words++;
    const char *const usual[] = {"--network", "x", "--config", s->config, "--log", s->log,
                                 "--timeout", "2", NULL};
    for (size_t i = 0; usual[i]; i++)
        argv[n++] = usual[i];
    argv[n] = NULL;
    const struct loop_child_args args = {.argv = argv, .line_max = 65536, .output = on_line,
                                         .errors = on_line, .exited = on_over, .context = s};
    loop_child_close(s->child);
    assert_int_equal(loop_spawn(s->loop, &args, &s->child, NULL), OK);
}

static void
wait_for_end(struct scene *s)
{
    net_wait_count(s->loop, &s->over, 1);
    assert_true(s->status < 128);
    s->over = 0;
}

static void
run(struct scene *s, const char *const *words)
{
    start(s, words);
    wait_for_end(s);
}

static void
assert_clean(struct scene *s, bool has_log)
{
    struct buf all;
    buf_init(&all, 2 * OUTPUT_MAX);
    buf_add_str(&all, buf_str(&s->output));
    if (has_log)
        assert_int_equal(file_read(s->log, &all, NULL), OK);
    /* It was used, and the server did repeat it: what came of that is blotted out. */
    assert_true(s->with_key > 0);
    assert_false(s->was_in_arguments);
    assert_true(str_find(buf_str(&all), STR(API_KEY)) < 0);
    assert_true(str_find(buf_str(&all), STR("very-secret")) < 0);
    assert_true(str_find(buf_str(&all), str_slice(STR(SECRET), 0, 16)) < 0);
    buf_release(&all);
}

static void
doctor__writes_no_key(void **state)
{
    struct scene *s = *state;
    run(s, (const char *const[]){"doctor", "--key-dir", s->keys, NULL});
    run(s, (const char *const[]){"doctor", "--json", "--key-dir", s->keys, NULL});
    assert_clean(s, false);
    assert_true(s->feeds_with_header > 0 && s->feeds_with_path > 0);
    assert_non_null(strstr(buf_c(&s->output), "alice.test"));
    assert_non_null(strstr(buf_c(&s->output), "*****"));
}

static void
watch__writes_no_key(void **state)
{
    struct scene *s = *state;
    run(s, (const char *const[]){"watch", TX, "--plain", NULL});
    run(s, (const char *const[]){"watch", TX, "--json", NULL});
    assert_clean(s, true);
    /* The first does not let it in: the second is tried. */
    assert_true(s->feeds_with_header > 0 && s->feeds_with_path > 0);
    assert_non_null(strstr(buf_c(&s->output), "*****"));
}

static void
call__writes_no_key(void **state)
{
    struct scene *s = *state;
    run(s, (const char *const[]){"call", "x.test", "go", "--as", "alice.test", "--key-dir", s->keys,
                                 "--yes", "--json", NULL});
    run(s, (const char *const[]){"call", "x.test", "go", "--as", "alice.test", "--key-dir", s->keys,
                                 "--yes", "--plain", NULL});
    assert_clean(s, true);
}

/* --- a key out of a pipe ------------------------------------------------------------------- */

/* The pipe's other end, to be had as soon as the program is there to read it. */
struct pipe_end {
    const char *path;
    int fd, is_open;
};

static void
try_to_open(void *context)
{
    struct pipe_end *end = context;
    if (end->is_open)
        return;
    end->fd = open(end->path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    end->is_open = end->fd >= 0;
}

static int
start_and_open(struct scene *s)
{
    struct pipe_end end = {.path = s->pipe};
    struct loop_timer *timer = loop_timer_new(s->loop, try_to_open, &end);
    assert_int_equal(mkfifo(s->pipe, 0600), 0);
    start(s, (const char *const[]){"call", "x.test", "go", "--as", "alice.test", "--key-file", s->pipe,
                                   "--yes", "--json", NULL});
    loop_timer_start(timer, 1, 1);
    net_wait_count(s->loop, &end.is_open, 1);
    loop_timer_close(timer);
    return end.fd;
}

static void
call__takes_its_key_from_a_pipe(void **state)
{
    static const char key[] = "{\"private_key\":\"ed25519:" SECRET "\"}\n";
    struct scene *s = *state;
    int fd = start_and_open(s);
    assert_int_equal(write(fd, key, sizeof(key) - 1), sizeof(key) - 1);
    close(fd);
    wait_for_end(s);
    /* It was signed with, and handed over. */
    assert_non_null(strstr(buf_c(&s->output), "\"state\":\"sent\""));
    assert_clean(s, true);
}

static void
call__hears_a_signal__when_no_key_comes_out_of_the_pipe(void **state)
{
    struct scene *s = *state;
    int fd = start_and_open(s);
    loop_child_kill(s->child, SIGTERM);
    net_wait_count(s->loop, &s->over, 1);
    close(fd);
    assert_int_equal(s->status, 128 + SIGTERM);
    assert_int_equal(s->requests, 0);
}

static void
rpc_option__refuses_a_key__that_all_could_read(void **state)
{
    struct scene *s = *state;
    run(s, (const char *const[]){"watch", TX, "--rpc", "http://127.0.0.1:1/?apiKey=sesame-open-1",
                                 "--plain", NULL});
    assert_non_null(strstr(buf_c(&s->output), "can be read by all who list processes"));
    assert_null(strstr(buf_c(&s->output), "sesame"));
    assert_int_equal(s->status, 64);
    assert_int_equal(s->requests, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(doctor__writes_no_key),
        TEST(watch__writes_no_key),
        TEST(call__writes_no_key),
        TEST(call__takes_its_key_from_a_pipe),
        TEST(call__hears_a_signal__when_no_key_comes_out_of_the_pipe),
        TEST(rpc_option__refuses_a_key__that_all_could_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
