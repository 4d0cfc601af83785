#include "tests/support/answer_rules.h"

#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/near/amount.h"
#include "net/near/base58.h"

enum rule {
    RULE_EXACT,
    RULE_HASH,          /* stands for one of theirs, all through the answer */
    RULE_ROOT,          /* some hash; zero where theirs is */
    RULE_KEY,           /* a public key; stands for one of theirs */
    RULE_SIGNATURE,
    RULE_HEIGHT,        /* the same distance from theirs, all through the answer */
    RULE_NUMBER,        /* some number: a nonce, a clock */
    RULE_AMOUNT,        /* some amount in digits */
    RULE_COUNT,         /* in proportion to the blocks of the epoch */
    RULE_TEXT,          /* some text: a name, a version, an address */
    RULE_SHARD          /* there the shards are numbered 3, 1, 0, 2 */
};

static const struct {
    const char *key;
    enum rule rule;
} rules[] = {
    {"block_hash", RULE_HASH},
    {"prev_block_hash", RULE_HASH},
    {"prev_hash", RULE_HASH},
    {"hash", RULE_HASH},
    {"id", RULE_HASH},
    {"receipt_id", RULE_HASH},
    {"receipt_ids", RULE_HASH},
    {"SuccessReceiptId", RULE_HASH},
    {"data_id", RULE_HASH},
    {"input_data_ids", RULE_HASH},
    {"chunk_hash", RULE_HASH},
    {"genesis_hash", RULE_HASH},
    {"earliest_block_hash", RULE_HASH},
    {"latest_block_hash", RULE_HASH},
    {"last_final_block", RULE_HASH},
    {"last_ds_final_block", RULE_HASH},
    {"epoch_id", RULE_ROOT},
    {"next_epoch_id", RULE_ROOT},
    {"next_bp_hash", RULE_ROOT},
    {"block_body_hash", RULE_ROOT},
    {"block_merkle_root", RULE_ROOT},
    {"chunk_headers_root", RULE_ROOT},
    {"chunk_receipts_root", RULE_ROOT},
    {"chunk_tx_root", RULE_ROOT},
    {"encoded_merkle_root", RULE_ROOT},
    {"outgoing_receipts_root", RULE_ROOT},
    {"outcome_root", RULE_ROOT},
    {"prev_state_root", RULE_ROOT},
    {"latest_state_root", RULE_ROOT},
    {"random_value", RULE_ROOT},
    {"tx_root", RULE_ROOT},
    {"public_key", RULE_KEY},
    {"signer_public_key", RULE_KEY},
    {"node_key", RULE_KEY},
    {"validator_public_key", RULE_KEY},
    {"node_public_key", RULE_TEXT},
    {"signature", RULE_SIGNATURE},
    {"approvals", RULE_SIGNATURE},
    {"height", RULE_HEIGHT},
    {"prev_height", RULE_HEIGHT},
    {"height_created", RULE_HEIGHT},
    {"height_included", RULE_HEIGHT},
    {"block_height", RULE_HEIGHT},
    {"block_ordinal", RULE_NUMBER}, /* heights were left out here */
    {"latest_block_height", RULE_HEIGHT},
    {"timestamp", RULE_NUMBER},
    {"timestamp_nanosec", RULE_AMOUNT},
    {"uptime_sec", RULE_NUMBER},
    {"nonce", RULE_NUMBER},
    {"ak_nonce", RULE_NUMBER},
    {"amount", RULE_AMOUNT},
    {"balance", RULE_AMOUNT},
    {"stake", RULE_AMOUNT},
    {"total_supply", RULE_AMOUNT},
    {"num_expected_blocks", RULE_COUNT},
    {"num_expected_chunks", RULE_COUNT},
    {"num_expected_chunks_per_shard", RULE_COUNT},
    {"num_expected_endorsements", RULE_COUNT},
    {"num_expected_endorsements_per_shard", RULE_COUNT},
    {"num_produced_blocks", RULE_COUNT},
    {"num_produced_chunks", RULE_COUNT},
    {"num_produced_chunks_per_shard", RULE_COUNT},
    {"num_produced_endorsements", RULE_COUNT},
    {"num_produced_endorsements_per_shard", RULE_COUNT},
    {"earliest_block_time", RULE_TEXT},
    {"latest_block_time", RULE_TEXT},
    {"genesis_time", RULE_TEXT},
    {"rpc_addr", RULE_TEXT},
    {"build", RULE_TEXT},
    {"commit", RULE_TEXT},
    {"rustc_version", RULE_TEXT},
    {"version", RULE_TEXT},
    {"allowed_shard", RULE_NUMBER}, /* goes round with the height */
    {"shard_id", RULE_SHARD},
    {"shard_ids", RULE_SHARD},
    {"index_to_id_map", RULE_SHARD},
};

static enum rule
rule_of(struct str key, const struct json *theirs)
{
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        if (!str_equal_c(key, rules[i].key))
            continue;
        /* The versions of outcomes and layouts are numbers, and exact. */
        bool is_other = rules[i].rule == RULE_TEXT && !json_is_string(theirs);
        return is_other ? RULE_EXACT : rules[i].rule;
    }
    return RULE_EXACT;
}

