/* token: a fungible token after NEP-141, without ft_transfer_call.
 *
 * Balances need no registration (NEP-145): an account that was never heard of owns 0. The
 * owner, and the contract itself, may mint. Drilled faults show in ft_balance_of. */
#include "contract/sdk/drill.h"

#define MEMO_MAX 500                    /* bytes */

static struct text
balance_key(struct text account)
{
    return storage_key("b:", account);
}

static struct text
supply_key(void)
{
    return text_of("supply");
}

static void
event(const char *name, const char *const key[2], const struct text value[2],
      struct u128 amount, struct text memo)
{
    struct json_writer w = event_begin("nep141", name);
    for (int i = 0; i < 2 && key[i]; i++) {
        json_key(&w, key[i]);
        json_put_text(&w, value[i]);
    }
    json_key(&w, "amount");
    json_put_u128(&w, amount);
    if (memo.p) {
        json_key(&w, "memo");
        json_put_text(&w, memo);
    }
    event_end(&w);
}

static void
mint_to(struct text account, struct u128 amount, struct text memo)
{
    struct u128 supply;
    struct u128 balance;
    if (!u128_add(storage_get_u128(supply_key()), amount, &supply))
        panic("the total supply would pass 2^128 - 1");
    /* No balance is above the supply, so this one fits as well. */
    u128_add(storage_get_u128(balance_key(account)), amount, &balance);
    storage_put_u128(supply_key(), supply);
    storage_put_u128(balance_key(account), balance);
    event("ft_mint", (const char *const[]){"owner_id", NULL},
          (const struct text[]){account, {0}}, amount, memo);
}

NEAR_METHOD(new)
{
    struct args a = args_read();
    struct text owner = args_account(&a, "owner_id");
    struct u128 supply = args_u128(&a, "total_supply");
    require_no_deposit("new");
    drill_init(owner);
    if (!u128_is_zero(supply))
        mint_to(owner, supply, text_of("the first supply"));
}

NEAR_METHOD(mint)
{
    struct drill d = drill_load();
    struct args a = args_read();
    require_owner(&d, "mint");
    require_no_deposit("mint");
    mint_to(args_account(&a, "account_id"), args_amount(&a, "amount"), (struct text){0});
}

NEAR_METHOD(ft_transfer)
{
    drill_load();
    struct args a = args_read();
    struct text sender = predecessor_account();
    struct text receiver = args_account(&a, "receiver_id");
    struct u128 amount = args_amount(&a, "amount");
    struct text memo = {0};
    if (args_has(&a, "memo"))
        memo = args_text(&a, "memo", MEMO_MAX);
    /* One yoctoNEAR proves that a full-access key signed. */
    if (u128_compare(attached_deposit(), u128_of(1)) != 0)
        panic("ft_transfer needs a deposit of exactly 1 yoctoNEAR");
    if (text_equal(sender, receiver))
        panic("sender and receiver must be different accounts");

    struct u128 owned = storage_get_u128(balance_key(sender));
    struct u128 received = storage_get_u128(balance_key(receiver));
    struct u128 left;
    if (!u128_subtract(owned, amount, &left))
        panic_less(sender, "owns", owned, amount);
    /* The two together are at most the supply. */
    u128_add(received, amount, &received);
    storage_put_u128(balance_key(sender), left);
    storage_put_u128(balance_key(receiver), received);
    event("ft_transfer", (const char *const[]){"old_owner_id", "new_owner_id"},
          (const struct text[]){sender, receiver}, amount, memo);
}

NEAR_METHOD(ft_balance_of)
{
    struct drill d = drill_load();
    struct args a = args_read();
    struct text account = args_text(&a, "account_id", ACCOUNT_MAX);
    /* Portfolios attach 5 Tgas. */
    struct drill_read read = {.panic = "balances are frozen", .slow_gas = 46 * TGAS / 10};
    if (drill_act(&d, &read))
        return;
    answer_u128(storage_get_u128(balance_key(account)));
}

NEAR_METHOD(ft_total_supply)
{
    drill_load();
    answer_u128(storage_get_u128(supply_key()));
}

NEAR_METHOD(ft_metadata)
{
    drill_load();
    struct json_writer w = json_writer_new(300);
    json_open(&w, '{');
    json_key(&w, "spec");
    json_put_text(&w, text_of("ft-1.0.0"));
    json_key(&w, "name");
    json_put_text(&w, text_of("Demo Token"));
    json_key(&w, "symbol");
    json_put_text(&w, text_of("DEMO"));
    json_key(&w, "icon");
    json_put_null(&w);
    json_key(&w, "reference");
    json_put_null(&w);
    json_key(&w, "reference_hash");
    json_put_null(&w);
    json_key(&w, "decimals");
    json_put_u64(&w, 6);
    json_close(&w, '}');
    answer(&w);
}

NEAR_METHOD(set_fault)
{
    drill_set_fault();
}
