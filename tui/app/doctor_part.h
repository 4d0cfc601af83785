/* doctor_part: what doctor.c found, for doctor_out.c to show and doctor_say.c to say. Not for others. */
#ifndef TUI_APP_DOCTOR_PART_H
#define TUI_APP_DOCTOR_PART_H

#include "net/near/account.h"
#include "net/near/crypto.h"
#include "net/probe.h"
#include "tui/app/network.h"

enum { DOCTOR_MAX_KEYS = 32 };

struct doctor_key {
    struct account_id account;
    bool is_loaded;                 /* the file makes sense */
    struct public_key key;
    bool is_asked;                  /* … and the chain answered for it */
    bool is_on_chain, is_full;      /* full access; else for calls of one contract */
    char receiver[65];              /* … of this one */
    char text[DIAG_MAX];            /* what is wrong, or a warning; or empty */
};

struct doctor_endpoint {
    bool is_done, is_other_chain;
    struct endpoint_probe probe;
};

struct doctor_feed {
    bool is_done;
    struct feed_probe probe;
};

struct doctor_neardata {
    bool is_done, works;
    uint64_t height;                /* of its newest block */
    int64_t took_ns;                /* -1 */
    char sentence[DIAG_MAX];        /* what is wrong; or empty */
};

struct doctor_findings {
    const struct config *config;
    const struct network *network;
    struct doctor_endpoint endpoints[ENDPOINTS_MAX];
    struct doctor_feed feeds[FEEDS_MAX];
    struct doctor_neardata neardata;
    char key_folder[CONFIG_PATH_MAX];
    struct doctor_key keys[DOCTOR_MAX_KEYS];
    size_t key_count, keys_there;   /* looked at; there are so many */
    const char *term;               /* $TERM; NULL */
    int colours, width, height;     /* -1, 0: not known */
    bool is_terminal, is_utf8;
    unsigned timeout_s;
    bool is_ok;
};

size_t doctor_endpoint_count(const struct network *n);
/* The name and the host of an endpoint, without any key. */
const char *doctor_endpoint_name(const struct network *n, size_t index);
void doctor_endpoint_host(const struct network *n, size_t index, char out[URL_HOST_MAX + 8]);

enum { DOCTOR_FEED_TEXT = NETWORK_URL_MAX + 80 };
/* The feeds, the preferred first; each by its name and host, or the address that was given. */
size_t doctor_feed_count(const struct network *n);
const char *doctor_feed_text(const struct network *n, size_t index, char out[DOCTOR_FEED_TEXT]);

/* Why something does not work, also when nobody said it. */
const char *doctor_endpoint_reason(const struct doctor_endpoint *e);
const char *doctor_feed_reason(const struct doctor_feed *f);
const char *doctor_neardata_reason(const struct doctor_findings *f);
bool doctor_is_stale(const struct endpoint_probe *p);   /* its head is too old to be the head */

void doctor_write_text(const struct doctor_findings *f, struct buf *out);
void doctor_write_sentences(const struct doctor_findings *f, struct buf *out);
void doctor_write_json(const struct doctor_findings *f, struct buf *out);

#endif
