/* Every receipt that a real node ran, run again: same gas to the unit, entry by entry, same
 * logs, same answer or sentence, same receipts asked for. Only what lies between a receipt and
 * its outcome is looked at; how receipts get there is the chain's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "contract/host/fee.h"
#include "net/base/xalloc.h"
#include "net/json.h"
#include "tests/support/vm_case.h"
#include "tests/support/wat.h"

enum { MAX_RECORDED = 100, MAX_RESULTS = 128, MAX_RECORDED_BYTES = 16 << 20 };

static const struct {
    const char *account, *wasm;
} contracts[] = {
    {"portfolio.test.near", "tests/data/wasm/portfolio.wasm"},
    {"token.test.near", "tests/data/wasm/leaf.wasm"},
    {"lending.test.near", "tests/data/wasm/leaf.wasm"},
    {"staking.test.near", "tests/data/wasm/leaf.wasm"},
    {"probe.test.near", "tests/data/wasm/probe.wasm"},
    {"badimport.test.near", "tests/data/wasm/badimport.wasm"},
    {"segments.test.near", "tests/data/wasm/segments.wasm"},
};
enum { CONTRACT_COUNT = sizeof(contracts) / sizeof(contracts[0]), TOKEN = 1, LENDING, STAKING };

/* Which fault the branches were told to have when a call was recorded. */
static const struct {
    const char *name, *token, *lending, *staking;
} modes[] = {
    {"portfolio_all_branches_fail", "panic", "panic", "panic"},
    {"portfolio_lending_logs", "none", "log", "none"},
    {"portfolio_lending_memory_out_of_bounds", "none", "oob", "none"},
    {"portfolio_lending_not_json", "none", "garbage", "none"},
    {"portfolio_lending_out_of_gas", "none", "burn", "none"},
    {"portfolio_lending_panics", "none", "panic", "none"},
    {"portfolio_lending_traps", "none", "trap", "none"},
};

struct recorded {
    char name[64];
    struct json *root;
    const struct json *receipts, *outcomes;
    uint64_t height;                    /* of the first outcome's block */
};

static struct vm_case accounts[CONTRACT_COUNT];
static const struct module *modules[CONTRACT_COUNT];
static struct recorded all[MAX_RECORDED];
static size_t recorded_count, receipts_compared;

/* --- reading --------------------------------------------------------------------------- */

static struct str
text_of(const struct json *object, const char *key)
{
    struct str s = {0};
    struct diag d = {0};
    if (json_get_string(object, key, &s, &d) != OK)
        fail_msg("%s", diag_text(&d));
    return s;
}

static uint64_t
number_of(const struct json *object, const char *key)
{
    uint64_t n = 0;
    struct diag d = {0};
    if (json_get_u64(object, key, &n, &d) != OK)
        fail_msg("%s", diag_text(&d));
    return n;
}

static struct str
bytes_of(struct arena *arena, struct str base64)
{
    struct buf b;
    buf_init(&b, MAX_RECORDED_BYTES);
    assert_int_equal(base64_decode(base64, &b, NULL), OK);
    struct str bytes = arena_str(arena, buf_str(&b));
    buf_release(&b);
    return bytes;
}

static uint64_t
height_of(const struct json *root, struct str block_hash)
{
    for (const struct json *b = json_first(json_find(root, "blocks")); b; b = json_next(b)) {
        const struct json *header = json_find(b, "header");
        if (!header)
            header = json_find(json_find(b, "result"), "header");
        if (header && str_equal(text_of(header, "hash"), block_hash))
            return number_of(header, "height");
    }
    return 0;
}

