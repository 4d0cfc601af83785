#include "tui/out/text.h"

#include <stdio.h>
#include <string.h>
#include "net/base/utf8.h"
#include "net/json.h"
#include "net/near/base58.h"
#include "net/reason.h"
#include "tui/out/missing.h"
#include "tui/out/stage.h"

enum { FAILURE_MOST = 256 * 1024, METHOD_MOST = 256 };

const char *
text_role(enum receipt_role role)
{
    static const char *const names[] = {"call", "branch", "callback", "refund", "transfer",
                                        "other"};
    return names[role];
}

const char *
text_verdict(enum verdict_kind kind)
{
    static const char *const names[] = {"running", "ok", "branch_failed", "failed", "unknown"};
    return names[kind];
}

const char *
text_source(enum source_id id)
{
    static const char *const names[SOURCE_COUNT] = {"rpc", "push", "feed", "replay"};
    return names[id];
}

const char *
text_source_state(enum source_state state)
{
    switch (state) {
    case SOURCE_OFF: return "off";
    case SOURCE_CONNECTING: return "connecting";
    case SOURCE_LIVE: return "live";
    case SOURCE_RETRYING: return "retrying";
    case SOURCE_FAILED: return "failed";
    }
    return "";
}

/* The kind of failure in one word, from the node's own tags. */
static const char *
failure_word(struct str json)
{
    static const struct {
        const char *tag, *word;
    } words[] = {{"Smart contract panicked", "panicked"},
                 {"Exceeded the prepaid gas", "out of gas"},
                 {"Exceeded the maximum amount", "out of gas"},
                 {"WebAssembly trap", "trapped"},
                 {"MethodNotFound", "no method"},
                 {"CodeDoesNotExist", "no contract"},
                 {"AccountDoesNotExist", "no account"},
                 {"LackBalanceForState", "no balance"}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (str_find(json, str_from(words[i].tag)) >= 0)
            return words[i].word;
    }
    return "failed";
}

const char *
text_status(const struct node *n)
{
    switch (n->status) {
    case NODE_UNKNOWN: return "named";
    case NODE_IN_FLIGHT: return "in flight";
    case NODE_WAITING: return "waiting";
    case NODE_DONE: return n->role == RECEIPT_REFUND ? "refunded" : "done";
    case NODE_FAILED: return failure_word(n->outcome.failure.text);
    case NODE_HOLE: return "not to be had";
    }
    return "named";
}

void
text_action(struct buf *out, const struct action *a)
{
    switch (a->kind) {
    case ACTION_FUNCTION_CALL:
        if (a->method.n)
            utf8_clean(out, a->method);
        else
            buf_add_c(out, "(no method)");
        return;
    case ACTION_TRANSFER: buf_add_c(out, "transfer"); return;
    case ACTION_CREATE_ACCOUNT: buf_add_c(out, "create account"); return;
    case ACTION_DEPLOY_CONTRACT: buf_add_c(out, "deploy contract"); return;
    case ACTION_STAKE: buf_add_c(out, "stake"); return;
    case ACTION_ADD_KEY: buf_add_c(out, "add key"); return;
    case ACTION_DELETE_KEY: buf_add_c(out, "delete key"); return;
    case ACTION_DELETE_ACCOUNT: buf_add_c(out, "delete account"); return;
    case ACTION_DELEGATE: buf_add_c(out, "delegate"); return;
    case ACTION_DEPLOY_GLOBAL_CONTRACT: buf_add_c(out, "deploy global contract"); return;
    case ACTION_USE_GLOBAL_CONTRACT: buf_add_c(out, "use global contract"); return;
    case ACTION_OTHER: utf8_clean(out, a->method); return;
    }
}

