/* What a receipt is, and how it stands. */
#include "tui/model/tree.h"

static bool
calls_something(const struct node *n)
{
    for (size_t i = 0; i < n->receipt.action_count; i++) {
        if (n->receipt.actions[i].kind == ACTION_FUNCTION_CALL)
            return true;
    }
    return false;
}

static bool
only_transfers(const struct node *n)
{
    for (size_t i = 0; i < n->receipt.action_count; i++) {
        if (n->receipt.actions[i].kind != ACTION_TRANSFER)
            return false;
    }
    return n->receipt.action_count > 0;
}

/* A receipt that failed makes refunds and nothing else. One that went well and made a single
 * receipt that it does not return made the refund of its gas, almost always: the next answer
 * tells, one block later. */
static bool
is_likely_refund(const struct node *n)
{
    const struct node *p = n->parent;
    if (!p || n->has_outcome)
        return false;
    if (p->outcome.status == OUTCOME_FAILURE)
        return true;
    return p->child_count == 1 && p->outcome.status == OUTCOME_VALUE;
}

static enum receipt_role
role_of(const struct call *c, const struct node *n)
{
    if (n == c->root)
        return RECEIPT_CALL;
    if (!n->has_receipt)
        return is_likely_refund(n) ? RECEIPT_REFUND : RECEIPT_OTHER;
    if (account_is_system(&n->receipt.predecessor))
        return RECEIPT_REFUND;
    if (n->receipt.input_count)
        return RECEIPT_CALLBACK;
    if (calls_something(n))
        return RECEIPT_BRANCH;
    return only_transfers(n) ? RECEIPT_TRANSFER : RECEIPT_OTHER;
}

static uint64_t
attached(const struct node *n)
{
    uint64_t sum = 0;
    for (size_t i = 0; n->has_receipt && i < n->receipt.action_count; i++) {
        uint64_t gas = n->receipt.actions[i].gas;
        if (n->receipt.actions[i].kind == ACTION_FUNCTION_CALL)
            sum = gas > UINT64_MAX - sum ? UINT64_MAX : sum + gas;
    }
    return sum;
}

void
call_derive_roles(struct call *c)
{
    for (size_t i = 0; i < c->order_count; i++) {
        c->order[i]->role = role_of(c, c->order[i]);
        c->order[i]->gas_attached = attached(c->order[i]);
    }
}

static enum node_status
status_of(const struct call *c, const struct node *n)
{
    if (n->has_outcome)
        return n->outcome.status == OUTCOME_FAILURE ? NODE_FAILED : NODE_DONE;
    /* What a node does not have yet it may have in the next block; not when all is over. */
    if (n->hole_reason && c->state == TX_FINAL)
        return NODE_HOLE;
    if (!n->has_receipt)
        return n->has_executed ? NODE_IN_FLIGHT : NODE_UNKNOWN;
    for (size_t i = 0; i < n->input_count && !n->has_executed; i++) {
        if (!call_input_arrived(c, n, i))
            return NODE_WAITING;
    }
    return NODE_IN_FLIGHT;
}

void
call_derive_statuses(struct call *c)
{
    for (size_t i = 0; i < c->order_count; i++)
        c->order[i]->status = status_of(c, c->order[i]);
    if (c->transaction_node)
        c->transaction_node->status = status_of(c, c->transaction_node);
}
