#include "net/decode.h"

#include <string.h>
#include "net/decode_part.h"
#include "net/near/base58.h"

enum { UNKNOWN_CURVE = 255 };

/* Newer nodes have keys of curves that we cannot hold: those are kept as "unknown". */
static enum err
decode_key(const struct json *object, struct public_key *out, struct diag *d)
{
    struct str text;
    enum err e = json_get_string(object, "public_key", &text, d);
    if (e)
        return e;
    if (public_key_parse(text, out, NULL) != OK)
        *out = (struct public_key){.curve = UNKNOWN_CURVE};
    return OK;
}

static enum err
decode_function_call(const struct json *body, struct arena *arena, struct action *out,
                     struct diag *d)
{
    struct str method;
    const struct json *args = NULL;
    enum err e = json_get_string(body, "method_name", &method, d);
    if (!e)
        e = json_get(body, "args", &args, d);
    if (!e && (e = decode_base64(args, arena, &out->args, d)))
        diag_prefix(d, "args");
    if (!e)
        e = json_get_u64(body, "gas", &out->gas, d);
    if (!e)
        e = decode_amount(body, "deposit", &out->deposit, d);
    if (!e)
        out->method = arena_str(arena, method);
    return e;
}

static enum err
decode_deploy(const struct json *body, struct arena *arena, struct action *out, struct diag *d)
{
    const struct json *code = NULL;
    enum err e = json_get(body, "code", &code, d);
    if (!e && (e = decode_base64(code, arena, &out->code, d)))
        diag_prefix(d, "code");
    return e;
}

static enum err
decode_transfer(const struct json *body, struct arena *arena, struct action *out,
                struct diag *d)
{
    (void)arena;
    return decode_amount(body, "deposit", &out->deposit, d);
}

static enum err
decode_stake(const struct json *body, struct arena *arena, struct action *out, struct diag *d)
{
    (void)arena;
    enum err e = decode_amount(body, "stake", &out->deposit, d);
    return e ? e : decode_key(body, &out->key, d);
}

static enum err
decode_call_permission(const struct json *call, struct arena *arena, struct access_key *out,
                       struct diag *d)
{
    const struct json *allowance = NULL, *methods = NULL;
    struct str receiver;
    enum err e = json_get(call, "allowance", &allowance, d);
    out->has_allowance = !e && !json_is_null(allowance);
    if (out->has_allowance)
        e = decode_amount(call, "allowance", &out->allowance, d);
    if (!e)
        e = json_get_string(call, "receiver_id", &receiver, d);
    if (!e)
        e = json_get_array(call, "method_names", &methods, d);
    if (e)
        return e;
    out->receiver = arena_str(arena, receiver);
    out->methods = arena_array(arena, json_count(methods) + 1, sizeof(*out->methods));
    for (const struct json *v = json_first(methods); v; v = json_next(v)) {
        struct str name;
        if ((e = json_string(v, &name, d)))
            return e;
        out->methods[out->method_count++] = arena_str(arena, name);
    }
    return OK;
}

enum err
decode_permission(const struct json *object, struct arena *arena, struct access_key *out,
                  struct diag *d)
{
    const struct json *permission = NULL;
    enum err e = json_get(object, "permission", &permission, d);
    if (e)
        return e;
    out->is_full_access = json_is_string(permission);
    const struct json *call = json_find(permission, "FunctionCall");
    return call ? decode_call_permission(call, arena, out, d) : OK;
}

static enum err
decode_add_key(const struct json *body, struct arena *arena, struct action *out, struct diag *d)
{
    const struct json *access = NULL;
    enum err e = decode_key(body, &out->key, d);
    if (!e)
        e = json_get_object(body, "access_key", &access, d);
    if (!e)
        e = json_get_u64(access, "nonce", &out->access.nonce, d);
    return e ? e : decode_permission(access, arena, &out->access, d);
}

static enum err
decode_delete_key(const struct json *body, struct arena *arena, struct action *out,
                  struct diag *d)
{
    (void)arena;
    return decode_key(body, &out->key, d);
}

