/* From a chain to records. */
#include "contract/chain/keep.h"

#include <assert.h>
#include <string.h>
#include "contract/chain/chain_private.h"
#include "contract/chain/codec.h"
#include "net/base/xalloc.h"

enum { RECORD_MAX = 1 << 30 };

struct kept_datum {
    struct account *account;
    struct str key;
};

void
keeper_init(struct keeper *k)
{
    *k = (struct keeper){.is_on = false};
    map_init(&k->accounts);
    map_init(&k->data);
    map_init(&k->codes);
    buf_init(&k->bytes, RECORD_MAX);
}

void
keeper_release(struct keeper *k)
{
    void *value;
    for (size_t i = 0; map_next(&k->codes, &i, NULL, &value);)
        xfree(value);
    map_release(&k->accounts);
    map_release(&k->data);
    map_release(&k->codes);
    list_release(&k->waiting);
    arena_release(&k->arena);
    arena_release(&k->given);
    buf_release(&k->bytes);
    xfree(k->records);
}

/* --- taking note -------------------------------------------------------------------------- */

static void
note_datum(struct keeper *k, struct account *a, struct str key)
{
    struct str name = account_str(&a->id), text;
    struct buf joined;
    buf_init(&joined, RECORD_MAX);
    buf_add_str(&joined, name);
    buf_add_byte(&joined, ',');
    buf_add_str(&joined, key);
    text = buf_str(&joined);
    if (!map_get(&k->data, text)) {
        text = arena_str(&k->arena, text);
        struct kept_datum d = {a, str_slice(text, name.n + 1, text.n)};
        map_put(&k->data, text, arena_copy(&k->arena, &d, sizeof(d)));
    }
    buf_release(&joined);
}

static void
note_account(struct keeper *k, struct account *a)
{
    map_put(&k->accounts, account_str(&a->id), a);
}

void
keeper_note(struct keeper *k, const struct state *s)
{
    if (!k->is_on)
        return;
    note_account(k, s->open);
    for (size_t i = 0; i < s->undo_count; i++)
        note_datum(k, s->open, s->undo[i].key);
}

static void
note_waiting(struct keeper *k, struct chain_record r)
{
    r.key = arena_str(&k->arena, r.key);
    r.value = arena_str(&k->arena, r.value);
    list_add(&k->waiting, arena_copy(&k->arena, &r, sizeof(r)));
}

/* Put into words at once, since a transaction may be gone before anybody asks. */
void
keeper_transaction(struct keeper *k, const struct known_tx *known, bool is_gone)
{
    struct chain_record r = {.kind = RECORD_POOL, .is_gone = is_gone};
    if (!k->is_on)
        return;
    r.key = str_of(known->signed_tx->hash.b, sizeof(known->signed_tx->hash.b));
    if (!is_gone) {
        struct codec c = codec_put(&k->bytes);
        uint64_t number = known->number;
        struct str bytes = known->bytes;
        code_u64(&c, &number);
        code_str(&c, &bytes);
        r.value = buf_str(&k->bytes);
    }
    note_waiting(k, r);
    buf_clear(&k->bytes);
}

static struct str
key_of_height(uint64_t height, uint8_t out[8])
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(height >> (56 - 8 * i));
    return str_of(out, 8);
}

void
keeper_forget_block(struct keeper *k, uint64_t height)
{
    uint8_t key[8];
    if (k->is_on)
        note_waiting(k, (struct chain_record){.kind = RECORD_BLOCK,
                                              .key = key_of_height(height, key),
                                              .is_gone = true});
}

void
chain_keep(struct chain *c)
{
    struct keeper *k = &c->keeper;
    void *account, *datum;
    k->is_on = true;
    for (size_t i = 0; map_next(&c->state.accounts, &i, NULL, &account);) {
        struct account *a = account;
        note_account(k, a);
        for (size_t j = 0; map_next(&a->data, &j, NULL, &datum);)
            note_datum(k, a, ((const struct datum *)datum)->key);
    }
    for (size_t i = 0; i < c->shard_count; i++) {
        const struct shard *s = &c->shards[i];
        for (size_t j = 0; j < s->prepared.count; j++)
            keeper_transaction(k, s->prepared.items[j], false);
        for (size_t j = 0; j < s->pool.count; j++)
            keeper_transaction(k, s->pool.items[j], false);
    }
}

/* --- records ------------------------------------------------------------------------------ */

static void
give(struct keeper *k, struct chain_record r)
{
    void *records = k->records;
    k->room = xgrow(&records, k->room, k->count + 1, sizeof(*k->records));
    k->records = records;
    k->records[k->count++] = r;
}

