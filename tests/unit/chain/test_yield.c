#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "contract/chain/ids.h"
#include "tests/unit/chain/fixture.h"

enum { WAIT = 200 };
#define SELF "program.test.near"

static void
set_up(struct fixture *f)
{
    fixture_init(f);
    fixture_account(f, "alice.test.near", NULL);
    fixture_account(f, SELF, "program");
    fixture_account(f, "other.test.near", "program");
}

/* Yields, remembers the token under "t", and returns the promise. */
static const struct chain_outcome *
yield(struct fixture *f)
{
    struct script s, callback;
    script_init(&s);
    script_init(&callback);
    script_results(&callback);
    script_return_promise(&s, script_yield(&s, script_str(&callback), "t", TERA_GAS * 20, 0));
    struct hash tx = fixture_script(f, "alice.test.near", SELF, &s);
    script_release(&s);
    script_release(&callback);
    fixture_settle(f);
    const struct chain_outcome *o = fixture_first(f, &tx);
    assert_int_equal(o->status, CHAIN_RECEIPT);
    return o;
}

static struct hash
resume(struct fixture *f, const char *signer, const char *contract)
{
    struct script s;
    script_init(&s);
    script_resume(&s, "t", "payload");
    struct hash tx = fixture_script(f, signer, contract, &s);
    script_release(&s);
    return tx;
}

static void
yield__runs_one_block_after_it_was_resumed__once(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    const struct chain_outcome *o = yield(&f);
    assert_null(chain_outcome_of(f.chain, &o->returns));
    assert_true(chain_receipt_of(f.chain, &o->returns)->is_yield);
    struct hash first = resume(&f, "alice.test.near", SELF);
    struct hash second = resume(&f, "alice.test.near", SELF);
    fixture_settle(&f);
    const struct chain_outcome *a = fixture_first(&f, &first), *b = fixture_first(&f, &second);
    /* Both find it still waiting: the data of the second comes too late. */
    assert_int_equal(a->height, b->height);
    assert_true(str_equal_c(a->value, "1") && str_equal_c(b->value, "1"));
    /* The data itself is no receipt of the answer. */
    assert_int_equal(a->child_count, 1);
    const struct chain_outcome *callback = fixture_outcome(&f, &o->returns);
    assert_int_equal(callback->height, a->height + 1);
    assert_true(str_equal_c(callback->value, "results:1"));
    struct hash third = resume(&f, "alice.test.near", SELF);
    fixture_settle(&f);
    assert_true(str_equal_c(fixture_first(&f, &third)->value, "0"));
    fixture_release(&f);
}

static void
yield__is_resumed_by_nobody_else(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    const struct chain_outcome *o = yield(&f);
    const struct chain_receipt *waiting = chain_receipt_of(f.chain, &o->returns);
    struct script s;
    /* The other contract learns the token and tries. */
    script_init(&s);
    script_write(&s, "t", str_of(waiting->inputs[0].b, 32));
    script_resume(&s, "t", "payload");
    struct hash tx = fixture_script(&f, "alice.test.near", "other.test.near", &s);
    script_release(&s);
    fixture_settle(&f);
    assert_true(str_equal_c(fixture_first(&f, &tx)->value, "0"));
    assert_null(chain_outcome_of(f.chain, &o->returns));
    fixture_release(&f);
}

static void
yield__fails_after_two_hundred_blocks(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    const struct chain_outcome *o = yield(&f);
    const struct chain_receipt *waiting = chain_receipt_of(f.chain, &o->returns);
    fixture_blocks(&f, (int)(o->height + WAIT - chain_head(f.chain)->height));
    assert_null(chain_outcome_of(f.chain, &o->returns));
    /* Still there in this block, but what comes now comes after the end of its time. */
    fixture_settle(&f);
    const struct chain_outcome *callback = fixture_outcome(&f, &o->returns);
    assert_int_equal(callback->height, o->height + WAIT + 1);
    assert_true(str_equal_c(callback->value, "results:2"));
    struct hash id = id_derive(&waiting->inputs[0], o->height + WAIT, 0);
    const struct chain_receipt *resumed = chain_receipt_of(f.chain, &id);
    assert_non_null(resumed);
    assert_true(resumed->is_resume && resumed->is_data && !resumed->has_data);
    fixture_release(&f);
}

