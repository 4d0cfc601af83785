#include "tui/model/verdict.h"

#include <string.h>

enum { MAX_PATH = 256, MAX_CHAIN = 64 };

static void
add_amount(struct amount *sum, struct amount more)
{
    if (!amount_add(*sum, more, sum))
        *sum = (struct amount){UINT64_MAX, UINT64_MAX};
}

static void
count_node(struct verdict *v, const struct node *n)
{
    v->receipts++;
    v->known += n->has_outcome;
    if (n->role == RECEIPT_REFUND) {
        v->refunds++;
        for (size_t i = 0; i < n->receipt.action_count; i++)
            add_amount(&v->tokens_refunded, n->receipt.actions[i].deposit);
    }
    if (n->role == RECEIPT_BRANCH) {
        v->branches++;
        v->branches_done += n->has_outcome;
        v->branches_failed += n->status == NODE_FAILED;
    }
    v->failed += n->status == NODE_FAILED;
    if (!n->has_outcome) {
        v->is_complete = v->is_final = false;
        return;
    }
    if (n->certainty != CERTAINTY_FINAL)
        v->is_final = false;
    if (n->role != RECEIPT_REFUND) {
        v->gas_burnt += n->outcome.gas_burnt;
        add_amount(&v->tokens_burnt, n->outcome.tokens_burnt);
    }
}

static void
find_result(const struct call *c, struct verdict *v)
{
    const struct node *n = c->root;
    for (int i = 0; n && i < MAX_CHAIN; i++) {
        if (!n->has_outcome)
            return;
        if (n->outcome.status != OUTCOME_RECEIPT) {
            v->has_result = true;
            v->result = n;
            return;
        }
        n = call_node(c, &n->outcome.returns);
    }
}

/* --- time --------------------------------------------------------------------------------- */

static const struct node *
last_to_run(const struct call *c)
{
    const struct node *last = NULL;
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        if (n->role != RECEIPT_REFUND && n->has_height && (!last || n->height >= last->height))
            last = n;
    }
    return last;
}

static void
measure(const struct call *c, struct verdict *v)
{
    const struct node *last = last_to_run(c);
    if (!c->root || !c->root->has_height || !last)
        return;
    v->has_blocks = true;
    v->blocks = last->height - c->root->height;
    if (c->root->has_time && last->has_time && last->time_ns >= c->root->time_ns) {
        v->has_ms = true;
        v->ms = (double)(last->time_ns - c->root->time_ns) / 1e6;
    }
}

/* The block in which a branch's result was there: its own, or that of whom it returned. */
static bool
delivered_at(const struct call *c, const struct node *n, uint64_t *height)
{
    for (int i = 0; i < MAX_CHAIN && n && n->has_outcome; i++) {
        if (n->outcome.status != OUTCOME_RECEIPT) {
            *height = n->height;
            return n->has_height;
        }
        n = call_node(c, &n->outcome.returns);
    }
    return false;
}

static void
estimate_sequence(const struct call *c, struct verdict *v)
{
    uint64_t estimate = v->blocks;
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        uint64_t one_by_one = 0, at;
        if (n->input_count < 2 || !n->has_height || !n->has_created)
            continue;
        for (size_t j = 0; j < n->input_count; j++) {
            const struct node *in = n->inputs[j];
            if (in && delivered_at(c, in, &at) && at > n->created_height)
                one_by_one += at - n->created_height + 1;
        }
        uint64_t joined = n->height - n->created_height;
        if (one_by_one > joined)
            estimate += one_by_one - joined;
    }
    v->sequential_blocks = estimate;
}

/* --- the critical path -------------------------------------------------------------------- */

/* Who had to be there last before this one could run. */
static struct node *
waited_for(const struct node *n)
{
    struct node *latest = NULL;
    for (size_t i = 0; i < n->input_count; i++) {
        struct node *in = n->inputs[i];
        if (in && in->has_height && (!latest || in->height > latest->height))
            latest = in;
    }
    return latest ? latest : n->parent;
}

static void
find_path(struct call *c, struct verdict *v)
{
    struct node *path[MAX_PATH];
    size_t count = 0;
    struct node *n = v->result ? call_node(c, &v->result->id) : NULL;
    for (; n && count < MAX_PATH; n = waited_for(n)) {
        n->is_critical = true;
        path[count++] = n;
    }
    v->critical = arena_array(&c->derived, count, sizeof(*v->critical));
    v->critical_count = count;
    for (size_t i = 0; i < count; i++)
        v->critical[i] = path[count - 1 - i];
}

/* A branch is a straggler when it came at least one block after all the others of its join. */
static void
find_straggler(const struct call *c, struct verdict *v)
{
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i], *latest = NULL;
        uint64_t second = 0;
        size_t known = 0;
        for (size_t j = 0; j < n->input_count; j++) {
            const struct node *in = n->inputs[j];
            uint64_t at;
            if (!in || !delivered_at(c, in, &at))
                continue;
            known++;
            uint64_t best = 0;
            if (latest && delivered_at(c, latest, &best) && at <= best) {
                second = at > second ? at : second;
            } else {
                second = best;
                latest = in;
            }
        }
        uint64_t best = 0;
        if (known > 1 && known == n->input_count && delivered_at(c, latest, &best) &&
            best > second)
            v->straggler = latest;
    }
}

/* --- the word ----------------------------------------------------------------------------- */

static bool
has_failed_child(const struct node *n)
{
    for (size_t i = 0; i < n->child_count; i++) {
        if (n->children[i]->status == NODE_FAILED)
            return true;
    }
    return false;
}

static void
find_cause(const struct call *c, struct verdict *v)
{
    for (size_t i = 0; i < c->order_count && !v->first_failed; i++) {
        const struct node *n = c->order[i];
        if (n->status == NODE_FAILED && !has_failed_child(n))
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
    if (!v->is_complete)
        return VERDICT_RUNNING;
    return v->failed ? VERDICT_BRANCH_FAILED : VERDICT_OK;
}

void
call_derive_verdict(struct store *s, struct call *c)
{
    struct verdict *v = arena_alloc(&c->derived, sizeof(*v));
    (void)s;
    v->is_complete = v->is_final = c->order_count > 0;
    for (size_t i = 0; i < c->order_count; i++)
        count_node(v, c->order[i]);
    if (c->transaction_node && c->transaction_node->has_outcome) {
        v->gas_burnt += c->transaction_node->outcome.gas_burnt;
        add_amount(&v->tokens_burnt, c->transaction_node->outcome.tokens_burnt);
    }
    find_result(c, v);
    measure(c, v);
    estimate_sequence(c, v);
    find_path(c, v);
    find_straggler(c, v);
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
