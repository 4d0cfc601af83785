/* demo_args: what alice.test.near asks of portfolio.test.near: the arguments of the reference call,
 * on the chain of the demo and on those that tests make like it. */
#ifndef TESTS_SUPPORT_DEMO_ARGS_H
#define TESTS_SUPPORT_DEMO_ARGS_H

#define DEMO_ARGS                                                                            \
    "{\"user\":\"alice.test.near\",\"token_contract\":\"token.test.near\","                  \
    "\"lending_contract\":\"lending.test.near\",\"staking_contract\":\"staking.test.near\"}"

#endif
