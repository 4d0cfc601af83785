#include "tui/model/want.h"

#include "tui/model/facts.h"
#include "tui/model/verdict.h"

struct list {
    struct want *out;
    size_t count, max;
    const struct call *call;
};

bool
want_nothing(struct store *s, struct call *c)
{
    const struct verdict *v = call_verdict(s, c);
    if (c->state == TX_REFUSED)
        return true;
    bool is_told = v->is_complete ? v->is_final : v->kind == VERDICT_UNKNOWN;
    return is_told && c->has_all_blocks;
}

static bool
is_listed(const struct list *l, const struct want *w)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct want *o = &l->out[i];
        if (o->kind == w->kind && hash_equal(&o->id, &w->id) && hash_equal(&o->tx, &w->tx))
            return true;
    }
    return false;
}

static void
add(struct list *l, enum want_kind kind, const struct hash *id)
{
    struct want w = {.kind = kind, .tx = l->call->tx};
    if (id)
        w.id = *id;
    if (l->call->has_transaction)
        w.signer = l->call->transaction.signer;
    if (l->count < l->max && !is_listed(l, &w))
        l->out[l->count++] = w;
}

/* Also of outcomes that another one has replaced: the heights decide which counts. */
static void
add_blocks(struct list *l, const struct node *n)
{
    for (const struct outcome_version *v = n->versions; v; v = v->next) {
        if (!v->fact.has_block_time)
            add(l, WANT_BLOCK, &v->fact.block_hash);
    }
}

static bool
is_worth_asking(const struct call *c, const struct node *n)
{
    if (n->has_receipt || n->has_outcome)
        return false;
    return c->state == TX_FINAL ? !n->hole_reason : n->role != RECEIPT_REFUND;
}

size_t
want_list(struct store *s, struct call *c, struct want *out, size_t count, size_t max)
{
    struct list l = {.out = out, .count = count, .max = max, .call = c};
    const struct verdict *v = call_verdict(s, c);
    if (want_nothing(s, c))
        return count;
    if (!v->is_complete)
        add(&l, WANT_STATUS, NULL);
    else if (!v->is_final)
        add(&l, WANT_FINALITY, NULL);
    if (c->transaction_node)
        add_blocks(&l, c->transaction_node);
    for (size_t i = 0; i < c->order_count && l.count < l.max; i++) {
        add_blocks(&l, c->order[i]);
        if (is_worth_asking(c, c->order[i]))
            add(&l, WANT_RECEIPT, &c->order[i]->id);
    }
    return l.count;
}
