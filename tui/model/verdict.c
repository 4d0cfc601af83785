#include "tui/model/verdict.h"

#include <string.h>

/* --- sums --------------------------------------------------------------------------------- */

static void
add_amount(struct amount *sum, struct amount more)
{
    if (!amount_add(*sum, more, sum))
        *sum = (struct amount){UINT64_MAX, UINT64_MAX};
}

static void
charge(struct verdict *v, const struct outcome_fact *f)
{
    v->gas_burnt = f->gas_burnt > UINT64_MAX - v->gas_burnt ? UINT64_MAX
                                                            : v->gas_burnt + f->gas_burnt;
    add_amount(&v->tokens_burnt, f->tokens_burnt);
}

static void
count_refund(struct verdict *v, const struct node *n)
{
    v->refunds++;
    for (size_t i = 0; n->has_receipt && i < n->receipt.action_count; i++)
        add_amount(&v->tokens_refunded, n->receipt.actions[i].deposit);
}

/* Gas that nobody paid for, as a refund's, where what it is cannot be had. */
static bool
is_for_nothing(const struct node *n)
{
    return !n->has_receipt && n->hole_reason && amount_is_zero(n->outcome.tokens_burnt);
}

static void
count_node(struct verdict *v, const struct node *n)
{
    v->receipts++;
    v->known += n->has_outcome;
    v->holes += n->status == NODE_HOLE;
    v->untold += n->has_outcome && !n->has_receipt && n->hole_reason;
    v->untimed += n->block_gone != NULL;
    v->failed += n->status == NODE_FAILED;
    v->named += n->status == NODE_UNKNOWN;
    if (n->role == RECEIPT_BRANCH) {
        v->branches++;
        v->branches_done += n->has_outcome;
        v->branches_failed += n->status == NODE_FAILED;
    }
    if (n->role == RECEIPT_REFUND)
        count_refund(v, n);
    else if (n->has_outcome && !is_for_nothing(n))
        charge(v, &n->outcome);
    v->is_complete &= n->has_outcome;
    v->is_final &= n->certainty == CERTAINTY_FINAL;
}

static void
count_all(struct call *c, struct verdict *v)
{
    const struct node *top = c->transaction_node;
    bool has_top = top && top->has_outcome;
    /* A transaction that failed by itself has no receipt. */
    v->is_complete = has_top && (c->order_count || top->status == NODE_FAILED);
    v->is_final = has_top && top->certainty == CERTAINTY_FINAL;
    if (has_top)
        charge(v, &top->outcome);
    for (size_t i = 0; i < c->order_count; i++)
        count_node(v, c->order[i]);
    v->is_final &= v->is_complete;
}

static void
find_result(struct call *c, struct verdict *v)
{
    const struct node *last = c->root ? call_deliverer(c, c->root) : c->transaction_node;
    if (!last || !last->has_outcome || last->outcome.status == OUTCOME_RECEIPT)
        return;
    v->has_result = true;
    v->result = last;
}

/* --- time --------------------------------------------------------------------------------- */

/* Of several in the last block the one that gave the result; else the first in order. */
static struct node *
last_to_run(const struct call *c, const struct verdict *v)
{
    struct node *last = NULL;
    for (size_t i = 0; i < c->order_count; i++) {
        struct node *n = c->order[i];
        if (n->role == RECEIPT_REFUND || !n->has_height)
            continue;
        /* As where a callback waited for several that came at once. */
        if (!last || n->height > last->height || (n->height == last->height && n == v->result))
            last = n;
    }
    return last;
}

/* It ran and cost something, or was to run, and nobody can tell when: then how long the call took cannot
 * be told either. */
static bool
is_in_the_dark(const struct node *n)
{
    if (n->role == RECEIPT_REFUND || n->has_height)
        return false;
    return n->status == NODE_HOLE || (n->block_gone && !is_for_nothing(n));
}

static void
measure(const struct call *c, struct verdict *v, const struct node *last)
{
    const struct node *root = c->root;
    for (size_t i = 0; i < c->order_count; i++) {
        if (is_in_the_dark(c->order[i]))
            return;
    }
    if (!root || !root->has_height || !last || last->height < root->height)
        return;
    v->has_blocks = true;
    v->blocks = last->height - root->height;
    if (root->has_time && last->has_time && last->time_ns >= root->time_ns) {
        v->has_ms = true;
        v->ms = (double)(last->time_ns - root->time_ns) / 1e6;
    }
}

/* The block in which the result for input i of a callback was there. */
static bool
arrived_at(const struct call *c, const struct node *callback, size_t i, uint64_t *height)
{
    if (!call_input_arrived(c, callback, i))
        return false;
    const struct node *last = call_deliverer(c, callback->inputs[i]);
    *height = last->height;
    return last->has_height;
}

