#include "tui/model/want.h"

#include "tui/model/doubt.h"
#include "tui/model/facts.h"
#include "tui/model/verdict.h"

struct list {
    struct want *out;
    size_t count, max;
    const struct call *call;
};

/* Of one that has run, or when all is over, a second "do not know it" would be no other. */
static bool
is_worth_asking(const struct call *c, const struct node *n)
{
    /* The first one follows from the transaction. */
    if (n->has_receipt || n == c->root)
        return false;
    if (n->has_outcome || c->state == TX_FINAL)
        return !n->hole_reason;
    return n->role != RECEIPT_REFUND;
}

static bool
has_all_receipts(const struct call *c)
{
    for (size_t i = 0; i < c->order_count; i++) {
        if (is_worth_asking(c, c->order[i]))
            return false;
    }
    return true;
}

bool
want_nothing(struct store *s, struct call *c)
{
    const struct verdict *v = call_verdict(s, c);
    if (c->state == TX_REFUSED)
        return true;
    bool is_told = v->is_complete ? v->is_final : v->kind == VERDICT_UNKNOWN;
    return is_told && c->has_transaction && c->has_all_blocks && has_all_receipts(c);
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

static bool
is_buried_node(const struct store *s, const struct node *n)
{
    return !n->has_outcome || n->certainty == CERTAINTY_FINAL || !n->has_height ||
           n->height <= s->final_height;
}

/* Blocks are final at all heights at which something ran, as far as these can be had: a block
 * that was replaced may be unknown. Whether they are those that it ran
 * in, the node has to say. */
static bool
is_buried(const struct store *s, const struct call *c)
{
    for (size_t i = 0; i < c->order_count; i++) {
        if (!is_buried_node(s, c->order[i]))
            return false;
    }
    return s->has_final && c->transaction_node && is_buried_node(s, c->transaction_node);
}

/* Also of outcomes that another one has replaced: the heights decide which counts. */
static void
add_block(struct list *l, const struct outcome_fact *f)
{
    if (!f->has_block_time && !call_gone_block(l->call, &f->block_hash))
        add(l, WANT_BLOCK, &f->block_hash);
}

static void
add_blocks(struct list *l, const struct node *n)
{
    if (n->has_outcome)
        add_block(l, &n->outcome);
    for (const struct outcome_version *v = n->rivals; v; v = v->next)
        add_block(l, &v->fact);
}

size_t
want_list(struct store *s, struct call *c, struct want *out, size_t count, size_t max)
{
    struct list l = {.out = out, .count = count, .max = max, .call = c};
    struct hash block;
    const struct verdict *v = call_verdict(s, c);
    if (want_nothing(s, c))
        return count;
    if (!v->is_complete || !c->has_transaction)
        add(&l, WANT_STATUS, NULL);
    else if (!v->is_final)
        add(&l, is_buried(s, c) ? WANT_STATUS : WANT_FINALITY, NULL);
    if (doubt_wants(s, c, &block))
        add(&l, hash_is_zero(&block) ? WANT_FINALITY : WANT_BLOCK, &block);
    if (c->transaction_node)
        add_blocks(&l, c->transaction_node);
    for (size_t i = 0; i < c->order_count && l.count < l.max; i++) {
        add_blocks(&l, c->order[i]);
        if (is_worth_asking(c, c->order[i]))
            add(&l, WANT_RECEIPT, &c->order[i]->id);
    }
    return l.count;
}
