/* Transactions: sending them, and how they stand. */
#include <stdio.h>
#include <string.h>
#include "contract/serve/node.h"
#include "contract/serve/views.h"
#include "net/near/base58.h"

enum { DEPTH_MAX = 400 };

static const char *const level_names[] = {"NONE", "INCLUDED", "EXECUTED_OPTIMISTIC",
                                          "INCLUDED_FINAL", "EXECUTED", "FINAL"};

/* --- how a transaction stands ------------------------------------------------------------- */

struct standing {
    struct node *node;
    struct json_writer *receipts;       /* NULL: only look */
    struct json_writer *outcomes;
    bool is_missing_real, is_missing_any, is_some_not_final;
};

/* Depth first along receipt_ids, as the node walks. It takes the last receipt that a receipt
 * made for the refund of its gas, whatever it is, and does not call a transaction unexecuted
 * for its sake: so of two refunds it waits for the first. */
static void
walk(struct standing *s, const struct hash *id, bool is_last_made, int depth)
{
    const struct chain *c = s->node->chain;
    const struct chain_outcome *o = chain_outcome_of(c, id);
    if (!o || depth > DEPTH_MAX) {
        s->is_missing_any = true;
        if (!is_last_made)
            s->is_missing_real = true;
        return;
    }
    if (o->height > chain_final(c)->height)
        s->is_some_not_final = true;
    if (s->outcomes && !o->is_transaction)
        view_outcome(s->outcomes, c, o);
    if (s->receipts && o->receipt && !o->receipt->is_local)
        view_receipt(s->receipts, o->receipt);
    for (size_t i = 0; i < o->child_count; i++)
        walk(s, &o->children[i], !o->is_transaction && i + 1 == o->child_count, depth + 1);
}

enum wait_level
tx_level(struct node *n, const struct hash *tx, bool *is_known)
{
    bool is_included = false;
    const struct signed_transaction *t = chain_transaction(n->chain, tx, &is_included);
    const struct chain_outcome *o = chain_outcome_of(n->chain, tx);
    *is_known = t && is_included;
    if (!o)
        return *is_known ? WAIT_INCLUDED : WAIT_NONE;
    struct standing s = {.node = n};
    walk(&s, tx, false, 0);
    bool is_final = o->height <= chain_final(n->chain)->height;
    if (!is_final)
        return s.is_missing_real ? WAIT_INCLUDED : WAIT_EXECUTED_OPTIMISTIC;
    if (s.is_missing_real)
        return WAIT_INCLUDED_FINAL;
    return s.is_missing_any || s.is_some_not_final ? WAIT_EXECUTED : WAIT_FINAL;
}

/* Not a ladder: optimistic execution does not mean that the inclusion is final. */
bool
tx_level_satisfies(enum wait_level reached, enum wait_level wanted)
{
    if (wanted == WAIT_EXECUTED_OPTIMISTIC)
        return reached == WAIT_EXECUTED_OPTIMISTIC || reached >= WAIT_EXECUTED;
    if (wanted == WAIT_INCLUDED_FINAL)
        return reached >= WAIT_INCLUDED_FINAL;
    return reached >= wanted;
}

/* The result's own end: follow the returned receipts. */
static void
write_final_status(struct node *n, const struct chain_outcome *o, struct json_writer *w)
{
    for (int i = 0; o && o->status == CHAIN_RECEIPT && i < DEPTH_MAX; i++)
        o = chain_outcome_of(n->chain, &o->returns);
    if (o)
        view_status(w, o);
    else
        json_write_c(w, "Started");
}

enum wait_level
tx_status_write(struct node *n, const struct hash *tx, bool with_receipts,
                struct json_writer *w)
{
    bool is_known;
    enum wait_level level = tx_level(n, tx, &is_known);
    const struct chain_outcome *o = chain_outcome_of(n->chain, tx);
    json_write_object(w);
    json_put_c(w, "final_execution_status", level_names[level]);
    if (!o) {
        json_write_object_end(w);
        return level;
    }
    struct standing s = {.node = n};
    if (with_receipts) {
        json_put_array(w, "receipts");
        s.receipts = w;
        walk(&s, tx, false, 0);
        json_write_array_end(w);
    }
    json_put_array(w, "receipts_outcome");
    s.receipts = NULL;
    s.outcomes = w;
    walk(&s, tx, false, 0);
    json_write_array_end(w);
    json_write_key(w, "status");
    write_final_status(n, o, w);
    json_write_key(w, "transaction");
    view_transaction(w, o->transaction);
    json_write_key(w, "transaction_outcome");
    view_outcome(w, n->chain, o);
    json_write_object_end(w);
    return level;
}

