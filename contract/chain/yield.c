/* Promises that a contract yielded: kept by the id of the data that they wait for, until a
 * call of the same account sends it, or 200 blocks have passed. */
#include <string.h>
#include "contract/chain/chain_private.h"

static struct str
key_of(const struct hash *h)
{
    return str_of(h->b, sizeof(h->b));
}

static struct shard *
shard_of(const struct application *app)
{
    return &app->chain->shards[app->shard];
}

void
yield_keep(struct application *app, const struct chain_receipt *receipt)
{
    map_put(&shard_of(app)->yields, key_of(&receipt->inputs[0]),
            (void *)(uintptr_t)receipt);
}

static const struct chain_receipt *
find(const struct application *app, const struct account_id *account, const struct hash *data_id)
{
    const struct chain_receipt *r = map_get(&shard_of(app)->yields, key_of(data_id));
    return r && account_equal(&r->receiver, account) ? r : NULL;
}

const struct chain_receipt *
yield_take(struct application *app, const struct chain_receipt *resume)
{
    const struct chain_receipt *r = find(app, &resume->receiver, &resume->data_id);
    if (r)
        map_remove(&shard_of(app)->yields, key_of(&resume->data_id));
    return r;
}

void
yield_set_deadline(struct application *app, const struct chain_receipt *receipt)
{
    struct yield_deadline *d = arena_alloc(&app->chain->arena, sizeof(*d));
    *d = (struct yield_deadline){receipt->receiver, receipt->inputs[0],
                                 app->block->height + CHAIN_YIELD_BLOCKS,
                                 app->chain->history.open};
    list_add(&shard_of(app)->deadlines, d);
}

static void
resume_as_failed(struct application *app, const struct chain_receipt *waiting, uint64_t index)
{
    struct chain_receipt *r = arena_alloc(&app->chain->arena, sizeof(*r));
    r->is_data = r->is_resume = true;
    r->data_id = waiting->inputs[0];
    r->id = id_derive(&r->data_id, app->block->height, index);
    r->predecessor = r->receiver = waiting->receiver;
    r->signer = waiting->signer;
    r->parent = waiting->id;
    r->tx = waiting->tx;
    r->created_height = app->block->height;
    receipt_made(app->chain, r);
    application_send(app, r);
}

/* Those that are over, when they are the most: a move now and then, not one a block. */
static void
forget_deadlines(struct shard *s)
{
    size_t left = s->deadlines.count - s->first_deadline;
    if (s->first_deadline <= left)
        return;
    memmove(s->deadlines.items, s->deadlines.items + s->first_deadline,
            left * sizeof(*s->deadlines.items));
    s->deadlines.count = left;
    s->first_deadline = 0;
}

/* Deadlines are in order: all wait equally long. */
void
yield_time_out(struct application *app)
{
    struct shard *s = shard_of(app);
    uint64_t made = 0;
    while (s->first_deadline < s->deadlines.count && !application_is_full(app)) {
        const struct yield_deadline *d = s->deadlines.items[s->first_deadline];
        if (d->height > app->block->height)
            break;
        const struct chain_receipt *waiting = find(app, &d->account, &d->data_id);
        if (waiting)
            resume_as_failed(app, waiting, made++);
        s->first_deadline++;
    }
    forget_deadlines(s);
}

/* --- what a contract asks ----------------------------------------------------------------- */

static struct hash
data_id_of(void *context, uint64_t n)
{
    const struct yield_context *y = context;
    return id_derive(y->action_hash, y->app->block->height, n);
}

static bool
is_waiting(void *context, const struct hash *data_id)
{
    const struct yield_context *y = context;
    return find(y->app, &y->account->id, data_id) != NULL;
}

struct vm_yields
yields_of(struct yield_context *y)
{
    return (struct vm_yields){.context = y, .data_id = data_id_of, .is_waiting = is_waiting};
}
