#include "tui/model/facts.h"

#include <string.h>
#include "net/base/xalloc.h"
#include "tui/model/store.h"

static struct str
key_of(const struct hash *h)
{
    return str_of(h->b, sizeof(h->b));
}

struct call *
call_new(const struct hash *tx, int64_t seen_ns)
{
    struct call *c = xcalloc(1, sizeof(*c));
    c->tx = *tx;
    c->begun_ns = seen_ns;
    arena_init(&c->arena);
    arena_init(&c->derived);
    return c;
}

void
call_free(struct call *take_call)
{
    void *value;
    for (size_t i = 0; map_next(&take_call->nodes, &i, NULL, &value);)
        xfree(value);
    map_release(&take_call->nodes);
    xfree(take_call->transaction_node);
    arena_release(&take_call->arena);
    arena_release(&take_call->derived);
    xfree(take_call);
}

struct node *
call_node(const struct call *c, const struct hash *id)
{
    return map_get(&c->nodes, key_of(id));
}

/* NULL past the ceiling. */
static struct node *
node_made(struct call *c, const struct hash *id)
{
    struct node *n = call_node(c, id);
    if (n)
        return n;
    if (c->nodes.live >= STORE_MAX_RECEIPTS) {
        c->dropped++;
        return NULL;
    }
    n = xcalloc(1, sizeof(*n));
    n->id = *id;
    map_put(&c->nodes, key_of(&n->id), n);
    return n;
}

static bool
has_room(struct call *c)
{
    if (c->arena.used < STORE_MAX_CALL_BYTES)
        return true;
    c->dropped++;
    return false;
}

static int64_t
earlier(int64_t a, int64_t b)
{
    return !a || (b && b < a) ? b : a;
}

/* True when this source had not spoken of the receipt before. */
static bool
note_source(struct call *c, struct node *n, const struct event *ev)
{
    unsigned bit = 1u << ev->source;
    bool is_news = !(n->told_by & bit);
    if (!n->told_by || (ev->seen_ns && ev->seen_ns < n->first_seen_ns)) {
        n->first_source = ev->source;
        n->first_seen_ns = ev->seen_ns;
    }
    n->told_by |= bit;
    c->begun_ns = earlier(c->begun_ns, ev->seen_ns);
    return is_news;
}

/* --- the transaction ---------------------------------------------------------------------- */

bool
call_take_transaction(struct call *c, const struct event *ev)
{
    c->begun_ns = earlier(c->begun_ns, ev->seen_ns);
    if (c->has_transaction || !has_room(c))
        return false;
    c->transaction = event_copy(&c->arena, ev)->transaction.view;
    c->has_transaction = true;
    c->facts++;
    return true;
}

/* When it was last told to be in a block, or that nobody has it. True when that may change which
 * of the two counts (derive_state). */
static bool
note_times(struct call *c, enum tx_state state, int64_t seen_ns)
{
    int64_t *last = state == TX_INCLUDED     ? &c->included_ns
                    : state == TX_UNOBSERVED ? &c->unobserved_ns
                                             : NULL;
    if (!last || seen_ns <= *last)
        return false;
    *last = seen_ns;
    return c->lost_ns || c->unobserved_ns;
}

/* True when the outcome of the transaction is not believed any more (call_is_disowned). */
static bool
note_unknown(struct call *c, int64_t seen_ns)
{
    bool was_disowned = call_is_disowned(c);
    if (seen_ns > c->unknown_ns)
        c->unknown_ns = seen_ns;
    return !was_disowned && call_is_disowned(c);
}

