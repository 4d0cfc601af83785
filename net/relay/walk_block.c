#include "net/relay/walk_block.h"

#include "net/base/xalloc.h"
#include "net/near/base58.h"

enum { VIEW_MAX = JSON_BYTES_MAX };

struct walk_block *
walk_block_new(void)
{
    struct walk_block *b = xcalloc(1, sizeof(*b));
    arena_init(&b->arena);
    return b;
}

void
walk_block_free(struct walk_block *b)
{
    if (!b)
        return;
    xfree(b->txs);
    xfree(b->receipts);
    xfree(b->outcomes);
    arena_release(&b->arena);
    xfree(b);
}

/* --- small things ------------------------------------------------------------------------- */

static enum err
read_hash(const struct json *object, const char *key, struct hash *out, struct diag *d)
{
    struct str text;
    enum err e = json_get_string(object, key, &text, d);
    if (!e && (e = hash_parse(text, out, d)))
        diag_prefix(d, "%s", key);
    return e;
}

static enum err
read_account(const struct json *object, const char *key, struct account_id *out, struct diag *d)
{
    struct str text;
    enum err e = json_get_string(object, key, &text, d);
    if (!e && (e = account_parse(text, out, d)))
        diag_prefix(d, "%s", key);
    return e;
}

static struct str
text_of(struct arena *arena, const struct json *v)
{
    struct buf text;
    buf_init(&text, VIEW_MAX);
    json_print(v, &text);
    struct str kept = arena_str(arena, buf_str(&text));
    buf_release(&text);
    return kept;
}

static bool
is_there(const struct json *v)
{
    return v && !json_is_null(v);
}

/* --- blocks and chunks --------------------------------------------------------------------- */

enum err
walk_read_block(struct walk_block *b, const struct json *view, struct diag *d)
{
    const struct json *header = NULL;
    struct str author;
    enum err e = json_get_object(view, "header", &header, d);
    if (!e)
        e = read_hash(header, "hash", &b->hash, d);
    if (!e)
        e = read_hash(header, "prev_hash", &b->prev_hash, d);
    if (!e)
        e = read_hash(header, "last_final_block", &b->final_hash, d);
    if (!e)
        e = json_get_u64(header, "height", &b->height, d);
    if (!e)
        e = json_get_u64_text(header, "timestamp_nanosec", &b->time_ns, d);
    if (e) {
        diag_prefix(d, "block");
        return e;
    }
    const struct json *prev = json_find(header, "prev_height");
    if (!is_there(prev) || json_u64(prev, &b->prev_height, NULL))
        b->prev_height = b->height ? b->height - 1 : 0;
    b->producer = json_get_string(view, "author", &author, NULL) ? (struct str){0}
                                                                 : arena_str(&b->arena, author);
    return OK;
}

static enum err
read_transaction(struct walk_block *b, const struct json *view, struct diag *d)
{
    struct walk_tx tx = {0};
    enum err e = read_hash(view, "hash", &tx.id, d);
    if (!e)
        e = read_account(view, "signer_id", &tx.signer, d);
    if (!e)
        e = read_account(view, "receiver_id", &tx.receiver, d);
    if (e)
        return e;
    tx.view = text_of(&b->arena, view);
    void *array = b->txs;
    b->tx_room = xgrow(&array, b->tx_room, b->tx_count + 1, sizeof(tx));
    b->txs = array;
    b->txs[b->tx_count++] = tx;
    return OK;
}

static enum err
read_receipt(struct walk_block *b, const struct json *view, struct diag *d)
{
    struct walk_receipt r = {0};
    const struct json *action = json_find(json_find(view, "receipt"), "Action");
    enum err e = read_hash(view, "receipt_id", &r.id, d);
    if (!e)
        e = read_account(view, "predecessor_id", &r.predecessor, d);
    if (!e)
        e = read_account(view, "receiver_id", &r.receiver, d);
    if (!e && action)
        e = read_account(action, "signer_id", &r.signer, d);
    if (e)
        return e;
    r.view = text_of(&b->arena, view);
    void *array = b->receipts;
    b->receipt_room = xgrow(&array, b->receipt_room, b->receipt_count + 1, sizeof(r));
    b->receipts = array;
    b->receipts[b->receipt_count++] = r;
    return OK;
}

static enum err
read_receipts(struct walk_block *b, const struct json *chunk, struct diag *d)
{
    const struct json *list = NULL;
    enum err e = json_get_array(chunk, "receipts", &list, d);
    for (const struct json *v = e ? NULL : json_first(list); v && !e; v = json_next(v)) {
        e = read_receipt(b, v, d);
        b->receipt_total++;
    }
    return e;
}

enum err
walk_read_chunk(struct walk_block *b, const struct json *view, struct diag *d)
{
    const struct json *list = NULL;
    enum err e = json_get_array(view, "transactions", &list, d);
    for (const struct json *v = e ? NULL : json_first(list); v && !e; v = json_next(v)) {
        e = read_transaction(b, v, d);
        b->transaction_total++;
    }
    if (!e)
        e = read_receipts(b, view, d);
    b->has_totals = true;
    if (e)
        diag_prefix(d, "chunk");
    return e;
}

/* --- outcomes ------------------------------------------------------------------------------ */

