/* --plain: sentences, a line a change, for screen readers, pipes and logs; all receipts at the end. */
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "net/near/base58.h"
#include "tui/out/lesson.h"
#include "tui/out/missing.h"
#include "tui/out/out.h"
#include "tui/out/say.h"
#include "tui/out/stage.h"
#include "tui/out/text.h"

enum { SHORT_HASH = 8 };

static void
begin_line(struct out *o, int64_t now_ns)
{
    buf_addf(&o->text, "%.3f s: ", (double)(now_ns - o->start_ns) / NS_PER_S);
}

static void
tell_receipt(struct out *o, const struct call *c, const struct node *n, int64_t now_ns)
{
    size_t logs = n->has_outcome ? n->outcome.log_count : 0;
    begin_line(o, now_ns);
    say_receipt(&o->text, c, n);
    buf_add_byte(&o->text, '\n');
    for (size_t i = 0; i < logs; i++) {
        begin_line(o, now_ns);
        say_log(&o->text, n, n->outcome.logs[i]);
        buf_add_byte(&o->text, '\n');
    }
}

/* How it went, or how it goes: whenever `say` has something new. */
static void
tell_news(struct out *o, const struct call *c, const struct verdict *v, int64_t now_ns,
          void (*say)(struct buf *, const struct call *, const struct verdict *))
{
    struct buf text;
    buf_init(&text, sizeof(o->headline) - 1);
    say(&text, c, v);
    struct str said = str_trim(buf_str(&text));
    if (!str_equal_c(said, o->headline)) {
        snprintf(o->headline, sizeof(o->headline), "%.*s", STR_ARG(said));
        begin_line(o, now_ns);
        buf_addf(&o->text, "%s\n", o->headline);
    }
    buf_release(&text);
}

static void
add_methods(struct out *o, const struct transaction *t)
{
    for (size_t i = 0; i < t->action_count; i++) {
        buf_add_c(&o->text, i ? ", " : " ");
        text_action(&o->text, &t->actions[i]);
    }
}

/* "alice.near sends get_x to portfolio.near on testnet, transaction …". */
static void
tell_transaction(struct out *o, const struct call *c)
{
    const struct transaction *t = &c->transaction;
    char hash[HASH_TEXT];
    buf_addf(&o->text, "%s sends", t->signer.s);
    add_methods(o, t);
    buf_addf(&o->text, " to %s on %s in transaction %s.\n", t->receiver.s, o->network,
             hash_text(&c->tx, hash));
}

static void
plain_update(struct out *o, struct store *s, struct call *c, int64_t now_ns)
{
    const struct verdict *v = call_verdict(s, c);
    if (!o->has_call && c->has_transaction) {
        o->has_call = true;
        begin_line(o, now_ns);
        tell_transaction(o, c);
    }
    for (size_t i = 0; i < c->order_count && !o->is_teaching; i++) {
        const struct node *n = c->order[i];
        if (n->role == RECEIPT_REFUND)
            continue;
        if (n->has_outcome && (n->has_height || v->is_complete)) {
            if (out_first(o, 'n', &n->id, 100))
                tell_receipt(o, c, n, now_ns);
        } else if (!n->has_outcome && n->status != NODE_UNKNOWN &&
                   out_first(o, 'n', &n->id, (int)n->status)) {
            tell_receipt(o, c, n, now_ns);
        }
    }
    /* What a call goes through in its first second is no news; that it stays there is. */
    enum stage stage = stage_of(c, v);
    bool is_news = stage == STAGE_UNOBSERVED || stage == STAGE_NOT_FOUND ||
                   stage == STAGE_TAKEN_BACK;
    if (o->is_teaching && !is_news)
        tell_news(o, c, v, now_ns, lesson_say);
    else if (v->kind != VERDICT_RUNNING || is_news)
        tell_news(o, c, v, now_ns, say_verdict);
}

static void
plain_end(struct out *o, struct store *s, struct call *c, int64_t now_ns, bool is_unknown)
{
    const struct verdict *v = call_verdict(s, c);
    plain_update(o, s, c, now_ns);
    const struct missing m = missing_of(c);
    buf_add_c(&o->text, is_unknown ? "The outcome could not be learnt. This is what is known.\n"
                        : missing_any(&m) ? "This is the call as far as it can be had.\n"
                                          : "This is the whole call.\n");
    say_receipts(&o->text, c, v);
    say_verdict(&o->text, c, v);
    buf_add_byte(&o->text, '\n');
    say_summary(&o->text, c, v);
}

/* --- many calls --------------------------------------------------------------------------- */

/* A call is named by the first letters of its transaction. */
static void
begin_call_line(struct out *o, const struct hash *tx, int64_t now_ns)
{
    char hash[HASH_TEXT];
    begin_line(o, now_ns);
    buf_addf(&o->text, "Call %.*s: ", SHORT_HASH, hash_text(tx, hash));
}

static void
plain_begun(struct out *o, const struct call *c, int64_t now_ns)
{
    begin_call_line(o, &c->tx, now_ns);
    tell_transaction(o, c);
}

static void
plain_ended(struct out *o, struct store *s, struct call *c, int64_t now_ns, bool with_tree)
{
    const struct verdict *v = call_verdict(s, c);
    char gas[GAS_TEXT];
    begin_call_line(o, &c->tx, now_ns);
    say_verdict(&o->text, c, v);
    buf_addf(&o->text, " %zu receipts burnt %s Tgas.\n", v->receipts,
             gas_text_tera(v->gas_burnt, gas));
    if (with_tree)
        say_receipts(&o->text, c, v);
}

static void
plain_left(struct out *o, const struct hash *tx, int64_t now_ns)
{
    begin_call_line(o, tx, now_ns);
    buf_add_c(&o->text, "it is not kept any longer.\n");
}

static void
plain_error(struct out *o, int64_t now_ns, const char *code, const char *message,
            const char *where)
{
    (void)code;
    begin_line(o, now_ns);
    buf_addf(&o->text, "%s%s", where, *where ? ": " : "");
    utf8_clean(&o->text, str_from(message));
    say_stop(&o->text);
    buf_add_byte(&o->text, '\n');
}

const struct out_ops out_plain = {
    .name = "plain", .update = plain_update, .end = plain_end,
    .begun = plain_begun, .ended = plain_ended, .left = plain_left, .error = plain_error};
