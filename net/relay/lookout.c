#include "net/relay/lookout.h"

#include <stdio.h>
#include "net/base/map.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "net/relay/touch.h"

enum {
    UNKNOWN_BLOCKS = 20,        /* a named transaction nobody knows is asked for each block so long, */
    UNKNOWN_EVERY = 16,         /* then each so many blocks */
    RECEIPT_TRIES = 4,
    /* What is over is asked again: the node may have been a block ahead of the book; and once more
     * then: was a block replaced? */
    AHEAD_BLOCKS = 2,
    DONE_BLOCKS = 8
};

struct followed {
    struct lookout *lookout;
    struct hash tx;
    struct account_id signer;   /* empty: not known */
    bool is_named;              /* by a filter, now */
    bool is_found;              /* in a block, for an account */
    bool is_over;
    unsigned blocks, unknown;   /* since it is followed; answers in a row that did not know it */
    unsigned over_blocks;
    struct rpc_request *request;
};

/* A receipt that an outcome made, and of which no view is known. */
struct missing {
    struct lookout *lookout;
    struct hash id, outcome, block;
    unsigned tries;
    bool is_over;
    struct rpc_request *request;
};

struct lookout {
    struct hub *hub;
    struct book *book;
    struct rpc *rpc;
    struct map followed;        /* by hash, owned */
    struct touch touch;         /* accounts that filters name */
    struct map missing;         /* by receipt, owned */
};

/* --- what filters want -------------------------------------------------------------------- */

static struct str
key_of(const struct hash *h)
{
    return str_of(h->b, sizeof(h->b));
}

static struct followed *
follow(struct lookout *l, const struct hash *tx)
{
    struct followed *f = map_get(&l->followed, key_of(tx));
    if (f || l->followed.live >= LOOKOUT_FOLLOWED)
        return f;
    f = xcalloc(1, sizeof(*f));
    f->lookout = l;
    f->tx = *tx;
    map_put(&l->followed, key_of(&f->tx), f);
    return f;
}

static void
on_named_tx(void *context, struct str text)
{
    struct hash tx;
    if (hash_parse(text, &tx, NULL))
        return;
    struct followed *f = follow(context, &tx);
    if (f)
        f->is_named = true;
}

static void
on_named_account(void *context, struct str text)
{
    struct lookout *l = context;
    touch_add(&l->touch, text);
}

/* Filters that no transaction binds: accounts, if they name such, else all. */
static void
note_others(struct lookout *l, enum feed_kind kind, size_t unbound)
{
    static const char *const paths[] = {"executor_id", "predecessor_id", "signer_id",
                                        "receiver_id", "account_id",
                                        "outcome.outcome.executor_id"};
    size_t before = l->touch.accounts.live, others;
    for (size_t i = 0; unbound && i < ARRAY_LEN(paths); i++)
        hub_named(l->hub, kind, paths[i], on_named_account, l, &others);
    l->touch.takes_all |= unbound && l->touch.accounts.live == before && before == 0;
}

static bool
is_wanted(void *context, const void *value)
{
    const struct followed *f = value;
    (void)context;
    bool is_through = f->is_over && f->over_blocks >= DONE_BLOCKS;
    if (f->is_named || (f->is_found && !is_through) || f->request)
        return true;
    xfree((void *)(uintptr_t)f);
    return false;
}

void
lookout_changed(struct lookout *l)
{
    void *value;
    for (size_t i = 0; map_next(&l->followed, &i, NULL, &value);)
        ((struct followed *)value)->is_named = false;
    touch_clear(&l->touch);
    for (int kind = 0; kind < FEED_COUNT; kind++) {
        size_t unbound;
        if (kind == FEED_block_info)
            continue;
        hub_named(l->hub, (enum feed_kind)kind, "transaction_id", on_named_tx, l, &unbound);
        note_others(l, (enum feed_kind)kind, unbound);
    }
    map_keep(&l->followed, is_wanted, NULL);
}

bool
lookout_wants_chunks(const struct lookout *l)
{
    return l->touch.takes_all || l->touch.accounts.live > 0;
}

/* --- what blocks bring -------------------------------------------------------------------- */

