/* state: accounts, their keys, code and contract data.
 *
 * A receipt changes only its receiver's account, so that taking a receipt back means taking
 * back one account: state_begin remembers it, state_roll_back restores it, state_commit
 * forgets what was remembered, after telling the changes what came of it. Whatever changes an
 * account in a block stands between the two. Sizes follow the protocol's storage staking: 100 bytes an
 * account, 40 a record plus key and value. */
#ifndef CONTRACT_CHAIN_STATE_H
#define CONTRACT_CHAIN_STATE_H

#include "contract/chain/chain.h"
#include "contract/chain/changes.h"
#include "net/base/map.h"

enum {
    ACCOUNT_BYTES = 100,
    RECORD_BYTES = 40,
    ZERO_BALANCE_BYTES = 770        /* accounts up to this size need no balance */
};

struct key_record {
    struct public_key key;
    uint64_t nonce;
    bool is_full_access, has_allowance;
    struct amount allowance;
    char *receiver;                 /* owned; function-call keys */
    char **methods;                 /* owned */
    size_t method_count;
};

struct datum {
    struct str key, value;          /* owned, one allocation each */
};

struct account {
    struct account_id id;
    bool exists;                    /* false: deleted, or not yet created */
    struct amount amount, locked;
    uint64_t storage_usage;
    struct hash code_hash;          /* zero: no contract of its own */
    struct str code;                /* owned by the state's code store */
    struct global_use global;       /* instead of one of its own */
    struct key_record *keys;        /* owned */
    size_t key_count;
    struct map data;                /* key -> struct datum, owned */
};

struct undo_datum {
    struct str key, value;          /* owned */
    bool was_there;
};

struct state {
    struct map accounts;            /* id -> struct account, owned; entries stay for ever */
    struct map codes;               /* code hash -> struct code_entry, owned */
    struct account *open;           /* between state_begin and its end */
    struct account before;          /* its record then; keys are a copy, data is not used */
    struct undo_datum *undo;        /* in order of change */
    size_t undo_count, undo_room;
    struct changes *changes;        /* borrowed: told of what is committed; NULL: nobody is */
    struct keeper *keeper;          /* likewise */
};

void state_init(struct state *s);
void state_release(struct state *s);

/* The account, or NULL when there is none. */
struct account *state_find(const struct state *s, struct str id);
/* The record to make an account in, whether it exists or not. */
struct account *state_record(struct state *s, struct str id);

/* The accounts, as a copy that shares nothing but code with them; state_take_accounts makes them
 * what such a copy says. An account stays where it is. Not while one is open. */
void state_copy_accounts(const struct state *s, struct map *out);
void state_take_accounts(struct state *s, struct map *take_accounts);
void accounts_release(struct map *take_accounts);

void state_begin(struct state *s, struct account *a);
void state_roll_back(struct state *s);
void state_commit(struct state *s, enum change_cause cause, const struct hash *by);

/* Makes a fresh account with nothing in it. */
void account_create(struct account *a);
void account_delete(struct state *s, struct account *a);
/* Tokens that come from elsewhere on the chain, so that the sum always fits. */
void account_pay(struct account *a, struct amount amount);
/* A copy in the code store, which lives as long as the state. */
struct str state_keep_code(struct state *s, struct str code, struct hash *hash);
bool state_find_code(const struct state *s, const struct hash *hash, struct str *code);
void account_set_code(struct state *s, struct account *a, struct str code);
/* Uses a contract of all from now on; its own code goes. */
void account_set_global(struct account *a, const struct global_use *use);
/* Of a hash that is in the store; else empty. */
struct str state_code(const struct state *s, const struct hash *hash);
uint64_t global_name_bytes(const struct global_use *use);   /* as storage counts it; 0: none */
/* What others may see of it. */
struct account_view account_view_of(const struct account *a);

struct key_record *account_find_key(const struct account *a, const struct public_key *key);
void account_add_key(struct account *a, const struct public_key *key,
                     const struct access_key *access, uint64_t nonce);
void account_delete_key(struct account *a, const struct public_key *key);
/* A copy of what others may see of it. */
struct access_key_view key_view(const struct key_record *k, struct arena *arena);

/* Contract data; usage is counted by the caller. True: there was a value. Of an open account
 * *old is then that value, until the account is no longer open; else it is empty. */
bool account_read(const struct account *a, struct str key, struct str *value);
bool account_write(struct state *s, struct account *a, struct str key, struct str value,
                   struct str *old);
bool account_erase(struct state *s, struct account *a, struct str key, struct str *old);

/* yoctoNEAR that `usage` bytes must be backed by, or zero for small accounts. */
struct amount storage_stake(uint64_t usage);
/* What is missing; zero when the balance is enough. */
struct amount storage_shortfall(const struct account *a);

#endif
