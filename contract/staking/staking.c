/* staking: what each account has staked, and the rewards that the owner credited it with.
 *
 * It keeps books only: no tokens move. Drilled faults show in get_rewards. */
#include "contract/sdk/drill.h"

static struct text
staked_key(struct text account)
{
    return storage_key("s:", account);
}

static struct text
rewards_key(struct text account)
{
    return storage_key("r:", account);
}

static void
event(const char *name, struct text account, struct u128 amount)
{
    struct json_writer w = event_begin("staking", name);
    json_key(&w, "account_id");
    json_put_text(&w, account);
    json_key(&w, "amount");
    json_put_u128(&w, amount);
    event_end(&w);
}

static void
add_under(struct text key, struct u128 amount, const char *too_much)
{
    struct u128 sum;
    if (!u128_add(storage_get_u128(key), amount, &sum))
        panic(too_much);
    storage_put_u128(key, sum);
}

NEAR_METHOD(new)
{
    struct args a = args_read();
    struct text owner = args_account(&a, "owner_id");
    require_no_deposit("new");
    drill_init(owner);
}

NEAR_METHOD(stake)
{
    drill_load();
    struct args a = args_read();
    require_no_deposit("stake");
    struct u128 amount = args_amount(&a, "amount");
    struct text account = predecessor_account();
    add_under(staked_key(account), amount, "the stake of one account would pass 2^128 - 1");
    event("stake", account, amount);
}

NEAR_METHOD(unstake)
{
    drill_load();
    struct args a = args_read();
    require_no_deposit("unstake");
    struct u128 amount = args_amount(&a, "amount");
    struct text account = predecessor_account();
    struct u128 staked = storage_get_u128(staked_key(account));
    struct u128 left;
    if (!u128_subtract(staked, amount, &left))
        panic_less(account, "has staked", staked, amount);
    storage_put_u128(staked_key(account), left);
    event("unstake", account, amount);
}

NEAR_METHOD(add_rewards)
{
    struct drill d = drill_load();
    struct args a = args_read();
    require_owner(&d, "add_rewards");
    require_no_deposit("add_rewards");
    struct text account = args_account(&a, "account_id");
    struct u128 amount = args_amount(&a, "amount");
    add_under(rewards_key(account), amount, "the rewards of one account would pass 2^128 - 1");
    event("rewards", account, amount);
}

NEAR_METHOD(get_rewards)
{
    struct drill d = drill_load();
    struct args a = args_read();
    struct text account = args_text(&a, "account_id", ACCOUNT_MAX);
    /* Portfolios attach 5 Tgas. */
    struct drill_read read = {.panic = "rewards are being recalculated",
                              .slow_gas = 46 * TGAS / 10};
    if (drill_act(&d, &read))
        return;
    answer_u128(storage_get_u128(rewards_key(account)));
}

NEAR_METHOD(get_staked)
{
    drill_load();
    struct args a = args_read();
    struct text account = args_text(&a, "account_id", ACCOUNT_MAX);
    answer_u128(storage_get_u128(staked_key(account)));
}

NEAR_METHOD(set_fault)
{
    drill_set_fault();
}
