/* --json: one object a line, each with "v":1, "event" and "t" (nanoseconds since start). The
 * schema is in the manual page; gas, tokens and nanoseconds are decimal strings. */
#include <stdio.h>
#include <string.h>
#include "net/base/utf8.h"
#include "net/json.h"
#include "net/near/base58.h"
#include "tui/out/fields.h"
#include "tui/out/missing.h"
#include "tui/out/out.h"
#include "tui/out/stage.h"
#include "tui/out/text.h"

static void
begin(struct out *o, struct json_writer *w, const char *event, int64_t now_ns)
{
    json_write_begin(w, &o->text);
    json_write_object(w);
    json_write_key(w, "v");
    json_write_u64(w, 1);
    json_put_c(w, "event", event);
    json_write_key(w, "t");
    json_write_decimal(w, (uint64_t)(now_ns - o->start_ns));
}

static void
end(struct out *o, struct json_writer *w)
{
    json_write_object_end(w);
    buf_add_byte(&o->text, '\n');
}

static void
put_hash(struct json_writer *w, const char *key, const struct hash *h)
{
    char text[HASH_TEXT];
    json_put_c(w, key, hash_text(h, text));
}

static void
put_amount(struct json_writer *w, const char *key, struct amount a)
{
    char text[AMOUNT_TEXT];
    json_put_c(w, key, amount_text(a, text));
}

static void
put_base64(struct json_writer *w, struct str bytes)
{
    struct buf text;
    buf_init(&text, bytes.n / 3 * 4 + 8);
    base64_encode(bytes, &text);
    json_write_object(w);
    json_put_string(w, "base64", buf_str(&text));
    json_write_object_end(w);
    buf_release(&text);
}

/* JSON as it is, other text as a string, anything else as base64. */
static void
put_bytes(struct json_writer *w, const char *key, struct str bytes)
{
    json_write_key(w, key);
    if (bytes.n == 0) {
        json_write_string(w, bytes);
        return;
    }
    struct json *value = NULL;
    if (json_parse(bytes, JSON_BYTES_MAX, &value, NULL) == OK) {
        json_write_value(w, value);
        json_free(value);
    } else if (utf8_is_valid(bytes)) {
        json_write_string(w, bytes);
    } else {
        put_base64(w, bytes);
    }
}

static void
put_actions(struct json_writer *w, const struct action *actions, size_t count)
{
    json_put_array(w, "actions");
    for (size_t i = 0; i < count; i++) {
        const struct action *a = &actions[i];
        json_write_object(w);
        if (a->kind == ACTION_OTHER)
            json_put_string(w, "kind", a->method);
        else
            json_put_c(w, "kind", action_kind_name(a->kind));
        if (a->kind == ACTION_FUNCTION_CALL) {
            json_put_string(w, "method", a->method);
            put_bytes(w, "args", a->args);
            json_put_decimal(w, "gas", a->gas);
        }
        if (a->kind == ACTION_FUNCTION_CALL || a->kind == ACTION_TRANSFER ||
            a->kind == ACTION_STAKE)
            put_amount(w, "deposit", a->deposit);
        json_write_object_end(w);
    }
    json_write_array_end(w);
}

static void
tell_call(struct out *o, const struct call *c, int64_t now_ns)
{
    struct json_writer w;
    o->has_call = true;
    begin(o, &w, "call", now_ns);
    put_hash(&w, "tx", &c->tx);
    json_put_c(&w, "signer", c->transaction.signer.s);
    json_put_c(&w, "receiver", c->transaction.receiver.s);
    put_actions(&w, c->transaction.actions, c->transaction.action_count);
    json_put_c(&w, "network", o->network);
    end(o, &w);
}

