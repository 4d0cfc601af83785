/* keep: a chain as records that somebody stores, and the chain that is made of them again.
 *
 * chain_keep makes a chain take note of what changes. chain_keep_take then gives what changed
 * since the last time as records, to be stored all together or not at all; called after each
 * block, and after each transaction that was taken in, so that whoever stores them has at any
 * moment a whole chain: state, keys, code, everything that has yet to run, the pool, and as much
 * history as the chain itself keeps. chain_wake makes a chain of all records; its next block
 * has the very bytes that the old chain's would have had.
 *
 * Not kept: what drills are on (drill.h). Not here: where records are stored. */
#ifndef CONTRACT_CHAIN_KEEP_H
#define CONTRACT_CHAIN_KEEP_H

#include "contract/chain/chain.h"

/* The form of the records. One of another number cannot be read. */
enum { CHAIN_FORM = 2 };

enum chain_record_kind {
    RECORD_HEAD,            /* one: what is under way, and where the history begins */
    RECORD_BLOCK,           /* by height, eight bytes, the most significant first */
    RECORD_ACCOUNT,         /* by name */
    RECORD_DATUM,           /* by name, ',' and key */
    RECORD_CODE,            /* by hash */
    RECORD_POOL,            /* by hash of the transaction */
    RECORD_KINDS
};

struct chain_record {
    enum chain_record_kind kind;
    struct str key, value;
    bool is_gone;           /* what stood under this key is no more; no value */
};

/* Everything there is counts as changed. */
void chain_keep(struct chain *c);
/* Borrowed until the next call of anything that changes the chain. None without chain_keep. */
size_t chain_keep_take(struct chain *c, const struct chain_record **out);

/* The chain of these records, all of them, each once, in any order. It does not take note of
 * changes yet. Of the configuration only what says how much to keep counts. ERR_SYNTAX: they
 * are damaged or do not belong together; d says where. */
enum err chain_wake(const struct chain_record *records, size_t count,
                    const struct chain_config *how, struct chain **out, struct diag *d) MUST_USE;

#endif
