/* Actions: as they stand in transactions and receipts, and as they stand in what somebody
 * delegated, where the node shows its own types instead of its views of them. */
#include "contract/serve/views.h"
#include "net/near/base58.h"

void
view_public_key(struct json_writer *w, const char *key, const struct public_key *k)
{
    char text[KEY_TEXT];
    json_put_c(w, key, public_key_text(k, text));
}

void
view_global_name(struct json_writer *w, const char *key, const struct global_use *use)
{
    json_put_object(w, key);
    if (use->kind == GLOBAL_BY_HASH)
        view_hash(w, "CodeHash", &use->hash);
    else
        json_put_c(w, "AccountId", use->owner.s);
    json_write_object_end(w);
}

void
view_permission(struct json_writer *w, const struct access_key *access)
{
    if (access->is_full_access) {
        json_write_c(w, "FullAccess");
        return;
    }
    json_write_object(w);
    json_put_object(w, "FunctionCall");
    if (access->has_allowance)
        view_amount(w, "allowance", access->allowance);
    else
        json_put_null(w, "allowance");
    json_put_array(w, "method_names");
    for (size_t i = 0; i < access->method_count; i++)
        json_write_string(w, access->methods[i]);
    json_write_array_end(w);
    json_put_string(w, "receiver_id", access->receiver);
    json_write_object_end(w);
    json_write_object_end(w);
}

static void
view_add_key(struct json_writer *w, const struct action *a)
{
    json_put_object(w, "access_key");
    json_put_u64(w, "nonce", a->access.nonce);
    json_write_key(w, "permission");
    view_permission(w, &a->access);
    json_write_object_end(w);
    view_public_key(w, "public_key", &a->key);
}

/* What both forms have in common: an object under the action's name. */
static void
view_body(struct json_writer *w, const struct action *a)
{
    if (a->kind == ACTION_FUNCTION_CALL) {
        view_base64(w, "args", a->args);
        view_amount(w, "deposit", a->deposit);
        json_put_u64(w, "gas", a->gas);
        json_put_string(w, "method_name", a->method);
    } else if (a->kind == ACTION_TRANSFER) {
        view_amount(w, "deposit", a->deposit);
    } else if (a->kind == ACTION_STAKE) {
        view_public_key(w, "public_key", &a->key);
        view_amount(w, "stake", a->deposit);
    } else if (a->kind == ACTION_ADD_KEY) {
        view_add_key(w, a);
    } else if (a->kind == ACTION_DELETE_KEY) {
        view_public_key(w, "public_key", &a->key);
    } else if (a->kind == ACTION_DELETE_ACCOUNT) {
        json_put_c(w, "beneficiary_id", a->beneficiary.s);
    }
}

static struct global_use
name_of(const struct action *a)
{
    if (a->by_account)
        return (struct global_use){.kind = GLOBAL_BY_ACCOUNT, .owner = a->owner};
    return (struct global_use){.kind = GLOBAL_BY_HASH, .hash = a->code_hash};
}

static void
view_delegated_action(struct json_writer *w, const struct action *a)
{
    json_write_object(w);
    json_put_object(w, action_kind_name(a->kind));
    if (a->kind == ACTION_DEPLOY_CONTRACT || a->kind == ACTION_DEPLOY_GLOBAL_CONTRACT)
        view_base64(w, "code", a->code);
    if (a->kind == ACTION_DEPLOY_GLOBAL_CONTRACT)
        json_put_c(w, "deploy_mode", a->by_account ? "AccountId" : "CodeHash");
    if (a->kind == ACTION_USE_GLOBAL_CONTRACT) {
        struct global_use name = name_of(a);
        view_global_name(w, "contract_identifier", &name);
    }
    view_body(w, a);
    json_write_object_end(w);
    json_write_object_end(w);
}

static void
view_delegate(struct json_writer *w, const struct delegate *d)
{
    char text[SIGNATURE_TEXT];
    json_put_object(w, "delegate_action");
    json_put_array(w, "actions");
    for (size_t i = 0; i < d->action_count; i++)
        view_delegated_action(w, &d->actions[i]);
    json_write_array_end(w);
    json_put_u64(w, "max_block_height", d->max_block_height);
    json_put_u64(w, "nonce", d->nonce);
    view_public_key(w, "public_key", &d->key);
    json_put_c(w, "receiver_id", d->receiver.s);
    json_put_c(w, "sender_id", d->sender.s);
    json_write_object_end(w);
    json_put_c(w, "signature", signature_text(&d->signature, text));
}

/* The view has a name for each of the two ways to name a contract of all. */
static const char *
name_of_view(const struct action *a)
{
    if (a->kind == ACTION_DEPLOY_GLOBAL_CONTRACT && a->by_account)
        return "DeployGlobalContractByAccountId";
    if (a->kind == ACTION_USE_GLOBAL_CONTRACT && a->by_account)
        return "UseGlobalContractByAccountId";
    return action_kind_name(a->kind);
}

static void
view_action(struct json_writer *w, const struct action *a)
{
    if (a->kind == ACTION_CREATE_ACCOUNT) {
        json_write_c(w, "CreateAccount");
        return;
    }
    json_write_object(w);
    json_put_object(w, name_of_view(a));
    if (a->kind == ACTION_DEPLOY_CONTRACT || a->kind == ACTION_DEPLOY_GLOBAL_CONTRACT) {
        struct hash hash = hash_of_bytes(a->code);
        view_base64(w, "code", str_of(hash.b, sizeof(hash.b)));
    } else if (a->kind == ACTION_USE_GLOBAL_CONTRACT) {
        if (a->by_account)
            json_put_c(w, "account_id", a->owner.s);
        else
            view_hash(w, "code_hash", &a->code_hash);
    } else if (a->kind == ACTION_DELEGATE) {
        view_delegate(w, a->delegate);
    }
    view_body(w, a);
    json_write_object_end(w);
    json_write_object_end(w);
}

void
view_actions(struct json_writer *w, const struct action *actions, size_t count)
{
    json_put_array(w, "actions");
    for (size_t i = 0; i < count; i++)
        view_action(w, &actions[i]);
    json_write_array_end(w);
}
