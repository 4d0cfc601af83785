/* staking: what accounts have staked, and the rewards that the owner gives them. */
#include "contract/sdk/sdk.h"

static void
tell(const char *name, struct text account, struct u128 amount)
{
    static char room[256];
    struct out o = OUT(room);
    out_c(&o, "{\"account_id\":");
    json_quote(&o, account);
    out_c(&o, ",\"amount\":\"");
    out_u128(&o, amount);
    out_c(&o, "\"}");
    event("staking", "1.0.0", name, out_text(&o));
}

static void
change(const char *prefix, struct text account, struct u128 amount, bool adds,
       const char *sentence)
{
    struct u128 value = state_get_u128(prefix, account);
    require(adds ? u128_add(value, amount, &value) : u128_sub(value, amount, &value), sentence);
    state_set_u128(prefix, account, value);
}

NEAR_METHOD(new)
{
    initialise(arg_account("owner_id"));
}

NEAR_METHOD(stake)
{
    struct u128 amount = arg_amount("amount");
    require_initialised();
    struct text account = predecessor();
    change("s:", account, amount, true, "the stake would overflow");
    tell("stake", account, amount);
}

NEAR_METHOD(unstake)
{
    struct u128 amount = arg_amount("amount");
    require_initialised();
    struct text account = predecessor();
    change("s:", account, amount, false, "more than is staked");
    tell("unstake", account, amount);
}

NEAR_METHOD(add_rewards)
{
    struct text account = arg_account("account_id");
    struct u128 amount = arg_amount("amount");
    require_owner();
    change("r:", account, amount, true, "the rewards would overflow");
    tell("rewards", account, amount);
}

NEAR_METHOD(get_rewards)
{
    struct text account = arg_account("account_id");
    require_initialised();
    if (!fault_show("rewards are being recalculated", 4))
        return_u128(state_get_u128("r:", account));
}

NEAR_METHOD(get_staked)
{
    struct text account = arg_account("account_id");
    require_initialised();
    return_u128(state_get_u128("s:", account));
}

NEAR_METHOD(set_fault)
{
    fault_set();
}
