/* Blocks of a node, by JSON-RPC: a request a block, and one a new chunk when they are wanted. */
#include <stdio.h>
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "net/relay/walk.h"

enum { CHUNKS_MAX = 64, TRIES = 2 };

struct asked_chunk {
    struct by_rpc *self;
    struct rpc_request *request;        /* NULL: answered */
};

struct by_rpc {
    struct walk *walk;
    struct rpc *rpc;
    struct rpc_request *request;        /* for a block */
    struct hash tip;
    struct walk_block *block;           /* whose chunks are being asked for, owned */
    struct asked_chunk chunks[CHUNKS_MAX];
    size_t open;                        /* of them */
    bool is_starting;
    struct diag failed;                 /* why one of them was not told, though it may be yet */
    int64_t retry_after_ms;
    char missing[DIAG_MAX];             /* or that the endpoints have it not; or empty */
};

static void
finish(struct by_rpc *s)
{
    struct walk_block *b = s->block;
    if (s->open || s->is_starting || !b)
        return;
    s->block = NULL;
    if (s->failed.code) {
        walk_block_free(b);
        walk_failed(s->walk, diag_text(&s->failed), s->retry_after_ms);
    } else {
        walk_got_without(s->walk, b, s->missing);
    }
}

/* The endpoint's word about the chunk, and not what happened on the way to it. */
static bool
is_refusal(enum rpc_fault fault)
{
    return fault == RPC_NOT_TRACKED || fault == RPC_GONE || fault == RPC_UNKNOWN_BLOCK ||
           fault == RPC_BAD_REQUEST || fault == RPC_OTHER;
}

static void
on_chunk(void *context, const struct rpc_reply *reply)
{
    struct asked_chunk *c = context;
    struct by_rpc *s = c->self;
    struct diag d = {0};
    c->request = NULL;
    s->open--;
    /* A chunk that is not to be had leaves a hole in what is found, and stops nothing. One that was
     * not told this time may hold the only word of a call: the block is asked for again. */
    if (is_refusal(reply->fault)) {
        snprintf(s->missing, sizeof(s->missing), "a chunk cannot be had, and calls in it are not seen: "
                 "%.180s", diag_text(&reply->diag));
    } else if (reply->fault != RPC_FINE) {
        s->failed = reply->diag;
        s->retry_after_ms = reply->retry_after_ms;
    } else if (walk_read_chunk(s->block, reply->result, &d)) {
        s->failed = d;
        s->retry_after_ms = -1;
    }
    finish(s);
}

static bool
is_new(const struct json *chunk, uint64_t height)
{
    uint64_t included = 0;
    return json_get_u64(chunk, "height_included", &included, NULL) == OK && included == height;
}

static void
ask_chunks(struct by_rpc *s, const struct json *block)
{
    const struct json *list = json_find(block, "chunks");
    size_t count = 0;
    s->is_starting = true;
    for (const struct json *v = json_first(list); v && count < CHUNKS_MAX; v = json_next(v)) {
        struct str hash;
        char params[128];
        if (!is_new(v, s->block->height) || json_get_string(v, "chunk_hash", &hash, NULL) ||
            hash.n > HASH_TEXT)
            continue;
        struct asked_chunk *c = &s->chunks[count++];
        snprintf(params, sizeof(params), "{\"chunk_id\":\"%.*s\"}", STR_ARG(hash));
        c->self = s;
        s->open++;
        c->request = rpc_start(s->rpc, "chunk", str_from(params), TRIES, on_chunk, c);
    }
    s->is_starting = false;
}

static void
on_block(void *context, const struct rpc_reply *reply)
{
    struct by_rpc *s = context;
    struct diag d = {0};
    s->request = NULL;
    if (reply->fault != RPC_FINE) {
        walk_failed(s->walk, diag_text(&reply->diag), reply->retry_after_ms);
        return;
    }
    struct walk_block *b = walk_block_new();
    if (walk_read_block(b, reply->result, &d)) {
        walk_block_free(b);
        walk_failed(s->walk, diag_text(&d), -1);
    } else if (hash_equal(&b->hash, &s->tip)) {
        walk_block_free(b);
        walk_nothing(s->walk);
    } else {
        s->block = b;
        s->failed = (struct diag){0};
        s->missing[0] = '\0';
        if (walk_wants_chunks(s->walk))
            ask_chunks(s, reply->result);
        finish(s);
    }
}

static void
next(void *self, const struct hash *tip, uint64_t height)
{
    struct by_rpc *s = self;
    (void)height;
    s->tip = *tip;
    s->request = rpc_start(s->rpc, "block", STR("{\"finality\":\"optimistic\"}"), TRIES, on_block, s);
}

static void
before(void *self, const struct walk_block *later)
{
    struct by_rpc *s = self;
    char params[128], text[HASH_TEXT];
    s->tip = (struct hash){{0}};
    snprintf(params, sizeof(params), "{\"block_id\":\"%s\"}", hash_text(&later->prev_hash, text));
    s->request = rpc_start(s->rpc, "block", str_from(params), TRIES, on_block, s);
}

static void
free_self(void *self)
{
    struct by_rpc *s = self;
    rpc_cancel(s->request);
    for (size_t i = 0; i < CHUNKS_MAX; i++)
        rpc_cancel(s->chunks[i].request);
    walk_block_free(s->block);
    xfree(s);
}

struct walk *
walk_new_rpc(const struct walk_config *config, struct rpc *rpc)
{
    struct by_rpc *s = xcalloc(1, sizeof(*s));
    s->rpc = rpc;
    s->walk = walk_new(config, &(struct walk_source){.next = next, .before = before,
                                                     .free = free_self}, s);
    return s->walk;
}
