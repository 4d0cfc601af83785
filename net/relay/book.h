/* book: what the relay knows of the last blocks, and what of it was told to the hub.
 *
 * A block's outcomes may come with it or later, in parts; what a receipt made may be known a block
 * later still: then the outcome is told again, completed (facts may be told twice). When a block
 * cannot go away any more, by what a later one says, the kinds that speak of final blocks are told;
 * a transaction is through when every receipt of it has run in a final block. Blocks that were
 * replaced are dropped: those in their place are told like any other. */
#ifndef NET_RELAY_BOOK_H
#define NET_RELAY_BOOK_H

#include "net/relay/walk_block.h"
#include "net/serve/hub.h"

enum {
    BOOK_BLOCKS = 128,          /* kept at most */
    BOOK_FINAL_BLOCKS = 12,     /* … of those that are final */
    BOOK_OPEN = 100000,         /* transactions under way; more are not told when they are through */
    BOOK_OPEN_BLOCKS = 300      /* … or later than so many blocks after they were first heard of */
};

struct book;

struct book *book_new(struct hub *hub) MUST_USE;        /* the hub is borrowed */
void book_free(struct book *take_book);

void book_block(struct book *k, struct walk_block *take_b);
/* NULL: not kept (any more), or not on the chain. */
struct walk_block *book_find(const struct book *k, const struct hash *hash);
const struct walk_block *book_tip(const struct book *k);       /* NULL: none yet */
/* The block's outcomes from this index on are new. */
void book_added(struct book *k, struct walk_block *b, size_t first);
/* This outcome is known better now. */
void book_completed(struct book *k, struct walk_block *b, struct walk_outcome *o);

/* What was just told of, for the hub. */
struct book_news {
    const struct walk_block *block;
    struct walk_outcome *const *outcomes;
    size_t outcome_count;
    bool is_whole;                      /* the block itself is news, not only outcomes of it */
    const struct str *finished;         /* views of transactions that are through */
    size_t finished_count;
};
/* relay_events.c: hub_events_fn of a struct book_news. */
void relay_events(const void *news, enum feed_kind kind, struct feed_events *out);

#endif