static void
load_case(const char *file)
{
    char path[256];
    struct buf text;
    struct recorded *r = &all[recorded_count];
    snprintf(path, sizeof(path), "tests/data/node/%s", file);
    buf_init(&text, MAX_RECORDED_BYTES);
    wat_read(path, &text);
    struct diag d = {0};
    if (json_parse(buf_str(&text), MAX_RECORDED_BYTES, &r->root, &d) != OK)
        fail_msg("%s: %s", path, diag_text(&d));
    buf_release(&text);
    const struct json *timeline = json_find(r->root, "timeline");
    const struct json *last = timeline ? json_at(timeline, json_count(timeline) - 1) : NULL;
    const struct json *result = last ? json_find(last, "result") : NULL;
    r->receipts = result ? json_find(result, "receipts") : NULL;
    r->outcomes = result ? json_find(result, "receipts_outcome") : NULL;
    if (!r->outcomes || json_count(r->outcomes) == 0) {
        json_free(r->root);
        return;
    }
    snprintf(r->name, sizeof(r->name), "%.*s", (int)(strlen(file) - strlen(".json")), file);
    r->height = height_of(r->root, text_of(json_first(r->outcomes), "block_hash"));
    recorded_count++;
    assert_true(recorded_count < MAX_RECORDED);
}

static int
by_height(const void *a, const void *b)
{
    const struct recorded *x = a, *y = b;
    return x->height < y->height ? -1 : x->height > y->height;
}

static int
load_all(void **state)
{
    (void)state;
    DIR *folder = opendir("tests/data/node");
    assert_non_null(folder);
    for (struct dirent *e; (e = readdir(folder));) {
        if (str_ends(str_from(e->d_name), STR(".json")))
            load_case(e->d_name);
    }
    closedir(folder);
    qsort(all, recorded_count, sizeof(*all), by_height);
    for (size_t i = 0; i < CONTRACT_COUNT; i++) {
        vm_case_init(&accounts[i]);
        accounts[i].context.current = account_of(contracts[i].account);
        modules[i] = vm_module_file(contracts[i].wasm);
    }
    return 0;
}

static int
release_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < recorded_count; i++)
        json_free(all[i].root);
    for (size_t i = 0; i < CONTRACT_COUNT; i++)
        vm_case_release(&accounts[i]);
    module_forget_all();
    return 0;
}

/* --- the state before a call ----------------------------------------------------------- */

static void
call_directly(size_t account, const char *method, const char *args)
{
    struct vm_case *c = &accounts[account];
    const struct vm_context kept = c->context;
    c->context.input = str_from(args);
    vm_case_run(c, modules[account], method);
    vm_case_expect_ok(c);
    c->context = kept;
}

static void
set_modes(const char *name)
{
    const char *told[CONTRACT_COUNT] = {NULL};
    for (size_t i = TOKEN; i <= STAKING; i++)
        told[i] = "none";
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (strcmp(modes[i].name, name) == 0) {
            told[TOKEN] = modes[i].token;
            told[LENDING] = modes[i].lending;
            told[STAKING] = modes[i].staking;
        }
    }
    for (size_t i = TOKEN; i <= STAKING; i++) {
        char args[64];
        snprintf(args, sizeof(args), "{\"mode\":\"%s\"}", told[i]);
        call_directly(i, "set_mode", args);
    }
}

/* --- one receipt ----------------------------------------------------------------------- */

static const struct json *
outcome_of(const struct recorded *r, struct str id)
{
    for (const struct json *o = json_first(r->outcomes); o; o = json_next(o)) {
        if (str_equal(text_of(o, "id"), id))
            return json_find(o, "outcome");
    }
    return NULL;
}

static bool
sends_data(const struct json *action, struct str data_id)
{
    const struct json *receivers = json_find(action, "output_data_receivers");
    for (const struct json *d = json_first(receivers); d; d = json_next(d)) {
        if (str_equal(text_of(d, "data_id"), data_id))
            return true;
    }
    return false;
}

/* What stands for a data id: the outcome of whoever in the end delivered it. */
static struct promise_result
result_of(const struct recorded *r, struct str data_id, struct arena *arena)
{
    for (const struct json *x = json_first(r->receipts); x; x = json_next(x)) {
        const struct json *action = json_find(json_find(x, "receipt"), "Action");
        if (!action || !sends_data(action, data_id))
            continue;
        const struct json *status =
            json_find(outcome_of(r, text_of(x, "receipt_id")), "status");
        const struct json *value = json_find(status, "SuccessValue");
        struct str text;
        if (value && json_string(value, &text, NULL) == OK)
            return (struct promise_result){.is_ok = true, .value = bytes_of(arena, text)};
        if (json_find(status, "Failure"))
            return (struct promise_result){.is_ok = false};
    }
    fail_msg("%s: nobody delivers %.*s", r->name, STR_ARG(data_id));
    return (struct promise_result){.is_ok = false};
}

