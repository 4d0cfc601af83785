/* rpc: JSON-RPC with a NEAR node. A request goes out, a reply comes back, told apart by what
 * the caller has to do about it.
 *
 * Knows the envelope, the node's habits (statuses, causes, texts in odd places: the table is
 * in rpc_reply.c) and which failures are worth another try; knows nothing of transactions or
 * trees (ask.h, send.h). Every failure ends as one clear sentence that names the host. */
#ifndef NET_RPC_H
#define NET_RPC_H

#include <stdint.h>
#include "net/base/err.h"
#include "net/base/str.h"
#include "net/http.h"
#include "net/json.h"
#include "net/loop.h"

struct rpc;
struct rpc_request;

/* What a failed reply means. */
enum rpc_fault {
    RPC_FINE,
    RPC_UNREACHABLE,            /* refused, no such host, TLS: nobody heard us */
    RPC_AMBIGUOUS,              /* timeout, broken off, 5xx, 408: it may have been done */
    RPC_LIMITED,                /* 429: asked too often */
    RPC_DENIED,                 /* 401, 403, 404 … of a gateway: trying again is no use */
    RPC_GARBAGE,                /* an answer that is none */
    RPC_UNKNOWN_TRANSACTION,
    RPC_INVALID_TRANSACTION,    /* error.data has the node's InvalidTxError */
    RPC_UNKNOWN_RECEIPT,
    RPC_UNKNOWN_BLOCK,
    RPC_UNKNOWN_ACCOUNT,
    RPC_UNKNOWN_KEY,            /* view_access_key's error inside a result */
    RPC_NOT_TRACKED,            /* this node does not have that shard or that past */
    RPC_BAD_REQUEST,            /* the node did not understand */
    RPC_OTHER                   /* an error of the node that we do not know */
};

struct rpc_reply {
    enum rpc_fault fault;
    struct diag diag;               /* a sentence, unless RPC_FINE */
    const struct json *result;      /* RPC_FINE; borrowed until the callback returns */
    const struct json *error;       /* the node's error object, or NULL; borrowed likewise */
    int64_t took_ns;                /* of the last try */
    int64_t retry_after_ms;         /* the server asked for so long a wait; -1: it did not */
    unsigned tries;
};

typedef void (*rpc_fn)(void *context, const struct rpc_reply *reply);

struct rpc_config {
    const char *url;
    const char *const *headers;     /* as http.h; for API keys. Copied. May be NULL */
    uint32_t timeout_ms;            /* of one try; 0: 15 s, longer than the node's own 10 s */
    uint32_t retry_first_ms;        /* 0: 250 ms; tests make it short */
};

struct rpc *rpc_new(struct loop *loop, struct http *http, const struct rpc_config *config)
    MUST_USE;
void rpc_free(struct rpc *rpc);     /* no callbacks any more; NULL is fine */

/* For `tries`: the request leaves this machine once at most, so that after a refusal it is
 * known that nobody else had it before. */
enum { RPC_ONCE = 0 };

/* `params` is JSON text, copied. Up to `tries` tries with waits between them (retry.h); a
 * refusal by the node is never tried again. `done` comes once, never inside this call. */
struct rpc_request *rpc_start(struct rpc *rpc, const char *method, struct str params,
                              unsigned tries, rpc_fn done, void *context) MUST_USE;
/* No callback any more. Not after `done` has begun. NULL is fine. */
void rpc_cancel(struct rpc_request *take_request);

uint64_t rpc_request_count(const struct rpc *rpc);      /* HTTP requests made, tries included */
const char *rpc_host(const struct rpc *rpc);            /* "127.0.0.1:3030", for sentences */

/* For tests and recordings: judges a whole HTTP answer. *root must be freed by the caller
 * after the reply was used; it may be NULL. */
void rpc_judge(const struct http_answer *answer, const char *host, const char *id,
               struct rpc_reply *reply, struct json **root);

#endif
