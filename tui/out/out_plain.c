/* --plain: a line a change, no boxes, for pipes, logs and screen readers; the tree at the end. */
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "net/near/base58.h"
#include "tui/out/fields.h"
#include "tui/out/out.h"
#include "tui/out/text.h"

enum { VALUE_MAX = 200, LOG_MAX = 400, RESULT_MAX = 4096 };

static void
begin_line(struct out *o, int64_t now_ns)
{
    buf_addf(&o->text, "%8.3f  ", (double)(now_ns - o->start_ns) / NS_PER_S);
}

static void
add_name(struct out *o, const struct call *c, const struct node *n)
{
    if (n->has_index)
        buf_addf(&o->text, "[%zu] ", n->index);
    text_what(&o->text, n);
    if (n->has_receipt) {
        buf_add_c(&o->text, " on ");
        utf8_clean(&o->text, text_short_account(c, &n->receipt.receiver));
    }
}

static void
tell_outcome(struct out *o, const struct call *c, const struct node *n, int64_t now_ns)
{
    char gas[GAS_TEXT];
    begin_line(o, now_ns);
    add_name(o, c, n);
    buf_addf(&o->text, ": %s", text_status(n));
    buf_addf(&o->text, ", %s Tgas burnt", gas_text_tera(n->outcome.gas_burnt, gas));
    if (n->gas_attached)
        buf_addf(&o->text, " of %s", gas_text_tera(n->gas_attached, gas));
    if (n->has_height)
        buf_addf(&o->text, ", block %llu", (unsigned long long)n->height);
    if (n->status == NODE_FAILED) {
        buf_add_c(&o->text, ": ");
        text_reason(&o->text, n);
    } else if (n->outcome.status == OUTCOME_VALUE && n->outcome.value.n) {
        buf_add_c(&o->text, ": ");
        text_value(&o->text, n->outcome.value, VALUE_MAX);
    }
    buf_add_byte(&o->text, '\n');
    for (size_t i = 0; i < n->outcome.log_count; i++) {
        begin_line(o, now_ns);
        add_name(o, c, n);
        buf_add_c(&o->text, ": log: ");
        text_value(&o->text, n->outcome.logs[i], LOG_MAX);
        buf_add_byte(&o->text, '\n');
    }
}

static void
tell_pending(struct out *o, const struct call *c, const struct node *n, int64_t now_ns)
{
    begin_line(o, now_ns);
    add_name(o, c, n);
    buf_addf(&o->text, ": %s", text_status(n));
    if (n->status == NODE_WAITING)
        text_waits(&o->text, c, n);
    if (n->status == NODE_HOLE) {
        buf_add_c(&o->text, ": ");
        text_reason(&o->text, n);
    }
    buf_add_byte(&o->text, '\n');
}

static void
tell_headline(struct out *o, const struct call *c, const struct verdict *v, int64_t now_ns)
{
    struct buf text;
    buf_init(&text, sizeof(o->headline) - 1);
    text_headline(&text, c, v);
    if (strcmp(buf_c(&text), o->headline) != 0) {
        snprintf(o->headline, sizeof(o->headline), "%s", buf_c(&text));
        begin_line(o, now_ns);
        buf_addf(&o->text, "%s\n", o->headline);
    }
    buf_release(&text);
}

static void
plain_update(struct out *o, struct store *s, struct call *c, int64_t now_ns)
{
    const struct verdict *v = call_verdict(s, c);
    if (!o->has_call && c->has_transaction) {
        char hash[HASH_TEXT];
        o->has_call = true;
        begin_line(o, now_ns);
        buf_addf(&o->text, "%s to %s on %s, transaction %s\n", c->transaction.signer.s,
                 c->transaction.receiver.s, o->network, hash_text(&c->tx, hash));
    }
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        if (n->role == RECEIPT_REFUND)
            continue;
        if (n->has_outcome && (n->has_height || v->is_complete)) {
            if (out_first(o, 'n', &n->id, 100))
                tell_outcome(o, c, n, now_ns);
        } else if (!n->has_outcome && n->status != NODE_UNKNOWN &&
                   out_first(o, 'n', &n->id, (int)n->status)) {
            tell_pending(o, c, n, now_ns);
        }
    }
    if (v->kind != VERDICT_RUNNING)
        tell_headline(o, c, v, now_ns);
}

/* A receipt that nearly ran out of what it had, or had far more than it used. */
static void
tell_gas(struct out *o, const struct call *c)
{
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        enum gas_use use = node_gas_use(n);
        char burnt[GAS_TEXT], attached[GAS_TEXT];
        if (use == GAS_FITS)
            continue;
        add_name(o, c, n);
        buf_addf(&o->text, " burnt %s of its %s Tgas: %s\n",
                 gas_text_tera(n->outcome.gas_burnt, burnt),
                 gas_text_tera(n->gas_attached, attached),
                 use == GAS_SHORT ? "attach more" : "less would do");
    }
}

