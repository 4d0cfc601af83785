#include "net/decode.h"

#include "net/decode_part.h"
#include "net/near/base58.h"

static enum err
decode_status_of_outcome(const struct json *object, struct arena *arena,
                         struct outcome_fact *out, struct diag *d)
{
    const struct json *status = NULL;
    enum err e = json_get(object, "status", &status, d);
    if (e)
        return e;
    const struct json *value = json_find(status, "SuccessValue");
    const struct json *failure = json_find(status, "Failure");
    struct str word;
    if (value) {
        out->status = OUTCOME_VALUE;
        e = decode_base64(value, arena, &out->value, d);
    } else if (json_find(status, "SuccessReceiptId")) {
        out->status = OUTCOME_RECEIPT;
        e = decode_hash(status, "SuccessReceiptId", &out->returns, d);
    } else if (failure) {
        out->status = OUTCOME_FAILURE;
        out->failure.text = decode_text_of(failure, arena);
    } else if (json_string(status, &word, NULL) == OK && str_equal_c(word, "Unknown")) {
        out->status = OUTCOME_UNKNOWN;
    } else {
        e = diag_set(d, ERR_TYPE,
                     "expected SuccessValue, SuccessReceiptId, Failure or Unknown");
    }
    if (e)
        diag_prefix(d, "status");
    return e;
}

static enum err
decode_logs(const struct json *object, struct arena *arena, struct outcome_fact *out,
            struct diag *d)
{
    const struct json *array = NULL;
    enum err e = json_get_array(object, "logs", &array, d);
    if (e)
        return e;
    out->logs = arena_array(arena, json_count(array) + 1, sizeof(*out->logs));
    for (const struct json *v = json_first(array); v; v = json_next(v)) {
        struct str text;
        if ((e = json_string(v, &text, d))) {
            diag_prefix(d, "logs[%zu]", out->log_count);
            return e;
        }
        out->logs[out->log_count++] = arena_str(arena, text);
    }
    return OK;
}

/* Old nodes have no metadata, transactions no profile, and names differ between versions:
 * what is there is taken as it is. */
static enum err
decode_profile(const struct json *object, struct arena *arena, struct outcome_fact *out,
               struct diag *d)
{
    const struct json *array = json_find(json_find(object, "metadata"), "gas_profile");
    if (!json_is_array(array))
        return OK;
    out->has_profile = true;
    out->profile = arena_array(arena, json_count(array) + 1, sizeof(*out->profile));
    for (const struct json *v = json_first(array); v; v = json_next(v)) {
        struct gas_profile_entry *entry = &out->profile[out->profile_count];
        enum err e = json_get_string(v, "cost_category", &entry->category, d);
        if (!e)
            e = json_get_string(v, "cost", &entry->cost, d);
        if (!e)
            e = json_get_u64_text(v, "gas_used", &entry->gas, d);
        if (e) {
            diag_prefix(d, "metadata.gas_profile[%zu]", out->profile_count);
            return e;
        }
        entry->category = arena_str(arena, entry->category);
        entry->cost = arena_str(arena, entry->cost);
        out->profile_count++;
    }
    return OK;
}

static enum err
decode_outcome_body(const struct json *body, struct arena *arena, struct outcome_fact *out,
                    struct diag *d)
{
    enum err e = decode_account(body, "executor_id", &out->executor, d);
    if (!e)
        e = decode_status_of_outcome(body, arena, out, d);
    if (!e)
        e = json_get_u64(body, "gas_burnt", &out->gas_burnt, d);
    if (!e)
        e = decode_amount(body, "tokens_burnt", &out->tokens_burnt, d);
    if (!e)
        e = decode_hashes(body, "receipt_ids", arena, &out->children, &out->child_count, d);
    if (!e)
        e = decode_logs(body, arena, out, d);
    if (!e)
        e = decode_profile(body, arena, out, d);
    return e;
}

enum err
decode_outcome(const struct json *view, const struct hash *tx, bool is_transaction,
               struct event_list *out, struct event **event, struct diag *d)
{
    struct outcome_fact fact = {.is_transaction = is_transaction};
    const struct json *body = NULL;
    enum err e = decode_hash(view, "id", &fact.id, d);
    if (!e)
        e = decode_hash(view, "block_hash", &fact.block_hash, d);
    if (!e)
        e = json_get_object(view, "outcome", &body, d);
    if (!e && (e = decode_outcome_body(body, out->arena, &fact, d)))
        diag_prefix(d, "outcome");
    if (e)
        return e;
    *event = event_list_add(out, EVENT_OUTCOME, tx);
    (*event)->outcome = fact;
    return OK;
}

/* The level reached. Newer words are taken for "in a block", which any level but NONE means. */
static enum err
decode_level(const struct json *result, const struct hash *tx, struct event_list *out,
             struct diag *d)
{
    struct str level;
    enum err e = json_get_string(result, "final_execution_status", &level, d);
    if (e)
        return e;
    if (str_equal_c(level, "NONE") && !json_find(result, "transaction_outcome"))
        return OK;
    event_list_add(out, EVENT_TX_STATE, tx)->tx_state.state =
        str_equal_c(level, "FINAL") ? TX_FINAL : TX_INCLUDED;
    return OK;
}

static enum err
decode_outcomes(const struct json *result, const struct hash *tx, struct event_list *out,
                struct diag *d)
{
    const struct json *view = NULL, *array = NULL;
    struct event *event;
    size_t i = 0;
    enum err e = json_get_object(result, "transaction_outcome", &view, d);
    if (e)
        return e;
    if ((e = decode_outcome(view, tx, true, out, &event, d))) {
        diag_prefix(d, "transaction_outcome");
        return e;
    }
    if (!hash_equal(&event->outcome.id, tx))
        return diag_set(d, ERR_TYPE, "transaction_outcome.id: it is of another transaction");
    if ((e = json_get_array(result, "receipts_outcome", &array, d)))
        return e;
    for (view = json_first(array); view; view = json_next(view), i++) {
        if ((e = decode_outcome(view, tx, false, out, &event, d))) {
            diag_prefix(d, "receipts_outcome[%zu]", i);
            return e;
        }
    }
    return OK;
}

/* What is told with that word stands in blocks that are on the chain for good. */
static void
mark_final(const struct json *result, struct event_list *out)
{
    struct str level;
    bool is_final = json_get_string(result, "final_execution_status", &level, NULL) == OK &&
                    str_equal_c(level, "FINAL");
    for (size_t i = 0; i < out->count; i++) {
        if (out->events[i].kind == EVENT_OUTCOME)
            out->events[i].outcome.is_final = is_final;
    }
}

enum err
decode_tx_status(const struct json *result, const struct hash *tx, struct event_list *out,
                 struct diag *d)
{
    enum err e = decode_level(result, tx, out, d);
    if (e || !json_find(result, "transaction_outcome"))
        return e;
    const struct json *view = NULL;
    if ((e = json_get_object(result, "transaction", &view, d)))
        return e;
    if ((e = decode_transaction(view, out, d))) {
        diag_prefix(d, "transaction");
        return e;
    }
    if (!hash_equal(&out->events[out->count - 1].tx, tx))
        return diag_set(d, ERR_TYPE, "transaction.hash: it is another transaction");
    if ((e = decode_outcomes(result, tx, out, d)))
        return e;
    mark_final(result, out);
    /* `tx` does not tell the receipts, nor does a node that asked another one. */
    return json_find(result, "receipts") ? decode_receipts(result, "receipts", tx, out, d) : OK;
}