static void
yield__ends_in_time__when_it_was_resumed(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    const struct chain_outcome *o = yield(&f);
    struct hash tx = resume(&f, "alice.test.near", SELF);
    fixture_settle(&f);
    assert_true(str_equal_c(fixture_first(&f, &tx)->value, "1"));
    fixture_blocks(&f, WAIT + 5);
    for (uint64_t h = o->height + WAIT - 2; h <= chain_head(f.chain)->height; h++) {
        const struct chain_block *b = chain_block_at(f.chain, h);
        for (size_t i = 0; i < b->chunk_count; i++)
            assert_int_equal(b->chunks[i].receipt_count, 0);
    }
    fixture_release(&f);
}

static void
yield__resumed_by_its_own_call_is_a_receipt_like_any_other(void **state)
{
    (void)state;
    struct fixture f;
    struct script s, callback;
    set_up(&f);
    script_init(&s);
    script_init(&callback);
    script_results(&callback);
    uint16_t promise = script_yield(&s, script_str(&callback), "", TERA_GAS * 20, 0);
    script_resume_own(&s, 0, "now");
    script_return_promise(&s, promise);
    struct hash tx = fixture_script(&f, "alice.test.near", SELF, &s);
    fixture_settle(&f);
    const struct chain_outcome *o = fixture_first(&f, &tx);
    const struct chain_outcome *run = fixture_outcome(&f, &o->returns);
    assert_false(run->receipt->is_yield);
    assert_int_equal(run->receipt->input_count, 1);
    assert_int_equal(run->height, o->height + 1);
    assert_true(str_equal_c(run->value, "results:1"));
    /* Its data took the second number, so the refund has the third. */
    struct hash refund = id_derive(&o->id, o->height, 2);
    assert_int_equal(o->child_count, 2);
    assert_true(hash_equal(&o->children[1], &refund));
    script_release(&s);
    script_release(&callback);
    fixture_release(&f);
}

static void
yield__answers_whoever_waits_for_the_call(void **state)
{
    (void)state;
    struct fixture f;
    struct script s, inner, callback;
    set_up(&f);
    script_init(&s);
    script_init(&inner);
    script_init(&callback);
    script_results(&callback);
    script_return_promise(
        &inner, script_yield(&inner, script_str(&callback), "t", TERA_GAS * 20, 0));
    struct script_call call = {.args = script_str(&inner), .gas = TERA_GAS * 60};
    uint16_t promise = script_create(&s, SELF);
    script_call(&s, promise, &call);
    promise = script_then(&s, promise, "other.test.near");
    call = (struct script_call){.args = script_str(&callback), .gas = TERA_GAS * 20};
    script_call(&s, promise, &call);
    script_return_promise(&s, promise);
    struct hash tx = fixture_script(&f, "alice.test.near", "other.test.near", &s);
    fixture_settle(&f);
    const struct chain_outcome *o = fixture_first(&f, &tx);
    assert_null(chain_outcome_of(f.chain, &o->returns));
    struct hash again = resume(&f, "alice.test.near", SELF);
    fixture_settle(&f);
    const struct chain_outcome *last = fixture_outcome(&f, &o->returns);
    assert_true(str_equal_c(last->value, "results:1"));
    /* Resumed, run, its data delivered. */
    assert_int_equal(last->height, fixture_first(&f, &again)->height + 2);
    script_release(&s);
    script_release(&inner);
    script_release(&callback);
    fixture_release(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yield__runs_one_block_after_it_was_resumed__once),
        cmocka_unit_test(yield__is_resumed_by_nobody_else),
        cmocka_unit_test(yield__fails_after_two_hundred_blocks),
        cmocka_unit_test(yield__ends_in_time__when_it_was_resumed),
        cmocka_unit_test(yield__resumed_by_its_own_call_is_a_receipt_like_any_other),
        cmocka_unit_test(yield__answers_whoever_waits_for_the_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
