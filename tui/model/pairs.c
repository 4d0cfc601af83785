#include "tui/model/pairs.h"

#include "net/base/xalloc.h"

static bool
is_counted(const struct node *n)
{
    return n->role != RECEIPT_REFUND;
}

/* The same actions, by kind and method, at the same account. */
static bool
is_alike(const struct node *a, const struct node *b)
{
    const struct receipt_fact *x = &a->receipt, *y = &b->receipt;
    if (!a->has_receipt || !b->has_receipt || x->action_count != y->action_count ||
        !account_equal(&x->receiver, &y->receiver))
        return false;
    for (size_t i = 0; i < x->action_count; i++) {
        if (x->actions[i].kind != y->actions[i].kind ||
            !str_equal(x->actions[i].method, y->actions[i].method))
            return false;
    }
    return true;
}

size_t
pairs_list(const struct call *first, const struct call *second, struct node_pair *out, size_t max)
{
    size_t count = 0, n = second->order_count;
    bool *is_taken = xcalloc(n + 1, sizeof(*is_taken));
    /* What each call begins with belongs together, whatever it is called. */
    if (max && first->order_count && n) {
        out[count++] = (struct node_pair){first->order[0], second->order[0]};
        is_taken[0] = true;
    }
    for (size_t i = count; i < first->order_count && count < max; i++) {
        const struct node *a = first->order[i], *b = NULL;
        if (!is_counted(a))
            continue;
        for (size_t k = 0; k < n && !b; k++) {
            if (!is_taken[k] && is_counted(second->order[k]) && is_alike(a, second->order[k])) {
                b = second->order[k];
                is_taken[k] = true;
            }
        }
        out[count++] = (struct node_pair){a, b};
    }
    for (size_t k = 0; k < n && count < max; k++) {
        if (!is_taken[k] && is_counted(second->order[k]))
            out[count++] = (struct node_pair){NULL, second->order[k]};
    }
    xfree(is_taken);
    return count;
}
