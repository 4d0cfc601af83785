/* What is done to a chain for drills, and that it stays a chain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "contract/chain/changes.h"
#include "contract/chain/drill.h"
#include "tests/support/demo_args.h"
#include "tests/unit/chain/fixture.h"

enum { STAKING_SHARD = 2, ALICE_SHARD = 0, STEP = 600000000 };

/* The portfolio and what it asks. */
static void
build(struct fixture *f)
{
    fixture_init(f);
    fixture_account(f, "alice.test.near", NULL);
    fixture_account(f, "portfolio.test.near", "portfolio");
    fixture_account(f, "token.test.near", "leaf");
    fixture_account(f, "lending.test.near", "leaf");
    fixture_account(f, "staking.test.near", "leaf");
    fixture_settle(f);
}

static struct hash
call_portfolio(struct fixture *f)
{
    return fixture_call(f, "alice.test.near", "portfolio.test.near", "get_portfolio_data",
                        DEMO_ARGS);
}

/* Nothing is lost or made: what accounts have and what was burnt is what there was. */
static void
assert_same_supply(const struct fixture *f, struct amount before)
{
    static const char *const names[] = {"test.near", "alice.test.near", "portfolio.test.near",
                                        "token.test.near", "lending.test.near",
                                        "staking.test.near"};
    struct amount sum = amount_of(0);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        assert_true(amount_add(sum, fixture_balance(f, names[i]), &sum));
    assert_amount_equal(sum, chain_head(f->chain)->total_supply);
    assert_true(amount_compare(sum, before) < 0);
}

/* --- a shard without chunks --------------------------------------------------------------- */

static void
chain_stall__makes_receipts_wait__until_the_shard_has_a_chunk(void **state)
{
    enum { BLOCKS = 4 };
    struct fixture f;
    (void)state;
    build(&f);
    struct amount supply = chain_head(f.chain)->total_supply;
    struct hash tx = call_portfolio(&f);
    fixture_blocks(&f, 3);
    const struct chain_outcome *call = fixture_first(&f, &tx);
    assert_int_equal(call->height, chain_head(f.chain)->height);
    const struct chain_chunk *last = &chain_head(f.chain)->chunks[STAKING_SHARD];
    chain_stall(f.chain, STAKING_SHARD, true);
    for (int i = 0; i < BLOCKS; i++) {
        fixture_blocks(&f, 1);
        const struct chain_block *b = chain_head(f.chain);
        assert_false(chain_chunk_is_new(b, STAKING_SHARD));
        assert_true(chain_chunk_is_new(b, ALICE_SHARD));
        assert_true(hash_equal(&b->chunks[STAKING_SHARD].hash, &last->hash));
        assert_int_equal(b->chunks[STAKING_SHARD].height_included, last->height);
        assert_int_equal(b->chunks[STAKING_SHARD].outcome_count, 0);
        assert_ptr_equal(chain_chunk_by_hash(f.chain, &last->hash), last);
    }
    chain_stall(f.chain, STAKING_SHARD, false);
    fixture_blocks(&f, 6);
    /* Two branches at once, the third when its shard has a chunk again, then the callback. */
    assert_int_equal(fixture_child(&f, call, 0)->height, call->height + 1);
    assert_int_equal(fixture_child(&f, call, 1)->height, call->height + 1);
    assert_int_equal(fixture_child(&f, call, 2)->height, call->height + 1 + BLOCKS);
    assert_int_equal(fixture_child(&f, call, 3)->height, call->height + 2 + BLOCKS);
    fixture_settle(&f);
    assert_same_supply(&f, supply);
    fixture_release(&f);
}

/* What a shard has made travels in its next chunk. */
static void
chain_stall__holds_back__what_the_shard_has_made(void **state)
{
    struct fixture f;
    (void)state;
    build(&f);
    struct hash tx = call_portfolio(&f);
    fixture_blocks(&f, 4);
    const struct chain_outcome *call = fixture_first(&f, &tx);
    assert_int_equal(fixture_child(&f, call, 2)->height, chain_head(f.chain)->height);
    chain_stall(f.chain, STAKING_SHARD, true);
    fixture_blocks(&f, 3);
    assert_null(chain_outcome_of(f.chain, &call->children[3]));
    chain_stall(f.chain, STAKING_SHARD, false);
    fixture_blocks(&f, 1);
    assert_int_equal(fixture_child(&f, call, 3)->height, call->height + 5);
    fixture_release(&f);
}

