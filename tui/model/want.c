#include "tui/model/want.h"

#include "tui/model/verdict.h"

bool
want_nothing(struct store *s, struct call *c)
{
    const struct verdict *v = call_verdict(s, c);
    return c->state == TX_REFUSED || (v->is_complete && v->is_final && v->has_blocks);
}

static bool
is_probable_refund(const struct node *n)
{
    const struct node *p = n->parent;
    return p && p->child_count && p->children[p->child_count - 1] == n;
}

static bool
is_listed(const struct want *out, size_t count, enum want_kind kind, const struct hash *id)
{
    for (size_t i = 0; i < count; i++) {
        if (out[i].kind == kind && hash_equal(&out[i].id, id))
            return true;
    }
    return false;
}

size_t
want_list(struct store *s, struct call *c, struct want *out, size_t count, size_t max)
{
    struct want base = {.tx = c->tx};
    if (want_nothing(s, c))
        return count;
    if (c->has_transaction)
        base.signer = c->transaction.signer;
    const struct verdict *v = call_verdict(s, c);
    if (count < max) {
        out[count] = base;
        out[count++].kind = v->is_complete ? WANT_FINALITY : WANT_STATUS;
    }
    const struct node *top = c->transaction_node;
    if (top && top->has_outcome && !top->has_height && count < max) {
        out[count] = base;
        out[count].kind = WANT_BLOCK;
        out[count++].id = top->outcome.block_hash;
    }
    for (size_t i = 0; i < c->order_count && count < max; i++) {
        const struct node *n = c->order[i];
        if (!n->has_receipt && !n->has_outcome && !is_probable_refund(n)) {
            out[count] = base;
            out[count].kind = WANT_RECEIPT;
            out[count++].id = n->id;
        }
        if (n->has_outcome && !n->has_height && count < max &&
            !is_listed(out, count, WANT_BLOCK, &n->outcome.block_hash)) {
            out[count] = base;
            out[count].kind = WANT_BLOCK;
            out[count++].id = n->outcome.block_hash;
        }
    }
    return count;
}