bool
call_take_state(struct call *c, const struct event *ev)
{
    enum tx_state state = ev->tx_state.state;
    c->begun_ns = earlier(c->begun_ns, ev->seen_ns);
    /* States only grow: "never heard of it" takes nothing back that is known. But a node may
     * have taken it for included and lost it: see derive_state. */
    bool is_lost = state == TX_UNOBSERVED && !c->unobserved_reason;
    bool is_moved = note_times(c, state, ev->seen_ns);
    is_moved |= state == TX_UNKNOWN && note_unknown(c, ev->seen_ns);
    if (state == TX_FINAL)
        c->final_ns = earlier(c->final_ns, ev->seen_ns);
    if (state <= c->told_state && !is_lost && !is_moved)
        return false;
    if (is_lost)
        c->unobserved_reason = arena_c(&c->arena, ev->tx_state.reason);
    if (state > c->told_state)
        c->told_state = state;
    if (state == TX_REFUSED) {
        c->refused_reason = arena_c(&c->arena, ev->tx_state.reason);
        c->refused_error.text = arena_str(&c->arena, ev->tx_state.error.text);
    }
    c->facts++;
    return true;
}

/* --- receipts ----------------------------------------------------------------------------- */

/* Receivers of its result are put to a returned receipt before it is sent: whoever tells more
 * of them saw it later. The rest is the same in every view, told or left out. */
static bool
tells_more(const struct receipt_fact *told, const struct receipt_fact *known)
{
    return told->output_count > known->output_count ||
           (told->signer.s[0] && !known->signer.s[0]) ||
           (told->has_gas_price && !known->has_gas_price) ||
           (told->is_promise_yield && !known->is_promise_yield);
}

static struct receipt_fact
joined_receipt(const struct receipt_fact *a, const struct receipt_fact *b)
{
    const struct receipt_fact *less = b->output_count > a->output_count ? a : b;
    struct receipt_fact r = less == a ? *b : *a;
    if (!r.signer.s[0])
        r.signer = less->signer;
    if (!r.has_gas_price) {
        r.has_gas_price = less->has_gas_price;
        r.gas_price = less->gas_price;
    }
    r.is_promise_yield |= less->is_promise_yield;
    return r;
}

bool
call_take_receipt(struct call *c, const struct event *ev)
{
    struct node *n = ev->receipt.is_data ? NULL : node_made(c, &ev->receipt.id);
    if (!n)
        return false;
    note_source(c, n, ev);
    bool is_first = !n->has_receipt || n->is_implied;
    if ((!is_first && !tells_more(&ev->receipt, &n->receipt)) || !has_room(c))
        return false;
    struct receipt_fact told = ev->receipt;
    receipt_fact_keep(&c->arena, &told);
    n->receipt = is_first ? told : joined_receipt(&n->receipt, &told);
    n->has_receipt = true;
    n->is_implied = false;
    c->facts++;
    return true;
}

/* --- outcomes ----------------------------------------------------------------------------- */

static bool
adds(const struct outcome_fact *told, const struct outcome_fact *known)
{
    return (told->has_block_height && !known->has_block_height) ||
           (told->has_block_time && !known->has_block_time) ||
           (told->has_shard && !known->has_shard) || (told->is_final && !known->is_final) ||
           (told->has_profile && !known->has_profile);
}

/* What one source tells of the same outcome and another does not: the rest is kept already. */
static void
merge(struct arena *arena, struct outcome_fact *into, struct outcome_fact *from)
{
    into->is_final |= from->is_final;
    if (from->has_block_height && !into->has_block_height) {
        into->has_block_height = true;
        into->block_height = from->block_height;
    }
    if (from->has_block_time && !into->has_block_time) {
        into->has_block_time = true;
        into->block_time_ns = from->block_time_ns;
    }
    if (from->has_shard && !into->has_shard) {
        into->has_shard = true;
        into->shard = from->shard;
    }
    if (from->has_profile && !into->has_profile) {
        profile_keep(arena, from);
        into->has_profile = true;
        into->profile = from->profile;
        into->profile_count = from->profile_count;
    }
}

static void
add_rival(struct call *c, struct node *n, const struct outcome_fact *f)
{
    struct outcome_version *v = arena_alloc(&c->arena, sizeof(*v));
    v->fact = *f;
    v->next = n->rivals;
    n->rivals = v;
    c->has_rivals = true;
}

