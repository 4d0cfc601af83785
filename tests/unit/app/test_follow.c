/* Calls found by the hundred: how many are followed, which wait, which leave, and what is said. A
 * feed tells of them; nobody asks a node. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "net/relay/finder.h"
#include "tests/support/net_peer.h"
#include "tests/support/net_wait.h"
#include "tui/app/follow.h"
#include "tui/app/session.h"

enum { FOUND_MOST = FOLLOW_MAX + FOLLOW_WAITING_MAX + 100, A_MESSAGE = 500, MESSAGE_BYTES = 256 * 1024 };

struct scene {
    struct session session;
    struct opts opts;
    struct front front;
    struct net_peer *peer;
    struct net_link *link;      /* the feed's subscription, once its filter has come */
    int subscribed, found, ended, left, troubles;
    unsigned began[FOUND_MOST], gone[FOUND_MOST];       /* numbers, in order */
    char trouble[DIAG_MAX];     /* the last */
};

static struct hash
tx_of(unsigned number)
{
    struct hash h = {{0}};
    h.b[0] = 1;
    memcpy(h.b + 1, &number, sizeof(number));
    return h;
}

static unsigned
number_of(const struct hash *tx)
{
    unsigned number;
    memcpy(&number, tx->b + 1, sizeof(number));
    return number;
}

/* --- the feed ----------------------------------------------------------------------------- */

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    (void)context;
    if (request->is_upgrade && str_starts(request->path, STR("/events/tx_receipt")))
        net_link_upgrade(link, request);
    else
        net_link_answer(link, 404, NULL, STR(""));
}

static void
on_frame(void *context, struct net_link *link, int opcode, struct str payload)
{
    struct scene *s = context;
    (void)payload;
    if (opcode != 1)
        return;
    s->link = link;
    s->subscribed++;
}

/* Calls `from` to before `to`, in messages of A_MESSAGE; each is acted upon in one piece. */
static void
tell(struct scene *s, unsigned from, unsigned to)
{
    struct buf text;
    char id[HASH_TEXT];
    buf_init(&text, MESSAGE_BYTES);
    while (from < to) {
        unsigned end = to - from > A_MESSAGE ? from + A_MESSAGE : to;
        for (buf_clear(&text); from < end; from++) {
            struct hash tx = tx_of(from);
            buf_addf(&text, "%s{\"transaction_id\":\"%s\",\"receipt_id\":\"%s\",\"success\":true,"
                     "\"block_height\":1,\"block_timestamp_nanosec\":\"1\"}",
                     text.n ? "," : "[", hash_text(&tx, id), id);
        }
        buf_add_byte(&text, ']');
        assert_false(text.overflowed);
        net_link_text(s->link, buf_str(&text));
    }
    buf_release(&text);
}

/* --- the front ---------------------------------------------------------------------------- */

static void
on_found(struct session *session, const struct hash *tx)
{
    struct scene *s = session->front_data;
    assert_true(s->found < FOUND_MOST);
    s->began[s->found++] = number_of(tx);
}

static void
on_ended(struct session *session, struct call *c)
{
    struct scene *s = session->front_data;
    (void)c;
    s->ended++;
}

static void
on_left(struct session *session, const struct hash *tx)
{
    struct scene *s = session->front_data;
    s->gone[s->left++] = number_of(tx);
}

static void
on_trouble(struct session *session, const struct trouble *t)
{
    struct scene *s = session->front_data;
    if (t->kind == TROUBLE_SOURCE)
        return;
    s->troubles++;
    snprintf(s->trouble, sizeof(s->trouble), "%s", t->text);
}

/* --- the scene ---------------------------------------------------------------------------- */

static size_t
no_wants(void *context, struct want *out, size_t max)
{
    (void)context;
    (void)out;
    (void)max;
    return 0;
}

static void
on_event(void *context, const struct event *ev)
{
    (void)context;
    (void)ev;
}

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    struct session *session = &s->session;
    char rpc[64];
    s->front = (struct front){.found = on_found, .ended = on_ended, .left = on_left,
                              .trouble = on_trouble};
    s->opts.command = COMMAND_FOLLOW;
    s->opts.arguments[s->opts.argument_count++] = "a.near";
    session->opts = &s->opts;
    session->front = &s->front;
    session->front_data = s;
    session->loop = loop_new();
    session->store = store_new();
    s->peer = net_peer_new(session->loop, &(struct net_peer_script){
        .request = on_request, .frame = on_frame, .context = s});
    snprintf(rpc, sizeof(rpc), "http://127.0.0.1:%d", net_peer_port(s->peer));
    snprintf(session->network.ws, sizeof(session->network.ws), "ws://127.0.0.1:%d",
             net_peer_port(s->peer));
    session->sources = sources_new(session->loop, &(struct sources_config){
        .rpc_url = rpc, .wants = no_wants}, on_event, session);
    *state = s;
    return 0;
}

static void
begin(struct scene *s, unsigned keep)
{
    s->opts.keep = (struct option_value){.is_given = keep != 0, .number = keep};
    s->session.follow = follow_start(&s->session);
    net_wait_count(s->session.loop, &s->subscribed, 1);
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    follow_stop(s->session.follow);
    sources_free(s->session.sources);
    net_peer_free(s->peer);
    loop_free(s->session.loop);
    store_free(s->session.store);
    xfree(s);
    return 0;
}

/* As one that no node knows any more. */
static void
end_call(struct scene *s, unsigned number)
{
    const struct event over = {.kind = EVENT_TX_STATE, .source = SOURCE_RPC, .tx = tx_of(number),
                               .tx_state = {.state = TX_UNOBSERVED}};
    store_apply(s->session.store, &over);
    follow_update(s->session.follow);
}

