/* send: a transaction signed, handed to a node, and handed again until its fate is known.
 *
 *     view_access_key (nonce, permission, final block hash) → preflight → sign → EVENT_TX,
 *     `signed_` → send_tx
 *
 * Two requests when all goes well, four with money checked. What the key may not do, or the
 * account cannot pay, is refused before it is signed (preflight.h). The bytes are kept until
 * all of it is final: whatever is ambiguous (timeout, 5xx, broken off) is answered by sending
 * the very same bytes again, which cannot run twice; so is an inclusion that nobody knows of
 * later. A new signature is made in two cases only. A node finds the block hash too old: then
 * with the same nonce, so that of all copies (copies.h) one at most can run, and that one is
 * followed. Or the first one certainly never runs: a final block has the key's nonce, and no
 * endpoint knows the transaction, asked more than once. That is found out after a refusal, and
 * when nobody has said anything of it for some blocks, so that who lost a race for a nonce need
 * not wait for the node's time-out.
 *
 * Several at once from one key share a counter of nonces, kept by the sender for its life. Those who
 * lost a race take a greater nonce by chance, since they would lose the next one, too. What
 * becomes of the transaction after it is in a block is not followed here (sources.h). */
#ifndef NET_SEND_H
#define NET_SEND_H

#include "net/base/err.h"
#include "net/event.h"
#include "net/loop.h"
#include "net/near/tx.h"
#include "net/preflight.h"
#include "net/rpc.h"

struct sender;
struct send;

struct send_args {
    struct account_id signer, receiver;
    const struct secret_key *key;       /* copied, wiped when done */
    const struct action *actions;       /* copied deeply */
    size_t action_count;
    bool checks_money;                  /* balance and gas price too: two more requests */
    bool checks_place;                  /* which chain it is: one more, until a node has said it */
    struct preflight_place place;
    /* The hash, before anything is sent: follow it now. Again with another one when that is
     * the one that counts: the one before will not run. May be NULL. */
    void (*signed_)(void *context, const struct hash *tx);
    /* Once. OK: it is in a block; d may have a word about that. ERR_REFUSED: it will not run, d
     * says why (tx NULL: it was not even signed).
     * ERR_TIMEOUT, ERR_NET: given up; it may still run. Others: it was never sent. */
    void (*done)(void *context, enum err error, const struct hash *tx, const struct diag *d);
    void *context;
};

/* Events (EVENT_TX, EVENT_TX_STATE) go to `emit`, as those of a source. */
struct sender *sender_new(struct loop *loop, struct rpc *rpc, event_fn emit, void *context)
    MUST_USE;
void sender_set_block_time(struct sender *sender, uint32_t ms);     /* 600 at first */
void sender_free(struct sender *sender);        /* cancels all; NULL is fine */

/* Programs that share the folder (nonces.h) do not take the same nonce of a key on the chain of that
 * name. Both are borrowed until sender_free; without it each goes by the chain alone. */
void sender_share_nonces(struct sender *sender, const char *folder, const char *chain);
/* Programs on other machines may have the same key: two that make the same call at the same moment would
 * sign the same bytes, which run once, and both would believe that their call has run. From now on
 * each nonce is up to 256 above the last one, by chance. */
void sender_spread_nonces(struct sender *sender);

struct send *send_start(struct sender *sender, const struct send_args *args) MUST_USE;
/* No callbacks any more; what was handed over may still run. Not after `done` has begun. */
void send_cancel(struct send *take_send);

#endif
