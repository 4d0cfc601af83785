/* near: what the chain offers to a contract, for contracts in C.
 *
 * Every function is an import from "env". Lengths and places are in bytes of the contract's
 * memory; UINT64_MAX as a length means that the place is a register. Amounts are 16 bytes,
 * little-endian, in yoctoNEAR. Prices and rules: the protocol's. */
#ifndef CONTRACT_SDK_NEAR_H
#define CONTRACT_SDK_NEAR_H

#include <stdint.h>

#ifdef __wasm__
#define NEAR_IMPORT(name) __attribute__((import_module("env"), import_name(#name)))
#define NEAR_METHOD(name) __attribute__((export_name(#name))) void name(void)
#else
#define NEAR_IMPORT(name)
#define NEAR_METHOD(name) void name(void)
#endif

NEAR_IMPORT(input) void near_input(uint64_t reg);
NEAR_IMPORT(read_register) void near_read_register(uint64_t reg, uint64_t at);
NEAR_IMPORT(register_len) uint64_t near_register_len(uint64_t reg);
NEAR_IMPORT(current_account_id) void near_current_account_id(uint64_t reg);
NEAR_IMPORT(predecessor_account_id) void near_predecessor_account_id(uint64_t reg);
NEAR_IMPORT(attached_deposit) void near_attached_deposit(uint64_t at);
NEAR_IMPORT(value_return) void near_value_return(uint64_t length, uint64_t at);
NEAR_IMPORT(panic_utf8) _Noreturn void near_panic_utf8(uint64_t length, uint64_t at);
NEAR_IMPORT(log_utf8) void near_log_utf8(uint64_t length, uint64_t at);
NEAR_IMPORT(storage_write)
uint64_t near_storage_write(uint64_t key_length, uint64_t key_at, uint64_t value_length,
                            uint64_t value_at, uint64_t reg);
NEAR_IMPORT(storage_read)
uint64_t near_storage_read(uint64_t key_length, uint64_t key_at, uint64_t reg);
NEAR_IMPORT(promise_create)
uint64_t near_promise_create(uint64_t account_length, uint64_t account_at,
                             uint64_t method_length, uint64_t method_at, uint64_t args_length,
                             uint64_t args_at, uint64_t amount_at, uint64_t gas);
NEAR_IMPORT(promise_then)
uint64_t near_promise_then(uint64_t promise, uint64_t account_length, uint64_t account_at,
                           uint64_t method_length, uint64_t method_at, uint64_t args_length,
                           uint64_t args_at, uint64_t amount_at, uint64_t gas);
NEAR_IMPORT(promise_and) uint64_t near_promise_and(uint64_t at, uint64_t count);
NEAR_IMPORT(promise_batch_create)
uint64_t near_promise_batch_create(uint64_t account_length, uint64_t account_at);
NEAR_IMPORT(promise_batch_action_function_call)
void near_promise_batch_action_function_call(uint64_t promise, uint64_t method_length,
                                             uint64_t method_at, uint64_t args_length,
                                             uint64_t args_at, uint64_t amount_at, uint64_t gas);
NEAR_IMPORT(promise_results_count) uint64_t near_promise_results_count(void);
NEAR_IMPORT(promise_result) uint64_t near_promise_result(uint64_t index, uint64_t reg);
NEAR_IMPORT(promise_return) void near_promise_return(uint64_t promise);

#endif
