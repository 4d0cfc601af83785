/* From records to a chain. */
#include <stdlib.h>
#include <string.h>
#include "contract/chain/chain_private.h"
#include "contract/chain/codec.h"
#include "net/base/xalloc.h"

/* In a row, at most: a chain that says otherwise is damaged. */
enum { HEIGHTS_LEFT_OUT = 10000 };

struct waking {
    struct chain *chain;
    struct map records[RECORD_KINDS];   /* key -> struct chain_record */
    struct map receipts, known;         /* of all segments: id, hash */
    struct arena arena;                 /* until all is awake */
    struct list blocks;                 /* struct chain_record, by height */
    bool is_leaving;                    /* the block is older than the history: it need not be
                                         * whole */
    const char *fault;                  /* the first */
};

static void
fail(struct waking *w, const char *what)
{
    if (!w->fault)
        w->fault = what;
}

/* Something that a block tells of is not there. */
static void
miss(struct waking *w, const char *what)
{
    if (!w->is_leaving)
        fail(w, what);
}

static struct str
key_of(const struct hash *h)
{
    return str_of(h->b, sizeof(h->b));
}

/* --- the state ---------------------------------------------------------------------------- */

static void
wake_codes(struct waking *w)
{
    struct str key;
    void *value;
    for (size_t i = 0; map_next(&w->records[RECORD_CODE], &i, &key, &value);) {
        struct hash hash;
        state_keep_code(&w->chain->state, ((const struct chain_record *)value)->value, &hash);
        if (!str_equal(key, key_of(&hash)))
            fail(w, "a contract's code");
    }
}

static void
wake_accounts(struct waking *w)
{
    struct str key;
    void *value;
    for (size_t i = 0; map_next(&w->records[RECORD_ACCOUNT], &i, &key, &value);) {
        if (!account_is_valid(key) && !account_is_implicit(key)) {
            fail(w, "an account's name");
            return;
        }
        struct account *a = state_record(&w->chain->state, key);
        struct codec k = codec_take(((const struct chain_record *)value)->value, &w->arena);
        a->exists = true;
        code_state_account(&k, a);
        bool has_code = hash_is_zero(&a->code_hash) ||
                        state_find_code(&w->chain->state, &a->code_hash, &a->code);
        if (!codec_is_done(&k) || !has_code || !str_equal(key, account_str(&a->id)))
            fail(w, "an account");
    }
}

/* To the trie all data is new: the next chunk takes it over. */
static void
wake_data(struct waking *w)
{
    struct chain *c = w->chain;
    struct str key, old;
    void *value;
    for (size_t i = 0; map_next(&w->records[RECORD_DATUM], &i, &key, &value);) {
        ptrdiff_t comma = str_find_byte(key, ',');
        struct str name = comma < 0 ? key : str_slice(key, 0, (size_t)comma);
        struct account *a = comma < 0 ? NULL : state_find(&c->state, name);
        if (!a) {
            fail(w, "a contract's data");
            return;
        }
        struct str own = str_slice(key, (size_t)comma + 1, key.n);
        account_write(&c->state, a, own, ((const struct chain_record *)value)->value, &old);
        trie_note_change(&c->shards[chain_shard_of(c, name)].trie, name, own);
    }
}

/* --- blocks ------------------------------------------------------------------------------- */

static struct known_tx *
take_known(struct waking *w, struct str bytes)
{
    struct known_tx *known = known_new(bytes);
    if (!known) {
        fail(w, "a transaction");
        return NULL;
    }
    map_put(&w->known, key_of(&known->signed_tx->hash), known);
    return known;
}

static void
take_included(struct waking *w, struct codec *k, struct segment *s)
{
    size_t count = 0;
    code_count(k, &count);
    for (size_t i = 0; i < count && !k->in.fault; i++) {
        struct known_tx *known = take_known(w, borsh_take_bytes(&k->in, "a transaction"));
        if (!known)
            return;
        known->is_included = true;
        list_add(&s->included, known);
    }
}

