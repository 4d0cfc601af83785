/* node: private to contract/serve. The embedded chain with its clock, its requests in waiting,
 * its subscribers and its faults. */
#ifndef CONTRACT_SERVE_NODE_H
#define CONTRACT_SERVE_NODE_H

#include "contract/chain/chain.h"
#include "contract/chain/drill.h"
#include "contract/serve/fault.h"
#include "contract/serve/serve.h"
#include "net/serve/server.h"
#include "net/json.h"
#include "net/loop.h"

/* What the caller of a transaction method waits for; order as in the protocol's ladder. */
enum wait_level { WAIT_NONE, WAIT_INCLUDED, WAIT_EXECUTED_OPTIMISTIC, WAIT_INCLUDED_FINAL,
                  WAIT_EXECUTED, WAIT_FINAL };

struct node;
struct rpc_call;

/* A request that cannot be answered yet. */
struct waiting {
    struct waiting *next;
    struct node *node;
    struct server_request *request;     /* NULL: the peer left */
    struct buf id;                      /* the JSON of its id */
    struct hash tx;
    enum wait_level level;
    bool with_receipts;
    bool is_signed;                     /* asked with the transaction itself: a refusal is told */
    int64_t deadline_ns;                /* monotonic */
};

/* A request that is answered with {} when there is a block of this height, and nothing is left to
 * be skipped. */
struct awaiting {
    struct awaiting *next;
    struct server_request *request;     /* NULL: the peer left */
    struct buf id;
    uint64_t height;
};

/* An answer that a fault holds back. */
struct late {
    struct late *next;
    struct node *node;
    struct server_request *request;
    struct loop_timer *timer;
    int status;
    char content_type[64];
    struct buf body;
};

struct node {
    struct chain *chain;
    struct loop *loop;
    struct server *server;
    struct loop_timer *tick;
    unsigned block_time_ms;
    int64_t next_tick_ns;           /* wall clock */
    int64_t started_ns;             /* monotonic */
    int port;
    struct waiting *waiting;        /* a list, the newest first: the last is due first */
    struct loop_timer *deadline;    /* runs while somebody waits */
    struct awaiting *awaiting;
    struct late *late;
    struct feed *feed;
    uint64_t forward;               /* heights still to be passed by in a hurry */
    uint64_t ahead_ns;              /* how much later it is here for that */
    struct faults faults;
    /* Drills: the head is told and will be replaced by another block; nothing of it may be kept
     * for good. NULL: it stays. */
    struct chain_mark *rival;
    bool rival_skips;               /* its height stays empty */
    uint64_t behind;                /* blocks that should be there and are not yet */
    struct compiling *compiling;
    struct store *store;            /* NULL: the chain is in memory alone */
    enum err stopped;               /* why it could not be stored; .stop says it */
    struct diag stop;
};

/* --- data.c ------------------------------------------------------------------------------- */
/* Opens the folder; n->chain is set if there is a chain in it. */
enum err data_open(struct node *n, const struct serve_config *config,
                   const struct chain_config *chain, struct diag *d) MUST_USE;
/* Stores what has changed, before anybody is told of it. False: it could not be done, and the
 * loop ends. */
bool data_save(struct node *n);
void data_close(struct node *n);

/* --- rpc.c -------------------------------------------------------------------------------- */
void rpc_handle(struct node *n, struct server_request *r, const struct server_call *call);
void rpc_gone(struct node *n, struct server_request *r);
/* After each block: answers what can be answered now. */
void rpc_after_block(struct node *n);
/* Answers this call when its transaction has got so far, or 408 after ten seconds. */
struct waiting *rpc_wait(struct rpc_call *c, const struct hash *tx, enum wait_level level,
                         bool with_receipts);
/* Answers this call with {} when there is a block of that height. */
void rpc_wait_for_block(struct rpc_call *c, uint64_t height);
void rpc_release(struct node *n);
void rpc_ask_again(struct node *n, struct server_request *r, struct str body);

/* One call being answered: params in, result or error out. */
struct rpc_call {
    struct node *node;
    struct server_request *request;
    const struct json *root;        /* the whole request */
    bool is_again;                  /* it has waited for a contract once */
    const struct json *params;      /* NULL when missing */
    const struct json *id;
    struct str method;
    struct json_writer *w;          /* the result goes here */
    struct arena *arena;
    /* Set by rpc_error; else the result is sent. */
    int http_status;
    bool is_error, is_later;
    bool is_drill;                  /* sets a fault: is spared from them itself */
    struct buf *error;              /* the whole error object */
};
typedef void (*rpc_fn)(struct rpc_call *call);

/* `info` and `data` are JSON; info NULL leaves the key out. */
void rpc_error(struct rpc_call *c, int http_status, const char *name, const char *cause,
               const char *info, int code, const char *message, const char *data);
