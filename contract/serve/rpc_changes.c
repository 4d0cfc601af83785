/* What a block changed in the state: which accounts, or each change with its cause. */
#include <stdlib.h>
#include <string.h>
#include "contract/chain/changes.h"
#include "contract/serve/node.h"
#include "contract/serve/views.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"

/* A block of which nothing is known any more is an unknown block, as on a node that has
 * collected it. */
static const struct block_changes *
changes_of(struct rpc_call *c, const struct chain_block *b)
{
    const struct block_changes *changes = chain_changes_of(c->node->chain, b);
    if (changes || b == chain_genesis(c->node->chain))
        return changes;
    char hash[HASH_TEXT];
    rpc_handler_error(c, "UNKNOWN_BLOCK", "{}",
                      arena_printf(c->arena, "\"DB Not Found Error: BLOCK: %s \\n Cause: Unknown\"",
                                   hash_text(&b->hash, hash)));
    return NULL;
}

static int
by_place(const void *a, const void *b)
{
    const struct change *x = *(const struct change *const *)a;
    const struct change *y = *(const struct change *const *)b;
    int order = change_compare(x, y);
    return order ? order : (x > y) - (x < y);
}

/* In the order of the node's database, of one record in the order they happened. */
static const struct change **
sorted(struct rpc_call *c, const struct block_changes *changes, size_t *count)
{
    *count = changes ? changes->count : 0;
    const struct change **list = arena_array(c->arena, *count, sizeof(*list));
    for (size_t i = 0; i < *count; i++)
        list[i] = &changes->items[i];
    if (*count)
        qsort(list, *count, sizeof(*list), by_place);
    return list;
}

void
rpc_changes_in_block(struct rpc_call *call)
{
    static const char *const touched[] = {"account_touched", "contract_code_touched",
                                          "access_key_touched", "data_touched"};
    struct json_writer *w = call->w;
    const struct chain_block *b = rpc_block_in_object(call, "RpcStateChangesInBlockRequest");
    const struct block_changes *changes = b ? changes_of(call, b) : NULL;
    size_t count;
    if (!b || call->is_error)
        return;
    const struct change **list = sorted(call, changes, &count);
    json_write_object(w);
    view_hash(w, "block_hash", &b->hash);
    json_put_array(w, "changes");
    for (size_t i = 0; i < count; i++) {
        if (i && change_compare(list[i - 1], list[i]) == 0)
            continue;
        json_write_object(w);
        json_put_c(w, "account_id", list[i]->account->s);
        json_put_c(w, "type", touched[list[i]->kind]);
        json_write_object_end(w);
    }
    json_write_array_end(w);
    json_write_object_end(w);
}

/* --- one change --------------------------------------------------------------------------- */

static void
put_cause(struct json_writer *w, const struct change *change)
{
    static const char *const types[] = {
        [CAUSE_NONE] = "not_writable_to_disk",
        [CAUSE_TRANSACTION] = "transaction_processing",
        [CAUSE_RECEIPT] = "receipt_processing",
        [CAUSE_GAS_REWARD] = "action_receipt_gas_reward",
        [CAUSE_PATCH] = "migration",
    };
    json_put_object(w, "cause");
    if (change->cause == CAUSE_TRANSACTION)
        view_hash(w, "tx_hash", &change->by);
    else if (change->cause == CAUSE_RECEIPT || change->cause == CAUSE_GAS_REWARD)
        view_hash(w, "receipt_hash", &change->by);
    json_put_c(w, "type", types[change->cause]);
    json_write_object_end(w);
}

static void
put_account(struct json_writer *w, const struct change *change)
{
    const struct account_view *v = change->account_after;
    json_put_c(w, "account_id", change->account->s);
    if (!v)
        return;
    view_amount(w, "amount", v->amount);
    view_hash(w, "code_hash", &v->code_hash);
    if (v->global.kind == GLOBAL_BY_ACCOUNT)
        json_put_c(w, "global_contract_account_id", v->global.owner.s);
    if (v->global.kind == GLOBAL_BY_HASH)
        view_hash(w, "global_contract_hash", &v->global.hash);
    view_amount(w, "locked", v->locked);
    json_put_u64(w, "storage_paid_at", 0);
    json_put_u64(w, "storage_usage", v->storage_usage);
}

static void
put_key(struct json_writer *w, const struct change *change)
{
    char text[KEY_TEXT];
    if (change->key_after) {
        json_put_object(w, "access_key");
        json_put_u64(w, "nonce", change->key_after->access.nonce);
        json_write_key(w, "permission");
        view_permission(w, &change->key_after->access);
        json_write_object_end(w);
    }
    json_put_c(w, "account_id", change->account->s);
    json_put_c(w, "public_key", public_key_text(&change->public_key, text));
}

static void
put_code(struct json_writer *w, const struct change *change)
{
    json_put_c(w, "account_id", change->account->s);
    if (change->after)
        view_base64(w, "code_base64", *change->after);
}

static void
put_data(struct json_writer *w, const struct change *change)
{
    json_put_c(w, "account_id", change->account->s);
    view_base64(w, "key_base64", change->key);
    if (change->after)
        view_base64(w, "value_base64", *change->after);
}

