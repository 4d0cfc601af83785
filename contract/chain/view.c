/* Reading the state, of now or after an earlier block: accounts, keys, code, contract data, and
 * calls that change nothing. */
#include <assert.h>
#include <string.h>
#include "contract/chain/chain_private.h"
#include "contract/chain/past.h"

bool
chain_keeps_state(const struct chain *c, const struct chain_block *at)
{
    return changes_reach_back_to(&c->changes, at->height);
}

const struct block_changes *
chain_changes_of(const struct chain *c, const struct chain_block *b)
{
    return changes_at(&c->changes, b->height);
}

static bool
open_past(const struct chain *c, const struct chain_block *at, struct str account,
          struct past *out)
{
    assert(chain_keeps_state(c, at));
    return past_open(&c->state, &c->changes, at->height, account, out);
}

bool
chain_view_account_at(const struct chain *c, const struct chain_block *at, struct str account,
                      struct account_view *out)
{
    struct past p;
    if (!open_past(c, at, account, &p))
        return false;
    *out = p.view;
    past_close(&p);
    return true;
}

size_t
chain_view_keys_at(const struct chain *c, const struct chain_block *at, struct str account,
                   struct arena *arena, struct access_key_view **out)
{
    struct past p;
    *out = NULL;
    if (!open_past(c, at, account, &p))
        return 0;
    size_t count = past_keys(&p, arena, out);
    past_close(&p);
    return count;
}

bool
chain_view_key_at(const struct chain *c, const struct chain_block *at, struct str account,
                  const struct public_key *key, struct arena *arena, struct access_key_view *out)
{
    struct access_key_view *keys;
    size_t count = chain_view_keys_at(c, at, account, arena, &keys);
    for (size_t i = 0; i < count; i++) {
        if (public_key_equal(&keys[i].key, key)) {
            *out = keys[i];
            return true;
        }
    }
    return false;
}

/* A contract of all is taken as it is now: what it was earlier is not kept. */
static void
find_code(const struct chain *c, const struct past *p, struct str *code, struct hash *hash)
{
    *code = p->code;
    *hash = p->view.code_hash;
    if (p->view.global.kind)
        global_find(c, chain_shard_of(c, account_str(&p->id)), &p->view.global, code, hash);
}

bool
chain_view_code_at(const struct chain *c, const struct chain_block *at, struct str account,
                   struct str *wasm, struct hash *code_hash)
{
    struct past p;
    if (!open_past(c, at, account, &p))
        return false;
    find_code(c, &p, wasm, code_hash);
    past_close(&p);
    return !hash_is_zero(code_hash);
}

size_t
chain_view_state_at(const struct chain *c, const struct chain_block *at, struct str account,
                    struct str prefix, struct arena *arena, struct state_item **out)
{
    struct past p;
    *out = NULL;
    if (!open_past(c, at, account, &p))
        return 0;
    size_t count = past_data(&p, prefix, arena, out);
    past_close(&p);
    return count;
}

/* --- calls -------------------------------------------------------------------------------- */

static bool
read_value(void *context, struct str key, struct str *value)
{
    return past_read(context, key, value);
}

static void
note_read(void *context, struct str key)
{
    (void)context;
    (void)key;
}

static const struct module *
find_module(const struct chain *c, const struct past *p, struct arena *arena,
            struct vm_outcome *out)
{
    struct str code;
    struct hash hash;
    find_code(c, p, &code, &hash);
    if (hash_is_zero(&hash)) {
        out->error = VM_CODE_DOES_NOT_EXIST;
        out->view_error = str_from(arena_printf(
            arena, "CompilationError(CodeDoesNotExist { account_id: \"%s\" })", p->id.s));
        return NULL;
    }
    struct diag d = {0};
    const struct module *m = module_of_code(code, &hash, &out->prepare, &d);
    if (!m) {
        out->error = VM_PREPARE;
        out->error_text = arena_str(arena, str_from(diag_text(&d)));
        out->view_error = str_from(
            out->prepare == PREPARE_COMPILER
                ? arena_printf(arena,
                               "CompilationError(WasmerCompileError { msg: \"%s\" })",
                               diag_text(&d))
                : arena_printf(arena, "CompilationError(PrepareError(%s))",
                               prepare_error_name(out->prepare)));
    }
    return m;
}

bool
chain_view_is_ready_at(const struct chain *c, const struct chain_block *at, struct str account)
{
    struct past p;
    if (!open_past(c, at, account, &p))
        return true;
    struct str code;
    struct hash hash;
    find_code(c, &p, &code, &hash);
    bool waits = !hash_is_zero(&hash) && module_begin(code, &hash, account_str(&p.id), true);
    past_close(&p);
    return !waits;
}

bool
chain_view_call_at(const struct chain *c, const struct chain_block *at, struct str account,
                   struct str method, struct str args, struct arena *arena,
                   struct vm_outcome *out)
{
    struct past p;
    *out = (struct vm_outcome){0};
    if (!open_past(c, at, account, &p))
        return false;
    /* A view may not write: the host refuses before it would come to that. */
    struct vm_storage storage = {.context = &p, .read = read_value, .note_read = note_read};
    struct vm_context context = {
        .current = p.id,
        .signer = p.id,
        .predecessor = p.id,
        .input = args,
        .block_height = at->height,
        .block_time_ns = at->time_ns,
        .epoch_height = at->epoch_height,
        .random_seed = at->random_value,
        .balance = p.view.amount,
        .locked_balance = p.view.locked,
        .storage_usage = p.view.storage_usage,
        .is_view = true,
        .storage = &storage,
    };
    const struct module *m = find_module(c, &p, arena, out);
    if (m)
        vm_run(m, method, &context, arena, out);
    past_close(&p);
    return true;
}

/* --- now ---------------------------------------------------------------------------------- */

bool
chain_view_account(const struct chain *c, struct str account, struct account_view *out)
{
    return chain_view_account_at(c, chain_head(c), account, out);
}

bool
chain_view_key(const struct chain *c, struct str account, const struct public_key *key,
               struct arena *arena, struct access_key_view *out)
{
    return chain_view_key_at(c, chain_head(c), account, key, arena, out);
}

size_t
chain_view_keys(const struct chain *c, struct str account, struct arena *arena,
                struct access_key_view **out)
{
    return chain_view_keys_at(c, chain_head(c), account, arena, out);
}

size_t
chain_view_state(const struct chain *c, struct str account, struct str prefix,
                 struct arena *arena, struct state_item **out)
{
    return chain_view_state_at(c, chain_head(c), account, prefix, arena, out);
}

bool
chain_view_call(const struct chain *c, struct str account, struct str method, struct str args,
                struct arena *arena, struct vm_outcome *out)
{
    return chain_view_call_at(c, chain_head(c), account, method, args, arena, out);
}
