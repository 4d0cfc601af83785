#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "tests/unit/chain/fixture.h"

static void
chain_final__is_two_blocks_behind_the_head(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    assert_int_equal(chain_head(f.chain)->height, 2);
    assert_ptr_equal(chain_final(f.chain), chain_genesis(f.chain));
    for (int i = 0; i < 5; i++) {
        fixture_blocks(&f, 1);
        const struct chain_block *head = chain_head(f.chain);
        const struct chain_block *final = chain_final(f.chain);
        assert_int_equal(final->height, head->height - 2);
        assert_true(hash_equal(&head->last_final, &final->hash));
        assert_true(hash_equal(&head->last_ds_final, &head->prev_hash));
        assert_ptr_equal(chain_block_by_hash(f.chain, &head->hash), head);
        assert_ptr_equal(chain_block_at(f.chain, head->height), head);
        assert_ptr_equal(chain_chunk_by_hash(f.chain, &head->chunks[1].hash), &head->chunks[1]);
    }
    assert_null(chain_block_at(f.chain, chain_head(f.chain)->height + 1));
    fixture_release(&f);
}

static void
chain_shard_of__follows_the_boundaries(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    assert_int_equal(chain_shard_count(f.chain), 4);
    assert_int_equal(chain_shard_of(f.chain, STR("alice.test.near")), 0);
    assert_int_equal(chain_shard_of(f.chain, STR("m0")), 1);
    assert_int_equal(chain_shard_of(f.chain, STR("portfolio.test.near")), 1);
    assert_int_equal(chain_shard_of(f.chain, STR("staking.test.near")), 2);
    assert_int_equal(chain_shard_of(f.chain, STR("token.test.near")), 3);
    fixture_release(&f);
}

/* --- determinism -------------------------------------------------------------------------- */

static void
play(struct fixture *f, uint64_t tokens)
{
    char args[80];
    fixture_init(f);
    fixture_account(f, "alice.test.near", NULL);
    fixture_account(f, "token.test.near", "leaf");
    snprintf(args, sizeof(args), "{\"account_id\":\"alice.test.near\",\"amount\":%llu}",
             (unsigned long long)tokens);
    fixture_call(f, "token.test.near", "token.test.near", "mint", args);
    fixture_settle(f);
    fixture_call(f, "alice.test.near", "token.test.near", "ft_balance_of",
                 "{\"account_id\":\"alice.test.near\"}");
    fixture_settle(f);
}

static void
assert_same_outcome(const struct chain_outcome *a, const struct chain_outcome *b)
{
    assert_true(hash_equal(&a->id, &b->id));
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->gas_burnt, b->gas_burnt);
    assert_true(str_equal(a->value, b->value));
    assert_int_equal(a->child_count, b->child_count);
    for (size_t i = 0; i < a->child_count; i++)
        assert_true(hash_equal(&a->children[i], &b->children[i]));
}

static void
chain_produce_block__makes_the_same_bytes__from_the_same_transactions(void **state)
{
    (void)state;
    struct fixture a, b;
    play(&a, 5);
    play(&b, 5);
    uint64_t last = chain_head(a.chain)->height;
    assert_int_equal(chain_head(b.chain)->height, last);
    for (uint64_t h = 0; h <= last; h++) {
        const struct chain_block *x = chain_block_at(a.chain, h),
                                 *y = chain_block_at(b.chain, h);
        assert_true(hash_equal(&x->hash, &y->hash));
        assert_true(hash_equal(&x->random_value, &y->random_value));
        for (size_t i = 0; i < x->chunk_count; i++) {
            assert_true(hash_equal(&x->chunks[i].hash, &y->chunks[i].hash));
            assert_int_equal(x->chunks[i].outcome_count, y->chunks[i].outcome_count);
            for (size_t j = 0; j < x->chunks[i].outcome_count; j++)
                assert_same_outcome(x->chunks[i].outcomes[j], y->chunks[i].outcomes[j]);
        }
    }
    fixture_release(&a);
    fixture_release(&b);
}

static void
chain_produce_block__makes_other_hashes__from_other_transactions(void **state)
{
    (void)state;
    struct fixture a, b;
    play(&a, 5);
    play(&b, 6);
    assert_false(hash_equal(&chain_head(a.chain)->hash, &chain_head(b.chain)->hash));
    assert_true(hash_equal(&chain_genesis(a.chain)->hash, &chain_genesis(b.chain)->hash));
    fixture_release(&a);
    fixture_release(&b);
}

/* --- a full chunk ------------------------------------------------------------------------- */

