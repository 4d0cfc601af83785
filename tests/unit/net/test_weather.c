/* Bad weather: feeds that die, nodes that know too little, lag, or tell of a block that is
 * replaced. Whatever it is, the same tree in the end, or a word of what is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/fork.h"
#include "net/near/base58.h"
#include "net/sources.h"
#include "tests/support/net_follower.h"
#include "tests/support/net_node.h"
#include "tests/support/net_wait.h"

#define PANICS "tests/data/node/portfolio_lending_panics.json"

enum { NODES = 2, BLOCK_MS = 20, PANICS_RECEIPTS = 10 };

struct scene {
    struct loop *loop;
    struct net_node *nodes[NODES];
    struct sources *sources;
    struct net_follower follower;
    int done;
};

static void
on_event(void *context, const struct event *ev)
{
    struct scene *s = context;
    net_follower_event(&s->follower, ev);
}

static size_t
wants(void *context, struct want *out, size_t max)
{
    struct scene *s = context;
    return net_follower_wants(&s->follower, out, max);
}

static void
on_signed(void *context, const struct hash *tx)
{
    struct scene *s = context;
    s->follower.tx = *tx;
    s->follower.is_on = true;
    sources_follow(s->sources, tx, &net_node_transaction(s->nodes[0])->signer);
}

static void
on_done(void *context, enum err error, const struct hash *tx, const struct diag *d)
{
    struct scene *s = context;
    (void)error;
    (void)tx;
    (void)d;
    s->done++;
}

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    s->loop = loop_new();
    *state = s;
    return 0;
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    sources_free(s->sources);
    for (int i = 0; i < NODES; i++) {
        if (s->nodes[i])
            net_node_free(s->nodes[i]);
    }
    loop_free(s->loop);
    xfree(s);
    return 0;
}

/* One node, or two: the second keeps the past and is asked last. */
static void
begin(struct scene *s, const struct net_node_config *first, const struct net_node_config *second,
      bool with_feed)
{
    struct endpoint_config endpoints[NODES];
    s->nodes[0] = net_node_new(s->loop, first);
    s->nodes[1] = second ? net_node_new(s->loop, second) : NULL;
    for (int i = 0; i < NODES && s->nodes[i]; i++)
        endpoints[i] = (struct endpoint_config){
            .url = net_node_rpc_url(s->nodes[i]), .weight = i ? 10 : 500, .is_archival = i};
    s->sources = sources_new(s->loop, &(struct sources_config){
        .endpoints = endpoints, .endpoint_count = second ? 2 : 1,
        .ws_url = with_feed ? net_node_ws_url(s->nodes[0]) : NULL,
        .block_time_ms = BLOCK_MS, .wants = wants}, on_event, s);
}

static void
send_recorded(struct scene *s)
{
    struct secret_key key;
    const struct transaction *tx = net_node_transaction(s->nodes[0]);
    secret_key_from_name(account_str(&tx->signer), &key);
    assert_non_null(send_start(sources_sender(s->sources), &(struct send_args){
        .signer = tx->signer, .receiver = tx->receiver, .key = &key, .actions = tx->actions,
        .action_count = tx->action_count, .signed_ = on_signed, .done = on_done, .context = s}));
}

static void
watch(struct scene *s)
{
    s->follower.tx = net_node_tx(s->nodes[0]);
    s->follower.is_on = true;
    sources_follow(s->sources, &s->follower.tx, NULL);
    sources_poke(s->sources);
}

static bool
is_final(const void *context)
{
    const struct scene *s = context;
    return net_follower_is_final(&s->follower);
}

static void
assert_truth(struct scene *s)
{
    assert_int_equal(s->follower.count, PANICS_RECEIPTS + 1);
    assert_true(net_follower_is_complete(&s->follower));
}

/* --- the feed dies ------------------------------------------------------------------ */

/* The sum of all that the tree says: the same ids, blocks, heights, gas. */
static uint64_t
digest(const struct net_follower *f)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < f->count; i++) {
        const struct follower_node *n = &f->nodes[i];
        uint64_t one = n->gas * 31 + n->height * 1009 + n->is_failure + n->has_outcome * 7u;
        for (size_t k = 0; k < sizeof(n->id.b); k++)
            one = one * 131 + n->id.b[k] + n->block.b[k] * UINT64_C(257);
        sum += one;
    }
    return sum;
}

