/* chain_private: what the parts of contract/chain share: the chain itself and the application
 * of one chunk. Nobody else includes this. */
#ifndef CONTRACT_CHAIN_CHAIN_PRIVATE_H
#define CONTRACT_CHAIN_CHAIN_PRIVATE_H

#include "contract/chain/chain.h"
#include "contract/chain/changes.h"
#include "contract/chain/history.h"
#include "contract/chain/ids.h"
#include "contract/chain/keeper.h"
#include "contract/chain/list.h"
#include "contract/chain/patch.h"
#include "contract/chain/state.h"
#include "contract/chain/trie.h"
#include "contract/host/fee.h"
#include "net/base/map.h"

enum {
    CHAIN_EPOCH_BLOCKS = 500,
    CHAIN_MAX_INPUTS = 128,                 /* data that one receipt may wait for */
    CHAIN_MAX_RECEIPT_BYTES = 4194304,
    CHAIN_MAX_POOL_BYTES = 100000000,       /* of transactions waiting */
    CHAIN_CHUNK_TX_BYTES = 4194304,         /* of transactions in one chunk */
    CHAIN_YIELD_BLOCKS = 200                /* that a yielded promise waits to be resumed */
};
#define CHAIN_MIN_GAS_PRICE UINT64_C(100000000)
#define CHAIN_MAX_GAS_PRICE UINT64_C(2000000000)
#define CHAIN_TX_GAS_LIMIT UINT64_C(500000000000000)       /* of transactions, per chunk */
#define CHAIN_MAX_PREPAID_GAS UINT64_C(300000000000000)
#define NONCES_PER_BLOCK UINT64_C(1000000)

/* A receipt that waits for data. */
struct postponed {
    const struct chain_receipt *receipt;
    size_t missing;
};

/* Data that has arrived, or somebody who waits for it: by data id. */
struct arrival {
    const struct chain_receipt *data;       /* NULL: not yet here */
    struct postponed *waiting;              /* NULL: nobody yet */
    struct hash data_id;
    struct segment *segment;                /* where this lives, and what waits */
};

/* A promise that was yielded, in order of yielding; one that has been resumed stays until its
 * time is over. */
struct yield_deadline {
    struct account_id account;
    struct hash data_id;
    uint64_t height;                /* from this block on it has timed out */
    struct segment *segment;        /* where this lives */
};

/* mark.c remembers all of it and can bring it back: what is added here needs its line there. */
struct shard {
    struct list pool;               /* struct known_tx, in order of arrival */
    struct list prepared;           /* taken from the pool into the next block's chunk */
    struct list incoming;           /* receipts for the next block, by source shard */
    struct list delayed;            /* receipts that found the chunk full */
    struct list outgoing;           /* made by the last application, behind what found no room */
    struct map arrivals;            /* data id -> struct arrival (in the chain's arena) */
    struct map yields;              /* data id -> struct chain_receipt that waits for it */
    struct map globals;             /* name -> struct global_code, of global_codes */
    struct list deadlines;          /* struct yield_deadline; those before first_deadline are over */
    size_t first_deadline;
    struct trie trie;
    /* Of the last application; the next block's chunk tells them. */
    uint64_t gas_used;
    struct amount burnt;            /* tokens gone for good */
    struct hash outcome_root;       /* zero: nothing ran */
    struct hash state_root;
    /* Drills: see drill.h. */
    bool is_stalled;
    uint64_t missed;                /* chunks in a row */
    uint64_t load_gas, load_delayed_gas;
};

/* Likewise. */
/* See chain_dropped. */
struct dropped_tx {
    struct hash hash;
    struct invalid_tx why;
};

struct chain {
    struct chain_config config;
    struct genesis_account *accounts;       /* owned copy */
    struct arena arena;                     /* of the block that is being made */
    struct arena scratch;                   /* of the contract that is running */
    struct state state;
    struct patch patch;                     /* from outside, for the next block */
    struct changes changes;                 /* of the last blocks, to the state */
    struct shard shards[CHAIN_MAX_SHARDS];
    size_t shard_count;
    struct history history;
    struct list global_codes;               /* struct global_code, owned; also those replaced */
    struct keeper keeper;
    char *own_id;                           /* owned: of a chain that was stored; or NULL */
    uint64_t next_number;                   /* of the next transaction that comes */
    struct map transactions;                /* hash -> struct known_tx, here for its owner */
    uint64_t gas_price;                     /* for the next block */
    size_t pool_count, pool_bytes;          /* in pools and in chunks that have not run */
    struct dropped_tx *dropped;             /* owned: when the chunks were filled last */
    size_t dropped_count, dropped_room;
    uint64_t skipped;                       /* heights that the next block leaves out */
};

/* One chunk being applied. */
struct application {
    struct chain *chain;
    struct chain_block *block;
    size_t shard;
    uint64_t gas_price;             /* of this block */
    uint64_t gas_used;
    uint64_t compute_used;          /* which fills the chunk */
    struct amount burnt;
    struct list outcomes, local;
};

/* The outcome of one receipt while it is made. */
struct receipt_run {
    struct application *app;
    const struct chain_receipt *receipt;
    struct account *account;        /* the receiver's record */
    struct account_id actor;        /* who acts: the predecessor, or a just created account */
    uint64_t gas_burnt, gas_used;   /* used: with what was reserved for new receipts */
    uint64_t vm_burnt, vm_compute;
    struct amount lost;             /* paid for a contract of all, and gone */
    struct failure failure;
    struct list made;               /* struct chain_receipt, without ids yet */
    struct chain_receipt *returned; /* the new receipt whose result is ours, or NULL */
    struct str value;
    struct list logs;               /* struct str */
    struct vm_cost *profile;
    size_t profile_count;
    struct promise_result *results;
    size_t action_index;
};