/* Writing is counted for more than its gas: five calls of 75 Tgas fill a chunk of 1000. */
static void
chunk__is_filled_by_what_its_receipts_take_to_compute(void **state)
{
    enum { CALLS = 6, WRITES = 1000 };
    (void)state;
    struct fixture f;
    struct script s;
    struct hash txs[CALLS];
    fixture_init(&f);
    fixture_account(&f, "alice.test.near", NULL);
    fixture_account(&f, "program.test.near", "program");
    script_init(&s);
    for (int i = 0; i < WRITES; i++)
        script_write(&s, "k", STR("v"));
    for (int i = 0; i < CALLS; i++)
        txs[i] = fixture_script(&f, "alice.test.near", "program.test.near", &s);
    script_release(&s);
    fixture_settle(&f);
    uint64_t height = fixture_first(&f, &txs[0])->height, gas = 0;
    for (int i = 0; i < CALLS; i++) {
        const struct chain_outcome *o = fixture_first(&f, &txs[i]);
        assert_int_equal(o->status, CHAIN_VALUE);
        assert_int_equal(o->height, height + (i == CALLS - 1));
        gas += o->gas_burnt;
    }
    assert_true(gas < CHAIN_GAS_LIMIT / 2);
    fixture_release(&f);
}


static void
chain_produce_block__delays_receipts__beyond_the_gas_of_a_chunk(void **state)
{
    (void)state;
    enum { CALLS = 9 };
    struct fixture f;
    struct hash tx[CALLS];
    fixture_init(&f);
    fixture_account(&f, "alice.test.near", NULL);
    fixture_account(&f, "staking.test.near", "leaf");
    for (int i = 0; i < CALLS; i++)
        tx[i] =
            fixture_send_one(&f, "alice.test.near", "staking.test.near",
                             action_call_of("burn", "{\"n\":\"100000000\"}", 280 * TERA_GAS));
    fixture_settle(&f);
    uint64_t first = fixture_first(&f, &tx[0])->height;
    /* Four of 280 Tgas cross 1000: the fifth waits. In order of arrival. */
    for (int i = 0; i < CALLS; i++)
        assert_int_equal(fixture_first(&f, &tx[i])->height, first + (uint64_t)i / 4);
    assert_true(chain_block_at(f.chain, first + 1)->chunks[2].gas_used > CHAIN_GAS_LIMIT);
    fixture_release(&f);
}

static void
chain_produce_block__moves_the_gas_price_with_the_load__within_its_bounds(void **state)
{
    (void)state;
    struct chain_config config;
    struct fixture f = {.time_ns = UINT64_C(1700000000000000000)};
    arena_init(&f.arena);
    chain_default_config(&config, f.time_ns);
    config.boundary_count = 0;
    f.chain = chain_new(&config);
    fixture_blocks(&f, 2);
    fixture_account(&f, "staking.test.near", "leaf");
    assert_amount(chain_head(f.chain)->gas_price, "100000000");
    for (int i = 0; i < 8; i++)
        fixture_send_one(&f, "test.near", "staking.test.near",
                         action_call_of("burn", "{\"n\":\"100000000\"}", 300 * TERA_GAS));
    fixture_blocks(&f, 4);
    /* One shard, a full chunk: at most half a percent a block. */
    const struct chain_block *loaded = chain_head(f.chain);
    uint64_t used = loaded->chunks[0].gas_used, rest;
    assert_true(used >= CHAIN_GAS_LIMIT);
    assert_amount_equal(
        loaded->gas_price,
        amount_divide(amount_product(100000000, 199 * CHAIN_GAS_LIMIT + 2 * used),
                      200 * CHAIN_GAS_LIMIT, &rest));
    assert_true(loaded->gas_price.lo > 100500000);
    fixture_blocks(&f, 20);
    assert_amount(chain_head(f.chain)->gas_price, "100000000");
    fixture_release(&f);
}

/* --- a full link between shards ----------------------------------------------------------- */

/* A fourth of 4.5 MB go from one of four shards to another in a block. */
static void
receipt__waits_for_room_between_shards__and_what_follows_waits_with_it(void **state)
{
    enum { BYTES = 1200000 };
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_account(&f, "alice.test.near", NULL);
    fixture_account(&f, "nick.test.near", NULL);
    char *code = arena_alloc(&f.arena, BYTES);
    struct action big[3] = {{.kind = ACTION_CREATE_ACCOUNT},
                            action_transfer_of(near(20)),
                            {.kind = ACTION_DEPLOY_CONTRACT, .code = str_of(code, BYTES)}};
    struct hash first = fixture_send(&f, "test.near", "big.test.near", big, 3);
    struct hash behind = fixture_send_one(&f, "test.near", "alice.test.near",
                                          action_transfer_of(near(1)));
    struct hash beside = fixture_send_one(&f, "test.near", "nick.test.near",
                                          action_transfer_of(near(1)));
    fixture_settle(&f);
    uint64_t height = fixture_outcome(&f, &first)->height;
    assert_int_equal(fixture_outcome(&f, &behind)->height, height);
    assert_int_equal(fixture_first(&f, &beside)->height, height + 1);
    assert_int_equal(fixture_first(&f, &first)->status, CHAIN_VALUE);
    assert_int_equal(fixture_first(&f, &first)->height, height + 2);
    assert_int_equal(fixture_first(&f, &behind)->height, height + 2);
    /* What fits goes at once. */
    big[2].code.n = 1100000;
    first = fixture_send(&f, "test.near", "big2.test.near", big, 3);
    fixture_settle(&f);
    assert_int_equal(fixture_first(&f, &first)->height,
                     fixture_outcome(&f, &first)->height + 1);
    fixture_release(&f);
}

