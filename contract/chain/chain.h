/* chain: the embedded chain. A pure state machine: transactions in, blocks out.
 *
 * No clock, no sockets, no JSON: chain_produce_block makes the next block with the timestamp it
 * is given, runs its chunks, and everything can then be read. Deterministic: the same genesis,
 * transactions and timestamps give the same bytes. What a block did can be read from the
 * moment it is head; it is final two blocks later. Everything read from the chain is borrowed
 * and stays valid until the next block, which may drop the oldest ones: of the past only so much
 * is kept as the configuration says. What has yet to run, and the state, is never dropped.
 *
 * Rules: protocol version 79 as the real node runs it, but for two orders that nobody outside
 * can foretell there: transactions of different keys come as they arrived, and receipts from
 * several shards by the index of the shard they come from. Roots are hashes of what they stand
 * for, not the node's Merkle roots. Left out: staking (every stake is refused, in the node's
 * words), the wallet contract of accounts named after an Ethereum address (they are made and
 * cost what they cost there, but calls to them fail), and the limit on how much state one
 * receipt may read. */
#ifndef CONTRACT_CHAIN_CHAIN_H
#define CONTRACT_CHAIN_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "contract/host/vm.h"
#include "net/base/arena.h"
#include "net/base/err.h"
#include "net/near/account.h"
#include "net/near/amount.h"
#include "net/near/crypto.h"
#include "net/near/tx.h"

enum {
    CHAIN_PROTOCOL_VERSION = 79,
    CHAIN_VALIDITY_BLOCKS = 100,        /* how old a transaction's block hash may be */
    CHAIN_MAX_SHARDS = 16,
    CHAIN_MAX_POOL = 100000,            /* transactions waiting; further ones are refused */
    CHAIN_KEEP_BLOCKS = 2500,           /* history: five epochs, as a node keeps them */
    CHAIN_KEEP_BYTES = 134217728,       /* and no more than so much memory of it */
    CHAIN_KEEP_LEAST = 32               /* blocks that are there in any case */
};
#define CHAIN_GAS_LIMIT UINT64_C(1000000000000000)    /* per chunk */

/* --- failures, as the node names them; serve/ turns them into JSON ----------------------- */

enum failure_kind {
    FAILURE_NONE,
    FAILURE_ACCOUNT_ALREADY_EXISTS,     /* account */
    FAILURE_ACCOUNT_DOES_NOT_EXIST,     /* account */
    FAILURE_CREATE_ONLY_BY_REGISTRAR,   /* account, other: registrar, predecessor */
    FAILURE_CREATE_NOT_ALLOWED,         /* account, predecessor */
    FAILURE_ACTOR_NO_PERMISSION,        /* account, predecessor: actor */
    FAILURE_DELETE_KEY_DOES_NOT_EXIST,  /* account, key */
    FAILURE_ADD_KEY_ALREADY_EXISTS,     /* account, key */
    FAILURE_LACK_BALANCE_FOR_STATE,     /* account, amount */
    FAILURE_DELETE_ACCOUNT_LARGE_STATE, /* account */
    FAILURE_DELETE_ACCOUNT_STAKING,     /* account */
    FAILURE_ONLY_IMPLICIT_CREATION,     /* account */
    FAILURE_TRIES_TO_UNSTAKE,           /* account */
    FAILURE_TRIES_TO_STAKE,             /* account, amount: the stake, locked, balance */
    FAILURE_INSUFFICIENT_STAKE,         /* account, amount, balance: the least that is enough */
    FAILURE_DELEGATE_SIGNATURE,
    FAILURE_DELEGATE_SENDER,            /* account: receiver, other: sender */
    FAILURE_DELEGATE_EXPIRED,
    FAILURE_DELEGATE_KEY,               /* access says which, with what it needs of an invalid_tx */
    FAILURE_DELEGATE_NONCE,             /* a: of the delegate, b: of the key */
    FAILURE_DELEGATE_NONCE_TOO_LARGE,   /* a, b: bound */
    FAILURE_NO_GLOBAL_CONTRACT,         /* global */
    FAILURE_FUNCTION_CALL,              /* vm_error, prepare, text */
    FAILURE_NEW_RECEIPT                 /* validation */
};

