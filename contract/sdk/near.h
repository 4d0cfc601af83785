/* near: the functions that a NEAR node offers to a contract, for contracts in C.
 *
 * A contract is a wasm32 module that imports these from "env" and exports its methods, each
 * void (void), written with NEAR_METHOD(name). Integers are 64 bits wide, pointers too: cast
 * with near_ptr(). A u128 is 16 bytes, little-endian. Results that have a length go to a
 * *register*, named by a number of the contract's choice, and are copied out from there; a
 * length of NEAR_REGISTER means that the pointer beside it is the number of a register.
 * What is wrong about an argument (a bad register, bytes outside the memory) ends the call.
 * The functions under "not in view calls" end a view call too. What each of them costs is the
 * protocol's business; the deprecated storage iterators and `gas` are left out.
 *
 * Built for the host machine instead, as the unit tests do, the functions are plain externals
 * for a stand-in to define, and the methods get NEAR_METHOD_PREFIX before their names.
 * Rules: the nomicon's "Runtime Specification / Bindings", and the node's imports.rs. */
#ifndef CONTRACT_SDK_NEAR_H
#define CONTRACT_SDK_NEAR_H

#include <stdint.h>

#define NEAR_REGISTER UINT64_MAX        /* as a length: the pointer is a register's number */
#define NEAR_NO_REGISTER UINT64_MAX     /* as a register_len(): nothing is in there */
#define NEAR_RESULT_OK 1                /* promise_result(): the value is in the register */
#define NEAR_RESULT_FAILED 2