static void
tell_receipt(struct out *o, const struct call *c, const struct node *n, int64_t now_ns)
{
    struct json_writer w;
    begin(o, &w, "receipt", now_ns);
    put_hash(&w, "id", &n->id);
    put_hash(&w, "parent", n->parent ? &n->parent->id : &c->tx);
    json_put_c(&w, "predecessor", n->receipt.predecessor.s);
    json_put_c(&w, "receiver", n->receipt.receiver.s);
    json_put_c(&w, "role", text_role(n->role));
    put_actions(&w, n->receipt.actions, n->receipt.action_count);
    json_put_known_u64(&w, "index", n->has_index, n->index);
    json_put_array(&w, "feeds");
    for (size_t i = 0; i < n->feed_count; i++) {
        json_write_object(&w);
        put_hash(&w, "receipt", &n->feeds[i].callback->id);
        json_put_u64(&w, "index", n->feeds[i].index);
        json_write_object_end(&w);
    }
    json_write_array_end(&w);
    end(o, &w);
}

static void
put_failure(struct json_writer *w, const struct outcome_fact *f, const struct node *n)
{
    if (f->status != OUTCOME_FAILURE) {
        json_put_null(w, "failure");
        json_put_null(w, "reason");
        return;
    }
    struct buf reason;
    buf_init(&reason, 8192);
    text_reason(&reason, n);
    json_put_raw(w, "failure", f->failure.text.n ? f->failure.text : STR("null"));
    json_put_string(w, "reason", buf_str(&reason));
    buf_release(&reason);
}

static void
tell_outcome(struct out *o, const struct node *n, int64_t now_ns)
{
    struct json_writer w;
    const struct outcome_fact *f = &n->outcome;
    begin(o, &w, "outcome", now_ns);
    put_hash(&w, "id", &n->id);
    json_put_c(&w, "status", f->status == OUTCOME_FAILURE ? "failed" : "ok");
    if (f->status == OUTCOME_RECEIPT)
        put_hash(&w, "returns", &f->returns);
    else
        json_put_null(&w, "returns");
    if (f->status == OUTCOME_VALUE)
        put_bytes(&w, "value", f->value);
    else
        json_put_null(&w, "value");
    put_failure(&w, f, n);
    json_put_decimal(&w, "gas_burnt", f->gas_burnt);
    put_amount(&w, "tokens_burnt", f->tokens_burnt);
    json_put_array(&w, "logs");
    for (size_t i = 0; i < f->log_count; i++)
        json_write_string(&w, f->logs[i]);
    json_write_array_end(&w);
    put_hash(&w, "block_hash", &f->block_hash);
    json_put_known_u64(&w, "block_height", n->has_height, n->height);
    json_put_known_u64(&w, "shard", n->has_shard, n->shard);
    json_put_c(&w, "certainty", n->certainty == CERTAINTY_FINAL ? "final" : "optimistic");
    end(o, &w);
}

static void
tell_block(struct out *o, const struct node *n, int64_t now_ns)
{
    struct json_writer w;
    if (!n->has_height || !n->has_time ||
        !out_first(o, 'b', &n->outcome.block_hash, n->certainty == CERTAINTY_FINAL))
        return;
    begin(o, &w, "block", now_ns);
    put_hash(&w, "hash", &n->outcome.block_hash);
    json_put_u64(&w, "height", n->height);
    json_put_decimal(&w, "timestamp_ns", n->time_ns);
    json_put_bool(&w, "final", n->certainty == CERTAINTY_FINAL);
    end(o, &w);
}

/* Without its height an outcome is only half told, and the block is asked for at once. Not when that
 * is to be had nowhere, nor at the end. */
static bool
is_outcome_told(const struct node *n, bool is_end)
{
    return n->has_outcome && (n->has_height || n->block_gone || is_end);
}

static void
tell_node(struct out *o, const struct node *n, int64_t now_ns, bool is_end)
{
    if (!is_outcome_told(n, is_end))
        return;
    tell_block(o, n, now_ns);
    if (out_first_outcome(o, 'o', &n->outcome, n->certainty))
        tell_outcome(o, n, now_ns);
}

