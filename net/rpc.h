/* rpc: JSON-RPC with NEAR nodes. A request goes out, a reply comes back, told apart by what
 * the caller has to do about it.
 *
 * There may be several endpoints for one network (endpoints.h). A request that fails, or that a
 * node cannot answer (a shard that it does not track, a past that it has forgotten), goes on
 * to the next one at once; a late answer is raced by a second request elsewhere, the first
 * useful one counts. When nobody answers for a few seconds that is told, long before the time-out.
 * Requests wait for their turn in the budget, the server's Retry-After and the waits between tries;
 * nothing waits longer than the time-out without being told.
 *
 * Knows the envelope, the node's habits (statuses, causes, texts in odd places: the table is
 * in rpc_reply.c) and which failures are worth another try; knows nothing of transactions or
 * trees (ask.h, send.h). Every failure ends as one clear sentence that names the host. */
#ifndef NET_RPC_H
#define NET_RPC_H

#include <stdint.h>
#include "net/base/err.h"
#include "net/base/str.h"
#include "net/endpoint.h"
#include "net/event.h"
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
    RPC_NOT_TRACKED,            /* this node does not have that shard */
    RPC_GONE,                   /* this node has forgotten that past: ask an archival one */
    RPC_SYNCING,                /* this node has not caught up yet */
    RPC_BAD_REQUEST,            /* the node did not understand */
    RPC_OTHER                   /* an error of the node that we do not know */
};

struct rpc_reply {
    enum rpc_fault fault;
    struct diag diag;               /* a sentence, unless RPC_FINE */
    const struct json *result;      /* RPC_FINE; borrowed until the callback returns */
    const struct json *error;       /* the node's error object, or NULL; borrowed likewise */
    struct str failed_view;         /* what the node says of a view that failed; borrowed likewise */
    int64_t took_ns;                /* of the last try */
    int64_t retry_after_ms;         /* the server asked for so long a wait; -1: it did not */
    bool is_of_another;             /* it has another request's id */
    unsigned tries;                 /* rounds over the endpoints */
    uint32_t lacking;               /* bits of endpoints that said that they have not that shard,
                                     * or not that past */
    int endpoint;                   /* its index; -1: none was asked */
    const char *host;               /* of that endpoint, for sentences; never NULL */
};

typedef void (*rpc_fn)(void *context, const struct rpc_reply *reply);

/* How an endpoint is doing, after each of its answers. */
typedef void (*rpc_health_fn)(void *context, const struct endpoint_fact *fact);

/* What came of each request. */
typedef void (*rpc_request_fn)(void *context, const struct request_fact *fact);

/* Nobody has answered a request for so long; the host was asked first, and may still answer. Not of
 * those that are heard once (RPC_ONCE): a node may keep them for a block or two. */
typedef void (*rpc_silence_fn)(void *context, const char *host, int64_t waited_ns);

struct rpc_config {
    const char *url;                /* for a single endpoint without more to say of it */
    const struct endpoint_config *endpoints;    /* else these; copied */
    size_t endpoint_count;
    uint32_t per_second, per_minute;            /* of all endpoints together; 0: no limit */
    uint32_t timeout_ms;            /* of one request; 0: 15 s, longer than the node's own 10 s */
    uint32_t retry_first_ms;        /* 0: 250 ms; tests make it short */
    uint32_t silence_ms;            /* after which `silence` is called; 0: 3 s */
    rpc_health_fn health;           /* may be NULL; never from inside a call made here */
    rpc_request_fn request;         /* likewise */
    rpc_silence_fn silence;         /* likewise; once a round of a request */
    void *health_context;           /* of all three */
};

struct rpc *rpc_new(struct loop *loop, struct http *http, const struct rpc_config *config)
    MUST_USE;
void rpc_free(struct rpc *rpc);     /* no callbacks any more; NULL is fine */

/* For `tries`: the request is heard by one endpoint at most, so that after a refusal it is
 * known that nobody else had it before. Only when it is certain that nobody took it (not
 * connected, 429, 401 …) is another endpoint tried. One that was late with its last answer is not
 * asked when there is another that can be asked at once, and where another one could be asked instead
 * it has 6 s rather than 15 (two fifths of timeout_ms), since there is no race. */
enum { RPC_ONCE = 0 };

struct rpc_ask {
    const char *method;
    struct str params;              /* JSON text, copied */
    unsigned tries;                 /* rounds over the endpoints, with waits between (retry.h); a
                                     * refusal by all of them is never tried again */
    uint32_t avoid;                 /* bits of endpoints that said that they do not know */
    bool is_of_the_past;            /* rather an archival endpoint */
    rpc_fn done;                    /* once, never inside rpc_ask */
    void *context;
};

struct rpc_request *rpc_ask(struct rpc *rpc, const struct rpc_ask *ask) MUST_USE;
/* The plain case of it. */
struct rpc_request *rpc_start(struct rpc *rpc, const char *method, struct str params,
                              unsigned tries, rpc_fn done, void *context) MUST_USE;
/* No callback any more. Not after `done` has begun. NULL is fine. */
void rpc_cancel(struct rpc_request *take_request);

uint64_t rpc_request_count(const struct rpc *rpc);      /* HTTP requests made, all tries */
uint32_t rpc_all_endpoints(const struct rpc *rpc);      /* a bit each */
void rpc_endpoint(const struct rpc *rpc, uint32_t index, struct endpoint_fact *out);
/* Endpoint `ahead` told what `behind` did not know though it should. */
void rpc_note_behind(struct rpc *rpc, int behind, int ahead);

/* For tests and recordings: judges a whole HTTP answer. *root must be freed by the caller
 * after the reply was used; it may be NULL. */
void rpc_judge(const struct http_answer *answer, const char *host, const char *id,
               struct rpc_reply *reply, struct json **root);

#endif
