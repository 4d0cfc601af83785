/* The model is the join of all facts: shuffled, doubled, told by two sources, dropped and asked
 * for again, looked at in between: one tree, to the last derived value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "tests/support/chance.h"
#include "tests/support/model_case.h"
#include "tests/support/model_dump.h"
#include "tui/model/verdict.h"
#include "tui/model/want.h"

enum { SHUFFLES = 150, DROPS = 60, LAST_BLOCK = 1000 };

static const char *const files[] = {
    "portfolio_ok", "portfolio_lending_panics", "portfolio_all_branches_fail",
    "portfolio_sequential", "portfolio_congested", "portfolio_batch_fails", "portfolio_fan_8",
    "portfolio_detached", "portfolio_local_receipt", "portfolio_lending_logs",
    "portfolio_deposit", "portfolio_too_little_gas", "yield_resumed", "transfer"};

#define FILES (sizeof(files) / sizeof(files[0]))

/* The facts of a record, and what two other sources would have told of the same call. */
struct deck {
    struct event *events;
    size_t count, room;
};

static void
put(struct deck *d, const struct event *ev)
{
    void *events = d->events;
    d->room = xgrow(&events, d->room, d->count + 1, sizeof(*d->events));
    d->events = events;
    d->events[d->count++] = *ev;
}

static const struct block_fact *
block_of(const struct model_case *m, const struct hash *hash)
{
    for (size_t i = 0; i < m->facts.count; i++) {
        const struct event *ev = &m->facts.events[i];
        if (ev->kind == EVENT_BLOCK && hash_equal(&ev->block.hash, hash))
            return &ev->block;
    }
    return NULL;
}

/* The same outcome as push tells it: with its block's height and time, and its shard. */
static void
put_pushed(struct deck *d, const struct model_case *m, const struct event *ev)
{
    struct event pushed = *ev;
    const struct block_fact *b = block_of(m, &ev->outcome.block_hash);
    assert_non_null(b);
    pushed.source = SOURCE_PUSH;
    pushed.outcome.has_block_height = pushed.outcome.has_block_time = true;
    pushed.outcome.block_height = b->height;
    pushed.outcome.block_time_ns = b->time_ns;
    pushed.outcome.has_shard = true;
    pushed.outcome.shard = b->height % 4;
    put(d, &pushed);
}

/* The public feed's word, of a receipt that ran in a final block. */
static void
put_executed(struct deck *d, const struct model_case *m, const struct event *ev)
{
    const struct block_fact *b = block_of(m, &ev->outcome.block_hash);
    struct event told = {.kind = EVENT_EXECUTED, .source = SOURCE_FEED, .seen_ns = ev->seen_ns,
                         .tx = ev->tx};
    told.executed.receipt = ev->outcome.id;
    told.executed.block_height = b->height;
    if (!ev->outcome.is_transaction)
        put(d, &told);
}

static struct deck
deck_of(const struct model_case *m)
{
    struct deck d = {NULL, 0, 0};
    for (size_t i = 0; i < m->facts.count; i++) {
        const struct event *ev = &m->facts.events[i];
        put(&d, ev);
        if (ev->kind != EVENT_OUTCOME)
            continue;
        put_pushed(&d, m, ev);
        put_executed(&d, m, ev);
    }
    return d;
}

static void
shuffle(struct deck *d, uint64_t *random)
{
    for (size_t i = d->count; i > 1; i--) {
        size_t j = chance_next(random) % i;
        struct event swap = d->events[i - 1];
        d->events[i - 1] = d->events[j];
        d->events[j] = swap;
    }
}

static char *
dump(const struct model_case *m, struct store *s)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    model_dump(&text, s, model_case_call(m, s));
    assert_false(text.overflowed);
    return buf_take(&text);
}

/* Tells everything once, some of it twice, and derives in between. */
static char *
dump_of_deck(const struct model_case *m, const struct deck *d, uint64_t *random)
{
    struct store *s = store_new();
    for (size_t i = 0; i < d->count; i++) {
        store_apply(s, &d->events[i]);
        if (random && chance_next(random) % 4 == 0)
            store_apply(s, &d->events[chance_next(random) % (i + 1)]);
        if (random && chance_next(random) % 16 == 0 && store_call(s, &m->tx))
            call_update(s, model_case_call(m, s));
    }
    char *text = dump(m, s);
    store_free(s);
    return text;
}

static void
order__any_gives_one_tree(void **state)
{
    uint64_t random = 0x9E3779B97F4A7C15;
    (void)state;
    for (size_t f = 0; f < FILES; f++) {
        struct model_case m;
        model_case_load(&m, files[f]);
        struct deck d = deck_of(&m);
        char *expected = dump_of_deck(&m, &d, NULL);
        for (int i = 0; i < SHUFFLES; i++) {
            shuffle(&d, &random);
            char *got = dump_of_deck(&m, &d, &random);
            if (strcmp(got, expected) != 0)
                fail_msg("%s, shuffle %d:\n%s\ninstead of\n%s", files[f], i, got, expected);
            xfree(got);
        }
        xfree(expected);
        xfree(d.events);
        model_case_release(&m);
    }
}

static void
order__replay_is_no_news(void **state)
{
    (void)state;
    for (size_t f = 0; f < FILES; f++) {
        struct model_case m;
        model_case_load(&m, files[f]);
        struct store *s = model_case_store(&m);
        uint64_t generation = s->generation;
        for (size_t i = 0; i < m.facts.count; i++)
            assert_false(store_apply(s, &m.facts.events[i]));
        assert_true(s->generation == generation);
        store_free(s);
        model_case_release(&m);
    }
}