static uint64_t
recorded_cost(const struct json *outcome, const char *name)
{
    const struct json *profile = json_find(json_find(outcome, "metadata"), "gas_profile");
    for (const struct json *e = json_first(profile); e; e = json_next(e)) {
        uint64_t gas;
        if (str_equal_c(text_of(e, "cost"), name) &&
            json_get_u64_text(e, "gas_used", &gas, NULL) == OK)
            return gas;
    }
    return 0;
}

static struct action
action_of(const struct json *v, struct arena *arena)
{
    struct action a = {.kind = ACTION_OTHER};
    const struct json *call = json_find(v, "FunctionCall"),
                      *transfer = json_find(v, "Transfer");
    if (call) {
        a.kind = ACTION_FUNCTION_CALL;
        a.method = arena_str(arena, text_of(call, "method_name"));
        a.args = bytes_of(arena, text_of(call, "args"));
        a.gas = number_of(call, "gas");
        assert_int_equal(amount_parse(text_of(call, "deposit"), &a.deposit, NULL), OK);
    } else if (transfer) {
        a.kind = ACTION_TRANSFER;
    }
    return a;
}

/* Sums of all calls of a receipt. */
struct total {
    uint64_t vm_burnt, fees;
    struct {
        const char *name;
        uint64_t gas;
    } costs[128];
    size_t cost_count;
    size_t log_count, receipt_count;
};

static void
add_call(struct total *t, const struct vm_outcome *out)
{
    t->vm_burnt += out->gas_burnt;
    t->log_count += out->log_count;
    t->receipt_count += out->receipt_count;
    for (size_t i = 0; i < out->profile_count; i++) {
        size_t j = 0;
        while (j < t->cost_count && strcmp(t->costs[j].name, out->profile[i].name) != 0)
            j++;
        if (j == t->cost_count) {
            assert_true(j < sizeof(t->costs) / sizeof(t->costs[0]));
            t->costs[t->cost_count++].name = out->profile[i].name;
        }
        t->costs[j].gas += out->profile[i].gas;
    }
}

static void
compare_gas(const char *where, const struct total *t, const struct json *outcome)
{
    const struct json *profile = json_find(json_find(outcome, "metadata"), "gas_profile");
    for (const struct json *e = json_first(profile); e; e = json_next(e)) {
        uint64_t recorded =
            recorded_cost(outcome, arena_c(&accounts[0].arena, text_of(e, "cost")));
        uint64_t ours = 0;
        for (size_t i = 0; i < t->cost_count; i++) {
            if (str_equal_c(text_of(e, "cost"), t->costs[i].name))
                ours = t->costs[i].gas;
        }
        if (ours != recorded)
            fail_msg("%s: %.*s: %llu, the node %llu", where, STR_ARG(text_of(e, "cost")),
                     (unsigned long long)ours, (unsigned long long)recorded);
    }
    if (t->cost_count != json_count(profile))
        fail_msg("%s: %zu entries in the profile, the node has %zu", where, t->cost_count,
                 json_count(profile));
    uint64_t burnt = number_of(outcome, "gas_burnt");
    if (t->vm_burnt + t->fees != burnt)
        fail_msg("%s: burnt %llu, the node %llu", where,
                 (unsigned long long)(t->vm_burnt + t->fees), (unsigned long long)burnt);
}

static void
compare_failure(const char *where, const struct vm_outcome *out, const struct json *failure)
{
    const struct json *kind = json_find(json_find(failure, "ActionError"), "kind");
    const struct json *error = json_find(kind, "FunctionCallError");
    /* Names of receivers are checked by the chain, on what the contract asked for. */
    if (json_find(kind, "NewReceiptValidationError")) {
        assert_int_equal(out->error, VM_OK);
        assert_true(out->receipt_count > 0 && out->receipts[0].has_bad_receiver);
        return;
    }
    struct str sentence;
    if (json_find(error, "ExecutionError")) {
        sentence = text_of(error, "ExecutionError");
        if (out->error != VM_EXECUTION || !str_equal(out->error_text, sentence))
            fail_msg("%s: \"%.*s\", the node \"%.*s\"", where, STR_ARG(out->error_text),
                     STR_ARG(sentence));
        return;
    }
    sentence = text_of(error, "MethodResolveError");
    enum vm_error expected = str_equal_c(sentence, "MethodNotFound") ? VM_METHOD_NOT_FOUND
                             : str_equal_c(sentence, "MethodEmptyName")
                                 ? VM_METHOD_EMPTY_NAME
                                 : VM_METHOD_INVALID_SIGNATURE;
    assert_int_equal(out->error, expected);
}

