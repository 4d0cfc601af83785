/* bench_chain: how many portfolio calls a second the embedded chain runs, its blocks made back
 * to back. Transactions are signed before the clock starts; what is measured is checking them,
 * and the blocks: six receipts with their refunds for each call. A call that does not give all
 * three answers ends it. */
#include <stdio.h>
#include <stdlib.h>
#include "contract/wasm/module.h"
#include "net/base/buf.h"
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "tests/bench/demo_inside.h"
#include "tests/bench/sample.h"
#include "tests/support/demo_args.h"

enum { CALLS = 1000, CALLS_A_BLOCK = 50, ROUNDS = 5, SETTLE_MAX = 200, TX_ROOM = 1024 };

struct round {
    struct chain *chain;
    struct buf bytes[CALLS];
    struct hash tx[CALLS];
    uint64_t time_ns;
    size_t receipts, blocks;
};

static void
sign_calls(struct round *r)
{
    struct secret_key key;
    struct action action = {.kind = ACTION_FUNCTION_CALL, .method = STR("get_portfolio_data"),
                            .args = STR(DEMO_ARGS), .gas = 100 * TERA_GAS};
    secret_key_from_name(STR("alice.test.near"), &key);
    struct transaction tx = {.signer = account_of("alice.test.near"),
                             .receiver = account_of("portfolio.test.near"),
                             .key = secret_key_public(&key),
                             .nonce = chain_head(r->chain)->height * 1000000,
                             .block_hash = chain_final(r->chain)->hash,
                             .actions = &action,
                             .action_count = 1};
    for (size_t i = 0; i < CALLS; i++) {
        tx.nonce++;
        buf_init(&r->bytes[i], TX_ROOM);
        tx_sign(&tx, &key, &r->bytes[i], &r->tx[i]);
    }
    secret_key_wipe(&key);
}

static void
open_round(struct round *r)
{
    *r = (struct round){.chain = demo_inside_new(), .time_ns = DEMO_INSIDE_END_NS};
    sign_calls(r);
}

static void
close_round(struct round *r)
{
    for (size_t i = 0; i < CALLS; i++)
        buf_release(&r->bytes[i]);
    chain_free(r->chain);
    module_forget_all();
}

static void
submit(struct round *r, size_t i)
{
    struct invalid_tx why;
    struct hash hash;
    enum err undecodable;
    struct diag d = {0};
    if (chain_submit(r->chain, buf_str(&r->bytes[i]), &why, &hash, &undecodable, &d) != TX_VALID)
        fatal("a transaction was refused");
}

/* Returns how many outcomes the block has. */
static size_t
make_block(struct round *r)
{
    size_t outcomes = 0;
    r->time_ns += DEMO_INSIDE_BLOCK_NS;
    const struct chain_block *b = chain_produce_block(r->chain, r->time_ns);
    for (size_t i = 0; i < b->chunk_count; i++)
        outcomes += b->chunks[i].outcome_count;
    r->receipts += outcomes;
    r->blocks++;
    return outcomes;
}

static void
check_results(const struct round *r)
{
    for (size_t i = 0; i < CALLS; i++) {
        const struct chain_outcome *o = chain_outcome_of(r->chain, &r->tx[i]);
        while (o && o->status == CHAIN_RECEIPT)
            o = chain_outcome_of(r->chain, &o->returns);
        if (!o || o->status != CHAIN_VALUE || str_find(o->value, STR("null")) >= 0)
            fatal("a portfolio call did not give its three answers");
    }
}

/* Two quiet blocks in a row are the end: one takes a transaction in, the next runs it. */
static void
run_round(struct round *r, struct sample *checking, struct sample *blocks)
{
    int64_t check_ns = 0, block_ns = 0;
    size_t sent = 0, quiet = 0;
    while (quiet < 2 && r->blocks < SETTLE_MAX) {
        int64_t start = clock_monotonic_ns(), submitted;
        for (size_t i = 0; i < CALLS_A_BLOCK && sent < CALLS; i++)
            submit(r, sent++);
        submitted = clock_monotonic_ns();
        quiet = make_block(r) || sent < CALLS ? 0 : quiet + 1;
        block_ns += clock_monotonic_ns() - submitted;
        check_ns += submitted - start;
    }
    sample_add(checking, check_ns);
    sample_add(blocks, block_ns);
}

int
main(void)
{
    static struct round r;
    struct sample checking = {.count = 0}, blocks = {.count = 0};
    crypto_start();
    for (int i = 0; i < ROUNDS; i++) {
        open_round(&r);
        run_round(&r, &checking, &blocks);
        check_results(&r);
        close_round(&r);
    }
    double check_ns = sample_median_ns(&checking), block_ns = sample_median_ns(&blocks);
    puts("embedded chain, medians");
    sample_row("portfolio calls, checked and run", CALLS * 1e9 / (check_ns + block_ns), "calls/s",
               "blocks back to back; wanted: 1000");
    sample_row("receipts and transactions run", (double)r.receipts * 1e9 / block_ns,
               "/s", "refunds and all");
    sample_row("a call: checking its transaction", check_ns / CALLS / 1e3, "us", "");
    sample_row("a call: running it", block_ns / CALLS / 1e3, "us", "");
    sample_row("a block with its share of calls", block_ns / (double)r.blocks / 1e6, "ms",
               "of 600");
    return EXIT_SUCCESS;
}
