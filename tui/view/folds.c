#include "tui/view/folds.h"

enum { FULL_ROWS = 12 };      /* of half a screen: other panes, the rows around siblings */

static ptrdiff_t
find(const struct hash *ids, size_t count, const struct hash *id)
{
    for (size_t i = 0; i < count; i++) {
        if (hash_equal(&ids[i], id))
            return (ptrdiff_t)i;
    }
    return -1;
}

void
folds_fit(struct folds *f, int height)
{
    int room = height / 2 - FULL_ROWS - GROUP_HEAD;
    size_t more = room > 0 ? (size_t)room : 0;
    f->changes += more != f->more;
    f->more = more;
}

bool
folds_has(const struct folds *f, const struct node *n)
{
    bool is_deep = f->depth && n->depth >= f->depth;
    return is_deep != (find(f->id, f->count, &n->id) >= 0);
}

void
folds_toggle(struct folds *f, const struct hash *id)
{
    ptrdiff_t at = find(f->id, f->count, id);
    f->changes++;
    if (at >= 0)
        f->id[at] = f->id[--f->count];
    else if (f->count < FOLDS_MAX)
        f->id[f->count++] = *id;
}

void
folds_to_depth(struct folds *f, int depth)
{
    f->depth = depth;
    f->count = 0;
    f->changes++;
}

bool
folds_opened(const struct folds *f, const struct node *parent)
{
    return f->opens_all || (parent && find(f->opened, f->opened_count, &parent->id) >= 0);
}

void
folds_open(struct folds *f, const struct hash *parent)
{
    f->changes++;
    if (f->opened_count < OPENED_MAX && find(f->opened, f->opened_count, parent) < 0)
        f->opened[f->opened_count++] = *parent;
}

void
folds_reveal(struct folds *f, const struct node *n)
{
    if (n->role == RECEIPT_REFUND && !f->shows_refunds) {
        f->shows_refunds = true;
        f->changes++;
    }
    for (const struct node *p = n->parent; p; p = p->parent) {
        if (folds_has(f, p))
            folds_toggle(f, &p->id);
        if (p->child_count > GROUP_FROM && !folds_opened(f, p))
            folds_open(f, &p->id);
    }
    if (f->filter.count) {
        f->filter.count = 0;
        f->changes++;
    }
}