/* --- places and sentences ----------------------------------------------------------------- */

struct place {
    const struct place *above;
    struct str key;             /* of the nearest object's member */
    size_t index;               /* in an array; SIZE_MAX: in an object */
};

static void
add_path(struct buf *out, const struct place *p)
{
    if (!p)
        return;
    add_path(out, p->above);
    if (p->index == SIZE_MAX)
        buf_addf(out, ".%.*s", STR_ARG(p->key));
    else
        buf_addf(out, "[%zu]", p->index);
}

static bool
differ(struct answer_rules *r, const struct place *p, const struct json *theirs,
       const struct json *ours)
{
    struct buf a, b;
    buf_init(&a, 1 << 20);
    buf_init(&b, 1 << 20);
    if (theirs)
        json_print(theirs, &a);
    if (ours)
        json_print(ours, &b);
    buf_addf(&r->differences, "\n  %s: ", r->name);
    add_path(&r->differences, p);
    buf_addf(&r->differences, ": recorded %.300s, here %.300s", theirs ? buf_c(&a) : "nothing",
             ours ? buf_c(&b) : "nothing");
    buf_release(&a);
    buf_release(&b);
    return false;
}

/* --- what stands for what ----------------------------------------------------------------- */

void
answer_rules_init(struct answer_rules *r)
{
    memset(r, 0, sizeof(*r));
    buf_init(&r->differences, 1 << 20);
}

void
answer_rules_release(struct answer_rules *r)
{
    buf_release(&r->differences);
}

static bool
pair_up(struct answer_rules *r, struct str theirs, struct str ours)
{
    for (size_t i = 0; i < r->pair_count; i++) {
        bool a = str_equal_c(theirs, r->pairs[i].theirs), b = str_equal_c(ours, r->pairs[i].ours);
        if (a || b)
            return a && b;
    }
    if (r->pair_count == RULES_PAIRS_MAX ||
        !str_copy(theirs, r->pairs[r->pair_count].theirs, RULES_TEXT) ||
        !str_copy(ours, r->pairs[r->pair_count].ours, RULES_TEXT))
        return false;
    r->pair_count++;
    return true;
}

void
answer_rules_know(struct answer_rules *r, struct str theirs, struct str ours)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->known_count; i++) {
        if (!str_equal_c(theirs, r->pairs[i].theirs) && !str_equal_c(ours, r->pairs[i].ours))
            r->pairs[kept++] = r->pairs[i];
    }
    r->pair_count = kept;
    if (!pair_up(r, theirs, ours))
        fatal("%.*s cannot stand for %.*s", STR_ARG(ours), STR_ARG(theirs));
    r->known_count = r->pair_count;
}

void
answer_rules_translate(const struct answer_rules *r, struct buf *text)
{
    for (size_t i = 0; i < r->known_count; i++) {
        struct buf out;
        struct str rest = buf_str(text), from = str_from(r->pairs[i].theirs);
        ptrdiff_t at;
        buf_init(&out, text->max);
        while ((at = str_find(rest, from)) >= 0) {
            buf_add_str(&out, str_slice(rest, 0, (size_t)at));
            buf_add_c(&out, r->pairs[i].ours);
            rest = str_slice(rest, (size_t)at + from.n, rest.n);
        }
        buf_add_str(&out, rest);
        buf_release(text);
        *text = out;
    }
}

/* --- one value ---------------------------------------------------------------------------- */

static bool
same_hash(struct answer_rules *r, enum rule rule, struct str theirs, struct str ours)
{
    struct hash a, b;
    if (hash_parse(theirs, &a, NULL) || hash_parse(ours, &b, NULL))
        return false;
    if (hash_is_zero(&a) != hash_is_zero(&b))
        return false;
    return rule == RULE_ROOT || hash_is_zero(&a) || pair_up(r, theirs, ours);
}

static bool
same_text(struct answer_rules *r, enum rule rule, struct str theirs, struct str ours)
{
    struct public_key key;
    struct signature signature;
    struct amount amount;
    switch (rule) {
    case RULE_HASH:
    case RULE_ROOT: return same_hash(r, rule, theirs, ours);
    case RULE_KEY: return !public_key_parse(ours, &key, NULL) && pair_up(r, theirs, ours);
    case RULE_SIGNATURE: return !signature_parse(ours, &signature, NULL);
    case RULE_AMOUNT: return !amount_parse(ours, &amount, NULL);
    case RULE_TEXT: return true;
    case RULE_EXACT:
    case RULE_HEIGHT:
    case RULE_NUMBER:
    case RULE_COUNT:
    case RULE_SHARD: break;
    }
    return str_equal(theirs, ours);
}