/* What is known of the outcome in that block, or NULL. */
static struct outcome_fact *
find_version(struct node *n, const struct hash *block_hash, size_t *count)
{
    struct outcome_version *v = n->rivals;
    *count = n->has_outcome;
    if (!v)
        return n->has_outcome && hash_equal(&n->outcome.block_hash, block_hash) ? &n->outcome
                                                                                  : NULL;
    for (*count = 0; v && !hash_equal(&v->fact.block_hash, block_hash); v = v->next)
        ++*count;
    return v ? &v->fact : NULL;
}

/* What differs in two tellings of one outcome, or NULL. What a source may leave out is no
 * difference. */
static const char *
difference(const struct outcome_fact *a, const struct outcome_fact *b)
{
    if (a->status != b->status)
        return "status";
    if (a->status == OUTCOME_VALUE && !str_equal(a->value, b->value))
        return "value";
    if (a->status == OUTCOME_RECEIPT && !hash_equal(&a->returns, &b->returns))
        return "returned receipt";
    if (a->gas_burnt != b->gas_burnt)
        return "gas";
    if (a->tokens_burnt.hi != b->tokens_burnt.hi || a->tokens_burnt.lo != b->tokens_burnt.lo)
        return "tokens burnt";
    if (a->child_count != b->child_count)
        return "receipts made";
    if (a->log_count != b->log_count)
        return "logs";
    if (a->has_block_height && b->has_block_height && a->block_height != b->block_height)
        return "block height";
    return NULL;
}

static bool
note_contradiction(struct call *c, const struct node *n, const struct outcome_fact *known,
                   const struct event *ev)
{
    const char *what = difference(known, &ev->outcome);
    size_t count = 0;
    /* Several endpoints are one source, and need not agree. */
    if (!what || (ev->source == n->first_source && ev->source != SOURCE_RPC))
        return false;
    for (const struct contradiction *k = c->contradictions; k; k = k->next, count++) {
        if (hash_equal(&k->id, &n->id) && k->other == ev->source)
            return false;
    }
    if (count >= CALL_MAX_CONTRADICTIONS)
        return false;
    struct contradiction *k = arena_alloc(&c->arena, sizeof(*k));
    *k = (struct contradiction){.next = c->contradictions, .id = n->id, .what = what,
                                .first = n->first_source, .other = ev->source,
                                .seen_ns = ev->seen_ns};
    c->contradictions = k;
    c->facts++;
    return true;
}

static bool
take_version(struct call *c, struct node *n, const struct event *ev)
{
    size_t count;
    struct outcome_fact *known = find_version(n, &ev->outcome.block_hash, &count);
    if (known && note_contradiction(c, n, known, ev))
        return true;
    if ((known && !adds(&ev->outcome, known)) || !has_room(c))
        return false;
    if (!known && count >= STORE_MAX_VERSIONS) {
        c->dropped++;
        return false;
    }
    struct outcome_fact told = ev->outcome;
    if (known) {
        merge(&c->arena, known, &told);
        return true;
    }
    outcome_fact_keep(&c->arena, &told);
    if (count == 0) {
        n->outcome = told;
        n->has_outcome = true;
    } else {
        if (!n->rivals)
            add_rival(c, n, &n->outcome);
        add_rival(c, n, &told);
        c->taken_back++;
        c->taken_back_what = TAKEN_BACK_MOVED;
    }
    return true;
}

static struct node *
node_of_outcome(struct call *c, const struct outcome_fact *f)
{
    if (!f->is_transaction)
        return node_made(c, &f->id);
    if (!c->transaction_node) {
        c->transaction_node = xcalloc(1, sizeof(*c->transaction_node));
        c->transaction_node->id = f->id;
    }
    return c->transaction_node;
}