static void
compare_status(const char *where, const struct vm_outcome *out, const struct json *outcome,
               struct arena *arena)
{
    const struct json *status = json_find(outcome, "status");
    const struct json *failure = json_find(status, "Failure");
    if (failure) {
        compare_failure(where, out, failure);
        return;
    }
    if (out->error != VM_OK)
        fail_msg("%s: failed with \"%.*s\", not so on the node", where,
                 STR_ARG(out->error_text));
    if (json_find(status, "SuccessReceiptId")) {
        assert_int_equal(out->returns, VM_RETURN_RECEIPT);
        return;
    }
    struct str value = bytes_of(arena, text_of(status, "SuccessValue"));
    if (!str_equal(out->value, value))
        fail_msg("%s: returned %.*s, the node %.*s", where, STR_ARG(out->value),
                 STR_ARG(value));
}

static void
compare_logs(const char *where, const struct vm_outcome *out, const struct json *outcome)
{
    const struct json *logs = json_find(outcome, "logs");
    size_t n = json_count(logs);
    if (out->log_count != n)
        fail_msg("%s: %zu logs, the node %zu", where, out->log_count, n);
    for (size_t i = 0; i < n; i++) {
        struct str text;
        assert_int_equal(json_string(json_at(logs, i), &text, NULL), OK);
        if (!str_equal(out->logs[i], text))
            fail_msg("%s: another log %zu", where, i);
    }
}

static const struct json *
receipt_of(const struct recorded *r, struct str id)
{
    for (const struct json *x = json_first(r->receipts); x; x = json_next(x)) {
        if (str_equal(text_of(x, "receipt_id"), id))
            return x;
    }
    return NULL;
}

/* The receipts that the contract asked for come first among the outcome's, in order. */
static void
compare_children(const char *where, const struct recorded *r, const struct vm_outcome *out,
                 const struct json *outcome, struct arena *arena)
{
    const struct json *ids = json_find(outcome, "receipt_ids");
    bool has_failed = json_find(json_find(outcome, "status"), "Failure") != NULL;
    for (size_t i = 0; i < out->receipt_count && !has_failed; i++) {
        struct str id;
        const struct json *id_value = json_at(ids, i);
        assert_non_null(id_value);
        assert_int_equal(json_string(id_value, &id, NULL), OK);
        const struct json *x = receipt_of(r, id);
        if (!x)
            continue;
        const struct vm_receipt *mine = &out->receipts[i];
        const struct json *action = json_find(json_find(x, "receipt"), "Action");
        const struct json *actions = json_find(action, "actions");
        if (!str_equal(text_of(x, "receiver_id"), account_str(&mine->receiver)) ||
            mine->action_count != json_count(actions) ||
            mine->input_count != json_count(json_find(action, "input_data_ids")))
            fail_msg("%s: receipt %zu is another", where, i);
        for (size_t j = 0; j < mine->action_count; j++) {
            struct action theirs = action_of(json_at(actions, j), arena);
            const struct action *a = &mine->actions[j];
            if (a->kind != theirs.kind || a->gas != theirs.gas ||
                !str_equal(a->method, theirs.method) || !str_equal(a->args, theirs.args))
                fail_msg("%s: action %zu of receipt %zu is another", where, j, i);
        }
    }
}