static void
tell_result(struct out *o, const struct call *c, const struct verdict *v, int64_t now_ns)
{
    struct json_writer w;
    struct arena arena;
    struct field *fields;
    const struct outcome_fact *f = &v->result->outcome;
    arena_init(&arena);
    size_t count = fields_of_result(c, v, &arena, &fields);
    begin(o, &w, "result", now_ns);
    json_put_c(&w, "status", f->status == OUTCOME_FAILURE ? "failed" : "ok");
    if (f->status == OUTCOME_VALUE)
        put_bytes(&w, "value", f->value);
    else
        json_put_null(&w, "value");
    json_put_array(&w, "fields");
    for (size_t i = 0; i < count; i++) {
        if (!fields[i].branch)
            continue;
        json_write_object(&w);
        json_put_string(&w, "path", fields[i].path);
        put_hash(&w, "branch", &fields[i].branch->id);
        json_put_u64(&w, "index", fields[i].index);
        json_write_object_end(&w);
    }
    json_write_array_end(&w);
    end(o, &w);
    arena_release(&arena);
}

/* How far it has come, each time that this is another. */
static void
tell_state(struct out *o, const struct call *c, const struct verdict *v, int64_t now_ns)
{
    struct json_writer w;
    enum stage stage = stage_of(c, v);
    const char *reason = stage_reason(c, stage);
    if (strcmp(o->headline, stage_word(stage)) == 0 ||
        (v->kind != VERDICT_RUNNING && stage != STAGE_REFUSED))
        return;
    snprintf(o->headline, sizeof(o->headline), "%s", stage_word(stage));
    begin(o, &w, "state", now_ns);
    put_hash(&w, "tx", &c->tx);
    json_put_c(&w, "state", stage_word(stage));
    if (reason)
        json_put_string(&w, "reason", str_from(reason));
    else
        json_put_null(&w, "reason");
    json_put_c(&w, "advice", stage_advice(stage));
    end(o, &w);
}

static void
tell_all(struct out *o, struct store *s, struct call *c, int64_t now_ns, bool is_end)
{
    const struct verdict *v = call_verdict(s, c);
    if (!o->has_call && c->has_transaction)
        tell_call(o, c, now_ns);
    /* The call is the first to be told, unless there is none. */
    if (o->has_call || stage_of(c, v) == STAGE_NOT_FOUND)
        tell_state(o, c, v, now_ns);
    if (!o->has_call)
        return;
    if (c->transaction_node)
        tell_node(o, c->transaction_node, now_ns, is_end);
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        /* What it feeds is known with the callback's receipt, which may come after it. */
        bool is_whole = n->is_join_known || n->has_outcome || is_end;
        if (n->has_receipt && is_whole && out_first(o, 'r', &n->id, 0))
            tell_receipt(o, c, n, now_ns);
    }
    for (size_t i = 0; i < c->order_count; i++)
        tell_node(o, c->order[i], now_ns, is_end);
    if (v->has_result && is_outcome_told(v->result, is_end) &&
        out_first_outcome(o, 'v', &v->result->outcome, 0))
        tell_result(o, c, v, now_ns);
}

static void
json_update(struct out *o, struct store *s, struct call *c, int64_t now_ns)
{
    tell_all(o, s, c, now_ns, false);
}

/* --- what is missing ---------------------------------------------------------------------- */

/* Endpoints by the names that the settings give them, else by their hosts. */
static void
put_asked(struct json_writer *w, const struct store *s, uint32_t asked)
{
    json_put_array(w, "asked");
    for (size_t i = 0; i < s->endpoint_count; i++) {
        if (asked & UINT32_C(1) << i)
            json_write_c(w, s->endpoints[i].name);
    }
    json_write_array_end(w);
}

static void
tell_holes(struct out *o, const struct store *s, const struct call *c, const struct node *n,
           int64_t now_ns)
{
    struct json_writer w;
    struct hole holes[MISSING_PARTS];
    size_t count = missing_holes(c, n, holes);
    for (size_t i = 0; i < count; i++) {
        begin(o, &w, "hole", now_ns);
        put_hash(&w, "id", &n->id);
        if (n == c->transaction_node)
            json_put_null(&w, "parent");
        else
            put_hash(&w, "parent", n->parent ? &n->parent->id : &c->tx);
        json_put_c(&w, "missing", missing_word(holes[i].part));
        if (holes[i].part == MISSING_BLOCK)
            put_hash(&w, "block_hash", &n->outcome.block_hash);
        else
            json_put_null(&w, "block_hash");
        json_put_string(&w, "reason", str_from(holes[i].reason));
        put_asked(&w, s, holes[i].asked);
        end(o, &w);
    }
}