/* ActionsValidationError and ReceiptValidationError. */
enum validation_kind {
    VALIDATION_OK,
    VALIDATION_TOTAL_PREPAID_GAS,       /* a: total, b: limit */
    VALIDATION_ZERO_GAS,
    VALIDATION_TOO_MANY_ACTIONS,        /* a, b: limit */
    VALIDATION_METHOD_NAME_LENGTH,      /* a: length, b: limit */
    VALIDATION_ARGUMENTS_LENGTH,
    VALIDATION_CONTRACT_SIZE,
    VALIDATION_KEY_METHODS_BYTES,
    VALIDATION_KEY_METHOD_LENGTH,
    VALIDATION_DELETE_NOT_FINAL,
    VALIDATION_ONLY_ONE_DELEGATE,
    VALIDATION_INVALID_ACCOUNT,         /* text */
    VALIDATION_STAKING_KEY,             /* key */
    VALIDATION_INTEGER_OVERFLOW,
    VALIDATION_INVALID_RECEIVER,        /* text: the name (receipts only) */
    VALIDATION_TOO_MANY_INPUTS,         /* a, b (receipts only) */
    VALIDATION_RECEIPT_SIZE             /* a, b (receipts only) */
};

/* The contract of all that an account uses: by the hash of its code, or by who keeps it. */
enum global_kind { GLOBAL_NONE, GLOBAL_BY_HASH, GLOBAL_BY_ACCOUNT };
struct global_use {
    enum global_kind kind;
    struct hash hash;
    struct account_id owner;
};

struct failure {
    enum failure_kind kind;
    bool has_index;                     /* of the action that failed */
    uint64_t index;
    struct account_id account, other, predecessor;
    struct public_key key;
    struct amount amount, balance, locked;
    struct global_use global;
    const struct invalid_tx *access;    /* borrowed, as all that is read from the chain */
    enum vm_error vm_error;
    enum prepare_error prepare;
    enum validation_kind validation;
    uint64_t a, b;
    struct str text;
};

/* Why a transaction is refused (InvalidTxError). */
enum invalid_tx_kind {
    TX_VALID,
    INVALID_EXPIRED,
    INVALID_ACTIONS,                    /* validation, a, b */
    INVALID_SIZE,                       /* a: size, b: limit */
    INVALID_SIGNATURE,
    INVALID_COST_OVERFLOW,
    INVALID_SIGNER_DOES_NOT_EXIST,      /* account */
    INVALID_KEY_NOT_FOUND,              /* account, key */
    INVALID_NONCE,                      /* a: of the transaction, b: of the key */
    INVALID_NOT_ENOUGH_BALANCE,         /* account, balance, cost */
    INVALID_NOT_ENOUGH_ALLOWANCE,       /* account, key, balance: allowance, cost */
    INVALID_LACK_BALANCE_FOR_STATE,     /* account, cost: missing */
    INVALID_REQUIRES_FULL_ACCESS,
    INVALID_KEY_RECEIVER,               /* text: of the transaction, other: of the key */
    INVALID_KEY_METHOD,                 /* text: method */
    INVALID_KEY_DEPOSIT,
    INVALID_SHARD_CONGESTED,            /* a: shard id, level */
    INVALID_SHARD_STUCK                 /* a: shard id, b: chunks missed in a row */
};

struct invalid_tx {
    enum invalid_tx_kind kind;
    struct account_id account;
    struct public_key key;
    struct amount balance, cost;
    enum validation_kind validation;
    uint64_t a, b;
    double level;                       /* of congestion, 0 … 1 */
    char text[257], other[ACCOUNT_MAX + 1];
};

/* --- what has happened ------------------------------------------------------------------- */

struct segment;                         /* private to the chain: where something lives */

struct chain_data_receiver {
    struct hash data_id;
    struct account_id receiver;
};

struct chain_receipt {
    struct hash id;
    struct account_id predecessor, receiver, signer;
    struct public_key signer_key;
    bool is_data;                       /* data_id, has_data, data */
    bool is_yield;                      /* waits to be resumed: inputs[0] */
    bool is_resume;                     /* data for one of those */
    bool is_distribution;               /* a contract of all on its way from shard to shard */
    bool is_local;                      /* signer == receiver: never travelled in a chunk */
    struct amount gas_price;
    struct action *actions;
    size_t action_count;
    struct hash *inputs;
    size_t input_count;
    struct chain_data_receiver *outputs;
    size_t output_count;
    struct hash data_id;
    bool has_data;                      /* false: the producer failed */
    struct str data;                    /* distribution: the code */
    struct global_use global;           /* distribution: under which name */
    size_t target;                      /* distribution: index of the shard it goes to ... */
    uint32_t delivered;                 /* ... and those that have it, a bit each */
    struct hash parent;                 /* receipt or transaction that made it */
    struct hash tx;                     /* the transaction at the root */
    uint64_t created_height;            /* block that ran its parent */
    struct segment *segment;
};

