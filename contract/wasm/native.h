/* native: private to contract/wasm and contract/host. What is inside a module. */
#ifndef CONTRACT_WASM_NATIVE_H
#define CONTRACT_WASM_NATIVE_H

#include "contract/wasm/meter.h"
#include "contract/wasm/module.h"
#include "contract/wasm/rt_guest.h"

struct module {
    struct hash code_hash;
    enum prepare_error refused;             /* if so, nothing below counts but reason */
    struct str reason;                      /* in the arena */
    uint64_t code_size;
    uint64_t object_size;                   /* 0 when built in */
    uint64_t last_use;                      /* in uses of any module */
    struct arena arena;                     /* names below */
    struct meter_method *methods;
    size_t method_count;
    bool has_link_error;
    struct str link_error;
    const struct native_module *native;     /* NULL with a link error */
    void *instance;                         /* owned; native->instance_size bytes */
    void *library;                          /* dlopen's handle, NULL when built in */
};

/* Index of the method, or -1. */
ptrdiff_t module_find_method(const struct module *m, struct str name);

/* A contract of this repository, or no wasm at all: module_of_code answers at once. */
bool module_needs_no_work(struct str wasm);

/* --- module.c, for module_prepare.c ------------------------------------------------------- */

struct prepared;

/* Keeps what a preparation found; `folder` holds the object. OK: the module is there. */
enum err module_keep(const struct hash *code_hash, uint64_t code_size,
                     const struct prepared *found, const char *folder, struct diag *d) MUST_USE;

/* --- module_prepare.c, for module.c ------------------------------------------------------- */

/* Waits until this code has been prepared; afterwards it is a module, or this machine failed. */
enum err module_prepare_now(struct str wasm, const struct hash *code_hash, struct diag *d)
    MUST_USE;
void module_prepare_stop(void);

#endif