/* One that only may be meant is followed too: its status tells. */
static void
on_touched(void *context, const struct hash *tx, const struct account_id *signer,
           const struct hash *receipt)
{
    struct lookout *l = context;
    if (receipt && map_get(&l->followed, key_of(tx)))
        return;
    struct followed *f = follow(l, tx);
    if (!f)
        return;
    f->is_found = true;
    f->signer = *signer;
}

/* --- receipts that have not run ----------------------------------------------------------- */

static void
on_receipt(void *context, const struct rpc_reply *reply)
{
    struct missing *m = context;
    struct lookout *l = m->lookout;
    struct walk_block *b = book_find(l->book, &m->block);
    struct walk_outcome *o = b ? walk_block_find(b, &m->outcome) : NULL;
    m->request = NULL;
    m->is_over = !o || ++m->tries >= RECEIPT_TRIES || reply->fault == RPC_FINE;
    if (!o || reply->fault != RPC_FINE)
        return;
    struct buf view;
    buf_init(&view, JSON_BYTES_MAX);
    json_print(reply->result, &view);
    if (walk_outcome_learn(o, &b->arena, &m->id, buf_str(&view)))
        book_completed(l->book, b, o);
    buf_release(&view);
}

static bool
is_missing(void *context, const void *value)
{
    const struct missing *m = value;
    (void)context;
    if (!m->is_over || m->request)
        return true;
    xfree((void *)(uintptr_t)m);
    return false;
}

static void
ask_receipts(struct lookout *l)
{
    size_t asked = 0;
    void *value;
    for (size_t i = 0; map_next(&l->missing, &i, NULL, &value) && asked < LOOKOUT_ASKS;) {
        struct missing *m = value;
        char params[128], text[HASH_TEXT];
        if (m->request || m->is_over)
            continue;
        asked++;
        snprintf(params, sizeof(params), "{\"receipt_id\":\"%s\"}", hash_text(&m->id, text));
        m->request = rpc_start(l->rpc, "EXPERIMENTAL_receipt", str_from(params), 1, on_receipt, m);
    }
}

static void
miss_children(struct lookout *l, const struct walk_outcome *o)
{
    for (size_t i = 0; i < o->child_count; i++) {
        if (o->child_views[i].n || map_get(&l->missing, key_of(&o->children[i])))
            continue;
        struct missing *m = xcalloc(1, sizeof(*m));
        *m = (struct missing){.lookout = l, .id = o->children[i], .outcome = o->id,
                              .block = o->block};
        map_put(&l->missing, key_of(&m->id), m);
    }
    ask_receipts(l);
}

/* --- statuses ------------------------------------------------------------------------------ */

/* One answer, taken apart. */
struct status {
    const struct json *receipts;        /* an array, or NULL */
    const struct json *transaction;
    struct hash tx;
};

static const struct json *
receipt_of(const struct status *s, struct str id)
{
    struct str text;
    for (const struct json *v = json_first(s->receipts); v; v = json_next(v)) {
        if (json_get_string(v, "receipt_id", &text, NULL) == OK && str_equal(text, id))
            return v;
    }
    return NULL;
}

static void
learn_children(struct walk_block *b, struct walk_outcome *o, const struct status *s)
{
    for (size_t i = 0; i < o->child_count; i++) {
        char text[HASH_TEXT];
        const struct json *view = receipt_of(s, str_from(hash_text(&o->children[i], text)));
        if (!view)
            continue;
        struct buf printed;
        buf_init(&printed, JSON_BYTES_MAX);
        json_print(view, &printed);
        walk_outcome_learn(o, &b->arena, &o->children[i], buf_str(&printed));
        buf_release(&printed);
    }
}

/* Those in blocks that are not in the book are of a time before anybody asked. */
static void
take_outcome(struct lookout *l, const struct status *s, const struct json *view,
             bool is_transaction)
{
    struct str id, block_text;
    struct hash block, hash;
    struct walk_outcome *o = NULL;
    struct diag d = {0};
    if (json_get_string(view, "id", &id, NULL) || hash_parse(id, &hash, NULL) ||
        json_get_string(view, "block_hash", &block_text, NULL) ||
        hash_parse(block_text, &block, NULL))
        return;
    struct walk_block *b = book_find(l->book, &block);
    if (!b || walk_block_find(b, &hash))
        return;
    if (walk_read_outcome(&b->arena, view, is_transaction ? NULL : receipt_of(s, id),
                          is_transaction ? s->transaction : NULL, &o, &d))
        return;
    o->tx = s->tx;
    learn_children(b, o, s);
    walk_block_add(b, o);
    book_added(l->book, b, b->outcome_count - 1);
    miss_children(l, o);
}

