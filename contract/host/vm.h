/* vm: one function call of one contract, from its context to its outcome.
 *
 * vm_run executes a method natively with the protocol's gas, to the unit. It knows nothing of
 * blocks, receipts of others or refunds: what the contract asked for (promises) comes back as
 * a list of receipts to be, without ids. Nothing is committed here: writes go through the
 * storage operations, and the chain throws them away when the outcome is a failure.
 *
 * Source of all prices, limits and texts: protocol version 79. */
#ifndef CONTRACT_HOST_VM_H
#define CONTRACT_HOST_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "contract/wasm/module.h"
#include "net/base/arena.h"
#include "net/base/str.h"
#include "net/near/account.h"
#include "net/near/amount.h"
#include "net/near/crypto.h"
#include "net/near/tx.h"

/* What promise_result(i) sees. */
struct promise_result {
    bool is_ok;             /* false: the branch failed */
    struct str value;       /* borrowed; bytes it returned */
};

/* The contract's own key-value state, and what looking for a key costs. */
struct vm_storage {
    void *context;
    /* False: no such key. *value is borrowed until the next write or removal. */
    bool (*read)(void *context, struct str key, struct str *value);
    /* True: there was a value; *old is borrowed until the next write or removal. */
    bool (*write)(void *context, struct str key, struct str value, struct str *old);
    bool (*remove)(void *context, struct str key, struct str *old);
    /* Trie nodes that the node visits to write or remove `key`: how many for the first time in
     * this chunk, how many again. Called before write and remove; it also marks them seen. */
    void (*count_nodes)(void *context, struct str key, uint64_t *touched, uint64_t *cached);
    /* A value was read by the contract: a later write in the same chunk finds it cached. */
    void (*note_read)(void *context, struct str key);
};

/* Promises that somebody resumes later: their ids, and which are there, is the chain's to know. */
struct vm_yields {
    void *context;
    /* Id of the nth piece of data, from 0, that the receipts of this call wait for. */
    struct hash (*data_id)(void *context, uint64_t n);
    /* A promise of this account, yielded by an earlier call, waits for it. */
    bool (*is_waiting)(void *context, const struct hash *data_id);
};

struct vm_context {
    struct account_id current, signer, predecessor;
    struct public_key signer_key;
    struct str input;                       /* the call's arguments */
    uint64_t block_height, block_time_ns, epoch_height;
    struct hash random_seed;
    struct amount balance;                  /* includes the attached deposit */
    struct amount locked_balance, attached_deposit;
    uint64_t storage_usage;                 /* bytes, before the call */
    uint64_t prepaid_gas;                   /* gas attached to this call */
    bool is_view;                           /* 300 Tgas, nothing may be changed */
    const struct promise_result *results;   /* in order of the callback's inputs */
    size_t result_count;
    const struct account_id *output_receivers;  /* who waits for the value: pays value_return */
    size_t output_receiver_count;
    const struct vm_storage *storage;
    const struct vm_yields *yields;         /* not needed in a view */
};

/* A receipt that the contract asked for. Its inputs are other receipts of the same list. */
struct vm_receipt {
    struct account_id receiver;
    bool has_bad_receiver;      /* the name is not a legal account id: `receiver_text` */
    struct str receiver_text;
    size_t *inputs;             /* receipts it waits for, in order of promise_result */
    size_t input_count;
    struct action *actions;
    size_t action_count;
    bool has_own_data;          /* waits for .data_id instead of other receipts */
    bool is_yield;              /* and that comes when somebody resumes it, or times out */
    struct hash data_id;
};

/* Data for a promise that was yielded. */
struct vm_resume {
    struct hash data_id;
    struct str payload;
    bool is_own;                /* for one that this same call had yielded: plain data */
};

enum vm_error {
    VM_OK,
    VM_CODE_DOES_NOT_EXIST,     /* CompilationError */
    VM_PREPARE,                 /* CompilationError: PrepareError, see .prepare; or, if that is
                                 * PREPARE_COMPILER, WasmerCompileError with .error_text */
    VM_METHOD_NOT_FOUND,
    VM_METHOD_EMPTY_NAME,
    VM_METHOD_INVALID_SIGNATURE,
    VM_EXECUTION                /* ExecutionError with .error_text in the node's words */
};

enum vm_return { VM_RETURN_NOTHING, VM_RETURN_VALUE, VM_RETURN_RECEIPT };

/* One entry of the gas profile; names as in the protocol's JSON. */
struct vm_cost {
    const char *category, *name;    /* "WASM_HOST_COST", "STORAGE_WRITE_BASE" */
    uint64_t gas;
};

/* Everything is in the arena given to vm_run. */
struct vm_outcome {
    enum vm_error error;
    enum prepare_error prepare;
    struct str error_text;          /* VM_EXECUTION: the node's sentence */
    struct str view_error;          /* failing view calls: the node's debug print, e.g.
                                     * "HostError(GuestPanic { panic_msg: \"x\" })" */
    uint64_t gas_burnt;             /* by this call alone; action and receipt fees excluded */
    uint64_t compute;               /* what a chunk's limit counts instead of gas_burnt */
    uint64_t gas_used;              /* burnt plus what is reserved for the receipts below */
    struct amount balance;          /* minus what was attached to the receipts */
    uint64_t storage_usage;
    enum vm_return returns;
    struct str value;               /* VM_RETURN_VALUE */
    size_t receipt;                 /* VM_RETURN_RECEIPT: index into receipts */
    struct str *logs;               /* kept on failure too */
    size_t log_count;
    struct vm_receipt *receipts;    /* in order of creation; none on failure */
    size_t receipt_count;
    struct vm_resume *resumes;      /* in order; none on failure */
    size_t resume_count;
    struct vm_cost *profile;        /* sorted by category, then name; no zero entries */
    size_t profile_count;
};

/* Runs `method` of the module; m == NULL with *refused set by module_of_code is the caller's
 * affair. Not re-entrant: one contract runs at a time in a process. */
void vm_run(const struct module *m, struct str method, const struct vm_context *context,
            struct arena *arena, struct vm_outcome *out);

#endif
