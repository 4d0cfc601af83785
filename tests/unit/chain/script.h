/* script: what the contract of tests/support/program.c is to do, step by step.
 *
 * Promises are numbered from 0 in the order in which create, then, join and yield make them.
 * script_str is borrowed until the next step. */
#ifndef TESTS_UNIT_CHAIN_SCRIPT_H
#define TESTS_UNIT_CHAIN_SCRIPT_H

#include "net/base/buf.h"
#include "net/near/amount.h"
#include "net/near/crypto.h"

struct script {
    struct buf steps;
    uint16_t promises;              /* made so far */
};

void script_init(struct script *s);
void script_release(struct script *s);
struct str script_str(const struct script *s);

/* These four tell the number of the new promise. */
uint16_t script_create(struct script *s, const char *account);
uint16_t script_then(struct script *s, uint16_t after, const char *account);
uint16_t script_join(struct script *s, const uint16_t *promises, uint8_t count);
/* The token is kept for script_resume_own, and under `key` unless it is "". */
uint16_t script_yield(struct script *s, struct str args, const char *key, uint64_t gas,
                      uint64_t weight);

struct script_call {
    struct str args;                /* of `run` */
    struct amount deposit;
    uint64_t gas, weight;
};
void script_call(struct script *s, uint16_t promise, const struct script_call *call);
void script_transfer(struct script *s, uint16_t promise, struct amount deposit);
void script_make_account(struct script *s, uint16_t promise);
void script_deploy(struct script *s, uint16_t promise, struct str code);
void script_add_key(struct script *s, uint16_t promise, const struct public_key *key);
void script_add_limited_key(struct script *s, uint16_t promise, const struct public_key *key,
                            struct amount allowance, const char *receiver, const char *methods);
void script_delete_key(struct script *s, uint16_t promise, const struct public_key *key);
void script_delete_account(struct script *s, uint16_t promise, const char *beneficiary);
void script_stake(struct script *s, uint16_t promise, struct amount stake,
                  const struct public_key *key);
void script_deploy_global(struct script *s, uint16_t promise, bool by_account, struct str code);
void script_use_global(struct script *s, uint16_t promise, bool by_account, struct str id);
void script_return_promise(struct script *s, uint16_t promise);

void script_resume_own(struct script *s, uint8_t yield, const char *payload);
void script_resume(struct script *s, const char *key, const char *payload);
void script_value(struct script *s, struct str value);
/* "results:" and a digit for each: logged, and returned. */
void script_results(struct script *s);
void script_log(struct script *s, const char *text);
void script_panic(struct script *s, const char *text);
void script_burn(struct script *s, uint32_t turns);
void script_write(struct script *s, const char *key, struct str value);

#endif