/* --- params ------------------------------------------------------------------------------- */

static bool
read_level(struct rpc_call *call, enum wait_level *level)
{
    const struct json *v = json_find(call->params, "wait_until");
    struct str text = {0};
    *level = WAIT_EXECUTED_OPTIMISTIC;
    if (!v)
        return true;
    if (json_string(v, &text, NULL) == OK) {
        for (size_t i = 0; i < ARRAY_LEN(level_names); i++) {
            if (str_equal_c(text, level_names[i])) {
                *level = (enum wait_level)i;
                return true;
            }
        }
    }
    rpc_parse_error(call,
                    "Failed parsing args: unknown variant `%.*s`, expected one of `NONE`, "
                    "`INCLUDED`, `EXECUTED_OPTIMISTIC`, `INCLUDED_FINAL`, `EXECUTED`, `FINAL`",
                    (int)(text.n < 60 ? text.n : 60), text.p ? text.p : "");
    return false;
}

static void
unknown_transaction(struct rpc_call *call, const struct hash *tx)
{
    char text[HASH_TEXT];
    hash_text(tx, text);
    rpc_handler_error(call, "UNKNOWN_TRANSACTION",
                      arena_printf(call->arena, "{\"requested_transaction_hash\":\"%s\"}",
                                   text),
                      arena_printf(call->arena, "\"Transaction %s doesn't exist\"", text));
}

/* Answers now when the level is reached, else when it is, or after ten seconds. */
static void
answer_at_level(struct rpc_call *call, const struct hash *tx, enum wait_level level,
                bool with_receipts, bool is_signed)
{
    bool is_known;
    enum wait_level reached = tx_level(call->node, tx, &is_known);
    if (level == WAIT_NONE && !is_known) {
        unknown_transaction(call, tx);
        return;
    }
    if (is_known && tx_level_satisfies(reached, level)) {
        tx_status_write(call->node, tx, with_receipts, call->w);
        return;
    }
    rpc_wait(call, tx, level, with_receipts)->is_signed = is_signed;
}

/* --- sending ------------------------------------------------------------------------------ */

/* Borsh faults in the node's words, as far as they are known. */
static void
undecodable(struct rpc_call *call, const struct diag *d)
{
    bool is_cut = str_find(str_from(diag_text(d)), STR("end or are wrong")) >= 0;
    rpc_parse_error(call,
                    "Failed parsing args: the value could not decoded from borsh due to: %s",
                    is_cut ? "Unexpected length of input" : diag_text(d));
}

static bool
submit(struct rpc_call *call, struct str base64, struct hash *hash, bool tells_refusal)
{
    struct buf bytes;
    struct diag d = {0};
    struct invalid_tx why = {0};
    enum err bad = OK;
    buf_init(&bytes, SERVER_MAX_BODY);
    if (base64_decode(base64, &bytes, &d)) {
        rpc_parse_error(call,
                        "Failed parsing args: the value could not decoded from base64 due to: %s",
                        rpc_base64_fault(call, base64, &d));
        buf_release(&bytes);
        return false;
    }
    enum invalid_tx_kind kind =
        chain_submit(call->node->chain, buf_str(&bytes), &why, hash, &bad, &d);
    if (!bad && kind == TX_VALID && !data_save(call->node)) {
        buf_release(&bytes);
        rpc_handler_error(call, "INTERNAL_ERROR", "{}",
                          rpc_quote(call, str_from(diag_text(&call->node->stop))));
        return false;
    }
    buf_release(&bytes);
    if (bad) {
        undecodable(call, &d);
        return false;
    }
    if (kind == TX_VALID || !tells_refusal)
        return true;
    struct buf data;
    struct json_writer w;
    buf_init(&data, 8192);
    json_write_begin(&w, &data);
    view_invalid_tx(&w, &why);
    rpc_handler_error(call, "INVALID_TRANSACTION", "{}", buf_c(&data));
    buf_release(&data);
    return false;
}

