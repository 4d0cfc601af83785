#include "net/preflight.h"

#include <string.h>
#include "net/near/cost.h"

enum { DECIMALS = 5 };

static bool
allows_method(const struct access_key *key, struct str method)
{
    for (size_t i = 0; i < key->method_count; i++) {
        if (str_equal(key->methods[i], method))
            return true;
    }
    return key->method_count == 0;
}

/* A key that may only call: one call, of its contract, of its methods, without tokens. */
static enum err
check_limited_key(const struct transaction *tx, const struct access_key *key, struct diag *d)
{
    const struct action *call = &tx->actions[0];
    if (tx->action_count != 1 || call->kind != ACTION_FUNCTION_CALL)
        return diag_set(d, ERR_REFUSED, "this key of %s may only make one function call at a time: "
                        "a full access key is needed", tx->signer.s);
    if (!str_equal(key->receiver, account_str(&tx->receiver)))
        return diag_set(d, ERR_REFUSED, "this key of %s may call %.*s only, not %s",
                        tx->signer.s, STR_ARG(key->receiver), tx->receiver.s);
    if (!allows_method(key, call->method))
        return diag_set(d, ERR_REFUSED, "this key of %s may not call %.*s; among what it may is "
                        "%.*s", tx->signer.s, STR_ARG(str_slice(call->method, 0, 60)),
                        STR_ARG(str_slice(key->methods[0], 0, 60)));
    if (!amount_is_zero(call->deposit))
        return diag_set(d, ERR_REFUSED, "this key of %s may not attach tokens: a full access key "
                        "is needed for a deposit", tx->signer.s);
    return OK;
}

static enum err
check_enough(const char *whose, const char *what, struct amount has, struct amount needed,
             const char *advice, struct diag *d)
{
    char has_text[AMOUNT_NEAR_TEXT], needed_text[AMOUNT_NEAR_TEXT];
    if (amount_compare(has, needed) >= 0)
        return OK;
    return diag_set(d, ERR_REFUSED, "%s %s %s, and this may cost %s at most%s", whose, what,
                    amount_near_text(has, DECIMALS, has_text),
                    amount_near_text(needed, DECIMALS, needed_text), advice);
}

/* An address that leads elsewhere, as through a tunnel, is found out before a signature could be
 * worth something there. */
enum err
preflight_check_place(const struct preflight_place *place, const struct preflight *known,
                      struct diag *d)
{
    if (!known->chain_id[0])
        return OK;
    if (place->chain_id[0] && strcmp(place->chain_id, known->chain_id) != 0)
        return diag_set(d, ERR_REFUSED, "the node serves the chain %s, and this network is %s: nothing "
                        "was signed", known->chain_id, place->chain_id);
    if (strcmp(known->chain_id, "mainnet") == 0 && !place->is_mainnet_agreed)
        return diag_set(d, ERR_REFUSED, "the node serves mainnet, where tokens are worth something: "
                        "nothing was signed; --network mainnet asks, --yes says that it shall be sent");
    return OK;
}

enum err
preflight_check(const struct transaction *tx, const struct preflight *known, struct diag *d)
{
    struct tx_most most;
    bool is_limited = known->has_key && !known->key.is_full_access;
    enum err e = is_limited ? check_limited_key(tx, &known->key, d) : OK;
    if (e || !known->has_price || !tx_cost_most(tx, known->gas_price, &most))
        return e;
    if (known->has_balance)
        e = check_enough(tx->signer.s, "has", known->balance, most.total,
                         ": attach less gas, or fewer tokens", d);
    if (!e && is_limited && known->key.has_allowance)
        e = check_enough("this key", "may still spend", known->key.allowance, most.total,
                         " of gas: attach less", d);
    return e;
}