/* All at once, on one loop: one that is left in peace, and one a message that ends its feed. */
static void
sources__show_the_same_tree__when_the_feed_dies_at_any_message(void **state)
{
    enum { MESSAGES = 12 };
    struct scene *scenes[MESSAGES + 1], *peaceful = *state;
    scenes[0] = peaceful;
    for (int cut = 0; cut <= MESSAGES; cut++) {
        if (cut)
            scenes[cut] = xcalloc(1, sizeof(*peaceful));
        scenes[cut]->loop = peaceful->loop;
        begin(scenes[cut], &(struct net_node_config){.file = PANICS, .block_ms = BLOCK_MS,
                                                     .cut_after = cut}, NULL, true);
        send_recorded(scenes[cut]);
    }
    for (int cut = 0; cut <= MESSAGES; cut++) {
        net_wait_until(peaceful->loop, is_final, scenes[cut]);
        assert_truth(scenes[cut]);
        assert_true(digest(&scenes[cut]->follower) == digest(&peaceful->follower));
        assert_true(net_node_messages(scenes[cut]->nodes[0]) >= cut);
    }
    for (int cut = 1; cut <= MESSAGES; cut++) {
        sources_free(scenes[cut]->sources);
        net_node_free(scenes[cut]->nodes[0]);
        xfree(scenes[cut]);
    }
    print_message("killed at each of %d messages: as often the same tree\n", MESSAGES);
}

/* --- a block that is replaced ------------------------------------------------------- */

static void
sources__take_back__what_a_replaced_block_told(void **state)
{
    struct scene *s = *state;
    /* The third block has the branches. */
    begin(s, &(struct net_node_config){.file = PANICS, .block_ms = BLOCK_MS, .fork_at = 3}, NULL,
          true);
    send_recorded(s);
    net_wait_until(s->loop, is_final, s);
    assert_truth(s);
    assert_true(s->follower.replaced >= 1);
    struct hash other;
    assert_int_equal(hash_parse(STR(NET_NODE_OTHER_BLOCK), &other, NULL), OK);
    for (size_t i = 0; i < s->follower.count; i++)
        assert_false(hash_equal(&s->follower.nodes[i].block, &other));
}

static int replaced_count;
static struct hash replaced_block;

static void
note_replaced(void *context, const struct event *ev)
{
    (void)context;
    assert_int_equal(ev->kind, EVENT_REPLACED);
    replaced_count++;
    replaced_block = ev->replaced.block;
}

static void
hear(struct fork_watch *w, uint64_t height, const char *name, bool is_final_block)
{
    const struct event ev = {
        .kind = EVENT_BLOCK,
        .block = {.hash = hash_of_bytes(str_from(name)), .height = height,
                  .is_final = is_final_block}};
    fork_heard(w, &ev, note_replaced, NULL);
}

static void
fork_heard__tells_once__in_any_order(void **state)
{
    (void)state;
    static struct fork_watch w;
    struct hash a = hash_of_bytes(STR("a"));
    replaced_count = 0;
    hear(&w, 5, "a", false);
    hear(&w, 5, "b", false);
    assert_int_equal(replaced_count, 0);
    hear(&w, 5, "b", true);
    hear(&w, 5, "b", true);
    hear(&w, 5, "a", false);
    assert_int_equal(replaced_count, 1);
    assert_true(hash_equal(&replaced_block, &a));
    /* The final one first. */
    hear(&w, 6, "c", true);
    hear(&w, 6, "d", false);
    assert_int_equal(replaced_count, 2);
    /* Two final ones: a contradiction that is nobody's to settle here. */
    hear(&w, 6, "e", true);
    assert_int_equal(replaced_count, 2);
    /* Long forgotten. */
    for (uint64_t h = 10; h < 10 + FORK_BLOCKS; h++) {
        char name[24];
        snprintf(name, sizeof(name), "%llu", (unsigned long long)h);
        hear(&w, h, name, false);
    }
    hear(&w, 5, "z", false);
    assert_int_equal(replaced_count, 2);
}

/* --- nodes that know too little ----------------------------------------------------- */