/* What was put into k->bytes becomes the value. */
static void
give_bytes(struct keeper *k, enum chain_record_kind kind, struct str key)
{
    if (k->bytes.overflowed)
        fatal("a record of the chain is larger than %d bytes", RECORD_MAX);
    give(k, (struct chain_record){.kind = kind,
                                  .key = arena_str(&k->given, key),
                                  .value = arena_str(&k->given, buf_str(&k->bytes))});
    buf_clear(&k->bytes);
}

static void
give_waiting(struct keeper *k)
{
    for (size_t i = 0; i < k->waiting.count; i++) {
        struct chain_record r = *(const struct chain_record *)k->waiting.items[i];
        r.key = arena_str(&k->given, r.key);
        r.value = arena_str(&k->given, r.value);
        give(k, r);
    }
}

static void
give_code(struct keeper *k, const struct hash *code_hash, struct str code)
{
    struct str hash = str_of(code_hash->b, sizeof(code_hash->b));
    if (hash_is_zero(code_hash) || map_get(&k->codes, hash))
        return;
    void *own = xmemdup(hash.p, hash.n);
    map_put(&k->codes, str_of(own, hash.n), own);
    give(k, (struct chain_record){.kind = RECORD_CODE,
                                  .key = arena_str(&k->given, hash),
                                  .value = code});
}

static void
give_accounts(struct keeper *k)
{
    void *value;
    for (size_t i = 0; map_next(&k->accounts, &i, NULL, &value);) {
        struct account *a = value;
        if (!a->exists) {
            give(k, (struct chain_record){.kind = RECORD_ACCOUNT,
                                          .key = account_str(&a->id),
                                          .is_gone = true});
            continue;
        }
        struct codec c = codec_put(&k->bytes);
        code_state_account(&c, a);
        give_bytes(k, RECORD_ACCOUNT, account_str(&a->id));
        give_code(k, &a->code_hash, a->code);
    }
}

static void
give_data(struct keeper *k)
{
    struct str key;
    void *value;
    for (size_t i = 0; map_next(&k->data, &i, &key, &value);) {
        const struct kept_datum *d = value;
        struct chain_record r = {.kind = RECORD_DATUM, .key = arena_str(&k->given, key)};
        if (account_read(d->account, d->key, &r.value))
            r.value = arena_str(&k->given, r.value);
        else
            r.is_gone = true;
        give(k, r);
    }
}

/* --- blocks ------------------------------------------------------------------------------- */

/* Of a block that has left the history only what it made is needed, and what its lists show
 * may be gone: they are stored empty. */
static void
put_chunk(struct codec *k, const struct chain_chunk *from, bool is_leaving)
{
    struct chain_chunk chunk = *from;
    if (is_leaving)
        chunk.transaction_count = chunk.receipt_count = chunk.outcome_count = 0;
    code_chunk(k, &chunk);
    code_size(k, &chunk.transaction_count);
    for (size_t i = 0; i < chunk.transaction_count; i++)
        borsh_put_hash(k->out, &chunk.transactions[i]->hash);
    code_size(k, &chunk.receipt_count);
    for (size_t i = 0; i < chunk.receipt_count; i++)
        borsh_put_hash(k->out, &chunk.receipts[i]->id);
    code_size(k, &chunk.outcome_count);
    for (size_t i = 0; i < chunk.outcome_count; i++)
        code_outcome(k, (struct chain_outcome *)(uintptr_t)chunk.outcomes[i]);
}

static void
put_changes(struct codec *k, const struct changes *changes, uint64_t height)
{
    const struct block_changes *b = changes_at(changes, height);
    size_t count = b ? b->count : 0;
    code_size(k, &count);
    for (size_t i = 0; i < count; i++) {
        struct change change = b->items[i];
        struct account_id name = *change.account;
        code_change(k, &change, &name);
    }
}

static void
give_block(struct chain *c, struct segment *s, bool is_leaving)
{
    struct keeper *keeper = &c->keeper;
    struct codec k = codec_put(&keeper->bytes);
    uint8_t key[8];
    code_size(&k, &s->included.count);
    for (size_t i = 0; i < s->included.count; i++)
        code_str(&k, &((struct known_tx *)(uintptr_t)s->included.items[i])->bytes);
    code_size(&k, &s->made.count);
    for (size_t i = 0; i < s->made.count; i++) {
        struct chain_receipt *r = list_receipt(&s->made, i);
        bool has_actions = !r->is_data && !hash_equal(&r->parent, &r->tx);
        code_receipt(&k, r, &has_actions);
    }
    code_block(&k, s->block);
    code_size(&k, &s->block->chunk_count);
    for (size_t i = 0; i < s->block->chunk_count; i++)
        put_chunk(&k, &s->block->chunks[i], is_leaving);
    put_changes(&k, &c->changes, s->block->height);
    give_bytes(keeper, RECORD_BLOCK, key_of_height(s->block->height, key));
    s->is_kept = true;
}

