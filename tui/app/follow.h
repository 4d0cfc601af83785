/* follow: every call that touches some accounts, followed as it happens.
 *
 * Calls are found by the finder (net/relay/finder.h), go into the session's store and are followed
 * like any other, FOLLOW_MAX at a time; more of them wait until there is room, up to
 * FOLLOW_WAITING_MAX, beyond which some are passed over, with a word. One that has ended stays in the
 * store until more than `keep` have: then the one that ended first leaves, and the front is told. The
 * front's current call is the first one that was found, until another is chosen (session_choose). */
#ifndef TUI_APP_FOLLOW_H
#define TUI_APP_FOLLOW_H

#include "net/base/err.h"
#include "net/request.h"

enum {
    FOLLOW_MAX = 500,           /* as many as fit into the feed's filter */
    FOLLOW_WAITING_MAX = 5000,
    FOLLOW_KEEP = 200, FOLLOW_KEEP_MAX = 500
};

struct session;
struct follow;
struct opts;

/* What can be said of the command line: its accounts and numbers. */
enum err follow_check(const struct opts *o, struct diag *d) MUST_USE;
/* The session has its sources. */
struct follow *follow_start(struct session *s) MUST_USE;
void follow_stop(struct follow *take_f);            /* before the sources; NULL is fine */

size_t follow_wants(struct follow *f, struct want *out, size_t max);
/* Facts have come: what has ended is told, what is too much leaves. */
void follow_update(struct follow *f);
/* Where calls are looked for now, "the feed" or "blocks and chunks"; NULL: nowhere yet. */
const char *follow_place(const struct follow *f);
const char *follow_trouble(const struct follow *f); /* why not elsewhere, or not even there, or "" */
size_t follow_live(const struct follow *f);         /* that have not ended */
size_t follow_keep(const struct follow *f);         /* so many that have ended stay */
size_t follow_ended(const struct follow *f);        /* ever */

#endif
