#include "tests/support/net_record.h"

#include <assert.h>
#include <limits.h>
#include "net/base/file.h"

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
net_record_load(struct net_record *r, const char *file)
{
    struct buf text;
    struct str base64, hash;
    *r = (struct net_record){.root = NULL};
    arena_init(&r->arena);
    buf_init(&r->signed_bytes, TX_MAX_BYTES);
    buf_init(&text, JSON_BYTES_MAX);
    assert(file_read(file, &text, NULL) == OK);
    assert(json_parse(buf_str(&text), JSON_BYTES_MAX, &r->root, NULL) == OK);
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
net_record_release(struct net_record *r)
{
    json_free(r->root);
    arena_release(&r->arena);
    buf_release(&r->signed_bytes);
}
