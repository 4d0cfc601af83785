/* gas_price: what the node asks for a unit of gas just now, for the cost of a call that is being
 * written. Asked when the caller needs it and what is known is older than GAS_PRICE_AGE_S. */
#ifndef TUI_APP_GAS_PRICE_H
#define TUI_APP_GAS_PRICE_H

#include <stdbool.h>
#include "net/near/amount.h"
#include "net/rpc.h"

enum { GAS_PRICE_AGE_S = 30 };

struct gas_price_watch {
    bool is_known;
    struct amount price;                /* yoctoNEAR for a unit of gas */
    void (*changed)(void *context);     /* it is known, or another one */
    void *context;
    struct rpc_request *request;
    int64_t asked_ns;                   /* monotonic; 0: never */
};

/* One question, unless one is under way or the answer is young. */
void gas_price_ask(struct gas_price_watch *w, struct rpc *rpc, int64_t now_ns);
/* No callback any more. Before the rpc goes. */
void gas_price_stop(struct gas_price_watch *w);

#endif