/* --- conservation ------------------------------------------------------------------------- */

enum { PEOPLE = 6 };
static const char *const people[PEOPLE] = {"test.near",      "alice.test.near",
                                           "nick.test.near", "sue.test.near",
                                           "zed.test.near",  "token.test.near"};

static struct amount
all_balances(const struct fixture *f)
{
    struct amount sum = amount_of(0);
    for (size_t i = 0; i < PEOPLE; i++)
        assert_true(amount_add(sum, fixture_balance(f, people[i]), &sum));
    return sum;
}

static uint64_t
draw(uint64_t *seed, uint64_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*seed >> 33) % below;
}

static void
send_something(struct fixture *f, uint64_t *seed)
{
    const char *from = people[draw(seed, PEOPLE)], *to = people[draw(seed, PEOPLE)];
    struct action actions[2] = {action_transfer_of(amount_of(draw(seed, 1000000007))),
                                action_transfer_of(near(draw(seed, 3)))};
    struct action call =
        action_call_of(draw(seed, 2) ? "boom" : "ft_balance_of",
                       "{\"account_id\":\"alice.test.near\"}", (1 + draw(seed, 20)) * TERA_GAS);
    call.deposit = amount_of(draw(seed, 1000000));
    switch (draw(seed, 4)) {
    case 0: fixture_send(f, from, to, actions, 2); return;
    case 1: fixture_send(f, from, "nobody.near", actions, 2); return;
    case 2: fixture_send(f, from, "token.test.near", &call, 1); return;
    default: fixture_send(f, from, to, &call, 1); return;
    }
}

static void
chain__keeps_every_token__but_what_is_burnt(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct fixture f;
        uint64_t random = seed;
        fixture_init(&f);
        for (size_t i = 1; i < PEOPLE; i++)
            fixture_account(&f, people[i], i + 1 == PEOPLE ? "leaf" : NULL);
        for (int round = 0; round < 20; round++) {
            for (uint64_t n = draw(&random, 6); n > 0; n--)
                send_something(&f, &random);
            fixture_blocks(&f, 1 + (int)draw(&random, 2));
        }
        fixture_settle(&f);
        assert_amount_equal(chain_head(f.chain)->total_supply, all_balances(&f));
        assert_true(amount_compare(chain_head(f.chain)->total_supply,
                                   chain_genesis(f.chain)->total_supply) < 0);
        fixture_release(&f);
    }
}

/* As recorded: at 1061 the first shard allows itself, at 1062 the second, at 1063 the third. */
static void
chunks__allow_one_shard_after_the_other(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f);
    fixture_blocks(&f, 1063 - (int)chain_head(f.chain)->height);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(chain_block_at(f.chain, 1061 + i)->chunks[0].allowed_shard, i);
    assert_int_equal(chain_block_at(f.chain, 1061)->chunks[3].allowed_shard, 3);
    assert_int_equal(chain_block_at(f.chain, 1062)->chunks[3].allowed_shard, 0);
    assert_int_equal(chain_block_at(f.chain, 2)->chunks[0].allowed_shard, 0);
    fixture_release(&f);
}

/* As recorded: the third epoch begins at 1001, is number two, and carries the hash of the last
 * block of the first. */
static void
chain__counts_epochs__as_the_node(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f);
    fixture_blocks(&f, 1063 - (int)chain_head(f.chain)->height);
    const struct chain_block *head = chain_head(f.chain);
    assert_int_equal(head->epoch_start, 1001);
    assert_int_equal(head->epoch_height, 2);
    assert_true(hash_equal(&head->epoch_id, &chain_block_at(f.chain, 500)->hash));
    assert_true(hash_equal(&head->next_epoch_id, &chain_block_at(f.chain, 1000)->hash));
    const struct chain_block *second = chain_block_at(f.chain, 501);
    assert_int_equal(second->epoch_start, 501);
    assert_int_equal(second->epoch_height, 1);
    assert_true(hash_equal(&second->epoch_id, &chain_genesis(f.chain)->hash));
    assert_true(hash_is_zero(&chain_block_at(f.chain, 500)->epoch_id));
    fixture_release(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunk__is_filled_by_what_its_receipts_take_to_compute),
        cmocka_unit_test(receipt__waits_for_room_between_shards__and_what_follows_waits_with_it),
        cmocka_unit_test(chain__counts_epochs__as_the_node),
        cmocka_unit_test(chunks__allow_one_shard_after_the_other),
        cmocka_unit_test(chain_final__is_two_blocks_behind_the_head),
        cmocka_unit_test(chain_shard_of__follows_the_boundaries),
        cmocka_unit_test(chain_produce_block__makes_the_same_bytes__from_the_same_transactions),
        cmocka_unit_test(chain_produce_block__makes_other_hashes__from_other_transactions),
        cmocka_unit_test(chain_produce_block__delays_receipts__beyond_the_gas_of_a_chunk),
        cmocka_unit_test(
            chain_produce_block__moves_the_gas_price_with_the_load__within_its_bounds),
        cmocka_unit_test(chain__keeps_every_token__but_what_is_burnt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
