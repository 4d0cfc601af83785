/* session: one run of the program: a loop, sources, a store, and a front that shows them.
 *
 * The only place that knows all parts. Events go into the store; before the loop sleeps the
 * front is shown what has changed, once, however many events there were. The front is either
 * the screen (front_screen.c) or an output without one (front_text.c). */
#ifndef TUI_APP_SESSION_H
#define TUI_APP_SESSION_H

#include "net/loop.h"
#include "net/sources.h"
#include "tui/app/child.h"
#include "tui/app/compare.h"
#include "tui/app/follow.h"
#include "tui/app/network.h"
#include "tui/app/oddity.h"
#include "tui/app/open_calls.h"
#include "tui/app/opts.h"
#include "tui/app/plan.h"
#include "tui/app/trouble.h"
#include "tui/app/watch.h"
#include "tui/model/store.h"

struct session;

/* How the session is shown. Functions that are NULL are not called. */
struct front {
    /* Called before anything is asked of the network. */
    enum err (*open)(struct session *s, struct diag *d);
    void (*begun)(struct session *s);               /* a call has its hash */
    void (*update)(struct session *s);              /* facts have changed */
    /* Many calls at a time (follow.h): one was found, has ended, leaves the store. */
    void (*found)(struct session *s, const struct hash *tx);
    void (*ended)(struct session *s, struct call *c);
    void (*left)(struct session *s, const struct hash *tx);
    void (*trouble)(struct session *s, const struct trouble *t);
    void (*close)(struct session *s);               /* restores whatever open changed */
};
extern const struct front front_text, front_screen, front_compare;

struct session {
    const struct opts *opts;
    const struct config *config;
    const struct front *front;
    void *front_data;               /* the front's own */
    struct network network;
    struct loop *loop;
    struct store *store;
    struct follow *follow;          /* NULL: one call alone */
    struct watching watching;       /* what was watched last */
    struct sources *sources;        /* NULL until an endpoint is known */
    struct child *child;
    struct buf ws_token;            /* that a relay wants; wiped at the end */
    struct arena arena;             /* for what is sent */
    struct send *sending;
    struct hash current;            /* the call that was begun last; zero: none yet */
    struct open_calls open;         /* all that are followed */
    struct hash being_sent;         /* what `sending` has signed; zero: nothing yet */
    bool has_told_left;             /* that calls leave the store */
    struct plan plan;               /* what "again" sends */
    bool has_plan;
    struct comparison comparison;   /* of `compare`; else without runs */
    bool is_waiting;                /* it is sent as soon as the chain is there */
    char key_path[CREDENTIALS_PATH_MAX];    /* of the key that was signed with; empty: no file's */
    struct diag key_refusal;        /* of the signer's first key, when there are more */
    struct secret_key *key;         /* from the command line or a pipe, kept; NULL: from files */
    char key_warning[DIAG_MAX];     /* others may read that pipe; or empty */
    bool is_dirty;                  /* facts have come since the last update */
    bool is_over;                   /* nothing of the current call is open any more */
    bool is_refused;                /* … since it was refused before it was signed */
    bool is_unknown;                /* … without having learnt the outcome */
    bool has_lost_chain;            /* the embedded chain ended: nothing can come any more */
    struct oddity oddity;           /* what was said beside the tree */
    int64_t start_ns;
    int exit_status;
};

/* Runs a demo, call or watch to its end. Returns the exit status of the program. */
int session_run(const struct opts *o, const struct config *config);

/* Something may be sent from here: it may be signed, and nobody has to be asked, or has said
 * --yes. */
bool session_can_send(const struct session *s);
struct call *session_call(struct session *s);       /* the current one, or NULL */
/* Of many calls this one is the current one from now on; false: it is not there. */
bool session_choose(struct session *s, const struct hash *tx);
/* Says that something is wrong, where it belongs; session_trouble: TROUBLE_ONCE. */
void session_tell(struct session *s, const struct trouble *t);
void session_trouble(struct session *s, const char *code, const char *text, const char *where);
/* Calls have begun to leave the store, so many are kept: said once, unless the front tells of each. */
void session_tell_left(struct session *s);
/* It is the current call from now on. */
void session_follow(struct session *s, const struct hash *tx, const struct account_id *signer);
/* At once, or as soon as the chain is there. */
void session_send(struct session *s, const struct plan *p);
/* On the embedded chain: sets a fault first, then sends. */
void session_send_with_fault(struct session *s, const struct plan *fault, const struct plan *p);
void session_quit(struct session *s, int exit_status);

#endif
