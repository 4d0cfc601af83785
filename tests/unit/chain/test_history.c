#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include "contract/chain/drill.h"
#include "tests/unit/chain/fixture.h"

static void
open_chain(struct fixture *f, uint64_t keep_blocks, size_t keep_bytes)
{
    struct chain_config config;
    *f = (struct fixture){.time_ns = UINT64_C(1700000000000000000)};
    arena_init(&f->arena);
    chain_default_config(&config, f->time_ns);
    config.keep_blocks = keep_blocks;
    config.keep_bytes = keep_bytes;
    f->chain = chain_new(&config);
    fixture_blocks(f, 2);
}

static void
history__drops_what_is_older__than_the_blocks_that_are_kept(void **state)
{
    (void)state;
    struct fixture f;
    open_chain(&f, 40, 0);
    struct hash tx = fixture_send_one(&f, "test.near", "alice.test.near",
                                      (struct action){.kind = ACTION_CREATE_ACCOUNT});
    fixture_settle(&f);
    struct hash first = fixture_first(&f, &tx)->id, genesis = chain_genesis(f.chain)->hash;
    uint64_t height = fixture_outcome(&f, &tx)->height;
    struct hash block = chain_block_at(f.chain, height)->hash,
                chunk = chain_block_at(f.chain, height)->chunks[0].hash;
    assert_ptr_equal(chain_earliest(f.chain), chain_genesis(f.chain));
    while (chain_head(f.chain)->height < height + 39)
        fixture_blocks(&f, 1);
    assert_non_null(chain_outcome_of(f.chain, &tx));
    assert_int_equal(chain_earliest(f.chain)->height, height);
    fixture_blocks(&f, 1);
    bool is_included;
    assert_null(chain_block_at(f.chain, height));
    assert_null(chain_block_by_hash(f.chain, &block));
    assert_null(chain_chunk_by_hash(f.chain, &chunk));
    assert_null(chain_outcome_of(f.chain, &tx));
    assert_null(chain_transaction(f.chain, &tx, &is_included));
    assert_null(chain_receipt_of(f.chain, &first));
    assert_non_null(chain_outcome_of(f.chain, &first));
    assert_int_equal(chain_earliest(f.chain)->height, height + 1);
    fixture_blocks(&f, 1);
    assert_null(chain_outcome_of(f.chain, &first));
    assert_ptr_equal(chain_block_by_hash(f.chain, &genesis), chain_genesis(f.chain));
    assert_ptr_equal(chain_block_at(f.chain, 0), chain_genesis(f.chain));
    fixture_release(&f);
}

/* A block that is gone still serves as the reference of a transaction, as long as it may. */
static void
history__lets_transactions_name_a_dropped_block__for_a_hundred_blocks(void **state)
{
    (void)state;
    struct fixture f;
    struct invalid_tx why;
    struct hash hash;
    struct action action = action_transfer_of(amount_of(1));
    open_chain(&f, 40, 0);
    struct hash named = chain_head(f.chain)->hash;
    uint64_t height = chain_head(f.chain)->height;
    while (chain_head(f.chain)->height < height + 100)
        fixture_blocks(&f, 1);
    assert_null(chain_block_by_hash(f.chain, &named));
    struct transaction tx = fixture_tx(&f, "test.near", "test.near", &action, 1);
    tx.block_hash = named;
    assert_int_equal(fixture_submit(&f, &tx, "test.near", &why, &hash), TX_VALID);
    fixture_blocks(&f, 1);
    tx.nonce = ++f.nonce;
    assert_int_equal(fixture_submit(&f, &tx, "test.near", &why, &hash), INVALID_EXPIRED);
    fixture_release(&f);
}

/* --- memory ------------------------------------------------------------------------------- */

static void
call_and_settle(struct fixture *f, int calls)
{
    for (int i = 0; i < calls; i++)
        fixture_call(f, "alice.test.near", "token.test.near", "ft_balance_of",
                     "{\"account_id\":\"alice.test.near\"}");
    fixture_settle(f);
}

