#include "tui/view/search.h"

#include "net/base/xalloc.h"

void
search_release(struct search *s)
{
    xfree(s->match);
    *s = (struct search){0};
}

void
search_set(struct search *s, const struct pick *filter)
{
    s->filter = *filter;
    s->call = NULL;
    s->count = 0;
}

void
search_update(struct search *s, const struct call *c, bool with_refunds)
{
    if (!s->filter.count || !c) {
        s->count = 0;
        s->call = NULL;
        return;
    }
    if (s->call == c && hash_equal(&s->tx, &c->tx) && s->facts == c->derived_facts &&
        s->with_refunds == with_refunds)
        return;
    s->call = c;
    s->tx = c->tx;
    s->facts = c->derived_facts;
    s->with_refunds = with_refunds;
    s->count = 0;
    if (c->order_count > s->room) {
        s->room = c->order_count;
        s->match = xrealloc(s->match, s->room, sizeof(const struct node *));
    }
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        if ((n->role != RECEIPT_REFUND || with_refunds) && pick_node(&s->filter, c, n))
            s->match[s->count++] = n;
    }
}

/* The first match that stands at or behind n in the call's order. */
static size_t
first_behind(const struct search *s, const struct node *n)
{
    size_t at = 0;
    for (size_t i = 0; i < s->call->order_count && at < s->count; i++) {
        if (s->call->order[i] == n)
            break;
        at += s->call->order[i] == s->match[at];
    }
    return at;
}

const struct node *
search_next(const struct search *s, const struct node *from, int step)
{
    if (!s->count)
        return NULL;
    if (!from)
        return s->match[0];
    size_t at = first_behind(s, from);
    bool is_on = at < s->count && s->match[at] == from;
    if (step < 0)
        at = at > 0 ? at - 1 : s->count - 1;
    else if (step > 0 && is_on)
        at++;
    return s->match[at < s->count ? at : 0];
}

size_t
search_rank(const struct search *s, const struct node *n)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->match[i] == n)
            return i + 1;
    }
    return 0;
}
