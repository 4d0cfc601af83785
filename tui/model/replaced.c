#include "tui/model/replaced.h"

#include "tui/model/facts.h"

enum loss { NOT_THERE, HAS_ANOTHER, LOST };

/* What follows for a node when what ran in that block did not. */
static enum loss
take_back(struct node *n, const struct hash *block)
{
    enum loss loss = NOT_THERE;
    for (struct outcome_version **at = &n->rivals; *at;) {
        if (hash_equal(&(*at)->fact.block_hash, block)) {
            *at = (*at)->next;
            loss = HAS_ANOTHER;
        } else {
            at = &(*at)->next;
        }
    }
    if (n->rivals) {
        /* Which of them counts is decided anew (tree.c); this one surely does not. */
        n->outcome = n->rivals->fact;
        return loss;
    }
    if (!n->has_outcome || !hash_equal(&n->outcome.block_hash, block))
        return loss;
    n->outcome = (struct outcome_fact){.id = n->id};
    n->has_outcome = false;
    n->outcome_seen_ns = 0;
    for (int i = 0; i < SOURCE_COUNT; i++)
        n->told_ns[i] = 0;
    return LOST;
}

static void
take_back_in_call(struct call *c, const struct event *ev)
{
    const struct hash *block = &ev->replaced.block;
    enum loss of_transaction = NOT_THERE, worst;
    void *value;
    if (c->transaction_node)
        of_transaction = take_back(c->transaction_node, block);
    worst = of_transaction;
    for (size_t i = 0; map_next(&c->nodes, &i, NULL, &value);) {
        enum loss loss = take_back(value, block);
        worst = loss > worst ? loss : worst;
    }
    if (of_transaction == LOST && ev->seen_ns > c->lost_ns)
        c->lost_ns = ev->seen_ns;
    /* What ran again elsewhere was said when that was heard. */
    if (worst == LOST) {
        c->taken_back++;
        c->taken_back_what = of_transaction == LOST ? TAKEN_BACK_TRANSACTION : TAKEN_BACK_RECEIPT;
    }
    c->facts += worst != NOT_THERE;
}

/* One answer told that it is in a block, and that block, which is none. */
bool
store_take_late(struct store *s, const struct event *ev)
{
    struct call *c = store_call(s, &ev->tx);
    bool is_in = c && c->transaction_node && c->transaction_node->has_outcome;
    if (!c || !ev->outcome.is_transaction || is_in || ev->seen_ns <= c->lost_ns)
        return false;
    c->lost_ns = ev->seen_ns;
    c->facts++;
    return true;
}

bool
store_is_replaced(const struct store *s, const struct hash *block)
{
    for (size_t i = 0; i < s->replaced_count && i < STORE_MAX_REPLACED; i++) {
        if (hash_equal(&s->replaced[i], block))
            return true;
    }
    return false;
}

bool
store_take_replaced(struct store *s, const struct event *ev)
{
    const struct hash *block = &ev->replaced.block;
    const struct block_record *known = store_block(s, block);
    if (store_is_replaced(s, block) || (known && known->fact.is_final))
        return false;
    s->replaced[s->replaced_count++ % STORE_MAX_REPLACED] = *block;
    for (size_t i = 0; i < s->recent_count; i++)
        take_back_in_call(s->recent[i], ev);
    s->chain_facts++;
    return true;
}