static void
assert_in_order(const struct scene *s, unsigned count)
{
    assert_int_equal(s->found, count);
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(s->began[i], i);
}

/* --- tests -------------------------------------------------------------------------------- */

static void
follow__begins_those_that_wait__in_order_when_there_is_room(void **state)
{
    struct scene *s = *state;
    struct follow *f;
    begin(s, 0);
    f = s->session.follow;
    tell(s, 0, FOLLOW_MAX);
    net_wait_count(s->session.loop, &s->found, FOLLOW_MAX);
    assert_int_equal(follow_live(f), FOLLOW_MAX);
    /* Three more in a message, the first of which gets the room of one that ended. */
    tell(s, FOLLOW_MAX, FOLLOW_MAX + 3);
    end_call(s, 7);
    assert_in_order(s, FOLLOW_MAX);
    assert_int_equal(follow_live(f), FOLLOW_MAX - 1);
    net_wait_count(s->session.loop, &s->found, FOLLOW_MAX + 1);
    end_call(s, 0);
    end_call(s, FOLLOW_MAX - 1);
    assert_in_order(s, FOLLOW_MAX + 3);
    assert_int_equal(follow_live(f), FOLLOW_MAX);
    /* Nobody waits any more. */
    end_call(s, 1);
    end_call(s, FOLLOW_MAX + 2);
    assert_in_order(s, FOLLOW_MAX + 3);
    assert_int_equal(follow_live(f), FOLLOW_MAX - 2);
    assert_int_equal(follow_ended(f), 5);
    assert_int_equal(s->ended, 5);
    assert_int_equal(s->troubles, 0);
}

static void
follow__passes_over_what_is_too_much__with_a_word(void **state)
{
    struct scene *s = *state;
    enum { ALL = FOLLOW_MAX + FOLLOW_WAITING_MAX, SOME = FOLLOW_MAX + FINDER_REMEMBERS + 100 };
    begin(s, 0);
    tell(s, 0, SOME);
    /* The first that waits is told of again, when the finder has forgotten that it was told of. */
    tell(s, FOLLOW_MAX, FOLLOW_MAX + 1);
    tell(s, SOME, ALL + 2);
    net_wait_count(s->session.loop, &s->troubles, 1);
    assert_string_equal(s->trouble, "more calls come than can be followed: some are passed over");
    assert_in_order(s, FOLLOW_MAX);
    for (unsigned i = 0; i < ALL; i++)
        end_call(s, i);
    assert_in_order(s, ALL);
    assert_int_equal(follow_live(s->session.follow), 0);
    /* Said once. */
    assert_int_equal(s->troubles, 1);
}

static void
follow__lets_the_one_that_ended_first_go__beyond_what_is_kept(void **state)
{
    static const unsigned order[] = {2, 0, 3, 1};
    struct scene *s = *state;
    begin(s, 2);
    tell(s, 0, 5);
    net_wait_count(s->session.loop, &s->found, 5);
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        struct hash tx = tx_of(order[i]);
        end_call(s, order[i]);
        assert_non_null(store_call(s->session.store, &tx));
        assert_int_equal(s->left, i < 2 ? 0 : i - 1);
        assert_int_equal(s->session.store->left_count, s->left);
    }
    for (size_t i = 0; i < 2; i++) {
        struct hash tx = tx_of(order[i]);
        assert_int_equal(s->gone[i], order[i]);
        assert_null(store_call(s->session.store, &tx));
    }
    /* The front tells of each: no other word. */
    session_tell_left(&s->session);
    assert_int_equal(s->troubles, 0);
}

static void
session_tell_left__says_the_limit__once(void **state)
{
    struct scene *s = *state;
    s->front.left = NULL;
    begin(s, 1);
    tell(s, 0, 4);
    net_wait_count(s->session.loop, &s->found, 4);
    end_call(s, 0);
    session_tell_left(&s->session);
    assert_int_equal(s->troubles, 0);
    end_call(s, 1);
    session_tell_left(&s->session);
    assert_int_equal(s->troubles, 1);
    assert_string_equal(s->trouble, "1 call that has ended is kept (--keep): from now on the oldest "
                                    "leaves when one ends");
    end_call(s, 2);
    session_tell_left(&s->session);
    assert_int_equal(s->troubles, 1);
}

static void
session_tell_left__says_the_stores_limit__when_nothing_is_followed(void **state)
{
    struct scene *s = *state;
    char expected[DIAG_MAX];
    s->front.left = NULL;
    for (unsigned i = 0; i <= STORE_MAX_CALLS; i++) {
        const struct event sent = {.kind = EVENT_TX_STATE, .source = SOURCE_RPC, .tx = tx_of(i),
                                   .tx_state = {.state = TX_SENT}};
        assert_int_equal(s->troubles, 0);
        store_apply(s->session.store, &sent);
        session_tell_left(&s->session);
    }
    snprintf(expected, sizeof(expected), "%d calls are kept: from now on the oldest leaves when one "
             "comes", STORE_MAX_CALLS);
    assert_int_equal(s->troubles, 1);
    assert_string_equal(s->trouble, expected);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(follow__begins_those_that_wait__in_order_when_there_is_room),
        TEST(follow__passes_over_what_is_too_much__with_a_word),
        TEST(follow__lets_the_one_that_ended_first_go__beyond_what_is_kept),
        TEST(session_tell_left__says_the_limit__once),
        TEST(session_tell_left__says_the_stores_limit__when_nothing_is_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