static bool
read_signed(struct rpc_call *call, struct str *base64)
{
    const struct json *p = call->params;
    const struct json *v = json_is_array(p) ? json_at(p, 0) : json_find(p, "signed_tx_base64");
    bool is_one = !json_is_array(call->params) || json_count(call->params) == 1;
    if (is_one && v && json_string(v, base64, NULL) == OK)
        return true;
    rpc_parse_error(call, "Failed parsing args: missing field `signed_tx_base64`");
    return false;
}

void
rpc_send_tx(struct rpc_call *call)
{
    struct str base64;
    struct hash hash;
    enum wait_level level;
    if (!read_signed(call, &base64) || !read_level(call, &level) ||
        !submit(call, base64, &hash, level != WAIT_NONE))
        return;
    if (level == WAIT_NONE)
        json_write_raw(call->w, STR("{\"final_execution_status\":\"NONE\"}"));
    else
        answer_at_level(call, &hash, level, false, true);
}

void
rpc_broadcast_commit(struct rpc_call *call)
{
    struct str base64;
    struct hash hash;
    if (read_signed(call, &base64) && submit(call, base64, &hash, true))
        answer_at_level(call, &hash, WAIT_EXECUTED_OPTIMISTIC, false, true);
}

void
rpc_broadcast_async(struct rpc_call *call)
{
    struct str base64;
    struct hash hash;
    char text[HASH_TEXT];
    if (read_signed(call, &base64) && submit(call, base64, &hash, false))
        json_write_c(call->w, hash_text(&hash, text));
}

/* --- asking ------------------------------------------------------------------------------- */

static bool
hash_of_signed(struct rpc_call *call, struct str base64, struct hash *out)
{
    struct buf bytes;
    struct signed_transaction t;
    buf_init(&bytes, SERVER_MAX_BODY);
    bool is_good = base64_decode(base64, &bytes, NULL) == OK &&
                   tx_decode_signed(buf_str(&bytes), call->arena, &t, NULL) == OK;
    if (is_good)
        *out = t.hash;
    buf_release(&bytes);
    return is_good;
}

static bool
read_tx(struct rpc_call *call, struct hash *out)
{
    const struct json *p = call->params;
    struct str text, sender;
    const struct json *hash = json_is_array(p) ? json_at(p, 0) : json_find(p, "tx_hash");
    const struct json *signed_tx = json_find(p, "signed_tx_base64");
    const struct json *account =
        json_is_array(p) ? json_at(p, 1) : json_find(p, "sender_account_id");
    if (json_is_array(p) && json_count(p) == 1)
        signed_tx = hash;
    bool is_good = false;
    if (signed_tx && json_string(signed_tx, &text, NULL) == OK)
        is_good = hash_of_signed(call, text, out);
    else if (hash && json_string(hash, &text, NULL) == OK && account &&
             json_string(account, &sender, NULL) == OK && account_is_valid(sender))
        is_good = hash_parse(text, out, NULL) == OK;
    if (!is_good)
        rpc_parse_error(call, "Failed parsing args: data did not match any variant of untagged "
                              "enum TransactionInfo");
    return is_good;
}

static void
ask(struct rpc_call *call, bool with_receipts)
{
    struct hash hash;
    enum wait_level level;
    if (read_tx(call, &hash) && read_level(call, &level))
        answer_at_level(call, &hash, level, with_receipts, false);
}

void
rpc_tx(struct rpc_call *call)
{
    ask(call, false);
}

void
rpc_tx_with_receipts(struct rpc_call *call)
{
    ask(call, true);
}

void
rpc_receipt(struct rpc_call *call)
{
    const struct json *v = json_is_array(call->params) ? json_at(call->params, 0)
                                                       : json_find(call->params, "receipt_id");
    struct str text;
    struct hash id;
    struct diag d = {0};
    if (!v || json_string(v, &text, &d) || hash_parse(text, &id, &d)) {
        rpc_parse_error(call, "Failed parsing args: %s", v ? diag_text(&d)
                                                           : "missing field `receipt_id`");
        return;
    }
    const struct chain_receipt *r = chain_receipt_of(call->node->chain, &id);
    if (r) {
        view_receipt(call->w, r);
        return;
    }
    char *info = arena_printf(call->arena, "{\"receipt_id\":%s}", rpc_quote(call, text));
    rpc_handler_error(call, "UNKNOWN_RECEIPT", info,
                      arena_printf(call->arena, "{\"info\":%s,\"name\":\"UNKNOWN_RECEIPT\"}",
                                   info));
}
