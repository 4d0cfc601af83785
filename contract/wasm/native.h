/* native: private to contract/wasm and contract/host. What is inside a module. */
#ifndef CONTRACT_WASM_NATIVE_H
#define CONTRACT_WASM_NATIVE_H

#include "contract/wasm/meter.h"
#include "contract/wasm/module.h"
#include "contract/wasm/rt_guest.h"

struct module {
    struct hash code_hash;
    enum prepare_error refused;             /* if so, nothing below counts but reason */
    char reason[DIAG_MAX];
    uint64_t code_size;
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

#endif
