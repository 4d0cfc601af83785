/* Calls in sentences: how one went, and all of it. */
#include "net/base/utf8.h"
#include "net/near/base58.h"
#include "tui/out/fields.h"
#include "tui/out/say.h"
#include "tui/out/stage.h"
#include "tui/out/text.h"

enum { RESULT_MOST = 4096, ADVICE_MOST = 4096 };

/* --- how it went -------------------------------------------------------------------------- */

static void
say_failure(struct buf *out, const struct node *n)
{
    if (n->is_placed) {
        buf_add_c(out, ": ");
        say_number(out, n);
    }
    if (n->has_receipt) {
        buf_add_c(out, n->is_placed ? ", " : ": ");
        say_what(out, n);
    }
    buf_add_c(out, ": ");
    text_reason(out, n);
}

/* "Wait." and the like, as a sentence of its own. */
static void
say_what_to_do(struct buf *out, enum stage stage)
{
    const char *advice = stage_advice(stage);
    say_stop(out);
    buf_addf(out, " What to do: %s", advice);
}

static void
say_running(struct buf *out, const struct call *c, const struct verdict *v)
{
    if (stage_of(c, v) != STAGE_RUNNING) {
        stage_sentence(out, c, stage_of(c, v));
        say_what_to_do(out, stage_of(c, v));
    } else {
        buf_addf(out, "The call is running, and %zu of %zu branches are back", v->branches_done,
                 v->branches);
    }
    if (v->branches_failed)
        buf_addf(out, ", %zu of which failed", v->branches_failed);
}

void
say_verdict(struct buf *out, const struct call *c, const struct verdict *v)
{
    size_t failed = v->branches_failed ? v->branches_failed : v->failed;
    switch (v->kind) {
    case VERDICT_RUNNING: say_running(out, c, v); break;
    case VERDICT_OK: buf_add_c(out, "The call succeeded"); break;
    case VERDICT_BRANCH_FAILED:
        buf_addf(out, "The call succeeded, but %zu of %zu %s failed", failed,
                 v->branches_failed ? v->branches : v->receipts,
                 v->branches_failed ? (v->branches == 1 ? "branch" : "branches") : "receipts");
        if (v->first_failed)
            say_failure(out, v->first_failed);
        break;
    case VERDICT_FAILED:
        if (c->state == TX_REFUSED) {
            stage_sentence(out, c, STAGE_REFUSED);
            say_what_to_do(out, STAGE_REFUSED);
            break;
        }
        buf_add_c(out, "The call failed");
        if (v->first_failed)
            say_failure(out, v->first_failed);
        break;
    case VERDICT_UNKNOWN:
        buf_addf(out, "The outcome could not be learnt: %zu of %zu receipts cannot be had",
                 v->holes, v->receipts);
        break;
    }
    say_stop(out);
}

/* --- all of it ---------------------------------------------------------------------------- */

void
say_receipts(struct buf *out, const struct call *c, const struct verdict *v)
{
    if (c->transaction_node && c->transaction_node->block_gone) {
        buf_add_c(out, "The transaction itself ran.");
        say_holes(out, c, c->transaction_node);
        buf_add_byte(out, '\n');
    }
    for (size_t i = 0; i < c->order_count; i++) {
        if (c->order[i]->role == RECEIPT_REFUND)
            continue;
        say_receipt(out, c, c->order[i]);
        buf_add_byte(out, '\n');
    }
    if (v->refunds)
        buf_addf(out, "%zu refund%s left out.\n", v->refunds, v->refunds == 1 ? " is" : "s are");
    if (v->untold)
        buf_addf(out, "What %zu receipt%s can be had nowhere.\n", v->untold,
                 v->untold == 1 ? " is" : "s are");
    if (v->untimed)
        buf_addf(out, "When %zu receipt%s ran can be had nowhere.\n", v->untimed,
                 v->untimed == 1 ? "" : "s");
    if (c->dropped)
        buf_addf(out, "This is not all: %llu more facts than fit came.\n",
                 (unsigned long long)c->dropped);
}

/* What a failed branch left in the result is easily taken for an answer. */
static void
say_nulls(struct buf *out, const struct call *c, const struct verdict *v)
{
    struct arena arena;
    struct field *fields;
    arena_init(&arena);
    size_t count = fields_of_result(c, v, &arena, &fields);
    for (size_t i = 0; i < count; i++) {
        bool is_unreadable = field_is_unreadable(&fields[i]);
        if (!is_unreadable && (!fields[i].branch || fields[i].branch->status != NODE_FAILED))
            continue;
        buf_add_c(out, "In the result ");
        utf8_clean(out, fields[i].path);
        buf_addf(out, " is null, because %s", is_unreadable ? "what " : "");
        say_number(out, fields[i].branch);
        if (is_unreadable)
            buf_add_c(out, " returned is no JSON.\n");
        else
            buf_addf(out, " failed (%s).\n", text_status(fields[i].branch));
    }
    arena_release(&arena);
}

/* A receipt that nearly ran out of what it had, or had far more than it used. */
static void
say_gas(struct buf *out, const struct call *c)
{
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        enum gas_use use = node_gas_use(n);
        char burnt[GAS_TEXT], attached[GAS_TEXT];
        if (use == GAS_FITS)
            continue;
        say_number(out, n);
        buf_add_c(out, ": ");
        say_what(out, n);
        gas_text_tera(n->outcome.gas_burnt, burnt);
        gas_text_tera(n->gas_attached, attached);
        if (n->outcome.gas_burnt > n->gas_attached)
            buf_addf(out, " used its %s Tgas up, or nearly: attach more.\n", attached);
        else
            buf_addf(out, " burnt %s of its %s Tgas: %s.\n", burnt, attached,
                     use == GAS_SHORT ? "attach more" : "less would do");
    }
}

static void
say_advice(struct buf *out, const struct verdict *v)
{
    struct buf advice;
    buf_init(&advice, ADVICE_MOST);
    if (v->first_failed)
        text_advice(&advice, v->first_failed);
    if (advice.n) {
        buf_addf(out, "Advice: %s", buf_c(&advice));
        say_stop(out);
        buf_add_byte(out, '\n');
    }
    buf_release(&advice);
}

static void
say_time(struct buf *out, const struct verdict *v)
{
    if (!v->has_blocks || !v->blocks)
        return;
    buf_addf(out, "It took %llu block%s", (unsigned long long)v->blocks,
             v->blocks == 1 ? "" : "s");
    if (v->has_ms)
        buf_addf(out, " and %.2f s", v->ms / 1000);
    if (v->sequential_blocks > v->blocks)
        buf_addf(out, ", and one after another its branches would take about %llu blocks",
                 (unsigned long long)v->sequential_blocks);
    buf_add_c(out, ".\n");
}

void
say_summary(struct buf *out, const struct call *c, const struct verdict *v)
{
    char near[AMOUNT_NEAR_TEXT], gas[GAS_TEXT];
    if (v->has_result && v->result->outcome.status == OUTCOME_VALUE) {
        buf_add_c(out, "The result is ");
        say_value(out, v->result->outcome.value, RESULT_MOST);
        buf_add_c(out, ".\n");
        say_nulls(out, c, v);
    }
    say_advice(out, v);
    say_time(out, v);
    if (v->gas_burnt)
        buf_addf(out, "%s Tgas were burnt in all, which cost %s.\n", gas_text_tera(v->gas_burnt, gas),
                 amount_near_text(v->tokens_burnt, 6, near));
    say_gas(out, c);
}