enum chain_status { CHAIN_VALUE, CHAIN_RECEIPT, CHAIN_FAILED };

struct chain_outcome {
    struct hash id;                     /* receipt, or transaction */
    bool is_transaction;
    struct hash tx;
    struct account_id executor;
    enum chain_status status;
    struct str value;
    struct hash returns;
    struct failure failure;
    struct str *logs;
    size_t log_count;
    struct hash *children;              /* receipt_ids of the answer */
    size_t child_count;
    uint64_t gas_burnt;
    struct amount tokens_burnt;
    struct vm_cost *profile;
    size_t profile_count;
    uint64_t height;                    /* of the block that ran it */
    size_t shard_index;
    size_t place;                       /* among the outcomes of its chunk */
    const struct chain_receipt *receipt;    /* NULL for a transaction */
    const struct signed_transaction *transaction;   /* NULL for a receipt */
};

struct chain_chunk {
    struct hash hash, prev_block_hash, outcome_root, prev_state_root, tx_root, receipts_root;
    uint64_t shard_id, height;
    uint64_t allowed_shard;             /* whose receipts may come when it is congested */
    uint64_t height_included;           /* below the block's: an old chunk, as it made no new */
    uint64_t delayed_gas;               /* of receipts that found an earlier chunk full */
    uint64_t gas_used;                  /* of the *previous* application, as on the node */
    struct amount balance_burnt;        /* likewise */
    const struct signed_transaction **transactions;
    size_t transaction_count;
    const struct chain_receipt **receipts;  /* made by the previous application; data too */
    size_t receipt_count;
    const struct chain_outcome **outcomes;  /* of this block's application, in order */
    size_t outcome_count;
    const struct hash *outcome_tree;    /* of them, see merkle.h */
    struct segment *segment;
};

struct chain_block {
    struct hash hash, prev_hash, epoch_id, next_epoch_id, random_value, outcome_root;
    uint64_t height, prev_height, ordinal, time_ns;
    uint64_t epoch_height, epoch_start;     /* its number, and the height of its first block */
    struct amount gas_price;            /* for the next block */
    struct amount total_supply;
    struct hash last_final, last_ds_final;
    struct chain_chunk *chunks;         /* one a shard, by shard index */
    size_t chunk_count;
};
/* A shard that missed its turn shows its last chunk again: nothing in it is new, and it has no
 * outcomes here. */
bool chain_chunk_is_new(const struct chain_block *b, size_t index);

/* --- making one, and making it go --------------------------------------------------------- */

struct genesis_account {
    struct account_id id;
    struct amount balance;
    struct public_key key;              /* full access */
};

struct chain_config {
    const char *chain_id;               /* "localnet" */
    struct account_id boundaries[CHAIN_MAX_SHARDS - 1];     /* sorted */
    size_t boundary_count;
    uint64_t genesis_time_ns;
    const struct genesis_account *accounts;
    size_t account_count;
    uint64_t keep_blocks;               /* 0: CHAIN_KEEP_BLOCKS */
    size_t keep_bytes;                  /* 0: CHAIN_KEEP_BYTES */
};

struct chain;

struct chain *chain_new(const struct chain_config *config) MUST_USE;
void chain_free(struct chain *take_chain);

/* The accounts that every demo and test starts from: test.near with its well-known key. */
void chain_default_config(struct chain_config *config, uint64_t now_ns);

/* Checks as the node's RPC does and puts the transaction into the pool (known ones are fine
 * again). TX_VALID: in the pool. `bytes` are the signed bytes, copied. */
enum invalid_tx_kind chain_submit(struct chain *c, struct str bytes, struct invalid_tx *why,
                                  struct hash *hash, enum err *undecodable, struct diag *d);

/* Why a transaction that waited is not in the next block's chunks, nor will be in any: TX_VALID: it
 * was not dropped, or not just now (of so many that are dropped at once, the rest is not told). */
enum { CHAIN_DROPPED_TOLD = 1000 };
enum invalid_tx_kind chain_dropped(const struct chain *c, const struct hash *tx,
                                   struct invalid_tx *why);

/* Begins to compile the contracts that the next block may call (module.h); true when they all
 * are, or cannot be. A block that is made all the same waits for what it needs. */
