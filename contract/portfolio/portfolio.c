/* portfolio: three reads of three contracts at once, joined into one answer.
 *
 * The branches are independent: one that fails becomes null (or "0", for the second variant),
 * and the others count. Also the same reads one after another, and a batch, to compare. */
#include "contract/sdk/sdk.h"

enum { TOKEN, LENDING, STAKING, BRANCHES };

static const struct branch {
    const char *argument;       /* of get_portfolio_data: which contract to ask */
    const char *method, *field;
    uint64_t tgas;
} branches[BRANCHES] = {
    {"token_contract", "ft_balance_of", "balance", 5},
    {"lending_contract", "get_position", "lending", 10},
    {"staking_contract", "get_rewards", "staking", 5},
};

static char room[4096];
static struct out scratch = OUT(room);

/* Puts {"name":"value"} into the scratch space. */
static struct text
object_of(const char *name, struct text value)
{
    uint32_t start = scratch.n;
    out_c(&scratch, "{\"");
    out_c(&scratch, name);
    out_c(&scratch, "\":");
    json_quote(&scratch, value);
    out_c(&scratch, "}");
    return (struct text){room + start, scratch.n - start};
}

static uint64_t
ask(uint32_t index, struct text contract, struct text user)
{
    return call_async(contract, branches[index].method, object_of("account_id", user),
                      branches[index].tgas * TGAS);
}

static void
ask_all(const char *callback)
{
    struct text user = arg_account("user"), contracts[BRANCHES];
    uint64_t promises[BRANCHES];
    for (uint32_t i = 0; i < BRANCHES; i++)
        contracts[i] = arg_account(branches[i].argument);
    for (uint32_t i = 0; i < BRANCHES; i++)
        promises[i] = ask(i, contracts[i], user);
    uint64_t all = join_promises(promises, BRANCHES);
    near_promise_return(call_back(all, callback, object_of("user", user), 15 * TGAS));
}

static void
begin_answer(struct out *o, struct text user)
{
    out_c(o, "{\"user\":");
    json_quote(o, user);
}

static void
add_field(struct out *o, uint32_t index, struct text value)
{
    out_c(o, ",\"");
    out_c(o, branches[index].field);
    out_c(o, "\":");
    out_add(o, value);
}

static void
answer(const struct text otherwise[BRANCHES])
{
    static char result[16384];
    struct out o = OUT(result);
    begin_answer(&o, arg_string("user"));
    require(near_promise_results_count() == BRANCHES, "expected the results of three branches");
    for (uint32_t i = 0; i < BRANCHES; i++)
        add_field(&o, i, branch_result(i, otherwise[i]));
    out_c(&o, "}");
    return_text(out_text(&o));
}

NEAR_METHOD(get_portfolio_data)
{
    ask_all("portfolio_callback");
}

NEAR_METHOD(portfolio_callback)
{
    const struct text otherwise[BRANCHES] = {TEXT("null"), TEXT("null"), TEXT("null")};
    require_private("portfolio_callback");
    answer(otherwise);
}

NEAR_METHOD(get_portfolio_or_defaults)
{
    ask_all("portfolio_or_defaults_callback");
}

NEAR_METHOD(portfolio_or_defaults_callback)
{
    const struct text otherwise[BRANCHES] = {TEXT("\"0\""), TEXT("null"), TEXT("\"0\"")};
    require_private("portfolio_or_defaults_callback");
    answer(otherwise);
}

/* --- one after another ------------------------------------------------------------------------- */

/* The state of a sequence travels in the callback's arguments: what is known so far, and whom
 * to ask next. */
static void
ask_next(uint32_t index, struct text user, struct text known, const struct text *contracts)
{
    static char args[8192];
    struct out o = OUT(args);
    uint64_t promise = ask(index, contracts[index], user);
    out_c(&o, "{\"step\":");
    out_u64(&o, index);
    out_c(&o, ",\"user\":");
    json_quote(&o, user);
    out_c(&o, ",\"known\":");
    json_quote(&o, known);
    for (uint32_t i = 0; i < BRANCHES; i++) {
        out_c(&o, ",\"");
        out_c(&o, branches[i].argument);
        out_c(&o, "\":");
        json_quote(&o, contracts[i]);
    }
    out_c(&o, "}");
    /* Each step has to pay for those that follow it. */
    static const uint64_t tgas[BRANCHES] = {55, 30, 10};
    near_promise_return(call_back(promise, "sequential_step", out_text(&o), tgas[index] * TGAS));
}

NEAR_METHOD(get_portfolio_sequential)
{
    struct text user = arg_account("user"), contracts[BRANCHES];
    for (uint32_t i = 0; i < BRANCHES; i++)
        contracts[i] = arg_account(branches[i].argument);
    ask_next(TOKEN, user, TEXT(""), contracts);
}

NEAR_METHOD(sequential_step)
{
    static char fields[4096], result[8192];
    struct out known = OUT(fields), o = OUT(result);
    require_private("sequential_step");
    struct text user = arg_string("user"), contracts[BRANCHES];
    uint64_t step = arg_u64_or("step", BRANCHES);
    require(step < BRANCHES, "argument step must be 0, 1 or 2");
    for (uint32_t i = 0; i < BRANCHES; i++)
        contracts[i] = arg_account(branches[i].argument);
    out_add(&known, arg_string("known"));
    add_field(&known, (uint32_t)step, branch_result(0, TEXT("null")));
    if (step + 1 < BRANCHES) {
        ask_next((uint32_t)step + 1, user, out_text(&known), contracts);
        return;
    }
    begin_answer(&o, user);
    out_add(&o, out_text(&known));
    out_c(&o, "}");
    return_text(out_text(&o));
}

/* --- a batch: several actions in one receipt, all or nothing ------------------------------------- */

static void
add_transfer(uint64_t promise, struct text receiver, const char *amount)
{
    static const struct u128 one_yocto = {1, 0};
    uint32_t start = scratch.n;
    out_c(&scratch, "{\"receiver_id\":");
    json_quote(&scratch, receiver);
    out_c(&scratch, ",\"amount\":\"");
    out_c(&scratch, amount);
    out_c(&scratch, "\"}");
    struct text args = {room + start, scratch.n - start}, method = TEXT("ft_transfer");
    near_promise_batch_action_function_call(promise, method.n, (uint64_t)(uintptr_t)method.p,
                                            args.n, (uint64_t)(uintptr_t)args.p,
                                            (uint64_t)(uintptr_t)&one_yocto, 10 * TGAS);
}

/* Three transfers of tokens that this contract holds, to `user`. With `fail` the last one is
 * more than there is, and the first two are taken back with it. */
NEAR_METHOD(batch)
{
    struct text user = arg_account("user"), token = arg_account("token_contract");
    bool shall_fail = arg_bool_or("fail", false);
    uint64_t promise = near_promise_batch_create(token.n, (uint64_t)(uintptr_t)token.p);
    add_transfer(promise, user, "1");
    add_transfer(promise, user, "2");
    add_transfer(promise, user, shall_fail ? "340282366920938463463374607431768211455" : "3");
    near_promise_return(promise);
}
