/* An endpoint that hangs: whoever waits is told long before the time-out, and when it is over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/sources.h"
#include "tests/support/net_peer.h"
#include "tests/support/net_wait.h"

enum { HANGS_MOST = 4 };

struct scene {
    struct loop *loop;
    struct net_peer *peer;
    struct net_link *links[HANGS_MOST];     /* not answered yet */
    struct sources *sources;
    int requests, answered, told;
    enum source_state state;
    char text[DIAG_MAX];
};

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct scene *s = context;
    (void)request;
    assert_true(s->requests < HANGS_MOST);
    s->links[s->requests++] = link;
}

static void
on_event(void *context, const struct event *ev)
{
    struct scene *s = context;
    if (ev->kind != EVENT_SOURCE || ev->source != SOURCE_RPC)
        return;
    s->told++;
    s->state = ev->health.state;
    snprintf(s->text, sizeof(s->text), "%.*s", STR_ARG(ev->health.text));
}

static size_t
no_wants(void *context, struct want *out, size_t max)
{
    (void)context;
    (void)out;
    (void)max;
    return 0;
}

static void
on_reply(void *context, const struct rpc_reply *reply)
{
    struct scene *s = context;
    (void)reply;
    s->answered++;
}

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    s->loop = loop_new();
    s->peer = net_peer_new(s->loop, &(struct net_peer_script){.request = on_request, .context = s});
    s->sources = sources_new(s->loop, &(struct sources_config){
        .rpc_url = net_peer_url(s->peer, "http", "/"), .silence_ms = 1, .wants = no_wants},
        on_event, s);
    *state = s;
    return 0;
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    sources_free(s->sources);
    net_peer_free(s->peer);
    loop_free(s->loop);
    xfree(s);
    return 0;
}

static void
ask(struct scene *s)
{
    int before = s->requests;
    assert_non_null(rpc_start(sources_rpc(s->sources), "block", STR("[]"), 1, on_reply, s));
    net_wait_count(s->loop, &s->requests, before + 1);
}

static void
sources__say_that_nobody_answers__until_somebody_does(void **state)
{
    struct scene *s = *state;
    char expected[DIAG_MAX];
    ask(s);
    net_wait_count(s->loop, &s->told, 1);
    assert_int_equal(s->state, SOURCE_RETRYING);
    snprintf(expected, sizeof(expected), "127.0.0.1:%d has not answered for 0 s; it is waited for",
             net_peer_port(s->peer));
    assert_string_equal(s->text, expected);
    net_link_answer(s->links[0], 200, NULL, STR("{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":1}"));
    net_wait_count(s->loop, &s->answered, 1);
    assert_int_equal(s->told, 2);
    assert_int_equal(s->state, SOURCE_LIVE);
    assert_string_equal(s->text, "");
}

static void
sources__say_what_came_instead__of_an_answer(void **state)
{
    struct scene *s = *state;
    ask(s);
    net_wait_count(s->loop, &s->told, 1);
    net_link_close(s->links[0]);
    net_wait_count(s->loop, &s->answered, 1);
    assert_int_equal(s->told, 2);
    assert_int_equal(s->state, SOURCE_RETRYING);
    assert_non_null(strstr(s->text, "hung up without an answer"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(sources__say_that_nobody_answers__until_somebody_does),
        TEST(sources__say_what_came_instead__of_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
