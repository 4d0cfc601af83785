/* The chain in a folder: opened, gone on with, and stored block by block. */
#include <stdio.h>
#include "contract/chain/keep.h"
#include "contract/serve/node.h"
#include "contract/serve/store.h"

/* What was asked for has to be what is there. */
static enum err
check_wishes(const struct node *n, const struct serve_config *config,
             const struct chain_config *wanted, struct diag *d)
{
    const struct chain_config *is = chain_config_of(n->chain);
    struct account_view account;
    bool is_same = is->boundary_count == wanted->boundary_count;
    for (size_t i = 0; is_same && i < is->boundary_count; i++)
        is_same = account_equal(&is->boundaries[i], &wanted->boundaries[i]);
    if (config->shards && !is_same)
        return diag_set(d, ERR_RANGE, "--shards: the chain in %s has other shards", config->data);
    if (config->with_demo && !chain_view_account(n->chain, STR("portfolio.test.near"), &account))
        return diag_set(d, ERR_RANGE, "--demo: the chain in %s was begun without it; begin one in "
                                      "another folder", config->data);
    return OK;
}

enum err
data_open(struct node *n, const struct serve_config *config, const struct chain_config *chain,
          struct diag *d)
{
    struct arena arena;
    struct chain_record *records = NULL;
    size_t count = 0;
    arena_init(&arena);
    enum err e = store_open(config->data, &n->store, d);
    if (!e)
        e = store_read(n->store, &arena, &records, &count, d);
    if (!e && count) {
        e = chain_wake(records, count, chain, &n->chain, d);
        if (e)
            diag_prefix(d, "%s", config->data);
    }
    if (!e && count)
        e = check_wishes(n, config, chain, d);
    arena_release(&arena);
    return e;
}

/* A head that will be replaced is not for good: it is stored once it is clear what comes in its
 * place. */
bool
data_save(struct node *n)
{
    const struct chain_record *records;
    if (!n->store || n->rival)
        return true;
    if (n->stopped)
        return false;
    size_t count = chain_keep_take(n->chain, &records);
    n->stopped = store_write(n->store, records, count, &n->stop);
    if (n->stopped) {
        diag_prefix(&n->stop, "the chain has stopped, since block %llu could not be stored",
                    (unsigned long long)chain_head(n->chain)->height);
        if (n->loop)
            loop_stop(n->loop);
    }
    return !n->stopped;
}

void
data_close(struct node *n)
{
    store_close(n->store);
    n->store = NULL;
}
