/* tx: a transaction, its actions, its borsh form, its hash and its signature.
 *
 * Source: the protocol's transaction version 0 (no version byte). The hash is sha256 of the
 * unsigned bytes, and the signature is over that hash. Decoding borrows names, arguments and
 * code from the bytes it was given; action arrays live in the arena. */
#ifndef NET_NEAR_TX_H
#define NET_NEAR_TX_H

#include <stddef.h>
#include <stdint.h>
#include "net/base/arena.h"
#include "net/base/buf.h"
#include "net/base/err.h"
#include "net/near/account.h"
#include "net/near/amount.h"
#include "net/near/borsh.h"
#include "net/near/crypto.h"

enum { TX_MAX_BYTES = 1572864, TX_MAX_ACTIONS = 100 };

/* Numbers are the borsh tags. */
enum action_kind {
    ACTION_CREATE_ACCOUNT = 0,
    ACTION_DEPLOY_CONTRACT = 1,
    ACTION_FUNCTION_CALL = 2,
    ACTION_TRANSFER = 3,
    ACTION_STAKE = 4,
    ACTION_ADD_KEY = 5,
    ACTION_DELETE_KEY = 6,
    ACTION_DELETE_ACCOUNT = 7,
    ACTION_DELEGATE = 8,
    ACTION_DEPLOY_GLOBAL_CONTRACT = 9,
    ACTION_USE_GLOBAL_CONTRACT = 10,
    ACTION_OTHER = 255      /* seen in an answer, not known to this program: name in `method` */
};

struct access_key {
    uint64_t nonce;
    bool is_full_access;
    bool has_allowance;             /* function-call keys only, as the rest below */
    struct amount allowance;        /* yoctoNEAR left for gas */
    struct str receiver;            /* borrowed; the contract it may call */
    struct str *methods;            /* borrowed; none means any */
    size_t method_count;
};

struct delegate;

struct action {
    enum action_kind kind;
    struct str method;              /* function call: name. ACTION_OTHER: the node's word */
    struct str args;                /* function call: bytes, usually JSON */
    uint64_t gas;                   /* function call: attached */
    struct amount deposit;          /* function call, transfer; stake: the stake */
    struct str code;                /* deploy, also for all: wasm (in answers of a node: 32 bytes
                                     * of its hash) */
    struct public_key key;          /* add key, delete key, stake */
    struct access_key access;       /* add key */
    struct account_id beneficiary;  /* delete account */
    bool by_account;                /* global contracts: named by whose it is, not by its hash */
    struct account_id owner;        /* use global contract, by account */
    struct hash code_hash;          /* use global contract, by hash */
    struct delegate *delegate;      /* delegate (NULL in answers of a node); lives as the actions do */
};

/* What a sender signed for somebody else to send in their name (NEP-366). */
struct delegate {
    struct account_id sender, receiver;
    struct action *actions;         /* none of them delegates again */
    size_t action_count;
    uint64_t nonce, max_block_height;
    struct public_key key;          /* of the sender */
    struct signature signature;     /* over delegate_hash */
};

struct transaction {
    struct account_id signer, receiver;
    struct public_key key;
    uint64_t nonce;
    struct hash block_hash;         /* a recent final block */
    struct action *actions;         /* borrowed */
    size_t action_count;
};

struct signed_transaction {
    struct transaction tx;
    struct hash hash;               /* the transaction's id */
    struct signature signature;
    size_t unsigned_size;           /* bytes of the unsigned form */
};

/* "FunctionCall": the protocol's word. */
const char *action_kind_name(enum action_kind kind);

void tx_encode(const struct transaction *tx, struct buf *out);
/* Appends the signed bytes to out and tells the hash. */
void tx_sign(const struct transaction *tx, const struct secret_key *key, struct buf *out,
             struct hash *hash);
/* Checks form only: not the signatures, and not the protocol's limit of actions, which has an
 * answer of its own (a count beyond all reason is ERR_TOO_LARGE). Bytes that are left over and
 * tags that do not exist are ERR_SYNTAX; actions of later protocol versions ERR_UNSUPPORTED.
 * `bytes` must outlive *out. */
enum err tx_decode_signed(struct str bytes, struct arena *arena, struct signed_transaction *out,
                          struct diag *d) MUST_USE;

/* One action, as it stands in a transaction. Decoding leaves faults of form in the reader, as
 * the other readers do, and answers the rest; `arena` gets arrays and delegates. */
void action_encode(const struct action *action, struct buf *out);
enum err action_decode(struct borsh_reader *r, struct arena *arena, struct action *out,
                       struct diag *d) MUST_USE;

/* A list with its count in front. */
enum err actions_decode(struct borsh_reader *r, struct arena *arena, struct action **out,
                        size_t *count, struct diag *d) MUST_USE;

/* Of what the sender signs: told apart from a transaction's by a number in front. */
struct hash delegate_hash(const struct delegate *d);
void delegate_sign(struct delegate *d, const struct secret_key *key);
bool delegate_is_signed(const struct delegate *d);

#endif