static bool
note_ran(struct call *c, int64_t seen_ns)
{
    bool was_disowned = call_is_disowned(c);
    if (seen_ns > c->ran_ns)
        c->ran_ns = seen_ns;
    return was_disowned && !call_is_disowned(c);
}

bool
call_take_outcome(struct call *c, const struct event *ev)
{
    struct node *n = node_of_outcome(c, &ev->outcome);
    if (!n)
        return false;
    note_source(c, n, ev);
    int64_t *told_ns = &n->told_ns[ev->source];
    bool is_owned_again = n == c->transaction_node && note_ran(c, ev->seen_ns);
    bool is_confirmed = ev->seen_ns && !*told_ns;
    *told_ns = earlier(*told_ns, ev->seen_ns);
    n->outcome_seen_ns = earlier(n->outcome_seen_ns, ev->seen_ns);
    c->facts += is_owned_again;
    if (!take_version(c, n, ev))
        return is_confirmed || is_owned_again;
    for (size_t i = 0; i < ev->outcome.child_count; i++)
        node_made(c, &ev->outcome.children[i]);
    c->facts++;
    return true;
}

bool
call_take_executed(struct call *c, const struct event *ev)
{
    struct node *n = node_made(c, &ev->executed.receipt);
    if (!n)
        return false;
    bool is_news = note_source(c, n, ev);
    /* The feed speaks of final blocks only; of two words the later block is the true one. */
    if (n->has_executed && ev->executed.block_height <= n->executed_height)
        return is_news;
    n->has_executed = true;
    n->executed_height = ev->executed.block_height;
    c->facts++;
    return true;
}

static struct lost_block *
find_lost_block(const struct call *c, const struct hash *block)
{
    struct lost_block *b = c->lost_blocks;
    while (b && !hash_equal(&b->hash, block))
        b = b->next;
    return b;
}

const struct lost_block *
call_gone_block(const struct call *c, const struct hash *block)
{
    const struct lost_block *b = c->final_ns ? find_lost_block(c, block) : NULL;
    return b && b->told_ns > c->final_ns ? b : NULL;
}

bool
call_is_disowned(const struct call *c)
{
    const struct node *top = c->transaction_node;
    if (!top || !top->has_outcome || top->outcome.has_block_height || c->unknown_ns <= c->ran_ns)
        return false;
    const struct lost_block *b = find_lost_block(c, &top->outcome.block_hash);
    return b && b->told_ns > c->ran_ns;
}

/* Whose block it is, is not asked: nobody asks for others. */
static bool
take_lost_block(struct call *c, const struct event *ev)
{
    struct lost_block *b = find_lost_block(c, &ev->hole.id);
    bool was_gone = call_gone_block(c, &ev->hole.id) != NULL, was_disowned = call_is_disowned(c);
    if (!b && !has_room(c))
        return false;
    if (!b) {
        b = arena_alloc(&c->arena, sizeof(*b));
        b->hash = ev->hole.id;
        b->reason = arena_c(&c->arena, ev->hole.reason);
        b->next = c->lost_blocks;
        c->lost_blocks = b;
    }
    if (ev->seen_ns > b->told_ns)
        b->told_ns = ev->seen_ns;
    b->asked |= ev->hole.asked;
    bool is_gone = !was_gone && call_gone_block(c, &ev->hole.id);
    bool is_disowned = !was_disowned && call_is_disowned(c);
    if (!is_gone && !is_disowned)
        return false;
    c->facts++;
    return true;
}

bool
call_take_hole(struct call *c, const struct event *ev)
{
    struct node *n = call_node(c, &ev->hole.id);
    if (!n && !(c->transaction_node && hash_equal(&ev->hole.id, &c->tx)))
        return take_lost_block(c, ev);
    if (!n)
        return false;
    n->hole_asked |= ev->hole.asked;
    if (n->hole_reason || !has_room(c))
        return false;
    n->hole_reason = arena_c(&c->arena, ev->hole.reason);
    c->facts++;
    return true;
}
