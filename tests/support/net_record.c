#include "tests/support/net_record.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "net/base/file.h"
#include "net/decode.h"

enum { RECORDED_BLOCK_MS = 600 };

int
net_record_block(const struct json *entry)
{
    uint64_t t_ms;
    assert(json_get_u64(entry, "t_ms", &t_ms, NULL) == OK);
    return (int)((t_ms + RECORDED_BLOCK_MS / 2) / RECORDED_BLOCK_MS);
}

const struct json *
net_record_at(const struct net_record *r, int block)
{
    const struct json *best = NULL, *v = json_first(json_find(r->root, "timeline"));
    for (; v && net_record_block(v) <= block; v = json_next(v))
        best = v;
    return best;
}

static const struct json *
find_member(const struct net_record *r, const char *of, struct str key)
{
    for (const struct json *v = json_first(json_find(r->root, of)); v; v = json_next(v)) {
        if (str_equal(json_key(v), key))
            return v;
    }
    return NULL;
}

const struct json *
net_record_find_block(const struct net_record *r, struct str hash)
{
    return find_member(r, "blocks", hash);
}

uint64_t
net_record_height(const struct json *block)
{
    uint64_t height;
    assert(json_get_u64(json_find(block, "header"), "height", &height, NULL) == OK);
    return height;
}

const struct json *
net_record_receipt(const struct net_record *r, const struct json *id)
{
    struct str text;
    assert(json_string(id, &text, NULL) == OK);
    const struct json *view = find_member(r, "receipts", text);
    return json_find(view, "receipt_id") ? view : NULL;
}

void
net_record_tell(const struct net_record *r, event_fn emit, void *context)
{
    struct arena arena;
    struct event_list list;
    arena_init(&arena);
    event_list_init(&list, &arena, SOURCE_REPLAY, 0);
    assert(decode_tx_status(json_find(net_record_at(r, INT_MAX), "result"), &r->tx.hash, &list,
                            NULL) == OK);
    for (const struct json *v = json_first(json_find(r->root, "blocks")); v; v = json_next(v))
        assert(decode_block(v, true, &list, NULL) == OK);
    event_list_emit(&list, emit, context);
    event_list_release(&list);
    arena_release(&arena);
}

static void
parse(struct net_record *r, const struct buf *text)
{
    json_free(r->root);
    r->root = NULL;
    assert(json_parse(buf_str(text), JSON_BYTES_MAX, &r->root, NULL) == OK);
}

uint64_t
net_record_time_ns(uint64_t height, uint32_t block_ms)
{
    return UINT64_C(1700000000000000000) + height * block_ms * 1000000;
}

/* Wherever the time of a block stands, another one of as many digits. */
static void
move_times(const struct net_record *r, uint32_t block_ms, struct buf *text)
{
    for (const struct json *v = json_first(json_find(r->root, "blocks")); v; v = json_next(v)) {
        char moved[24];
        struct str time;
        ptrdiff_t at;
        assert(json_get_string(json_find(v, "header"), "timestamp_nanosec", &time, NULL) == OK);
        int n = snprintf(moved, sizeof(moved), "%llu", (unsigned long long)net_record_time_ns(
                         net_record_height(v), block_ms));
        assert((size_t)n == time.n);
        for (size_t from = 0; (at = str_find(str_slice(buf_str(text), from, text->n), time)) >= 0;
             from += (size_t)at + time.n)
            memcpy(text->p + from + (size_t)at, moved, time.n);
    }
}

void
net_record_load_at_pace(struct net_record *r, const char *file, uint32_t block_ms)
{
    struct buf text;
    struct str base64, hash;
    *r = (struct net_record){.root = NULL};
    arena_init(&r->arena);
    buf_init(&r->signed_bytes, TX_MAX_BYTES);
    buf_init(&text, JSON_BYTES_MAX);
    assert(file_read(file, &text, NULL) == OK);
    parse(r, &text);
    if (block_ms) {
        move_times(r, block_ms, &text);
        parse(r, &text);
    }
    buf_release(&text);
    assert(json_get_string(r->root, "signed_tx_base64", &base64, NULL) == OK);
    assert(base64_decode(base64, &r->signed_bytes, NULL) == OK);
    assert(tx_decode_signed(buf_str(&r->signed_bytes), &r->arena, &r->tx, NULL) == OK);
    const struct json *outcome = json_find(json_find(net_record_at(r, INT_MAX), "result"),
                                           "transaction_outcome");
    assert(json_get_string(outcome, "block_hash", &hash, NULL) == OK);
    r->first_height = net_record_height(net_record_find_block(r, hash));
}

void
net_record_load(struct net_record *r, const char *file)
{
    net_record_load_at_pace(r, file, 0);
}

void
net_record_release(struct net_record *r)
{
    json_free(r->root);
    arena_release(&r->arena);
    buf_release(&r->signed_bytes);
}

const char *
net_record_hash_at(const struct net_record *r, uint64_t height, char out[HASH_TEXT])
{
    const struct json *result = json_find(net_record_at(r, INT_MAX), "result");
    const struct json *transaction = json_find(result, "transaction_outcome");
    const struct json *receipts = json_first(json_find(result, "receipts_outcome"));
    snprintf(out, HASH_TEXT, "11111111111111111111111111111111");
    for (const struct json *v = transaction; v; v = v == transaction ? receipts : json_next(v)) {
        struct str hash;
        assert(json_get_string(v, "block_hash", &hash, NULL) == OK);
        if (net_record_height(net_record_find_block(r, hash)) == height)
            snprintf(out, HASH_TEXT, "%.*s", STR_ARG(hash));
    }
    return out;
}

size_t
net_record_print(const struct json *v, struct str from, const char *to, struct buf *out)
{
    struct buf text;
    size_t count = 0;
    ptrdiff_t at;
    buf_init(&text, JSON_BYTES_MAX);
    json_print(v, &text);
    struct str rest = buf_str(&text);
    for (; from.n && (at = str_find(rest, from)) >= 0; count++) {
        buf_add_str(out, str_slice(rest, 0, (size_t)at));
        buf_add_c(out, to);
        rest = str_slice(rest, (size_t)at + from.n, rest.n);
    }
    buf_add_str(out, rest);
    buf_release(&text);
    return count;
}