static void
chain_stall__lets_transactions_wait__as_unknown_to_any_block(void **state)
{
    struct fixture f;
    bool is_included = true;
    (void)state;
    build(&f);
    struct hash tx = call_portfolio(&f);
    fixture_blocks(&f, 1);
    assert_non_null(chain_transaction(f.chain, &tx, &is_included));
    assert_true(is_included);
    chain_stall(f.chain, ALICE_SHARD, true);
    fixture_blocks(&f, 3);
    assert_non_null(chain_transaction(f.chain, &tx, &is_included));
    assert_false(is_included);
    assert_null(chain_outcome_of(f.chain, &tx));
    chain_stall(f.chain, ALICE_SHARD, false);
    fixture_blocks(&f, 2);
    assert_int_equal(fixture_outcome(&f, &tx)->height, chain_head(f.chain)->height);
    fixture_release(&f);
}

static void
chain_stall__refuses_transactions__after_a_hundred_chunks(void **state)
{
    struct fixture f;
    struct action transfer = action_transfer_of(near(1));
    struct invalid_tx why;
    struct hash hash;
    (void)state;
    build(&f);
    chain_stall(f.chain, STAKING_SHARD, true);
    fixture_blocks(&f, 99);
    struct transaction tx =
        fixture_tx(&f, "alice.test.near", "staking.test.near", &transfer, 1);
    assert_int_equal(fixture_submit(&f, &tx, "alice.test.near", &why, &hash), TX_VALID);
    fixture_blocks(&f, 1);
    tx = fixture_tx(&f, "alice.test.near", "staking.test.near", &transfer, 1);
    assert_int_equal(fixture_submit(&f, &tx, "alice.test.near", &why, &hash),
                     INVALID_SHARD_STUCK);
    assert_int_equal(why.a, STAKING_SHARD);
    assert_int_equal(why.b, 100);
    fixture_release(&f);
}

/* --- a shard that others keep busy -------------------------------------------------------- */

static void
chain_load__delays_receipts_and_raises_the_price__while_it_lasts(void **state)
{
    struct fixture f;
    (void)state;
    build(&f);
    for (size_t i = 0; i < chain_shard_count(f.chain); i++)
        chain_load(f.chain, i, i == STAKING_SHARD ? CHAIN_GAS_LIMIT : CHAIN_GAS_LIMIT / 2, 0);
    struct hash tx = call_portfolio(&f);
    fixture_blocks(&f, 6);
    const struct chain_outcome *call = fixture_first(&f, &tx);
    const struct chain_block *b = chain_head(f.chain);
    assert_null(chain_outcome_of(f.chain, &call->children[2]));
    assert_true(b->chunks[STAKING_SHARD].delayed_gas >= 5 * TERA_GAS);
    assert_int_equal(b->chunks[STAKING_SHARD].gas_used, CHAIN_GAS_LIMIT);
    assert_true(amount_compare(b->gas_price, chain_genesis(f.chain)->gas_price) > 0);
    for (size_t i = 0; i < chain_shard_count(f.chain); i++)
        chain_load(f.chain, i, 0, 0);
    fixture_blocks(&f, 2);
    assert_int_equal(fixture_child(&f, call, 2)->height, b->height + 1);
    assert_int_equal(chain_head(f.chain)->chunks[STAKING_SHARD].delayed_gas, 0);
    fixture_release(&f);
}

static void
chain_load__refuses_transactions__to_a_congested_shard(void **state)
{
    struct fixture f;
    struct action transfer = action_transfer_of(near(1));
    struct invalid_tx why;
    struct hash hash;
    (void)state;
    build(&f);
    chain_load(f.chain, STAKING_SHARD, 0, CHAIN_CONGESTION_FULL_GAS / 10 * 9);
    struct transaction to = fixture_tx(&f, "alice.test.near", "staking.test.near", &transfer, 1),
                       elsewhere =
                           fixture_tx(&f, "alice.test.near", "token.test.near", &transfer, 1);
    assert_int_equal(fixture_submit(&f, &to, "alice.test.near", &why, &hash),
                     INVALID_SHARD_CONGESTED);
    assert_int_equal(why.a, STAKING_SHARD);
    assert_true(why.level > 0.89 && why.level < 0.91);
    assert_int_equal(fixture_submit(&f, &elsewhere, "alice.test.near", &why, &hash), TX_VALID);
    chain_load(f.chain, STAKING_SHARD, 0, 0);
    assert_true(chain_congestion(f.chain, STAKING_SHARD) < 0.01);
    fixture_release(&f);
}

