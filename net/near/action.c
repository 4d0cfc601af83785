/* Actions in their borsh form, and what is signed for others to send. */
#include <assert.h>
#include "net/base/utf8.h"
#include "net/near/tx.h"

/* Limits of memory, not of the protocol, which counts later and in its own words: what a
 * kilobyte asks for must not become a megabyte here. */
enum { MAX_KEY_METHODS = 2000, MAX_DECODED_ACTIONS = 4096 };

const char *
action_kind_name(enum action_kind kind)
{
    switch (kind) {
    case ACTION_CREATE_ACCOUNT: return "CreateAccount";
    case ACTION_DEPLOY_CONTRACT: return "DeployContract";
    case ACTION_FUNCTION_CALL: return "FunctionCall";
    case ACTION_TRANSFER: return "Transfer";
    case ACTION_STAKE: return "Stake";
    case ACTION_ADD_KEY: return "AddKey";
    case ACTION_DELETE_KEY: return "DeleteKey";
    case ACTION_DELETE_ACCOUNT: return "DeleteAccount";
    case ACTION_DELEGATE: return "Delegate";
    case ACTION_DEPLOY_GLOBAL_CONTRACT: return "DeployGlobalContract";
    case ACTION_USE_GLOBAL_CONTRACT: return "UseGlobalContract";
    case ACTION_OTHER: return "Other";
    }
    return "Other";
}

static void
put_access_key(struct buf *b, const struct access_key *access)
{
    borsh_put_u64(b, access->nonce);
    borsh_put_u8(b, access->is_full_access);
    if (access->is_full_access)
        return;
    borsh_put_u8(b, access->has_allowance);
    if (access->has_allowance)
        borsh_put_u128(b, access->allowance);
    borsh_put_bytes(b, access->receiver);
    borsh_put_u32(b, (uint32_t)access->method_count);
    for (size_t i = 0; i < access->method_count; i++)
        borsh_put_bytes(b, access->methods[i]);
}

/* Without the signature. */
static void
put_delegate(struct buf *b, const struct delegate *d)
{
    borsh_put_bytes(b, account_str(&d->sender));
    borsh_put_bytes(b, account_str(&d->receiver));
    borsh_put_u32(b, (uint32_t)d->action_count);
    for (size_t i = 0; i < d->action_count; i++)
        action_encode(&d->actions[i], b);
    borsh_put_u64(b, d->nonce);
    borsh_put_u64(b, d->max_block_height);
    borsh_put_public_key(b, &d->key);
}

void
action_encode(const struct action *action, struct buf *b)
{
    assert(action->kind != ACTION_OTHER);
    borsh_put_u8(b, (uint8_t)action->kind);
    switch (action->kind) {
    case ACTION_DEPLOY_CONTRACT: borsh_put_bytes(b, action->code); break;
    case ACTION_FUNCTION_CALL:
        borsh_put_bytes(b, action->method);
        borsh_put_bytes(b, action->args);
        borsh_put_u64(b, action->gas);
        borsh_put_u128(b, action->deposit);
        break;
    case ACTION_TRANSFER: borsh_put_u128(b, action->deposit); break;
    case ACTION_STAKE:
        borsh_put_u128(b, action->deposit);
        borsh_put_public_key(b, &action->key);
        break;
    case ACTION_ADD_KEY:
        borsh_put_public_key(b, &action->key);
        put_access_key(b, &action->access);
        break;
    case ACTION_DELETE_KEY: borsh_put_public_key(b, &action->key); break;
    case ACTION_DELETE_ACCOUNT: borsh_put_bytes(b, account_str(&action->beneficiary)); break;
    case ACTION_DELEGATE:
        put_delegate(b, action->delegate);
        borsh_put_signature(b, &action->delegate->signature);
        break;
    case ACTION_DEPLOY_GLOBAL_CONTRACT:
        borsh_put_bytes(b, action->code);
        borsh_put_u8(b, action->by_account);
        break;
    case ACTION_USE_GLOBAL_CONTRACT:
        borsh_put_u8(b, action->by_account);
        if (action->by_account)
            borsh_put_bytes(b, account_str(&action->owner));
        else
            borsh_put_hash(b, &action->code_hash);
        break;
    case ACTION_CREATE_ACCOUNT:
    case ACTION_OTHER: break;
    }
}