/* The first receipt follows from the transaction, but for its gas price: nobody asks for it. */
static bool
is_kept(const struct model_case *m, const struct event *ev)
{
    return ev->kind == EVENT_RECEIPT &&
           account_equal(&ev->receipt.predecessor, &m->record.tx.tx.signer);
}

/* Some facts are lost; the wants bring back what matters. */
static char *
dump_after_loss(struct model_case *m, const struct deck *d, uint64_t *random)
{
    struct store *s = store_new();
    const struct event known = {.kind = EVENT_TX_STATE, .source = SOURCE_RPC, .seen_ns = 1,
                                .tx = m->tx, .tx_state = {.state = TX_SENT}};
    store_apply(s, &known);
    uint64_t loss = 1 + chance_next(random) % 15;
    for (size_t i = 0; i < d->count; i++) {
        if (is_kept(m, &d->events[i]) || chance_next(random) % 16 >= loss)
            store_apply(s, &d->events[i]);
    }
    for (int i = 0; i < 8 && !want_nothing(s, model_case_call(m, s)); i++)
        model_case_look(m, s, LAST_BLOCK);
    assert_true(want_nothing(s, model_case_call(m, s)));
    char *text = dump(m, s);
    store_free(s);
    return text;
}

/* Without the first line: whether the node's last word was heard, or all blocks were final
 * before, is no difference. */
static const char *
after_state(const char *text)
{
    return strchr(text, '\n');
}

/* Only RPC tells here: what push alone can tell, nobody could ask for. */
static void
order__what_was_dropped_is_asked_for(void **state)
{
    uint64_t random = 0xD1B54A32D192ED03;
    (void)state;
    for (size_t f = 0; f < FILES; f++) {
        struct model_case m;
        model_case_load(&m, files[f]);
        struct deck d = {NULL, 0, 0};
        for (size_t i = 0; i < m.facts.count; i++)
            put(&d, &m.facts.events[i]);
        char *expected = dump_of_deck(&m, &d, NULL);
        for (int i = 0; i < DROPS; i++) {
            shuffle(&d, &random);
            char *got = dump_after_loss(&m, &d, &random);
            if (strcmp(after_state(got), after_state(expected)) != 0)
                fail_msg("%s, loss %d:\n%s\ninstead of\n%s", files[f], i, got, expected);
            xfree(got);
        }
        xfree(expected);
        xfree(d.events);
        model_case_release(&m);
    }
}

/* --- a block is replaced ------------------------------------------------------------------ */

/* The callback also ran in a block that was replaced: one lower, or as high. */
static void
put_replaced(struct deck *d, const struct model_case *m, uint64_t back)
{
    for (size_t i = m->facts.count; i-- > 0;) {
        const struct event *ev = &m->facts.events[i];
        if (ev->kind != EVENT_OUTCOME || ev->outcome.is_transaction || !ev->outcome.value.n)
            continue;
        const struct block_fact *b = block_of(m, &ev->outcome.block_hash);
        struct event outcome = *ev, block = {.kind = EVENT_BLOCK, .block = *b};
        memset(outcome.outcome.block_hash.b, 0xEE, sizeof(outcome.outcome.block_hash.b));
        outcome.outcome.value = STR("\"from a block that was replaced\"");
        outcome.outcome.child_count = 0;
        outcome.outcome.is_final = false;
        block.block.hash = outcome.outcome.block_hash;
        block.block.height = b->height - back;
        put(d, &outcome);
        put(d, &block);
        return;
    }
}

static void
check_replaced(uint64_t back, bool has_final_block)
{
    uint64_t random = 0xA0761D6478BD642F;
    struct model_case m;
    model_case_load(&m, "portfolio_ok");
    struct deck d = deck_of(&m);
    put_replaced(&d, &m, back);
    for (size_t i = 0; has_final_block && i < m.facts.count; i++) {
        struct event final = m.facts.events[i];
        if (final.kind != EVENT_BLOCK)
            continue;
        final.block.is_final = true;
        put(&d, &final);
    }
    char *expected = dump_of_deck(&m, &d, NULL);
    assert_null(strstr(expected, "from a block that was replaced"));
    for (int i = 0; i < SHUFFLES; i++) {
        shuffle(&d, &random);
        char *got = dump_of_deck(&m, &d, &random);
        assert_string_equal(got, expected);
        xfree(got);
    }
    xfree(expected);
    xfree(d.events);
    model_case_release(&m);
}

static void
order__replaced_block_loses_to_a_later_one(void **state)
{
    (void)state;
    check_replaced(1, false);
}

static void
order__replaced_block_loses_to_a_final_one(void **state)
{
    (void)state;
    check_replaced(0, true);
}

static void
order__replaced_block_loses_to_what_is_told_as_final(void **state)
{
    /* The recorded answer says that all of the call is final. */
    (void)state;
    check_replaced(0, false);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order__any_gives_one_tree),
        cmocka_unit_test(order__replay_is_no_news),
        cmocka_unit_test(order__what_was_dropped_is_asked_for),
        cmocka_unit_test(order__replaced_block_loses_to_a_later_one),
        cmocka_unit_test(order__replaced_block_loses_to_a_final_one),
        cmocka_unit_test(order__replaced_block_loses_to_what_is_told_as_final),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
