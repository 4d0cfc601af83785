/* What follows from a call's facts: links, roles, joins, heights, statuses, order. */
#include <string.h>
#include "tui/model/store.h"

enum { MAX_DEPTH = 512, MAX_CHAIN = 64 };

/* --- links -------------------------------------------------------------------------------- */

static void
clear_derived(struct node *n)
{
    n->parent = NULL;
    n->children = NULL;
    n->child_count = 0;
    n->depth = 0;
    n->role = RECEIPT_OTHER;
    n->status = NODE_UNKNOWN;
    n->certainty = CERTAINTY_NONE;
    n->feeds = NULL;
    n->feed_count = 0;
    n->inputs = NULL;
    n->input_count = 0;
    n->has_index = n->has_height = n->has_time = n->has_created = n->has_shard = false;
    n->gas_attached = 0;
    n->is_critical = false;
}

static void
link_children(struct call *c, struct node *n)
{
    size_t count = n->has_outcome ? n->outcome.child_count : 0;
    n->children = arena_array(&c->derived, count, sizeof(*n->children));
    for (size_t i = 0; i < count; i++) {
        struct node *child = call_node(c, &n->outcome.children[i]);
        if (!child || child->parent || child == n)
            continue;
        child->parent = n;
        n->children[n->child_count++] = child;
    }
}

static void
place_in_time(struct store *s, struct call *c, struct node *n)
{
    const struct block_record *b =
        n->has_outcome ? store_block(s, &n->outcome.block_hash) : NULL;
    if (!n->has_outcome)
        return;
    if (n->outcome.has_block_height || b) {
        n->has_height = true;
        n->height = b ? b->fact.height : n->outcome.block_height;
    }
    if (n->outcome.has_block_time || b) {
        n->has_time = true;
        n->time_ns = b ? b->fact.time_ns : n->outcome.block_time_ns;
    }
    n->has_shard = n->outcome.has_shard;
    n->shard = n->outcome.shard;
    n->certainty = CERTAINTY_OPTIMISTIC;
    if (c->state == TX_FINAL || (s->has_final && n->has_height && n->height <= s->final_height))
        n->certainty = CERTAINTY_FINAL;
}

/* --- joins -------------------------------------------------------------------------------- */

/* Who delivers this data in the end: the holder that does not return another receipt. */
static struct node *
last_holder(const struct call *c, struct node *n)
{
    for (int i = 0; i < MAX_CHAIN && n->has_outcome && n->outcome.status == OUTCOME_RECEIPT; i++) {
        struct node *next = call_node(c, &n->outcome.returns);
        if (!next)
            break;
        n = next;
    }
    return n;
}

static bool
sends_to(const struct node *n, const struct hash *data_id)
{
    for (size_t i = 0; i < n->receipt.output_count; i++) {
        if (hash_equal(&n->receipt.outputs[i].data_id, data_id))
            return true;
    }
    return false;
}

static void
add_feed(struct call *c, struct node *producer, struct node *callback, size_t index)
{
    struct join_edge *feeds =
        arena_array(&c->derived, producer->feed_count + 1, sizeof(*feeds));
    if (producer->feed_count)
        memcpy(feeds, producer->feeds, producer->feed_count * sizeof(*feeds));
    feeds[producer->feed_count++] = (struct join_edge){callback, index};
    producer->feeds = feeds;
    if (!producer->has_index) {
        producer->has_index = true;
        producer->index = index;
    }
}

/* The first holder of a data id is the branch that was joined; whoever it returns also holds
 * it. Holders lie along one chain: the one nearest to the root comes first. */
static struct node *
first_holder(const struct call *c, const struct hash *data_id)
{
    struct node *first = NULL;
    for (size_t i = 0; i < c->order_count; i++) {
        struct node *n = c->order[i];
        if (n->has_receipt && sends_to(n, data_id) && (!first || n->depth < first->depth))
            first = n;
    }
    return first;
}

static void
link_joins(struct call *c, struct node *callback)
{
    size_t count = callback->has_receipt ? callback->receipt.input_count : 0;
    if (count == 0)
        return;
    callback->inputs = arena_array(&c->derived, count, sizeof(*callback->inputs));
    callback->input_count = count;
    for (size_t i = 0; i < count; i++) {
        struct node *producer = first_holder(c, &callback->receipt.inputs[i]);
        callback->inputs[i] = producer;
        if (producer)
            add_feed(c, producer, callback, i);
    }
}

/* --- roles, statuses ---------------------------------------------------------------------- */

static bool
calls_something(const struct node *n)
{
    for (size_t i = 0; i < n->receipt.action_count; i++) {
        if (n->receipt.actions[i].kind == ACTION_FUNCTION_CALL)
            return true;
    }
    return false;
}