/* True: there were new ones. */
static bool
give_blocks(struct chain *c)
{
    struct history *h = &c->history;
    size_t before = c->keeper.count;
    if (!h->genesis->is_kept)
        give_block(c, h->genesis, false);
    for (size_t i = h->segments.count; i-- > 0;) {
        struct segment *s = (struct segment *)(uintptr_t)h->segments.items[i];
        if (s && s->is_kept)
            break;
        if (s)
            give_block(c, s, false);
    }
    for (size_t i = 0; i < h->leaving.count; i++) {
        struct segment *s = (struct segment *)(uintptr_t)h->leaving.items[i];
        if (!s->is_kept)
            give_block(c, s, true);
    }
    return c->keeper.count > before;
}

/* --- the head ----------------------------------------------------------------------------- */

static void
put_ids(struct codec *k, const struct list *receipts)
{
    size_t count = receipts->count;
    code_size(k, &count);
    for (size_t i = 0; i < count; i++)
        borsh_put_hash(k->out, &list_receipt(receipts, i)->id);
}

static void
put_transactions(struct codec *k, const struct list *l)
{
    size_t count = l->count;
    code_size(k, &count);
    for (size_t i = 0; i < count; i++)
        borsh_put_hash(k->out, &((const struct known_tx *)l->items[i])->signed_tx->hash);
}

/* Data that is here, and receipts that wait for some: each once. */
static void
put_arrivals(struct codec *k, const struct map *arrivals)
{
    struct list data = {0}, waiting = {0};
    struct map seen;
    void *value;
    map_init(&seen);
    for (size_t i = 0; map_next(arrivals, &i, NULL, &value);) {
        const struct arrival *a = value;
        if (a->data) {
            list_add(&data, a->data);
            continue;
        }
        const struct chain_receipt *r = a->waiting->receipt;
        if (!map_put(&seen, str_of(r->id.b, sizeof(r->id.b)), (void *)(uintptr_t)r))
            list_add(&waiting, r);
    }
    put_ids(k, &data);
    put_ids(k, &waiting);
    map_release(&seen);
    list_release(&data);
    list_release(&waiting);
}

static void
put_yields(struct codec *k, const struct shard *s)
{
    struct list waiting = {0};
    size_t count = s->deadlines.count - s->first_deadline;
    void *value;
    for (size_t i = 0; map_next(&s->yields, &i, NULL, &value);)
        list_add(&waiting, value);
    put_ids(k, &waiting);
    list_release(&waiting);
    code_size(k, &count);
    for (size_t i = s->first_deadline; i < s->deadlines.count; i++) {
        struct yield_deadline d = *(const struct yield_deadline *)s->deadlines.items[i];
        code_account(k, &d.account);
        code_hash(k, &d.data_id);
        code_u64(k, &d.height);
    }
}

/* The names; the code itself has a record of its own. */
static void
put_globals(struct chain *c, struct codec *k, size_t shard)
{
    const struct map *globals = &c->shards[shard].globals;
    size_t count = globals->live;
    void *value;
    code_size(k, &count);
    for (size_t i = 0; map_next(globals, &i, NULL, &value);) {
        struct global_use name = *global_name(value);
        struct str code = {0};
        struct hash hash = {0};
        bool is_there = global_find(c, shard, &name, &code, &hash);
        assert(is_there);
        (void)is_there;
        code_global(k, &name);
        code_hash(k, &hash);
        give_code(&c->keeper, &hash, code);
    }
}

static void
put_shard(struct codec *k, struct shard *s)
{
    put_transactions(k, &s->prepared);
    put_transactions(k, &s->pool);
    put_ids(k, &s->incoming);
    put_ids(k, &s->delayed);
    put_ids(k, &s->outgoing);
    put_arrivals(k, &s->arrivals);
    put_yields(k, s);
    keep_code_shard(k, s);
}

static void
give_head(struct chain *c)
{
    struct codec k = codec_put(&c->keeper.bytes);
    keep_code_config(&k, c);
    keep_code_chain(&k, c);
    for (size_t i = 0; i < c->shard_count; i++) {
        put_shard(&k, &c->shards[i]);
        put_globals(c, &k, i);
    }
    give_bytes(&c->keeper, RECORD_HEAD, STR("head"));
}

size_t
chain_keep_take(struct chain *c, const struct chain_record **out)
{
    struct keeper *k = &c->keeper;
    k->count = 0;
    if (!k->is_on)
        return 0;
    arena_release(&k->given);
    give_waiting(k);
    give_accounts(k);
    give_data(k);
    /* Between blocks only transactions arrive, and what is patched. */
    if (give_blocks(c))
        give_head(c);
    list_clear(&k->waiting);
    map_clear(&k->accounts);
    map_clear(&k->data);
    arena_reset(&k->arena);
    *out = k->records;
    return k->count;
}
