/* host: private to contract/host. The state of one running call, and what the groups of host
 * functions share: paying, reading the guest's memory and registers, stopping.
 *
 * A host function pays its parts in the node's order; the first part that cannot be paid ends
 * the call, with the earlier parts burnt. None of these return after a failure. */
#ifndef CONTRACT_HOST_HOST_H
#define CONTRACT_HOST_HOST_H

#include "contract/host/fee.h"
#include "contract/host/vm.h"
#include "contract/wasm/native.h"
#include "contract/wasm/runtime.h"
#include "net/base/macros.h"

enum cost {
#define X(name, gas) COST_##name,
#include "contract/host/cost.def"
#undef X
    COST_COUNT
};

enum host_error {
#define E0(id, sentence, debug) HOST_##id,
#define E1 E0
#define E2 E0
#define ES E0
#include "contract/host/error.def"
#undef E0
#undef E1
#undef E2
#undef ES
};

enum {
    HOST_MAX_REGISTERS = 100,
    HOST_MAX_REGISTER_BYTES = 104857600,
    HOST_MAX_REGISTERS_TOTAL = 1 << 30,
    HOST_MAX_LOGS = 100,
    HOST_MAX_LOG_BYTES = 16384,
    HOST_MAX_PROMISES = 1024,
    HOST_MAX_INPUTS = 128,
    HOST_MAX_KEY = 2048,
    HOST_MAX_VALUE = 4194304,
    HOST_MAX_YIELD_PAYLOAD = 1024
};
#define HOST_MAX_BURN UINT64_C(300000000000000)

struct vm_register {
    uint64_t number;
    struct str value;       /* owned */
};

/* A promise handle: one receipt, or several joined. */
struct promise {
    bool is_joint;
    size_t *receipts;       /* in the arena; one unless joint */
    size_t count;
};

/* A call that gets its part of the gas that is left over. */
struct gas_share {
    size_t receipt, action;
    uint64_t weight;
};

/* The front is what the metering hooks of the generated code touch. */
struct host {
    struct Z_env_instance_t env;            /* must stay first */
    const struct module *module;
    const struct vm_context *in;
    struct vm_outcome *out;
    struct arena *arena;
    uint64_t limit;                         /* gas_left counts down from here */
    uint64_t promised;                      /* reserved for receipts */
    uint64_t prepaid;
    uint64_t costs[COST_COUNT], fees[FEE_COUNT];
    struct vm_register registers[HOST_MAX_REGISTERS];
    size_t register_count;
    uint64_t register_bytes;
    size_t log_bytes;
    struct promise *promises;               /* HOST_MAX_PROMISES of each */
    size_t promise_count;
    struct vm_receipt *receipts;
    size_t receipt_count;
    uint64_t data_ids;                      /* given out so far */
    struct gas_share *shares;               /* in order of asking */
    size_t share_count;
    const char *view_error;                 /* the node's debug print, once it has failed */
};

struct host *host_of(struct Z_env_instance_t *env);

/* --- gas.c ----------------------------------------------------------------------------- */

void gas_start(struct host *h);
uint64_t gas_burnt(const struct host *h);
void pay(struct host *h, enum cost cost);
void pay_bytes(struct host *h, enum cost cost, uint64_t bytes);
/* An action's or receipt's fee: `send` is burnt now, `execution` is reserved. */
void pay_fee(struct host *h, enum fee fee, uint64_t send, uint64_t execution);
void pay_gas(struct host *h, uint64_t gas);         /* reserved for a receipt */
void pay_operators(struct host *h, uint64_t count);
void gas_note_failure(struct host *h);              /* after the charge hook stopped */
/* What burnt gas is not explained by the parts is the instructions'. Fills out->profile. */
void gas_profile(struct host *h);

/* --- stop.c: the end of a call --------------------------------------------------------- */

/* Which of them takes what is in the table: E0, E1, E2, ES. */
NORETURN void host_fail(struct host *h, enum host_error e);
NORETURN void host_fail_at(struct host *h, enum host_error e, uint64_t number);
NORETURN void host_fail_limit(struct host *h, enum host_error e, uint64_t number,
                              uint64_t limit);
