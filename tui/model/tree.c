#include "tui/model/tree.h"

#include <string.h>
#include "tui/model/facts.h"
#include "tui/model/store.h"
#include "tui/model/verdict.h"

/* --- which outcome counts ----------------------------------------------------------------- */

/* What is known of the block that an outcome was made in is kept with it: blocks are forgotten
 * before trees are. */
static void
place_version(const struct store *s, struct outcome_fact *f)
{
    const struct block_record *b = f->has_block_height && f->has_block_time
        ? NULL : store_block(s, &f->block_hash);
    if (!b)
        return;
    f->has_block_height = f->has_block_time = true;
    f->block_height = b->fact.height;
    f->block_time_ns = b->fact.time_ns;
}

static bool
is_in_final_block(const struct store *s, const struct outcome_fact *f)
{
    const struct block_record *b = store_block(s, &f->block_hash);
    return f->is_final || (b && b->fact.is_final);
}

/* Of two outcomes of one receipt one block was replaced: what stands in a block known to be
 * final counts, then what stands in the later block; the hashes decide the rest, so that all
 * orders of arrival agree. */
static bool
beats(const struct store *s, const struct outcome_fact *a, const struct outcome_fact *b)
{
    bool a_final = is_in_final_block(s, a), b_final = is_in_final_block(s, b);
    if (a_final != b_final)
        return a_final;
    if (a->has_block_height != b->has_block_height)
        return a->has_block_height;
    if (a->has_block_height && a->block_height != b->block_height)
        return a->block_height > b->block_height;
    return memcmp(a->block_hash.b, b->block_hash.b, sizeof(a->block_hash.b)) > 0;
}

static void
choose_outcome(const struct store *s, struct node *n)
{
    const struct outcome_fact *best = NULL;
    if (n->has_outcome && !n->rivals)
        place_version(s, &n->outcome);
    for (struct outcome_version *v = n->rivals; v; v = v->next) {
        place_version(s, &v->fact);
        if (!best || beats(s, &v->fact, best))
            best = &v->fact;
    }
    if (best)
        n->outcome = *best;
}

static void
place_in_time(const struct store *s, const struct call *c, struct node *n)
{
    const struct outcome_fact *f = &n->outcome;
    if (n->has_executed) {
        n->has_height = true;
        n->height = n->executed_height;
    }
    if (!n->has_outcome)
        return;
    if (f->has_block_height) {
        n->has_height = true;
        n->height = f->block_height;
    }
    n->has_time = f->has_block_time;
    n->time_ns = f->block_time_ns;
    n->has_shard = f->has_shard;
    n->shard = f->shard;
    /* A height alone does not do: the block of another hash may be final there, or none. */
    bool is_final = c->told_state == TX_FINAL || is_in_final_block(s, f) ||
                    (n->has_executed && n->height == n->executed_height);
    n->certainty = is_final ? CERTAINTY_FINAL : CERTAINTY_OPTIMISTIC;
}

/* --- links and order ---------------------------------------------------------------------- */

static void
clear_derived(struct node *n)
{
    n->is_placed = false;
    n->parent = NULL;
    n->children = NULL;
    n->child_count = 0;
    n->depth = 0;
    n->role = RECEIPT_OTHER;
    n->status = NODE_UNKNOWN;
    n->certainty = CERTAINTY_NONE;
    n->feeds = NULL;
    n->feed_count = 0;
    n->is_join_known = false;
    n->inputs = NULL;
    n->input_count = 0;
    n->has_index = n->has_height = n->has_time = n->has_created = n->has_shard = false;
    n->gas_attached = 0;
    n->is_critical = false;
}

/* Each receipt has one place, whatever outcomes claim: the first that is reached from the root
 * counts, and circles end there. */
static void
link_children(struct call *c, struct node *n)
{
    size_t count = n->has_outcome ? n->outcome.child_count : 0;
    n->children = arena_array(&c->derived, count, sizeof(struct node *));
    for (size_t i = 0; i < count; i++) {
        struct node *child = call_node(c, &n->outcome.children[i]);
        if (!child || child->is_placed)
            continue;
        child->is_placed = true;
        child->parent = n;
        child->depth = n->depth + 1;
        n->children[n->child_count++] = child;
    }
}

/* Depth first, the children in order of creation. */
static void
put_in_order(struct call *c)
{
    struct node **open = arena_array(&c->derived, c->nodes.live, sizeof(struct node *));
    size_t open_count = 0;
    c->root->is_placed = true;
    open[open_count++] = c->root;
    while (open_count) {
        struct node *n = open[--open_count];
        c->order[c->order_count++] = n;
        link_children(c, n);
        for (size_t i = n->child_count; i-- > 0;)
            open[open_count++] = n->children[i];
    }
}