static void
take_made(struct waking *w, struct codec *k, struct segment *s)
{
    size_t count = 0;
    code_count(k, &count);
    for (size_t i = 0; i < count && !k->in.fault; i++) {
        struct chain_receipt *r = arena_alloc(k->arena, sizeof(*r));
        bool has_actions = false;
        code_receipt(k, r, &has_actions);
        const struct known_tx *known = map_get(&w->known, key_of(&r->tx));
        if (!has_actions && !r->is_data && !known) {
            fail(w, "a receipt without its transaction");
            return;
        }
        if (!has_actions && !r->is_data) {
            r->actions = known->signed_tx->tx.actions;
            r->action_count = known->signed_tx->tx.action_count;
        }
        r->segment = s;
        list_add(&s->made, r);
        map_put(&w->receipts, key_of(&r->id), r);
    }
}

static const struct chain_receipt *
take_receipt(struct waking *w, struct codec *k)
{
    struct hash id = borsh_take_hash(&k->in, "a receipt's id");
    const struct chain_receipt *r = map_get(&w->receipts, key_of(&id));
    if (!r)
        miss(w, "a receipt that is missing");
    return r;
}

static void
take_outcomes(struct waking *w, struct codec *k, struct chain_chunk *chunk)
{
    code_count(k, &chunk->outcome_count);
    chunk->outcomes = arena_array(k->arena, chunk->outcome_count, sizeof(*chunk->outcomes));
    for (size_t i = 0; i < chunk->outcome_count && !w->fault && !k->in.fault; i++) {
        struct chain_outcome *o = arena_alloc(k->arena, sizeof(*o));
        code_outcome(k, o);
        const struct known_tx *known = o->is_transaction ? map_get(&w->known, key_of(&o->id)) : NULL;
        o->transaction = known ? known->signed_tx : NULL;
        o->receipt = o->is_transaction ? NULL : map_get(&w->receipts, key_of(&o->id));
        if (!o->transaction && !o->receipt)
            miss(w, "an outcome of nothing");
        else if (o->receipt)
            receipt_told(w->chain, o->receipt);
        chunk->outcomes[i] = o;
    }
    if (!w->fault && !k->in.fault)
        block_build_tree(w->chain, chunk);
}

static void
take_chunk(struct waking *w, struct codec *k, struct chain_block *b, size_t index)
{
    struct chain_chunk *chunk = &b->chunks[index];
    code_chunk(k, chunk);
    code_count(k, &chunk->transaction_count);
    chunk->transactions = arena_array(k->arena, chunk->transaction_count, sizeof(void *));
    for (size_t i = 0; i < chunk->transaction_count && !w->fault; i++) {
        struct hash hash = borsh_take_hash(&k->in, "a hash");
        const struct known_tx *known = map_get(&w->known, key_of(&hash));
        if (known)
            chunk->transactions[i] = known->signed_tx;
        else
            miss(w, "a chunk without its transaction");
    }
    code_count(k, &chunk->receipt_count);
    chunk->receipts = arena_array(k->arena, chunk->receipt_count, sizeof(void *));
    for (size_t i = 0; i < chunk->receipt_count && !w->fault; i++)
        chunk->receipts[i] = take_receipt(w, k);
    chunk->segment = history_segment(&w->chain->history, chunk->height_included);
    if (!chunk->segment)
        miss(w, "a chunk");
    else if (!w->fault && !w->is_leaving)
        chunk_told(w->chain, chunk);
    take_outcomes(w, k, chunk);
}

static void
take_changes(struct waking *w, struct codec *k, const struct chain_block *b)
{
    struct chain *c = w->chain;
    size_t count = 0;
    code_count(k, &count);
    struct arena *own = w->is_leaving ? NULL : changes_restore(&c->changes, b->height, count);
    k->arena = own ? own : &w->arena;
    for (size_t i = 0; i < count && !k->in.fault; i++) {
        struct change change = {.kind = CHANGE_ACCOUNT};
        struct account_id name;
        code_change(k, &change, &name);
        change.account = &state_record(&c->state, account_str(&name))->id;
        if (own)
            changes_add(&c->changes, &change);
    }
}

static void
take_block(struct waking *w, struct codec *k, struct chain_block *b)
{
    code_block(k, b);
    code_size(k, &b->chunk_count);
    if (b->chunk_count != w->chain->shard_count) {
        fail(w, "a block");
        b->chunk_count = 0;
    }
    b->chunks = arena_array(k->arena, b->chunk_count, sizeof(*b->chunks));
    w->is_leaving = b->height > 0 && b->height < w->chain->history.first;
}

