/* compiling: is the embedded chain held up by a contract that it compiles? It then makes no block,
 * and nothing else tells why.
 *
 * Asks the node's neartop_compiling, when there is a reason to wonder; a node that does not know
 * the method is never asked again. Nothing is asked of public networks. */
#ifndef TUI_APP_COMPILING_H
#define TUI_APP_COMPILING_H

#include <stdbool.h>
#include <stdint.h>
#include "net/rpc.h"

enum { COMPILING_TEXT = 200 };

struct compiling_watch {
    char text[COMPILING_TEXT];      /* "compiling bob.near since 1.3 s: …"; or empty */
    void (*changed)(void *context);     /* the text has; never inside a call made here */
    void *context;
    struct rpc_request *request;
    bool is_unknown;                /* the node has no such method */
};

struct session;

/* To be called now and then: asks when a call waits, and no block has come for longer than one
 * takes, on a chain of ours; stops asking otherwise. */
void compiling_look(struct compiling_watch *w, struct session *s);
bool compiling_is_due(const struct session *s, int64_t now_ns);     /* the reason to wonder alone */
/* One question, unless one is under way. */
void compiling_ask(struct compiling_watch *w, struct rpc *rpc);
/* No callback any more; the text is empty. Before the rpc goes. */
void compiling_stop(struct compiling_watch *w);

#endif