/* A string of borsh has to be UTF-8. */
static struct str
take_text(struct borsh_reader *r, const char *what)
{
    struct str text = borsh_take_bytes(r, what);
    if (!r->fault && !utf8_is_valid(text))
        r->fault = what;
    return text;
}

/* The byte in front of what may be absent, or of one of two forms: 0 or 1. */
static bool
take_flag(struct borsh_reader *r, const char *what)
{
    uint8_t tag = borsh_take_u8(r, what);
    if (tag > 1 && !r->fault)
        r->fault = what;
    return tag == 1;
}

static void
take_access_key(struct borsh_reader *r, struct arena *arena, struct access_key *out)
{
    out->nonce = borsh_take_u64(r, "access key nonce");
    out->is_full_access = take_flag(r, "access key permission");
    if (r->fault || out->is_full_access)
        return;
    out->has_allowance = take_flag(r, "allowance");
    if (out->has_allowance)
        out->allowance = borsh_take_u128(r, "allowance");
    out->receiver = take_text(r, "access key receiver");
    uint32_t count = borsh_take_u32(r, "access key methods");
    if (count > MAX_KEY_METHODS && !r->fault)
        r->fault = "access key methods";
    if (r->fault)
        return;
    out->methods = arena_array(arena, count, sizeof(*out->methods));
    out->method_count = count;
    for (uint32_t i = 0; i < count; i++)
        out->methods[i] = take_text(r, "access key method");
}

static enum err take_actions(struct borsh_reader *r, struct arena *arena, bool is_delegated,
                             struct action **out, size_t *count, struct diag *d);

static enum err
take_delegate(struct borsh_reader *r, struct arena *arena, struct action *out, struct diag *d)
{
    struct delegate *to = arena_alloc(arena, sizeof(*to));
    out->delegate = to;
    enum err e = borsh_take_account(r, "sender of the delegated actions", &to->sender, d);
    if (!e)
        e = borsh_take_account(r, "receiver of the delegated actions", &to->receiver, d);
    if (!e)
        e = take_actions(r, arena, true, &to->actions, &to->action_count, d);
    if (e)
        return e;
    to->nonce = borsh_take_u64(r, "nonce of the delegated actions");
    to->max_block_height = borsh_take_u64(r, "last block of the delegated actions");
    to->key = borsh_take_public_key(r, "key of the delegated actions");
    to->signature = borsh_take_signature(r, "signature of the delegated actions");
    return OK;
}

static enum err
take_global(struct borsh_reader *r, struct action *out, struct diag *d)
{
    if (out->kind == ACTION_DEPLOY_GLOBAL_CONTRACT) {
        out->code = borsh_take_bytes(r, "contract code");
        out->by_account = take_flag(r, "mode of a global contract");
        return OK;
    }
    out->by_account = take_flag(r, "name of a global contract");
    if (out->by_account)
        return borsh_take_account(r, "owner of a global contract", &out->owner, d);
    out->code_hash = borsh_take_hash(r, "hash of a global contract");
    return OK;
}

static enum err
check_tag(uint8_t tag, bool is_delegated, struct diag *d)
{
    /* With protocol version 82; this is version 79. */
    enum { DETERMINISTIC_STATE_INIT = 11 };
    if (tag == DETERMINISTIC_STATE_INIT)
        return diag_set(d, ERR_UNSUPPORTED,
                        "DeterministicStateInit came with protocol version 82, this is 79");
    if (tag > ACTION_USE_GLOBAL_CONTRACT)
        return diag_set(d, ERR_SYNTAX, "action kind %u does not exist", tag);
    if (is_delegated && tag == ACTION_DELEGATE)
        return diag_set(d, ERR_SYNTAX, "delegated actions may not delegate again");
    return OK;
}

