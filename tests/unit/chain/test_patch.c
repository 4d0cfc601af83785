#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "contract/chain/changes.h"
#include "contract/chain/drill.h"
#include "contract/chain/patch.h"
#include "tests/unit/chain/fixture.h"

static struct patch_record
account_record(const char *name, struct amount amount)
{
    return (struct patch_record){.kind = PATCH_ACCOUNT,
                                 .account = account_of(name),
                                 .view = {.amount = amount, .storage_usage = 100}};
}

static void
must_patch(struct fixture *f, struct patch_record record)
{
    struct diag d = {0};
    if (chain_patch(f->chain, &record, 1, &d))
        fail_msg("%s", diag_text(&d));
}

static void
chain_patch__takes_effect_with_the_next_block__and_the_supply_follows(void **state)
{
    struct fixture f;
    struct account_view v;
    struct amount more;
    (void)state;
    fixture_init(&f);
    struct amount supply = chain_head(f.chain)->total_supply;
    must_patch(&f, account_record("new.near", near(5)));
    assert_false(chain_view_account(f.chain, STR("new.near"), &v));
    fixture_blocks(&f, 1);
    assert_true(chain_view_account(f.chain, STR("new.near"), &v));
    assert_amount_equal(v.amount, near(5));
    assert_true(amount_add(supply, near(5), &more));
    assert_amount_equal(chain_head(f.chain)->total_supply, more);
    must_patch(&f, account_record("new.near", near(2)));
    fixture_blocks(&f, 1);
    assert_true(amount_add(supply, near(2), &more));
    assert_amount_equal(chain_head(f.chain)->total_supply, more);
    const struct block_changes *b = chain_changes_of(f.chain, chain_head(f.chain));
    assert_int_equal(b->count, 1);
    assert_int_equal(b->items[0].cause, CAUSE_PATCH);
    assert_amount_equal(b->items[0].account_before->amount, near(5));
    fixture_release(&f);
}

static void
chain_patch__is_not_lost__when_its_block_is_replaced(void **state)
{
    struct fixture f;
    struct account_view v;
    (void)state;
    fixture_init(&f);
    must_patch(&f, account_record("new.near", near(5)));
    struct chain_mark *mark = chain_mark_new(f.chain);
    fixture_blocks(&f, 1);
    assert_true(chain_view_account(f.chain, STR("new.near"), &v));
    chain_go_back(f.chain, mark);
    assert_false(chain_view_account(f.chain, STR("new.near"), &v));
    fixture_blocks(&f, 1);
    assert_true(chain_view_account(f.chain, STR("new.near"), &v));
    fixture_release(&f);
}

static void
chain_patch__takes_no_more_tokens_than_can_be_added_up(void **state)
{
    enum { TRIES = 10 };
    struct fixture f;
    struct diag d = {0};
    struct patch_record record = account_record("rich.near", (struct amount){UINT64_MAX / 16, 0});
    int taken = 0;
    (void)state;
    fixture_init(&f);
    while (taken < TRIES && chain_patch(f.chain, &record, 1, &d) == OK) {
        taken++;
        fixture_blocks(&f, 1);
    }
    assert_int_equal(taken, 4);
    fixture_release(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chain_patch__takes_effect_with_the_next_block__and_the_supply_follows),
        cmocka_unit_test(chain_patch__is_not_lost__when_its_block_is_replaced),
        cmocka_unit_test(chain_patch__takes_no_more_tokens_than_can_be_added_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