static void
put_change(struct json_writer *w, const struct change *change)
{
    static const struct {
        void (*put)(struct json_writer *w, const struct change *change);
        const char *update, *deletion;
    } kinds[] = {
        [CHANGE_ACCOUNT] = {put_account, "account_update", "account_deletion"},
        [CHANGE_CODE] = {put_code, "contract_code_update", "contract_code_deletion"},
        [CHANGE_KEY] = {put_key, "access_key_update", "access_key_deletion"},
        [CHANGE_DATA] = {put_data, "data_update", "data_deletion"},
    };
    bool is_there = change->account_after || change->key_after || change->after;
    json_write_object(w);
    put_cause(w, change);
    json_put_object(w, "change");
    kinds[change->kind].put(w, change);
    json_write_object_end(w);
    json_put_c(w, "type", is_there ? kinds[change->kind].update : kinds[change->kind].deletion);
    json_write_object_end(w);
}

/* --- which ones --------------------------------------------------------------------------- */

struct wanted {
    enum change_kind kind;
    const struct json *accounts;    /* names; or of one kind of request pairs with a key */
    bool is_by_key;
    struct buf prefix;
};

static const struct wanted_type {
    const char *name, *list;
    enum change_kind kind;
} types[] = {{"account_changes", "account_ids", CHANGE_ACCOUNT},
             {"single_access_key_changes", "keys", CHANGE_KEY},
             {"all_access_key_changes", "account_ids", CHANGE_KEY},
             {"contract_code_changes", "account_ids", CHANGE_CODE},
             {"data_changes", "account_ids", CHANGE_DATA}};

static bool
read_prefix(struct rpc_call *c, struct wanted *out)
{
    struct str text;
    struct diag d = {0};
    if (json_get_string(c->params, "key_prefix_base64", &text, &d)) {
        rpc_parse_error(c, "Failed parsing args: missing field `key_prefix_base64`");
        return false;
    }
    if (base64_decode(text, &out->prefix, &d)) {
        rpc_parse_error(c, "Failed parsing args: %s", rpc_base64_fault(c, text, &d));
        return false;
    }
    return true;
}

static bool
read_wanted(struct rpc_call *c, struct wanted *out)
{
    struct str name;
    struct buf list;
    if (json_get_string(c->params, "changes_type", &name, NULL)) {
        rpc_parse_error(c, "Failed parsing args: missing field `changes_type`");
        return false;
    }
    buf_init(&list, 512);
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        buf_addf(&list, "%s`%s`", i ? ", " : "", types[i].name);
        if (!str_equal_c(name, types[i].name))
            continue;
        buf_release(&list);
        out->kind = types[i].kind;
        out->is_by_key = strcmp(types[i].list, "keys") == 0;
        if (json_get_array(c->params, types[i].list, &out->accounts, NULL)) {
            rpc_parse_error(c, "Failed parsing args: missing field `%s`", types[i].list);
            return false;
        }
        return out->kind != CHANGE_DATA || read_prefix(c, out);
    }
    rpc_parse_error(c, "Failed parsing args: unknown variant `%.*s`, expected one of %s",
                    (int)(name.n < 60 ? name.n : 60), name.p, buf_c(&list));
    buf_release(&list);
    return false;
}

static void
put_matching(struct json_writer *w, const struct wanted *wanted, struct str account,
             const struct public_key *key, const struct change *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct change *change = list[i];
        if (change->kind == wanted->kind && str_equal(account_str(change->account), account) &&
            (!key || public_key_equal(&change->public_key, key)) &&
            (change->kind != CHANGE_DATA || str_starts(change->key, buf_str(&wanted->prefix))))
            put_change(w, change);
    }
}

/* Account by account, in the order in which they were asked for. */
static bool
put_wanted(struct rpc_call *c, const struct wanted *wanted, const struct change *const *list,
           size_t count)
{
    for (const struct json *v = json_first(wanted->accounts); v; v = json_next(v)) {
        struct str account, text;
        struct public_key key;
        struct diag d = {0};
        bool is_good = wanted->is_by_key
                           ? !json_get_string(v, "account_id", &account, &d) &&
                                 !json_get_string(v, "public_key", &text, &d) &&
                                 !public_key_parse(text, &key, &d)
                           : !json_string(v, &account, &d);
        if (!is_good) {
            rpc_parse_error(c, "Failed parsing args: %s", diag_text(&d));
            return false;
        }
        if (!rpc_check_account(c, account))
            return false;
        put_matching(c->w, wanted, account, wanted->is_by_key ? &key : NULL, list, count);
    }
    return true;
}

void
rpc_changes(struct rpc_call *call)
{
    struct block_ref ref;
    struct wanted wanted = {0};
    buf_init(&wanted.prefix, SERVER_MAX_BODY);
    const struct chain_block *b = NULL;
    if (!json_is_object(call->params))
        rpc_wrong_params(call, "RpcStateChangesInBlockByTypeRequest");
    else if (rpc_read_block(call, &ref) && read_wanted(call, &wanted))
        b = rpc_find_block(call, &ref);
    const struct block_changes *changes = b ? changes_of(call, b) : NULL;
    if (b && !call->is_error) {
        size_t count;
        const struct change **list = sorted(call, changes, &count);
        json_write_object(call->w);
        view_hash(call->w, "block_hash", &b->hash);
        json_put_array(call->w, "changes");
        if (put_wanted(call, &wanted, list, count)) {
            json_write_array_end(call->w);
            json_write_object_end(call->w);
        }
    }
    buf_release(&wanted.prefix);
}
