/* net_record: one recorded call (of tests/data/node): what a node answered, block by block. */
#ifndef TESTS_SUPPORT_NET_RECORD_H
#define TESTS_SUPPORT_NET_RECORD_H

#include "net/event.h"
#include "net/json.h"
#include "net/near/base58.h"
#include "net/near/tx.h"

struct net_record {
    struct json *root;
    struct arena arena;
    struct buf signed_bytes;
    struct signed_transaction tx;       /* borrows from both above */
    uint64_t first_height;              /* of the transaction's block */
};

void net_record_load(struct net_record *r, const char *file);
/* Its blocks so far apart, at the times that net_record_time_ns has for their heights. */
void net_record_load_at_pace(struct net_record *r, const char *file, uint32_t block_ms);
uint64_t net_record_time_ns(uint64_t height, uint32_t block_ms);
void net_record_release(struct net_record *r);

/* The newest answer that was there after so many blocks; INT_MAX: the last. May be NULL. */
const struct json *net_record_at(const struct net_record *r, int block);
/* After how many blocks the real node gave that answer first. */
int net_record_block(const struct json *entry);
const struct json *net_record_find_block(const struct net_record *r, struct str hash);
uint64_t net_record_height(const struct json *block);
/* The hash of the block of that height, when something ran in it; else of zeros: not told. */
const char *net_record_hash_at(const struct net_record *r, uint64_t height, char out[HASH_TEXT]);
/* A part of it as text, with every `from` (unless empty) as `to`; as many as were replaced. */
size_t net_record_print(const struct json *v, struct str from, const char *to, struct buf *out);
/* NULL when the node does not know it, as for local receipts. */
const struct json *net_record_receipt(const struct net_record *r, const struct json *id);
/* What it said in the end: the last answer of the status, and each block. */
void net_record_tell(const struct net_record *r, event_fn emit, void *context);

#endif
