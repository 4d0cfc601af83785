/* feeds: the addresses of a network's websocket feed, and which of them to open.
 *
 * They stand in order of preference: the first that does not rest is opened, and what works is
 * kept until it fails. One that fails rests, longer each time; when all rest, the one that is ready
 * first is opened then. Choosing only: source_ws.h and relay/finder.h open. */
#ifndef NET_FEEDS_H
#define NET_FEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/err.h"
#include "net/retry.h"
#include "net/url.h"

enum { FEEDS_MAX = 8, FEEDS_PLACE_MAX = 400 };

struct feed_address {
    const char *url;            /* "wss://feed.example.org", without "/events/…"; may hold a key */
    const char *bearer;         /* a token or an API key that it wants; NULL: none */
    const char *name;           /* to be shown; NULL: its host */
};

struct feeds {
    struct {
        char *url, *bearer;             /* owned, wiped */
        char name[64];
        struct retry retry;
        int64_t rests_until_ns;
        char reason[DIAG_MAX];          /* why it rests */
    } at[FEEDS_MAX];
    uint32_t count, current;
};

/* At most FEEDS_MAX; all is copied. Waits double from first_ms to most_ms (retry.h). */
void feeds_init(struct feeds *f, const struct feed_address *addresses, size_t count,
                uint32_t first_ms, uint32_t most_ms);
void feeds_release(struct feeds *f);

const char *feeds_url(const struct feeds *f);           /* of the current one */
const char *feeds_bearer(const struct feeds *f);        /* NULL: none */

/* The most preferred of those that are ready is current from now on. */
void feeds_choose(struct feeds *f, int64_t now_ns);
/* The current one failed. Another one may be current then; *wait_ms: how long to wait before it
 * is opened. True when it is another. */
bool feeds_failed(struct feeds *f, const char *why, int64_t now_ns, uint64_t *wait_ms);
void feeds_worked(struct feeds *f);

/* Where the feed comes from, for people: "a", or "b, the 2nd of 2; a: the connection broke".
 * Never an address: that may hold a key. */
const char *feeds_place(const struct feeds *f, int64_t now_ns, char out[FEEDS_PLACE_MAX]);

#endif
