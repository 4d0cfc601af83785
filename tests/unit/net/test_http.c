#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/http.h"
#include "tests/support/net_peer.h"
#include "tests/support/net_wait.h"

enum { LONG_ANSWER = 40000 };

/* What the peer does with every request. */
enum deed {
    ANSWERS,
    ANSWERS_429,
    ANSWERS_BIG,
    ANSWERS_HALF,
    ANSWERS_GARBAGE,
    HANGS_UP,
    HANGS_UP_ONCE,          /* at the second request */
    ANSWERS_TWICE,          /* the first request, its number */
    RESETS,
    IS_SILENT
};

struct scene {
    struct loop *loop;
    struct http *http;
    struct net_peer *peer;
    enum deed deed;
    int served, answered, again;
    bool spoils;            /* what is no answer to what was asked */
    unsigned repeats;
    enum err error;
    bool was_heard;
    long status;
    int64_t retry_after_ms;
    char body[256], sentence[DIAG_MAX], asked[512];
};

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct scene *s = context;
    s->served++;
    snprintf(s->asked, sizeof(s->asked), "%.*s %.*s %.*s", STR_ARG(request->method),
             STR_ARG(request->path), STR_ARG(request->body));
    static char big[5000], long_one[LONG_ANSWER];
    memset(big, 'b', sizeof(big));
    switch (s->deed) {
    case ANSWERS: net_link_answer(link, 200, NULL, STR("fine")); break;
    case ANSWERS_429: net_link_answer(link, 429, "Retry-After: 7\r\n", STR("slow down")); break;
    case ANSWERS_BIG: net_link_answer(link, 200, NULL, str_of(big, sizeof(big))); break;
    case ANSWERS_HALF:
        net_link_raw(link, STR("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":"));
        net_link_close(link);
        break;
    case ANSWERS_GARBAGE:
        net_link_raw(link, STR("\x01\x02 this is not HTTP at all\r\n\r\n"));
        net_link_close(link);
        break;
    case HANGS_UP: net_link_close(link); break;
    case HANGS_UP_ONCE:
        if (s->served == 2)
            net_link_close(link);
        else
            net_link_answer(link, 200, NULL, STR("fine"));
        break;
    case ANSWERS_TWICE:
        /* Longer than what curl reads at once: of the second it has read nothing then. */
        memset(long_one, '0' + s->served, sizeof(long_one));
        net_link_answer(link, 200, NULL, str_of(long_one, sizeof(long_one)));
        if (s->served == 1)
            net_link_answer(link, 200, NULL, str_of(long_one, sizeof(long_one)));
        break;
    case RESETS: net_link_reset(link); break;
    case IS_SILENT: break;
    }
}

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    s->loop = loop_new();
    s->http = http_new(s->loop);
    s->peer =
        net_peer_new(s->loop, &(struct net_peer_script){.request = on_request, .context = s});
    *state = s;
    return 0;
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    http_free(s->http);
    net_peer_free(s->peer);
    loop_free(s->loop);
    xfree(s);
    return 0;
}

static void ask_url(struct scene *s, const char *url);

static void
on_answer(void *context, const struct http_answer *answer)
{
    struct scene *s = context;
    s->answered++;
    s->error = answer->error;
    s->was_heard = answer->was_heard;
    s->status = answer->status;
    s->repeats += answer->repeats;
    s->retry_after_ms = answer->retry_after_ms;
    if (s->spoils && answer->body.n && answer->body.p[0] - '0' != s->answered)
        http_spoil(answer);
    snprintf(s->body, sizeof(s->body), "%.*s", STR_ARG(str_slice(answer->body, 0, 255)));
    snprintf(s->sentence, sizeof(s->sentence), "%s", diag_text(&answer->diag));
    if (s->again-- > 0)
        ask_url(s, net_peer_url(s->peer, "http", "/"));
}