/* Everything that was made has run. */
static bool
is_all_run(const struct json *result)
{
    const struct json *outcomes = json_find(result, "receipts_outcome");
    const struct json *first = json_find(result, "transaction_outcome");
    size_t made = json_count(json_find(json_find(first, "outcome"), "receipt_ids"));
    for (const struct json *v = json_first(outcomes); v; v = json_next(v))
        made += json_count(json_find(json_find(v, "outcome"), "receipt_ids"));
    return first && made == json_count(outcomes);
}

static void
on_status(void *context, const struct rpc_reply *reply)
{
    struct followed *f = context;
    struct str signer;
    f->request = NULL;
    if (reply->fault == RPC_UNKNOWN_TRANSACTION)
        f->unknown++;
    if (reply->fault != RPC_FINE)
        return;
    f->unknown = 0;
    const struct status s = {.receipts = json_find(reply->result, "receipts"),
                             .transaction = json_find(reply->result, "transaction"), .tx = f->tx};
    if (json_get_string(s.transaction, "signer_id", &signer, NULL) == OK && !f->signer.s[0] &&
        account_parse(signer, &f->signer, NULL))
        f->signer.s[0] = '\0';
    const struct json *own = json_find(reply->result, "transaction_outcome");
    if (own)
        take_outcome(f->lookout, &s, own, true);
    const struct json *outcomes = json_find(reply->result, "receipts_outcome");
    for (const struct json *v = json_first(outcomes); v; v = json_next(v))
        take_outcome(f->lookout, &s, v, false);
    f->is_over = is_all_run(reply->result);
}

static bool
is_due(struct followed *f)
{
    f->blocks++;
    if (f->request)
        return false;
    if (f->is_over)
        return ++f->over_blocks <= AHEAD_BLOCKS || f->over_blocks == DONE_BLOCKS;
    return f->unknown < UNKNOWN_BLOCKS || f->blocks % UNKNOWN_EVERY == 0;
}

static void
ask_status(struct lookout *l, struct followed *f)
{
    char params[256], text[HASH_TEXT];
    snprintf(params, sizeof(params),
             "{\"tx_hash\":\"%s\",\"sender_account_id\":\"%s\",\"wait_until\":\"NONE\"}",
             hash_text(&f->tx, text), f->signer.s[0] ? f->signer.s : "near");
    f->request = rpc_start(l->rpc, "EXPERIMENTAL_tx_status", str_from(params), 1, on_status, f);
}

static void
ask_statuses(struct lookout *l)
{
    size_t asked = 0;
    void *value;
    map_keep(&l->followed, is_wanted, NULL);
    for (size_t i = 0; map_next(&l->followed, &i, NULL, &value);) {
        struct followed *f = value;
        if (is_due(f) && asked < LOOKOUT_ASKS) {
            asked++;
            ask_status(l, f);
        }
    }
}

void
lookout_block(struct lookout *l, const struct walk_block *b)
{
    touch_block(&l->touch, b, on_touched, l);
    map_keep(&l->missing, is_missing, NULL);
    ask_receipts(l);
    ask_statuses(l);
}

/* --- life ---------------------------------------------------------------------------------- */

struct lookout *
lookout_new(struct hub *hub, struct book *book, struct rpc *rpc)
{
    struct lookout *l = xcalloc(1, sizeof(*l));
    l->hub = hub;
    l->book = book;
    l->rpc = rpc;
    touch_init(&l->touch);
    map_init(&l->followed);
    map_init(&l->missing);
    return l;
}

void
lookout_free(struct lookout *l)
{
    void *value;
    if (!l)
        return;
    for (size_t i = 0; map_next(&l->followed, &i, NULL, &value); xfree(value))
        rpc_cancel(((struct followed *)value)->request);
    for (size_t i = 0; map_next(&l->missing, &i, NULL, &value); xfree(value))
        rpc_cancel(((struct missing *)value)->request);
    touch_release(&l->touch);
    map_release(&l->followed);
    map_release(&l->missing);
    xfree(l);
}
