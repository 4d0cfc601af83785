/* The modules that are loaded: found by the hash of their code, dropped when they are many. */
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

#define WASM_HEAD "\0asm\1\0\0\0"

static struct {
    struct map by_hash;         /* the key is inside the module */
    uint64_t uses, object_bytes;
} loaded;

static struct str
key_of(const struct hash *code_hash)
{
    return str_of(code_hash->b, sizeof(code_hash->b));
}

const char *
prepare_error_name(enum prepare_error e)
{
    static const char *const names[] = {
        "", "Serialization", "Deserialization", "InternalMemoryDeclared", "GasInstrumentation",
        "StackHeightInstrumentation", "Instantiate", "Memory", "TooManyFunctions",
        "TooManyLocals", "WasmerCompileError"};
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

/* --- keeping them ------------------------------------------------------------------------- */

static void
drop_oldest(void)
{
    struct module *oldest = NULL;
    void *value;
    for (size_t i = 0; map_next(&loaded.by_hash, &i, NULL, &value);) {
        struct module *m = value;
        if (!oldest || m->last_use < oldest->last_use)
            oldest = m;
    }
    map_remove(&loaded.by_hash, key_of(&oldest->code_hash));
    loaded.object_bytes -= oldest->object_size;
    module_free(oldest);
}

static void
put(struct module *m)
{
    while (loaded.by_hash.live &&
           (loaded.by_hash.live >= MODULE_MAX_LOADED ||
            loaded.object_bytes + m->object_size > MODULE_MAX_LOADED_BYTES))
        drop_oldest();
    m->last_use = ++loaded.uses;
    loaded.object_bytes += m->object_size;
    map_put(&loaded.by_hash, key_of(&m->code_hash), m);
}

static struct module *
module_new(const struct hash *code_hash, uint64_t code_size)
{
    struct module *m = xcalloc(1, sizeof(*m));
    arena_init(&m->arena);
    m->code_hash = *code_hash;
    m->code_size = code_size;
    return m;
}

/* Names stay valid with the module: those given do not. */
static void
keep_names(struct module *m, const struct meter_method *methods, size_t count)
{
    m->methods = arena_array(&m->arena, count, sizeof(*m->methods));
    m->method_count = count;
    for (size_t i = 0; i < count; i++) {
        m->methods[i] = methods[i];
        m->methods[i].name = arena_str(&m->arena, methods[i].name);
    }
}

static void
make_instance(struct module *m)
{
    m->native->init();
    m->instance = xcalloc(1, m->native->instance_size);
}

static enum err
load(struct module *m, const char *folder, struct diag *d)
{
    char path[PREPARE_PATH_MAX + 8];
    snprintf(path, sizeof(path), "%s/c.so", folder);
    m->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = m->library ? dlsym(m->library, "neartop_native") : NULL;
    if (!symbol)
        return diag_set(d, ERR_INTERNAL, "the compiled contract cannot be loaded: %s",
                        dlerror());
    m->native = symbol;
    if (m->native->method_count != m->method_count)
        return diag_set(d, ERR_INTERNAL, "the compiled contract is not what it should be");
    make_instance(m);
    return OK;
}

enum err
module_keep(const struct hash *code_hash, uint64_t code_size, const struct prepared *found,
            const char *folder, struct diag *d)
{
    struct module *m = module_new(code_hash, code_size);
    m->refused = found->refused;
    m->reason = arena_str(&m->arena, found->reason);
    m->object_size = found->object_size;
    m->has_link_error = found->has_link_error;
    m->link_error = arena_str(&m->arena, found->link_error);
    keep_names(m, found->methods, found->method_count);
    enum err e = m->refused || m->has_link_error ? OK : load(m, folder, d);
    if (e)
        module_free(m);
    else
        put(m);
    return e;
}

/* The code of this repository is trusted: it is not validated, and not in another process. */
static bool
keep_builtin(struct str wasm, const struct hash *code_hash)
{
    const struct native_module *native = find_builtin(wasm);
    struct arena scratch;
    struct metered metered;
    struct diag d = {0};
    if (!native)
        return false;
    arena_init(&scratch);
    if (meter_run(wasm, &scratch, &metered, &d) != PREPARE_OK)
        fatal("a built-in contract is refused: %s", diag_text(&d));
    struct module *m = module_new(code_hash, wasm.n);
    keep_names(m, metered.methods, metered.method_count);
    m->native = native;
    make_instance(m);
    put(m);
    buf_release(&metered.wasm);
    arena_release(&scratch);
    return true;
}

/* What does not even begin like one is refused without further ado. */
static bool
keep_nonsense(struct str wasm, const struct hash *code_hash)
{
    const struct prepared found = {.refused = PREPARE_DESERIALIZATION,
                                   .reason = STR("contract: this is no wasm file")};
    return !str_starts(wasm, STR(WASM_HEAD)) &&
           module_keep(code_hash, wasm.n, &found, "", NULL) == OK;
}

/* --- asking for them ---------------------------------------------------------------------- */

bool
module_is_ready(const struct hash *code_hash)
{
    return map_get(&loaded.by_hash, key_of(code_hash)) != NULL;
}

bool
module_needs_no_work(struct str wasm)
{
    return find_builtin(wasm) || !str_starts(wasm, STR(WASM_HEAD));
}

const struct module *
module_of_code(struct str wasm, const struct hash *code_hash, enum prepare_error *refused,
               struct diag *d)
{
    struct diag own = {0};
    struct module *m = map_get(&loaded.by_hash, key_of(code_hash));
    if (!d)
        d = &own;
    *refused = PREPARE_OK;
    if (!m && (keep_builtin(wasm, code_hash) || keep_nonsense(wasm, code_hash) ||
               !module_prepare_now(wasm, code_hash, d)))
        m = map_get(&loaded.by_hash, key_of(code_hash));
    if (!m) {
        *refused = PREPARE_COMPILER;
        return NULL;
    }
    m->last_use = ++loaded.uses;
    if (m->refused == PREPARE_OK)
        return m;
    *refused = m->refused;
    diag_set(d, ERR_REFUSED, "%.*s", STR_ARG(m->reason));
    return NULL;
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
    module_prepare_stop();
    for (size_t i = 0; map_next(&loaded.by_hash, &i, NULL, &value);)
        module_free(value);
    map_clear(&loaded.by_hash);
    loaded.object_bytes = 0;
}
