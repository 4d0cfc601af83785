/* Reading the state: accounts, keys, code, contract data, and calls that change nothing. */
#include <stdlib.h>
#include <string.h>
#include "contract/chain/chain_private.h"

bool
chain_view_account(const struct chain *c, struct str account, struct account_view *out)
{
    const struct account *a = state_find(&c->state, account);
    if (!a)
        return false;
    *out = (struct account_view){a->amount, a->locked, a->code_hash, a->storage_usage};
    return true;
}

static struct access_key_view
view_of_key(const struct key_record *k, struct arena *arena)
{
    struct access_key_view v = {.key = k->key};
    v.access.nonce = k->nonce;
    v.access.is_full_access = k->is_full_access;
    v.access.has_allowance = k->has_allowance;
    v.access.allowance = k->allowance;
    v.access.receiver = str_from(k->receiver);
    if (!arena)
        return v;
    v.access.methods = arena_array(arena, k->method_count, sizeof(*v.access.methods));
    v.access.method_count = k->method_count;
    for (size_t i = 0; i < k->method_count; i++)
        v.access.methods[i] = str_from(k->methods[i]);
    return v;
}

size_t
chain_view_keys(const struct chain *c, struct str account, struct arena *arena,
                struct access_key_view **out)
{
    const struct account *a = state_find(&c->state, account);
    size_t count = a ? a->key_count : 0;
    *out = arena_array(arena, count, sizeof(**out));
    for (size_t i = 0; i < count; i++)
        (*out)[i] = view_of_key(&a->keys[i], arena);
    return count;
}

bool
chain_view_key(const struct chain *c, struct str account, const struct public_key *key,
               struct arena *arena, struct access_key_view *out)
{
    const struct account *a = state_find(&c->state, account);
    const struct key_record *k = a ? account_find_key(a, key) : NULL;
    if (!k)
        return false;
    *out = view_of_key(k, arena);
    return true;
}

bool
chain_view_code(const struct chain *c, struct str account, struct str *wasm,
                struct hash *code_hash)
{
    const struct account *a = state_find(&c->state, account);
    if (!a || hash_is_zero(&a->code_hash))
        return false;
    *wasm = a->code;
    *code_hash = a->code_hash;
    return true;
}

static int
by_key(const void *a, const void *b)
{
    return str_compare(((const struct state_item *)a)->key,
                       ((const struct state_item *)b)->key);
}

size_t
chain_view_state(const struct chain *c, struct str account, struct str prefix,
                 struct arena *arena, struct state_item **out)
{
    const struct account *a = state_find(&c->state, account);
    size_t count = 0;
    void *value;
    *out = arena_array(arena, a ? a->data.live : 0, sizeof(**out));
    for (size_t i = 0; a && map_next(&a->data, &i, NULL, &value);) {
        const struct datum *d = value;
        if (str_starts(d->key, prefix))
            (*out)[count++] = (struct state_item){d->key, d->value};
    }
    if (count)
        qsort(*out, count, sizeof(**out), by_key);
    return count;
}

bool
chain_view_call(const struct chain *c, struct str account, struct str method, struct str args,
                struct arena *arena, struct vm_outcome *out)
{
    struct account *a = state_find(&c->state, account);
    *out = (struct vm_outcome){0};
    if (!a)
        return false;
    if (hash_is_zero(&a->code_hash)) {
        out->error = VM_CODE_DOES_NOT_EXIST;
        out->view_error = str_from(arena_printf(
            arena, "CompilationError(CodeDoesNotExist { account_id: \"%s\" })", a->id.s));
        return true;
    }
    const struct module *m = module_of_code(a->code, &a->code_hash, &out->prepare, NULL);
    if (!m) {
        out->error = VM_PREPARE;
        out->view_error = str_from(arena_printf(arena, "CompilationError(PrepareError(%s))",
                                                prepare_error_name(out->prepare)));
        return true;
    }
    const struct chain_block *head = chain_head(c);
    struct call_storage own = {NULL, a};
    struct vm_storage storage = storage_of(&own);
    struct vm_context context = {
        .current = a->id,
        .signer = a->id,
        .predecessor = a->id,
        .input = args,
        .block_height = head->height,
        .block_time_ns = head->time_ns,
        .epoch_height = head->height / CHAIN_EPOCH_BLOCKS + 1,
        .random_seed = head->random_value,
        .balance = a->amount,
        .locked_balance = a->locked,
        .storage_usage = a->storage_usage,
        .is_view = true,
        .storage = &storage,
    };
    vm_run(m, method, &context, arena, out);
    return true;
}