static void
find_root(struct call *c)
{
    const struct node *top = c->transaction_node;
    bool is_known = top && top->has_outcome && top->outcome.child_count;
    c->root_id = is_known ? top->outcome.children[0] : (struct hash){{0}};
    c->root = is_known ? call_node(c, &c->root_id) : NULL;
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
    root->has_receipt = root->is_implied = true;
}

static void
note_makers(struct call *c)
{
    for (size_t i = 0; i < c->order_count; i++) {
        struct node *n = c->order[i];
        const struct node *maker = n->parent ? n->parent : c->transaction_node;
        n->has_created = maker && maker->has_height;
        n->created_height = n->has_created ? maker->height : 0;
    }
}

/* --- names -------------------------------------------------------------------------------- */

/* ".near" of ".test.near"; nothing of ".near". */
static struct str
shorter_end(struct str end)
{
    ptrdiff_t dot = end.n ? str_find_byte(str_slice(end, 1, end.n), '.') : -1;
    return dot < 0 ? (struct str){0} : str_slice(end, (size_t)dot + 1, end.n);
}

/* What all receivers end with, from a dot on: it tells nothing where room is short. */
static void
find_account_end(struct call *c)
{
    struct str end = {0};
    bool has_any = false;
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        if (!n->has_receipt || account_is_system(&n->receipt.predecessor))
            continue;
        struct str id = account_str(&n->receipt.receiver);
        if (!has_any) {
            ptrdiff_t dot = str_find_byte(id, '.');
            end = dot < 0 ? (struct str){0} : str_slice(id, (size_t)dot, id.n);
            has_any = true;
        }
        while (end.n && !str_ends(id, end))
            end = shorter_end(end);
    }
    c->account_end = arena_str(&c->derived, end);
}

/* --- all of it ---------------------------------------------------------------------------- */

static void
derive_state(struct call *c)
{
    bool has_run = c->transaction_node && c->transaction_node->has_outcome && !call_is_disowned(c);
    c->state = c->told_state;
    /* A second copy of a transaction is refused for its nonce while the first one runs. */
    if (c->told_state == TX_REFUSED && has_run)
        c->state = TX_INCLUDED;
    if (c->told_state != TX_INCLUDED || has_run)
        return;
    /* Its block was replaced, and it is told of no other one. */
    if (c->lost_ns && c->included_ns <= c->lost_ns)
        c->state = TX_SENT;
    /* "Included" is said of a chunk that is only being made: without an outcome it counts less
     * than that nobody has it. */
    if (c->unobserved_reason && c->included_ns <= c->unobserved_ns)
        c->state = TX_UNOBSERVED;
}

static void
derive_node(const struct store *s, struct call *c, struct node *n)
{
    clear_derived(n);
    choose_outcome(s, n);
    place_in_time(s, c, n);
    bool has_block = !n->has_outcome || n->outcome.has_block_time;
    const struct lost_block *gone = has_block ? NULL : call_gone_block(c, &n->outcome.block_hash);
    n->block_gone = gone ? gone->reason : NULL;
    n->block_asked = gone ? gone->asked : 0;
}

static void
derive_nodes(const struct store *s, struct call *c)
{
    void *value;
    for (size_t i = 0; map_next(&c->nodes, &i, NULL, &value);)
        derive_node(s, c, value);
    if (c->transaction_node)
        derive_node(s, c, c->transaction_node);
}

static bool
has_its_block(const struct node *n)
{
    return !n->has_outcome || n->outcome.has_block_time || n->block_gone;
}

/* What has no place in the tree is of a block that was replaced, perhaps, and to be had nowhere. */
static void
find_all_blocks(struct call *c)
{
    c->has_all_blocks = !c->transaction_node || has_its_block(c->transaction_node);
    for (size_t i = 0; i < c->order_count; i++)
        c->has_all_blocks &= has_its_block(c->order[i]);
}

static void
derive(const struct store *s, struct call *c)
{
    arena_reset(&c->derived);
    derive_nodes(s, c);
    derive_state(c);
    find_root(c);
    fill_root(c);
    c->order = arena_array(&c->derived, c->nodes.live, sizeof(struct node *));
    c->order_count = 0;
    if (c->root)
        put_in_order(c);
    find_all_blocks(c);
    note_makers(c);
    find_account_end(c);
    call_link_joins(c);
    call_derive_roles(c);
    call_derive_statuses(c);
    call_derive_verdict(c);
}

/* Nothing that blocks can tell changes a call that is over. */
static bool
is_settled(const struct call *c)
{
    return c->verdict->is_complete && c->verdict->is_final && c->has_all_blocks &&
           !c->has_rivals && !c->lost_blocks;
}

void
call_update(struct store *s, struct call *c)
{
    bool has_work = !c->verdict || c->facts != c->derived_facts ||
                    (s->chain_facts != c->derived_chain && !is_settled(c));
    if (!has_work)
        return;
    derive(s, c);
    c->derived_facts = c->facts;
    c->derived_chain = s->chain_facts;
}
