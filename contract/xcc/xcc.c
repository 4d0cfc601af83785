/* xcc: asks three contracts at once, hello, counter and guestbook, and returns the array of
 * their three answers, null for one that failed.
 *
 * `new` says which accounts they are on; before it, those of the demo are meant. Only the
 * contract's own account may call it. */
#include "contract/sdk/args.h"
#include "contract/sdk/branch.h"

#define ANSWER_MAX (3 * BRANCH_RESULT_MAX + 10)
#define CALLBACK_GAS (10 * TGAS)

enum { BRANCHES = 3 };

static const struct branch {
    const char *name;
    const char *account;                /* the argument of `new`, and the key it is kept under */
    const char *account_default;
    const char *method;
    const char *args;
    uint64_t gas;
} branch[BRANCHES] = {
    {"greeting", "hello_account", "hello.test.near", "get_greeting", "{}", 5 * TGAS},
    {"number", "counter_account", "counter.test.near", "get_num", "{}", 5 * TGAS},
    {"messages", "guestbook_account", "guestbook.test.near", "get_messages",
     "{\"from_index\":0,\"limit\":10}", 10 * TGAS},
};

NEAR_METHOD(new)
{
    require_private("new");
    require_no_deposit("new");
    struct args a = args_read();
    if (storage_has(text_of(branch[0].account)))
        panic("the contract is initialised already");
    for (int i = 0; i < BRANCHES; i++)
        storage_put(text_of(branch[i].account), args_account(&a, branch[i].account));
}

NEAR_METHOD(multiple_contracts)
{
    uint64_t promise[BRANCHES];
    for (int i = 0; i < BRANCHES; i++) {
        struct text account = text_of(branch[i].account_default);
        storage_get(text_of(branch[i].account), &account);
        promise[i] = promise_call(&(struct call){.account = account,
                                                 .method = branch[i].method,
                                                 .args = text_of(branch[i].args),
                                                 .gas = branch[i].gas});
    }
    branches_join(promise, BRANCHES, "multiple_contracts_callback", text_of("{}"), CALLBACK_GAS);
}

NEAR_METHOD(multiple_contracts_callback)
{
    require_private("multiple_contracts_callback");
    require_results("multiple_contracts_callback", BRANCHES);
    struct json_writer w = json_writer_new(ANSWER_MAX);
    json_open(&w, '[');
    for (int i = 0; i < BRANCHES; i++)
        json_put_raw(&w, branch_value(branch[i].name, (uint64_t)i, "null"));
    json_close(&w, ']');
    answer(&w);
}
