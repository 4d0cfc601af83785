/* fixture: a little chain to test on, and short words for what is done on it.
 *
 * Starts with test.near, which owns everything, two blocks after genesis, block times 600 ms.
 * Everybody's key is the well-known one of the name. fixture_send and what is built on it fail
 * the test when the transaction is refused; fixture_submit tells. */
#ifndef TESTS_UNIT_CHAIN_FIXTURE_H
#define TESTS_UNIT_CHAIN_FIXTURE_H

#include "contract/chain/chain.h"
#include "tests/unit/chain/script.h"

struct fixture {
    struct chain *chain;
    uint64_t time_ns, nonce;        /* the last ones used */
    struct arena arena;             /* what tests keep; given back by fixture_release */
};

void fixture_init(struct fixture *f);
void fixture_init_shards(struct fixture *f, size_t shards);     /* 1 to 4; else 4 */
void fixture_release(struct fixture *f);

void fixture_blocks(struct fixture *f, int count);
/* Until nothing is on its way any more. */
void fixture_settle(struct fixture *f);

/* A transaction as the signer would make it: key, nonce and block hash filled in. */
struct transaction fixture_tx(struct fixture *f, const char *signer, const char *receiver,
                              struct action *actions, size_t count);
/* Signed with the well-known key of `key_of`. */
enum invalid_tx_kind fixture_submit(struct fixture *f, const struct transaction *tx,
                                    const char *key_of, struct invalid_tx *why,
                                    struct hash *hash);
struct hash fixture_send(struct fixture *f, const char *signer, const char *receiver,
                         struct action *actions, size_t count);
struct hash fixture_send_one(struct fixture *f, const char *signer, const char *receiver,
                             struct action action);
/* 100 Tgas, no deposit. */
struct hash fixture_call(struct fixture *f, const char *signer, const char *contract,
                         const char *method, const char *args);
/* 300 Tgas: `run` of the contract "program". */
struct hash fixture_script(struct fixture *f, const char *signer, const char *contract,
                           const struct script *s);
/* Made by test.near, with 1000 NEAR, its key, and perhaps a contract (of tests/data/wasm,
 * or "program"); there when this returns. */
void fixture_account(struct fixture *f, const char *name, const char *wasm);

struct action action_transfer_of(struct amount amount);
struct action action_call_of(const char *method, const char *args, uint64_t gas);
struct action action_key_of(const char *name);      /* full access, for that name's key */
struct str fixture_wasm(struct fixture *f, const char *name);
struct public_key fixture_key(const char *name);
struct amount near(uint64_t whole);

/* The outcome under this id; fails the test when there is none. */
const struct chain_outcome *fixture_outcome(const struct fixture *f, const struct hash *id);
/* Of the transaction's first receipt. */
const struct chain_outcome *fixture_first(const struct fixture *f, const struct hash *tx);
const struct chain_outcome *fixture_child(const struct fixture *f,
                                          const struct chain_outcome *o, size_t index);
struct amount fixture_balance(const struct fixture *f, const char *account);

void assert_amount(struct amount a, const char *digits);
#define assert_amount_equal(a, b) assert_int_equal(amount_compare((a), (b)), 0)

#endif
