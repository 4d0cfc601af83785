/* bench_data: what the embedded chain takes over time. Memory after a hundred thousand portfolio
 * calls, its history bounded; what keeping it in a folder adds to a block; and how long a
 * contract may loop for 300 Tgas. Blocks back to back; judges nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "contract/chain/keep.h"
#include "contract/serve/store.h"
#include "contract/wasm/module.h"
#include "net/base/clock.h"
#include "net/base/file.h"
#include "net/base/xalloc.h"
#include "tests/bench/demo_inside.h"
#include "tests/bench/sample.h"
#include "tests/support/demo_args.h"

enum { CALLS_A_BLOCK = 50, EARLY = 10000, LATE = 100000, KEPT_BLOCKS = 60, LOOPS = 3,
       TX_ROOM = 1024, FILE_MAX = 1 << 22 };

struct run {
    struct chain *chain;
    uint64_t time_ns, nonce;
    struct buf bytes[CALLS_A_BLOCK];
    size_t calls;
};

static void
open_run(struct run *r)
{
    *r = (struct run){.chain = demo_inside_new(), .time_ns = DEMO_INSIDE_END_NS};
    for (size_t i = 0; i < CALLS_A_BLOCK; i++)
        buf_init(&r->bytes[i], FILE_MAX);
}

static void
close_run(struct run *r)
{
    for (size_t i = 0; i < CALLS_A_BLOCK; i++)
        buf_release(&r->bytes[i]);
    chain_free(r->chain);
    module_forget_all();
}

static void
sign(struct run *r, const char *signer, const char *receiver, struct action *actions, size_t count,
     struct buf *out, struct hash *hash)
{
    struct secret_key key;
    const struct chain_block *head = chain_head(r->chain);
    if (r->nonce < head->height * 1000000)
        r->nonce = head->height * 1000000;
    secret_key_from_name(str_from(signer), &key);
    struct transaction tx = {.signer = account_of(signer),
                             .receiver = account_of(receiver),
                             .key = secret_key_public(&key),
                             .nonce = ++r->nonce,
                             .block_hash = chain_final(r->chain)->hash,
                             .actions = actions,
                             .action_count = count};
    buf_clear(out);
    tx_sign(&tx, &key, out, hash);
    secret_key_wipe(&key);
}

static void
submit(struct run *r, const struct buf *bytes)
{
    struct invalid_tx why;
    struct hash hash;
    enum err undecodable;
    struct diag d = {0};
    if (chain_submit(r->chain, buf_str(bytes), &why, &hash, &undecodable, &d) != TX_VALID)
        fatal("a transaction was refused");
}

static void
sign_calls(struct run *r)
{
    struct hash hash;
    struct action action = {.kind = ACTION_FUNCTION_CALL, .method = STR("get_portfolio_data"),
                            .args = STR(DEMO_ARGS), .gas = 100 * TERA_GAS};
    for (size_t i = 0; i < CALLS_A_BLOCK; i++)
        sign(r, "alice.test.near", "portfolio.test.near", &action, 1, &r->bytes[i], &hash);
}

/* What is measured: taking the calls in, and the block. */
static void
submit_and_produce(struct run *r)
{
    for (size_t i = 0; i < CALLS_A_BLOCK; i++)
        submit(r, &r->bytes[i]);
    r->calls += CALLS_A_BLOCK;
    r->time_ns += DEMO_INSIDE_BLOCK_NS;
    chain_produce_block(r->chain, r->time_ns);
}

/* --- memory --------------------------------------------------------------------------------- */

static double
resident_mib(void)
{
    char line[128];
    unsigned long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof(line), status)) {
        if (strncmp(line, "VmRSS:", 6) == 0)
            kib = strtoul(line + 6, NULL, 10);
    }
    if (status)
        fclose(status);
    return (double)kib / 1024;
}

