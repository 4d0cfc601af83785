#include "contract/wasm/module.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include "contract/wasm/builtin.h"
#include "contract/wasm/native.h"
#include "contract/wasm/prepare.h"
#include "net/base/log.h"
#include "net/base/map.h"
#include "net/base/xalloc.h"

/* By code hash; the key is inside the module. */
static struct map modules;

const char *
prepare_error_name(enum prepare_error e)
{
    static const char *const names[] = {
        "", "Serialization", "Deserialization", "InternalMemoryDeclared", "GasInstrumentation",
        "StackHeightInstrumentation", "Instantiate", "Memory", "TooManyFunctions",
        "TooManyLocals"};
    return names[e];
}

const struct builtin_contract *
builtin_find(const char *name)
{
    for (size_t i = 0; i < builtin_contract_count; i++) {
        if (strcmp(builtin_contracts[i].name, name) == 0)
            return &builtin_contracts[i];
    }
    return NULL;
}

static const struct native_module *
find_builtin(struct str wasm)
{
    for (size_t i = 0; i < builtin_contract_count; i++) {
        const struct builtin_contract *b = &builtin_contracts[i];
        if (str_equal(str_of(b->wasm, b->wasm_size), wasm))
            return b->native;
    }
    return NULL;
}

ptrdiff_t
module_find_method(const struct module *m, struct str name)
{
    for (size_t i = 0; i < m->method_count; i++) {
        if (str_equal(m->methods[i].name, name))
            return (ptrdiff_t)i;
    }
    return -1;
}

static void
module_free(struct module *m)
{
    if (m->library)
        dlclose(m->library);
    xfree(m->instance);
    arena_release(&m->arena);
    xfree(m);
}

static enum err
load(struct module *m, const struct metered *metered, struct diag *d)
{
    char folder[PREPARE_PATH_MAX] = "", path[PREPARE_PATH_MAX + 8];
    enum err e = prepare_compile(metered, folder, d);
    if (!e) {
        snprintf(path, sizeof(path), "%s/c.so", folder);
        m->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        void *symbol = m->library ? dlsym(m->library, "neartop_native") : NULL;
        m->native = symbol;
        if (!symbol)
            e = diag_set(d, ERR_INTERNAL, "the compiled contract cannot be loaded: %s",
                         dlerror());
    }
    prepare_discard(folder);
    return e;
}

/* Names stay valid with the module: the caller's bytes do not. */
static void
keep_names(struct module *m, const struct metered *metered)
{
    m->methods = arena_array(&m->arena, metered->method_count, sizeof(*m->methods));
    m->method_count = metered->method_count;
    for (size_t i = 0; i < metered->method_count; i++) {
        m->methods[i] = metered->methods[i];
        m->methods[i].name = arena_str(&m->arena, metered->methods[i].name);
    }
    m->has_link_error = metered->has_link_error;
    m->link_error = arena_str(&m->arena, metered->link_error);
}

/* From the file to code that can be called; what went wrong on this machine, as opposed to
 * with the file, is an error. */
static enum err
prepare(struct module *m, struct str wasm, struct diag *d)
{
    struct arena scratch;
    struct metered metered;
    m->native = find_builtin(wasm);
    bool is_built_in = m->native != NULL;
    enum err e = is_built_in ? OK : prepare_validate(wasm, d);
    if (e)
        return e;
    arena_init(&scratch);
    m->refused = meter_run(wasm, &scratch, &metered, d);
    if (m->refused == PREPARE_OK && !is_built_in && !metered.has_link_error)
        e = load(m, &metered, d);
    if (!e && m->refused == PREPARE_OK)
        keep_names(m, &metered);
    if (!e && m->native) {
        m->native->init();
        m->instance = xcalloc(1, m->native->instance_size);
    }
    buf_release(&metered.wasm);
    arena_release(&scratch);
    return e;
}

const struct module *
module_of_code(struct str wasm, const struct hash *code_hash, enum prepare_error *refused,
               struct diag *d)
{
    struct diag own = {0};
    struct str key = str_of(code_hash->b, sizeof(code_hash->b));
    struct module *m = map_get(&modules, key);
    *refused = PREPARE_OK;
    if (!d)
        d = &own;
    if (!m) {
        m = xcalloc(1, sizeof(*m));
        arena_init(&m->arena);
        m->code_hash = *code_hash;
        m->code_size = wasm.n;
        enum err e = prepare(m, wasm, d);
        if (e == ERR_REFUSED)
            m->refused = PREPARE_DESERIALIZATION;
        if (e || m->refused != PREPARE_OK)
            log_line(LOG_WARNING, "wasm", "%s", diag_text(d));
        if (e && e != ERR_REFUSED) {
            /* Not the file's fault: once the tool is there it shall be tried again. */
            *refused = PREPARE_INSTANTIATE;
            module_free(m);
            return NULL;
        }
        snprintf(m->reason, sizeof(m->reason), "%s", diag_text(d));
        map_put(&modules, str_of(m->code_hash.b, sizeof(m->code_hash.b)), m);
    }
    if (m->refused == PREPARE_OK)
        return m;
    *refused = m->refused;
    diag_set(d, ERR_REFUSED, "%s", m->reason);
    return NULL;
}

bool
module_is_ready(const struct hash *code_hash)
{
    return map_get(&modules, str_of(code_hash->b, sizeof(code_hash->b))) != NULL;
}

uint64_t
module_code_size(const struct module *m)
{
    return m->code_size;
}

void
module_forget_all(void)
{
    void *value;
    for (size_t i = 0; map_next(&modules, &i, NULL, &value);)
        module_free(value);
    map_clear(&modules);
}