static enum err
read_lists(struct arena *arena, const struct json *outcome, struct walk_outcome *o,
           struct diag *d)
{
    const struct json *ids = NULL, *logs = NULL;
    size_t i = 0;
    enum err e = json_get_array(outcome, "receipt_ids", &ids, d);
    if (!e)
        e = json_get_array(outcome, "logs", &logs, d);
    if (e)
        return e;
    o->child_count = json_count(ids);
    o->children = arena_array(arena, o->child_count, sizeof(*o->children));
    o->child_views = arena_array(arena, o->child_count, sizeof(*o->child_views));
    o->log_count = json_count(logs);
    o->logs = arena_array(arena, o->log_count, sizeof(*o->logs));
    for (const struct json *v = json_first(ids); v && !e; v = json_next(v)) {
        struct str text;
        e = json_string(v, &text, d);
        if (!e)
            e = hash_parse(text, &o->children[i++], d);
    }
    i = 0;
    for (const struct json *v = json_first(logs); v && !e; v = json_next(v)) {
        struct str text;
        e = json_string(v, &text, d);
        if (!e)
            o->logs[i++] = arena_str(arena, text);
    }
    return e;
}

enum err
walk_read_outcome(struct arena *arena, const struct json *view, const struct json *receipt,
                  const struct json *transaction, struct walk_outcome **out, struct diag *d)
{
    struct walk_outcome *o = arena_alloc(arena, sizeof(*o));
    const struct json *outcome = NULL, *status = NULL;
    enum err e = json_get_object(view, "outcome", &outcome, d);
    if (!e)
        e = read_hash(view, "id", &o->id, d);
    if (!e)
        e = read_hash(view, "block_hash", &o->block, d);
    if (!e)
        e = read_account(outcome, "executor_id", &o->executor, d);
    if (!e)
        e = json_get(outcome, "status", &status, d);
    if (!e)
        e = read_lists(arena, outcome, o, d);
    if (!e && is_there(receipt))
        e = read_account(receipt, "predecessor_id", &o->predecessor, d);
    if (e) {
        diag_prefix(d, "outcome");
        return e;
    }
    o->is_success = json_find(status, "Failure") == NULL;
    o->is_transaction = is_there(transaction);
    o->view = text_of(arena, view);
    if (is_there(receipt))
        o->receipt = text_of(arena, receipt);
    if (is_there(transaction))
        o->transaction = text_of(arena, transaction);
    *out = o;
    return OK;
}

void
walk_block_add(struct walk_block *b, struct walk_outcome *outcome)
{
    void *array = b->outcomes;
    b->outcome_room = xgrow(&array, b->outcome_room, b->outcome_count + 1, sizeof(*b->outcomes));
    b->outcomes = array;
    b->outcomes[b->outcome_count++] = outcome;
}

struct walk_outcome *
walk_block_find(const struct walk_block *b, const struct hash *id)
{
    for (size_t i = 0; i < b->outcome_count; i++) {
        if (hash_equal(&b->outcomes[i]->id, id))
            return b->outcomes[i];
    }
    return NULL;
}

bool
walk_outcome_learn(struct walk_outcome *o, struct arena *arena, const struct hash *id,
                   struct str view)
{
    for (size_t i = 0; i < o->child_count; i++) {
        if (!hash_equal(&o->children[i], id) || o->child_views[i].n)
            continue;
        o->child_views[i] = arena_str(arena, view);
        o->child_known++;
        return true;
    }
    return false;
}

/* --- neardata ------------------------------------------------------------------------------ */

/* One outcome with its transaction (then its own hash is the transaction's) or its receipt. */
static enum err
add_outcome(struct walk_block *b, const struct json *item, const struct json *transaction,
            const struct json *shard, struct diag *d)
{
    struct walk_outcome *o = NULL;
    const struct json *view = json_find(item, "execution_outcome");
    const struct json *receipt = transaction ? NULL : json_find(item, "receipt");
    enum err e = walk_read_outcome(&b->arena, view, receipt, transaction, &o, d);
    if (e)
        return e;
    if (transaction)
        o->tx = o->id;
    /* Of a receipt that began before the server did, it does not know: nobody can ask for it. */
    else if (!is_there(json_find(item, "tx_hash")))
        return OK;
    else if ((e = read_hash(item, "tx_hash", &o->tx, d)))
        return e;
    o->block = b->hash;
    o->has_shard = json_u64(shard, &o->shard, NULL) == OK;
    walk_block_add(b, o);
    return OK;
}

static enum err
read_shard(struct walk_block *b, const struct json *shard, struct diag *d)
{
    const struct json *chunk = json_find(shard, "chunk"), *outcomes = NULL;
    const struct json *id = json_find(shard, "shard_id");
    enum err e = id ? OK : diag_set(d, ERR_MISSING, "shard_id: missing");
    /* A shard without a chunk at this height. */
    const struct json *list = is_there(chunk) ? json_find(chunk, "transactions") : NULL;
    for (const struct json *v = json_first(list); v && !e; v = json_next(v)) {
        const struct json *transaction = json_find(v, "transaction");
        b->transaction_total++;
        e = read_transaction(b, transaction, d);
        if (!e)
            e = add_outcome(b, json_find(v, "outcome"), transaction, id, d);
    }
    if (!e && is_there(chunk))
        e = read_receipts(b, chunk, d);
    if (!e)
        e = json_get_array(shard, "receipt_execution_outcomes", &outcomes, d);
    for (const struct json *v = e ? NULL : json_first(outcomes); v && !e; v = json_next(v))
        e = add_outcome(b, v, NULL, id, d);
    return e;
}

enum err
walk_read_neardata(struct walk_block *b, const struct json *root, struct diag *d)
{
    const struct json *block = NULL, *shards = NULL;
    size_t i = 0;
    enum err e = json_get_object(root, "block", &block, d);
    if (!e)
        e = walk_read_block(b, block, d);
    if (!e)
        e = json_get_array(root, "shards", &shards, d);
    b->has_totals = true;
    for (const struct json *v = e ? NULL : json_first(shards); v && !e; v = json_next(v), i++) {
        if ((e = read_shard(b, v, d)))
            diag_prefix(d, "shards[%zu]", i);
    }
    return e;
}