/* --- a height without a block ------------------------------------------------------------- */

static void
chain_skip_height__leaves_a_gap__that_finality_waits_for(void **state)
{
    struct fixture f;
    (void)state;
    build(&f);
    /* What waits is verified once more when it runs. */
    struct hash tx = call_portfolio(&f);
    fixture_blocks(&f, 1);
    const struct chain_block *before = chain_head(f.chain), *final = chain_final(f.chain);
    uint64_t ordinal = before->ordinal;
    chain_skip_height(f.chain);
    fixture_blocks(&f, 1);
    const struct chain_block *b = chain_head(f.chain);
    assert_int_equal(b->height, before->height + 2);
    assert_int_equal(b->prev_height, before->height);
    assert_int_equal(b->ordinal, ordinal + 1);
    assert_true(hash_equal(&b->prev_hash, &before->hash));
    assert_null(chain_block_at(f.chain, before->height + 1));
    assert_ptr_equal(chain_block_at(f.chain, b->height), b);
    assert_int_equal(fixture_outcome(&f, &tx)->height, b->height);
    /* What was final stays so, and nothing else is: two blocks have to follow without a gap. */
    assert_ptr_equal(chain_final(f.chain), final);
    fixture_blocks(&f, 1);
    assert_ptr_equal(chain_final(f.chain), final);
    fixture_blocks(&f, 1);
    assert_ptr_equal(chain_final(f.chain), b);
    fixture_release(&f);
}

/* --- a block that is replaced ------------------------------------------------------------- */

/* Every block is made twice, with another one of another time in its place first. */
static void
produce_with_rival(struct fixture *f, bool has_rival)
{
    if (has_rival) {
        struct chain_mark *mark = chain_mark_new(f->chain);
        const struct chain_block *rival =
            chain_produce_block(f->chain, f->time_ns + STEP / 2);
        struct hash hash = rival->hash;
        chain_go_back(f->chain, mark);
        assert_null(chain_block_by_hash(f->chain, &hash));
        assert_int_equal(chain_head(f->chain)->time_ns, f->time_ns);
    }
    fixture_blocks(f, 1);
}

/* What is told of earlier states goes by what was changed since. */
static void
assert_same_past(const struct fixture *a, const struct fixture *b)
{
    static const char *const names[] = {"alice.test.near", "token.test.near"};
    for (uint64_t h = chain_final(a->chain)->height; h <= chain_head(a->chain)->height; h++) {
        const struct chain_block *x = chain_block_at(a->chain, h), *y = chain_block_at(b->chain, h);
        assert_int_equal(chain_changes_of(a->chain, x)->count, chain_changes_of(b->chain, y)->count);
        for (size_t i = 0; i < ARRAY_LEN(names); i++) {
            struct account_view v, w;
            assert_true(chain_view_account_at(a->chain, x, str_from(names[i]), &v));
            assert_true(chain_view_account_at(b->chain, y, str_from(names[i]), &w));
            assert_amount_equal(v.amount, w.amount);
            assert_int_equal(v.storage_usage, w.storage_usage);
        }
    }
}

static void
chain_go_back__leaves_no_trace__whatever_ran(void **state)
{
    struct fixture a, b;
    (void)state;
    build(&a);
    build(&b);
    for (int round = 0; round < 4; round++) {
        struct hash x = call_portfolio(&a), y = call_portfolio(&b);
        assert_true(hash_equal(&x, &y));
        if (round == 2) {
            fixture_call(&a, "alice.test.near", "token.test.near", "mint",
                         "{\"account_id\":\"alice.test.near\",\"amount\":5}");
            fixture_call(&b, "alice.test.near", "token.test.near", "mint",
                         "{\"account_id\":\"alice.test.near\",\"amount\":5}");
        }
        for (int i = 0; i < 4 + round; i++) {
            produce_with_rival(&a, false);
            produce_with_rival(&b, true);
            assert_true(hash_equal(&chain_head(a.chain)->hash, &chain_head(b.chain)->hash));
            assert_same_past(&a, &b);
        }
    }
    fixture_settle(&a);
    fixture_settle(&b);
    assert_true(hash_equal(&chain_head(a.chain)->hash, &chain_head(b.chain)->hash));
    assert_amount_equal(fixture_balance(&a, "alice.test.near"),
                        fixture_balance(&b, "alice.test.near"));
    fixture_release(&a);
    fixture_release(&b);
}

