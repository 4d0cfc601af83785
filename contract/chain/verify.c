/* May this transaction run? In the node's own order: the first reason counts. */
#include <string.h>
#include "contract/chain/chain_private.h"

bool
tx_cost_of(const struct transaction *tx, uint64_t gas_price, struct tx_cost *out)
{
    bool to_self = account_equal(&tx->signer, &tx->receiver);
    struct str receiver = account_str(&tx->receiver);
    struct amount deposits, sum;
    struct tx_cost cost = {.gas_burnt = fee_send(FEE_NEW_ACTION_RECEIPT, to_self),
                           .gas_reserved = fee_execution(FEE_NEW_ACTION_RECEIPT)};
    uint64_t attached;
    if (!actions_attached_gas(tx->actions, tx->action_count, &attached) ||
        !actions_deposit(tx->actions, tx->action_count, &deposits))
        return false;
    for (size_t i = 0; i < tx->action_count; i++) {
        const struct action *action = &tx->actions[i];
        cost.gas_burnt += action_send_fee(action, receiver, to_self);
        cost.gas_reserved +=
            action_execution_fee(action, receiver) + action_prepaid_fees(action);
    }
    if (attached > UINT64_MAX - cost.gas_reserved)
        return false;
    cost.gas_reserved += attached;
    cost.burnt = amount_product(cost.gas_burnt, gas_price);
    if (!amount_add(cost.burnt, amount_product(cost.gas_reserved, gas_price), &sum) ||
        !amount_add(sum, deposits, &cost.total))
        return false;
    *out = cost;
    return true;
}

static bool
is_fresh(const struct chain *c, const struct hash *block_hash)
{
    uint64_t age;
    return history_age(c, block_hash, &age) && age <= CHAIN_VALIDITY_BLOCKS;
}

static bool
signature_fits(const struct signed_transaction *t)
{
    return signature_verify(&t->signature, &t->tx.key, str_of(t->hash.b, sizeof(t->hash.b)));
}

enum invalid_tx_kind
key_check_permission(const struct key_record *key, const struct account_id *receiver,
                     const struct action *actions, size_t count, struct invalid_tx *why)
{
    if (key->is_full_access)
        return TX_VALID;
    if (count != 1 || actions[0].kind != ACTION_FUNCTION_CALL)
        return INVALID_REQUIRES_FULL_ACCESS;
    if (!amount_is_zero(actions[0].deposit))
        return INVALID_KEY_DEPOSIT;
    if (strcmp(key->receiver, receiver->s) != 0) {
        if (!str_copy(account_str(receiver), why->text, sizeof(why->text)) ||
            !str_copy(str_from(key->receiver), why->other, sizeof(why->other)))
            why->text[0] = '\0';
        return INVALID_KEY_RECEIVER;
    }
    if (key->method_count == 0)
        return TX_VALID;
    for (size_t i = 0; i < key->method_count; i++) {
        if (str_equal_c(actions[0].method, key->methods[i]))
            return TX_VALID;
    }
    if (!str_copy(actions[0].method, why->text, sizeof(why->text)))
        why->text[0] = '\0';
    return INVALID_KEY_METHOD;
}

/* Balance, allowance and storage stake once the whole cost is taken. */
static enum invalid_tx_kind
check_money(const struct transaction *tx, const struct account *signer,
            const struct key_record *key, const struct tx_cost *cost, struct invalid_tx *why)
{
    struct account after = *signer;
    why->cost = cost->total;
    why->balance = signer->amount;
    if (!amount_sub(signer->amount, cost->total, &after.amount))
        return INVALID_NOT_ENOUGH_BALANCE;
    if (!key->is_full_access && key->has_allowance &&
        amount_compare(key->allowance, cost->total) < 0) {
        why->balance = key->allowance;
        why->key = tx->key;
        return INVALID_NOT_ENOUGH_ALLOWANCE;
    }
    why->cost = storage_shortfall(&after);
    return amount_is_zero(why->cost) ? TX_VALID : INVALID_LACK_BALANCE_FOR_STATE;
}

static enum invalid_tx_kind
check_signer(const struct chain *c, const struct transaction *tx, const struct tx_cost *cost,
             struct invalid_tx *why)
{
    why->account = tx->signer;
    why->key = tx->key;
    const struct account *signer = state_find(&c->state, account_str(&tx->signer));
    if (!signer)
        return INVALID_SIGNER_DOES_NOT_EXIST;
    const struct key_record *key = account_find_key(signer, &tx->key);
    if (!key)
        return INVALID_KEY_NOT_FOUND;
    why->a = tx->nonce;
    why->b = key->nonce;
    if (tx->nonce <= key->nonce)
        return INVALID_NONCE;
    enum invalid_tx_kind kind = check_money(tx, signer, key, cost, why);
    return kind ? kind
                : key_check_permission(key, &tx->receiver, tx->actions, tx->action_count, why);
}

enum invalid_tx_kind
tx_verify_again(const struct chain *c, const struct signed_transaction *t, uint64_t gas_price,
                struct invalid_tx *why)
{
    struct tx_cost cost;
    *why = (struct invalid_tx){0};
    if (!is_fresh(c, &t->tx.block_hash))
        return why->kind = INVALID_EXPIRED;
    if (!tx_cost_of(&t->tx, gas_price, &cost))
        return why->kind = INVALID_COST_OVERFLOW;
    return why->kind = check_signer(c, &t->tx, &cost, why);
}

enum invalid_tx_kind
tx_verify(const struct chain *c, const struct signed_transaction *t, struct invalid_tx *why)
{
    *why = (struct invalid_tx){0};
    if (!is_fresh(c, &t->tx.block_hash))
        return why->kind = INVALID_EXPIRED;
    if (congestion_check(c, &t->tx.receiver, why))
        return why->kind;
    struct validation v = actions_validate(t->tx.actions, t->tx.action_count);
    why->validation = v.kind;
    why->a = v.a;
    why->b = v.b;
    why->key = v.key;
    if (v.kind && !str_copy(v.text, why->text, sizeof(why->text)))
        why->text[0] = '\0';
    if (v.kind)
        return why->kind = INVALID_ACTIONS;
    why->a = t->unsigned_size;
    why->b = TX_MAX_BYTES;
    if (t->unsigned_size > TX_MAX_BYTES)
        return why->kind = INVALID_SIZE;
    if (!signature_fits(t))
        return why->kind = INVALID_SIGNATURE;
    return tx_verify_again(c, t, c->gas_price, why);
}
