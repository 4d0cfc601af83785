/* lending: a pool where accounts deposit collateral and borrow against half of it. */
#include "contract/sdk/sdk.h"

enum { COLLATERAL_FACTOR = 2 };     /* collateral per unit of debt */

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
    event("lending", "1.0.0", name, out_text(&o));
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

NEAR_METHOD(deposit)
{
    struct u128 amount = arg_amount("amount");
    require_initialised();
    struct text account = arg_string_or("account_id", predecessor());
    change("c:", account, amount, true, "the collateral would overflow");
    tell("deposit", account, amount);
}

NEAR_METHOD(borrow)
{
    struct u128 amount = arg_amount("amount");
    require_initialised();
    struct text account = predecessor();
    change("d:", account, amount, true, "the debt would overflow");
    struct u128 debt = state_get_u128("d:", account), needed = debt;
    for (int i = 1; i < COLLATERAL_FACTOR; i++)
        require(u128_add(needed, debt, &needed), "the debt would overflow");
    require(u128_compare(state_get_u128("c:", account), needed) >= 0,
            "not enough collateral: twice the debt is needed");
    tell("borrow", account, amount);
}

NEAR_METHOD(repay)
{
    struct u128 amount = arg_amount("amount");
    require_initialised();
    struct text account = predecessor();
    change("d:", account, amount, false, "more than is owed");
    tell("repay", account, amount);
}

NEAR_METHOD(get_position)
{
    static char room[256];
    struct out o = OUT(room);
    struct text account = arg_account("account_id");
    require_initialised();
    if (fault_show("pool is paused", 9))
        return;
    struct u128 collateral = state_get_u128("c:", account), debt = state_get_u128("d:", account);
    out_c(&o, "{\"collateral\":\"");
    out_u128(&o, collateral);
    out_c(&o, "\",\"debt\":\"");
    out_u128(&o, debt);
    out_c(&o, "\",\"health\":");
    if (debt.lo || debt.hi) {
        uint64_t percent = u128_percent(collateral, debt);
        out_byte(&o, '"');
        out_u64(&o, percent / 100);
        out_byte(&o, '.');
        out_byte(&o, (char)('0' + percent / 10 % 10));
        out_byte(&o, (char)('0' + percent % 10));
        out_byte(&o, '"');
    } else {
        out_c(&o, "null");
    }
    out_c(&o, "}");
    return_text(out_text(&o));
}

NEAR_METHOD(set_fault)
{
    fault_set();
}