static void
sources__ask_elsewhere__for_what_a_node_does_not_have(void **state)
{
    struct scene *s = *state;
    const struct net_node_config poor = {.file = PANICS, .block_ms = BLOCK_MS * 3,
                                         .has_no_receipts = true};
    const struct net_node_config rich = {.file = PANICS, .block_ms = BLOCK_MS * 3};
    begin(s, &poor, &rich, false);
    net_node_begin(s->nodes[0]);
    net_node_begin(s->nodes[1]);
    watch(s);
    net_wait_until(s->loop, is_final, s);
    assert_truth(s);
    assert_true(net_node_count(s->nodes[1], "EXPERIMENTAL_receipt") > 0);
    /* One of them had it: that is no hole. */
    assert_int_equal(s->follower.holes, 0);
}

static void
sources__tell_a_hole__when_nobody_has_it(void **state)
{
    struct scene *s = *state;
    const struct net_node_config poor = {.file = PANICS, .block_ms = BLOCK_MS * 3,
                                         .has_no_receipts = true};
    begin(s, &poor, &poor, false);
    net_node_begin(s->nodes[0]);
    net_node_begin(s->nodes[1]);
    watch(s);
    net_wait_count(s->loop, &s->follower.holes, 1);
    assert_true(net_node_count(s->nodes[0], "EXPERIMENTAL_receipt") > 0);
    assert_true(net_node_count(s->nodes[1], "EXPERIMENTAL_receipt") > 0);
}

static void
sources__ask_the_archive__for_a_transaction_that_is_unknown(void **state)
{
    struct scene *s = *state;
    const struct net_node_config node = {.file = PANICS, .block_ms = BLOCK_MS};
    begin(s, &node, &node, false);
    net_node_begin(s->nodes[1]);
    watch(s);
    net_wait_until(s->loop, is_final, s);
    assert_truth(s);
    assert_true(s->follower.unknown > 0);
    assert_int_equal(s->follower.unobserved, 0);
}

static void
sources__say_not_observed__when_no_endpoint_knows_it(void **state)
{
    struct scene *s = *state;
    const struct net_node_config node = {.file = PANICS, .block_ms = BLOCK_MS};
    begin(s, &node, &node, false);
    watch(s);
    net_wait_count(s->loop, &s->follower.unobserved, 1);
    assert_int_equal(s->follower.state, TX_UNOBSERVED);
    assert_non_null(strstr(s->follower.reason, "none of 2 endpoints has seen it in "));
    assert_true(net_node_count(s->nodes[0], NULL) > 0);
    assert_true(net_node_count(s->nodes[1], NULL) > 0);
    /* It comes after all: then it is there. */
    net_node_begin(s->nodes[1]);
    net_wait_until(s->loop, is_final, s);
    assert_truth(s);
    assert_int_equal(s->follower.unobserved, 1);
}

static void
sources__leave_a_node__that_has_stopped(void **state)
{
    struct scene *s = *state;
    const struct net_node_config stuck = {.file = PANICS, .block_ms = BLOCK_MS, .stuck_at = 3};
    const struct net_node_config fine = {.file = PANICS, .block_ms = BLOCK_MS};
    begin(s, &stuck, &fine, false);
    net_node_begin(s->nodes[0]);
    net_node_begin(s->nodes[1]);
    watch(s);
    net_wait_until(s->loop, is_final, s);
    assert_truth(s);
    assert_int_equal(s->follower.endpoints, 2);
    assert_int_equal(s->follower.endpoint_state[0], ENDPOINT_RESTS);
    assert_non_null(strstr(s->follower.endpoint_reason[0], "it is behind: 127.0.0.1:"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(sources__show_the_same_tree__when_the_feed_dies_at_any_message),
        TEST(sources__take_back__what_a_replaced_block_told),
        cmocka_unit_test(fork_heard__tells_once__in_any_order),
        TEST(sources__ask_elsewhere__for_what_a_node_does_not_have),
        TEST(sources__tell_a_hole__when_nobody_has_it),
        TEST(sources__ask_the_archive__for_a_transaction_that_is_unknown),
        TEST(sources__say_not_observed__when_no_endpoint_knows_it),
        TEST(sources__leave_a_node__that_has_stopped),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