/* HANDLER_ERROR, code -32000. */
void rpc_handler_error(struct rpc_call *c, const char *cause, const char *info,
                       const char *data);
void rpc_parse_error(struct rpc_call *c, const char *format, ...) PRINTF_LIKE(2, 3);
/* A string as JSON, in the call's arena. */
const char *rpc_quote(struct rpc_call *c, struct str s);

/* Why text is no base64: the first byte that is not of the alphabet, as the node says it. */
const char *rpc_base64_fault(struct rpc_call *c, struct str text, const struct diag *d);

/* --- rpc_block.c -------------------------------------------------------------------------- */
enum block_ref_kind { REF_HEIGHT, REF_HASH, REF_OPTIMISTIC, REF_NEAR_FINAL, REF_FINAL,
                      REF_GENESIS, REF_EARLIEST };
struct block_ref {
    enum block_ref_kind kind;
    uint64_t height;
    struct hash hash;
    const struct json *id;      /* as it was given: of height and hash */
    bool is_in_object;          /* {"block_id"}: a height that has passed is HTTP 422 */
    bool is_told;               /* the error repeats it, as the node does in queries */
};
/* Params that are no object at all, in the words of the node's parser. */
void rpc_wrong_params(struct rpc_call *c, const char *wanted);
/* From the params' object, or a single id; false after an error. */
bool rpc_read_block(struct rpc_call *c, struct block_ref *out);
bool rpc_read_block_id(struct rpc_call *c, const struct json *id, struct block_ref *out);
/* NULL after an error. */
const struct chain_block *rpc_find_block(struct rpc_call *c, const struct block_ref *ref);
/* Both at once: params an object or [id]; params an object only. */
const struct chain_block *rpc_block_of(struct rpc_call *c);
const struct chain_block *rpc_block_in_object(struct rpc_call *c, const char *request);

enum { RPC_STATE_VIEW_MAX = 50000 };    /* bytes of contract data that view_state shows */

/* --- rpc_query.c -------------------------------------------------------------------------- */
/* False after an error that names the offending character of a bad account name. */
bool rpc_check_account(struct rpc_call *c, struct str account);

/* --- rpc_chain.c -------------------------------------------------------------------------- */
/* "2026-11-23T20:01:19.327244480Z" */
void rpc_put_time(struct json_writer *w, const char *key, uint64_t time_ns);
/* "version":{…}, of this program */
void rpc_put_version(struct json_writer *w);

/* --- rpc_tx.c ----------------------------------------------------------------------------- */
/* Writes the answer of tx/EXPERIMENTAL_tx_status into w; the level it has reached. */
enum wait_level tx_status_write(struct node *n, const struct hash *tx, bool with_receipts,
                                struct json_writer *w);
enum wait_level tx_level(struct node *n, const struct hash *tx, bool *is_known);
bool tx_level_satisfies(enum wait_level reached, enum wait_level wanted);

/* --- rpc_*.c: one function a method, see rpc.def ------------------------------------------ */
#define X(method, function) void function(struct rpc_call *call);
#include "contract/serve/rpc.def"
#undef X

/* --- feed.c ------------------------------------------------------------------------------- */
struct feed *feed_open(struct node *n);
void feed_shut(struct feed *take_feed);
struct hub *feed_hub(struct feed *f);       /* its subscribers */
void feed_after_block(struct feed *f);

/* --- tick.c ------------------------------------------------------------------------------- */
/* It is time for a block: makes it, or what the drills have instead, and tells everybody. */
void tick(struct node *n, uint64_t now_ns);
void tick_release(struct node *n);
/* Sets faults and lets the chain feel them. */
enum err tick_set_faults(struct node *n, struct str list, struct diag *d) MUST_USE;

/* --- trouble.c ---------------------------------------------------------------------------- */
/* Answers in place of the method when a drill says so: a node that does not know. */
bool trouble_answers(struct rpc_call *call);
/* The oldest block that it says it has. */
const struct chain_block *trouble_earliest(const struct node *n);

/* --- serve.c ------------------------------------------------------------------------------ */
void node_tick(struct node *n);     /* the next block is due */
void node_hurry(struct node *n);    /* … now */

/* --- compiling.c -------------------------------------------------------------------------- */
struct compiling *compiling_open(struct node *n, bool tells);
void compiling_shut(struct compiling *take_c);
/* Something may have begun: looks after it until it has ended. */
void compiling_watch(struct compiling *c);
/* True: the next block waits for a contract; node_tick is called when it may be there. */
bool compiling_holds_block(struct compiling *c);
/* The call is made again when a contract has been compiled. */
void compiling_park(struct compiling *c, struct rpc_call *call);
void compiling_gone(struct compiling *c, const struct server_request *r);   /* NULL is fine */

#endif
