#include "net/fork.h"

#include <string.h>

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

/* FORK_BLOCKS: it is not there. */
static uint32_t
find(const struct fork_watch *w, const struct hash *hash)
{
    uint32_t i = 0;
    while (i < FORK_BLOCKS && !(w->blocks[i].is_there && hash_equal(&w->blocks[i].hash, hash)))
        i++;
    return i;
}

static uint32_t
remember(struct fork_watch *w, const struct block_fact *f)
{
    uint32_t index = find(w, &f->hash);
    if (index == FORK_BLOCKS) {
        index = w->next;
        w->next = (w->next + 1) % FORK_BLOCKS;
        memset(&w->blocks[index], 0, sizeof(w->blocks[index]));
        w->blocks[index].is_there = true;
        w->blocks[index].hash = f->hash;
        w->blocks[index].height = f->height;
    }
    w->blocks[index].is_final |= f->is_final;
    if (f->has_prev_height)
        w->blocks[index].prev_height = f->prev_height;
    if (f->has_prev)
        w->blocks[index].prev = f->prev;
    return index;
}

static bool
is_under_a_final(const struct fork_watch *w, uint32_t index)
{
    for (uint32_t i = 0; i < FORK_BLOCKS; i++) {
        if (w->blocks[i].is_there && w->blocks[i].is_final &&
            hash_equal(&w->blocks[i].prev, &w->blocks[index].hash))
            return true;
    }
    return false;
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

/* What this block rules out, and whether another one rules it out. */
static void
settle(struct fork_watch *w, uint32_t index, const struct event *ev, event_fn emit, void *context)
{
    for (uint32_t i = 0; i < FORK_BLOCKS; i++) {
        if (!w->blocks[i].is_there || i == index)
            continue;
        if (rules_out(w, index, i))
            tell(w, i, &w->blocks[index].hash, ev, emit, context);
        else if (rules_out(w, i, index))
            tell(w, index, &w->blocks[i].hash, ev, emit, context);
    }
}

void
fork_heard(struct fork_watch *w, const struct event *ev, event_fn emit, void *context)
{
    /* A hash of zeros is one that was not told. */
    if (ev->kind != EVENT_BLOCK || hash_is_zero(&ev->block.hash))
        return;
    uint32_t index = remember(w, &ev->block);
    w->blocks[index].is_final |= is_under_a_final(w, index);
    settle(w, index, ev, emit, context);
    while (w->blocks[index].is_final && !hash_is_zero(&w->blocks[index].prev)) {
        index = find(w, &w->blocks[index].prev);
        if (index == FORK_BLOCKS || w->blocks[index].is_final)
            return;
        w->blocks[index].is_final = true;
        settle(w, index, ev, emit, context);
    }
}
