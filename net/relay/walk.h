/* walk: the blocks of a chain one after another, none left out, from one poller.
 *
 * A source (a node's RPC, a neardata server) fetches single blocks; here they are put in order. A
 * block whose parent was not seen is kept until the blocks between have been fetched, at most
 * WALK_GAP_MAX of them: a wider gap is said and jumped. A block whose parent is older than the last
 * one told replaces what was told above that parent: it comes with its parent's hash, and whoever
 * hears it drops what does not lead to it. Nothing is asked while the walk is off. */
#ifndef NET_RELAY_WALK_H
#define NET_RELAY_WALK_H

#include "net/http.h"
#include "net/loop.h"
#include "net/relay/walk_block.h"
#include "net/rpc.h"

enum { WALK_GAP_MAX = 120, WALK_KEEP = 64 };

struct walk;

/* Each ask is answered by one of the four, later, never from inside. */
struct walk_source {
    /* The newest block, or the one after `tip` (zero height: none yet). */
    void (*next)(void *self, const struct hash *tip, uint64_t height);
    /* The parent of this block. */
    void (*before)(void *self, const struct walk_block *later);
    void (*free)(void *take_self);
    bool waits;                 /* its server answers when there is a block: ask again at once */
};
void walk_got(struct walk *w, struct walk_block *take_block);
/* A part of it is to be had nowhere: what, in a sentence that is said until a block is whole again. */
void walk_got_without(struct walk *w, struct walk_block *take_block, const char *missing);
void walk_nothing(struct walk *w);
void walk_failed(struct walk *w, const char *sentence, int64_t retry_after_ms);

struct walk_config {
    struct loop *loop;
    uint32_t block_time_ms;             /* a first guess; 0: 600 */
    bool (*wants_chunks)(void *context);    /* of RPC: transactions and receipts too */
    /* In order of the chain; the block is the hearer's. */
    void (*block)(void *context, struct walk_block *take_block);
    /* Something is wrong (once each time), or well again (""). */
    void (*trouble)(void *context, const char *sentence);
    void *context;
};

/* With an RPC (borrowed), or with the address of a neardata server. */
struct walk *walk_new_rpc(const struct walk_config *config, struct rpc *rpc) MUST_USE;
struct walk *walk_new_neardata(const struct walk_config *config, struct http *http,
                               const char *url, const char *bearer) MUST_USE;
void walk_free(struct walk *take_w);            /* NULL is fine */

void walk_set_on(struct walk *w, bool is_on);
/* Begins at the top, and tells first what was made in so long a time before it: for who listened
 * elsewhere until then. As far as WALK_GAP_MAX blocks go; what is left out is said. */
void walk_go_back(struct walk *w, int64_t age_ns);
/* The block that is told now is the newest there was at this time (clock_monotonic_ns) or later. */
bool walk_is_at_top(const struct walk *w, int64_t since_ns);
bool walk_wants_chunks(const struct walk *w);

/* For the sources. */
struct walk *walk_new(const struct walk_config *config, const struct walk_source *source,
                      void *take_self) MUST_USE;

#endif
