/* demo_chain: the embedded chain with the demo's contracts, as a child of a bench. */
#ifndef TESTS_BENCH_DEMO_CHAIN_H
#define TESTS_BENCH_DEMO_CHAIN_H

#include "net/loop.h"

/* The arguments of get_portfolio_data there, of alice.test.near. */
#define DEMO_CHAIN_ARGS                                                                      \
    "{\"user\":\"alice.test.near\",\"token_contract\":\"token.test.near\","                  \
    "\"lending_contract\":\"lending.test.near\",\"staking_contract\":\"staking.test.near\"}"

struct demo_chain {
    struct loop_child *child;
    int port;                   /* of HTTP and of websockets, on 127.0.0.1 */
};

/* Started and listening; ends the bench when that does not come to pass. */
void demo_chain_start(struct demo_chain *c, struct loop *loop, const char *program,
                      unsigned block_ms);
void demo_chain_stop(struct demo_chain *c);

#endif
