#include "tui/app/gas_price.h"

#include "net/base/clock.h"
#include "net/decode.h"

enum { TRIES = 2 };

static void
on_reply(void *context, const struct rpc_reply *reply)
{
    struct gas_price_watch *w = context;
    struct amount price;
    w->request = NULL;
    if (reply->fault != RPC_FINE || decode_gas_price(reply->result, &price, NULL))
        return;
    bool is_new = !w->is_known || amount_compare(price, w->price) != 0;
    w->is_known = true;
    w->price = price;
    if (is_new)
        w->changed(w->context);
}

void
gas_price_ask(struct gas_price_watch *w, struct rpc *rpc, int64_t now_ns)
{
    bool is_young = w->asked_ns && now_ns - w->asked_ns < GAS_PRICE_AGE_S * (int64_t)NS_PER_S;
    if (w->request || is_young)
        return;
    w->asked_ns = now_ns;
    w->request = rpc_start(rpc, "gas_price", STR("[null]"), TRIES, on_reply, w);
}

void
gas_price_stop(struct gas_price_watch *w)
{
    rpc_cancel(w->request);
    w->request = NULL;
}