static bool
only_transfers(const struct node *n)
{
    for (size_t i = 0; i < n->receipt.action_count; i++) {
        if (n->receipt.actions[i].kind != ACTION_TRANSFER)
            return false;
    }
    return n->receipt.action_count > 0;
}

static enum receipt_role
role_of(const struct call *c, const struct node *n)
{
    if (n == c->root)
        return RECEIPT_CALL;
    if (!n->has_receipt)
        return RECEIPT_OTHER;
    if (account_is_system(&n->receipt.predecessor))
        return RECEIPT_REFUND;
    if (n->receipt.input_count)
        return RECEIPT_CALLBACK;
    if (calls_something(n))
        return RECEIPT_BRANCH;
    return only_transfers(n) ? RECEIPT_TRANSFER : RECEIPT_OTHER;
}

/* An input has arrived when its last holder has an outcome. */
static bool
is_waiting(const struct call *c, const struct node *n)
{
    for (size_t i = 0; i < n->input_count; i++) {
        if (!n->inputs[i] || !last_holder(c, n->inputs[i])->has_outcome)
            return true;
    }
    return false;
}

static enum node_status
status_of(const struct call *c, const struct node *n)
{
    if (n->has_outcome)
        return n->outcome.status == OUTCOME_FAILURE ? NODE_FAILED : NODE_DONE;
    if (n->hole_reason)
        return NODE_HOLE;
    if (!n->has_receipt)
        return NODE_UNKNOWN;
    return is_waiting(c, n) ? NODE_WAITING : NODE_IN_FLIGHT;
}

/* --- order -------------------------------------------------------------------------------- */

static void
put_in_order(struct call *c, struct node *root)
{
    struct {
        struct node *node;
        size_t next;
    } stack[MAX_DEPTH];
    int depth = 0;
    stack[0].node = root;
    stack[0].next = 0;
    root->depth = 0;
    c->order[c->order_count++] = root;
    while (depth >= 0) {
        struct node *n = stack[depth].node;
        if (stack[depth].next == n->child_count || depth + 1 == MAX_DEPTH) {
            depth--;
            continue;
        }
        struct node *child = n->children[stack[depth].next++];
        child->depth = ++depth;
        c->order[c->order_count++] = child;
        stack[depth].node = child;
        stack[depth].next = 0;
    }
}

/* The root's content needs no telling: it is the transaction's. */
static void
fill_root(struct call *c)
{
    struct node *root = c->root;
    if (!root || root->has_receipt || !c->has_transaction)
        return;
    root->receipt = (struct receipt_fact){.id = root->id,
                                          .predecessor = c->transaction.signer,
                                          .receiver = c->transaction.receiver,
                                          .signer = c->transaction.signer,
                                          .actions = c->transaction.actions,
                                          .action_count = c->transaction.action_count};
    root->has_receipt = true;
}

static void
derive_node(struct store *s, struct call *c, struct node *n)
{
    n->role = role_of(c, n);
    n->status = status_of(c, n);
    const struct node *maker = n->parent ? n->parent : c->transaction_node;
    if (maker && maker->has_height) {
        n->has_created = true;
        n->created_height = maker->height;
    }
    for (size_t i = 0; n->has_receipt && i < n->receipt.action_count; i++) {
        uint64_t gas = n->receipt.actions[i].gas;
        if (n->receipt.actions[i].kind == ACTION_FUNCTION_CALL)
            n->gas_attached = gas > UINT64_MAX - n->gas_attached ? UINT64_MAX
                                                                 : n->gas_attached + gas;
    }
    (void)s;
}

static void
derive(struct store *s, struct call *c)
{
    void *value;
    arena_reset(&c->derived);
    c->order = arena_array(&c->derived, c->nodes.live, sizeof(*c->order));
    c->order_count = 0;
    c->root = hash_is_zero(&c->root_id) ? NULL : call_node(c, &c->root_id);
    for (size_t i = 0; map_next(&c->nodes, &i, NULL, &value);)
        clear_derived(value);
    fill_root(c);
    for (size_t i = 0; map_next(&c->nodes, &i, NULL, &value);) {
        link_children(c, value);
        place_in_time(s, c, value);
    }
    if (c->transaction_node)
        place_in_time(s, c, c->transaction_node);
    if (c->root)
        put_in_order(c, c->root);
    for (size_t i = 0; i < c->order_count; i++)
        link_joins(c, c->order[i]);
    for (size_t i = 0; i < c->order_count; i++)
        derive_node(s, c, c->order[i]);
    call_derive_verdict(s, c);
}

void
call_update(struct store *s, struct call *c)
{
    /* Blocks and finality belong to no call, but heights and certainty follow from them. */
    uint64_t facts = c->facts + s->generation;
    if (c->verdict && facts == c->derived_facts)
        return;
    derive(s, c);
    c->derived_facts = facts;
}
