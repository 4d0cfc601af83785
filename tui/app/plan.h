/* plan: what a command sends: who signs, whom it calls, with what.
 *
 * For the demo it is one of the portfolio's methods, and perhaps a fault to be set before. */
#ifndef TUI_APP_PLAN_H
#define TUI_APP_PLAN_H

#include "net/base/arena.h"
#include "net/credentials.h"
#include "net/near/tx.h"
#include "tui/app/network.h"
#include "tui/app/opts.h"
#include "tui/model/roster.h"

enum plan_mode { PLAN_PARALLEL, PLAN_SEQUENTIAL, PLAN_BATCH };

struct plan {
    struct account_id signer, receiver;
    struct action action;           /* texts in the arena */
};

/* The demo's call. */
void plan_demo(enum plan_mode mode, struct arena *arena, struct plan *out);

enum { PLAN_BRANCHES = 3 };

/* … with something wrong in it: drill.h. */
struct plan_demo_args {
    const char *contract[PLAN_BRANCHES];    /* asked in the place of the demo's own; NULL: those */
    bool is_failing_batch;                  /* at its last action */
    const char *callback_fails;             /* how: get_portfolio_drill; NULL: it does not */
};
void plan_demo_with(enum plan_mode mode, const struct plan_demo_args *a, struct arena *arena,
                    struct plan *out);

/* Contract, method and arguments of `call` and `view`, into the receiver and the action. */
enum err plan_method(const struct opts *o, struct arena *arena, struct plan *out,
                     struct diag *d) MUST_USE;

/* The same call as one that was made before, when it is a single function call. */
bool plan_of_call(const struct call *c, struct arena *arena, struct plan *out);

/* What `neartop call` was told to send. */
enum err plan_call(const struct opts *o, const struct network *n, struct arena *arena,
                   struct plan *out, struct diag *d) MUST_USE;

/* A key among the words of the command line; they are wiped, where everybody can see them. */
enum err plan_key_of_text(char *wiped_text, struct secret_key *out, struct diag *d) MUST_USE;

/* The signer's key: from the file that was named, from the key files, or on our own chains from
 * the account's name. Wipe it. `path` of the one before gives the next of an account with several
 * key files; empty gives the first. ERR_NOT_FOUND: there is none, or no other. */
struct plan_key {
    struct secret_key key;
    char path[CREDENTIALS_PATH_MAX];    /* empty: it is from no file */
    char warning[DIAG_MAX];             /* others may read the file; or empty */
};
enum err plan_key(const struct opts *o, const struct network *n, const struct account_id *signer,
                  struct plan_key *key, struct diag *d) MUST_USE;

/* --key-file names a pipe ("<(pass show near)"), which gives its key once: it is read before the
 * terminal is taken and signals are caught, and kept. A minute is time to type a pass phrase in. */
enum { KEY_WAIT_MS = 60 * 1000 };
bool plan_key_is_piped(const struct opts *o);
enum err plan_key_of_pipe(const struct opts *o, struct plan_key *out, struct diag *d) MUST_USE;

#endif