void
text_what(struct buf *out, const struct node *n)
{
    const struct receipt_fact *r = &n->receipt;
    if (!n->has_receipt && n->role == RECEIPT_REFUND) {
        buf_add_c(out, "refund");
    } else if (!n->has_receipt) {
        buf_add_c(out, "receipt ");
        text_short_hash(out, &n->id);
    } else if (r->action_count > 1) {
        const struct str first = r->actions[0].method;
        buf_addf(out, "batch of %zu", r->action_count);
        if (first.n) {
            buf_add_c(out, ": ");
            utf8_clean(out, first);
        }
    } else if (n->role == RECEIPT_REFUND) {
        buf_add_c(out, "refund");
    } else if (r->action_count == 0) {
        buf_add_c(out, "nothing");
    } else {
        text_action(out, &r->actions[0]);
    }
}

void
text_waits(struct buf *out, const struct call *c, const struct node *n)
{
    if (n->receipt.is_promise_yield) {
        buf_add_c(out, " for its resumption");
        return;
    }
    for (size_t i = 0, told = 0; i < n->input_count; i++) {
        if (!call_input_arrived(c, n, i))
            buf_addf(out, "%s[%zu]", told++ ? " " : " for ", i);
    }
}

static void
clean_from(struct buf *out, struct buf *raw)
{
    utf8_clean(out, buf_str(raw));
    buf_release(raw);
}

/* The one that the node says it was; NULL when that cannot be told. */
static const struct action *
failed_action(const struct node *n)
{
    struct json *root = NULL;
    uint64_t index = UINT64_MAX;
    if (n->status != NODE_FAILED || !n->has_receipt ||
        json_parse(n->outcome.failure.text, FAILURE_MOST, &root, NULL))
        return NULL;
    bool is_told = json_get_u64(json_find(root, "ActionError"), "index", &index, NULL) == OK;
    json_free(root);
    return is_told && index < n->receipt.action_count ? &n->receipt.actions[index] : NULL;
}

/* The node does not say which method there is not. */
static bool
add_missing_method(struct buf *out, const struct node *n)
{
    const struct action *a =
        str_find(n->outcome.failure.text, STR("MethodNotFound")) >= 0 ? failed_action(n) : NULL;
    if (!a || a->kind != ACTION_FUNCTION_CALL || !a->method.n)
        return false;
    buf_add_c(out, "the contract has no method ");
    utf8_clean(out, str_slice(a->method, 0, METHOD_MOST));
    return true;
}

void
text_reason(struct buf *out, const struct node *n)
{
    struct buf raw;
    if (n->status == NODE_HOLE) {
        missing_say_why(out, n->hole_reason, n->hole_asked);
        return;
    }
    if (n->status != NODE_FAILED || add_missing_method(out, n))
        return;
    buf_init(&raw, REASON_MAX * 4);
    reason_of_failure(n->outcome.failure.text, &raw, NULL);
    clean_from(out, &raw);
}

void
text_reason_short(struct buf *out, const struct node *n)
{
    struct buf whole;
    struct str head = STR("the contract panicked: ");
    buf_init(&whole, REASON_MAX * 8);
    text_reason(&whole, n);
    struct str text = buf_str(&whole);
    if (str_starts(text, head)) {
        buf_add_c(out, "\"");
        buf_add_str(out, str_slice(text, head.n, text.n));
        buf_add_c(out, "\"");
    } else {
        buf_add_str(out, text);
    }
    buf_release(&whole);
}

/* Gas that its calls are promised is taken at once and comes back unburnt when it fails: gas
 * can run out with most of it unburnt. */
static bool
promised_too_much(const struct node *n)
{
    return n->gas_attached && n->outcome.gas_burnt < n->gas_attached / 2 &&
           str_find(n->outcome.failure.text, STR("Exceeded the prepaid gas")) >= 0;
}

void
text_advice(struct buf *out, const struct node *n)
{
    struct buf raw;
    if (n->status != NODE_FAILED)
        return;
    if (promised_too_much(n)) {
        buf_addf(out, "attach more gas: %.2f of %.0f Tgas were burnt, its calls need more than the rest",
                 (double)n->outcome.gas_burnt / 1e12, (double)n->gas_attached / 1e12);
        return;
    }
    buf_init(&raw, REASON_MAX * 4);
    reason_of_failure(n->outcome.failure.text, NULL, &raw);
    clean_from(out, &raw);
}

