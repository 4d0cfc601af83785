/* portfolio: asks a token, a lending and a staking contract about one user and joins the three
 * answers: in parallel, one after another, or with defaults for what failed. Each of them runs
 * on its own, so one may fail and the others stand; the join says null then.
 *
 * `batch` shows the opposite: several actions in one receipt, which stand or fall together.
 * No state. */
#include "contract/sdk/args.h"
#include "contract/sdk/branch.h"

#define USER_MAX 256                    /* bytes; who is no account is for the others to say */
#define ANSWER_MAX (3 * BRANCH_RESULT_MAX + 6 * USER_MAX + 100)
#define CALLBACK_GAS (15 * TGAS)
#define TRANSFER_GAS (5 * TGAS)

enum { BRANCHES = 3 };

static const struct branch {
    const char *field;                  /* in the answer */
    const char *contract;               /* the argument that names the contract */
    const char *method;
    uint64_t gas;
    const char *or_default;             /* what get_portfolio_or_defaults says on failure */
} branch[BRANCHES] = {
    {"balance", "token_contract", "ft_balance_of", 5 * TGAS, "\"0\""},
    {"lending", "lending_contract", "get_position", 10 * TGAS, "null"},
    {"staking", "staking_contract", "get_rewards", 5 * TGAS, "\"0\""},
};

/* {"account_id":user} or {"user":user} */
static struct text
user_args(const char *name, struct text user)
{
    struct json_writer w = json_writer_new(6 * USER_MAX + 20);
    json_open(&w, '{');
    json_key(&w, name);
    json_put_text(&w, user);
    json_close(&w, '}');
    return json_text(&w);
}

static uint64_t
call_branch(const struct branch *b, struct text contract, struct text user)
{
    return promise_call(&(struct call){.account = contract,
                                       .method = b->method,
                                       .args = user_args("account_id", user),
                                       .gas = b->gas});
}

static void
answer_portfolio(struct text user, const struct text value[BRANCHES])
{
    struct json_writer w = json_writer_new(ANSWER_MAX);
    json_open(&w, '{');
    json_key(&w, "user");
    json_put_text(&w, user);
    for (int i = 0; i < BRANCHES; i++) {
        json_key(&w, branch[i].field);
        json_put_raw(&w, value[i]);
    }
    json_close(&w, '}');
    answer(&w);
}

/* --- all at once ------------------------------------------------------------------------- */

static void
ask_all(const struct args *a, const char *callback, struct text callback_args)
{
    struct text user = args_text(a, "user", USER_MAX);
    struct text contract[BRANCHES];
    uint64_t promise[BRANCHES];
    /* All arguments first: a panic then comes before any promise. */
    for (int i = 0; i < BRANCHES; i++) contract[i] = args_account(a, branch[i].contract);
    for (int i = 0; i < BRANCHES; i++) promise[i] = call_branch(&branch[i], contract[i], user);
    branches_join(promise, BRANCHES, callback, callback_args, CALLBACK_GAS);
}

static void
ask_in_parallel(const char *callback)
{
    struct args a = args_read();
    ask_all(&a, callback, user_args("user", args_text(&a, "user", USER_MAX)));
}

static void
join(const char *method, bool with_defaults)
{
    require_private(method);
    require_results(method, BRANCHES);
    struct args a = args_read();
    struct text value[BRANCHES];
    for (int i = 0; i < BRANCHES; i++)
        value[i] = branch_value(branch[i].field, (uint64_t)i,
                                with_defaults ? branch[i].or_default : "null");
    answer_portfolio(args_text(&a, "user", USER_MAX), value);
}

NEAR_METHOD(get_portfolio_data)
{
    ask_in_parallel("portfolio_callback");
}

NEAR_METHOD(portfolio_callback)
{
    join("portfolio_callback", false);
}

NEAR_METHOD(get_portfolio_or_defaults)
{
    ask_in_parallel("portfolio_or_defaults_callback");
}

NEAR_METHOD(portfolio_or_defaults_callback)
{
    join("portfolio_or_defaults_callback", true);
}

/* --- a callback that fails ---------------------------------------------------------------- */

/* For drills. "fail" says how: "panic", "loop" or "trap"; the callback does it when all three
 * have answered, whatever they said. */
NEAR_METHOD(get_portfolio_drill)
{
    struct args a = args_read();
    struct json_writer w = json_writer_new(6 * USER_MAX + 20);
    json_open(&w, '{');
    json_key(&w, "fail");
    json_put_text(&w, args_text(&a, "fail", USER_MAX));
    json_close(&w, '}');
    ask_all(&a, "portfolio_drill_callback", json_text(&w));
}

