/* Contracts that any account may use: how they travel, who may use them, what they cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "contract/chain/ids.h"
#include "tests/unit/chain/fixture.h"

/* On the first shard; the others go to the second, third and fourth. */
#define OWNER "alice.test.near"
static const char *const users[] = {"bob.test.near", "nina.test.near", "sam.test.near",
                                    "zed.test.near"};

static void
set_up(struct fixture *f)
{
    fixture_init(f);
    fixture_account(f, OWNER, NULL);
    for (size_t i = 0; i < ARRAY_LEN(users); i++)
        fixture_account(f, users[i], NULL);
}

static const struct chain_outcome *
run(struct fixture *f, const char *signer, const char *receiver, struct action action)
{
    struct hash tx = fixture_send_one(f, signer, receiver, action);
    fixture_settle(f);
    return fixture_first(f, &tx);
}

static struct action
deploy_of(struct str code, bool by_account)
{
    return (struct action){
        .kind = ACTION_DEPLOY_GLOBAL_CONTRACT, .code = code, .by_account = by_account};
}

static struct action
use_of(struct str code)
{
    return (struct action){.kind = ACTION_USE_GLOBAL_CONTRACT, .code_hash = hash_of_bytes(code)};
}

static struct action
use_by_account(const char *owner)
{
    return (struct action){
        .kind = ACTION_USE_GLOBAL_CONTRACT, .by_account = true, .owner = account_of(owner)};
}

/* 0.0001 NEAR a byte. */
static struct amount
price_of(struct str code)
{
    struct amount cost = amount_product(code.n, 10000000000000000000u);
    assert_true(amount_multiply(cost, 10, &cost));
    return cost;
}

static bool
says(struct fixture *f, const char *account, const char *value)
{
    struct script s;
    script_init(&s);
    script_value(&s, str_from(value));
    struct hash tx = fixture_script(f, "bob.test.near", account, &s);
    script_release(&s);
    fixture_settle(f);
    const struct chain_outcome *o = fixture_first(f, &tx);
    return o->status == CHAIN_VALUE && str_equal_c(o->value, value);
}

static void
global__goes_from_shard_to_shard__a_block_each(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct str code = fixture_wasm(&f, "program");
    struct amount before = fixture_balance(&f, OWNER), left;
    struct amount supply = chain_head(f.chain)->total_supply, burnt;
    const struct chain_outcome *o = run(&f, OWNER, OWNER, deploy_of(code, false));
    assert_int_equal(o->status, CHAIN_VALUE);
    assert_int_equal(o->gas_burnt, 108059500000 + 184765750000 + 70000000 * code.n);
    /* No receipt of the answer, and no outcome, comes of it. */
    assert_int_equal(o->child_count, 0);
    struct hash id = id_derive(&o->id, o->height, 0);
    for (size_t i = 0; i < 4; i++) {
        const struct chain_receipt *r = chain_receipt_of(f.chain, &id);
        assert_non_null(r);
        assert_true(r->is_distribution);
        assert_int_equal(r->created_height, o->height + i);
        assert_int_equal(r->target, i);
        assert_int_equal(r->delivered, (1u << i) - 1);
        assert_string_equal(r->receiver.s, "system");
        assert_string_equal(r->predecessor.s, OWNER);
        assert_null(chain_outcome_of(f.chain, &id));
        id = id_derive(&id, o->height + 1 + i, 0);
    }
    assert_null(chain_receipt_of(f.chain, &id));
    /* What it costs is gone, and counted as gone. */
    assert_true(amount_sub(before, price_of(code), &left));
    assert_true(amount_sub(left, fixture_outcome(&f, &o->tx)->tokens_burnt, &left));
    assert_true(amount_sub(left, o->tokens_burnt, &left));
    assert_amount_equal(fixture_balance(&f, OWNER), left);
    assert_true(amount_sub(supply, chain_head(f.chain)->total_supply, &burnt));
    assert_true(amount_sub(before, left, &left));
    assert_amount_equal(burnt, left);
    fixture_release(&f);
}

static void
global__can_be_used_in_a_shard_once_it_has_arrived_there(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct str code = fixture_wasm(&f, "program");
    const struct chain_outcome *o = run(&f, users[3], users[3], use_of(code));
    assert_int_equal(o->failure.kind, FAILURE_NO_GLOBAL_CONTRACT);
    assert_int_equal(o->failure.global.kind, GLOBAL_BY_HASH);
    assert_int_equal(o->gas_burnt, 108059500000 + 184765750000 + 64572944 * UINT64_C(32));
    fixture_send_one(&f, OWNER, OWNER, deploy_of(code, false));
    fixture_blocks(&f, 3);
    /* One block after it ran it is in the first shard; the fourth has still to wait. */
    struct hash first = fixture_send_one(&f, users[0], users[0], use_of(code));
    struct hash last = fixture_send_one(&f, users[3], users[3], use_of(code));
    fixture_settle(&f);
    assert_int_equal(fixture_first(&f, &first)->status, CHAIN_VALUE);
    assert_int_equal(fixture_first(&f, &last)->failure.kind, FAILURE_NO_GLOBAL_CONTRACT);
    for (size_t i = 0; i < ARRAY_LEN(users); i++) {
        struct account_view view;
        assert_int_equal(run(&f, users[i], users[i], use_of(code))->status, CHAIN_VALUE);
        assert_true(says(&f, users[i], "hello"));
        assert_true(chain_view_account(f.chain, str_from(users[i]), &view));
        assert_int_equal(view.storage_usage, 182 + 32);
        assert_true(hash_is_zero(&view.code_hash));
        assert_int_equal(view.global.kind, GLOBAL_BY_HASH);
    }
    fixture_release(&f);
}