static enum err
decode_delete_account(const struct json *body, struct arena *arena, struct action *out,
                      struct diag *d)
{
    (void)arena;
    return decode_account(body, "beneficiary_id", &out->beneficiary, d);
}

static enum err
decode_nothing(const struct json *body, struct arena *arena, struct action *out, struct diag *d)
{
    (void)body;
    (void)arena;
    (void)out;
    (void)d;
    return OK;
}

/* What was signed in someone's name is shown, not taken apart. */
static enum err
decode_delegate(const struct json *body, struct arena *arena, struct action *out,
                struct diag *d)
{
    (void)d;
    out->args = decode_text_of(body, arena);
    return OK;
}

static const struct {
    enum action_kind kind;
    enum err (*decode)(const struct json *body, struct arena *arena, struct action *out,
                       struct diag *d);
} action_decoders[] = {
    {ACTION_CREATE_ACCOUNT, decode_nothing},
    {ACTION_DEPLOY_CONTRACT, decode_deploy},
    {ACTION_FUNCTION_CALL, decode_function_call},
    {ACTION_TRANSFER, decode_transfer},
    {ACTION_STAKE, decode_stake},
    {ACTION_ADD_KEY, decode_add_key},
    {ACTION_DELETE_KEY, decode_delete_key},
    {ACTION_DELETE_ACCOUNT, decode_delete_account},
    {ACTION_DELEGATE, decode_delegate},
};

/* "CreateAccount", or an object with one key. */
static enum err
decode_action(const struct json *v, struct arena *arena, struct action *out, struct diag *d)
{
    struct str name;
    const struct json *body = NULL;
    if (json_is_object(v) && json_count(v) == 1) {
        body = json_first(v);
        name = json_key(body);
    } else if (json_string(v, &name, NULL) != OK) {
        return diag_set(d, ERR_TYPE,
                        "expected an action's name or an object with that one key");
    }
    for (size_t i = 0; i < ARRAY_LEN(action_decoders); i++) {
        const char *known = action_kind_name(action_decoders[i].kind);
        if (!str_equal_c(name, known))
            continue;
        out->kind = action_decoders[i].kind;
        enum err e = action_decoders[i].decode(body, arena, out, d);
        if (e)
            diag_prefix(d, "%s", known);
        return e;
    }
    out->kind = ACTION_OTHER;
    out->method = arena_str(arena, name);
    out->args = body ? decode_text_of(body, arena) : (struct str){0};
    return OK;
}

enum err
decode_actions(const struct json *array, struct arena *arena, struct action **out,
               size_t *count, struct diag *d)
{
    size_t n = json_count(array), i = 0;
    struct action *actions = n ? arena_array(arena, n, sizeof(*actions)) : NULL;
    for (const struct json *v = json_first(array); v; v = json_next(v), i++) {
        enum err e = decode_action(v, arena, &actions[i], d);
        if (e) {
            diag_prefix(d, "actions[%zu]", i);
            return e;
        }
    }
    *out = actions;
    *count = n;
    return OK;
}

static enum err
decode_outputs(const struct json *body, struct arena *arena, struct receipt_fact *out,
               struct diag *d)
{
    const struct json *array = NULL;
    enum err e = json_get_array(body, "output_data_receivers", &array, d);
    if (e)
        return e;
    out->outputs = arena_array(arena, json_count(array) + 1, sizeof(*out->outputs));
    for (const struct json *v = json_first(array); v; v = json_next(v)) {
        struct data_receiver *to = &out->outputs[out->output_count];
        if ((e = decode_hash(v, "data_id", &to->data_id, d)) ||
            (e = decode_account(v, "receiver_id", &to->receiver, d))) {
            diag_prefix(d, "output_data_receivers[%zu]", out->output_count);
            return e;
        }
        out->output_count++;
    }
    return OK;
}

