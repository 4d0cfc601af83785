/* Who feeds whom: data ids tie the receipts that send their results to the callbacks that wait
 * for them. Nothing is concluded from the order of siblings. */
#include <string.h>
#include "tui/model/tree.h"

/* One input of one callback. */
struct slot {
    struct node *callback;
    size_t index;
    struct node *producer;      /* NULL while nobody is known to send to it */
};

static struct str
key_of(const struct hash *h)
{
    return str_of(h->b, sizeof(h->b));
}

struct node *
call_deliverer(const struct call *c, struct node *n)
{
    /* No chain is longer than the tree; a circle, which only a liar can tell of, ends too. */
    for (size_t i = 0; i < c->order_count; i++) {
        if (!n->has_outcome || n->outcome.status != OUTCOME_RECEIPT)
            break;
        struct node *next = call_node(c, &n->outcome.returns);
        if (!next)
            break;
        n = next;
    }
    return n;
}

bool
call_input_arrived(const struct call *c, const struct node *callback, size_t i)
{
    struct node *producer = i < callback->input_count ? callback->inputs[i] : NULL;
    if (!producer)
        return false;
    const struct node *last = call_deliverer(c, producer);
    return last->has_outcome && last->outcome.status != OUTCOME_RECEIPT;
}

static void
list_slots(struct call *c, struct map *slots)
{
    for (size_t i = 0; i < c->order_count; i++) {
        struct node *n = c->order[i];
        size_t count = n->has_receipt ? n->receipt.input_count : 0;
        if (count == 0)
            continue;
        struct slot *all = arena_array(&c->derived, count, sizeof(*all));
        n->inputs = arena_array(&c->derived, count, sizeof(struct node *));
        n->input_count = count;
        for (size_t j = 0; j < count; j++) {
            struct str key = key_of(&n->receipt.inputs[j]);
            all[j] = (struct slot){.callback = n, .index = j};
            if (!map_get(slots, key))
                map_put(slots, key, &all[j]);
        }
    }
}

static void
feed(struct node *producer, struct slot *slot)
{
    slot->producer = producer;
    slot->callback->inputs[slot->index] = producer;
    producer->feeds[producer->feed_count++] = (struct join_edge){slot->callback, slot->index};
    if (!producer->has_index) {
        producer->has_index = true;
        producer->index = slot->index;
    }
}

/* The first holder of a data id is the branch that was joined. Whoever it returns holds the id
 * too, but lies below it, so it comes later in order. */
static void
link_outputs(struct call *c, struct node *n, const struct map *slots)
{
    size_t count = n->has_receipt ? n->receipt.output_count : 0;
    n->is_join_known = n->has_receipt;
    n->feeds = arena_array(&c->derived, count, sizeof(*n->feeds));
    for (size_t i = 0; i < count; i++) {
        struct slot *slot = map_get(slots, key_of(&n->receipt.outputs[i].data_id));
        if (!slot)
            n->is_join_known = false;
        else if (!slot->producer)
            feed(n, slot);
    }
}

void
call_link_joins(struct call *c)
{
    struct map slots = {0};
    list_slots(c, &slots);
    for (size_t i = 0; i < c->order_count; i++)
        link_outputs(c, c->order[i], &slots);
    map_release(&slots);
}
