#include "net/near/tx.h"

#include <assert.h>
#include "net/base/utf8.h"
#include "net/near/borsh.h"

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

static void
put_action(struct buf *b, const struct action *action)
{
    assert(action->kind < ACTION_DELEGATE);
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
    case ACTION_CREATE_ACCOUNT:
    case ACTION_DELEGATE:
    case ACTION_OTHER: break;
    }
}

void
tx_encode(const struct transaction *tx, struct buf *out)
{
    borsh_put_bytes(out, account_str(&tx->signer));
    borsh_put_public_key(out, &tx->key);
    borsh_put_u64(out, tx->nonce);
    borsh_put_bytes(out, account_str(&tx->receiver));
    borsh_put_hash(out, &tx->block_hash);
    borsh_put_u32(out, (uint32_t)tx->action_count);
    for (size_t i = 0; i < tx->action_count; i++)
        put_action(out, &tx->actions[i]);
}

void
tx_sign(const struct transaction *tx, const struct secret_key *key, struct buf *out,
        struct hash *hash)
{
    size_t start = out->n;
    tx_encode(tx, out);
    *hash = hash_of_bytes(str_of(buf_c(out) + start, out->n - start));
    struct signature s = secret_key_sign(key, str_of(hash->b, sizeof(hash->b)));
    borsh_put_signature(out, &s);
}

static enum err
take_account(struct borsh_reader *r, const char *what, struct account_id *out, struct diag *d)
{
    struct str text = borsh_take_bytes(r, what);
    if (r->fault)
        return OK;
    char why[ACCOUNT_FAULT_TEXT];
    if (!account_is_valid(text))
        return diag_set(d, ERR_SYNTAX, "%s", account_fault(text, why));
    return account_parse(text, out, d);
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

static enum err
take_action(struct borsh_reader *r, struct arena *arena, struct action *out, struct diag *d)
{
    uint8_t tag = borsh_take_u8(r, "action kind");
    if (r->fault)
        return OK;
    if (tag == ACTION_DELEGATE || tag == 9 || tag == 10)
        return diag_set(d, ERR_UNSUPPORTED, "%s actions are not supported here",
                        tag == ACTION_DELEGATE ? "Delegate" : "global contract");
    if (tag > 10)
        return diag_set(d, ERR_SYNTAX, "action kind %u does not exist", tag);
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
    case ACTION_DELETE_ACCOUNT: return take_account(r, "beneficiary", &out->beneficiary, d);
    case ACTION_CREATE_ACCOUNT:
    case ACTION_DELEGATE:
    case ACTION_OTHER: break;
    }
    return OK;
}

static enum err
take_transaction(struct borsh_reader *r, struct arena *arena, struct transaction *tx,
                 struct diag *d)
{
    enum err e = take_account(r, "signer", &tx->signer, d);
    if (e)
        return e;
    tx->key = borsh_take_public_key(r, "public key");
    tx->nonce = borsh_take_u64(r, "nonce");
    e = take_account(r, "receiver", &tx->receiver, d);
    if (e)
        return e;
    tx->block_hash = borsh_take_hash(r, "block hash");
    uint32_t count = borsh_take_u32(r, "actions");
    /* Each action takes a byte at least. */
    if (!r->fault && count > r->rest.n)
        r->fault = "actions";
    if (r->fault)
        return OK;
    if (count > MAX_DECODED_ACTIONS)
        return diag_set(d, ERR_TOO_LARGE, "%u actions where %d are allowed", count,
                        TX_MAX_ACTIONS);
    tx->actions = arena_array(arena, count, sizeof(*tx->actions));
    tx->action_count = count;
    for (uint32_t i = 0; i < count && !e && !r->fault; i++)
        e = take_action(r, arena, &tx->actions[i], d);
    return e;
}

enum err
tx_decode_signed(struct str bytes, struct arena *arena, struct signed_transaction *out,
                 struct diag *d)
{
    struct signed_transaction signed_tx = {0};
    struct borsh_reader r;
    borsh_reader_init(&r, bytes);
    enum err e = take_transaction(&r, arena, &signed_tx.tx, d);
    if (e)
        return e;
    signed_tx.unsigned_size = bytes.n - r.rest.n;
    signed_tx.signature = borsh_take_signature(&r, "signature");
    if (r.has_unknown_curve)
        return diag_set(d, ERR_SYNTAX, "unknown key type '%u'", r.curve);
    if (r.fault)
        return diag_set(d, ERR_SYNTAX, "the bytes end or are wrong in: %s", r.fault);
    if (r.rest.n)
        return diag_set(d, ERR_SYNTAX, "%zu bytes too many behind the signature", r.rest.n);
    signed_tx.hash = hash_of_bytes(str_slice(bytes, 0, signed_tx.unsigned_size));
    *out = signed_tx;
    return OK;
}
