/* endpoint: one JSON-RPC address, how it has done, and whether it should be asked next.
 *
 * Health is judged from what came of requests, nothing is asked for its sake: failures in a row
 * give a rest that doubles, a 429 the rest that the server asked for, a node that is behind or
 * still syncing a longer one, a refusal to let us in the longest. A rest is a preference: when
 * all rest, the one that is ready first is used. Only the server's own word (Retry-After) and
 * the budget are never overridden. Whatever counts against an endpoint stands in `reason`, in a
 * sentence that can be shown. No I/O here: rpc.h asks. */
#ifndef NET_ENDPOINT_H
#define NET_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/err.h"
#include "net/budget.h"
#include "net/event.h"
#include "net/url.h"

enum {
    ENDPOINTS_MAX = 16,             /* of one network */
    ENDPOINT_HEADERS_MAX = 8,
    ENDPOINT_SAMPLES = 32,          /* round trips that are remembered */
    ENDPOINT_WEIGHT = 100,          /* the usual one */
    ENDPOINT_WEIGHT_MAX = 1000
};

struct endpoint_config {
    const char *url;                /* what is connected to; may hold an API key */
    const char *name;               /* to be shown; NULL: its host */
    const char *const *headers;     /* "Name: value", ended by NULL; may be NULL */
    uint32_t weight;                /* 0: ENDPOINT_WEIGHT. Twice as much is worth half the time */
    bool is_archival;               /* has all the past */
    uint32_t per_second, per_minute;    /* requests; 0: no limit */
};

/* What came of a request, as far as health is concerned. */
enum endpoint_result {
    ENDPOINT_ANSWERED,      /* whatever it said: it works */
    ENDPOINT_FAILED,        /* no answer, or none that makes sense */
    ENDPOINT_LIMITED,       /* 429 */
    ENDPOINT_LOCKED_OUT,    /* 401, 403, 404, a redirect, a certificate that does not hold */
    ENDPOINT_SYNCING
};

struct endpoint {
    char *url;                                      /* owned, as the headers */
    char *headers[ENDPOINT_HEADERS_MAX + 1];
    char host[URL_HOST_MAX + 8];                    /* for sentences */
    char name[64];
    uint32_t weight;
    bool is_archival;
    struct budget budget;
    uint64_t requests, answers, failures, limited, bytes_sent, bytes_received;
    int64_t took_ns[ENDPOINT_SAMPLES];              /* a ring of the last answers */
    uint32_t took_count, took_next;
    unsigned failed_in_row, late_in_row;
    bool has_been_behind;                           /* another one knew more, just now */
    int64_t rests_until_ns;                         /* a preference */
    int64_t asked_to_wait_until_ns;                 /* the server's word */
    enum endpoint_state state;
    char reason[DIAG_MAX];                          /* what counts against it; or empty */
};

void endpoint_init(struct endpoint *e, const struct endpoint_config *config);
void endpoint_release(struct endpoint *e);

struct endpoint_note {
    enum endpoint_result result;
    int64_t now_ns, took_ns, retry_after_ms;        /* -1: it asked for no wait */
    const char *sentence;                           /* unless it answered */
};
void endpoint_note(struct endpoint *e, const struct endpoint_note *note);
/* Another endpoint knew what this one should know too. */
void endpoint_note_behind(struct endpoint *e, const char *other, int64_t now_ns);

/* It was late, and another one that was asked behind it answered first. Several in a row count
 * as a failure, since every one of them costs a second request. */
void endpoint_note_late(struct endpoint *e, int64_t waited_ns, int64_t now_ns);

/* 0 … ENDPOINT_WEIGHT_MAX: weight, lessened by failures and slowness. The highest is asked. */
uint32_t endpoint_score(const struct endpoint *e, int64_t now_ns);
bool endpoint_is_resting(const struct endpoint *e, int64_t now_ns);
/* How long until it may be asked, by the server's word and the budget. */
int64_t endpoint_wait_ns(const struct endpoint *e, int64_t now_ns);
/* The round trip that so many percent of the last answers were no slower than; -1: none yet. */
int64_t endpoint_percentile_ns(const struct endpoint *e, unsigned percent);
/* When an answer is late: then a second endpoint is asked too. */
int64_t endpoint_late_after_ns(const struct endpoint *e);

/* As a fact for the application. Borrows from e. */
void endpoint_tell(const struct endpoint *e, uint32_t index, int64_t now_ns,
                   struct endpoint_fact *out);

#endif