static void
set_context(const struct recorded *r, const struct json *x, struct vm_case *c)
{
    const struct json *action = json_find(json_find(x, "receipt"), "Action");
    const struct json *inputs = json_find(action, "input_data_ids");
    static struct promise_result results[MAX_RESULTS];
    c->context.signer = account_of(arena_c(&c->arena, text_of(action, "signer_id")));
    c->context.predecessor = account_of(arena_c(&c->arena, text_of(x, "predecessor_id")));
    c->context.result_count = json_count(inputs);
    c->context.results = results;
    assert_true(c->context.result_count <= MAX_RESULTS);
    for (size_t i = 0; i < c->context.result_count; i++) {
        struct str id;
        assert_int_equal(json_string(json_at(inputs, i), &id, NULL), OK);
        results[i] = result_of(r, id, &c->arena);
    }
}

static void
set_receivers(const struct json *action, struct vm_case *c)
{
    const struct json *receivers = json_find(action, "output_data_receivers");
    size_t n = json_count(receivers);
    struct account_id *list = arena_array(&c->arena, n, sizeof(*list));
    for (size_t i = 0; i < n; i++)
        list[i] = account_of(arena_c(&c->arena, text_of(json_at(receivers, i), "receiver_id")));
    c->context.output_receivers = list;
    c->context.output_receiver_count = n;
}

static void
compare_receipt(const struct recorded *r, const struct json *x, size_t account)
{
    struct vm_case *c = &accounts[account];
    const struct json *outcome = outcome_of(r, text_of(x, "receipt_id"));
    const struct json *action = json_find(json_find(x, "receipt"), "Action");
    const struct json *actions = json_find(action, "actions");
    struct str receiver = text_of(x, "receiver_id");
    struct total total = {.fees = fee_execution(FEE_NEW_ACTION_RECEIPT)};
    const struct vm_context kept = c->context;
    char where[160];
    set_context(r, x, c);
    c->touched = recorded_cost(outcome, "TOUCHING_TRIE_NODE") / UINT64_C(16101955926);
    c->cached = recorded_cost(outcome, "READ_CACHED_TRIE_NODE") / UINT64_C(2280000000);
    bool is_call = false, has_failed = false;
    vm_case_begin(c);
    for (size_t i = 0; i < json_count(actions) && !has_failed; i++) {
        struct action a = action_of(json_at(actions, i), &c->arena);
        total.fees += action_execution_fee(&a, receiver);
        is_call = a.kind == ACTION_FUNCTION_CALL;
        if (!is_call)
            continue;
        if (i + 1 == json_count(actions))
            set_receivers(action, c);
        c->context.input = a.args;
        c->context.prepaid_gas = a.gas;
        c->context.attached_deposit = a.deposit;
        vm_case_run(c, modules[account], arena_c(&c->arena, a.method));
        has_failed = c->out.error != VM_OK;
        add_call(&total, &c->out);
    }
    if (has_failed)
        vm_case_roll_back(c);
    if (is_call) {
        snprintf(where, sizeof(where), "%s: %.*s", r->name, STR_ARG(receiver));
        compare_status(where, &c->out, outcome, &c->arena);
        compare_gas(where, &total, outcome);
        compare_logs(where, &c->out, outcome);
        compare_children(where, r, &c->out, outcome, &c->arena);
        receipts_compared++;
    }
    c->context = kept;
}

/* Yielded promises are described by calls that do not exist here. */
static bool
is_beyond_us(const struct recorded *r)
{
    return strncmp(r->name, "yield", 5) == 0;
}

static void
vm_run__does_what_the_node_did(void **state)
{
    (void)state;
    for (size_t i = 0; i < recorded_count; i++) {
        const struct recorded *r = &all[i];
        if (is_beyond_us(r))
            continue;
        set_modes(r->name);
        call_directly(TOKEN, "mint",
                      "{\"account_id\":\"alice.test.near\",\"amount\":\"1250000000\"}");
        for (const struct json *x = json_first(r->receipts); x; x = json_next(x)) {
            if (!json_find(json_find(x, "receipt"), "Action") ||
                !outcome_of(r, text_of(x, "receipt_id")))
                continue;
            for (size_t k = 0; k < CONTRACT_COUNT; k++) {
                if (str_equal_c(text_of(x, "receiver_id"), contracts[k].account))
                    compare_receipt(r, x, k);
            }
        }
    }
    print_message("%zu receipts compared\n", receipts_compared);
    assert_int_equal(receipts_compared, 133);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vm_run__does_what_the_node_did),
    };
    return cmocka_run_group_tests(tests, load_all, release_all);
}
