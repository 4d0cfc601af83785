#include "tui/model/doubt.h"

#include "tui/model/facts.h"
#include "tui/model/replaced.h"

enum {
    WAY_MOST = 256              /* blocks down: one that is replaced is so within a few */
};

enum standing { STANDS, IS_REPLACED, NOT_KNOWN, TOO_FAR };

/* NULL: there is no doubt, or no height says where to look. */
static const struct outcome_fact *
outcome_in_doubt(const struct store *s, const struct call *c, uint64_t *height)
{
    const struct node *top = c->transaction_node;
    if (!top || !top->has_outcome || c->unknown_ns <= c->ran_ns || top->outcome.is_final ||
        c->told_state == TX_FINAL)
        return NULL;
    const struct block_record *b = store_block(s, &top->outcome.block_hash);
    if (b && b->fact.is_final)
        return NULL;
    *height = b ? b->fact.height : top->outcome.block_height;
    return b || top->outcome.has_block_height ? &top->outcome : NULL;
}

static void
choose_anchor(const struct store *s, struct call *c, uint64_t height)
{
    const struct block_record *b = store_block(s, &s->final_block),
                              *old = store_block(s, &c->doubt_anchor);
    if (b && b->fact.height >= height && (!old || old->fact.height < height ||
                                          old->fact.height > b->fact.height))
        c->doubt_anchor = s->final_block;
}

/* Goes down as far as blocks are known. NOT_KNOWN: *next is the one to ask for, zero when a final one
 * is wanted first. IS_REPLACED: it is one that has the place. */
static enum standing
look_down(const struct store *s, const struct call *c, const struct outcome_fact *f,
          uint64_t height, struct hash *next)
{
    const struct block_record *b = store_block(s, &c->doubt_anchor);
    *next = (struct hash){{0}};
    if (!b || b->fact.height < height)
        return NOT_KNOWN;
    for (int i = 0; i < WAY_MOST; i++) {
        if (hash_equal(&b->fact.hash, &f->block_hash))
            return STANDS;
        bool is_past = b->fact.has_prev_height && b->fact.prev_height < height;
        *next = b->fact.hash;
        if (b->fact.height <= height || is_past)
            return IS_REPLACED;
        /* Not all sources say what is under a block: then it is asked for again. */
        *next = b->fact.has_prev ? b->fact.prev : b->fact.hash;
        b = b->fact.has_prev ? store_block(s, next) : NULL;
        if (!b)
            return NOT_KNOWN;
    }
    return TOO_FAR;
}

static bool
be_final(struct store *s, const struct hash *block)
{
    struct block_record *b = map_get(&s->blocks, str_of(block->b, sizeof(block->b)));
    if (!b)
        return false;
    b->fact.is_final = true;
    s->chain_facts++;
    return true;
}

bool
doubt_settle(struct store *s, struct call *c, const struct event *ev)
{
    uint64_t height;
    struct hash next;
    const struct outcome_fact *f = outcome_in_doubt(s, c, &height);
    if (!f)
        return false;
    choose_anchor(s, c, height);
    enum standing standing = look_down(s, c, f, height, &next);
    if (standing == STANDS)
        return be_final(s, &f->block_hash);
    const struct event told = {
        .kind = EVENT_REPLACED, .source = ev->source, .seen_ns = ev->seen_ns,
        .replaced = {.block = f->block_hash, .height = height, .by = next}};
    return standing == IS_REPLACED && store_take_replaced(s, &told);
}

bool
doubts_heard_block(struct store *s, const struct event *ev)
{
    bool is_news = false;
    for (size_t i = 0; i < s->recent_count; i++)
        is_news |= doubt_settle(s, s->recent[i], ev);
    return is_news;
}

bool
doubt_wants(const struct store *s, const struct call *c, struct hash *block)
{
    uint64_t height;
    const struct outcome_fact *f = outcome_in_doubt(s, c, &height);
    return f && look_down(s, c, f, height, block) == NOT_KNOWN;
}
