/* neartop view, by the real program, of endpoints that have not the same past. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net/base/file.h"
#include "net/base/xalloc.h"
#include "net/loop.h"
#include "tests/support/net_peer.h"
#include "tests/support/net_wait.h"
#include "tests/support/tested.h"

enum { PEERS = 2, OUTPUT_MAX = 65536 };

struct scene {
    struct loop *loop;
    struct peer {
        struct scene *scene;
        struct net_peer *server;
        bool has_block, is_broken;
        int asked;
    } peers[PEERS];
    struct loop_child *child;
    struct buf output;
    char config[64];
    int over, status;
};

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct peer *p = context;
    (void)request;
    p->asked++;
    if (p->is_broken)
        net_link_answer(link, 500, NULL, STR("no"));
    else if (p->has_block)
        net_link_answer(link, 200, NULL, STR("{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":{\"result\":"
                                             "[52,50],\"logs\":[],\"block_height\":7,\"block_hash\":"
                                             "\"11111111111111111111111111111111\"}}"));
    else
        net_link_answer(link, 200, NULL, STR("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"name\":"
                                             "\"HANDLER_ERROR\",\"cause\":{\"name\":\"UNKNOWN_BLOCK\"},"
                                             "\"data\":\"DB Not Found Error\"}}"));
}

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    s->loop = loop_new();
    buf_init(&s->output, OUTPUT_MAX);
    for (int i = 0; i < PEERS; i++) {
        s->peers[i].scene = s;
        s->peers[i].server = net_peer_new(
            s->loop, &(struct net_peer_script){.request = on_request, .context = &s->peers[i]});
    }
    snprintf(s->config, sizeof(s->config), "/tmp/neartop-view-XXXXXX");
    int fd = mkstemp(s->config);
    if (fd < 0)
        return -1;
    close(fd);
    *state = s;
    return 0;
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    loop_child_close(s->child);
    for (int i = 0; i < PEERS; i++)
        net_peer_free(s->peers[i].server);
    loop_free(s->loop);
    buf_release(&s->output);
    unlink(s->config);
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
view(struct scene *s)
{
    char text[400];
    const char *argv[] = {tested_path(), "contract", "call-function", "as-read-only", "a.near", "m",
                          "json-args", "{}", "network-config", "x", "at-block-height", "7", "--config",
                          s->config, NULL};
    snprintf(text, sizeof(text), "[general]\nnear_cli = no\n[network x]\n"
             "[endpoint usual]\nnetwork = x\nurl = http://127.0.0.1:%d\n"
             "[endpoint other]\nnetwork = x\nurl = http://127.0.0.1:%d\nweight = 10\n",
             net_peer_port(s->peers[0].server), net_peer_port(s->peers[1].server));
    assert_int_equal(file_write(s->config, str_from(text), 0600, NULL), OK);
    assert_int_equal(loop_spawn(s->loop, &(struct loop_child_args){
        .argv = argv, .line_max = 65536, .output = on_line, .errors = on_line, .exited = on_over,
        .context = s}, &s->child, NULL), OK);
    net_wait_count(s->loop, &s->over, 1);
}

static void
view__asks_all_endpoints__for_a_block_that_one_has_not(void **state)
{
    struct scene *s = *state;
    s->peers[1].has_block = true;
    view(s);
    assert_string_equal(buf_c(&s->output), "42\n");
    assert_int_equal(s->status, 0);
    assert_int_equal(s->peers[0].asked, 1);
    assert_int_equal(s->peers[1].asked, 1);
}

static void
view__says_what_a_missing_block_may_mean__when_nobody_has_it(void **state)
{
    struct scene *s = *state;
    view(s);
    assert_string_equal(buf_c(&s->output),
                        "neartop: none of 2 endpoints has block 7: the chain skipped it, it is not there "
                        "yet, or it is so old that an archival endpoint is needed\n");
    assert_int_equal(s->status, 3);
    assert_int_equal(s->peers[0].asked, 1);
    assert_int_equal(s->peers[1].asked, 1);
}

static void
view__ends__when_one_has_not_the_block_and_the_other_cannot_be_asked(void **state)
{
    struct scene *s = *state;
    char expected[400];
    s->peers[1].is_broken = true;
    view(s);
    snprintf(expected, sizeof(expected), "neartop: 127.0.0.1:%d has no block 7, and the others did not "
             "answer: the chain skipped it, it is not there yet, or it is so old that an archival endpoint "
             "is needed\n", net_peer_port(s->peers[0].server));
    assert_string_equal(buf_c(&s->output), expected);
    assert_int_equal(s->status, 3);
    assert_in_range(s->peers[0].asked, 1, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(view__asks_all_endpoints__for_a_block_that_one_has_not, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(view__says_what_a_missing_block_may_mean__when_nobody_has_it,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            view__ends__when_one_has_not_the_block_and_the_other_cannot_be_asked, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
