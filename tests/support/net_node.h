/* net_node: a node that plays a recorded call (of tests/data/node) again, on the test's own
 * loop: JSON-RPC at "/", the feed at "/events/…", faults on request.
 *
 * The call begins when its transaction is sent, or at once (net_node_begin). Block after block
 * it answers what the real node answered at that block. The recorded transaction can be signed
 * again to the byte: the node hands out its nonce and block hash. */
#ifndef TESTS_SUPPORT_NET_NODE_H
#define TESTS_SUPPORT_NET_NODE_H

#include "net/event.h"
#include "net/near/tx.h"
#include "tests/support/net_peer.h"

enum net_node_feed {
    NODE_FEED_PUSH,         /* outcome_optimistic and block_info */
    NODE_FEED_INTEAR,       /* tx_receipt and block_info; 404 for the rest */
    NODE_FEED_NONE          /* 404 for all */
};

/* What befalls a request: taken from a list, one a request of its method; then all is well. */
enum net_node_fault {
    NODE_FINE, NODE_429, NODE_502, NODE_HALF, NODE_GARBAGE, NODE_HANGS_UP, NODE_TIMEOUT_408,
    NODE_403,
    NODE_EATS_IT,           /* does what was asked, then hangs up */
    NODE_500_AFTER,         /* does what was asked, then answers 500 */
    NODE_408_AFTER, NODE_HALF_AFTER,
    NODE_LOSES_IT,          /* send_tx: says that it is included, and forgets it */
    NODE_STALE_NONCE,       /* send_tx: refuses with InvalidNonce, and the key does not know of it */
    NODE_NONCE_TAKEN,       /* … and the key's nonce in the final block says so, too */
    NODE_SILENT_TAKEN,      /* send_tx: never answers, and another one takes the nonce */
    NODE_USED_AFTER,        /* send_tx: takes it, refuses with InvalidNonce, as the key says too */
    NODE_EXPIRED,           /* send_tx: refuses with Expired */
    NODE_EXPIRED_AFTER,     /* send_tx: takes it, and refuses with Expired */
    NODE_EXPIRED_USED,      /* … and the key's nonce says that it was taken */
    NODE_SILENT_AFTER,      /* send_tx: takes it, and never answers */
    NODE_BROKE,             /* send_tx: refuses with NotEnoughBalance */
    NODE_NOT_TRACKED        /* does not follow that shard */
};

/* The hash of a block that is replaced (fork_at): sha256 of "other block". */
#define NET_NODE_OTHER_BLOCK "CAxiep568k4pChZRGzapJdAbfn7ARLvotv3cf6JQFb5B"

struct net_record;

struct net_node_config {
    const char *file;
    const struct net_record *record;    /* or this, loaded at the pace of block_ms; lent */
    const struct net_record *others;    /* calls that were over before, and are known; lent */
    size_t other_count;
    uint32_t block_ms;
    bool has_recorded_times;            /* blocks keep theirs, whatever block_ms is */
    enum net_node_feed feed;
    const char *faulty_method;          /* NULL: none is */
    const enum net_node_fault *faults;
    size_t fault_count;
    const char *deaf_method;            /* of it too, those of these bits end in a 502; NULL: none */
    uint32_t deaf_bits;
    unsigned stale_keys;                /* bit i: the i-th answer about the key has another block
                                         * hash than the recorded call */
    bool has_no_receipts;               /* UNKNOWN_RECEIPT for every one */
    int stuck_at;                       /* makes no block beyond this one; 0: it goes on */
    bool awaits_listeners;              /* no block before two sockets of the feed listen */
    int cut_after;                      /* all sockets of the feed end behind so many messages */
    bool dies_when_cut;                 /* and the feed lets nobody in any more */
    int fork_at;                        /* block of that number (from 1): pushed as another one
                                         * first, which is replaced when it is final */
    bool is_fork_polled;                /* not pushed: the first status that tells of it says so */
};

struct net_node;

struct net_node *net_node_new(struct loop *loop, const struct net_node_config *config);
void net_node_free(struct net_node *node);
void net_node_begin(struct net_node *node);
/* All sockets of the feed end without a word. */
void net_node_cut_feed(struct net_node *node);
/* A message that is garbage goes to all sockets of the feed. */
void net_node_babble(struct net_node *node);

const char *net_node_rpc_url(struct net_node *node);
const char *net_node_ws_url(struct net_node *node);
struct hash net_node_tx(const struct net_node *node);
const struct transaction *net_node_transaction(const struct net_node *node);
int net_node_count(const struct net_node *node, const char *method);    /* NULL: all */
/* Each copy that was handed over, refused or not, from 0. */
int net_node_handed_count(const struct net_node *node);
struct hash net_node_handed(const struct net_node *node, int index);
uint64_t net_node_handed_nonce(const struct net_node *node, int index);
int net_node_sent(const struct net_node *node);         /* times that the transaction arrived */
uint64_t net_node_feed_bytes(const struct net_node *node);     /* of those messages */
int net_node_messages(const struct net_node *node);     /* of the feed, sent so far */
/* All that the recorded node said of the call in the end, with its blocks. */
void net_node_tell_truth(const struct net_node *node, event_fn emit, void *context);
bool net_node_is_over(const struct net_node *node);     /* every block has been made */

#endif
