#include "net/fork.h"

static void
tell(struct fork_watch *w, uint32_t index, const struct hash *by, const struct event *ev,
     event_fn emit, void *context)
{
    if (w->blocks[index].is_replaced)
        return;
    w->blocks[index].is_replaced = true;
    const struct event told = {
        .kind = EVENT_REPLACED, .source = ev->source, .seen_ns = ev->seen_ns,
        .replaced = {.block = w->blocks[index].hash, .height = w->blocks[index].height, .by = *by}};
    emit(context, &told);
}

static uint32_t
remember(struct fork_watch *w, const struct block_fact *f)
{
    for (uint32_t i = 0; i < FORK_BLOCKS; i++) {
        if (w->blocks[i].is_there && hash_equal(&w->blocks[i].hash, &f->hash))
            return i;
    }
    uint32_t index = w->next;
    w->next = (w->next + 1) % FORK_BLOCKS;
    w->blocks[index].is_there = true;
    w->blocks[index].is_final = w->blocks[index].is_replaced = false;
    w->blocks[index].hash = f->hash;
    w->blocks[index].height = f->height;
    w->blocks[index].prev_height = 0;
    return index;
}

/* Block `by`, which is final, shows that the other one is not on the chain. */
static bool
rules_out(const struct fork_watch *w, uint32_t by, uint32_t other)
{
    uint64_t height = w->blocks[other].height;
    /* Two final ones contradict each other: then neither is taken back here. */
    if (!w->blocks[by].is_final || w->blocks[other].is_final)
        return false;
    return height == w->blocks[by].height ||
           (w->blocks[by].prev_height && height > w->blocks[by].prev_height &&
            height < w->blocks[by].height);
}

void
fork_heard(struct fork_watch *w, const struct event *ev, event_fn emit, void *context)
{
    const struct block_fact *f = &ev->block;
    /* A hash of zeros is one that was not told. */
    if (ev->kind != EVENT_BLOCK || hash_is_zero(&f->hash))
        return;
    uint32_t index = remember(w, f);
    w->blocks[index].is_final |= f->is_final;
    if (f->has_prev_height)
        w->blocks[index].prev_height = f->prev_height;
    for (uint32_t i = 0; i < FORK_BLOCKS; i++) {
        if (!w->blocks[i].is_there || i == index)
            continue;
        if (rules_out(w, index, i))
            tell(w, i, &f->hash, ev, emit, context);
        else if (rules_out(w, i, index))
            tell(w, index, &w->blocks[i].hash, ev, emit, context);
    }
}
