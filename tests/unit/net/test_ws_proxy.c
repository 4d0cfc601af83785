/* The way of a feed through the proxy of the environment, and past it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/ws.h"
#include "tests/support/net_peer.h"
#include "tests/support/net_wait.h"

struct scene {
    struct loop *loop;
    struct net_peer *peer;      /* the proxy */
    struct ws *ws;
    int requests, ended;
    char head[2000];            /* of the last request */
    struct ws_end end;
};

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct scene *s = context;
    s->requests++;
    snprintf(s->head, sizeof(s->head), "%.*s", STR_ARG(request->head));
    net_link_answer(link, 403, NULL, STR("not to there"));
}

static void
on_message(void *context, struct str text)
{
    (void)context;
    (void)text;
}

static void
on_ended(void *context, const struct ws_end *end)
{
    struct scene *s = context;
    s->ended++;
    s->end = *end;
}

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    char proxy[100];
    s->loop = loop_new();
    s->peer = net_peer_new(s->loop, &(struct net_peer_script){.request = on_request, .context = s});
    snprintf(proxy, sizeof(proxy), "http://me:sesame%%40x@127.0.0.1:%d", net_peer_port(s->peer));
    setenv("https_proxy", proxy, 1);
    *state = s;
    return 0;
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    ws_close(s->ws);
    net_peer_free(s->peer);
    loop_free(s->loop);
    xfree(s);
    unsetenv("https_proxy");
    unsetenv("http_proxy");
    unsetenv("no_proxy");
    return 0;
}

static enum err
try_feed(struct scene *s, const char *url, struct diag *d)
{
    const struct ws_args args = {.url = url, .message_max = 1000, .open_timeout_ms = 20000,
                                 .message = on_message, .ended = on_ended, .context = s};
    enum err e = ws_open(s->loop, &args, &s->ws, d);
    if (!e)
        net_wait_count(s->loop, &s->ended, s->ended + 1);
    ws_close(s->ws);
    s->ws = NULL;
    return e;
}

/* The name is not looked up here: behind a proxy it can often not be. */
static void
ws_open__asks_the_proxy_for_the_name(void **state)
{
    struct scene *s = *state;
    assert_int_equal(try_feed(s, "wss://feed.neartop.invalid/events/x", NULL), OK);
    assert_int_equal(s->requests, 1);
    assert_non_null(strstr(s->head, "CONNECT feed.neartop.invalid:443 HTTP/1.1\r\n"));
    assert_non_null(strstr(s->head, "basic bWU6c2VzYW1lQHg=\r\n"));        /* me:sesame@x */
    assert_int_equal(s->end.error, ERR_NET);
    assert_non_null(strstr(s->end.diag.text, "the way there goes through the proxy of the environment "
                                             "(https_proxy)"));
    assert_null(strstr(s->end.diag.text, "sesame"));
    assert_int_equal(try_feed(s, "wss://[fd00::1]:8443/", NULL), OK);
    assert_non_null(strstr(s->head, "CONNECT [fd00::1]:8443 HTTP/1.1\r\n"));
}

/* 0.0.0.0 is this machine, but not by a name that is known to be. */
static void
ws_open__goes_past_the_proxy__when_no_proxy_names_the_host(void **state)
{
    struct scene *s = *state;
    char url[64];
    snprintf(url, sizeof(url), "wss://0.0.0.0:%d/", net_peer_refused_port());
    assert_int_equal(try_feed(s, url, NULL), OK);
    assert_int_equal(s->requests, 1);
    setenv("no_proxy", "example.org, 0.0.0.0", 1);
    assert_int_equal(try_feed(s, url, NULL), OK);
    assert_int_equal(s->requests, 1);
    assert_int_equal(s->end.error, ERR_NET);
    assert_null(strstr(s->end.diag.text, "proxy"));
    /* One that is passed by does not make the next one pass it by. */
    assert_int_equal(try_feed(s, "wss://feed.neartop.invalid/", NULL), OK);
    assert_int_equal(s->requests, 2);
}

static void
ws_open__goes_past_the_proxy__when_it_is_for_http_alone(void **state)
{
    struct scene *s = *state;
    char url[64];
    setenv("http_proxy", getenv("https_proxy"), 1);
    unsetenv("https_proxy");
    snprintf(url, sizeof(url), "wss://0.0.0.0:%d/", net_peer_refused_port());
    assert_int_equal(try_feed(s, url, NULL), OK);
    snprintf(url, sizeof(url), "ws://0.0.0.0:%d/", net_peer_refused_port());
    assert_int_equal(try_feed(s, url, NULL), OK);
    assert_int_equal(s->requests, 0);
}

static void
ws_open__goes_past_the_proxy__when_it_is_the_loopback(void **state)
{
    struct scene *s = *state;
    char url[64];
    snprintf(url, sizeof(url), "wss://127.0.0.1:%d/", net_peer_refused_port());
    assert_int_equal(try_feed(s, url, NULL), OK);
    assert_int_equal(s->requests, 0);
}

static void
ws_open__refuses__when_the_proxy_is_of_another_kind(void **state)
{
    struct scene *s = *state;
    struct diag d = {0};
    setenv("https_proxy", "socks5://me:sesame@127.0.0.1:1", 1);
    assert_int_equal(try_feed(s, "wss://feed.neartop.invalid/", &d), ERR_UNSUPPORTED);
    assert_string_equal(diag_text(&d), "the proxy of the environment (https_proxy) is none of http://, "
                                       "and no other kind is known here");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(ws_open__asks_the_proxy_for_the_name),
        TEST(ws_open__goes_past_the_proxy__when_no_proxy_names_the_host),
        TEST(ws_open__goes_past_the_proxy__when_it_is_for_http_alone),
        TEST(ws_open__goes_past_the_proxy__when_it_is_the_loopback),
        TEST(ws_open__refuses__when_the_proxy_is_of_another_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
