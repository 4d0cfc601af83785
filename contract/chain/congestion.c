/* How busy a shard is, and what that means for transactions to it. Source of the rules: the
 * node's congestion_info of protocol 79, as far as one machine has them (no outgoing buffers). */
#include "contract/chain/chain_private.h"
#include "contract/chain/drill.h"

static uint64_t
gas_of_receipt(const struct chain_receipt *r)
{
    uint64_t attached, gas = fee_execution(FEE_NEW_ACTION_RECEIPT);
    if (r->is_data || r->is_distribution ||
        !actions_attached_gas(r->actions, r->action_count, &attached))
        return 0;
    for (size_t i = 0; i < r->action_count; i++)
        gas += action_execution_fee(&r->actions[i], account_str(&r->receiver)) +
               action_prepaid_fees(&r->actions[i]);
    return gas + attached;
}

uint64_t
congestion_delayed_gas(const struct chain *c, size_t shard)
{
    const struct shard *s = &c->shards[shard];
    uint64_t gas = s->load_delayed_gas;
    for (size_t i = 0; i < s->delayed.count; i++)
        gas += gas_of_receipt(s->delayed.items[i]);
    return gas;
}

static double
missed_level(const struct shard *s)
{
    return s->missed > 1 ? (double)s->missed / CHAIN_CONGESTION_FULL_MISSED : 0.0;
}

static double
at_most_one(double level)
{
    return level > 1.0 ? 1.0 : level;
}

double
chain_congestion(const struct chain *c, size_t shard)
{
    double delayed =
        (double)congestion_delayed_gas(c, shard) / (double)CHAIN_CONGESTION_FULL_GAS;
    double missed = missed_level(&c->shards[shard]);
    return at_most_one(delayed > missed ? delayed : missed);
}

enum invalid_tx_kind
congestion_check(const struct chain *c, const struct account_id *receiver,
                 struct invalid_tx *why)
{
    size_t shard = chain_shard_of(c, account_str(receiver));
    double level = chain_congestion(c, shard);
    if (level < CHAIN_CONGESTION_REFUSES)
        return TX_VALID;
    why->a = chain_shard_id(c, shard);
    why->b = c->shards[shard].missed;
    why->level = level;
    return why->kind = at_most_one(missed_level(&c->shards[shard])) >= level
                           ? INVALID_SHARD_STUCK
                           : INVALID_SHARD_CONGESTED;
}

void
chain_load(struct chain *c, size_t shard, uint64_t gas, uint64_t delayed_gas)
{
    c->shards[shard].load_gas = gas;
    c->shards[shard].load_delayed_gas = delayed_gas;
}

void
chain_stall(struct chain *c, size_t shard, bool is_on)
{
    if (is_on == c->shards[shard].is_stalled)
        return;
    c->shards[shard].is_stalled = is_on;
    if (is_on)
        pool_empty_chunk(c, shard);
}

void
chain_skip_height(struct chain *c)
{
    chain_skip_heights(c, 1);
}

void
chain_skip_heights(struct chain *c, uint64_t count)
{
    c->skipped += count;
}

void
chain_leave_out_transactions(struct chain *c)
{
    for (size_t i = 0; i < c->shard_count; i++)
        pool_empty_chunk(c, i);
}