/* The same receipt has another id at another height, and what was told of the first is void. */
static void
chain_go_back__makes_other_receipts__at_another_height(void **state)
{
    struct fixture f;
    (void)state;
    build(&f);
    struct hash tx = call_portfolio(&f);
    fixture_blocks(&f, 2);
    struct hash receipt = fixture_outcome(&f, &tx)->children[0];
    const struct chain_block *final = chain_final(f.chain);
    struct chain_mark *mark = chain_mark_new(f.chain);
    fixture_blocks(&f, 1);
    struct hash branch = fixture_outcome(&f, &receipt)->children[0];
    assert_non_null(chain_receipt_of(f.chain, &branch));
    chain_go_back(f.chain, mark);
    assert_null(chain_outcome_of(f.chain, &receipt));
    assert_null(chain_receipt_of(f.chain, &branch));
    assert_non_null(chain_receipt_of(f.chain, &receipt));
    chain_skip_height(f.chain);
    fixture_blocks(&f, 1);
    assert_false(hash_equal(&fixture_outcome(&f, &receipt)->children[0], &branch));
    assert_int_equal(fixture_outcome(&f, &receipt)->height, chain_head(f.chain)->height);
    assert_ptr_equal(chain_block_at(f.chain, final->height), final);
    fixture_settle(&f);
    assert_int_equal(fixture_first(&f, &tx)->status, CHAIN_RECEIPT);
    fixture_release(&f);
}

static void
chain_go_back__keeps_transactions__that_came_meanwhile(void **state)
{
    struct fixture f;
    bool is_included = true;
    (void)state;
    build(&f);
    struct hash early = call_portfolio(&f);
    fixture_blocks(&f, 1);
    struct chain_mark *mark = chain_mark_new(f.chain);
    fixture_blocks(&f, 1);
    assert_non_null(chain_outcome_of(f.chain, &early));
    struct hash late = call_portfolio(&f);
    chain_go_back(f.chain, mark);
    assert_null(chain_outcome_of(f.chain, &early));
    assert_non_null(chain_transaction(f.chain, &early, &is_included));
    assert_true(is_included);
    assert_non_null(chain_transaction(f.chain, &late, &is_included));
    assert_false(is_included);
    fixture_blocks(&f, 2);
    assert_int_equal(fixture_outcome(&f, &late)->height, chain_head(f.chain)->height);
    assert_int_equal(fixture_outcome(&f, &early)->height, chain_head(f.chain)->height - 1);
    fixture_settle(&f);
    fixture_release(&f);
}

static bool
may_name(struct fixture *f, const struct hash *block)
{
    struct action pay = action_transfer_of(near(1));
    struct transaction tx = fixture_tx(f, "alice.test.near", "portfolio.test.near", &pay, 1);
    struct invalid_tx why;
    struct hash hash;
    tx.block_hash = *block;
    enum invalid_tx_kind kind = fixture_submit(f, &tx, "alice.test.near", &why, &hash);
    assert_true(kind == TX_VALID || kind == INVALID_EXPIRED);
    return kind == TX_VALID;
}

/* However often, and however long the chain has been going on. */
static void
chain_go_back__leaves_all_block_hashes_good__but_those_that_are_replaced(void **state)
{
    (void)state;
    struct fixture f;
    build(&f);
    fixture_blocks(&f, CHAIN_VALIDITY_BLOCKS + 7);
    for (int i = 0; i < 3; i++) {
        struct chain_mark *mark = chain_mark_new(f.chain);
        fixture_blocks(&f, 1);
        struct hash replaced = chain_head(f.chain)->hash;
        chain_go_back(f.chain, mark);
        chain_skip_height(f.chain);
        assert_false(may_name(&f, &replaced));
        struct hash block = chain_head(f.chain)->hash;
        for (uint64_t oldest = chain_head(f.chain)->height - CHAIN_VALIDITY_BLOCKS;;) {
            const struct chain_block *b = chain_block_by_hash(f.chain, &block);
            if (b->height < oldest)
                break;
            assert_true(may_name(&f, &block));
            block = b->prev_hash;
        }
        assert_false(may_name(&f, &block));
        fixture_blocks(&f, 1);
    }
    fixture_release(&f);
}

