/* What the queries answer: accounts, keys, code, state, and view calls. A missing key and a
 * contract that fails are answers, not errors, as on the node. */
#include <string.h>
#include "contract/serve/query.h"
#include "contract/serve/views.h"
#include "net/near/base58.h"

static void
put_block(struct query *q)
{
    view_hash(q->call->w, "block_hash", &q->block->hash);
    json_put_u64(q->call->w, "block_height", q->block->height);
}

static const char *
block_info(struct query *q, const char *account_key)
{
    char hash[HASH_TEXT];
    return arena_printf(q->call->arena,
                        "{\"block_hash\":\"%s\",\"block_height\":%llu,\"%s\":%s}",
                        hash_text(&q->block->hash, hash), (unsigned long long)q->block->height,
                        account_key, rpc_quote(q->call, q->account));
}

static void
unknown_account(struct query *q)
{
    char *text = arena_printf(q->call->arena, "account %.*s does not exist while viewing",
                              STR_ARG(q->account));
    rpc_handler_error(q->call, "UNKNOWN_ACCOUNT", block_info(q, "requested_account_id"),
                      rpc_quote(q->call, str_from(text)));
}

static void
soft_error(struct query *q, const char *text, const struct str *logs, size_t log_count)
{
    struct json_writer *w = q->call->w;
    json_write_object(w);
    put_block(q);
    json_put_c(w, "error", text);
    json_put_array(w, "logs");
    for (size_t i = 0; i < log_count; i++)
        json_write_string(w, logs[i]);
    json_write_array_end(w);
    json_write_object_end(w);
}

void
query_account(struct query *q)
{
    struct account_view v;
    struct json_writer *w = q->call->w;
    if (!chain_view_account_at(q->call->node->chain, q->block, q->account, &v)) {
        unknown_account(q);
        return;
    }
    json_write_object(w);
    view_amount(w, "amount", v.amount);
    put_block(q);
    view_hash(w, "code_hash", &v.code_hash);
    if (v.global.kind == GLOBAL_BY_ACCOUNT)
        json_put_c(w, "global_contract_account_id", v.global.owner.s);
    if (v.global.kind == GLOBAL_BY_HASH)
        view_hash(w, "global_contract_hash", &v.global.hash);
    view_amount(w, "locked", v.locked);
    json_put_u64(w, "storage_paid_at", 0);
    json_put_u64(w, "storage_usage", v.storage_usage);
    json_write_object_end(w);
}

void
query_key(struct query *q)
{
    struct access_key_view v;
    struct json_writer *w = q->call->w;
    if (!chain_view_key_at(q->call->node->chain, q->block, q->account, &q->key, q->call->arena,
                           &v)) {
        char shown[KEY_TEXT];
        soft_error(q,
                   arena_printf(q->call->arena, "access key %s does not exist while viewing",
                                public_key_text(&q->key, shown)),
                   NULL, 0);
        return;
    }
    json_write_object(w);
    put_block(q);
    json_put_u64(w, "nonce", v.access.nonce);
    json_write_key(w, "permission");
    view_permission(w, &v.access);
    json_write_object_end(w);
}

void
query_keys(struct query *q)
{
    struct access_key_view *keys;
    struct json_writer *w = q->call->w;
    size_t count = chain_view_keys_at(q->call->node->chain, q->block, q->account, q->call->arena, &keys);
    json_write_object(w);
    put_block(q);
    json_put_array(w, "keys");
    for (size_t i = 0; i < count; i++) {
        char text[KEY_TEXT];
        json_write_object(w);
        json_put_object(w, "access_key");
        json_put_u64(w, "nonce", keys[i].access.nonce);
        json_write_key(w, "permission");
        view_permission(w, &keys[i].access);
        json_write_object_end(w);
        json_put_c(w, "public_key", public_key_text(&keys[i].key, text));
        json_write_object_end(w);
    }
    json_write_array_end(w);
    json_write_object_end(w);
}

static void
put_call_result(struct query *q, const struct vm_outcome *out)
{
    struct json_writer *w = q->call->w;
    json_write_object(w);
    put_block(q);
    json_put_array(w, "logs");
    for (size_t i = 0; i < out->log_count; i++)
        json_write_string(w, out->logs[i]);
    json_write_array_end(w);
    json_put_array(w, "result");
    for (size_t i = 0; i < out->value.n; i++)
        json_write_u64(w, (unsigned char)out->value.p[i]);
    json_write_array_end(w);
    json_write_object_end(w);
}