void
text_failed_action(struct buf *out, const struct node *n)
{
    const struct action *a = n->receipt.action_count > 1 ? failed_action(n) : NULL;
    if (!a)
        return;
    buf_addf(out, "action %td, ", a - n->receipt.actions);
    text_action(out, a);
    buf_addf(out, "; all %zu were rolled back", n->receipt.action_count);
}

void
text_value(struct buf *out, struct str value, size_t max)
{
    if (value.n == 0) {
        buf_add_c(out, "nothing");
        return;
    }
    if (!utf8_is_valid(value)) {
        buf_addf(out, "%zu bytes", value.n);
        return;
    }
    struct str head = str_slice(value, 0, max);
    /* Do not cut a character in two. */
    while (head.n && head.n < value.n && ((unsigned char)value.p[head.n] & 0xC0) == 0x80)
        head.n--;
    utf8_clean(out, head);
    if (head.n < value.n)
        buf_add_c(out, "…");
}

void
text_short_hash(struct buf *out, const struct hash *h)
{
    char text[HASH_TEXT];
    hash_text(h, text);
    size_t n = strlen(text);
    buf_addf(out, "%.6s…%s", text, n > 6 ? text + n - 6 : "");
}

struct str
text_short_account(const struct call *c, const struct account_id *id)
{
    struct str full = account_str(id), end = c->account_end;
    if (end.n && end.n < full.n && str_ends(full, end))
        return str_slice(full, 0, full.n - end.n);
    return full;
}

/* --- the header's sentence ---------------------------------------------------------------- */

static void
add_failed_branch(struct buf *out, const struct call *c, const struct node *n)
{
    buf_add_c(out, ": ");
    if (n->has_index)
        buf_addf(out, "[%zu] ", n->index);
    if (n->has_receipt && n->role == RECEIPT_CALLBACK) {
        /* On the account of the call itself, as a rule: that says nothing. */
        buf_add_c(out, "callback ");
        text_what(out, n);
        buf_add_c(out, ": ");
    } else if (n->has_receipt) {
        utf8_clean(out, text_short_account(c, &n->receipt.receiver));
        buf_add_c(out, ": ");
    }
    text_reason_short(out, n);
}

void
text_headline(struct buf *out, const struct call *c, const struct verdict *v)
{
    switch (v->kind) {
    case VERDICT_RUNNING:
        if (stage_of(c, v) != STAGE_RUNNING)
            stage_headline(out, c, stage_of(c, v));
        else if (!v->branches)
            buf_add_c(out, "running");
        else
            buf_addf(out, "running, %zu of %zu branch%s back", v->branches_done, v->branches,
                     v->branches == 1 ? " is" : "es are");
        if (v->branches && v->named)
            buf_addf(out, ", %zu not known yet", v->named);
        if (v->branches_failed)
            buf_addf(out, ", %zu failed", v->branches_failed);
        return;
    case VERDICT_OK: buf_add_c(out, "succeeded"); return;
    case VERDICT_BRANCH_FAILED:
        if (v->branches_failed)
            buf_addf(out, "succeeded, but %zu of %zu branch%s failed", v->branches_failed,
                     v->branches, v->branches == 1 ? "" : "es");
        else
            buf_addf(out, "succeeded, but %zu receipt%s failed", v->failed,
                     v->failed == 1 ? "" : "s");
        if (v->first_failed)
            add_failed_branch(out, c, v->first_failed);
        return;
    case VERDICT_FAILED:
        buf_add_c(out, "failed");
        if (c->state == TX_REFUSED) {
            buf_add_c(out, ", refused: ");
            utf8_clean(out, str_from(c->refused_reason));
        } else if (v->first_failed) {
            add_failed_branch(out, c, v->first_failed);
        }
        return;
    case VERDICT_UNKNOWN:
        buf_addf(out, "the outcome could not be learnt: %zu of %zu receipts cannot be had",
                 v->holes, v->receipts);
        return;
    }
}
