#include "tests/bench/demo_inside.h"

#include "net/base/xalloc.h"

struct chain *
demo_inside_new(void)
{
    struct chain_config config;
    struct diag d = {0};
    chain_default_config(&config, DEMO_INSIDE_END_NS - (DEMO_BLOCKS + 1) * DEMO_INSIDE_BLOCK_NS);
    struct chain *chain = chain_new(&config);
    if (demo_build(chain, DEMO_INSIDE_END_NS, DEMO_INSIDE_BLOCK_NS, &d))
        fatal("%s", diag_text(&d));
    return chain;
}