static enum err
decode_action_receipt(const struct json *body, struct arena *arena, struct receipt_fact *out,
                      struct diag *d)
{
    const struct json *actions = NULL, *yield = json_find(body, "is_promise_yield");
    enum err e = decode_account(body, "signer_id", &out->signer, d);
    if (!e)
        e = decode_amount(body, "gas_price", &out->gas_price, d);
    out->has_gas_price = !e;
    if (!e)
        e = decode_hashes(body, "input_data_ids", arena, &out->inputs, &out->input_count, d);
    if (!e)
        e = decode_outputs(body, arena, out, d);
    if (!e)
        e = json_get_array(body, "actions", &actions, d);
    if (!e)
        e = decode_actions(actions, arena, &out->actions, &out->action_count, d);
    /* Nodes before promise yields do not have the field. */
    if (!e && yield && (e = json_bool(yield, &out->is_promise_yield, d)))
        diag_prefix(d, "is_promise_yield");
    return e;
}

/* Kinds that only newer nodes know become a receipt with one unknown action. */
static void
keep_unknown_receipt(const struct json *body, struct arena *arena, struct receipt_fact *out)
{
    out->actions = arena_array(arena, 1, sizeof(*out->actions));
    out->action_count = 1;
    out->actions[0].kind = ACTION_OTHER;
    out->actions[0].method = arena_str(arena, json_key(body));
    out->actions[0].args = decode_text_of(body, arena);
}

static enum err
decode_receipt_body(const struct json *kinds, struct arena *arena, struct receipt_fact *out,
                    struct diag *d)
{
    const struct json *body = json_first(kinds);
    enum err e = OK;
    if (!body || json_next(body))
        return diag_set(d, ERR_TYPE, "expected one key: Action or Data");
    if (str_equal_c(json_key(body), "Action"))
        e = decode_action_receipt(body, arena, out, d);
    else if (str_equal_c(json_key(body), "Data"))
        out->is_data = true;
    else
        keep_unknown_receipt(body, arena, out);
    if (e)
        diag_prefix(d, "%.40s", json_key(body).p);
    return e;
}

enum err
decode_receipt(const struct json *view, const struct hash *tx, struct event_list *out,
               struct diag *d)
{
    struct receipt_fact r = {.is_data = false};
    const struct json *kinds = NULL;
    enum err e = decode_hash(view, "receipt_id", &r.id, d);
    if (!e)
        e = decode_account(view, "predecessor_id", &r.predecessor, d);
    if (!e)
        e = decode_account(view, "receiver_id", &r.receiver, d);
    if (!e)
        e = json_get_object(view, "receipt", &kinds, d);
    if (!e && (e = decode_receipt_body(kinds, out->arena, &r, d)))
        diag_prefix(d, "receipt");
    if (!e)
        event_list_add(out, EVENT_RECEIPT, tx)->receipt = r;
    return e;
}

enum err
decode_receipts(const struct json *object, const char *key, const struct hash *tx,
                struct event_list *out, struct diag *d)
{
    const struct json *array = NULL;
    size_t i = 0;
    enum err e = json_get_array(object, key, &array, d);
    if (e)
        return e;
    for (const struct json *view = json_first(array); view; view = json_next(view), i++) {
        if ((e = decode_receipt(view, tx, out, d))) {
            diag_prefix(d, "%s[%zu]", key, i);
            return e;
        }
    }
    return OK;
}

static enum err
decode_signed(const struct json *view, struct transaction *tx, struct hash *hash,
              struct event_list *out, struct diag *d)
{
    const struct json *actions = NULL;
    enum err e = decode_hash(view, "hash", hash, d);
    if (!e)
        e = decode_account(view, "signer_id", &tx->signer, d);
    if (!e)
        e = decode_account(view, "receiver_id", &tx->receiver, d);
    if (!e)
        e = decode_key(view, &tx->key, d);
    if (!e)
        e = json_get_u64(view, "nonce", &tx->nonce, d);
    if (!e)
        e = json_get_array(view, "actions", &actions, d);
    if (!e)
        e = decode_actions(actions, out->arena, &tx->actions, &tx->action_count, d);
    return e;
}

enum err
decode_transaction(const struct json *view, struct event_list *out, struct diag *d)
{
    struct transaction tx = {.nonce = 0};
    struct hash hash;
    enum err e = decode_signed(view, &tx, &hash, out, d);
    if (!e)
        event_list_add(out, EVENT_TX, &hash)->transaction.view = tx;
    return e;
}
