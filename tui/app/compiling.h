/* compiling: is the embedded chain held up by a contract that it compiles? It then makes no block,
 * and nothing else tells why.
 *
 * Asks the node's neartop_compiling, when the caller has a reason to wonder; a node that does
 * not know the method is never asked again. Nothing is asked of public networks: that is the
 * caller's to see to. */
#ifndef TUI_APP_COMPILING_H
#define TUI_APP_COMPILING_H

#include <stdbool.h>
#include "net/rpc.h"

enum { COMPILING_TEXT = 200 };

struct compiling_watch {
    char text[COMPILING_TEXT];      /* "compiling the contract of bob.near, 412 kB, 1.3 s"; or empty */
    void (*changed)(void *context);     /* the text has; never inside a call made here */
    void *context;
    struct rpc_request *request;
    bool is_unknown;                /* the node has no such method */
};

/* One question, unless one is under way. */
void compiling_ask(struct compiling_watch *w, struct rpc *rpc);
/* No callback any more; the text is empty. Before the rpc goes. */
void compiling_stop(struct compiling_watch *w);

#endif
