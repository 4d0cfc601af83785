#include "tui/view/rows.h"

#include <string.h>
#include "net/base/xalloc.h"

bool
folds_has(const struct folds *f, const struct hash *id)
{
    for (size_t i = 0; i < f->count; i++) {
        if (hash_equal(&f->id[i], id))
            return true;
    }
    return false;
}

void
folds_toggle(struct folds *f, const struct hash *id)
{
    f->changes++;
    for (size_t i = 0; i < f->count; i++) {
        if (hash_equal(&f->id[i], id)) {
            f->id[i] = f->id[--f->count];
            return;
        }
    }
    if (f->count < FOLDS_MAX)
        f->id[f->count++] = *id;
}

void
rows_release(struct rows *r)
{
    xfree(r->row);
    xfree(r->moment);
    *r = (struct rows){0};
}

/* --- the axis, and what happened on it ------------------------------------------------------ */

static void
widen(struct rows *r, uint64_t height)
{
    if (!r->has_axis || height < r->first)
        r->first = height;
    if (!r->has_axis || height > r->last)
        r->last = height;
    r->has_axis = true;
}

/* The moment of this height, made when there is none; NULL when there are too many. */
static struct moment *
moment_at(struct rows *r, uint64_t height)
{
    size_t low = 0, high = r->moment_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->moment[middle].height < height)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < r->moment_count && r->moment[low].height == height)
        return &r->moment[low];
    if (r->moment_count == MOMENTS_MAX)
        return NULL;
    memmove(&r->moment[low + 1], &r->moment[low], (r->moment_count - low) * sizeof(*r->moment));
    r->moment_count++;
    r->moment[low] = (struct moment){.height = height};
    return &r->moment[low];
}

static void
add_moment(struct rows *r, const struct node *n)
{
    struct moment *m = moment_at(r, n->height);
    if (!m)
        return;
    if (n->has_time) {
        m->time_ns = n->time_ns;
        m->has_time = true;
    }
    if (n->role == RECEIPT_REFUND) {
        m->refunds++;
        return;
    }
    m->count++;
    m->failed += n->status == NODE_FAILED;
    if (m->listed < MOMENT_NODES)
        m->node[m->listed++] = n;
}

/* Refunds come after all is said: they widen nothing. */
static void
take_time(struct rows *r, const struct node *n)
{
    if (n->has_height)
        add_moment(r, n);
    if (n->role == RECEIPT_REFUND)
        return;
    if (n->has_height)
        widen(r, n->height);
    else if (n->status != NODE_HOLE)
        r->is_open = true;
    if (n->has_created)
        widen(r, n->created_height);
    enum gas_use use = node_gas_use(n);
    if (!r->gas_first[use])
        r->gas_first[use] = n;
}

/* --- rows ------------------------------------------------------------------------------------- */

static void
fill(struct rows *r, const struct folds *folds, const struct call *c)
{
    int folded_at = -1;         /* depth of the folded receipt we are below */
    if (c->transaction_node && c->transaction_node->has_height) {
        widen(r, c->transaction_node->height);
        add_moment(r, c->transaction_node);
    }
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        bool is_refund = n->role == RECEIPT_REFUND;
        take_time(r, n);
        if (folded_at >= 0 && n->depth > folded_at) {
            r->row[r->count - 1].hidden += !is_refund;
            continue;
        }
        folded_at = -1;
        if (is_refund && !folds->shows_refunds) {
            r->refunds_hidden++;
            continue;
        }
        r->row[r->count++] = (struct row){.node = n};
        if (n->child_count && folds_has(folds, &n->id))
            folded_at = n->depth;
    }
}

void
rows_update(struct rows *r, const struct folds *folds, const struct call *c)
{
    if (r->call == c && (!c || (hash_equal(&r->tx, &c->tx) && r->facts == c->derived_facts &&
                                r->chain == c->derived_chain && r->folds == folds->changes)))
        return;
    r->count = r->refunds_hidden = r->moment_count = 0;
    r->has_axis = r->is_open = false;
    memset(r->gas_first, 0, sizeof(r->gas_first));
    r->call = c;
    if (!c)
        return;
    r->tx = c->tx;
    r->facts = c->derived_facts;
    r->chain = c->derived_chain;
    r->folds = folds->changes;
    if (c->order_count > r->room) {
        r->room = c->order_count + c->order_count / 2;
        r->row = xrealloc(r->row, r->room, sizeof(*r->row));
    }
    if (!r->moment)
        r->moment = xcalloc(MOMENTS_MAX, sizeof(*r->moment));
    fill(r, folds, c);
}

ptrdiff_t
rows_find(struct rows *r, const struct hash *id)
{
    if (r->found < r->count && hash_equal(&r->row[r->found].node->id, id))
        return (ptrdiff_t)r->found;
    for (size_t i = 0; i < r->count; i++) {
        if (hash_equal(&r->row[i].node->id, id)) {
            r->found = i;
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

bool
row_has_later_sibling(const struct node *n, bool shows_refunds)
{
    const struct node *p = n->parent;
    /* From the end: of many siblings, nearly all have a later one. */
    for (size_t i = p ? p->child_count : 0; i-- > 0;) {
        if (p->children[i] == n)
            return false;
        if (p->children[i]->role != RECEIPT_REFUND || shows_refunds)
            return true;
    }
    return false;
}
