/* Everything that has yet to run, and where it lives. */
#include "contract/chain/chain_private.h"

static void
each_in_list(const struct list *l, live_fn fn, void *context)
{
    for (size_t i = 0; i < l->count; i++)
        fn(context, list_receipt(l, i)->segment);
}

static void
each_arrival(const struct map *arrivals, live_fn fn, void *context)
{
    void *value;
    for (size_t i = 0; map_next(arrivals, &i, NULL, &value);) {
        const struct arrival *a = value;
        fn(context, a->segment);
        if (a->data)
            fn(context, a->data->segment);
        else if (a->waiting)
            fn(context, a->waiting->receipt->segment);
    }
}

static void
each_yield(const struct shard *s, live_fn fn, void *context)
{
    void *value;
    for (size_t i = 0; map_next(&s->yields, &i, NULL, &value);)
        fn(context, ((const struct chain_receipt *)value)->segment);
    for (size_t i = s->first_deadline; i < s->deadlines.count; i++)
        fn(context, ((const struct yield_deadline *)s->deadlines.items[i])->segment);
}

void
live_each(const struct chain *c, live_fn fn, void *context)
{
    for (size_t i = 0; i < c->shard_count; i++) {
        const struct shard *s = &c->shards[i];
        each_in_list(&s->incoming, fn, context);
        each_in_list(&s->delayed, fn, context);
        each_in_list(&s->outgoing, fn, context);
        each_arrival(&s->arrivals, fn, context);
        each_yield(s, fn, context);
    }
}
