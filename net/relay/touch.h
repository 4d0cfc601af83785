/* touch: which transactions of a block touch certain accounts, as far as blocks tell.
 *
 * Those signed by an account or sent to it, surely. A receipt for it does not say its transaction;
 * but it says who signed that, so that those of the last blocks with the same signer come into
 * question, each at most once a receipt: whoever hears of one may ask the node. Refunds touch
 * nobody. No I/O. */
#ifndef NET_RELAY_TOUCH_H
#define NET_RELAY_TOUCH_H

#include "net/base/map.h"
#include "net/relay/walk_block.h"

enum { TOUCH_RECENT = 4000 };   /* transactions that are remembered */

struct touch_recent;

struct touch {
    struct map accounts;            /* name -> struct account_id, owned */
    bool takes_all;                 /* every transaction, whatever it touches */
    struct touch_recent *recent;    /* a ring, owned */
    size_t recent_next;
};

void touch_init(struct touch *t);
void touch_release(struct touch *t);
void touch_add(struct touch *t, struct str account);    /* what is no name is passed over */
void touch_clear(struct touch *t);                      /* accounts and takes_all */

/* receipt: NULL, the transaction touches; else it may be the one of that receipt. */
typedef void (*touch_fn)(void *context, const struct hash *tx, const struct account_id *signer,
                         const struct hash *receipt);
void touch_block(struct touch *t, const struct walk_block *b, touch_fn fn, void *context);

#endif