void
query_call(struct query *q)
{
    struct vm_outcome out;
    if (!q->call->is_again &&
        !chain_view_is_ready_at(q->call->node->chain, q->block, q->account)) {
        compiling_park(q->call->node->compiling, q->call);
        return;
    }
    if (!chain_view_call_at(q->call->node->chain, q->block, q->account, q->method,
                            buf_str(&q->bytes), q->call->arena, &out))
        unknown_account(q);
    else if (out.error != VM_OK)
        soft_error(q,
                   arena_printf(q->call->arena, "wasm execution failed with error: %.*s",
                                STR_ARG(out.view_error)),
                   out.logs, out.log_count);
    else
        put_call_result(q, &out);
}

/* Contract data above the node's default cap is not shown. */
static bool
is_too_large(struct query *q, const struct account_view *v)
{
    struct str wasm = {0};
    struct hash hash;
    if (!chain_view_code_at(q->call->node->chain, q->block, q->account, &wasm, &hash))
        wasm.n = 0;
    if (v->storage_usage < wasm.n || v->storage_usage - wasm.n <= RPC_STATE_VIEW_MAX)
        return false;
    char *text =
        arena_printf(q->call->arena, "State of contract %.*s is too large to be viewed",
                     STR_ARG(q->account));
    rpc_handler_error(q->call, "TOO_LARGE_CONTRACT_STATE", block_info(q, "contract_account_id"),
                      rpc_quote(q->call, str_from(text)));
    return true;
}

static void
put_state(struct query *q, struct str prefix)
{
    struct state_item *items;
    struct json_writer *w = q->call->w;
    size_t count =
        chain_view_state_at(q->call->node->chain, q->block, q->account, prefix, q->call->arena, &items);
    json_write_object(w);
    put_block(q);
    json_put_array(w, "values");
    for (size_t i = 0; i < count; i++) {
        json_write_object(w);
        view_base64(w, "key", items[i].key);
        view_base64(w, "value", items[i].value);
        json_write_object_end(w);
    }
    json_write_array_end(w);
    json_write_object_end(w);
}

void
query_state(struct query *q)
{
    struct account_view v;
    if (!chain_view_account_at(q->call->node->chain, q->block, q->account, &v))
        unknown_account(q);
    else if (!is_too_large(q, &v))
        put_state(q, buf_str(&q->bytes));
}

static void
no_code(struct query *q)
{
    char *text = arena_printf(q->call->arena,
                              "Contract code for contract ID #%.*s has never been observed on "
                              "the node",
                              STR_ARG(q->account));
    rpc_handler_error(q->call, "NO_CONTRACT_CODE", block_info(q, "contract_account_id"),
                      rpc_quote(q->call, str_from(text)));
}

void
query_code(struct query *q)
{
    struct str wasm;
    struct hash hash;
    struct account_view v;
    struct json_writer *w = q->call->w;
    if (!chain_view_account_at(q->call->node->chain, q->block, q->account, &v)) {
        unknown_account(q);
        return;
    }
    if (!chain_view_code_at(q->call->node->chain, q->block, q->account, &wasm, &hash)) {
        no_code(q);
        return;
    }
    json_write_object(w);
    put_block(q);
    view_base64(w, "code_base64", wasm);
    view_hash(w, "hash", &hash);
    json_write_object_end(w);
}

static void
no_global_code(struct query *q)
{
    char code[HASH_TEXT], block[HASH_TEXT];
    struct arena *arena = q->call->arena;
    bool is_account = q->account.n > 0;
    hash_text(&q->code_hash, code);
    char *name = is_account ? arena_c(arena, q->account) : code;
    const char *kind = is_account ? "AccountId" : "CodeHash";
    char *shown = is_account ? arena_printf(arena, "AccountId(AccountId(\"%s\"))", name)
                             : arena_printf(arena, "CodeHash(%s)", name);
    char *text = arena_printf(
        arena, "Global contract code with identifier %s has never been observed on the node",
        shown);
    char *info = arena_printf(
        arena, "{\"block_hash\":\"%s\",\"block_height\":%llu,\"identifier\":{\"%s\":\"%s\"}}",
        hash_text(&q->block->hash, block), (unsigned long long)q->block->height, kind, name);
    rpc_handler_error(q->call, "NO_GLOBAL_CONTRACT_CODE", info,
                      rpc_quote(q->call, str_from(text)));
}

void
query_global_code(struct query *q)
{
    struct str code;
    struct hash hash;
    struct global_use name = {.kind = GLOBAL_BY_HASH, .hash = q->code_hash};
    if (q->account.n > 0) {
        name = (struct global_use){.kind = GLOBAL_BY_ACCOUNT};
        if (!str_copy(q->account, name.owner.s, sizeof(name.owner.s)))
            name.owner.s[0] = '\0';
    }
    if (!chain_view_global_code(q->call->node->chain, &name, &code, &hash)) {
        no_global_code(q);
        return;
    }
    json_write_object(q->call->w);
    put_block(q);
    view_base64(q->call->w, "code_base64", code);
    view_hash(q->call->w, "hash", &hash);
    json_write_object_end(q->call->w);
}
