/* ways: the same call in another way: its reads at once, one after another, or as a batch.
 *
 * Which methods those are is told by the settings ("[call NAME]", preset.h); of the reference
 * call by their names alone, whoever has deployed its contract. There it is a guess: whether the
 * contract has the method is asked first, by a view, which costs nothing. */
#ifndef TUI_APP_WAYS_H
#define TUI_APP_WAYS_H

#include "net/rpc.h"
#include "tui/app/config.h"
#include "tui/app/plan.h"

enum ways_known { WAYS_NONE, WAYS_GUESSED, WAYS_TOLD };

struct ways {
    enum ways_known known;
    const char *method[3];              /* by enum plan_mode; empty: it has none */
};

struct ways ways_of(const struct config *c, const char *network, struct str contract,
                    struct str method);

/* Has the contract this plan's method? */
struct ways_question {
    struct plan plan;                   /* texts stay the asker's */
    void (*answered)(void *context, bool has_method);
    void *context;
    struct rpc_request *request;        /* NULL: nothing is asked */
};

/* Not while another is asked. What cannot be learnt counts as yes: the chain will tell. */
void ways_ask(struct ways_question *q, struct rpc *rpc);
/* No callback any more. Before the rpc goes. */
void ways_stop(struct ways_question *q);

#endif