bool chain_is_ready(const struct chain *c);

/* The next block; time_ns must be later than the head's. Returns it. */
const struct chain_block *chain_produce_block(struct chain *c, uint64_t time_ns);

/* --- reading ------------------------------------------------------------------------------ */

const struct chain_config *chain_config_of(const struct chain *c);
size_t chain_shard_count(const struct chain *c);
size_t chain_shard_of(const struct chain *c, struct str account);
uint64_t chain_shard_id(const struct chain *c, size_t index);

const struct chain_block *chain_head(const struct chain *c);
const struct chain_block *chain_final(const struct chain *c);
const struct chain_block *chain_genesis(const struct chain *c);    /* always there */
/* The oldest block from which on nothing is missing. */
const struct chain_block *chain_earliest(const struct chain *c);
/* NULL when there is none any more, or never was: a height may be skipped (see drill.h). */
const struct chain_block *chain_block_at(const struct chain *c, uint64_t height);
const struct chain_block *chain_block_by_hash(const struct chain *c, const struct hash *h);
const struct chain_chunk *chain_chunk_by_hash(const struct chain *c, const struct hash *h);
const struct chain_outcome *chain_outcome_of(const struct chain *c, const struct hash *id);
/* Receipts that travel (not local ones), from the block on that made them. */
const struct chain_receipt *chain_receipt_of(const struct chain *c, const struct hash *id);
/* Bytes of its borsh form. */
uint64_t chain_receipt_bytes(const struct chain_receipt *r);
/* A transaction that is known: in the pool, or in a chunk (*is_included tells), which the next
 * block runs unless it has run already. */
const struct signed_transaction *chain_transaction(const struct chain *c, const struct hash *h,
                                                   bool *is_included);
/* Memory that the history takes, about. */
size_t chain_history_bytes(const struct chain *c);

/* The state after a block. Kept for the last blocks only (changes.h says how many): ask
 * chain_keeps_state before the functions that take a block; those without read the head's.
 * What is read is borrowed until the next block. */
bool chain_keeps_state(const struct chain *c, const struct chain_block *at);

struct account_view {
    struct amount amount, locked;
    struct hash code_hash;              /* zero: no contract of its own */
    uint64_t storage_usage;
    struct global_use global;
};
bool chain_view_account_at(const struct chain *c, const struct chain_block *at,
                           struct str account, struct account_view *out);
bool chain_view_account(const struct chain *c, struct str account, struct account_view *out);

struct access_key_view {
    struct public_key key;
    struct access_key access;
};
bool chain_view_key_at(const struct chain *c, const struct chain_block *at, struct str account,
                       const struct public_key *key, struct arena *arena,
                       struct access_key_view *out);
bool chain_view_key(const struct chain *c, struct str account, const struct public_key *key,
                    struct arena *arena, struct access_key_view *out);
/* In the order of the node's database: by curve and bytes. */
size_t chain_view_keys_at(const struct chain *c, const struct chain_block *at,
                          struct str account, struct arena *arena, struct access_key_view **out);
size_t chain_view_keys(const struct chain *c, struct str account, struct arena *arena,
                       struct access_key_view **out);

bool chain_view_code_at(const struct chain *c, const struct chain_block *at, struct str account,
                        struct str *wasm, struct hash *code_hash);

/* A contract of all, as it is at the head, once one shard has it. */
bool chain_view_global_code(const struct chain *c, const struct global_use *use,
                            struct str *code, struct hash *hash);
struct state_item {
    struct str key, value;
};
/* By key. */
size_t chain_view_state_at(const struct chain *c, const struct chain_block *at,
                           struct str account, struct str prefix, struct arena *arena,
                           struct state_item **out);
size_t chain_view_state(const struct chain *c, struct str account, struct str prefix,
                        struct arena *arena, struct state_item **out);

/* The same for a view call of this account at this block. */
bool chain_view_is_ready_at(const struct chain *c, const struct chain_block *at,
                            struct str account);
/* A view call. False: no such account. */
bool chain_view_call_at(const struct chain *c, const struct chain_block *at, struct str account,
                        struct str method, struct str args, struct arena *arena,
                        struct vm_outcome *out);
bool chain_view_call(const struct chain *c, struct str account, struct str method,
                     struct str args, struct arena *arena, struct vm_outcome *out);

/* What a block changed (changes.h); NULL when that is not kept any more. */
struct block_changes;
const struct block_changes *chain_changes_of(const struct chain *c, const struct chain_block *b);

#endif
