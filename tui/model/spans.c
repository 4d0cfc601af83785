#include "tui/model/spans.h"

struct spans {
    struct span *out;
    size_t count;
    uint64_t at;                /* where the last one ended */
};

/* Nothing when it would be empty. */
static void
add_until(struct spans *s, enum span_kind kind, uint64_t to)
{
    if (to <= s->at)
        return;
    bool goes_on = s->count && s->out[s->count - 1].kind == kind;
    if (goes_on)
        s->out[s->count - 1].to = to;
    else
        s->out[s->count++] = (struct span){kind, s->at, to};
    s->at = to;
}

/* The block in which all inputs of a callback are there; false while one is not. */
static bool
ready_at(const struct call *c, const struct node *n, uint64_t *height)
{
    *height = 0;
    for (size_t i = 0; i < n->input_count; i++) {
        if (!call_input_arrived(c, n, i))
            return false;
        const struct node *last = call_deliverer(c, n->inputs[i]);
        if (!last->has_height)
            return false;
        *height = last->height + 1 > *height ? last->height + 1 : *height;
    }
    return true;
}

size_t
node_spans(const struct call *c, const struct node *n, uint64_t now, struct span out[SPANS_MAX])
{
    uint64_t end = n->has_height ? n->height : now, ready;
    struct spans s = {out, 0, n->has_created ? n->created_height : end};
    if (!n->has_created && !n->has_height)
        return 0;
    if (n->input_count) {
        bool is_ready = ready_at(c, n, &ready) && ready < end;
        add_until(&s, SPAN_FLIGHT, s.at + 1 < end ? s.at + 1 : end);
        add_until(&s, SPAN_WAIT, is_ready ? ready : end);
    }
    add_until(&s, SPAN_FLIGHT, end);
    if (n->has_height) {
        s.at = n->height;
        add_until(&s, SPAN_RUN, n->height + 1);
    }
    return s.count;
}