static void
bench_memory(void)
{
    static struct run r;
    char beside[96];
    open_run(&r);
    sample_row("memory: with the demo on it", resident_mib(), "MiB", "wanted: under 30");
    while (r.calls < EARLY) {
        sign_calls(&r);
        submit_and_produce(&r);
    }
    double early = resident_mib();
    sample_row("memory: after 10 000 calls", early, "MiB", "history: 2500 blocks, 128 MiB at most");
    while (r.calls < LATE) {
        sign_calls(&r);
        submit_and_produce(&r);
    }
    snprintf(beside, sizeof(beside), "%.2f x that, history %.0f MiB, from block %llu of %llu",
             resident_mib() / early, (double)chain_history_bytes(r.chain) / (1 << 20),
             (unsigned long long)chain_earliest(r.chain)->height,
             (unsigned long long)chain_head(r.chain)->height);
    sample_row("memory: after 100 000 calls", resident_mib(), "MiB", beside);
    close_run(&r);
}

/* --- a folder ------------------------------------------------------------------------------- */

static void
save(struct run *r, struct store *store)
{
    const struct chain_record *records;
    struct diag d = {0};
    size_t count = chain_keep_take(r->chain, &records);
    if (store_write(store, records, count, &d))
        fatal("%s", diag_text(&d));
}

static void
one_block(struct run *r, size_t calls, struct store *store, struct sample *blocks)
{
    int64_t start = clock_monotonic_ns();
    for (size_t i = 0; i < calls; i++)
        submit(r, &r->bytes[i]);
    r->time_ns += DEMO_INSIDE_BLOCK_NS;
    chain_produce_block(r->chain, r->time_ns);
    if (store)
        save(r, store);
    sample_add(blocks, clock_monotonic_ns() - start);
}

/* Two chains take turns, so that what else the machine does falls on both. */
static void
bench_blocks(struct store *store, size_t calls, struct sample *without, struct sample *with)
{
    static struct run memory, kept;
    open_run(&memory);
    open_run(&kept);
    chain_keep(kept.chain);
    save(&kept, store);
    for (int i = 0; i < KEPT_BLOCKS; i++) {
        sign_calls(&memory);
        one_block(&memory, calls, NULL, without);
        sign_calls(&kept);
        one_block(&kept, calls, store, with);
    }
    close_run(&memory);
    close_run(&kept);
}

static struct store *
open_store(char folder[], struct diag *d)
{
    struct store *store;
    snprintf(folder, 64, "/tmp/neartop-bench-XXXXXX");
    if (!mkdtemp(folder) || store_open(folder, &store, d))
        fatal("%s", diag_text(d));
    return store;
}

static void
drop_store(struct store *store, const char *folder)
{
    char path[96];
    store_close(store);
    snprintf(path, sizeof(path), "%s/chain.sqlite", folder);
    unlink(path);
    rmdir(folder);
}

static void
bench_folder(const char *name, size_t calls)
{
    struct sample without = {.count = 0}, with = {.count = 0};
    char folder[64], beside[64];
    struct diag d = {0};
    struct store *store = open_store(folder, &d);
    bench_blocks(store, calls, &without, &with);
    drop_store(store, folder);
    double before = sample_median_ns(&without), after = sample_median_ns(&with);
    snprintf(beside, sizeof(beside), "%.2f x a block in memory", after / before);
    sample_row(name, after / 1e6, "ms", beside);
}

/* --- 300 Tgas ------------------------------------------------------------------------------- */

/* The slowest operator for its gas that is known: (func (export "burn") (local f64) (loop
 * (local.set 0 (f64.sqrt … (f64.sqrt (local.get 0)))) (br 0))), with sixteen of them. */
static const char roots[] = "\0asm\1\0\0\0\1\4\1\x60\0\0\3\2\1\0\7\x08\1\4burn\0\0"
                            "\x0A\x1F\1\x1D\1\1\x7C\3\x40\x20\0"
                            "\x9F\x9F\x9F\x9F\x9F\x9F\x9F\x9F\x9F\x9F\x9F\x9F\x9F\x9F\x9F\x9F"
                            "\x21\0\x0C\0\x0B\x0B";

