/* What happens when a block is due, drills included: none, several, one that will be replaced,
 * or one in the place of another. */
#include "contract/serve/node.h"
#include "net/base/clock.h"

enum { BEHIND_MAX = 1000 };     /* blocks that are made up for at once */

/* --- faults that the chain feels ---------------------------------------------------------- */

static void
load_shards(struct node *n)
{
    for (size_t i = 0; i < chain_shard_count(n->chain); i++) {
        const struct faults *f = &n->faults;
        bool is_congested = fault_is_shard(f, FAULT_congested, i);
        chain_stall(n->chain, i, fault_is_shard(f, FAULT_stall, i));
        chain_load(n->chain, i, fault_is_shard(f, FAULT_busy, i) ? CHAIN_GAS_LIMIT : 0,
                   is_congested ? CHAIN_CONGESTION_FULL_GAS / 10 * 9 : 0);
    }
}

enum err
tick_set_faults(struct node *n, struct str list, struct diag *d)
{
    enum err e = faults_set(&n->faults, list, d);
    if (!e)
        load_shards(n);
    return e;
}

/* --- blocks ------------------------------------------------------------------------------- */

static void
produce(struct node *n, uint64_t time_ns)
{
    uint64_t head_ns = chain_head(n->chain)->time_ns;
    chain_produce_block(n->chain, time_ns > head_ns ? time_ns : head_ns + 1);
    if (!data_save(n))
        return;
    feed_after_block(n->feed);
    if (faults_after_block(&n->faults))
        load_shards(n);
    rpc_after_block(n);
}

/* The head makes room for the block that comes now. One of the same height has other content now
 * and then: the transactions wait for the next. Not always, or none would ever get in. */
static void
replace_head(struct node *n)
{
    chain_go_back(n->chain, n->rival);
    n->rival = NULL;
    if (n->rival_skips)
        chain_skip_height(n->chain);
    else if (fault_random(&n->faults, FAULT_forksame, 2))
        chain_leave_out_transactions(n->chain);
}

/* What was missed, at the times when it was due. */
static void
catch_up(struct node *n, uint64_t now_ns)
{
    uint64_t step_ns = (uint64_t)n->block_time_ms * NS_PER_MS;
    uint64_t count = n->behind < BEHIND_MAX ? n->behind : BEHIND_MAX;
    n->behind = 0;
    for (uint64_t i = count; i > 0; i--)
        produce(n, now_ns - i * step_ns);
}

/* As the sandbox hurries: heights are left out up to the last few of an epoch, which come one by
 * one, so that epochs end as they should. Time goes along. */
static void
hurry(struct node *n)
{
    enum { EPOCH_BLOCKS = 500, EPOCH_END = 3 };
    const struct chain_block *head = chain_head(n->chain);
    uint64_t end = head->epoch_start + EPOCH_BLOCKS, jump = 0;
    if (n->forward == 0)
        return;
    if (end > head->height + EPOCH_END)
        jump = end - head->height - EPOCH_END;
    if (jump > n->forward)
        jump = n->forward;
    n->forward -= jump ? jump : 1;
    n->ahead_ns += (jump + 1) * n->block_time_ms * NS_PER_MS;
    chain_skip_heights(n->chain, jump);
}

void
tick(struct node *n, uint64_t now_ns)
{
    if (fault_take(&n->faults, FAULT_stale)) {
        n->behind++;
        return;
    }
    /* What comes in the place of another block stays, or there would be no end to it. */
    bool is_replacement = n->rival != NULL;
    if (is_replacement)
        replace_head(n);
    /* Only now: going back would take back the heights that are left out. */
    hurry(n);
    now_ns += n->ahead_ns;
    catch_up(n, now_ns);
    n->rival_skips = !is_replacement && fault_take(&n->faults, FAULT_fork);
    if (n->rival_skips || (!is_replacement && fault_take(&n->faults, FAULT_forksame)))
        n->rival = chain_mark_new(n->chain);
    produce(n, now_ns);
}

void
tick_release(struct node *n)
{
    chain_mark_free(n->rival);
    n->rival = NULL;
}
