#include "tui/view/rows.h"

#include <string.h>
#include "net/base/xalloc.h"

void
rows_release(struct rows *r)
{
    xfree(r->row);
    xfree(r->moment);
    xfree(r->level);
    xfree(r->keep);
    arena_release(&r->result);
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

/* Refunds come after all is said: they widen nothing, unless they are to be seen. */
static void
take_time(struct rows *r, const struct node *n, bool shows_refunds)
{
    if (n->has_height)
        add_moment(r, n);
    if (n->role == RECEIPT_REFUND) {
        if (shows_refunds && n->has_height)
            widen(r, n->height);
        return;
    }
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

/* --- what is hidden ----------------------------------------------------------------------- */

struct filling {
    struct rows *r;
    const struct folds *folds;
    const struct call *c;
    int folded_at;              /* depth of the folded receipt we are below, or -1 */
    struct row *group;          /* the summary we are in, of siblings … */
    int group_at;               /* … of this depth */
};

static bool
is_hidden_refund(const struct folds *folds, const struct node *n)
{
    return n->role == RECEIPT_REFUND && !folds->shows_refunds;
}

/* Whoever leads to a match is kept, too: from the end, since parents stand before children. */
static void
mark_kept(const struct filling *f)
{
    const struct call *c = f->c;
    struct row_level *level = f->r->level;
    f->r->matched = 0;
    for (size_t i = 0; i < f->r->level_room; i++)
        level[i].is_wanted = false;
    for (size_t i = c->order_count; i-- > 0;) {
        const struct node *n = c->order[i];
        bool matches = !is_hidden_refund(f->folds, n) && pick_node(&f->folds->filter, c, n);
        f->r->matched += matches;
        f->r->keep[i] = matches || level[n->depth + 1].is_wanted;
        level[n->depth + 1].is_wanted = false;
        level[n->depth].is_wanted = level[n->depth].is_wanted || f->r->keep[i];
    }
}

static void
begin_level(const struct filling *f, const struct node *n)
{
    struct row_level *l = &f->r->level[n->depth + 1];
    *l = (struct row_level){0};
    size_t from = GROUP_FROM + f->folds->more;
    if (n->child_count <= from || f->folds->filter.count || folds_opened(f->folds, n))
        return;
    for (size_t i = 0; i < n->child_count; i++)
        l->total += !is_hidden_refund(f->folds, n->children[i]);
    l->is_grouped = l->total > from;
}

static void
add_to_group(struct row *g, const struct node *n, bool is_sibling)
{
    g->group += is_sibling;
    g->group_failed += n->status == NODE_FAILED;
    g->group_open += !n->has_outcome && n->status != NODE_HOLE;
    if (!n->has_height)
        return;
    g->group_first = g->group_first && g->group_first < n->height ? g->group_first : n->height;
    g->group_last = g->group_last > n->height ? g->group_last : n->height;
}

/* True when the node is told of by a summary. */
static bool
take_into_group(struct filling *f, const struct node *n)
{
    struct row_level *l = &f->r->level[n->depth];
    if (f->group && n->depth > f->group_at) {
        add_to_group(f->group, n, false);
        return true;
    }
    size_t at = l->seen++;
    if (!l->is_grouped || at < GROUP_HEAD + f->folds->more || at + GROUP_TAIL >= l->total) {
        f->group = NULL;
        return false;
    }
    if (!f->group || f->group_at != n->depth) {
        f->group = &f->r->row[f->r->count++];
        *f->group = (struct row){.node = n};
        f->group_at = n->depth;
    }
    add_to_group(f->group, n, true);
    return true;
}

static void
fill_one(struct filling *f, size_t i)
{
    const struct node *n = f->c->order[i];
    struct rows *r = f->r;
    bool is_filtered = f->folds->filter.count > 0;
    take_time(r, n, f->folds->shows_refunds);
    if (f->folded_at >= 0 && n->depth > f->folded_at) {
        r->row[r->count - 1].hidden += n->role != RECEIPT_REFUND;
        return;
    }
    f->folded_at = -1;
    if (is_hidden_refund(f->folds, n)) {
        r->refunds_hidden++;
        return;
    }
    begin_level(f, n);
    if (is_filtered) {
        if (r->keep[i])
            r->row[r->count++] = (struct row){
                .node = n, .is_context = !pick_node(&f->folds->filter, f->c, n)};
        return;
    }
    if (take_into_group(f, n))
        return;
    r->row[r->count++] = (struct row){.node = n};
    if (n->child_count && folds_has(f->folds, n))
        f->folded_at = n->depth;
}

static void
make_room(struct rows *r, const struct call *c)
{
    int deepest = 0;
    if (c->order_count > r->room) {
        r->room = c->order_count + c->order_count / 2;
        r->row = xrealloc(r->row, r->room, sizeof(*r->row));
        r->keep = xrealloc(r->keep, r->room, sizeof(*r->keep));
    }
    for (size_t i = 0; i < c->order_count; i++)
        deepest = c->order[i]->depth > deepest ? c->order[i]->depth : deepest;
    if ((size_t)deepest + 2 > r->level_room) {
        r->level_room = (size_t)deepest * 3 / 2 + 16;
        r->level = xrealloc(r->level, r->level_room, sizeof(*r->level));
    }
    for (size_t i = 0; i < r->level_room; i++)
        r->level[i] = (struct row_level){0};
    if (!r->moment)
        r->moment = xcalloc(MOMENTS_MAX, sizeof(*r->moment));
}

static void
fill(struct rows *r, const struct folds *folds, const struct call *c)
{
    struct filling f = {.r = r, .folds = folds, .c = c, .folded_at = -1};
    make_room(r, c);
    if (c->transaction_node && c->transaction_node->has_height) {
        widen(r, c->transaction_node->height);
        add_moment(r, c->transaction_node);
    }
    if (folds->filter.count)
        mark_kept(&f);
    for (size_t i = 0; i < c->order_count; i++)
        fill_one(&f, i);
}

/* Taking a long result apart takes longer than a frame may: once for all frames. */
static void
take_fields(struct rows *r, const struct call *c)
{
    arena_reset(&r->result);
    r->field_count = r->field_all = 0;
    if (!c || !c->verdict)
        return;
    r->field_count = fields_of_result(c, c->verdict, &r->result, &r->field);
    r->field_all = r->field_count < FIELDS_MAX ? r->field_count : fields_all(c->verdict);
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
    take_fields(r, c);
    if (!c)
        return;
    r->tx = c->tx;
    r->facts = c->derived_facts;
    r->chain = c->derived_chain;
    r->folds = folds->changes;
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

ptrdiff_t
rows_find_group(const struct rows *r, const struct node *n)
{
    if (!n->parent || n->parent->child_count <= GROUP_FROM)
        return -1;
    for (size_t i = 0; i < r->count; i++) {
        if (r->row[i].group && r->row[i].node->parent == n->parent)
            return (ptrdiff_t)i;
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