static bool
same_number(struct answer_rules *r, enum rule rule, uint64_t theirs, uint64_t ours)
{
    static const uint64_t shards[] = {2, 1, 3, 0};
    switch (rule) {
    case RULE_HEIGHT:
        if (!r->has_offset)
            r->offset = (int64_t)(ours - theirs);
        r->has_offset = true;
        return (int64_t)(ours - theirs) == r->offset;
    case RULE_NUMBER: return true;
    case RULE_COUNT:
        if (r->blocks == 0)
            r->blocks = ours;
        return theirs % 63 == 0 && ours == theirs / 63 * r->blocks;
    case RULE_SHARD: return theirs >= ARRAY_LEN(shards) ? ours == theirs : ours == shards[theirs];
    case RULE_EXACT:
    case RULE_HASH:
    case RULE_ROOT:
    case RULE_KEY:
    case RULE_SIGNATURE:
    case RULE_AMOUNT:
    case RULE_TEXT: break;
    }
    return theirs == ours;
}

static bool compare(struct answer_rules *r, const struct place *p, const struct json *theirs,
                    const struct json *ours);

/* In which order receipts of several shards run in a chunk follows from the block's hash there:
 * an outcome has another place in the tree here. The proofs themselves are tested with the tree. */
static bool
is_proof(const struct json *steps)
{
    for (const struct json *v = json_first(steps); v; v = json_next(v)) {
        struct str direction, text;
        struct hash hash;
        if (json_count(v) != 2 || json_get_string(v, "direction", &direction, NULL) ||
            json_get_string(v, "hash", &text, NULL) || hash_parse(text, &hash, NULL) ||
            (!str_equal(direction, STR("Left")) && !str_equal(direction, STR("Right"))))
            return false;
    }
    return true;
}

static bool
compare_arrays(struct answer_rules *r, const struct place *p, const struct json *theirs,
               const struct json *ours)
{
    const struct json *b = json_first(ours);
    bool is_same = true;
    size_t index = 0;
    if (str_equal(p->key, STR("proof")))
        return is_proof(ours) || differ(r, p, theirs, ours);
    if (json_count(theirs) != json_count(ours))
        return differ(r, p, theirs, ours);
    for (const struct json *a = json_first(theirs); a; a = json_next(a), b = json_next(b)) {
        struct place below = {.above = p, .key = p->key, .index = index++};
        is_same &= compare(r, &below, a, b);
    }
    return is_same;
}

/* These two maps say the same of other numbers. */
static const struct json *
member(const struct json *ours, struct str key)
{
    for (const struct json *v = json_first(ours); v; v = json_next(v)) {
        if (str_equal(json_key(v), key))
            return v;
    }
    return NULL;
}

static bool
compare_objects(struct answer_rules *r, const struct place *p, const struct json *theirs,
                const struct json *ours)
{
    bool is_same = true;
    for (const struct json *a = json_first(theirs); a; a = json_next(a)) {
        struct place below = {.above = p, .key = json_key(a), .index = SIZE_MAX};
        /* Of a map from number to number the keys are told by where it stands. */
        if (p && str_equal(p->key, STR("id_to_index_map")))
            continue;
        if (p && str_equal(p->key, STR("index_to_id_map")))
            below.key = p->key;
        const struct json *b = member(ours, json_key(a));
        is_same &= b ? compare(r, &below, a, b) : differ(r, &below, a, NULL);
    }
    for (const struct json *b = json_first(ours); b; b = json_next(b)) {
        struct place below = {.above = p, .key = json_key(b), .index = SIZE_MAX};
        if (!member(theirs, json_key(b)))
            is_same = differ(r, &below, NULL, b);
    }
    return is_same;
}

static bool
compare(struct answer_rules *r, const struct place *p, const struct json *theirs,
        const struct json *ours)
{
    /* The envelope's own id is exact. */
    bool is_inside = p && p->above;
    struct str a, b, key = p ? p->key : STR("");
    uint64_t x, y;
    if (json_type(theirs) != json_type(ours))
        return differ(r, p, theirs, ours);
    enum rule rule = is_inside || str_equal(key, STR("result")) ? rule_of(key, theirs) : RULE_EXACT;
    if (str_equal(key, STR("result")))
        rule = RULE_HASH;       /* a bare one is the hash of a transaction */
    if (json_is_array(theirs))
        return compare_arrays(r, p, theirs, ours);
    if (json_is_object(theirs))
        return compare_objects(r, p, theirs, ours);
    if (json_string(theirs, &a, NULL) == OK && json_string(ours, &b, NULL) == OK)
        return same_text(r, rule, a, b) || differ(r, p, theirs, ours);
    if (json_u64(theirs, &x, NULL) == OK && json_u64(ours, &y, NULL) == OK)
        return same_number(r, rule, x, y) || differ(r, p, theirs, ours);
    return json_equal(theirs, ours) || differ(r, p, theirs, ours);
}

bool
answer_rules_compare(struct answer_rules *r, const char *name, const struct json *theirs,
                     const struct json *ours)
{
    r->name = name;
    r->pair_count = r->known_count;
    r->has_offset = false;
    r->blocks = 0;
    return compare(r, NULL, theirs, ours);
}
