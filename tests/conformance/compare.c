#include "tests/conformance/compare.h"

#include <stdio.h>
#include <string.h>
#include "contract/serve/views.h"
#include "net/near/base58.h"

enum { MAX_PAIRS = 512 };

struct comparison {
    const struct chain *chain;
    const struct json *answer, *blocks, *chunks;
    uint64_t recorded_height, our_height;       /* of the transaction */
    size_t walked;                              /* receipts, in order of the answer */
    struct buf *difference;
    struct {
        struct str recorded;
        struct hash ours;
    } pairs[MAX_PAIRS]; /* data ids that stand for each other */
    size_t pair_count;
};

static bool
differ(struct comparison *c, const char *place, const char *what, struct str theirs,
       struct str ours)
{
    if (c->difference->n == 0)
        buf_addf(c->difference, "%s: %s: node %.*s, here %.*s", place, what,
                 (int)(theirs.n < 300 ? theirs.n : 300), theirs.p ? theirs.p : "",
                 (int)(ours.n < 300 ? ours.n : 300), ours.p ? ours.p : "");
    return false;
}

static bool
same_json(struct comparison *c, const char *place, const char *what, const struct json *theirs,
          const struct json *ours)
{
    if (theirs && ours && json_equal(theirs, ours))
        return true;
    struct buf a, b;
    buf_init(&a, 1 << 20);
    buf_init(&b, 1 << 20);
    if (theirs)
        json_print(theirs, &a);
    if (ours)
        json_print(ours, &b);
    differ(c, place, what, buf_str(&a), buf_str(&b));
    buf_release(&a);
    buf_release(&b);
    return false;
}

static const struct json *
find_by(const struct json *list, const char *key, struct str id)
{
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        struct str found;
        if (json_get_string(v, key, &found, NULL) == OK && str_equal(found, id))
            return v;
    }
    return NULL;
}

static bool
height_of(struct comparison *c, const struct json *outcome, uint64_t *height)
{
    struct str hash;
    if (json_get_string(outcome, "block_hash", &hash, NULL) != OK)
        return false;
    for (const struct json *b = json_first(c->blocks); b; b = json_next(b)) {
        if (str_equal(json_key(b), hash))
            return json_get_u64(json_find(b, "header"), "height", height, NULL) == OK;
    }
    return false;
}

/* Data ids pair up the first time they are seen and have to stay paired. */
static bool
same_data_id(struct comparison *c, const char *place, struct str theirs,
             const struct json *ours)
{
    struct str text;
    struct hash id;
    if (json_string(ours, &text, NULL) != OK || hash_parse(text, &id, NULL) != OK)
        return differ(c, place, "data id", theirs, STR("nothing"));
    for (size_t i = 0; i < c->pair_count; i++) {
        bool a = str_equal(c->pairs[i].recorded, theirs),
             b = hash_equal(&c->pairs[i].ours, &id);
        if (a != b)
            return differ(c, place, "another branch feeds this input", theirs, text);
        if (a)
            return true;
    }
    if (c->pair_count < MAX_PAIRS) {
        c->pairs[c->pair_count].recorded = theirs;
        c->pairs[c->pair_count++].ours = id;
    }
    return true;
}

static bool
same_joins(struct comparison *c, const char *place, const struct json *theirs,
           const struct json *ours)
{
    const struct json *a = json_find(theirs, "input_data_ids");
    const struct json *b = json_find(ours, "input_data_ids");
    if (json_count(a) != json_count(b))
        return same_json(c, place, "input_data_ids", a, b);
    for (size_t i = 0; i < json_count(a); i++) {
        struct str id;
        if (json_string(json_at(a, i), &id, NULL) != OK ||
            !same_data_id(c, place, id, json_at(b, i)))
            return false;
    }
    a = json_find(theirs, "output_data_receivers");
    b = json_find(ours, "output_data_receivers");
    if (json_count(a) != json_count(b))
        return same_json(c, place, "output_data_receivers", a, b);
    for (size_t i = 0; i < json_count(a); i++) {
        const struct json *x = json_at(a, i), *y = json_at(b, i);
        struct str id;
        if (json_get_string(x, "data_id", &id, NULL) != OK ||
            !same_data_id(c, place, id, json_find(y, "data_id")) ||
            !same_json(c, place, "data receiver", json_find(x, "receiver_id"),
                       json_find(y, "receiver_id")))
            return false;
    }
    return true;
}

