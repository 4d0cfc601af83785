/* redact: what must never be written, and the one place that blots it out.
 *
 * API keys are kept here as soon as they are read (redact_keep). Sentences (diag_set), lines of
 * the log (log_line) and whatever comes from a wire (http.c, ws.c), since a server may repeat
 * what it was sent, pass through redact_bytes, which puts '*' over every occurrence. So
 * recordings, screens and messages, which are made of these, cannot hold a key. Signing keys
 * are not kept here: they never become text at all (net/near/crypto.h), but for one that somebody
 * wrote into a command line (opts.c). */
#ifndef NET_BASE_REDACT_H
#define NET_BASE_REDACT_H

#include "net/base/err.h"
#include "net/base/str.h"

enum {
    REDACT_KEYS_MAX = 64,
    REDACT_WATCHED_MAX = 8,
    REDACT_SHORTEST = 8,        /* bytes: what is shorter stands by chance in other text */
    REDACT_LONGEST = 1024
};

/* Copies the secret. ERR_RANGE when it is too short, too long, or one too many. */
enum err redact_keep(struct str secret, struct diag *d) MUST_USE;
/* Borrowed until redact_forget, not copied: what its owner wipes is not kept here. Every stretch of
 * it of REDACT_SHORTEST bytes is blotted out, however it was cut. One too many is let pass. */
void redact_watch(struct str secret);
/* In place, at the same length; cheap when nothing is kept. */
void redact_bytes(char *p, size_t n);
/* Wipes all that is kept: at the end of the process, and between tests. */
void redact_forget(void);

#endif
