/* probe: what one endpoint, or one feed, can do: asked once, nothing assumed.
 *
 * For `neartop doctor`. An endpoint is asked for its status, the last final block, the status
 * of a transaction that nobody made (is EXPERIMENTAL_tx_status there?) and an old block (does
 * it keep the past?); a feed is asked for each kind of event. What could not be learnt says
 * so; a probe that fails has a sentence. */
#ifndef NET_PROBE_H
#define NET_PROBE_H

#include "net/decode.h"
#include "net/endpoint.h"
#include "net/feeds.h"
#include "net/http.h"

enum probe_answer { PROBE_UNKNOWN, PROBE_NO, PROBE_YES };

struct endpoint_probe {
    bool works;                             /* it answers, is in sync, and tells of blocks */
    char sentence[DIAG_MAX];                /* what is wrong; empty when nothing is */
    int64_t took_ns;                        /* median round trip; -1 */
    uint32_t requests;
    bool has_status;
    char chain_id[64], version[64];
    uint64_t protocol_version;
    bool is_syncing;
    bool has_head;
    uint64_t head_height;                   /* of the last final block */
    int64_t head_age_ms;                    /* by our clock; may be below 0 when that is slow */
    enum probe_answer tx_status;            /* EXPERIMENTAL_tx_status */
    enum probe_answer archival;             /* a block of half a million ago can be had, or where
                                             * there was none yet, whether the first one is kept */
};

struct probe;

/* `done` once, later; the probe has ended then and its handle is gone. */
typedef void (*probe_endpoint_fn)(void *context, const struct endpoint_probe *result);
struct probe *probe_endpoint(struct loop *loop, struct http *http,
                             const struct endpoint_config *endpoint, uint32_t timeout_ms,
                             probe_endpoint_fn done, void *context) MUST_USE;

enum { PROBE_FEEDS = FEED_LOG_NEP297 + 1 };

struct feed_probe {
    enum probe_answer offers[PROBE_FEEDS];  /* by enum feed_id */
    bool works;                             /* at least one can be had */
    char sentence[DIAG_MAX];                /* of the first that failed, other than by 404 */
    int64_t took_ns;                        /* of the first that opened; -1 */
};

typedef void (*probe_feed_fn)(void *context, const struct feed_probe *result);
struct probe *probe_feed(struct loop *loop, const struct feed_address *feed, uint32_t timeout_ms,
                         probe_feed_fn done, void *context) MUST_USE;

void probe_cancel(struct probe *take_probe);    /* no callback any more; NULL is fine */

#endif
