/* child: the embedded chain as a child process of ours, and nothing left of it when we go. */
#ifndef TUI_APP_CHILD_H
#define TUI_APP_CHILD_H

#include "net/loop.h"
#include "tui/app/network.h"
#include "tui/app/opts.h"

struct child;

struct child_handlers {
    /* It listens: n->rpc and n->ws are filled in (ws only when it was empty and is wanted). */
    void (*ready)(void *context, const char *rpc, const char *ws);
    /* It ended, wanted or not; the sentence says how. */
    void (*ended)(void *context, const char *sentence);
    /* Instead, when it never began, for what its options say. May be NULL. */
    void (*refused)(void *context, const char *sentence);
    void *context;
};

enum err child_start(struct loop *loop, const struct opts *o,
                     const struct child_handlers *handlers, struct child **out, struct diag *d)
    MUST_USE;
void child_stop(struct child *take_child);      /* NULL is fine */

#endif
