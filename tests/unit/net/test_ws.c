#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "net/base/xalloc.h"
#include "net/ws.h"
#include "tests/support/net_peer.h"
#include "tests/support/net_wait.h"

enum { MESSAGE_MAX = 300000, SILENCE_MS = 600 };

/* What the peer does with an upgrade. */
enum deed {
    ACCEPTS, REFUSES_404, REFUSES_401, REFUSES_429, REFUSES_503, REDIRECTS, IS_SILENT, HANGS_UP,
    SAYS_GARBAGE
};

struct scene {
    struct loop *loop;
    struct net_peer *peer;
    struct net_link *link;
    struct ws *ws;
    enum deed deed;
    bool closes_in_message, closes_in_end, is_client_deaf;
    int upgrades, opened, messages, ended, trips, frames, gone;
    int last_opcode;
    size_t last_size;
    struct ws_end end;
    char path[64];
    struct buf text, frame_text;
};

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct scene *s = context;
    s->link = link;
    s->upgrades++;
    assert_true(request->is_upgrade);
    snprintf(s->path, sizeof(s->path), "%.*s", STR_ARG(request->path));
    switch (s->deed) {
    case ACCEPTS: net_link_upgrade(link, request); break;
    case REFUSES_404: net_link_answer(link, 404, NULL, STR("no such feed")); break;
    case REFUSES_401: net_link_answer(link, 401, NULL, STR("who are you")); break;
    case REFUSES_429: net_link_answer(link, 429, NULL, STR("so many of you")); break;
    case REFUSES_503: net_link_answer(link, 503, NULL, STR("")); break;
    case REDIRECTS: net_link_answer(link, 302, "Location: /elsewhere\r\n", STR("")); break;
    case IS_SILENT: break;
    case HANGS_UP: net_link_close(link); break;
    case SAYS_GARBAGE:
        net_link_raw(link, STR("\x81\x05hello what\r\n\r\n"));
        net_link_close(link);
        break;
    }
}

static void
on_frame(void *context, struct net_link *link, int opcode, struct str payload)
{
    struct scene *s = context;
    (void)link;
    s->frames++;
    s->last_opcode = opcode;
    buf_clear(&s->frame_text);
    buf_add_str(&s->frame_text, payload);
}

static void
on_gone(void *context, struct net_link *link)
{
    struct scene *s = context;
    if (s->link == link)
        s->link = NULL;
    s->gone++;
}

static void
on_opened(void *context)
{
    struct scene *s = context;
    s->opened++;
}

static void
on_message(void *context, struct str text)
{
    struct scene *s = context;
    s->messages++;
    s->last_size = text.n;
    buf_addf(&s->text, "<%.*s>", STR_ARG(str_slice(text, 0, 100)));
    if (s->closes_in_message) {
        ws_close(s->ws);
        s->ws = NULL;
    }
}

static void
on_trip(void *context, int64_t took_ns)
{
    struct scene *s = context;
    assert_true(took_ns >= 0);
    s->trips++;
}

static void
on_ended(void *context, const struct ws_end *end)
{
    struct scene *s = context;
    s->ended++;
    s->end = *end;
    if (s->closes_in_end) {
        ws_close(s->ws);
        s->ws = NULL;
    }
}

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    s->loop = loop_new();
    buf_init(&s->text, 1000);
    buf_init(&s->frame_text, 100000);
    s->peer = net_peer_new(s->loop, &(struct net_peer_script){
        .request = on_request, .frame = on_frame, .gone = on_gone, .context = s});
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
    buf_release(&s->text);
    buf_release(&s->frame_text);
    xfree(s);
    return 0;
}

static void
open_url(struct scene *s, const char *url, uint32_t open_timeout_ms, uint32_t silence_ms)
{
    struct diag d = {0};
    const struct ws_args args = {
        .url = url, .message_max = MESSAGE_MAX, .open_timeout_ms = open_timeout_ms,
        .silence_ms = silence_ms, .opened = on_opened, .message = on_message,
        .round_trip = on_trip, .ended = on_ended, .context = s};
    ws_close(s->ws);
    s->ws = NULL;
    if (ws_open(s->loop, &args, &s->ws, &d))
        fail_msg("%s", diag_text(&d));
}

static void
open_peer(struct scene *s, enum deed deed)
{
    s->deed = deed;
    open_url(s, net_peer_url(s->peer, "ws", "/events/block_info"), 20000, 0);
}

static void
open_and_wait(struct scene *s)
{
    int before = s->opened;
    open_peer(s, ACCEPTS);
    assert_int_equal(s->opened, before);
    net_wait_count(s->loop, &s->opened, before + 1);
    assert_true(ws_is_open(s->ws));
}