static bool
same_receipt(struct comparison *c, const char *place, struct str recorded_id,
             const struct chain_receipt *receipt)
{
    static const char *const plain[] = {"actions", "gas_price", "is_promise_yield", "signer_id",
                                        "signer_public_key"};
    const struct json *theirs =
        find_by(json_find(c->answer, "receipts"), "receipt_id", recorded_id);
    /* A local receipt is not in the answer, and no other may be missing. */
    if (!theirs)
        return receipt->is_local ||
               differ(c, place, "receipt", STR("not in the answer"), STR("travelled"));
    if (receipt->is_local)
        return differ(c, place, "receipt", STR("travelled"), STR("local"));
    struct buf text;
    struct json_writer w;
    struct json *ours = NULL;
    buf_init(&text, 1 << 24);
    json_write_begin(&w, &text);
    view_receipt(&w, receipt);
    bool same = json_parse(buf_str(&text), 0x1000000, &ours, NULL) == OK;
    same = same &&
           same_json(c, place, "predecessor_id", json_find(theirs, "predecessor_id"),
                     json_find(ours, "predecessor_id")) &&
           same_json(c, place, "receiver_id", json_find(theirs, "receiver_id"),
                     json_find(ours, "receiver_id"));
    const struct json *a = json_find(json_find(theirs, "receipt"), "Action");
    const struct json *b = json_find(json_find(ours, "receipt"), "Action");
    for (size_t i = 0; i < ARRAY_LEN(plain) && same; i++)
        same = same_json(c, place, plain[i], json_find(a, plain[i]), json_find(b, plain[i]));
    same = same && same_joins(c, place, a, b);
    json_free(ours);
    buf_release(&text);
    return same;
}

static bool
same_number(struct comparison *c, const char *place, const char *what, uint64_t theirs,
            uint64_t ours)
{
    char a[24], b[24];
    if (theirs == ours)
        return true;
    snprintf(a, sizeof(a), "%llu", (unsigned long long)theirs);
    snprintf(b, sizeof(b), "%llu", (unsigned long long)ours);
    return differ(c, place, what, str_from(a), str_from(b));
}

/* Its place among the receipts made; their count when it is none of them. */
static size_t
place_of(const struct json *ids, struct str id)
{
    size_t i = 0;
    struct str found;
    while (i < json_count(ids) &&
           (json_string(json_at(ids, i), &found, NULL) != OK || !str_equal(found, id)))
        i++;
    return i;
}

/* A receipt's id is another here: that it is the same child is seen by its place. */
static bool
same_status(struct comparison *c, const char *place, const struct json *theirs,
            const struct json *ours)
{
    const struct json *a = json_find(theirs, "status"), *b = json_find(ours, "status");
    struct str x, y;
    if (json_get_string(a, "SuccessReceiptId", &x, NULL) != OK ||
        json_get_string(b, "SuccessReceiptId", &y, NULL) != OK)
        return same_json(c, place, "status", a, b);
    return same_number(c, place, "the receipt whose result it is",
                       place_of(json_find(theirs, "receipt_ids"), x),
                       place_of(json_find(ours, "receipt_ids"), y));
}

static bool
same_outcome(struct comparison *c, const char *place, const struct json *recorded,
             const struct chain_outcome *o)
{
    static const char *const plain[] = {"executor_id", "gas_burnt", "logs", "metadata",
                                        "tokens_burnt"};
    const struct json *theirs = json_find(recorded, "outcome");
    struct buf text;
    struct json_writer w;
    struct json *ours = NULL;
    buf_init(&text, 1 << 24);
    json_write_begin(&w, &text);
    view_outcome(&w, c->chain, o);
    bool same = json_parse(buf_str(&text), 0x1000000, &ours, NULL) == OK;
    const struct json *mine = json_find(ours, "outcome");
    same = same && same_status(c, place, theirs, mine);
    for (size_t i = 0; i < ARRAY_LEN(plain) && same; i++)
        same = same_json(c, place, plain[i], json_find(theirs, plain[i]),
                         json_find(mine, plain[i]));
    json_free(ours);
    buf_release(&text);
    return same;
}

static bool
same_tree(struct comparison *c, const char *place, const struct json *recorded,
          const struct chain_outcome *ours, uint64_t recorded_parent, uint64_t our_parent)
{
    uint64_t height;
    const struct json *ids = json_find(json_find(recorded, "outcome"), "receipt_ids");
    if (!height_of(c, recorded, &height))
        return differ(c, place, "the recorded block is missing", STR("?"), STR(""));
    if (!same_outcome(c, place, recorded, ours) ||
        !same_number(c, place, "blocks after its parent", height - recorded_parent,
                     ours->height - our_parent) ||
        !same_number(c, place, "receipts made", json_count(ids), ours->child_count))
        return false;
    for (size_t i = 0; i < ours->child_count; i++) {
        char below[128];
        struct str id;
        snprintf(below, sizeof(below), "%.100s.%zu", place, i);
        const struct json *child = NULL;
        if (json_string(json_at(ids, i), &id, NULL) == OK)
            child = find_by(json_find(c->answer, "receipts_outcome"), "id", id);
        const struct chain_outcome *mine = chain_outcome_of(c->chain, &ours->children[i]);
        if (!child || !mine)
            return differ(c, below, "outcome", child ? STR("there") : STR("missing"),
                          mine ? STR("there") : STR("missing"));
        if (json_at(json_find(c->answer, "receipts_outcome"), c->walked++) != child)
            return differ(c, below, "order of the outcomes", id, STR("depth first"));
        if (!same_receipt(c, below, id, mine->receipt) ||
            !same_tree(c, below, child, mine, height, ours->height))
            return false;
    }
    return true;
}

