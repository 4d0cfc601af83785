/* What the sandbox has beyond the node: records put into the state, and time that goes faster.
 * Both are answered when they have taken effect. */
#include <string.h>
#include "contract/chain/patch.h"
#include "contract/serve/node.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"

enum { RECORDS_MAX = 100000 };
#define FORWARD_MAX UINT64_C(1000000000)        /* blocks at once */

/* In the sandbox's form: the cause and the data are the same. */
static void
sandbox_error(struct rpc_call *c, const char *text)
{
    const char *info =
        arena_printf(c->arena, "{\"error_message\":%s}", rpc_quote(c, str_from(text)));
    rpc_error(c, 500, "INTERNAL_ERROR", "INTERNAL_ERROR", info, -32000, "Server error",
              arena_printf(c->arena, "{\"info\":%s,\"name\":\"INTERNAL_ERROR\"}", info));
}

/* --- fields of records -------------------------------------------------------------------- */

/* Says what is wrong with which record, once. */
struct reader {
    struct rpc_call *call;
    size_t index;
    struct diag d;
};

static bool
wrong(struct reader *r)
{
    rpc_parse_error(r->call, "Failed parsing args: records[%zu]: %s", r->index, diag_text(&r->d));
    return false;
}

static bool
read_amount(struct reader *r, const struct json *v, const char *key, struct amount *out)
{
    struct str text;
    if (!json_get_string(v, key, &text, &r->d) && !amount_parse(text, out, &r->d))
        return true;
    diag_prefix(&r->d, "%s", key);
    return wrong(r);
}

static bool
read_hash(struct reader *r, const struct json *v, const char *key, struct hash *out)
{
    struct str text;
    return (!json_get_string(v, key, &text, &r->d) && !hash_parse(text, out, &r->d)) || wrong(r);
}

static bool
read_bytes(struct reader *r, const struct json *v, const char *key, struct str *out)
{
    struct str text;
    struct buf bytes;
    buf_init(&bytes, SERVER_MAX_BODY);
    bool is_good =
        !json_get_string(v, key, &text, &r->d) && !base64_decode(text, &bytes, &r->d);
    if (is_good)
        *out = arena_str(r->call->arena, buf_str(&bytes));
    buf_release(&bytes);
    return is_good || wrong(r);
}

/* --- the records -------------------------------------------------------------------------- */

/* Which contract of all it uses, if it does. */
static bool
read_global(struct reader *r, const struct json *v, struct global_use *out)
{
    const struct json *hash = json_find(v, "global_contract_hash");
    const struct json *owner = json_find(v, "global_contract_account_id");
    struct str text;
    if (hash && !json_is_null(hash)) {
        out->kind = GLOBAL_BY_HASH;
        return read_hash(r, v, "global_contract_hash", &out->hash);
    }
    if (!owner || json_is_null(owner))
        return true;
    out->kind = GLOBAL_BY_ACCOUNT;
    return (!json_string(owner, &text, &r->d) && !account_parse(text, &out->owner, &r->d)) ||
           wrong(r);
}

static bool
read_account(struct reader *r, const struct json *v, struct patch_record *out)
{
    const struct json *account;
    struct account_view *view = &out->view;
    out->kind = PATCH_ACCOUNT;
    if (json_get_object(v, "account", &account, &r->d) ||
        json_get_u64(account, "storage_usage", &view->storage_usage, &r->d))
        return wrong(r);
    return read_amount(r, account, "amount", &view->amount) &&
           read_amount(r, account, "locked", &view->locked) &&
           read_hash(r, account, "code_hash", &view->code_hash) &&
           read_global(r, account, &view->global);
}

static bool
read_data(struct reader *r, const struct json *v, struct patch_record *out)
{
    out->kind = PATCH_DATA;
    return read_bytes(r, v, "data_key", &out->name) && read_bytes(r, v, "value", &out->bytes);
}

static bool
read_contract(struct reader *r, const struct json *v, struct patch_record *out)
{
    out->kind = PATCH_CODE;
    return read_bytes(r, v, "code", &out->bytes);
}

static bool
read_methods(struct reader *r, const struct json *call, struct access_key *out)
{
    const struct json *list;
    if (json_get_array(call, "method_names", &list, &r->d))
        return wrong(r);
    out->methods = arena_array(r->call->arena, json_count(list), sizeof(*out->methods));
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        if (json_string(v, &out->methods[out->method_count++], &r->d))
            return wrong(r);
    }
    return true;
}

