/* What it costs to follow the portfolio call to its end, counted on the wire between the real
 * program and the embedded chain: requests and bytes, with pushed outcomes and by polling. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "tests/support/demo_args.h"
#include "tests/support/demo_chain.h"
#include "tests/support/net_wire.h"

enum { RUNS = 3, BLOCK_MS = 600 };

struct bench {
    const char *program;
    struct loop *loop;
    struct demo_chain chain;
    struct net_wire *wire;
    int over, status;
};

static void
on_over(void *context, int status, int signal_number)
{
    struct bench *b = context;
    b->status = signal_number ? -1 : status;
    b->over++;
}

static void
follow(struct bench *b, bool is_pushed)
{
    char rpc[64], ws[64];
    struct loop_child *child;
    snprintf(rpc, sizeof(rpc), "http://127.0.0.1:%d", net_wire_port(b->wire));
    snprintf(ws, sizeof(ws), "ws://127.0.0.1:%d", net_wire_port(b->wire));
    const char *const argv[] = {b->program, "call", "portfolio.test.near", "get_portfolio_data",
                                DEMO_ARGS, "--as", "alice.test.near", "--rpc", rpc, "--ws",
                                is_pushed ? ws : "off", "--json", NULL};
    const struct loop_child_args args = {.argv = argv, .line_max = 65536, .exited = on_over,
                                         .context = b};
    enum err e = loop_spawn(b->loop, &args, &child, NULL);
    assert(e == OK);
    for (int before = b->over; b->over == before;)
        loop_turn(b->loop);
    loop_child_close(child);
    if (b->status != 0)
        fatal("the call ended with status %d", b->status);
}

static void
measure(struct bench *b, bool is_pushed, unsigned target)
{
    unsigned least = UINT32_MAX, most = 0;
    uint64_t up = 0, down = 0;
    for (int i = 0; i < RUNS; i++) {
        net_wire_take(b->wire);
        follow(b, is_pushed);
        struct net_wire_count c = net_wire_take(b->wire);
        least = c.requests < least ? c.requests : least;
        most = c.requests > most ? c.requests : most;
        up += c.bytes_up;
        down += c.bytes_down;
    }
    printf("follow the portfolio call, %-16s %u to %u requests (at most %u wanted), "
           "%llu bytes up, %llu down\n", is_pushed ? "outcomes pushed:" : "polling alone:", least,
           most, target, (unsigned long long)(up / RUNS), (unsigned long long)(down / RUNS));
}

int
main(int argc, char **argv)
{
    struct bench b = {.program = argc > 1 ? argv[1] : "build/neartop", .loop = loop_new()};
    demo_chain_start(&b.chain, b.loop, b.program, BLOCK_MS);
    b.wire = net_wire_new(b.loop, b.chain.port);
    measure(&b, true, 8);
    measure(&b, false, 40);
    net_wire_free(b.wire);
    demo_chain_stop(&b.chain);
    loop_free(b.loop);
    return 0;
}