static void
ws_open__gives_whole_messages(void **state)
{
    struct scene *s = *state;
    open_and_wait(s);
    assert_string_equal(s->path, "/events/block_info");
    net_link_text(s->link, STR("[1]"));
    net_wait_count(s->loop, &s->messages, 1);
    net_link_frame(s->link, 1, false, STR("one "));
    net_link_frame(s->link, 9, true, STR("ping"));
    net_link_frame(s->link, 0, false, STR("two "));
    net_link_frame(s->link, 0, true, STR("three"));
    net_link_text(s->link, STR(""));
    net_link_text(s->link, STR("four"));
    net_wait_count(s->loop, &s->messages, 4);
    assert_string_equal(buf_c(&s->text), "<[1]><one two three><><four>");
    /* The pong of that ping. */
    net_wait_count(s->loop, &s->frames, 1);
    assert_int_equal(s->last_opcode, 10);
    assert_string_equal(buf_c(&s->frame_text), "ping");
}

static void
ws_open__joins_a_message__when_it_comes_in_pieces(void **state)
{
    struct scene *s = *state;
    open_and_wait(s);
    char *big = xmalloc(MESSAGE_MAX);
    memset(big, 'x', MESSAGE_MAX);
    net_link_text(s->link, str_of(big, MESSAGE_MAX));
    net_wait_count(s->loop, &s->messages, 1);
    assert_int_equal(s->last_size, MESSAGE_MAX);
    xfree(big);
}

static void
ws_open__ends_with_1009__when_a_message_is_too_long(void **state)
{
    struct scene *s = *state;
    size_t n = 3 * 1024 * 1024;
    char *big = xmalloc(n);
    memset(big, 'x', n);
    open_and_wait(s);
    net_link_text(s->link, str_of(big, n));
    net_wait_count(s->loop, &s->ended, 1);
    assert_int_equal(s->messages, 0);
    assert_int_equal(s->end.error, ERR_TOO_LARGE);
    assert_non_null(strstr(s->end.diag.text, "a message of more than 300000 bytes"));
    /* The same through fragments without an end. */
    open_and_wait(s);
    net_link_frame(s->link, 1, false, str_of(big, 200000));
    net_link_frame(s->link, 0, false, str_of(big, 200000));
    net_wait_count(s->loop, &s->ended, 2);
    assert_int_equal(s->end.error, ERR_TOO_LARGE);
    xfree(big);
}

static void
ws_send__queues__until_it_is_open(void **state)
{
    struct scene *s = *state;
    open_peer(s, ACCEPTS);
    assert_true(ws_send(s->ws, STR("{\"And\":[]}")));
    net_wait_count(s->loop, &s->frames, 1);
    while (s->last_opcode != 1)
        net_wait_count(s->loop, &s->frames, s->frames + 1);
    assert_string_equal(buf_c(&s->frame_text), "{\"And\":[]}");
    int before = s->frames;
    assert_true(ws_send(s->ws, STR("two")));
    assert_true(ws_send(s->ws, STR("three")));
    net_wait_count(s->loop, &s->frames, before + 2);
    assert_string_equal(buf_c(&s->frame_text), "three");
    char *big = xcalloc(1, 2 * 1024 * 1024);
    assert_false(ws_send(s->ws, str_of(big, 2 * 1024 * 1024)));
    xfree(big);
}