static void
wake_block(struct waking *w, const struct chain_record *record)
{
    struct chain *c = w->chain;
    struct chain_block *b = arena_alloc(&c->arena, sizeof(*b));
    struct codec k = codec_take(record->value, &c->arena);
    struct segment *s = history_open(c, b);
    take_included(w, &k, s);
    take_made(w, &k, s);
    take_block(w, &k, b);
    for (size_t i = 0; i < b->chunk_count && !w->fault; i++)
        take_chunk(w, &k, b, i);
    if (!w->fault)
        take_changes(w, &k, b);
    struct hash hash = block_hash(b);
    uint64_t next = c->history.first + c->history.segments.count;
    bool is_near = w->is_leaving || b->height == 0 ||
                   (b->height >= next && b->height - next <= HEIGHTS_LEFT_OUT);
    if (!codec_is_done(&k) || !hash_equal(&hash, &b->hash) || !is_near)
        fail(w, "a block");
    /* What could not be read in whole is only released again. */
    if (w->fault)
        b->chunk_count = 0;
    history_wake(c, w->is_leaving || w->fault);
}

static int
by_height(const void *a, const void *b)
{
    const struct chain_record *const *x = a, *const *y = b;
    return str_compare((*x)->key, (*y)->key);
}

static void
wake_blocks(struct waking *w)
{
    void *value;
    for (size_t i = 0; map_next(&w->records[RECORD_BLOCK], &i, NULL, &value);)
        list_add(&w->blocks, value);
    if (w->blocks.count)
        qsort(w->blocks.items, w->blocks.count, sizeof(*w->blocks.items), by_height);
    for (size_t i = 0; i < w->blocks.count && !w->fault; i++)
        wake_block(w, w->blocks.items[i]);
    w->is_leaving = false;
    if (!w->fault && !history_is_whole(&w->chain->history))
        fail(w, "the order of the blocks");
}

/* --- what is under way -------------------------------------------------------------------- */

static void
take_ids(struct waking *w, struct codec *k, struct list *out)
{
    size_t count = 0;
    code_count(k, &count);
    for (size_t i = 0; i < count && !w->fault; i++) {
        const struct chain_receipt *r = take_receipt(w, k);
        if (r)
            list_add(out, r);
    }
}

static void
take_arrivals(struct waking *w, struct codec *k, struct shard *s)
{
    struct list data = {0}, waiting = {0};
    take_ids(w, k, &data);
    take_ids(w, k, &waiting);
    for (size_t i = 0; i < data.count; i++)
        arrival_restore(s, data.items[i], NULL);
    for (size_t i = 0; i < waiting.count; i++)
        arrival_restore(s, NULL, waiting.items[i]);
    list_release(&data);
    list_release(&waiting);
}

static void
take_yields(struct waking *w, struct codec *k, struct shard *s)
{
    struct list waiting = {0};
    size_t count = 0;
    take_ids(w, k, &waiting);
    for (size_t i = 0; i < waiting.count; i++) {
        const struct chain_receipt *r = waiting.items[i];
        if (r->input_count)
            map_put(&s->yields, key_of(&r->inputs[0]), (void *)(uintptr_t)r);
        else
            fail(w, "a promise that waits for nothing");
    }
    list_release(&waiting);
    code_count(k, &count);
    for (size_t i = 0; i < count && !k->in.fault; i++) {
        /* Where the last block lives, and so as long as it has to. */
        struct segment *home = history_segment(&w->chain->history, chain_head(w->chain)->height);
        struct yield_deadline *d = arena_alloc(&home->arena, sizeof(*d));
        d->segment = home;
        code_account(k, &d->account);
        code_hash(k, &d->data_id);
        code_u64(k, &d->height);
        list_add(&s->deadlines, d);
    }
}

static void
take_transactions(struct waking *w, struct codec *k, struct list *out, bool is_included)
{
    struct chain *c = w->chain;
    size_t count = 0;
    code_count(k, &count);
    for (size_t i = 0; i < count && !w->fault && !k->in.fault; i++) {
        struct hash hash = borsh_take_hash(&k->in, "a hash");
        const struct chain_record *r = map_remove(&w->records[RECORD_POOL], key_of(&hash));
        struct known_tx *known = r ? pool_restore(c, r->value) : NULL;
        if (!known) {
            fail(w, "a transaction that waits");
            return;
        }
        known->is_included = is_included;
        list_add(out, known);
    }
}

