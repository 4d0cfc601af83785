#include "tests/support/vm_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "tests/support/wat.h"

enum { MAX_WASM = MODULE_MAX_BYTES };

static struct str
copy_of(struct str s)
{
    return str_of(xmemdup(s.p, s.n), s.n);
}

static void
drop(struct str *s)
{
    xfree((void *)(uintptr_t)s->p);
    *s = (struct str){0};
}

static void
state_clear(struct vm_state *s)
{
    for (size_t i = 0; i < s->count; i++) {
        drop(&s->entries[i].key);
        drop(&s->entries[i].value);
    }
    xfree(s->entries);
    *s = (struct vm_state){0};
}

static void
state_put(struct vm_state *s, struct str key, struct str value)
{
    void *entries = s->entries;
    s->capacity = xgrow(&entries, s->capacity, s->count + 1, sizeof(*s->entries));
    s->entries = entries;
    s->entries[s->count].key = copy_of(key);
    s->entries[s->count++].value = copy_of(value);
}

static void
state_copy(const struct vm_state *from, struct vm_state *to)
{
    state_clear(to);
    for (size_t i = 0; i < from->count; i++)
        state_put(to, from->entries[i].key, from->entries[i].value);
}

static size_t
find(const struct vm_state *s, struct str key)
{
    size_t i = 0;
    while (i < s->count && !str_equal(s->entries[i].key, key))
        i++;
    return i;
}

static bool
storage_read(void *context, struct str key, struct str *value)
{
    const struct vm_state *s = &((struct vm_case *)context)->state;
    size_t i = find(s, key);
    if (i == s->count)
        return false;
    *value = s->entries[i].value;
    return true;
}

static bool
storage_remove(void *context, struct str key, struct str *old)
{
    struct vm_case *c = context;
    struct vm_state *s = &c->state;
    size_t i = find(s, key);
    if (i == s->count)
        return false;
    *old = arena_str(&c->arena, s->entries[i].value);
    drop(&s->entries[i].key);
    drop(&s->entries[i].value);
    s->entries[i] = s->entries[--s->count];
    return true;
}

static bool
storage_write(void *context, struct str key, struct str value, struct str *old)
{
    struct vm_case *c = context;
    bool was_there = storage_remove(context, key, old);
    state_put(&c->state, key, value);
    return was_there;
}

static void
count_nodes(void *context, struct str key, uint64_t *touched, uint64_t *cached)
{
    struct vm_case *c = context;
    (void)key;
    *touched = c->touched;
    *cached = c->cached;
    c->touched = c->cached = 0;
}

static void
note_read(void *context, struct str key)
{
    (void)context, (void)key;
}

static struct hash
data_id(void *context, uint64_t n)
{
    (void)context;
    return (struct hash){.b = {'i', 'd', (uint8_t)n}};
}

static bool
is_waiting(void *context, const struct hash *id)
{
    const struct vm_case *c = context;
    return c->has_yield && id->b[0] == 'w';
}

void
vm_case_init(struct vm_case *c)
{
    *c = (struct vm_case){.touched = 0};
    arena_init(&c->arena);
    c->storage = (struct vm_storage){.context = c,
                                     .read = storage_read,
                                     .write = storage_write,
                                     .remove = storage_remove,
                                     .count_nodes = count_nodes,
                                     .note_read = note_read};
    c->yields =
        (struct vm_yields){.context = c, .data_id = data_id, .is_waiting = is_waiting};
    c->context = (struct vm_context){
        .current = account_of("contract.test.near"),
        .signer = account_of("alice.test.near"),
        .predecessor = account_of("alice.test.near"),
        .block_height = 100,
        .block_time_ns = UINT64_C(1700000000000000000),
        .epoch_height = 1,
        .prepaid_gas = 300 * TERA_GAS,
        .storage_usage = 1000,
        .storage = &c->storage,
        .yields = &c->yields,
    };
    assert_int_equal(amount_parse(STR("10000000000000000000000000"), &c->context.balance, NULL),
                     OK);
}

void
vm_case_release(struct vm_case *c)
{
    state_clear(&c->state);
    state_clear(&c->before);
    arena_release(&c->arena);
}

int
vm_case_forget(void **state)
{
    (void)state;
    module_forget_all();
    return 0;
}

void
vm_case_run(struct vm_case *c, const struct module *m, const char *method)
{
    vm_run(m, str_from(method), &c->context, &c->arena, &c->out);
}

void
vm_case_begin(struct vm_case *c)
{
    state_copy(&c->state, &c->before);
}

void
vm_case_roll_back(struct vm_case *c)
{
    state_copy(&c->before, &c->state);
}

const struct module *
vm_module_of(struct str wasm)
{
    enum prepare_error refused;
    struct diag d = {0};
    struct hash hash = hash_of_bytes(wasm);
    const struct module *m = module_of_code(wasm, &hash, &refused, &d);
    if (!m)
        fail_msg("the module is refused: %s: %s", prepare_error_name(refused), diag_text(&d));
    return m;
}

const struct module *
vm_module_file(const char *path)
{
    struct buf wasm;
    buf_init(&wasm, MAX_WASM);
    wat_read(path, &wasm);
    const struct module *m = vm_module_of(buf_str(&wasm));
    buf_release(&wasm);
    return m;
}

const struct module *
vm_module_wat(const char *text)
{
    struct buf wasm;
    buf_init(&wasm, MAX_WASM);
    wat_compile(text, &wasm);
    const struct module *m = vm_module_of(buf_str(&wasm));
    buf_release(&wasm);
    return m;
}

uint64_t
vm_case_cost(const struct vm_case *c, const char *name)
{
    for (size_t i = 0; i < c->out.profile_count; i++) {
        if (strcmp(c->out.profile[i].name, name) == 0)
            return c->out.profile[i].gas;
    }
    return 0;
}

void
vm_case_expect_error(const struct vm_case *c, const char *sentence)
{
    assert_int_equal(c->out.error, VM_EXECUTION);
    if (!str_equal_c(c->out.error_text, sentence))
        fail_msg("\"%.*s\" instead of \"%s\"", STR_ARG(c->out.error_text), sentence);
}

void
vm_case_expect_ok(const struct vm_case *c)
{
    if (c->out.error != VM_OK)
        fail_msg("failed (%d): %.*s", (int)c->out.error, STR_ARG(c->out.error_text));
}
