#include "net/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/xalloc.h"

/* Blocks grow with what is in the arena, so that thousands of small ones stay small. */
enum { FIRST_SIZE = 1024 - 64, BLOCK_SIZE = 16 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    max_align_t bytes[];
};

void
arena_init(struct arena *a)
{
    *a = (struct arena){0};
}

static void
free_chain(struct arena_block *block)
{
    while (block) {
        struct arena_block *next = block->next;
        xfree(block);
        block = next;
    }
}

void
arena_release(struct arena *a)
{
    free_chain(a->first);
    *a = (struct arena){0};
}

void
arena_reset(struct arena *a)
{
    if (a->first) {
        free_chain(a->first->next);
        a->first->next = NULL;
#ifndef NDEBUG
        memset(a->first->bytes, 0xDD, a->first->used);
#endif
        a->first->used = 0;
        a->held = a->first->size;
    }
    a->used = 0;
}

void *
arena_alloc(struct arena *a, size_t size)
{
    size_t align = sizeof(max_align_t);
    if (size > SIZE_MAX - align - sizeof(struct arena_block))
        fatal("an object of %zu bytes cannot exist", size);
    size = (size + align - 1) / align * align;
    if (!a->first || a->first->size - a->first->used < size) {
        size_t room = a->held < FIRST_SIZE ? FIRST_SIZE : a->held;
        if (room > BLOCK_SIZE)
            room = BLOCK_SIZE;
        if (room < size)
            room = size;
        struct arena_block *block = xmalloc(sizeof(*block) + room);
        block->next = a->first;
        block->size = room;
        block->used = 0;
        a->first = block;
        a->held += room;
    }
    char *p = (char *)a->first->bytes + a->first->used;
    a->first->used += size;
    a->used += size;
    memset(p, 0, size);
    return p;
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        fatal("an array of %zu times %zu bytes cannot exist", count, size);
    return arena_alloc(a, count * size);
}

char *
arena_c(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    return p;
}

struct str
arena_str(struct arena *a, struct str s)
{
    return (struct str){arena_c(a, s), s.n};
}

void *
arena_copy(struct arena *a, const void *p, size_t n)
{
    void *copy = arena_alloc(a, n);
    if (n)
        memcpy(copy, p, n);
    return copy;
}

char *
arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *p = arena_alloc(a, (size_t)(n < 0 ? 0 : n) + 1);
    if (n >= 0)
        vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return p;
}