NORETURN void host_fail_name(struct host *h, enum host_error e, const char *name);
NORETURN void host_panic(struct host *h, struct str message);
NORETURN void host_fail_link(struct host *h, struct str what);
/* Ends a view call that uses what only transactions may. */
void host_not_in_view(struct host *h, const char *function);
/* The words only, when the contract has stopped already. */
void host_note(struct host *h, enum host_error e);
void host_note_trap(struct host *h, const char *sentence, const char *name);

/* --- memory.c -------------------------------------------------------------------------- */

/* Guest memory, paid; or a register when length is 2^64 - 1. Borrowed until the next write. */
struct str guest_bytes(struct host *h, uint64_t length, uint64_t at);
struct str guest_memory(struct host *h, uint64_t length, uint64_t at);
struct amount guest_u128(struct host *h, uint64_t at);
void guest_write(struct host *h, uint64_t at, struct str bytes);
void guest_put_u128(struct host *h, uint64_t at, struct amount value);
/* Text from memory; length 2^64 - 1 means up to a NUL. Paid and checked; ends up as UTF-8. */
struct str guest_utf8(struct host *h, uint64_t length, uint64_t at);
struct str guest_utf16(struct host *h, uint64_t length, uint64_t at);
/* Names of accounts in promises: bytes paid as guest_bytes, decoding paid, checked. */
struct str guest_account(struct host *h, uint64_t length, uint64_t at);
void register_set(struct host *h, uint64_t number, struct str value);
const struct vm_register *register_find(const struct host *h, uint64_t number);
void registers_release(struct host *h);

/* --- host_promise.c, host_action.c ----------------------------------------------------- */

/* The receipt behind a promise that actions can be added to. */
struct vm_receipt *receipt_at(struct host *h, uint64_t index);
bool receipt_is_to_self(const struct host *h, const struct vm_receipt *r);
/* A receipt to oneself, paid for, that waits to be resumed: the promise that stands for it. */
uint64_t receipt_new_yield(struct host *h);
/* One action more; its contents are the caller's to fill. */
struct action *receipt_add(struct host *h, struct vm_receipt *r, enum action_kind kind);
/* The array itself, or a longer copy when it is full: room for one item more. Doubling inside
 * the arena; what is left behind goes with the call. */
void *room_for_one(struct host *h, void *items, size_t count, size_t size);
/* Sending one such action to this receiver, `count` times: burnt and reserved. */
void pay_action_fee(struct host *h, enum fee fee, uint64_t count, bool to_self);
/* promise_batch_action_function_call and what is built on it. */
struct call_args {
    uint64_t index, method_length, method_at, args_length, args_at, amount_at, gas, weight;
};
void receipt_add_call(struct host *h, const struct call_args *args);
/* The action itself, once all is paid. `method` and `args` live in the arena. */
void receipt_put_call(struct host *h, struct vm_receipt *r, struct action call, uint64_t weight);
/* Leftover gas to the calls that asked for a share. */
void promise_distribute_gas(struct host *h);

/* Prototypes of everything that a contract may import, in the names that wasm2c gives. */
#define RESULT_v void
#define RESULT_I uint64_t
#define RESULT_i uint32_t
#define PARAMS_I0 struct Z_env_instance_t *
#define PARAMS_I1 PARAMS_I0, uint64_t
#define PARAMS_I2 PARAMS_I1, uint64_t
#define PARAMS_I3 PARAMS_I2, uint64_t
#define PARAMS_I4 PARAMS_I3, uint64_t
#define PARAMS_I5 PARAMS_I4, uint64_t
#define PARAMS_I6 PARAMS_I5, uint64_t
#define PARAMS_I7 PARAMS_I6, uint64_t
#define PARAMS_I8 PARAMS_I7, uint64_t
#define PARAMS_I9 PARAMS_I8, uint64_t
#define PARAMS_i1 struct Z_env_instance_t *, uint32_t
#define PARAMS_i4 PARAMS_i1, uint32_t, uint32_t, uint32_t
#define X(name, result, params) RESULT_##result Z_envZ_##name(PARAMS_##params);
#include "contract/wasm/imports.def"
#undef X

/* `HOST(storage_read)(struct Z_env_instance_t *env, …)`: the definition of one of them. */
#define HOST(name) Z_envZ_##name

#endif