static void
ws_open__tells_the_status__when_the_upgrade_is_refused(void **state)
{
    struct scene *s = *state;
    static const struct {
        enum deed deed;
        int status;
        const char *end;
    } cases[] = {{REFUSES_404, 404, "HTTP status 404"},
                 {REFUSES_401, 401, "HTTP status 401: it wants a token or an API key, or another one"},
                 {REFUSES_429, 429, "HTTP status 429: it has too much from this address"},
                 {REFUSES_503, 503, "HTTP status 503"},
                 {REDIRECTS, 302, "HTTP status 302"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        open_peer(s, cases[i].deed);
        net_wait_count(s->loop, &s->ended, (int)i + 1);
        assert_int_equal(s->end.http_status, cases[i].status);
        assert_int_equal(s->end.error, ERR_HTTP);
        assert_non_null(strstr(s->end.diag.text, "the upgrade was refused with HTTP status"));
        assert_true(str_ends(str_from(s->end.diag.text), str_from(cases[i].end)));
    }
    assert_int_equal(s->opened, 0);
}

/* Who pastes an address may have an API key in it. */
static void
ws_open__says_no_more_of_the_address__than_its_host_and_what_was_asked_for(void **state)
{
    struct scene *s = *state;
    char host[64];
    s->deed = REFUSES_404;
    snprintf(host, sizeof(host), "127.0.0.1:%d/events/block_info: the upgrade", net_peer_port(s->peer));
    open_url(s, net_peer_url(s->peer, "ws", "/events/literal-key-of-mine/events/block_info"), 20000, 0);
    net_wait_count(s->loop, &s->ended, 1);
    assert_ptr_equal(strstr(s->end.diag.text, host), s->end.diag.text);
    open_url(s, net_peer_url(s->peer, "ws", "/literal-key-of-mine"), 20000, 0);
    net_wait_count(s->loop, &s->ended, 2);
    assert_null(strstr(s->end.diag.text, "literal"));
}

static void
ws_open__fails__when_the_peer_is_no_such_thing(void **state)
{
    struct scene *s = *state;
    char url[64];
    open_peer(s, HANGS_UP);
    net_wait_count(s->loop, &s->ended, 1);
    assert_int_equal(s->end.error, ERR_NET);
    open_peer(s, SAYS_GARBAGE);
    net_wait_count(s->loop, &s->ended, 2);
    assert_int_equal(s->end.error, ERR_NET);
    snprintf(url, sizeof(url), "ws://127.0.0.1:%d/x", net_peer_refused_port());
    open_url(s, url, 20000, 0);
    net_wait_count(s->loop, &s->ended, 3);
    assert_int_equal(s->end.error, ERR_NET);
    assert_non_null(strstr(s->end.diag.text, "cannot be connected to"));
    open_url(s, "ws://no-such-host.invalid/x", 20000, 0);
    net_wait_count(s->loop, &s->ended, 4);
    assert_int_equal(s->end.error, ERR_NET);
    assert_non_null(strstr(s->end.diag.text, "the address of no-such-host.invalid"));
    assert_int_equal(s->opened, 0);
}

static void
ws_open__times_out__when_the_peer_accepts_and_is_silent(void **state)
{
    struct scene *s = *state;
    s->deed = IS_SILENT;
    open_url(s, net_peer_url(s->peer, "ws", "/"), 50, 0);
    net_wait_count(s->loop, &s->ended, 1);
    assert_int_equal(s->end.error, ERR_TIMEOUT);
}

static void
ws_open__refuses__when_the_address_is_of_another_kind(void **state)
{
    struct scene *s = *state;
    struct diag d = {0};
    const struct ws_args args = {.url = "http://127.0.0.1/", .message_max = 1};
    assert_int_equal(ws_open(s->loop, &args, &s->ws, &d), ERR_SYNTAX);
    assert_null(s->ws);
}

static void
ws_open__tells_the_close_code__when_the_peer_closes(void **state)
{
    struct scene *s = *state;
    open_and_wait(s);
    net_link_close_frame(s->link, 1007, "Invalid filter");
    net_wait_count(s->loop, &s->ended, 1);
    assert_int_equal(s->end.close_code, 1007);
    assert_int_equal(s->end.error, ERR_NET);
    assert_non_null(strstr(s->end.diag.text, "closed by the peer (1007, Invalid filter)"));
    open_and_wait(s);
    net_link_close_frame(s->link, 1000, "");
    net_wait_count(s->loop, &s->ended, 2);
    assert_int_equal(s->end.error, OK);
    open_and_wait(s);
    net_link_reset(s->link);
    net_wait_count(s->loop, &s->ended, 3);
    assert_int_equal(s->end.error, ERR_NET);
    assert_false(ws_send(s->ws, STR("x")));
}

static void
ws_open__ends__when_frames_are_broken(void **state)
{
    struct scene *s = *state;
    static const struct {
        const char *bytes;
        size_t n;
    } cases[] = {
        {"\x81\x03\xff\xfe\xfd", 5},                            /* not UTF-8 */
        {"\xf1\x01x", 3},                                       /* reserved bits */
        {"\x83\x01x", 3},                                       /* reserved opcode */
        {"\x82\x01x", 3},                                       /* binary */
        {"\x81\x7f\x00\x00\x01\x00\x00\x00\x00\x00xxxxxxxx", 18},   /* 2^40 bytes to come */
        {"\x80\x01x", 3},                                       /* goes on with nothing */
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        open_and_wait(s);
        net_link_raw(s->link, str_of(cases[i].bytes, cases[i].n));
        if (i == 4) {
            char *big = xcalloc(1, 2 * MESSAGE_MAX);
            memset(big, 'x', 2 * MESSAGE_MAX);
            net_link_raw(s->link, str_of(big, 2 * MESSAGE_MAX));
            xfree(big);
        }
        net_wait_count(s->loop, &s->ended, (int)i + 1);
        assert_int_not_equal(s->end.error, OK);
        assert_int_equal(s->messages, 0);
    }
}

static void
ws_open__pings__and_ends_when_the_peer_is_dead(void **state)
{
    struct scene *s = *state;
    s->deed = ACCEPTS;
    open_url(s, net_peer_url(s->peer, "ws", "/"), 20000, SILENCE_MS);
    net_wait_count(s->loop, &s->trips, 3);
    /* A peer that is stopped: its watch goes, so that no ping is answered. */
    net_peer_free(s->peer);
    net_wait_count(s->loop, &s->ended, 1);
    assert_int_not_equal(s->end.error, OK);
    s->peer = net_peer_new(s->loop, &(struct net_peer_script){
        .request = on_request, .frame = on_frame, .gone = on_gone, .context = s});
}

static void
ws_open__holds_on__when_the_program_itself_was_held_up(void **state)
{
    struct scene *s = *state;
    s->deed = ACCEPTS;
    open_url(s, net_peer_url(s->peer, "ws", "/"), 20000, SILENCE_MS);
    net_wait_count(s->loop, &s->trips, 2);
    nanosleep(&(struct timespec){.tv_sec = 2 * SILENCE_MS / 1000,
                                 .tv_nsec = 2 * SILENCE_MS % 1000 * 1000000}, NULL);
    net_wait_count(s->loop, &s->trips, 4);
    assert_int_equal(s->ended, 0);
}

static void
ws_close__hangs_up_and_calls_nobody(void **state)
{
    struct scene *s = *state;
    open_and_wait(s);
    ws_close(s->ws);
    s->ws = NULL;
    net_wait_count(s->loop, &s->gone, 1);
    assert_int_equal(s->ended, 0);
}

static void
ws_close__is_fine__when_inside_a_callback(void **state)
{
    struct scene *s = *state;
    open_and_wait(s);
    s->closes_in_message = true;
    net_link_text(s->link, STR("one"));
    net_link_text(s->link, STR("two"));
    net_wait_count(s->loop, &s->gone, 1);
    assert_int_equal(s->messages, 1);
    assert_int_equal(s->ended, 0);
    s->closes_in_end = true;
    open_peer(s, REFUSES_404);
    net_wait_count(s->loop, &s->ended, 1);
    assert_null(s->ws);
    open_url(s, "ws://no-such-host.invalid/x", 20000, 0);
    net_wait_count(s->loop, &s->ended, 2);
    assert_null(s->ws);
}

static void
ws_close__is_fine__at_every_stage(void **state)
{
    struct scene *s = *state;
    open_peer(s, IS_SILENT);
    ws_close(s->ws);
    s->ws = NULL;
    open_url(s, "ws://no-such-host.invalid/x", 20000, 0);
    loop_turn(s->loop);
    /* That there is no such host may be known by now. */
    int ended = s->ended;
    ws_close(s->ws);
    s->ws = NULL;
    open_peer(s, IS_SILENT);
    net_wait_count(s->loop, &s->upgrades, 1);
    ws_close(s->ws);
    s->ws = NULL;
    net_wait_count(s->loop, &s->gone, 1);
    /* One is left open: the loop ends with it. */
    open_and_wait(s);
    assert_int_equal(s->ended, ended);
}

static void
ws_open__goes_past_the_proxy__when_it_is_the_loopback(void **state)
{
    struct scene *s = *state;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    open_and_wait(s);
    unsetenv("http_proxy");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(ws_open__gives_whole_messages),
        TEST(ws_open__joins_a_message__when_it_comes_in_pieces),
        TEST(ws_open__ends_with_1009__when_a_message_is_too_long),
        TEST(ws_send__queues__until_it_is_open),
        TEST(ws_open__tells_the_status__when_the_upgrade_is_refused),
        TEST(ws_open__says_no_more_of_the_address__than_its_host_and_what_was_asked_for),
        TEST(ws_open__fails__when_the_peer_is_no_such_thing),
        TEST(ws_open__times_out__when_the_peer_accepts_and_is_silent),
        TEST(ws_open__refuses__when_the_address_is_of_another_kind),
        TEST(ws_open__tells_the_close_code__when_the_peer_closes),
        TEST(ws_open__ends__when_frames_are_broken),
        TEST(ws_open__pings__and_ends_when_the_peer_is_dead),
        TEST(ws_open__holds_on__when_the_program_itself_was_held_up),
        TEST(ws_close__hangs_up_and_calls_nobody),
        TEST(ws_close__is_fine__when_inside_a_callback),
        TEST(ws_close__is_fine__at_every_stage),
        TEST(ws_open__goes_past_the_proxy__when_it_is_the_loopback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
