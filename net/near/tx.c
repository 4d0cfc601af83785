#include "net/near/tx.h"

#include "net/near/borsh.h"

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
        action_encode(&tx->actions[i], out);
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
take_transaction(struct borsh_reader *r, struct arena *arena, struct transaction *tx,
                 struct diag *d)
{
    enum err e = borsh_take_account(r, "signer", &tx->signer, d);
    if (e)
        return e;
    tx->key = borsh_take_public_key(r, "public key");
    tx->nonce = borsh_take_u64(r, "nonce");
    e = borsh_take_account(r, "receiver", &tx->receiver, d);
    if (e)
        return e;
    tx->block_hash = borsh_take_hash(r, "block hash");
    if (r->fault)
        return OK;
    return actions_decode(r, arena, &tx->actions, &tx->action_count, d);
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