static struct http_request *
start(struct scene *s, const char *url, struct str body, uint32_t timeout_ms)
{
    return http_start(s->http, &(struct http_args){
        .url = url, .body = body, .timeout_ms = timeout_ms,
        .answer_max = s->deed == ANSWERS_TWICE ? LONG_ANSWER : 4000,
        .done = on_answer, .context = s});
}

static void
ask_url(struct scene *s, const char *url)
{
    int before = s->answered;
    assert_non_null(start(s, url, STR("{\"q\":1}"), 20000));
    assert_int_equal(s->answered, before);
}

static void
ask(struct scene *s, enum deed deed)
{
    s->deed = deed;
    ask_url(s, net_peer_url(s->peer, "http", "/"));
    net_wait_count(s->loop, &s->answered, s->answered + 1);
}

static void
http_start__gives_the_whole_answer(void **state)
{
    struct scene *s = *state;
    ask(s, ANSWERS);
    assert_int_equal(s->error, OK);
    assert_int_equal(s->status, 200);
    assert_string_equal(s->body, "fine");
    assert_string_equal(s->asked, "POST / {\"q\":1}");
    assert_int_equal(s->retry_after_ms, -1);
    assert_non_null(
        start(s, net_peer_url(s->peer, "http", "/status?x=1"), (struct str){0}, 20000));
    net_wait_count(s->loop, &s->answered, 2);
    assert_string_equal(s->asked, "GET /status?x=1 ");
}

static void
http_start__uses_the_connection_again(void **state)
{
    struct scene *s = *state;
    s->again = 20;
    ask(s, ANSWERS);
    net_wait_count(s->loop, &s->answered, 21);
    assert_int_equal(s->served, 21);
    assert_int_equal(net_peer_links(s->peer), 1);
}

/* curl takes a kept connection that ends without an answer for one that was dead before. */
static void
http_start__tells_of_a_repeat__when_a_kept_connection_ends(void **state)
{
    struct scene *s = *state;
    s->deed = HANGS_UP_ONCE;
    s->again = 1;
    ask_url(s, net_peer_url(s->peer, "http", "/"));
    net_wait_count(s->loop, &s->answered, 2);
    assert_int_equal(s->error, OK);
    assert_int_equal(s->served, 3);
    assert_int_equal(s->repeats, 1);
}

/* The second copy is there before the next request is made, and would answer it. */
static void
http_spoil__ends_the_connection__that_is_out_of_step(void **state)
{
    struct scene *s = *state;
    s->spoils = true;
    ask(s, ANSWERS_TWICE);
    assert_int_equal(s->body[0], '1');
    ask(s, ANSWERS_TWICE);
    assert_int_equal(s->body[0], '1');
    ask(s, ANSWERS_TWICE);
    assert_int_equal(s->body[0], '3');
    assert_int_equal(net_peer_links(s->peer), 2);
}

static void
http_start__tells_retry_after__when_asked_too_often(void **state)
{
    struct scene *s = *state;
    ask(s, ANSWERS_429);
    assert_int_equal(s->error, OK);
    assert_int_equal(s->status, 429);
    assert_int_equal(s->retry_after_ms, 7000);
    assert_string_equal(s->body, "slow down");
}