static void
history__stays_within_its_bytes__whatever_the_load(void **state)
{
    (void)state;
    enum { KEEP = 2 * 1024 * 1024 };
    struct fixture f;
    size_t most = 0;
    open_chain(&f, 0, KEEP);
    fixture_account(&f, "alice.test.near", NULL);
    fixture_account(&f, "token.test.near", "leaf");
    for (int round = 0; round < 40; round++) {
        call_and_settle(&f, 30);
        if (chain_history_bytes(f.chain) > most)
            most = chain_history_bytes(f.chain);
    }
    assert_true(most <= KEEP);
    assert_true(most > KEEP / 2);
    assert_true(chain_earliest(f.chain)->height > 1);
    assert_true(chain_head(f.chain)->height - chain_earliest(f.chain)->height + 1 >=
                CHAIN_KEEP_LEAST);
    fixture_release(&f);
}

/* --- what is under way -------------------------------------------------------------------- */

/* Receipts that wait longer than the history reaches back run with all they carry, and their
 * outcomes show them. */
static void
history__keeps_delayed_receipts__past_the_block_that_made_them(void **state)
{
    (void)state;
    enum { CALLS = CHAIN_KEEP_LEAST + 12 };
    struct hash tx[CALLS], last_receipt;
    struct fixture f;
    open_chain(&f, CHAIN_KEEP_LEAST, 0);
    fixture_account(&f, "alice.test.near", NULL);
    fixture_account(&f, "staking.test.near", "leaf");
    /* One receipt a chunk: the others of this shard take nearly all of it. */
    chain_load(f.chain, chain_shard_of(f.chain, STR("staking.test.near")), CHAIN_GAS_LIMIT - 1, 0);
    for (int i = 0; i < CALLS; i++)
        tx[i] = fixture_send_one(&f, "alice.test.near", "staking.test.near",
                                 action_call_of("burn", "{\"n\":\"1000\"}", 280 * TERA_GAS));
    fixture_blocks(&f, 3);
    const struct chain_outcome *sent = fixture_outcome(&f, &tx[CALLS - 1]);
    uint64_t sent_height = sent->height;
    last_receipt = sent->children[0];
    for (int i = 0; i < 100 && !chain_outcome_of(f.chain, &last_receipt); i++)
        fixture_blocks(&f, 1);
    const struct chain_outcome *o = fixture_outcome(&f, &last_receipt);
    assert_true(o->height > sent_height + CHAIN_KEEP_LEAST);
    assert_null(chain_outcome_of(f.chain, &tx[CALLS - 1]));
    assert_non_null(o->receipt);
    assert_int_equal(o->receipt->action_count, 1);
    assert_true(str_equal_c(o->receipt->actions[0].method, "burn"));
    assert_true(str_equal_c(o->receipt->actions[0].args, "{\"n\":\"1000\"}"));
    assert_string_equal(o->receipt->predecessor.s, "alice.test.near");
    fixture_blocks(&f, 3 * CHAIN_KEEP_LEAST);
    assert_null(chain_outcome_of(f.chain, &last_receipt));
    fixture_release(&f);
}

/* The same blocks, whether much or little of them is kept. */
static void
history__changes_nothing_about_what_comes__however_short_it_is(void **state)
{
    (void)state;
    struct fixture f[2];
    for (int i = 0; i < 2; i++) {
        open_chain(&f[i], i ? CHAIN_KEEP_LEAST : 0, 0);
        fixture_account(&f[i], "alice.test.near", NULL);
        fixture_account(&f[i], "token.test.near", "leaf");
        for (int round = 0; round < 20; round++)
            call_and_settle(&f[i], 3);
    }
    assert_true(chain_earliest(f[1].chain)->height > chain_earliest(f[0].chain)->height);
    assert_true(hash_equal(&chain_head(f[0].chain)->hash, &chain_head(f[1].chain)->hash));
    fixture_release(&f[0]);
    fixture_release(&f[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(history__drops_what_is_older__than_the_blocks_that_are_kept),
        cmocka_unit_test(history__lets_transactions_name_a_dropped_block__for_a_hundred_blocks),
        cmocka_unit_test(history__stays_within_its_bytes__whatever_the_load),
        cmocka_unit_test(history__keeps_delayed_receipts__past_the_block_that_made_them),
        cmocka_unit_test(history__changes_nothing_about_what_comes__however_short_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