NEAR_METHOD(portfolio_drill_callback)
{
    require_private("portfolio_drill_callback");
    require_results("portfolio_drill_callback", BRANCHES);
    struct args a = args_read();
    struct text fail = args_text(&a, "fail", USER_MAX);
    if (text_is(fail, "panic"))
        panic("the answers do not fit together");
    if (text_is(fail, "trap"))
        near_trap();
    while (text_is(fail, "loop")) near_block_index();
    panic_about("unknown kind of failure: ", fail, "; the kinds are panic, loop, trap");
}

/* --- one after another ------------------------------------------------------------------- */

/* What each step may use: the branch that it calls, the steps after it, and itself. */
static const uint64_t step_gas[BRANCHES] = {55 * TGAS, 32 * TGAS, CALLBACK_GAS};

struct story {
    struct text user;
    struct text contract[BRANCHES];
    struct text value[BRANCHES];        /* of the branches before `step` */
    int step;                           /* the branch to call */
};

/* What the callback after branch `step` has to know. */
static struct text
step_args(const struct story *s)
{
    struct json_writer w = json_writer_new(ANSWER_MAX + 300);
    json_open(&w, '{');
    json_key(&w, "step");
    json_put_u64(&w, (uint64_t)s->step);
    json_key(&w, "user");
    json_put_text(&w, s->user);
    for (int i = 0; i < BRANCHES; i++) {
        json_key(&w, branch[i].contract);
        json_put_text(&w, s->contract[i]);
    }
    json_key(&w, "results");
    json_open(&w, '[');
    for (int i = 0; i < s->step; i++) json_put_raw(&w, s->value[i]);
    json_close(&w, ']');
    json_close(&w, '}');
    return json_text(&w);
}

static void
ask_next(const struct story *s)
{
    uint64_t promise = call_branch(&branch[s->step], s->contract[s->step], s->user);
    branches_join(&promise, 1, "sequential_step", step_args(s), step_gas[s->step]);
}

static struct story
story_read(const struct args *a)
{
    struct story s = {.user = args_text(a, "user", USER_MAX)};
    for (int i = 0; i < BRANCHES; i++) s.contract[i] = args_account(a, branch[i].contract);
    return s;
}

NEAR_METHOD(get_portfolio_sequential)
{
    struct args a = args_read();
    struct story s = story_read(&a);
    ask_next(&s);
}

NEAR_METHOD(sequential_step)
{
    require_private("sequential_step");
    require_results("sequential_step", 1);
    struct args a = args_read();
    struct story s = story_read(&a);
    uint64_t step = args_u64(&a, "step", BRANCHES);
    if (step >= BRANCHES)
        panic("argument step must be 0, 1 or 2");

    struct json_cursor results = json_begin(args_array(&a, "results"));
    struct json_value key, result;
    while (s.step < (int)step && json_next(&results, &key, &result))
        s.value[s.step++] = result.text;
    if (s.step < (int)step)
        panic("argument results must have one value for each step before this one");
    s.value[s.step] = branch_value(branch[s.step].field, 0, "null");
    s.step++;
    if (s.step < BRANCHES)
        ask_next(&s);
    else
        answer_portfolio(s.user, s.value);
}

/* --- all or nothing ---------------------------------------------------------------------- */

static struct text
transfer_args(struct text receiver, struct u128 amount)
{
    struct json_writer w = json_writer_new(200);
    json_open(&w, '{');
    json_key(&w, "receiver_id");
    json_put_text(&w, receiver);
    json_key(&w, "amount");
    json_put_u128(&w, amount);
    json_close(&w, '}');
    return json_text(&w);
}

/* Sends the user three times 7 of this contract's own tokens, in one receipt. With
 * "fail":true the third transfer asks for more than anybody has, and none of them happens. */
NEAR_METHOD(batch)
{
    struct args a = args_read();
    bool other_name = !args_has(&a, "token_contract") && args_has(&a, "contract");
    struct text token = args_account(&a, other_name ? "contract" : "token_contract");
    struct text user = args_account(&a, "user");
    bool fail = args_flag(&a, "fail", false);

    uint64_t promise = near_promise_batch_create(token.n, near_ptr(token.p));
    for (int i = 0; i < 3; i++) {
        bool too_much = fail && i == 2;
        struct u128 amount =
            too_much ? (struct u128){UINT64_MAX, UINT64_MAX} : u128_of(7);
        promise_add_call(promise, &(struct call){.method = "ft_transfer",
                                                 .args = transfer_args(user, amount),
                                                 .deposit = u128_of(1),
                                                 .gas = TRANSFER_GAS});
    }
    near_promise_return(promise);
}
