/* The record of the head: what is under way, field by field. */
#include "contract/chain/chain_private.h"
#include "contract/chain/codec.h"
#include "net/base/xalloc.h"

/* As in codec_record.c: a field that is added needs its line, here or in keep.c and wake.c. */
enum { SIZE_SHARD = 584, SIZE_CHAIN_CONFIG = 1032 };
#if UINTPTR_MAX == UINT64_MAX
_Static_assert(sizeof(struct shard) == SIZE_SHARD, "keep_code_shard, or put_shard and take_shard");
_Static_assert(sizeof(struct chain_config) == SIZE_CHAIN_CONFIG, "keep_code_config");
#endif

static void
code_genesis_accounts(struct codec *k, struct chain *c)
{
    code_count(k, &c->config.account_count);
    if (k->is_taking)
        c->accounts = xcalloc(c->config.account_count, sizeof(*c->accounts));
    c->config.accounts = c->accounts;
    for (size_t i = 0; i < c->config.account_count; i++) {
        code_account(k, &c->accounts[i].id);
        code_amount(k, &c->accounts[i].balance);
        code_public_key(k, &c->accounts[i].key);
    }
}

void
keep_code_config(struct codec *k, struct chain *c)
{
    struct str id = str_from(c->config.chain_id ? c->config.chain_id : "");
    code_str(k, &id);
    if (k->is_taking)
        c->config.chain_id = c->own_id = xstrndup(id.p, id.n);
    code_u64(k, &c->config.genesis_time_ns);
    code_size(k, &c->config.boundary_count);
    if (c->config.boundary_count >= CHAIN_MAX_SHARDS) {
        k->in.fault = "the shards";
        c->config.boundary_count = 0;
    }
    for (size_t i = 0; i < c->config.boundary_count; i++)
        code_account(k, &c->config.boundaries[i]);
    c->shard_count = c->config.boundary_count + 1;
    code_genesis_accounts(k, c);
}

void
keep_code_chain(struct codec *k, struct chain *c)
{
    struct history *h = &c->history;
    code_u64(k, &h->first);
    code_u64(k, &c->gas_price);
    code_u64(k, &c->skipped);
    code_u64(k, &c->next_number);
    struct recent_blocks *r = &h->recent;
    code_size(k, &r->count);
    code_size(k, &r->next);
    if (r->count > ARRAY_LEN(r->blocks) || r->next >= ARRAY_LEN(r->blocks)) {
        k->in.fault = "the last blocks";
        r->count = r->next = 0;
    }
    for (size_t i = 0; i < r->count; i++) {
        code_hash(k, &r->blocks[i].hash);
        code_u64(k, &r->blocks[i].height);
    }
}

void
keep_code_shard(struct codec *k, struct shard *s)
{
    code_u64(k, &s->gas_used);
    code_amount(k, &s->burnt);
    code_hash(k, &s->outcome_root);
    code_hash(k, &s->state_root);
    code_u64(k, &s->missed);
}