#ifdef __wasm__
#define NEAR_HOST(name) __attribute__((import_module("env"), import_name(#name)))
#define NEAR_METHOD(name)                                                                      \
    __attribute__((export_name(#name))) void name(void);                                       \
    void name(void)
#else
#define NEAR_HOST(name)
#define NEAR_JOIN_(prefix, name) prefix##name
#define NEAR_JOIN(prefix, name) NEAR_JOIN_(prefix, name)
#define NEAR_METHOD(name)                                                                      \
    void NEAR_JOIN(NEAR_METHOD_PREFIX, name)(void);                                            \
    void NEAR_JOIN(NEAR_METHOD_PREFIX, name)(void)
#endif

static inline uint64_t
near_ptr(const void *p)
{
    return (uint64_t)(uintptr_t)p;
}

/* The wasm instruction `unreachable`: the node reports a trap. */
#ifdef __wasm__
_Noreturn static inline void
near_trap(void)
{
    __builtin_trap();
}
#else
_Noreturn void near_trap(void);
#endif

/* --- registers --------------------------------------------------------------------------- */
NEAR_HOST(read_register) void near_read_register(uint64_t reg, uint64_t ptr);
NEAR_HOST(register_len) uint64_t near_register_len(uint64_t reg);
NEAR_HOST(write_register) void near_write_register(uint64_t reg, uint64_t len, uint64_t ptr);

/* --- context ----------------------------------------------------------------------------- */
NEAR_HOST(current_account_id) void near_current_account_id(uint64_t reg);
NEAR_HOST(input) void near_input(uint64_t reg);
NEAR_HOST(block_index) uint64_t near_block_index(void);
NEAR_HOST(block_timestamp) uint64_t near_block_timestamp(void);        /* ns */
NEAR_HOST(epoch_height) uint64_t near_epoch_height(void);
NEAR_HOST(storage_usage) uint64_t near_storage_usage(void);            /* bytes */
NEAR_HOST(account_balance) void near_account_balance(uint64_t u128_ptr);
NEAR_HOST(account_locked_balance) void near_account_locked_balance(uint64_t u128_ptr);
NEAR_HOST(attached_deposit) void near_attached_deposit(uint64_t u128_ptr); /* 0 in views */
NEAR_HOST(random_seed) void near_random_seed(uint64_t reg);            /* 32 bytes */
/* Not in view calls: */
NEAR_HOST(signer_account_id) void near_signer_account_id(uint64_t reg);
NEAR_HOST(signer_account_pk) void near_signer_account_pk(uint64_t reg);
NEAR_HOST(predecessor_account_id) void near_predecessor_account_id(uint64_t reg);
NEAR_HOST(prepaid_gas) uint64_t near_prepaid_gas(void);
NEAR_HOST(used_gas) uint64_t near_used_gas(void);

/* --- answers, logs, panics --------------------------------------------------------------- */
NEAR_HOST(value_return) void near_value_return(uint64_t len, uint64_t ptr);
NEAR_HOST(log_utf8) void near_log_utf8(uint64_t len, uint64_t ptr);
NEAR_HOST(log_utf16) void near_log_utf16(uint64_t len, uint64_t ptr);
_Noreturn NEAR_HOST(panic) void near_panic(void);
_Noreturn NEAR_HOST(panic_utf8) void near_panic_utf8(uint64_t len, uint64_t ptr);

/* --- storage: 1 when the key was there, its (old) value then in the register ------------- */
NEAR_HOST(storage_read) uint64_t near_storage_read(uint64_t key_len, uint64_t key_ptr,
                                                   uint64_t reg);
NEAR_HOST(storage_has_key) uint64_t near_storage_has_key(uint64_t key_len, uint64_t key_ptr);
/* Not in view calls: */
NEAR_HOST(storage_write) uint64_t near_storage_write(uint64_t key_len, uint64_t key_ptr,
                                                     uint64_t value_len, uint64_t value_ptr,
                                                     uint64_t reg);
NEAR_HOST(storage_remove) uint64_t near_storage_remove(uint64_t key_len, uint64_t key_ptr,
                                                       uint64_t reg);

/* --- hashes and signatures --------------------------------------------------------------- */
NEAR_HOST(sha256) void near_sha256(uint64_t len, uint64_t ptr, uint64_t reg);
NEAR_HOST(keccak256) void near_keccak256(uint64_t len, uint64_t ptr, uint64_t reg);
NEAR_HOST(keccak512) void near_keccak512(uint64_t len, uint64_t ptr, uint64_t reg);
NEAR_HOST(ripemd160) void near_ripemd160(uint64_t len, uint64_t ptr, uint64_t reg);
NEAR_HOST(ed25519_verify) uint64_t near_ed25519_verify(uint64_t signature_len,
                                                       uint64_t signature_ptr,
                                                       uint64_t message_len,
                                                       uint64_t message_ptr, uint64_t key_len,
                                                       uint64_t key_ptr);
NEAR_HOST(ecrecover) uint64_t near_ecrecover(uint64_t hash_len, uint64_t hash_ptr,
                                             uint64_t signature_len, uint64_t signature_ptr,
                                             uint64_t v, uint64_t malleability_flag,
                                             uint64_t reg);

/* --- promises, none of them in view calls; a promise is named by its index --------------- */
NEAR_HOST(promise_create) uint64_t near_promise_create(uint64_t account_len,
                                                       uint64_t account_ptr,
                                                       uint64_t method_len, uint64_t method_ptr,
                                                       uint64_t args_len, uint64_t args_ptr,
                                                       uint64_t amount_ptr, uint64_t gas);
NEAR_HOST(promise_then) uint64_t near_promise_then(uint64_t promise, uint64_t account_len,
                                                   uint64_t account_ptr, uint64_t method_len,
                                                   uint64_t method_ptr, uint64_t args_len,
                                                   uint64_t args_ptr, uint64_t amount_ptr,
                                                   uint64_t gas);
/* Of `count` u64 indices at the pointer. A joint promise can be waited for, not returned. */
NEAR_HOST(promise_and) uint64_t near_promise_and(uint64_t indices_ptr, uint64_t count);
NEAR_HOST(promise_batch_create) uint64_t near_promise_batch_create(uint64_t account_len,
                                                                   uint64_t account_ptr);
NEAR_HOST(promise_batch_then) uint64_t near_promise_batch_then(uint64_t promise,
                                                               uint64_t account_len,
                                                               uint64_t account_ptr);
NEAR_HOST(promise_results_count) uint64_t near_promise_results_count(void);
NEAR_HOST(promise_result) uint64_t near_promise_result(uint64_t index, uint64_t reg);
NEAR_HOST(promise_return) void near_promise_return(uint64_t promise);
NEAR_HOST(promise_yield_create) uint64_t near_promise_yield_create(
    uint64_t method_len, uint64_t method_ptr, uint64_t args_len, uint64_t args_ptr, uint64_t gas,
    uint64_t gas_weight, uint64_t reg);
NEAR_HOST(promise_yield_resume) uint32_t near_promise_yield_resume(uint64_t data_id_len,
                                                                   uint64_t data_id_ptr,
                                                                   uint64_t payload_len,
                                                                   uint64_t payload_ptr);

/* --- actions of a batch: all of one batch run in one receipt, all or none ---------------- */
NEAR_HOST(promise_batch_action_create_account)
void near_promise_batch_action_create_account(uint64_t promise);
NEAR_HOST(promise_batch_action_deploy_contract)
void near_promise_batch_action_deploy_contract(uint64_t promise, uint64_t len, uint64_t ptr);
NEAR_HOST(promise_batch_action_function_call)
void near_promise_batch_action_function_call(uint64_t promise, uint64_t method_len,
                                             uint64_t method_ptr, uint64_t args_len,
                                             uint64_t args_ptr, uint64_t amount_ptr,
                                             uint64_t gas);
NEAR_HOST(promise_batch_action_function_call_weight)
void near_promise_batch_action_function_call_weight(uint64_t promise, uint64_t method_len,
                                                    uint64_t method_ptr, uint64_t args_len,
                                                    uint64_t args_ptr, uint64_t amount_ptr,
                                                    uint64_t gas, uint64_t gas_weight);
NEAR_HOST(promise_batch_action_transfer)
void near_promise_batch_action_transfer(uint64_t promise, uint64_t amount_ptr);
NEAR_HOST(promise_batch_action_stake)
void near_promise_batch_action_stake(uint64_t promise, uint64_t amount_ptr, uint64_t key_len,
                                     uint64_t key_ptr);
NEAR_HOST(promise_batch_action_add_key_with_full_access)
void near_promise_batch_action_add_key_with_full_access(uint64_t promise, uint64_t key_len,
                                                        uint64_t key_ptr, uint64_t nonce);
NEAR_HOST(promise_batch_action_add_key_with_function_call)
void near_promise_batch_action_add_key_with_function_call(
    uint64_t promise, uint64_t key_len, uint64_t key_ptr, uint64_t nonce,
    uint64_t allowance_ptr, uint64_t receiver_len, uint64_t receiver_ptr,
    uint64_t methods_len, uint64_t methods_ptr);
NEAR_HOST(promise_batch_action_delete_key)
void near_promise_batch_action_delete_key(uint64_t promise, uint64_t key_len, uint64_t key_ptr);
NEAR_HOST(promise_batch_action_delete_account)
void near_promise_batch_action_delete_account(uint64_t promise, uint64_t beneficiary_len,
                                              uint64_t beneficiary_ptr);

/* --- validators -------------------------------------------------------------------------- */
NEAR_HOST(validator_stake) void near_validator_stake(uint64_t account_len, uint64_t account_ptr,
                                                     uint64_t u128_ptr);
NEAR_HOST(validator_total_stake) void near_validator_total_stake(uint64_t u128_ptr);

#endif
