/* xcc: the cross-contract-calls example: three contracts at once, one answer. */
#include "contract/sdk/sdk.h"

enum { CALLS = 3 };

static const struct {
    const char *name, *account, *method, *args;
    uint64_t tgas;
} calls[CALLS] = {
    {"hello_account", "hello.test.near", "get_greeting", "{}", 5},
    {"counter_account", "counter.test.near", "get_num", "{}", 5},
    {"guestbook_account", "guestbook.test.near", "get_messages",
     "{\"from_index\":0,\"limit\":10}", 10},
};

/* Other accounts than the demo's, for a real network. */
NEAR_METHOD(new)
{
    struct text accounts[CALLS];
    for (uint32_t i = 0; i < CALLS; i++)
        accounts[i] = arg_account(calls[i].name);
    initialise(predecessor());
    for (uint32_t i = 0; i < CALLS; i++)
        state_set("a:", text_of(calls[i].name), accounts[i]);
}

NEAR_METHOD(multiple_contracts)
{
    uint64_t promises[CALLS];
    for (uint32_t i = 0; i < CALLS; i++) {
        struct text account = state_get("a:", text_of(calls[i].name));
        promises[i] = call_async(account.n ? account : text_of(calls[i].account),
                                 calls[i].method, text_of(calls[i].args), calls[i].tgas * TGAS);
    }
    uint64_t all = join_promises(promises, CALLS);
    near_promise_return(call_back(all, "multiple_contracts_callback", TEXT("{}"), 15 * TGAS));
}

NEAR_METHOD(multiple_contracts_callback)
{
    static char room[16384];
    struct out o = OUT(room);
    require_private("multiple_contracts_callback");
    require(near_promise_results_count() == CALLS, "expected the results of three branches");
    for (uint32_t i = 0; i < CALLS; i++) {
        out_byte(&o, i ? ',' : '[');
        out_add(&o, branch_result(i, TEXT("null")));
    }
    out_byte(&o, ']');
    return_text(out_text(&o));
}
