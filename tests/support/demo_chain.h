/* demo_chain: the embedded chain with the demo's contracts, as a child on the loop of a test or a
 * bench, ended with it. Without a loop: localnet.h. */
#ifndef TESTS_SUPPORT_DEMO_CHAIN_H
#define TESTS_SUPPORT_DEMO_CHAIN_H

#include "net/loop.h"

struct demo_chain {
    struct loop_child *child;
    int port;                   /* of HTTP and of websockets, on 127.0.0.1 */
};

/* Started; its port is told some turns of the loop later, until then it is 0. */
enum err demo_chain_begin(struct demo_chain *c, struct loop *loop, const char *program,
                          unsigned block_ms) MUST_USE;
/* The same, and waits for the port; ends the bench when that does not come to pass. */
void demo_chain_start(struct demo_chain *c, struct loop *loop, const char *program,
                      unsigned block_ms);
void demo_chain_stop(struct demo_chain *c);

#endif