/* --- data: what went from branches to callbacks ------------------------------------------- */

static const struct hash *
our_data_id(const struct comparison *c, struct str recorded)
{
    for (size_t i = 0; i < c->pair_count; i++) {
        if (str_equal(c->pairs[i].recorded, recorded))
            return &c->pairs[i].ours;
    }
    return NULL;
}

static const struct chain_receipt *
find_data(const struct comparison *c, const struct hash *data_id, uint64_t height)
{
    const struct chain_block *b = chain_block_at(c->chain, height);
    for (size_t i = 0; b && i < b->chunk_count; i++) {
        for (size_t j = 0; j < b->chunks[i].receipt_count; j++) {
            const struct chain_receipt *r = b->chunks[i].receipts[j];
            if (r->is_data && hash_equal(&r->data_id, data_id))
                return r;
        }
    }
    return NULL;
}

static bool
same_data(struct comparison *c, const struct json *theirs, uint64_t height)
{
    static const char place[] = "data";
    const struct json *data = json_find(json_find(theirs, "receipt"), "Data");
    struct str id;
    const struct hash *ours =
        json_get_string(data, "data_id", &id, NULL) == OK ? our_data_id(c, id) : NULL;
    if (!ours)
        return true;    /* of another transaction in the same chunk */
    uint64_t blocks = height - c->recorded_height;
    const struct chain_receipt *r = find_data(c, ours, c->our_height + blocks);
    if (!r)
        return differ(c, place, "on its way in the block recorded", id, STR("not there"));
    struct buf text;
    struct json_writer w;
    struct json *mine = NULL;
    buf_init(&text, 1 << 24);
    json_write_begin(&w, &text);
    view_receipt(&w, r);
    bool same = json_parse(buf_str(&text), 0x1000000, &mine, NULL) == OK;
    const struct json *my_data = json_find(json_find(mine, "receipt"), "Data");
    same = same &&
           same_json(c, place, "predecessor_id", json_find(theirs, "predecessor_id"),
                     json_find(mine, "predecessor_id")) &&
           same_json(c, place, "receiver_id", json_find(theirs, "receiver_id"),
                     json_find(mine, "receiver_id")) &&
           same_json(c, place, "data", json_find(data, "data"), json_find(my_data, "data")) &&
           same_json(c, place, "is_promise_resume", json_find(data, "is_promise_resume"),
                     json_find(my_data, "is_promise_resume"));
    json_free(mine);
    buf_release(&text);
    return same;
}

static bool
same_chunks(struct comparison *c)
{
    for (const struct json *chunk = json_first(c->chunks); chunk; chunk = json_next(chunk)) {
        uint64_t height;
        if (json_get_u64(json_find(chunk, "header"), "height_created", &height, NULL) != OK)
            continue;
        const struct json *list = json_find(chunk, "receipts");
        for (const struct json *r = json_first(list); r; r = json_next(r)) {
            if (json_find(json_find(r, "receipt"), "Data") && !same_data(c, r, height))
                return false;
        }
    }
    return true;
}

/* --- the whole ---------------------------------------------------------------------------- */

/* What the call came to in the end, along the receipts whose results were passed on. */
static bool
same_end(struct comparison *c, const struct chain_outcome *o)
{
    while (o && o->status == CHAIN_RECEIPT)
        o = chain_outcome_of(c->chain, &o->returns);
    if (!o)
        return differ(c, "0", "the end", STR("there"), STR("missing"));
    struct buf text;
    struct json_writer w;
    struct json *mine = NULL;
    buf_init(&text, 1 << 24);
    json_write_begin(&w, &text);
    view_status(&w, o);
    bool same = json_parse(buf_str(&text), 0x1000000, &mine, NULL) == OK &&
                same_json(c, "0", "status of the transaction", json_find(c->answer, "status"),
                          mine);
    json_free(mine);
    buf_release(&text);
    return same;
}

bool
compare_call(const struct chain *chain, const struct json *recorded, const struct hash *tx,
             struct buf *difference)
{
    const struct json *timeline = json_find(recorded, "timeline");
    const struct json *last = json_at(timeline, json_count(timeline) - 1);
    struct comparison c = {.chain = chain,
                           .answer = json_find(last, "result"),
                           .blocks = json_find(recorded, "blocks"),
                           .chunks = json_find(recorded, "chunks"),
                           .difference = difference};
    const struct json *top = json_find(c.answer, "transaction_outcome");
    const struct chain_outcome *ours = chain_outcome_of(chain, tx);
    if (!top || !ours || !height_of(&c, top, &c.recorded_height))
        return differ(&c, "0", "the transaction's outcome", STR("there"),
                      ours ? STR("there") : STR("missing"));
    c.our_height = ours->height;
    return same_tree(&c, "0", top, ours, c.recorded_height, c.our_height) &&
           same_number(&c, "0", "receipts that ran",
                       json_count(json_find(c.answer, "receipts_outcome")), c.walked) &&
           same_end(&c, ours) && same_chunks(&c);
}
