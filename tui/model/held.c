#include "tui/model/held.h"

#include <string.h>
#include "net/base/xalloc.h"
#include "tui/model/facts.h"

/* Members are copied all at once, so that none is forgotten; then what they own. What is derived
 * stands at the end of a struct and is left out. */

static void
keep_versions(struct call *c, struct node *n)
{
    struct outcome_version **at = &n->rivals;
    for (; *at; at = &(*at)->next) {
        *at = arena_copy(&c->arena, *at, sizeof(**at));
        outcome_fact_keep(&c->arena, &(*at)->fact);
    }
}

static struct node *
held_node(struct call *c, const struct node *from)
{
    struct node *n = xmemdup(from, sizeof(*from));
    size_t derived = offsetof(struct node, is_placed);
    memset((char *)n + derived, 0, sizeof(*n) - derived);
    if (n->has_receipt)
        receipt_fact_keep(&c->arena, &n->receipt);
    if (n->has_outcome)
        outcome_fact_keep(&c->arena, &n->outcome);
    keep_versions(c, n);
    if (n->hole_reason)
        n->hole_reason = arena_c(&c->arena, str_from(n->hole_reason));
    return n;
}

static char *
held_text(struct call *c, const char *text)
{
    return text ? arena_c(&c->arena, str_from(text)) : NULL;
}

static struct call *
held_call(const struct call *from)
{
    struct call *c = xmemdup(from, sizeof(*from));
    size_t derived = offsetof(struct call, derived);
    void *value;
    memset((char *)c + derived, 0, sizeof(*c) - derived);
    arena_init(&c->arena);
    arena_init(&c->derived);
    map_init(&c->nodes);
    if (c->has_transaction) {
        const struct event ev = {.kind = EVENT_TX, .transaction.view = from->transaction};
        c->transaction = event_copy(&c->arena, &ev)->transaction.view;
    }
    c->refused_reason = held_text(c, c->refused_reason);
    c->unobserved_reason = held_text(c, c->unobserved_reason);
    c->refused_error.text = arena_str(&c->arena, c->refused_error.text);
    for (struct contradiction **at = &c->contradictions; *at; at = &(*at)->next)
        *at = arena_copy(&c->arena, *at, sizeof(**at));
    for (struct lost_block **at = &c->lost_blocks; *at; at = &(*at)->next) {
        *at = arena_copy(&c->arena, *at, sizeof(**at));
        (*at)->reason = held_text(c, (*at)->reason);
    }
    if (c->transaction_node)
        c->transaction_node = held_node(c, from->transaction_node);
    for (size_t i = 0; map_next(&from->nodes, &i, NULL, &value);) {
        struct node *n = held_node(c, value);
        map_put(&c->nodes, str_of(n->id.b, sizeof(n->id.b)), n);
    }
    return c;
}

static void
hold_blocks(struct store *s, const struct map *from)
{
    void *value;
    map_init(&s->blocks);
    for (size_t i = 0; map_next(from, &i, NULL, &value);) {
        struct block_record *b = xmemdup(value, sizeof(*b));
        if (b->shard_ids)
            b->shard_ids = xmemdup(b->shard_ids, b->fact.shard_count * sizeof(*b->shard_ids));
        b->fact.shard_ids = b->shard_ids;
        map_put(&s->blocks, str_of(b->fact.hash.b, sizeof(b->fact.hash.b)), b);
    }
}

struct store *
store_held(const struct store *from)
{
    struct store *s = xmemdup(from, sizeof(*from));
    hold_blocks(s, &from->blocks);
    for (size_t i = 0; i < s->endpoint_count; i++) {
        struct endpoint_record *r = &s->endpoints[i];
        r->fact.name = r->name;
        r->fact.host = r->host;
        r->fact.reason = r->reason;
    }
    if (s->requests)
        s->requests = xmemdup(s->requests, STORE_MAX_REQUESTS * sizeof(*s->requests));
    map_init(&s->calls);
    s->recent = xcalloc(s->recent_count + 1, sizeof(*s->recent));
    s->recent_room = s->recent_count + 1;
    for (size_t i = 0; i < s->recent_count; i++) {
        struct call *c = s->recent[i] = held_call(from->recent[i]);
        map_put(&s->calls, str_of(c->tx.b, sizeof(c->tx.b)), c);
    }
    return s;
}
