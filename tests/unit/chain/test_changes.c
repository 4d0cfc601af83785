/* What blocks changed, and the state as it was after each of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "contract/chain/changes.h"
#include "net/base/xalloc.h"
#include "tests/unit/chain/fixture.h"

static void
set_up(struct fixture *f)
{
    fixture_init(f);
    fixture_account(f, "alice.test.near", NULL);
    fixture_account(f, "bob.test.near", NULL);
    fixture_account(f, "token.test.near", "leaf");
}

/* --- earlier states ----------------------------------------------------------------------- */

/* Everything that can be read of an account after a block, as text. */
static void
describe(struct fixture *f, const struct chain_block *at, const char *name, struct buf *out)
{
    struct account_view v;
    struct access_key_view *keys;
    struct state_item *items;
    struct str id = str_from(name), wasm;
    struct hash hash;
    char digits[AMOUNT_TEXT];
    if (!chain_view_account_at(f->chain, at, id, &v)) {
        buf_addf(out, "%s: none\n", name);
        return;
    }
    buf_addf(out, "%s: %s %llu\n", name, amount_text(v.amount, digits),
             (unsigned long long)v.storage_usage);
    if (chain_view_code_at(f->chain, at, id, &wasm, &hash))
        buf_addf(out, " code %zu %02x%02x\n", wasm.n, hash.b[0], hash.b[1]);
    size_t count = chain_view_keys_at(f->chain, at, id, &f->arena, &keys);
    for (size_t i = 0; i < count; i++)
        buf_addf(out, " key %02x%02x %llu\n", keys[i].key.b[0], keys[i].key.b[1],
                 (unsigned long long)keys[i].access.nonce);
    count = chain_view_state_at(f->chain, at, id, STR(""), &f->arena, &items);
    for (size_t i = 0; i < count; i++)
        buf_addf(out, " %.*s=%.*s\n", STR_ARG(items[i].key), STR_ARG(items[i].value));
}

static const char *const names[] = {"alice.test.near", "bob.test.near", "token.test.near",
                                    "new.test.near", "test.near"};

static void
describe_all(struct fixture *f, const struct chain_block *at, struct buf *out)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        describe(f, at, names[i], out);
}

/* Something of every kind happens, over and over, in another order each time. */
static void
do_something(struct fixture *f, unsigned step)
{
    char args[128];
    struct action actions[4] = {{.kind = ACTION_CREATE_ACCOUNT},
                                action_transfer_of(near(3)),
                                action_key_of("new.test.near"),
                                {.kind = ACTION_DEPLOY_CONTRACT, .code = fixture_wasm(f, "leaf")}};
    struct action delete_account = {.kind = ACTION_DELETE_ACCOUNT,
                                    .beneficiary = account_of("bob.test.near")};
    struct action delete_key = {.kind = ACTION_DELETE_KEY, .key = fixture_key("zed")};
    switch (step % 7) {
    case 0: fixture_send(f, "test.near", "new.test.near", actions, step % 2 ? 4 : 3); break;
    case 1:
    case 4:
        snprintf(args, sizeof(args), "{\"account_id\":\"u%u.near\",\"amount\":%u}", step % 5, step);
        fixture_call(f, "token.test.near", "token.test.near", "mint", args);
        break;
    case 2: fixture_send_one(f, "alice.test.near", "alice.test.near", action_key_of("zed")); break;
    case 3: fixture_send_one(f, "alice.test.near", "bob.test.near", action_transfer_of(near(1)));
        break;
    case 5: fixture_send_one(f, "alice.test.near", "alice.test.near", delete_key); break;
    case 6:
        if (chain_view_account(f->chain, STR("new.test.near"), &(struct account_view){0}))
            fixture_send_one(f, "new.test.near", "new.test.near", delete_account);
        fixture_call(f, "alice.test.near", "token.test.near", "boom", "{}");
        break;
    }
}

