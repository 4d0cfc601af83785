/* finder: the transactions that touch certain accounts, as they happen.
 *
 * From the feed: outcome_optimistic where it is pushed, else tx_receipt, which speaks two blocks
 * later. While there is no feed, or it is away, from blocks and chunks by RPC (touch.h); what only
 * may be meant is asked of the node first, one request each.
 *
 * A feed does not repeat what was missed: when it is lost, the blocks since its last sign of life
 * are looked through, and when it is there again blocks are looked at until they have passed that
 * moment. What is heard twice is told once, as far as the last FINDER_REMEMBERS go. */
#ifndef NET_RELAY_FINDER_H
#define NET_RELAY_FINDER_H

#include "net/feeds.h"
#include "net/loop.h"
#include "net/near/account.h"
#include "net/near/crypto.h"
#include "net/rpc.h"

enum { FINDER_ACCOUNTS_MAX = 100, FINDER_REMEMBERS = 4096 };

struct finder;

struct finder_config {
    struct loop *loop;
    struct rpc *rpc;                        /* borrowed */
    const struct feed_address *feeds;       /* the preferred first; copied */
    size_t feed_count;                      /* 0: none */
    const struct account_id *accounts;      /* copied, at most FINDER_ACCOUNTS_MAX */
    size_t account_count;
    uint32_t block_time_ms;
    /* signer: NULL when it was not told. Never from inside finder_new. */
    void (*found)(void *context, const struct hash *tx, const struct account_id *signer);
    /* It was found before: nobody need be asked whether it touches. May be NULL. */
    bool (*knows)(void *context, const struct hash *tx);
    /* Where it looks now ("the feed", "blocks and chunks"), and why not elsewhere, or "". Of blocks
     * also that they cannot be had, as long as the walk is on, and "" when they can again. */
    void (*looks)(void *context, const char *where, const char *why);
    void *context;
};

struct finder *finder_new(const struct finder_config *config) MUST_USE;
void finder_free(struct finder *take_f);        /* before the RPC; NULL is fine */

#endif