static void
global__by_account_is_replaced_for_all_who_use_it(void **state)
{
    (void)state;
    struct fixture f;
    struct account_view view;
    set_up(&f);
    run(&f, OWNER, OWNER, deploy_of(fixture_wasm(&f, "leaf"), true));
    const struct chain_outcome *o = run(&f, users[3], users[3], use_by_account(OWNER));
    assert_int_equal(o->status, CHAIN_VALUE);
    assert_int_equal(o->gas_burnt,
                     108059500000 + 184765750000 + 64572944 * (uint64_t)strlen(OWNER));
    assert_false(says(&f, users[3], "hello"));
    run(&f, OWNER, OWNER, deploy_of(fixture_wasm(&f, "program"), true));
    assert_true(says(&f, users[3], "hello"));
    assert_true(chain_view_account(f.chain, str_from(users[3]), &view));
    assert_int_equal(view.storage_usage, 182 + strlen(OWNER));
    /* A contract of its own takes the place of the other, and the other way round. */
    struct str code = fixture_wasm(&f, "leaf");
    run(&f, users[3], users[3], (struct action){.kind = ACTION_DEPLOY_CONTRACT, .code = code});
    assert_true(chain_view_account(f.chain, str_from(users[3]), &view));
    assert_int_equal(view.storage_usage, 182 + code.n);
    assert_int_equal(view.global.kind, GLOBAL_NONE);
    run(&f, users[3], users[3], use_by_account(OWNER));
    assert_true(chain_view_account(f.chain, str_from(users[3]), &view));
    assert_int_equal(view.storage_usage, 182 + strlen(OWNER));
    fixture_release(&f);
}

static void
global__is_refused__when_it_cannot_be_paid_or_the_account_is_anothers(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct action poor[3] = {{.kind = ACTION_CREATE_ACCOUNT},
                             action_transfer_of(amount_of(1)),
                             deploy_of(fixture_wasm(&f, "program"), false)};
    struct hash tx = fixture_send(&f, OWNER, "poor.alice.test.near", poor, 3);
    fixture_settle(&f);
    const struct chain_outcome *o = fixture_first(&f, &tx);
    /* Kind and index: it is not the state that is too large, but the deploy that costs. */
    assert_int_equal(o->failure.kind, FAILURE_LACK_BALANCE_FOR_STATE);
    assert_true(o->failure.has_index && o->failure.index == 2);
    assert_amount_equal(o->failure.amount, price_of(poor[2].code));
    o = run(&f, users[0], OWNER, deploy_of(STR("x"), false));
    assert_int_equal(o->failure.kind, FAILURE_ACTOR_NO_PERMISSION);
    o = run(&f, users[0], OWNER, use_of(STR("x")));
    assert_int_equal(o->failure.kind, FAILURE_ACTOR_NO_PERMISSION);
    fixture_release(&f);
}

static void
global__is_an_action_of_contracts_too(void **state)
{
    (void)state;
    struct fixture f;
    struct script s;
    set_up(&f);
    fixture_account(&f, "program.test.near", "program");
    struct str code = fixture_wasm(&f, "leaf");
    struct hash hash = hash_of_bytes(code);
    script_init(&s);
    uint16_t self = script_create(&s, "program.test.near");
    script_deploy_global(&s, self, false, code);
    script_deploy_global(&s, self, true, code);
    struct hash tx = fixture_script(&f, OWNER, "program.test.near", &s);
    script_release(&s);
    fixture_settle(&f);
    const struct chain_outcome *o = fixture_first(&f, &tx);
    assert_int_equal(o->status, CHAIN_VALUE);
    assert_int_equal(fixture_child(&f, o, 0)->status, CHAIN_VALUE);
    script_init(&s);
    uint16_t batch = script_create(&s, "new.program.test.near");
    script_make_account(&s, batch);
    script_use_global(&s, batch, false, str_of(hash.b, sizeof(hash.b)));
    script_use_global(&s, batch, true, STR("program.test.near"));
    tx = fixture_script(&f, OWNER, "program.test.near", &s);
    script_release(&s);
    fixture_settle(&f);
    assert_int_equal(fixture_child(&f, fixture_first(&f, &tx), 0)->status, CHAIN_VALUE);
    struct account_view view;
    assert_true(chain_view_account(f.chain, STR("new.program.test.near"), &view));
    assert_int_equal(view.global.kind, GLOBAL_BY_ACCOUNT);
    assert_string_equal(view.global.owner.s, "program.test.near");
    fixture_release(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(global__goes_from_shard_to_shard__a_block_each),
        cmocka_unit_test(global__can_be_used_in_a_shard_once_it_has_arrived_there),
        cmocka_unit_test(global__by_account_is_replaced_for_all_who_use_it),
        cmocka_unit_test(global__is_refused__when_it_cannot_be_paid_or_the_account_is_anothers),
        cmocka_unit_test(global__is_an_action_of_contracts_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
