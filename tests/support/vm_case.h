/* vm_case: one call of a contract in a test, with an account's state in memory.
 *
 * The state is a plain list, and it is for the test to take back what a failed call wrote, as
 * the chain does. Trie nodes are whatever the test says that they are: `touched` and `cached`
 * are told to the first write or removal of a call and are then nought. The nth id of data
 * is "id", n and zeros; a promise that an earlier call yielded waits for any id that starts with
 * "w" when has_yield says so. */
#ifndef TESTS_SUPPORT_VM_CASE_H
#define TESTS_SUPPORT_VM_CASE_H

#include "contract/host/vm.h"

struct vm_state {
    struct {
        struct str key, value;      /* owned */
    } *entries;
    size_t count, capacity;
};

struct vm_case {
    struct arena arena;
    struct vm_state state, before;  /* now; when vm_case_begin was called */
    uint64_t touched, cached;       /* trie nodes for the next write */
    bool has_yield;
    struct vm_storage storage;
    struct vm_yields yields;
    struct vm_context context;
    struct vm_outcome out;
};

/* contract.test.near called by alice.test.near with 300 Tgas and 10 NEAR on the account. */
void vm_case_init(struct vm_case *c);
void vm_case_release(struct vm_case *c);
/* cmocka's tear-down of a group: nothing that was compiled is left. */
int vm_case_forget(void **state);

/* The outcome is valid until the release. */
void vm_case_run(struct vm_case *c, const struct module *m, const char *method);
void vm_case_begin(struct vm_case *c);
void vm_case_roll_back(struct vm_case *c);      /* the state is as at the beginning */

/* The module of a file or of WebAssembly text. Fails the test when it is refused. */
const struct module *vm_module_file(const char *path);
const struct module *vm_module_wat(const char *text);
const struct module *vm_module_of(struct str wasm);

/* Gas of one entry of the profile, 0 when there is none. */
uint64_t vm_case_cost(const struct vm_case *c, const char *name);
/* The call has failed with this sentence. */
void vm_case_expect_error(const struct vm_case *c, const char *sentence);
void vm_case_expect_ok(const struct vm_case *c);

#endif
