/* arena: memory that is given back all at once.
 *
 * For what lives as long as a frame, a message or a tree: nobody frees inside. Pointers stay
 * valid until arena_reset or arena_release (the arena itself may be moved); none may go into a
 * structure that lives longer. Builds with assertions fill what a reset gave back with 0xDD, so
 * that such a mistake shows. */
#ifndef NET_BASE_ARENA_H
#define NET_BASE_ARENA_H

#include <stddef.h>
#include "net/base/macros.h"
#include "net/base/str.h"

struct arena_block;

struct arena {
    struct arena_block *first;      /* owned chain; the newest is first */
    size_t used;                    /* bytes handed out since the last reset */
    size_t held;                    /* bytes taken from the system, which may be more */
};

void arena_init(struct arena *a);
void arena_release(struct arena *a);
void arena_reset(struct arena *a);          /* keeps one block for reuse */

/* Zeroed, aligned for anything. Never NULL. */
void *arena_alloc(struct arena *a, size_t size) MUST_USE;
void *arena_array(struct arena *a, size_t count, size_t size) MUST_USE;   /* checks overflow */
/* A terminated copy; .p is never NULL. */
struct str arena_str(struct arena *a, struct str s) MUST_USE;
char *arena_c(struct arena *a, struct str s) MUST_USE;
void *arena_copy(struct arena *a, const void *p, size_t n) MUST_USE;
char *arena_printf(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3) MUST_USE;

#endif