/* What a failed branch left in the result is easily taken for an answer. */
static void
tell_nulls(struct out *o, const struct call *c, const struct verdict *v)
{
    struct arena arena;
    struct field *fields;
    arena_init(&arena);
    size_t count = fields_of_result(c, v, &arena, &fields);
    for (size_t i = 0; i < count; i++) {
        if (!fields[i].branch || fields[i].branch->status != NODE_FAILED)
            continue;
        buf_add_c(&o->text, "       ");
        utf8_clean(&o->text, fields[i].path);
        buf_add_c(&o->text, " is null: ");
        add_name(o, c, fields[i].branch);
        buf_addf(&o->text, " %s\n", text_status(fields[i].branch));
    }
    arena_release(&arena);
}

static void
tell_result(struct out *o, const struct call *c, const struct verdict *v)
{
    if (v->has_result && v->result->outcome.status == OUTCOME_VALUE) {
        buf_add_c(&o->text, "result ");
        text_value(&o->text, v->result->outcome.value, RESULT_MAX);
        buf_add_byte(&o->text, '\n');
        tell_nulls(o, c, v);
    }
    if (v->first_failed) {
        struct buf advice;
        buf_init(&advice, RESULT_MAX);
        text_advice(&advice, v->first_failed);
        if (advice.n)
            buf_addf(&o->text, "check  %s\n", buf_c(&advice));
        buf_release(&advice);
    }
}

static void
plain_end(struct out *o, struct store *s, struct call *c, int64_t now_ns, bool is_unknown)
{
    const struct verdict *v = call_verdict(s, c);
    char near[AMOUNT_NEAR_TEXT], gas[GAS_TEXT];
    plain_update(o, s, c, now_ns);
    if (is_unknown)
        buf_add_c(&o->text, "the outcome could not be learnt; what is known:\n");
    buf_add_byte(&o->text, '\n');
    text_tree(&o->text, s, c, o->is_ascii, 0);
    tell_result(o, c, v);
    buf_addf(&o->text, "burnt %s Tgas, %s\n", gas_text_tera(v->gas_burnt, gas),
             amount_near_text(v->tokens_burnt, 6, near));
    if (v->has_blocks && v->sequential_blocks > v->blocks && v->blocks)
        buf_addf(&o->text, "%llu blocks in parallel, about %llu one after another\n",
                 (unsigned long long)v->blocks, (unsigned long long)v->sequential_blocks);
    tell_gas(o, c);
}

/* --- many calls --------------------------------------------------------------------------- */

static void
begin_call_line(struct out *o, const struct hash *tx, int64_t now_ns)
{
    begin_line(o, now_ns);
    text_short_hash(&o->text, tx);
    buf_add_c(&o->text, "  ");
}

static void
add_methods(struct out *o, const struct transaction *t)
{
    for (size_t i = 0; i < t->action_count; i++) {
        bool is_call = t->actions[i].kind == ACTION_FUNCTION_CALL;
        buf_add_c(&o->text, i ? ", " : " ");
        utf8_clean(&o->text, is_call ? str_slice(t->actions[i].method, 0, 64)
                                     : str_from(action_kind_name(t->actions[i].kind)));
    }
}

static void
plain_begun(struct out *o, const struct call *c, int64_t now_ns)
{
    begin_call_line(o, &c->tx, now_ns);
    buf_addf(&o->text, "%s to %s:", c->transaction.signer.s, c->transaction.receiver.s);
    add_methods(o, &c->transaction);
    buf_add_byte(&o->text, '\n');
}

static void
plain_ended(struct out *o, struct store *s, struct call *c, int64_t now_ns, bool with_tree)
{
    const struct verdict *v = call_verdict(s, c);
    struct buf headline;
    char gas[GAS_TEXT];
    buf_init(&headline, RESULT_MAX);
    text_headline(&headline, c, v);
    begin_call_line(o, &c->tx, now_ns);
    buf_addf(&o->text, "%s; %zu receipts, %s Tgas burnt\n", buf_c(&headline), v->receipts,
             gas_text_tera(v->gas_burnt, gas));
    buf_release(&headline);
    if (with_tree)
        text_tree(&o->text, s, c, o->is_ascii, 0);
}

static void
plain_left(struct out *o, const struct hash *tx, int64_t now_ns)
{
    begin_call_line(o, tx, now_ns);
    buf_add_c(&o->text, "is not kept any longer\n");
}

static void
plain_error(struct out *o, int64_t now_ns, const char *code, const char *message,
            const char *where)
{
    (void)code;
    begin_line(o, now_ns);
    buf_addf(&o->text, "%s%s", where, *where ? ": " : "");
    utf8_clean(&o->text, str_from(message));
    buf_add_byte(&o->text, '\n');
}

const struct out_ops out_plain = {
    .name = "plain", .update = plain_update, .end = plain_end,
    .begun = plain_begun, .ended = plain_ended, .left = plain_left, .error = plain_error};