static void
http_start__fails_with_a_sentence__when_the_answer_is_broken(void **state)
{
    struct scene *s = *state;
    static const struct {
        enum deed deed;
        enum err error;
        const char *part;
    } cases[] = {
        {ANSWERS_HALF, ERR_NET, "broke off in the middle of its answer"},
        {ANSWERS_BIG, ERR_TOO_LARGE, "answered with more than 4000 bytes"},
        {ANSWERS_GARBAGE, ERR_NET, "127.0.0.1"},
        {HANGS_UP, ERR_NET, "hung up without an answer"},
        {RESETS, ERR_NET, "127.0.0.1"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        ask(s, cases[i].deed);
        assert_int_equal(s->error, cases[i].error);
        assert_int_equal(s->status, 0);
        assert_string_equal(s->body, "");
        assert_true(s->was_heard);
        if (!strstr(s->sentence, cases[i].part))
            fail_msg("%s", s->sentence);
    }
}

static void
http_start__times_out__when_the_peer_is_silent(void **state)
{
    struct scene *s = *state;
    s->deed = IS_SILENT;
    assert_non_null(start(s, net_peer_url(s->peer, "http", "/"), STR("{}"), 50));
    net_wait_count(s->loop, &s->answered, 1);
    assert_int_equal(s->error, ERR_TIMEOUT);
    assert_true(s->was_heard);
    assert_non_null(strstr(s->sentence, "gave no answer in"));
}

static void
http_start__says_so__when_nobody_listens(void **state)
{
    struct scene *s = *state;
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/", net_peer_refused_port());
    ask_url(s, url);
    net_wait_count(s->loop, &s->answered, 1);
    assert_int_equal(s->error, ERR_NET);
    assert_false(s->was_heard);
    assert_non_null(strstr(s->sentence, "cannot be connected to: Connection refused"));
}

static void
http_start__says_so__when_the_url_is_none(void **state)
{
    struct scene *s = *state;
    ask_url(s, "gopher://127.0.0.1/");
    net_wait_count(s->loop, &s->answered, 1);
    assert_int_equal(s->error, ERR_SYNTAX);
    assert_non_null(strstr(s->sentence, "an address starts with http://"));
}

static void
http_start__goes_past_the_proxy__when_it_is_the_loopback(void **state)
{
    struct scene *s = *state;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    ask(s, ANSWERS);
    unsetenv("http_proxy");
    assert_string_equal(s->body, "fine");
}

static void
http_start__names_the_proxy__when_that_cannot_be_connected_to(void **state)
{
    struct scene *s = *state;
    char proxy[64];
    snprintf(proxy, sizeof(proxy), "http://me:hidden@127.0.0.1:%d", net_peer_refused_port());
    setenv("http_proxy", proxy, 1);
    ask_url(s, "http://rpc.invalid/");
    net_wait_count(s->loop, &s->answered, 1);
    setenv("http_proxy", "gopher://me:hidden@127.0.0.1", 1);
    assert_non_null(strstr(s->sentence, "rpc.invalid cannot be connected to: Connection refused; the way "
                                        "there goes through the proxy of the environment (http_proxy)"));
    ask_url(s, "http://rpc.invalid/");
    net_wait_count(s->loop, &s->answered, 2);
    unsetenv("http_proxy");
    assert_null(strstr(s->sentence, "hidden"));
    assert_non_null(strstr(s->sentence, "(http_proxy)"));
}

static void
http_cancel__calls_nobody(void **state)
{
    struct scene *s = *state;
    s->deed = IS_SILENT;
    struct http_request *r = start(s, net_peer_url(s->peer, "http", "/"), STR("{}"), 20000);
    net_wait_count(s->loop, &s->served, 1);
    http_cancel(r);
    http_cancel(start(s, "nonsense", STR("{}"), 1));
    ask(s, ANSWERS);
    assert_int_equal(s->answered, 1);
    /* One is left under way: tear_down ends it. */
    s->deed = IS_SILENT;
    assert_non_null(start(s, net_peer_url(s->peer, "http", "/"), STR("{}"), 20000));
    net_wait_count(s->loop, &s->served, 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(http_start__gives_the_whole_answer),
        TEST(http_start__uses_the_connection_again),
        TEST(http_start__tells_of_a_repeat__when_a_kept_connection_ends),
        TEST(http_spoil__ends_the_connection__that_is_out_of_step),
        TEST(http_start__tells_retry_after__when_asked_too_often),
        TEST(http_start__fails_with_a_sentence__when_the_answer_is_broken),
        TEST(http_start__times_out__when_the_peer_is_silent),
        TEST(http_start__says_so__when_nobody_listens),
        TEST(http_start__says_so__when_the_url_is_none),
        TEST(http_start__goes_past_the_proxy__when_it_is_the_loopback),
        TEST(http_start__names_the_proxy__when_that_cannot_be_connected_to),
        TEST(http_cancel__calls_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