static void
estimate_sequence(const struct call *c, struct verdict *v)
{
    v->sequential_blocks = v->blocks;
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        uint64_t one_by_one = 0, at;
        if (n->input_count < 2 || !n->has_height || !n->has_created)
            continue;
        for (size_t j = 0; j < n->input_count; j++) {
            if (arrived_at(c, n, j, &at) && at > n->created_height)
                one_by_one += at - n->created_height + 1;
        }
        uint64_t joined = n->height > n->created_height ? n->height - n->created_height : 0;
        if (one_by_one > joined)
            v->sequential_blocks += one_by_one - joined;
    }
}

/* A branch is a straggler when its result came at least one block after all others of its join.
 * The last join that has one names it. */
static void
find_straggler(const struct call *c, struct verdict *v)
{
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i], *latest = NULL;
        uint64_t best = 0, second = 0, at;
        size_t known = 0;
        for (size_t j = 0; j < n->input_count; j++) {
            if (!arrived_at(c, n, j, &at))
                continue;
            known++;
            if (!latest || at > best) {
                second = latest ? best : 0;
                best = at;
                latest = n->inputs[j];
            } else if (at > second) {
                second = at;
            }
        }
        if (known > 1 && known == n->input_count && best > second)
            v->straggler = latest;
    }
}

/* --- the critical path -------------------------------------------------------------------- */

/* Who had to have run before this one could: of a callback the last of its inputs to arrive,
 * unless its maker came later still; of others their maker. */
static struct node *
waited_for(const struct call *c, const struct node *n)
{
    struct node *latest = n->parent;
    for (size_t i = 0; i < n->input_count; i++) {
        struct node *in = n->inputs[i] ? call_deliverer(c, n->inputs[i]) : NULL;
        bool is_later = in && in->has_height &&
                        (!latest || !latest->has_height || in->height > latest->height);
        if (is_later)
            latest = in;
    }
    return latest;
}

static void
find_path(struct call *c, struct verdict *v, struct node *last)
{
    size_t count = 0;
    v->critical = arena_array(&c->derived, c->order_count, sizeof(struct node *));
    for (struct node *n = last; n && !n->is_critical; n = waited_for(c, n)) {
        n->is_critical = true;
        v->critical[count++] = n;
    }
    v->critical_count = count;
    for (size_t i = 0; i < count / 2; i++) {
        const struct node *swap = v->critical[i];
        v->critical[i] = v->critical[count - 1 - i];
        v->critical[count - 1 - i] = swap;
    }
}

/* --- the word ----------------------------------------------------------------------------- */

static const struct node *
failed_child(const struct node *n)
{
    for (size_t i = 0; i < n->child_count; i++) {
        if (n->children[i]->status == NODE_FAILED)
            return n->children[i];
    }
    return NULL;
}

/* A callback that fails after a branch did most often fails for that. */
static const struct node *
cause_of(const struct call *c, const struct node *n)
{
    for (size_t i = 0; i < n->input_count; i++) {
        const struct node *in = n->inputs[i] ? call_deliverer(c, n->inputs[i]) : NULL;
        if (in && in->status == NODE_FAILED)
            return in;
    }
    return n;
}

static void
find_cause(const struct call *c, struct verdict *v)
{
    if (v->result && v->result->status == NODE_FAILED) {
        v->first_failed = cause_of(c, v->result);
        return;
    }
    for (size_t i = 0; i < c->order_count && !v->first_failed; i++) {
        const struct node *n = c->order[i];
        if (n->status == NODE_FAILED && !failed_child(n))
            v->first_failed = n;
    }
}

static enum verdict_kind
kind_of(const struct call *c, const struct verdict *v)
{
    if (c->state == TX_REFUSED)
        return VERDICT_FAILED;
    if (v->has_result && v->result->status == NODE_FAILED)
        return VERDICT_FAILED;
    if (v->holes && v->known + v->holes == v->receipts)
        return VERDICT_UNKNOWN;
    if (!v->is_complete)
        return VERDICT_RUNNING;
    return v->failed ? VERDICT_BRANCH_FAILED : VERDICT_OK;
}

void
call_derive_verdict(struct call *c)
{
    struct verdict *v = arena_alloc(&c->derived, sizeof(*v));
    count_all(c, v);
    find_result(c, v);
    struct node *last = last_to_run(c, v);
    measure(c, v, last);
    estimate_sequence(c, v);
    find_straggler(c, v);
    find_path(c, v, last);
    find_cause(c, v);
    v->kind = kind_of(c, v);
    c->verdict = v;
}

const struct verdict *
call_verdict(struct store *s, struct call *c)
{
    call_update(s, c);
    return c->verdict;
}

/* --- gas ---------------------------------------------------------------------------------- */

enum gas_use
node_gas_use(const struct node *n)
{
    if (!n->has_outcome || !n->gas_attached)
        return GAS_FITS;
    if (n->outcome.gas_burnt / 9 > n->gas_attached / 10)
        return GAS_SHORT;
    if (n->status == NODE_FAILED)
        return GAS_FITS;
    for (size_t i = 0; i < n->child_count; i++) {
        if (n->children[i]->role != RECEIPT_REFUND)
            return GAS_FITS;
    }
    return n->outcome.gas_burnt < n->gas_attached / 10 ? GAS_IDLE : GAS_FITS;
}
