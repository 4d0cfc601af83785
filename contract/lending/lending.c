/* lending: positions of collateral and debt, one an account.
 *
 * It keeps books only: no tokens move, collateral and debt count in the same unit. The health
 * of a position is collateral divided by debt, cut to two decimals; null without debt. Nobody
 * may borrow below 1.50. Drilled faults show in get_position. */
#include "contract/sdk/drill.h"

#define HEALTH_MIN_PERCENT 150

struct position {
    struct u128 collateral, debt;
};

static struct position
position_of(struct text account)
{
    return (struct position){.collateral = storage_get_u128(storage_key("c:", account)),
                             .debt = storage_get_u128(storage_key("d:", account))};
}

/* collateral * 100 / debt. Deposits are held so low that the product fits. */
static struct u128
health_percent(struct position p)
{
    struct u128 percent, rest;
    u128_multiply(p.collateral, 100, &percent);
    u128_divide(percent, p.debt, &percent, &rest);
    return percent;
}

static void
write_health(struct writer *w, struct u128 percent)
{
    struct u128 whole, part;
    u128_divide(percent, u128_of(100), &whole, &part);
    write_u128(w, whole);
    write_byte(w, '.');
    write_byte(w, (char)('0' + part.lo / 10));
    write_byte(w, (char)('0' + part.lo % 10));
}

static void
event(const char *name, struct text account, struct u128 amount)
{
    struct json_writer w = event_begin("lending", name);
    json_key(&w, "account_id");
    json_put_text(&w, account);
    json_key(&w, "amount");
    json_put_u128(&w, amount);
    event_end(&w);
}

NEAR_METHOD(new)
{
    struct args a = args_read();
    struct text owner = args_account(&a, "owner_id");
    require_no_deposit("new");
    drill_init(owner);
}

/* For oneself, or with account_id for somebody else. */
NEAR_METHOD(deposit)
{
    drill_load();
    struct args a = args_read();
    require_no_deposit("deposit");
    struct u128 amount = args_amount(&a, "amount");
    struct text account = args_has(&a, "account_id") ? args_account(&a, "account_id")
                                                     : predecessor_account();
    struct position p = position_of(account);
    struct u128 percent;
    if (!u128_add(p.collateral, amount, &p.collateral) ||
        !u128_multiply(p.collateral, 100, &percent))
        panic("the collateral of one account would pass 2^128 / 100");
    storage_put_u128(storage_key("c:", account), p.collateral);
    event("deposit", account, amount);
}

NEAR_METHOD(borrow)
{
    drill_load();
    struct args a = args_read();
    require_no_deposit("borrow");
    struct u128 amount = args_amount(&a, "amount");
    struct text account = predecessor_account();
    struct position p = position_of(account);
    if (!u128_add(p.debt, amount, &p.debt))
        panic("the debt of one account would pass 2^128 - 1");
    struct u128 health = health_percent(p);
    if (u128_compare(health, u128_of(HEALTH_MIN_PERCENT)) < 0) {
        struct writer w = heap_writer(300);
        write_c(&w, "borrowing ");
        write_u128(&w, amount);
        write_c(&w, " would bring the health of the position down to ");
        write_health(&w, health);
        write_c(&w, ", at least ");
        write_health(&w, u128_of(HEALTH_MIN_PERCENT));
        write_c(&w, " is needed");
        panic_writer(&w);
    }
    storage_put_u128(storage_key("d:", account), p.debt);
    event("borrow", account, amount);
}

NEAR_METHOD(repay)
{
    drill_load();
    struct args a = args_read();
    require_no_deposit("repay");
    struct u128 amount = args_amount(&a, "amount");
    struct text account = predecessor_account();
    struct position p = position_of(account);
    struct u128 left;
    if (!u128_subtract(p.debt, amount, &left))
        panic_less(account, "owes", p.debt, amount);
    storage_put_u128(storage_key("d:", account), left);
    event("repay", account, amount);
}

NEAR_METHOD(get_position)
{
    struct drill d = drill_load();
    struct args a = args_read();
    struct text account = args_text(&a, "account_id", ACCOUNT_MAX);
    /* Portfolios attach 10 Tgas. */
    struct drill_read read = {.panic = "pool is paused", .slow_gas = 95 * TGAS / 10};
    if (drill_act(&d, &read))
        return;

    struct position p = position_of(account);
    struct json_writer w = json_writer_new(200);
    json_open(&w, '{');
    json_key(&w, "collateral");
    json_put_u128(&w, p.collateral);
    json_key(&w, "debt");
    json_put_u128(&w, p.debt);
    json_key(&w, "health");
    if (u128_is_zero(p.debt)) {
        json_put_null(&w);
    } else {
        struct writer health = heap_writer(U128_DIGITS_MAX + 3);
        write_health(&health, health_percent(p));
        json_put_text(&w, writer_text(&health));
    }
    json_close(&w, '}');
    answer(&w);
}

NEAR_METHOD(set_fault)
{
    drill_set_fault();
}
