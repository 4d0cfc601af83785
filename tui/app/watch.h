/* watch: following a transaction that somebody else sent, by whatever names it: its hash, with or
 * without the sender, or the hash of one of its receipts. */
#ifndef TUI_APP_WATCH_H
#define TUI_APP_WATCH_H

#include "net/event.h"
#include "net/relay/origin.h"

struct session;

/* The hash that was watched last, and the search for what else it may be. */
struct watching {
    struct session *session;
    struct hash hash;
    unsigned unknown_looks;     /* answers that did not know it */
    struct origin *origin;      /* NULL: not looked for */
};

/* Follows what the text names; the session has its sources. It is the current call from now on. */
enum err session_watch(struct session *s, const char *text, struct diag *d) MUST_USE;
/* Each event: a hash that stays unknown is looked for (net/relay/origin.h). */
void watch_heard(struct session *s, const struct event *ev);
void watch_end(struct watching *w);     /* before the sources */

#endif
