#include "tui/model/replaced.h"

#include "tui/model/facts.h"

/* True when the node had an outcome in that block. */
static bool
take_back(struct node *n, const struct hash *block)
{
    bool is_found = false;
    for (struct outcome_version **at = &n->rivals; *at;) {
        if (hash_equal(&(*at)->fact.block_hash, block)) {
            *at = (*at)->next;
            is_found = true;
        } else {
            at = &(*at)->next;
        }
    }
    if (n->rivals) {
        /* Which of them counts is decided anew (tree.c); this one surely does not. */
        n->outcome = n->rivals->fact;
        return is_found;
    }
    if (!n->has_outcome || !hash_equal(&n->outcome.block_hash, block))
        return is_found;
    n->outcome = (struct outcome_fact){.id = n->id};
    n->has_outcome = false;
    n->outcome_seen_ns = 0;
    for (int i = 0; i < SOURCE_COUNT; i++)
        n->told_ns[i] = 0;
    return true;
}

static bool
take_back_in_call(struct call *c, const struct hash *block)
{
    bool is_found = c->transaction_node && take_back(c->transaction_node, block);
    void *value;
    for (size_t i = 0; map_next(&c->nodes, &i, NULL, &value);)
        is_found |= take_back(value, block);
    c->taken_back += is_found;
    c->facts += is_found;
    return is_found;
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
        take_back_in_call(s->recent[i], block);
    s->chain_facts++;
    return true;
}