/* --- all of it together ------------------------------------------------------------------- */

/* Rounds: more blocks than a transaction's block hash is good for, but no shard stands still so long. */
enum { SENDERS = 4, SENT_MAX = 200, ROUNDS = 160, STALL_MOST = 30 };

struct trouble {
    struct fixture f;
    uint64_t random;
    struct hash sent[SENT_MAX];
    size_t count;
};

static unsigned
draw(struct trouble *t, unsigned below)
{
    t->random = t->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(t->random >> 33) % below;
}

static void
send_some(struct trouble *t)
{
    static const char *const signers[SENDERS] = {"alice.test.near", "token.test.near",
                                                 "lending.test.near", "staking.test.near"};
    for (unsigned i = draw(t, 3); i > 1 && t->count < SENT_MAX; i--)
        t->sent[t->count++] = fixture_call(&t->f, signers[draw(t, SENDERS)],
                                           "portfolio.test.near", "get_portfolio_data", DEMO_ARGS);
}

static void
stall_some(struct trouble *t)
{
    if (draw(t, 4) == 0)
        chain_stall(t->f.chain, draw(t, (unsigned)chain_shard_count(t->f.chain)), draw(t, 2) == 0);
}

static void
stall_none(struct trouble *t)
{
    for (size_t i = 0; i < chain_shard_count(t->f.chain); i++)
        chain_stall(t->f.chain, i, false);
}

/* One block, which is perhaps the second at its height, or leaves that of the first out. */
static void
produce_in_trouble(struct trouble *t)
{
    bool is_replaced = draw(t, 3) == 0;
    struct chain_mark *mark = is_replaced ? chain_mark_new(t->f.chain) : NULL;
    if (is_replaced) {
        chain_produce_block(t->f.chain, t->f.time_ns + STEP / 2);
        send_some(t);
        stall_some(t);
        chain_go_back(t->f.chain, mark);
        if (draw(t, 2) == 0)
            chain_skip_height(t->f.chain);
        else if (draw(t, 2) == 0)
            chain_leave_out_transactions(t->f.chain);
    }
    fixture_blocks(&t->f, 1);
}

/* Whatever comes together: what was taken in runs in the end, once. */
static void
chain_go_back__loses_no_transaction__in_any_trouble(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < 12; seed++) {
        struct trouble t = {.random = seed};
        build(&t.f);
        for (int i = 0; i < ROUNDS; i++) {
            if (i % STALL_MOST == 0)
                stall_none(&t);
            send_some(&t);
            stall_some(&t);
            produce_in_trouble(&t);
        }
        stall_none(&t);
        fixture_settle(&t.f);
        for (size_t i = 0; i < t.count; i++)
            assert_non_null(chain_outcome_of(t.f.chain, &t.sent[i]));
        fixture_release(&t.f);
    }
}

static void
chain_mark_free__gives_back_a_mark__that_was_not_needed(void **state)
{
    struct fixture f;
    (void)state;
    build(&f);
    struct chain_mark *mark = chain_mark_new(f.chain);
    fixture_blocks(&f, 2);
    chain_mark_free(mark);
    chain_mark_free(NULL);
    fixture_release(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chain_stall__makes_receipts_wait__until_the_shard_has_a_chunk),
        cmocka_unit_test(chain_stall__holds_back__what_the_shard_has_made),
        cmocka_unit_test(chain_stall__lets_transactions_wait__as_unknown_to_any_block),
        cmocka_unit_test(chain_stall__refuses_transactions__after_a_hundred_chunks),
        cmocka_unit_test(chain_load__delays_receipts_and_raises_the_price__while_it_lasts),
        cmocka_unit_test(chain_load__refuses_transactions__to_a_congested_shard),
        cmocka_unit_test(chain_skip_height__leaves_a_gap__that_finality_waits_for),
        cmocka_unit_test(chain_go_back__leaves_no_trace__whatever_ran),
        cmocka_unit_test(chain_go_back__makes_other_receipts__at_another_height),
        cmocka_unit_test(chain_go_back__keeps_transactions__that_came_meanwhile),
        cmocka_unit_test(chain_go_back__leaves_all_block_hashes_good__but_those_that_are_replaced),
        cmocka_unit_test(chain_go_back__loses_no_transaction__in_any_trouble),
        cmocka_unit_test(chain_mark_free__gives_back_a_mark__that_was_not_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
