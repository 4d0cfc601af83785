/* query: accounts, keys, code, state, and view calls. A missing key and a contract that fails
 * are answers, not errors, as on the node. */
#include <string.h>
#include "contract/serve/node.h"
#include "contract/serve/views.h"
#include "net/near/base58.h"

enum { STATE_VIEW_MAX = 50000 };

struct query {
    struct rpc_call *call;
    const struct chain_block *block;
    struct str account;
};

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

static void
view_account(struct query *q)
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
    view_amount(w, "locked", v.locked);
    json_put_u64(w, "storage_paid_at", 0);
    json_put_u64(w, "storage_usage", v.storage_usage);
    json_write_object_end(w);
}

static void
view_access_key(struct query *q)
{
    struct str text;
    struct public_key key;
    struct access_key_view v;
    struct diag d = {0};
    struct json_writer *w = q->call->w;
    if (json_get_string(q->call->params, "public_key", &text, &d) ||
        public_key_parse(text, &key, &d)) {
        rpc_parse_error(q->call, "Failed parsing args: %s", diag_text(&d));
        return;
    }
    if (!chain_view_key_at(q->call->node->chain, q->block, q->account, &key, q->call->arena, &v)) {
        char shown[KEY_TEXT];
        soft_error(q, arena_printf(q->call->arena, "access key %s does not exist while viewing",
                                   public_key_text(&key, shown)), NULL, 0);
        return;
    }
    json_write_object(w);
    put_block(q);
    json_put_u64(w, "nonce", v.access.nonce);
    json_write_key(w, "permission");
    view_permission(w, &v.access);
    json_write_object_end(w);
}

static void
view_access_key_list(struct query *q)
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

static void
call_function(struct query *q)
{
    struct str method, text;
    struct buf args;
    struct vm_outcome out;
    struct diag d = {0};
    buf_init(&args, SERVER_MAX_BODY);
    if (json_get_string(q->call->params, "method_name", &method, &d) ||
        json_get_string(q->call->params, "args_base64", &text, &d) ||
        base64_decode(text, &args, &d))
        rpc_parse_error(q->call, "Failed parsing args: %s", diag_text(&d));
    else if (!chain_view_call_at(q->call->node->chain, q->block, q->account, method, buf_str(&args),
                              q->call->arena, &out))
        unknown_account(q);
    else if (out.error != VM_OK)
        soft_error(q, arena_printf(q->call->arena, "wasm execution failed with error: %.*s",
                                   STR_ARG(out.view_error)), out.logs, out.log_count);
    else
        put_call_result(q, &out);
    buf_release(&args);
}

/* Contract data above the node's default cap is not shown. */
static bool
is_too_large(struct query *q, const struct account_view *v)
{
    struct str wasm = {0};
    struct hash hash;
    if (!chain_view_code_at(q->call->node->chain, q->block, q->account, &wasm, &hash))
        wasm.n = 0;
    if (v->storage_usage < wasm.n || v->storage_usage - wasm.n <= STATE_VIEW_MAX)
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

static void
view_state(struct query *q)
{
    struct str text = {0};
    struct buf prefix;
    struct account_view v;
    struct diag d = {0};
    buf_init(&prefix, 4096);
    if (json_get_string(q->call->params, "prefix_base64", &text, &d) ||
        base64_decode(text, &prefix, &d))
        rpc_parse_error(q->call, "Failed parsing args: %s", diag_text(&d));
    else if (!chain_view_account_at(q->call->node->chain, q->block, q->account, &v))
        unknown_account(q);
    else if (!is_too_large(q, &v))
        put_state(q, buf_str(&prefix));
    buf_release(&prefix);
}

static void
view_code(struct query *q)
{
    struct str wasm;
    struct hash hash;
    struct json_writer *w = q->call->w;
    if (!chain_view_code_at(q->call->node->chain, q->block, q->account, &wasm, &hash)) {
        char *text = arena_printf(q->call->arena,
                                  "Contract code for contract ID #%.*s has never been observed "
                                  "on the node",
                                  STR_ARG(q->account));
        rpc_handler_error(q->call, "NO_CONTRACT_CODE", block_info(q, "contract_account_id"),
                          rpc_quote(q->call, str_from(text)));
        return;
    }
    json_write_object(w);
    put_block(q);
    view_base64(w, "code_base64", wasm);
    view_hash(w, "hash", &hash);
    json_write_object_end(w);
}

static const struct {
    const char *type;
    void (*function)(struct query *q);
} types[] = {{"view_account", view_account},
             {"view_code", view_code},
             {"view_state", view_state},
             {"view_access_key", view_access_key},
             {"view_access_key_list", view_access_key_list},
             {"call_function", call_function}};

/* As on a node that is no archive: old states are gone. */
static bool
is_kept(struct query *q)
{
    if (chain_keeps_state(q->call->node->chain, q->block))
        return true;
    char hash[HASH_TEXT];
    unsigned long long height = q->block->height;
    char *text = arena_printf(q->call->arena,
                              "The data for block #%llu is garbage collected on this node, use "
                              "an archival node to fetch historical data",
                              height);
    rpc_handler_error(q->call, "GARBAGE_COLLECTED_BLOCK",
                      arena_printf(q->call->arena,
                                   "{\"block_hash\":\"%s\",\"block_height\":%llu}",
                                   hash_text(&q->block->hash, hash), height),
                      rpc_quote(q->call, str_from(text)));
    return false;
}

/* The node names the offending character of a bad account name. */
static bool
check_account(struct rpc_call *call, struct str account)
{
    if (account_is_valid(account))
        return true;
    for (size_t i = 0; i < account.n; i++) {
        char c = account.p[i];
        bool is_good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.';
        if (!is_good) {
            rpc_parse_error(call,
                            "Failed parsing args: invalid value: \"%.*s\", the Account ID "
                            "contains an invalid character '%c' at index %zu",
                            (int)(account.n < 70 ? account.n : 70), account.p,
                            (unsigned char)c < 0x7f && c > ' ' ? c : '?', i);
            return false;
        }
    }
    rpc_parse_error(call, "Failed parsing args: invalid value: \"%.*s\", the Account ID is "
                          "%s", (int)(account.n < 70 ? account.n : 70), account.p,
                    account.n < 2 ? "too short" : account.n > 64 ? "too long"
                                                                 : "not well formed");
    return false;
}

void
rpc_query(struct rpc_call *call)
{
    struct query q = {.call = call};
    struct str type;
    struct diag d = {0};
    if (!json_is_object(call->params) ||
        json_get_string(call->params, "request_type", &type, &d)) {
        rpc_parse_error(call, "Failed parsing args: missing field `request_type`");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (!str_equal_c(type, types[i].type))
            continue;
        if (json_get_string(call->params, "account_id", &q.account, &d)) {
            rpc_parse_error(call, "Failed parsing args: missing field `account_id`");
            return;
        }
        if (!check_account(call, q.account))
            return;
        q.block = rpc_block_of_query(call);
        if (q.block && is_kept(&q))
            types[i].function(&q);
        return;
    }
    rpc_parse_error(call, "Failed parsing args: unknown variant `%.*s`, expected one of "
                          "`view_account`, `view_code`, `view_state`, `view_access_key`, "
                          "`view_access_key_list`, `call_function`, "
                          "`view_global_contract_code`, `view_global_contract_code_by_account_id`",
                    (int)(type.n < 60 ? type.n : 60), type.p);
}
