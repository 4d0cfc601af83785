#include "tests/storm/storm_truth.h"

#include <string.h>
#include "net/near/base58.h"
#include "tui/model/verdict.h"

struct truth {
    struct store *store;
    struct call *call;
    struct buf *why;
    bool is_partial;
    unsigned *holes;            /* receipts, and blocks that something ran in; NULL: there must be none */
    size_t outcomes, failures;
};

static void
differ(struct truth *t, const struct hash *id, const char *what)
{
    char text[HASH_TEXT];
    buf_addf(t->why, "%.8s: %s; ", hash_text(id, text), what);
}

static struct hash
hash_at(const struct json *object, const char *key)
{
    struct str text;
    struct hash h = {{0}};
    if (json_get_string(object, key, &text, NULL) || hash_parse(text, &h, NULL))
        memset(&h, 0xff, sizeof(h));
    return h;
}

static bool
is_text(const struct json *object, const char *key, const char *text)
{
    struct str s;
    return json_get_string(object, key, &s, NULL) == OK && str_equal_c(s, text);
}

static bool
is_same_list(const struct json *ids, const struct outcome_fact *f)
{
    size_t i = 0;
    struct str text;
    struct hash h;
    for (const struct json *v = json_first(ids); v; v = json_next(v), i++) {
        if (i >= f->child_count || json_string(v, &text, NULL) || hash_parse(text, &h, NULL) ||
            !hash_equal(&h, &f->children[i]))
            return false;
    }
    return i == f->child_count;
}

static bool
is_same_status(const struct json *status, const struct outcome_fact *f)
{
    struct str text;
    struct hash h;
    struct buf base64;
    if (json_find(status, "Failure"))
        return f->status == OUTCOME_FAILURE;
    if (json_get_string(status, "SuccessReceiptId", &text, NULL) == OK)
        return f->status == OUTCOME_RECEIPT && hash_parse(text, &h, NULL) == OK &&
               hash_equal(&h, &f->returns);
    if (json_get_string(status, "SuccessValue", &text, NULL) || f->status != OUTCOME_VALUE)
        return false;
    buf_init(&base64, JSON_BYTES_MAX);
    base64_encode(f->value, &base64);
    bool is_same = str_equal(buf_str(&base64), text);
    buf_release(&base64);
    return is_same;
}

static bool
is_same_logs(const struct json *logs, const struct outcome_fact *f)
{
    size_t i = 0;
    struct str text;
    for (const struct json *v = json_first(logs); v; v = json_next(v), i++) {
        if (i >= f->log_count || json_string(v, &text, NULL) || !str_equal(text, f->logs[i]))
            return false;
    }
    return i == f->log_count;
}

static void
compare_outcome(struct truth *t, const struct json *view, const struct node *n)
{
    const struct json *outcome = json_find(view, "outcome");
    const struct outcome_fact *f = &n->outcome;
    const struct hash block = hash_at(view, "block_hash");
    char tokens[AMOUNT_TEXT];
    uint64_t gas = 0;
    if (json_get_u64(outcome, "gas_burnt", &gas, NULL) || gas != f->gas_burnt)
        differ(t, &n->id, "gas");
    if (!is_text(outcome, "tokens_burnt", amount_text(f->tokens_burnt, tokens)))
        differ(t, &n->id, "tokens");
    if (!is_text(outcome, "executor_id", f->executor.s))
        differ(t, &n->id, "executor");
    if (!hash_equal(&block, &f->block_hash))
        differ(t, &n->id, "block");
    if (!f->has_block_time && t->holes)
        ++*t->holes;
    else if (!f->has_block_time && !t->is_partial)
        differ(t, &n->id, "when it ran");
    if (!is_same_list(json_find(outcome, "receipt_ids"), f))
        differ(t, &n->id, "children");
    if (!is_same_status(json_find(outcome, "status"), f))
        differ(t, &n->id, "status");
    if (!is_same_logs(json_find(outcome, "logs"), f))
        differ(t, &n->id, "logs");
}

static void
check_outcome(struct truth *t, const struct json *view, bool is_transaction)
{
    const struct hash id = hash_at(view, "id");
    const struct node *n = is_transaction ? t->call->transaction_node : call_node(t->call, &id);
    bool is_known = n && n->has_outcome && (is_transaction || n->is_placed);
    if (is_known)
        compare_outcome(t, view, n);
    else if (!t->is_partial)
        differ(t, &id, n ? "has no outcome" : "is not there");
    t->outcomes += !is_transaction;
    t->failures += json_find(json_find(json_find(view, "outcome"), "status"), "Failure") != NULL;
}