static void
chain_view_at__tells_each_state__as_it_was_when_it_was_the_head(void **state)
{
    enum { BLOCKS = 120 };
    static struct buf then[BLOCKS];
    struct fixture f;
    (void)state;
    set_up(&f);
    uint64_t first = chain_head(f.chain)->height + 1;
    for (unsigned i = 0; i < BLOCKS; i++) {
        if (i % 2 == 0)
            do_something(&f, i / 2 * 5 + i / 3);
        fixture_blocks(&f, 1);
        buf_init(&then[i], 1 << 20);
        describe_all(&f, chain_head(f.chain), &then[i]);
    }
    for (unsigned i = 0; i < BLOCKS; i++) {
        struct buf now;
        const struct chain_block *at = chain_block_at(f.chain, first + i);
        buf_init(&now, 1 << 20);
        assert_true(chain_keeps_state(f.chain, at));
        describe_all(&f, at, &now);
        if (strcmp(buf_c(&now), buf_c(&then[i])) != 0)
            fail_msg("block %u:\n%s\nwas\n%s", i, buf_c(&now), buf_c(&then[i]));
        buf_release(&now);
        buf_release(&then[i]);
    }
    fixture_release(&f);
}

static void
chain_view_call_at__runs_on_the_state_of_that_block(void **state)
{
    struct fixture f;
    struct vm_outcome out;
    const struct chain_block *blocks[3];
    static const char *const answers[] = {"\"10\"", "\"20\"", "\"30\""};
    (void)state;
    set_up(&f);
    for (unsigned i = 0; i < 3; i++) {
        char args[64];
        snprintf(args, sizeof(args), "{\"account_id\":\"x.near\",\"amount\":%u}", 10 * (i + 1));
        fixture_call(&f, "token.test.near", "token.test.near", "mint", args);
        fixture_settle(&f);
        blocks[i] = chain_head(f.chain);
    }
    for (unsigned i = 0; i < 3; i++) {
        assert_true(chain_view_call_at(f.chain, blocks[i], STR("token.test.near"),
                                       STR("ft_balance_of"), STR("{\"account_id\":\"x.near\"}"),
                                       &f.arena, &out));
        assert_int_equal(out.error, VM_OK);
        assert_true(str_equal_c(out.value, answers[i]));
    }
    fixture_release(&f);
}

static void
chain_keeps_state__of_the_last_blocks_only(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f);
    assert_true(chain_keeps_state(f.chain, chain_genesis(f.chain)));
    fixture_blocks(&f, CHANGES_BLOCKS);
    uint64_t head = chain_head(f.chain)->height;
    assert_false(chain_keeps_state(f.chain, chain_block_at(f.chain, head - CHANGES_BLOCKS - 1)));
    assert_true(chain_keeps_state(f.chain, chain_block_at(f.chain, head - CHANGES_BLOCKS)));
    assert_null(chain_changes_of(f.chain, chain_genesis(f.chain)));
    assert_non_null(chain_changes_of(f.chain, chain_head(f.chain)));
    fixture_release(&f);
}

/* --- what changed ------------------------------------------------------------------------- */

/* "account alice.test.near transaction, …" */
static void
list(const struct block_changes *b, struct buf *out)
{
    static const char *const kinds[] = {"account", "code", "key", "data"};
    static const char *const causes[] = {"none", "transaction", "receipt", "reward", "patch"};
    for (size_t i = 0; i < b->count; i++) {
        const struct change *c = &b->items[i];
        bool is_there = c->account_after || c->key_after || c->after;
        buf_addf(out, "%s%s %s by %s%s", i ? ", " : "", kinds[c->kind], c->account->s,
                 causes[c->cause], is_there ? "" : " (gone)");
    }
}

static void
assert_changes(struct fixture *f, uint64_t height, const char *expected)
{
    struct buf text;
    buf_init(&text, 10000);
    list(chain_changes_of(f->chain, chain_block_at(f->chain, height)), &text);
    assert_string_equal(buf_c(&text), expected);
    buf_release(&text);
}

