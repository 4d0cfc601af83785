/* serve: the embedded chain as a server on the loopback: JSON-RPC at "/", the feed at
 * "/events/…", one port for both, and a block at each tick. */
#ifndef CONTRACT_SERVE_SERVE_H
#define CONTRACT_SERVE_SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include "net/base/err.h"
#include "net/near/account.h"

enum {
    SERVE_MAX_BOUNDARIES = 15,
    SERVE_MIN_BLOCK_MS = 10,
    SERVE_MAX_BLOCK_MS = 60000,
    SERVE_MIN_KEEP_BLOCKS = 100,
    SERVE_MAX_KEEP_BLOCKS = 1000000,
    SERVE_MIN_KEEP_MIB = 1,
    SERVE_MAX_KEEP_MIB = 65536
};

struct serve_config {
    int port;                       /* 0: any free one */
    unsigned block_time_ms;         /* SERVE_MIN_BLOCK_MS … */
    const char *shards;             /* boundary accounts; NULL: "m0,r0,t0"; "": one shard */
    bool with_demo;                 /* the demo's accounts and contracts are there */
    bool with_parent;               /* end when standard input ends */
    const char *cache;              /* folder where compiled contracts are kept; NULL: nowhere */
    const char *fault;              /* "late=200,http429=3": see fault.def; NULL: none */
    uint64_t seed;                  /* of their chance */
    unsigned ping_ms;               /* of the feed's pings; 0: 5000 */
    size_t queues_bytes;            /* that wait for all subscribers; 0: as in server.h */
    const char *data;               /* folder that keeps the chain; NULL: memory alone */
    uint64_t keep_blocks;           /* of history; 0: CHAIN_KEEP_BLOCKS of chain.h */
    size_t keep_mib;                /* likewise, memory at most; 0: CHAIN_KEEP_BYTES */
};

/* Runs until SIGTERM, SIGINT or SIGHUP, or until the chain cannot be stored any more. A chain in
 * a folder goes on where it was: what was told of it, blocks and accepted transactions, is there
 * again, however the last run ended. When ready it prints one line to standard output:
 * {"event":"ready","rpc":"http://127.0.0.1:N","ws":"ws://127.0.0.1:N"}. What keeps it from
 * starting is in d. */
enum err serve_localnet(const struct serve_config *config, struct diag *d) MUST_USE;

/* The faults, a line each, for --help. */
struct buf;
void serve_help_faults(struct buf *out);
void serve_faults_table(struct buf *out);       /* the same for programs: faults_table */

#endif