static bool
is_same_base64(const struct json *object, const char *key, struct str bytes)
{
    struct buf base64;
    buf_init(&base64, JSON_BYTES_MAX);
    base64_encode(bytes, &base64);
    bool is_same = is_text(object, key, buf_c(&base64));
    buf_release(&base64);
    return is_same;
}

/* Of function calls all, of the others the number: the storm's calls do nothing else but refunds. */
static bool
is_same_actions(const struct json *actions, const struct receipt_fact *f)
{
    size_t i = 0;
    for (const struct json *v = json_first(actions); v; v = json_next(v), i++) {
        const struct json *call = json_find(v, "FunctionCall");
        const struct json *pay = json_find(v, "Transfer");
        const struct action *a = &f->actions[i];
        char deposit[AMOUNT_TEXT];
        uint64_t gas = 0;
        if (i >= f->action_count || !is_text(call ? call : pay, "deposit",
                                             amount_text(a->deposit, deposit)))
            return false;
        if (!call)
            continue;
        struct str method;
        if (json_get_string(call, "method_name", &method, NULL) || !str_equal(method, a->method) ||
            json_get_u64(call, "gas", &gas, NULL) || gas != a->gas ||
            !is_same_base64(call, "args", a->args))
            return false;
    }
    return i == f->action_count;
}

static bool
is_same_data(const struct json *action, const struct receipt_fact *f)
{
    size_t i = 0;
    struct str text;
    struct hash h;
    for (const struct json *v = json_first(json_find(action, "input_data_ids")); v;
         v = json_next(v), i++) {
        if (i >= f->input_count || json_string(v, &text, NULL) || hash_parse(text, &h, NULL) ||
            !hash_equal(&h, &f->inputs[i]))
            return false;
    }
    if (i != f->input_count)
        return false;
    i = 0;
    for (const struct json *v = json_first(json_find(action, "output_data_receivers")); v;
         v = json_next(v), i++) {
        h = hash_at(v, "data_id");
        if (i >= f->output_count || !hash_equal(&h, &f->outputs[i].data_id) ||
            !is_text(v, "receiver_id", f->outputs[i].receiver.s))
            return false;
    }
    return i == f->output_count;
}

static void
check_receipt(struct truth *t, const struct json *view)
{
    const struct hash id = hash_at(view, "receipt_id");
    const struct node *n = call_node(t->call, &id);
    if (!n || !n->has_receipt) {
        bool is_told = n && n->hole_reason && t->holes;
        if (is_told)
            ++*t->holes;
        else if (!t->is_partial)
            differ(t, &id, "its receipt is not there");
        return;
    }
    const struct receipt_fact *f = &n->receipt;
    const struct json *action = json_find(json_find(view, "receipt"), "Action");
    if (!is_text(view, "predecessor_id", f->predecessor.s) ||
        !is_text(view, "receiver_id", f->receiver.s) || !is_text(action, "signer_id", f->signer.s))
        differ(t, &id, "from, to or for");
    if (!is_same_actions(json_find(action, "actions"), f))
        differ(t, &id, "actions");
    if (!is_same_data(action, f))
        differ(t, &id, "what it waits for, or who for it");
}

static void
check_verdict(struct truth *t, const struct json *status)
{
    const struct verdict *v = call_verdict(t->store, t->call);
    bool has_failed = json_find(json_find(status, "status"), "Failure") != NULL;
    enum verdict_kind kind = has_failed        ? VERDICT_FAILED
                             : t->failures > 0 ? VERDICT_BRANCH_FAILED
                                               : VERDICT_OK;
    if (v->kind != kind)
        differ(t, &t->call->tx, "the verdict");
    if (t->call->order_count != t->outcomes)
        differ(t, &t->call->tx, "there are more receipts, or less");
}

static void
compare(struct truth *t, const struct json *status)
{
    call_update(t->store, t->call);
    check_outcome(t, json_find(status, "transaction_outcome"), true);
    const struct json *v;
    for (v = json_first(json_find(status, "receipts_outcome")); v; v = json_next(v))
        check_outcome(t, v, false);
    for (v = json_first(json_find(status, "receipts")); v; v = json_next(v))
        check_receipt(t, v);
    if (!t->is_partial)
        check_verdict(t, status);
}

void
storm_truth_equals(const struct json *status, struct store *s, struct call *c, unsigned *holes,
                   struct buf *why)
{
    struct truth t = {.store = s, .call = c, .holes = holes, .why = why};
    compare(&t, status);
}

void
storm_truth_allows(const struct json *status, struct store *s, struct call *c, struct buf *why)
{
    struct truth t = {.store = s, .call = c, .why = why, .is_partial = true};
    compare(&t, status);
}