/* --- actions.c: false when the action failed and run->failure says why */
bool action_apply(struct receipt_run *run, size_t index);
/* Always false; names the receiver and the predecessor, too. */
bool action_fail(struct receipt_run *run, enum failure_kind kind);

/* --- delegate.c */
bool action_delegate(struct receipt_run *run, const struct delegate *d);

/* --- global.c: contracts that any account may use */
bool global_deploy(struct receipt_run *run, const struct action *action);
bool global_take_up(struct receipt_run *run, const struct action *action);
/* A contract arrives in this shard and goes on to the next one that has not got it. */
void global_deliver(struct application *app, const struct chain_receipt *receipt);
/* The shard knows of it from now on. */
void global_keep(struct chain *c, size_t shard, const struct global_use *name, struct str code);
struct global_code;
const struct global_use *global_name(const struct global_code *g);
/* False, and nothing set, when the shard knows of none under that name. */
bool global_find(const struct chain *c, size_t shard, const struct global_use *use,
                 struct str *code, struct hash *hash);

/* --- validate.c */
struct validation {
    enum validation_kind kind;
    uint64_t a, b;              /* as the kind says */
    struct str text;            /* borrowed from what was validated */
    struct public_key key;
};
struct validation actions_validate(const struct action *actions, size_t count);
struct validation receipt_validate(const struct chain_receipt *r, const struct vm_receipt *made);

/* --- call.c */
bool action_call(struct receipt_run *run, const struct action *action, bool is_last);
/* What a running contract reads and writes. */
struct call_storage {
    struct application *app;        /* NULL in view calls */
    struct account *account;
};
struct vm_storage storage_of(struct call_storage *s);   /* s must outlive the call */
/* A deep copy of actions that do not delegate. */
struct action *actions_keep(struct arena *arena, const struct action *from, size_t count);

/* --- yield.c: promises that are resumed, or time out */
void yield_keep(struct application *app, const struct chain_receipt *receipt);
/* The receipt that this data resumes, taken out; NULL when none waits for it any more. */
const struct chain_receipt *yield_take(struct application *app,
                                       const struct chain_receipt *resume);
void yield_set_deadline(struct application *app, const struct chain_receipt *receipt);
/* What has waited for too long is resumed in the next block, as failed. */
void yield_time_out(struct application *app);
/* What a running contract asks; context is a struct yield_context. */
struct yield_context {
    struct application *app;
    const struct account *account;
    const struct hash *action_hash;
};
struct vm_yields yields_of(struct yield_context *y);    /* y must outlive the call */

/* --- runtime.c */
void application_run(struct application *app);
void application_receipt(struct application *app, const struct chain_receipt *receipt);
bool application_is_full(const struct application *app);

/* --- receipts.c: one receipt from postponed to outcome */
void receipt_process(struct application *app, const struct chain_receipt *receipt);
/* Of a shard that was stored: data that is here (all of it first), or somebody who waits. */
void arrival_restore(struct shard *s, const struct chain_receipt *data,
                     const struct chain_receipt *waiting);
void application_send(struct application *app, const struct chain_receipt *receipt);
struct chain_outcome *application_outcome(struct application *app, const struct hash *id,
                                          const struct hash *tx);

/* --- route.c */
void route_receipts(struct chain *c, struct chain_block *b);

/* --- block.c */
void block_make_genesis(struct chain *c, struct amount supply);
struct hash block_hash(const struct chain_block *b);
/* The tree of the chunk's outcomes is made; its root. */
struct hash block_build_tree(struct chain *c, struct chain_chunk *chunk);

/* --- chain.c: with nothing on it, not even a genesis */
struct chain *chain_alloc(const struct chain_config *config) MUST_USE;

/* --- pool.c */
void pool_take(struct chain *c, const struct known_tx *known);      /* waits no longer */
void pool_forget(struct chain *c, struct known_tx *take_known);     /* was never valid */
void pool_fill_chunks(struct chain *c);
/* One that was stored; it is in no list yet. NULL: damaged. */
struct known_tx *pool_restore(struct chain *c, struct str record) MUST_USE;
void pool_empty_chunk(struct chain *c, size_t shard);   /* what was taken waits again */

/* --- congestion.c */
uint64_t congestion_delayed_gas(const struct chain *c, size_t shard);
/* May a transaction to this receiver come in? */
enum invalid_tx_kind congestion_check(const struct chain *c, const struct account_id *receiver,
                                      struct invalid_tx *why);

/* --- ready.c */
/* Code that this transaction deploys will be wanted: begins to compile it. */
void chain_expect(const struct transaction *tx);

/* --- verify.c */
enum invalid_tx_kind tx_verify(const struct chain *c, const struct signed_transaction *t,
                               struct invalid_tx *why);
/* Of what has been verified before: only what time and others may have changed. */
enum invalid_tx_kind tx_verify_again(const struct chain *c, const struct signed_transaction *t,
                                     uint64_t gas_price, struct invalid_tx *why);
/* May a key of this permission sign these actions to this receiver? */
enum invalid_tx_kind key_check_permission(const struct key_record *key,
                                          const struct account_id *receiver,
                                          const struct action *actions, size_t count,
                                          struct invalid_tx *why);
/* What the signer pays when it is included: burnt, and with all that is prepaid. */
struct tx_cost {
    uint64_t gas_burnt, gas_reserved;
    struct amount burnt, total;
};
bool tx_cost_of(const struct transaction *tx, uint64_t gas_price, struct tx_cost *out);

/* --- patch.c */
void patch_apply(struct chain *c, struct chain_block *b);
void patch_go_back(struct patch *p, uint64_t head_height);
void patch_release(struct patch *p);

#endif
