/* query: reading the request. The form with a path, ["account/alice.near", ""], is as old as the
 * protocol and still taken. */
#include <string.h>
#include "contract/serve/query.h"
#include "net/near/base58.h"

enum { PATH_DATA_MAX = 10 * 1024 };

bool
rpc_check_account(struct rpc_call *call, struct str account)
{
    char why[ACCOUNT_FAULT_TEXT];
    if (account_is_valid(account))
        return true;
    rpc_parse_error(call, "Failed parsing args: %s", account_fault(account, why));
    return false;
}

/* --- fields ------------------------------------------------------------------------------- */

static bool
read_text(struct rpc_call *call, const char *field, struct str *out)
{
    const struct json *v = json_find(call->params, field);
    if (v && json_string(v, out, NULL) == OK)
        return true;
    if (v)
        rpc_parse_error(call, "Failed parsing args: invalid type: expected a string in `%s`", field);
    else
        rpc_parse_error(call, "Failed parsing args: missing field `%s`", field);
    return false;
}

static bool
read_account(struct query *q)
{
    return read_text(q->call, "account_id", &q->account) && rpc_check_account(q->call, q->account);
}

static bool
read_public_key(struct query *q)
{
    struct str text;
    struct diag d = {0};
    if (!read_account(q) || !read_text(q->call, "public_key", &text))
        return false;
    if (public_key_parse(text, &q->key, &d) == OK)
        return true;
    rpc_parse_error(q->call, "Failed parsing args: %s", diag_text(&d));
    return false;
}

static bool
read_base64(struct query *q, const char *field)
{
    struct str text;
    struct diag d = {0};
    if (!read_text(q->call, field, &text))
        return false;
    if (base64_decode(text, &q->bytes, &d) == OK)
        return true;
    rpc_parse_error(q->call, "Failed parsing args: %s", rpc_base64_fault(q->call, text, &d));
    return false;
}

static bool
read_call(struct query *q)
{
    return read_account(q) && read_text(q->call, "method_name", &q->method) &&
           read_base64(q, "args_base64");
}

static bool
read_state(struct query *q)
{
    bool wants_proof = false;
    if (!read_account(q) || !read_base64(q, "prefix_base64"))
        return false;
    const struct json *v = json_find(q->call->params, "include_proof");
    if (!v || (json_bool(v, &wants_proof, NULL) == OK && !wants_proof))
        return true;
    rpc_parse_error(q->call, "Failed parsing args: include_proof: this chain keeps no Merkle "
                             "trie, so it has no proofs; leave it out or set it to false");
    return false;
}

static bool
read_code_hash(struct query *q)
{
    struct str text;
    struct diag d = {0};
    if (!read_text(q->call, "code_hash", &text))
        return false;
    if (hash_parse(text, &q->code_hash, &d) == OK)
        return true;
    rpc_parse_error(q->call, "Failed parsing args: %s", diag_text(&d));
    return false;
}

static const struct query_type {
    const char *name;
    bool (*read)(struct query *q);
    void (*answer)(struct query *q);
} types[] = {{"view_account", read_account, query_account},
             {"view_code", read_account, query_code},
             {"view_state", read_state, query_state},
             {"view_access_key", read_public_key, query_key},
             {"view_access_key_list", read_account, query_keys},
             {"call_function", read_call, query_call},
             {"view_global_contract_code", read_code_hash, query_global_code},
             {"view_global_contract_code_by_account_id", read_account, query_global_code}};

static const struct query_type *
type_of(struct rpc_call *call)
{
    struct str name;
    struct buf list;
    if (!read_text(call, "request_type", &name))
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (str_equal_c(name, types[i].name))
            return &types[i];
    }
    buf_init(&list, 512);
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        buf_addf(&list, "%s`%s`", i ? ", " : "", types[i].name);
    rpc_parse_error(call, "Failed parsing args: unknown variant `%.*s`, expected one of %s",
                    (int)(name.n < 60 ? name.n : 60), name.p, buf_c(&list));
    buf_release(&list);
    return NULL;
}

/* --- the old form ------------------------------------------------------------------------- */

static const struct query_type *
type_of_path(struct query *q, struct str command, bool has_more, struct str more, struct str data)
{
    struct diag d = {0};
    bool is_call = str_equal(command, STR("call"));
    if (str_equal(command, STR("account")))
        return &types[0];
    if (str_equal(command, STR("code")))
        return &types[1];
    if (is_call && !has_more) {
        rpc_parse_error(q->call, "Method name is missing");
        return NULL;
    }
    if (is_call || str_equal(command, STR("contract"))) {
        q->method = more;
        if (base58_decode_any(data, &q->bytes, &d) == OK)
            return &types[is_call ? 5 : 2];
        rpc_parse_error(q->call, "%s", diag_text(&d));
        return NULL;
    }
    if (!str_equal(command, STR("access_key"))) {
        rpc_parse_error(q->call, "Unknown path %.*s", STR_ARG(command));
        return NULL;
    }
    if (has_more && public_key_parse(more, &q->key, &d)) {
        rpc_parse_error(q->call, "Invalid public key");
        return NULL;
    }
    return &types[has_more ? 3 : 4];
}

static const struct query_type *
read_path(struct query *q)
{
    struct str path, data, command;
    const struct json *pair = q->call->params;
    if (json_string(json_at(pair, 0), &path, NULL) || json_string(json_at(pair, 1), &data, NULL)) {
        rpc_parse_error(q->call, "Failed parsing args: invalid type: expected a string");
        return NULL;
    }
    ptrdiff_t first = str_find_byte(path, '/');
    if (first < 0) {
        rpc_parse_error(q->call, "Not enough query parameters provided");
        return NULL;
    }
    command = str_slice(path, 0, (size_t)first);
    struct str rest = str_slice(path, (size_t)first + 1, path.n);
    ptrdiff_t second = str_find_byte(rest, '/');
    q->account = second < 0 ? rest : str_slice(rest, 0, (size_t)second);
    struct str more = second < 0 ? STR("") : str_slice(rest, (size_t)second + 1, rest.n);
    q->ref.kind = REF_OPTIMISTIC;
    if (data.n > PATH_DATA_MAX) {
        rpc_parse_error(q->call, "Query data size is too large");
        return NULL;
    }
    if (!rpc_check_account(q->call, q->account))
        return NULL;
    return type_of_path(q, command, second >= 0, more, data);
}

/* --- both --------------------------------------------------------------------------------- */

static const struct query_type *
read_object(struct query *q)
{
    const struct query_type *type;
    if (!json_is_object(q->call->params)) {
        rpc_wrong_params(q->call, "RpcQueryRequest");
        return NULL;
    }
    if (!rpc_read_block(q->call, &q->ref))
        return NULL;
    q->ref.is_told = true;
    type = type_of(q->call);
    return type && type->read(q) ? type : NULL;
}

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

void
rpc_query(struct rpc_call *call)
{
    struct query q = {.call = call};
    const struct json *params = call->params;
    buf_init(&q.bytes, SERVER_MAX_BODY);
    bool is_path = json_is_array(params) && json_count(params) == 2;
    const struct query_type *type = is_path ? read_path(&q) : read_object(&q);
    if (type)
        q.block = rpc_find_block(call, &q.ref);
    if (q.block && is_kept(&q))
        type->answer(&q);
    buf_release(&q.bytes);
}