static void
deploy(struct run *r, const char *account, struct str code)
{
    struct action action = {.kind = ACTION_DEPLOY_CONTRACT, .code = code};
    struct hash hash;
    sign(r, account, account, &action, 1, &r->bytes[0], &hash);
    submit(r, &r->bytes[0]);
    for (int i = 0; i < 3; i++)
        chain_produce_block(r->chain, r->time_ns += DEMO_INSIDE_BLOCK_NS);
}

/* The block that runs the call: the second from its coming. */
static void
bench_loop(struct run *r, const char *name, const char *method, const char *loop_args)
{
    struct sample times = {.count = 0};
    struct action action = {.kind = ACTION_FUNCTION_CALL, .method = str_from(method),
                            .args = str_from(loop_args), .gas = 300 * TERA_GAS};
    uint64_t gas = 0;
    char beside[64];
    for (int i = 0; i < LOOPS; i++) {
        struct hash tx;
        sign(r, "lending.test.near", "lending.test.near", &action, 1, &r->bytes[0], &tx);
        submit(r, &r->bytes[0]);
        chain_produce_block(r->chain, r->time_ns += DEMO_INSIDE_BLOCK_NS);
        int64_t start = clock_monotonic_ns();
        chain_produce_block(r->chain, r->time_ns += DEMO_INSIDE_BLOCK_NS);
        sample_add(&times, clock_monotonic_ns() - start);
        const struct chain_outcome *o = chain_outcome_of(r->chain, &tx);
        o = o && o->child_count ? chain_outcome_of(r->chain, &o->children[0]) : NULL;
        if (!o)
            fatal("the call that loops did not run");
        gas = o->gas_burnt;
    }
    if (gas < 300 * TERA_GAS)
        fatal("the loop ended before its gas did");
    snprintf(beside, sizeof(beside), "%.0f Tgas burnt", (double)gas / 1e12);
    sample_row(name, sample_median_ns(&times) / 1e6, "ms", beside);
}

static void
bench_loops(void)
{
    static struct run r;
    open_run(&r);
    struct action set = {.kind = ACTION_FUNCTION_CALL, .method = STR("set_fault"),
                         .args = STR("{\"kind\":\"loop\"}"), .gas = 30 * TERA_GAS};
    struct hash tx;
    sign(&r, "lending.test.near", "lending.test.near", &set, 1, &r.bytes[0], &tx);
    submit(&r, &r.bytes[0]);
    for (int i = 0; i < 3; i++)
        chain_produce_block(r.chain, r.time_ns += DEMO_INSIDE_BLOCK_NS);
    bench_loop(&r, "300 Tgas: a loop of host calls", "get_position",
               "{\"account_id\":\"alice.test.near\"}");
    struct diag d = {0};
    struct buf leaf;
    buf_init(&leaf, FILE_MAX);
    if (file_read("tests/data/wasm/leaf.wasm", &leaf, &d))
        fatal("%s", diag_text(&d));
    deploy(&r, "lending.test.near", buf_str(&leaf));
    bench_loop(&r, "300 Tgas: a loop of wasm, compiled by tcc", "burn", "{\"n\":\"10000000000\"}");
    deploy(&r, "lending.test.near", str_of(roots, sizeof(roots) - 1));
    bench_loop(&r, "300 Tgas: a loop of square roots, compiled by tcc", "burn", "{}");
    buf_release(&leaf);
    close_run(&r);
}

int
main(void)
{
    crypto_start();
    puts("embedded chain over time");
    bench_memory();     /* first, before others have used some */
    bench_loops();
    bench_folder("--data: an empty block", 0);
    bench_folder("--data: a block with fifty calls", CALLS_A_BLOCK);
    return EXIT_SUCCESS;
}