/* Once, before the verdict: what one endpoint has not got another one may have until then. */
static void
tell_all_holes(struct out *o, const struct store *s, const struct call *c, int64_t now_ns)
{
    if (c->transaction_node)
        tell_holes(o, s, c, c->transaction_node, now_ns);
    for (size_t i = 0; i < c->order_count; i++)
        tell_holes(o, s, c, c->order[i], now_ns);
}

static void
put_missing(struct json_writer *w, const struct call *c)
{
    const struct missing m = missing_of(c);
    json_put_bool(w, "complete", !missing_any(&m));
    json_put_object(w, "missing");
    json_put_u64(w, "receipts", m.count[MISSING_RECEIPT]);
    json_put_u64(w, "outcomes", m.count[MISSING_OUTCOME]);
    json_put_u64(w, "blocks", m.count[MISSING_BLOCK]);
    json_put_u64(w, "facts", m.facts);
    json_write_object_end(w);
}

/* --- the end ------------------------------------------------------------------------------ */

static void
tell_verdict(struct out *o, struct store *s, struct call *c, int64_t now_ns, bool is_unknown)
{
    struct json_writer w;
    const struct verdict *v = call_verdict(s, c);
    bool is_open = is_unknown || v->kind == VERDICT_RUNNING;
    begin(o, &w, "verdict", now_ns);
    if (o->is_many)
        put_hash(&w, "tx", &c->tx);
    json_put_c(&w, "verdict",
               is_open && v->kind != VERDICT_FAILED ? "unknown" : text_verdict(v->kind));
    json_put_u64(&w, "branches", v->branches);
    json_put_u64(&w, "failed", v->failed);
    json_put_known_u64(&w, "blocks", v->has_blocks, v->blocks);
    json_put_known_u64(&w, "ms", v->has_ms, (uint64_t)(v->ms + 0.5));
    json_put_decimal(&w, "gas_burnt", v->gas_burnt);
    put_amount(&w, "tokens_burnt", v->tokens_burnt);
    json_put_known_u64(&w, "sequential_blocks_estimate", v->has_blocks, v->sequential_blocks);
    put_missing(&w, c);
    end(o, &w);
}

static void
json_end(struct out *o, struct store *s, struct call *c, int64_t now_ns, bool is_unknown)
{
    tell_all(o, s, c, now_ns, true);
    tell_state(o, c, call_verdict(s, c), now_ns);
    if (!o->has_verdict) {
        tell_all_holes(o, s, c, now_ns);
        tell_verdict(o, s, c, now_ns, is_unknown);
    }
    o->has_verdict = true;
}

/* --- many calls --------------------------------------------------------------------------- */

static void
json_begun(struct out *o, const struct call *c, int64_t now_ns)
{
    tell_call(o, c, now_ns);
}

/* All of one call stands together: its receipts and outcomes, then its verdict. */
static void
json_ended(struct out *o, struct store *s, struct call *c, int64_t now_ns, bool with_tree)
{
    out_restart(o);
    o->has_call = true;
    if (with_tree) {
        tell_all(o, s, c, now_ns, true);
        tell_all_holes(o, s, c, now_ns);
    }
    tell_verdict(o, s, c, now_ns, call_verdict(s, c)->kind == VERDICT_UNKNOWN);
}

static void
json_left(struct out *o, const struct hash *tx, int64_t now_ns)
{
    struct json_writer w;
    begin(o, &w, "left", now_ns);
    put_hash(&w, "tx", tx);
    end(o, &w);
}

static void
json_error(struct out *o, int64_t now_ns, const char *code, const char *message,
           const char *where)
{
    struct json_writer w;
    begin(o, &w, "error", now_ns);
    json_put_c(&w, "code", code);
    json_put_string(&w, "message", str_from(message));
    json_put_string(&w, "where", str_from(where));
    end(o, &w);
}

const struct out_ops out_json = {
    .name = "json", .update = json_update, .end = json_end,
    .begun = json_begun, .ended = json_ended, .left = json_left, .error = json_error};
