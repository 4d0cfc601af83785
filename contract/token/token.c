/* token: a fungible token after NEP-141, as small as it can be. */
#include "contract/sdk/sdk.h"

static void
require_balance_change(struct text account, struct u128 amount, bool adds)
{
    struct u128 balance = state_get_u128("b:", account);
    bool fits = adds ? u128_add(balance, amount, &balance) : u128_sub(balance, amount, &balance);
    if (!fits && !adds)
        fail_with("not enough tokens on ", account, "");
    require(fits, "the balance would overflow");
    state_set_u128("b:", account, balance);
}

static void
tell(const char *name, const char *from, struct text sender, const char *to,
     struct text receiver, struct u128 amount)
{
    static char room[512];
    struct out o = OUT(room);
    out_c(&o, "{\"");
    if (from) {
        out_c(&o, from);
        out_c(&o, "\":");
        json_quote(&o, sender);
        out_c(&o, ",\"");
    }
    out_c(&o, to);
    out_c(&o, "\":");
    json_quote(&o, receiver);
    out_c(&o, ",\"amount\":\"");
    out_u128(&o, amount);
    out_c(&o, "\"}");
    event("nep141", "1.0.0", name, out_text(&o));
}

static void
create(struct text account, struct u128 amount)
{
    struct u128 supply = state_get_u128("supply", TEXT(""));
    require(u128_add(supply, amount, &supply), "the supply would overflow");
    state_set_u128("supply", TEXT(""), supply);
    require_balance_change(account, amount, true);
    tell("ft_mint", 0, TEXT(""), "owner_id", account, amount);
}

NEAR_METHOD(new)
{
    struct text owner = arg_account("owner_id");
    struct u128 supply = arg_amount("total_supply");
    initialise(owner);
    if (supply.lo || supply.hi)
        create(owner, supply);
}

NEAR_METHOD(mint)
{
    struct text account = arg_account("account_id");
    struct u128 amount = arg_amount("amount");
    require_owner();
    create(account, amount);
}

NEAR_METHOD(ft_transfer)
{
    struct text receiver = arg_account("receiver_id");
    struct u128 amount = arg_amount("amount");
    require_initialised();
    require_one_yocto();
    struct text sender = predecessor();
    require(!text_equal(sender, receiver), "sender and receiver must differ");
    require(amount.lo || amount.hi, "the amount must be more than zero");
    require_balance_change(sender, amount, false);
    require_balance_change(receiver, amount, true);
    tell("ft_transfer", "old_owner_id", sender, "new_owner_id", receiver, amount);
}

NEAR_METHOD(ft_balance_of)
{
    struct text account = arg_account("account_id");
    require_initialised();
    if (!fault_show("balances are frozen", 4))
        return_u128(state_get_u128("b:", account));
}

NEAR_METHOD(ft_total_supply)
{
    require_initialised();
    return_u128(state_get_u128("supply", TEXT("")));
}

NEAR_METHOD(ft_metadata)
{
    return_text(TEXT("{\"spec\":\"ft-1.0.0\",\"name\":\"Demo token\",\"symbol\":\"DEMO\","
                     "\"decimals\":6}"));
}

NEAR_METHOD(set_fault)
{
    fault_set();
}
