/* fault: what goes wrong on purpose, and when: the state of the drills of fault.def.
 *
 * Pure: it says whether a fault is due; doing it is the affair of rpc.c, feed.c, trouble.c and
 * tick.c. Chance comes from a seed, and every fault has a stream of its own: the same seed and
 * the same requests give the same faults, whatever others are set beside them. */
#ifndef CONTRACT_SERVE_FAULT_H
#define CONTRACT_SERVE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include "net/base/buf.h"
#include "net/base/err.h"
#include "net/base/str.h"

enum fault {
#define X(name, takes, unit, help) FAULT_##name,
#include "contract/serve/fault.def"
#undef X
    FAULT_COUNT
};

#define FAULT_FOR_EVER UINT64_MAX

struct fault_setting {
    bool is_on;
    uint64_t amount;        /* uses left, the value, or the shard's index */
    uint64_t blocks;        /* of a shard: left, or FAULT_FOR_EVER */
    uint32_t chance;        /* of a use, in millionths */
};

struct faults {
    struct fault_setting of[FAULT_COUNT];
    uint64_t random[FAULT_COUNT];
    size_t shard_count;
};

void faults_init(struct faults *f, uint64_t seed, size_t shard_count);

/* "late=200,http429=3@50%,cut=5%,stall=2:10,busy=off": adds to what is set; "none" ends all.
 * On failure nothing has changed, and d says what was wrong with which of them. */
enum err faults_set(struct faults *f, struct str list, struct diag *d) MUST_USE;

/* TIMES: true, and one less to go, when this one is due. */
bool fault_take(struct faults *f, enum fault fault);
/* VALUE: 0 when it is off. */
uint64_t fault_value(const struct faults *f, enum fault fault);
/* SHARD: is it this one? */
bool fault_is_shard(const struct faults *f, enum fault fault, size_t shard);
/* A number below this, of the fault's own stream; 0 for 0. */
uint64_t fault_random(struct faults *f, enum fault fault, uint64_t below);
/* A block is over: true when a shard's fault has ended with it. */
bool faults_after_block(struct faults *f);

/* What is on, as faults_set would take it; empty when nothing is. */
void faults_print(const struct faults *f, struct buf *out);
/* A line a fault, for people. */
void faults_help(struct buf *out);
/* "fault", name, what its number is, help: with tabs between them, a line each, for programs. */
void faults_table(struct buf *out);

#endif