static void
take_shard(struct waking *w, struct codec *k, struct shard *s)
{
    take_transactions(w, k, &s->prepared, true);
    take_transactions(w, k, &s->pool, false);
    take_ids(w, k, &s->incoming);
    take_ids(w, k, &s->delayed);
    take_ids(w, k, &s->outgoing);
    take_arrivals(w, k, s);
    take_yields(w, k, s);
    keep_code_shard(k, s);
}

static void
take_globals(struct waking *w, struct codec *k, size_t shard)
{
    size_t count = 0;
    code_count(k, &count);
    for (size_t i = 0; i < count && !w->fault && !k->in.fault; i++) {
        struct global_use name = {.kind = GLOBAL_NONE};
        struct hash hash;
        struct str code;
        code_global(k, &name);
        code_hash(k, &hash);
        if (name.kind != GLOBAL_NONE && state_find_code(&w->chain->state, &hash, &code))
            global_keep(w->chain, shard, &name, code);
        else
            fail(w, "a contract of all");
    }
}

static int
by_number(const void *a, const void *b)
{
    const struct known_tx *const *x = a, *const *y = b;
    return ((*x)->number > (*y)->number) - ((*x)->number < (*y)->number);
}

/* Those that came after the last block, in the order of their coming. */
static void
wake_pool(struct waking *w)
{
    struct chain *c = w->chain;
    struct list late = {0};
    void *value;
    for (size_t i = 0; map_next(&w->records[RECORD_POOL], &i, NULL, &value);) {
        struct known_tx *known = pool_restore(c, ((const struct chain_record *)value)->value);
        if (known)
            list_add(&late, known);
        else
            fail(w, "a transaction that waits");
    }
    if (late.count)
        qsort(late.items, late.count, sizeof(*late.items), by_number);
    for (size_t i = 0; i < late.count; i++) {
        const struct known_tx *known = late.items[i];
        size_t shard = chain_shard_of(c, account_str(&known->signed_tx->tx.signer));
        list_add(&c->shards[shard].pool, known);
    }
    list_release(&late);
}

/* --- all of it ---------------------------------------------------------------------------- */

static void
wake_all(struct waking *w)
{
    struct chain *c = w->chain;
    const struct chain_record *head = map_get(&w->records[RECORD_HEAD], STR("head"));
    if (!head) {
        fail(w, "nothing that says where it goes on");
        return;
    }
    struct codec k = codec_take(head->value, &w->arena);
    keep_code_config(&k, c);
    keep_code_chain(&k, c);
    for (size_t i = 0; i < c->shard_count; i++)
        trie_init(&c->shards[i].trie);
    wake_codes(w);
    wake_accounts(w);
    wake_data(w);
    if (!w->fault && !k.in.fault)
        wake_blocks(w);
    for (size_t i = 0; i < c->shard_count && !w->fault && !k.in.fault; i++) {
        take_shard(w, &k, &c->shards[i]);
        take_globals(w, &k, i);
    }
    if (!w->fault && !codec_is_done(&k))
        fail(w, "what is under way");
    if (!w->fault)
        wake_pool(w);
}

static void
sort_records(struct waking *w, const struct chain_record *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if ((unsigned)records[i].kind >= RECORD_KINDS || records[i].is_gone)
            fail(w, "a record of no kind");
        else
            map_put(&w->records[records[i].kind], records[i].key,
                    (void *)(uintptr_t)&records[i]);
    }
}

enum err
chain_wake(const struct chain_record *records, size_t count, const struct chain_config *how,
           struct chain **out, struct diag *d)
{
    struct waking w = {.chain = chain_alloc(how)};
    enum err e = OK;
    sort_records(&w, records, count);
    if (!w.fault)
        wake_all(&w);
    if (w.fault) {
        e = diag_set(d, ERR_SYNTAX, "the stored chain is damaged: %s", w.fault);
        chain_free(w.chain);
    } else {
        *out = w.chain;
    }
    for (size_t i = 0; i < RECORD_KINDS; i++)
        map_release(&w.records[i]);
    map_release(&w.receipts);
    map_release(&w.known);
    list_release(&w.blocks);
    arena_release(&w.arena);
    return e;
}