static void
changes__name_every_cause__of_a_call(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f);
    struct hash tx = fixture_call(&f, "alice.test.near", "token.test.near", "mint",
                                  "{\"account_id\":\"x.near\",\"amount\":5}");
    fixture_settle(&f);
    uint64_t height = fixture_outcome(&f, &tx)->height;
    const struct chain_outcome *o = fixture_first(&f, &tx);
    assert_int_equal(o->status, CHAIN_VALUE);
    assert_changes(&f, height, "account alice.test.near by transaction, "
                               "key alice.test.near by transaction");
    assert_changes(&f, o->height, "account token.test.near by receipt, "
                                  "data token.test.near by receipt, "
                                  "account token.test.near by reward");
    const struct block_changes *b =
        chain_changes_of(f.chain, chain_block_at(f.chain, o->height));
    assert_true(hash_equal(&b->items[1].by, &o->id));
    assert_null(b->items[1].before);
    assert_true(str_equal_c(*b->items[1].after, "5"));
    assert_changes(&f, o->height + 1, "account alice.test.near by receipt");
    fixture_release(&f);
}

static void
changes__leave_out__what_a_failed_receipt_did(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f);
    struct hash tx = fixture_call(&f, "alice.test.near", "token.test.near", "boom", "{}");
    fixture_settle(&f);
    /* Even so the contract is paid for its work. */
    assert_changes(&f, fixture_first(&f, &tx)->height, "account token.test.near by reward");
    fixture_release(&f);
}

static void
changes__are_one_for_all_transactions_of_a_signer__and_name_the_last(void **state)
{
    struct fixture f;
    struct hash tx[3];
    (void)state;
    set_up(&f);
    struct amount before = fixture_balance(&f, "alice.test.near");
    for (int i = 0; i < 3; i++)
        tx[i] = fixture_send_one(&f, "alice.test.near", "bob.test.near",
                                 action_transfer_of(amount_of(1)));
    fixture_settle(&f);
    uint64_t height = fixture_outcome(&f, &tx[0])->height;
    assert_int_equal(fixture_outcome(&f, &tx[2])->height, height);
    assert_changes(&f, height, "account alice.test.near by transaction, "
                               "key alice.test.near by transaction");
    const struct block_changes *b = chain_changes_of(f.chain, chain_block_at(f.chain, height));
    assert_true(hash_equal(&b->items[0].by, &tx[2]));
    assert_amount_equal(b->items[0].account_before->amount, before);
    fixture_release(&f);
}

static void
changes__tell_of_a_deleted_account__all_that_goes_with_it(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f);
    fixture_call(&f, "token.test.near", "token.test.near", "mint",
                 "{\"account_id\":\"x.near\",\"amount\":5}");
    fixture_settle(&f);
    struct hash tx =
        fixture_send_one(&f, "token.test.near", "token.test.near",
                         (struct action){.kind = ACTION_DELETE_ACCOUNT,
                                         .beneficiary = account_of("bob.test.near")});
    fixture_settle(&f);
    /* A receipt to oneself runs with its transaction. */
    assert_changes(&f, fixture_first(&f, &tx)->height,
                   "account token.test.near by transaction, key token.test.near by transaction, "
                   "account token.test.near by receipt (gone), "
                   "code token.test.near by receipt (gone), "
                   "key token.test.near by receipt (gone), "
                   "data token.test.near by receipt (gone)");
    fixture_release(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chain_view_at__tells_each_state__as_it_was_when_it_was_the_head),
        cmocka_unit_test(chain_view_call_at__runs_on_the_state_of_that_block),
        cmocka_unit_test(chain_keeps_state__of_the_last_blocks_only),
        cmocka_unit_test(changes__name_every_cause__of_a_call),
        cmocka_unit_test(changes__leave_out__what_a_failed_receipt_did),
        cmocka_unit_test(changes__are_one_for_all_transactions_of_a_signer__and_name_the_last),
        cmocka_unit_test(changes__tell_of_a_deleted_account__all_that_goes_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
