#include "net/decode.h"

#include "net/base/xalloc.h"
#include "net/decode_part.h"
#include "net/near/base58.h"

void
event_list_init(struct event_list *list, struct arena *arena, enum source_id source,
                int64_t seen_ns)
{
    *list = (struct event_list){.arena = arena, .source = source, .seen_ns = seen_ns};
}

void
event_list_release(struct event_list *list)
{
    xfree(list->events);
    *list = (struct event_list){.arena = list->arena};
}

struct event *
event_list_add(struct event_list *list, enum event_kind kind, const struct hash *tx)
{
    void *events = list->events;
    list->capacity = xgrow(&events, list->capacity, list->count + 1, sizeof(*list->events));
    list->events = events;
    struct event *event = &list->events[list->count++];
    *event = (struct event){.kind = kind, .source = list->source, .seen_ns = list->seen_ns};
    if (tx)
        event->tx = *tx;
    return event;
}

void
event_list_emit(const struct event_list *list, event_fn emit, void *context)
{
    for (size_t i = 0; i < list->count; i++)
        emit(context, &list->events[i]);
}

enum err
decode_hash(const struct json *object, const char *key, struct hash *out, struct diag *d)
{
    struct str text;
    enum err e = json_get_string(object, key, &text, d);
    if (e)
        return e;
    if ((e = hash_parse(text, out, d)))
        diag_prefix(d, "%s", key);
    return e;
}

enum err
decode_account(const struct json *object, const char *key, struct account_id *out,
               struct diag *d)
{
    struct str text;
    enum err e = json_get_string(object, key, &text, d);
    if (e)
        return e;
    if ((e = account_parse(text, out, d)))
        diag_prefix(d, "%s", key);
    return e;
}

enum err
decode_amount(const struct json *object, const char *key, struct amount *out, struct diag *d)
{
    struct str text;
    enum err e = json_get_string(object, key, &text, d);
    if (e)
        return e;
    if ((e = amount_parse(text, out, d)))
        diag_prefix(d, "%s", key);
    return e;
}

enum err
decode_hashes(const struct json *object, const char *key, struct arena *arena,
              struct hash **out, size_t *count, struct diag *d)
{
    const struct json *array = NULL;
    enum err e = json_get_array(object, key, &array, d);
    if (e)
        return e;
    size_t n = json_count(array), i = 0;
    struct hash *hashes = n ? arena_array(arena, n, sizeof(*hashes)) : NULL;
    for (const struct json *v = json_first(array); v; v = json_next(v), i++) {
        struct str text;
        e = json_string(v, &text, d);
        if (!e)
            e = hash_parse(text, &hashes[i], d);
        if (e) {
            diag_prefix(d, "%s[%zu]", key, i);
            return e;
        }
    }
    *out = hashes;
    *count = n;
    return OK;
}

enum err
decode_base64(const struct json *v, struct arena *arena, struct str *out, struct diag *d)
{
    struct str text;
    enum err e = json_string(v, &text, d);
    if (e)
        return e;
    struct buf bytes;
    buf_init(&bytes, text.n / 4 * 3 + 3);
    if (!(e = base64_decode(text, &bytes, d)))
        *out = arena_str(arena, buf_str(&bytes));
    buf_release(&bytes);
    return e;
}

struct str
decode_text_of(const struct json *v, struct arena *arena)
{
    struct buf text;
    /* Escapes may take six bytes where the text had one. */
    buf_init(&text, 6 * (size_t)JSON_BYTES_MAX);
    json_print(v, &text);
    struct str copy = arena_str(arena, buf_str(&text));
    buf_release(&text);
    return copy;
}

enum err
decode_access_key(const struct json *result, struct arena *arena, struct access_key_answer *out,
                  struct diag *d)
{
    struct access_key_answer answer = {0};
    enum err e = json_get_u64(result, "nonce", &answer.key.nonce, d);
    if (!e)
        e = decode_permission(result, arena, &answer.key, d);
    if (!e)
        e = json_get_u64(result, "block_height", &answer.block_height, d);
    if (!e)
        e = decode_hash(result, "block_hash", &answer.block_hash, d);
    if (!e)
        *out = answer;
    return e;
}

enum err
decode_balance(const struct json *result, struct amount *out, struct diag *d)
{
    return decode_amount(result, "amount", out, d);
}

enum err
decode_gas_price(const struct json *result, struct amount *out, struct diag *d)
{
    return decode_amount(result, "gas_price", out, d);
}

/* The distinct shard ids of the chunks, in their order, which is that of the shard index. */
static enum err
decode_shards(const struct json *chunks, struct event_list *out, struct block_fact *block,
              struct diag *d)
{
    size_t n = json_count(chunks), i = 0;
    uint64_t *ids = n ? arena_array(out->arena, n, sizeof(*ids)) : NULL;
    for (const struct json *chunk = json_first(chunks); chunk; chunk = json_next(chunk), i++) {
        enum err e = json_get_u64(chunk, "shard_id", &ids[i], d);
        if (e) {
            diag_prefix(d, "chunks[%zu]", i);
            return e;
        }
    }
    block->has_shards = true;
    block->shard_ids = ids;
    block->shard_count = n;
    return OK;
}

enum err
decode_block(const struct json *result, bool is_final, struct event_list *out, struct diag *d)
{
    const struct json *header = NULL, *chunks = NULL;
    struct block_fact block = {.is_final = is_final};
    enum err e = json_get_object(result, "header", &header, d);
    if (e)
        return e;
    if ((e = decode_hash(header, "hash", &block.hash, d)) ||
        (e = json_get_u64(header, "height", &block.height, d)) ||
        (e = json_get_u64_text(header, "timestamp_nanosec", &block.time_ns, d))) {
        diag_prefix(d, "header");
        return e;
    }
    block.has_prev_height = json_get_u64(header, "prev_height", &block.prev_height, NULL) == OK &&
                            block.prev_height < block.height;
    block.has_prev = decode_hash(header, "prev_hash", &block.prev, NULL) == OK;
    if ((e = json_get_array(result, "chunks", &chunks, d)) ||
        (e = decode_shards(chunks, out, &block, d)))
        return e;
    event_list_add(out, EVENT_BLOCK, NULL)->block = block;
    if (is_final)
        event_list_add(out, EVENT_FINAL, NULL)->final.height = block.height;
    return OK;
}