static enum err
take_action(struct borsh_reader *r, struct arena *arena, bool is_delegated, struct action *out,
            struct diag *d)
{
    uint8_t tag = borsh_take_u8(r, "action kind");
    if (r->fault)
        return OK;
    enum err e = check_tag(tag, is_delegated, d);
    if (e)
        return e;
    out->kind = (enum action_kind)tag;
    switch (out->kind) {
    case ACTION_DEPLOY_CONTRACT: out->code = borsh_take_bytes(r, "contract code"); break;
    case ACTION_FUNCTION_CALL:
        out->method = take_text(r, "method name");
        out->args = borsh_take_bytes(r, "arguments");
        out->gas = borsh_take_u64(r, "gas");
        out->deposit = borsh_take_u128(r, "deposit");
        break;
    case ACTION_TRANSFER: out->deposit = borsh_take_u128(r, "deposit"); break;
    case ACTION_STAKE:
        out->deposit = borsh_take_u128(r, "stake");
        out->key = borsh_take_public_key(r, "stake key");
        break;
    case ACTION_ADD_KEY:
        out->key = borsh_take_public_key(r, "new key");
        take_access_key(r, arena, &out->access);
        break;
    case ACTION_DELETE_KEY: out->key = borsh_take_public_key(r, "key to delete"); break;
    case ACTION_DELETE_ACCOUNT: 
        return borsh_take_account(r, "beneficiary", &out->beneficiary, d);
    case ACTION_DELEGATE: return take_delegate(r, arena, out, d);
    case ACTION_DEPLOY_GLOBAL_CONTRACT:
    case ACTION_USE_GLOBAL_CONTRACT: return take_global(r, out, d);
    case ACTION_CREATE_ACCOUNT:
    case ACTION_OTHER: break;
    }
    return OK;
}

static enum err
take_actions(struct borsh_reader *r, struct arena *arena, bool is_delegated,
             struct action **out, size_t *count, struct diag *d)
{
    uint32_t n = borsh_take_u32(r, "actions");
    enum err e = OK;
    /* Each action takes a byte at least. */
    if (!r->fault && n > r->rest.n)
        r->fault = "actions";
    if (r->fault)
        return OK;
    if (n > MAX_DECODED_ACTIONS)
        return diag_set(d, ERR_TOO_LARGE, "%u actions where %d are allowed", n, TX_MAX_ACTIONS);
    *out = arena_array(arena, n, sizeof(**out));
    *count = n;
    for (uint32_t i = 0; i < n && !e && !r->fault; i++)
        e = take_action(r, arena, is_delegated, &(*out)[i], d);
    return e;
}

enum err
actions_decode(struct borsh_reader *r, struct arena *arena, struct action **out, size_t *count,
               struct diag *d)
{
    return take_actions(r, arena, false, out, count, d);
}

/* --- delegated actions -------------------------------------------------------------------- */

struct hash
delegate_hash(const struct delegate *d)
{
    /* NEP-461: on-chain messages start at 2^30, and this is number 366 of them. */
    enum { DISCRIMINANT = (1 << 30) + 366 };
    struct buf bytes;
    buf_init(&bytes, SIZE_MAX / 2);
    borsh_put_u32(&bytes, DISCRIMINANT);
    put_delegate(&bytes, d);
    struct hash hash = hash_of_bytes(buf_str(&bytes));
    buf_release(&bytes);
    return hash;
}

void
delegate_sign(struct delegate *d, const struct secret_key *key)
{
    struct hash hash = delegate_hash(d);
    d->signature = secret_key_sign(key, str_of(hash.b, sizeof(hash.b)));
}

bool
delegate_is_signed(const struct delegate *d)
{
    struct hash hash = delegate_hash(d);
    return signature_verify(&d->signature, &d->key, str_of(hash.b, sizeof(hash.b)));
}