static bool
read_permission(struct reader *r, const struct json *v, struct access_key *out)
{
    const struct json *permission, *call, *allowance;
    struct str word;
    if (json_get(v, "permission", &permission, &r->d))
        return wrong(r);
    if (json_string(permission, &word, NULL) == OK && str_equal(word, STR("FullAccess"))) {
        out->is_full_access = true;
        return true;
    }
    if (json_get_object(permission, "FunctionCall", &call, &r->d) ||
        json_get_string(call, "receiver_id", &out->receiver, &r->d))
        return wrong(r);
    allowance = json_find(call, "allowance");
    out->has_allowance = allowance && !json_is_null(allowance);
    if (out->has_allowance && !read_amount(r, call, "allowance", &out->allowance))
        return false;
    return read_methods(r, call, out);
}

static bool
read_access_key(struct reader *r, const struct json *v, struct patch_record *out)
{
    const struct json *access;
    struct str text;
    out->kind = PATCH_KEY;
    if (json_get_string(v, "public_key", &text, &r->d) ||
        public_key_parse(text, &out->key, &r->d) ||
        json_get_object(v, "access_key", &access, &r->d) ||
        json_get_u64(access, "nonce", &out->access.nonce, &r->d))
        return wrong(r);
    return read_permission(r, access, &out->access);
}

static const struct {
    const char *name;
    bool (*read)(struct reader *r, const struct json *v, struct patch_record *out);
} kinds[] = {{"Account", read_account},     {"Data", read_data},
             {"Contract", read_contract},   {"AccessKey", read_access_key},
             {"PostponedReceipt", NULL},    {"ReceivedData", NULL},
             {"DelayedReceipt", NULL}};

/* {"Account":{"account_id":…, …}} */
static bool
read_record(struct reader *r, const struct json *v, struct patch_record *out)
{
    const struct json *body = json_is_object(v) ? json_first(v) : NULL;
    struct str name = body ? json_key(body) : STR(""), id;
    *out = (struct patch_record){.kind = PATCH_ACCOUNT};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (!str_equal_c(name, kinds[i].name))
            continue;
        if (!kinds[i].read) {
            sandbox_error(r->call, "patch_state can only patch Account, AccessKey, Contract and "
                                   "Data kind of StateRecord");
            return false;
        }
        if (json_get_string(body, "account_id", &id, &r->d))
            return wrong(r);
        return rpc_check_account(r->call, id) && !account_parse(id, &out->account, NULL) &&
               kinds[i].read(r, body, out);
    }
    rpc_parse_error(r->call,
                    "Failed parsing args: unknown variant `%.*s`, expected one of `Account`, "
                    "`Data`, `Contract`, `AccessKey`, `PostponedReceipt`, `ReceivedData`, "
                    "`DelayedReceipt`",
                    (int)(name.n < 60 ? name.n : 60), name.p ? name.p : "");
    return false;
}

void
rpc_patch_state(struct rpc_call *call)
{
    const struct json *list;
    struct reader r = {.call = call};
    struct diag d = {0};
    if (json_get_array(call->params, "records", &list, NULL)) {
        rpc_parse_error(call, "Failed parsing args: missing field `records`");
        return;
    }
    size_t count = json_count(list);
    if (count > RECORDS_MAX) {
        rpc_parse_error(call, "Failed parsing args: %zu records, at most %d at once", count,
                        RECORDS_MAX);
        return;
    }
    struct patch_record *records = arena_array(call->arena, count, sizeof(*records));
    for (const struct json *v = json_first(list); v; v = json_next(v), r.index++) {
        if (!read_record(&r, v, &records[r.index]))
            return;
    }
    if (chain_patch(call->node->chain, records, count, &d)) {
        sandbox_error(call, diag_text(&d));
        return;
    }
    rpc_wait_for_block(call, chain_head(call->node->chain)->height + 1);
}

/* --- time --------------------------------------------------------------------------------- */

void
rpc_fast_forward(struct rpc_call *call)
{
    struct node *n = call->node;
    uint64_t delta;
    if (json_get_u64(call->params, "delta_height", &delta, NULL)) {
        rpc_parse_error(call, "Failed parsing args: missing field `delta_height`");
        return;
    }
    if (delta > FORWARD_MAX) {
        sandbox_error(call, arena_printf(call->arena, "at most %llu blocks at once",
                                         (unsigned long long)FORWARD_MAX));
        return;
    }
    if (n->forward) {
        sandbox_error(call, "Consecutive fast_forward requests cannot be made while a current "
                            "one is going on.");
        return;
    }
    n->forward = delta;
    rpc_wait_for_block(call, chain_head(n->chain)->height + delta + (delta > 0));
    if (delta)
        node_hurry(n);
}
