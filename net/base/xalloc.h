/* xalloc: memory that is there or the program ends.
 *
 * Allocation failure has one answer everywhere: say so and abort. Hence no caller tests for
 * NULL. Sizes that come from a wire are checked against a ceiling *before* they reach these.
 * The fatal hook lets the terminal be restored first; base knows no terminal. */
#ifndef NET_BASE_XALLOC_H
#define NET_BASE_XALLOC_H

#include <stddef.h>
#include "net/base/macros.h"

void *xmalloc(size_t size) MUST_USE;
void *xcalloc(size_t count, size_t size) MUST_USE;                  /* zeroed; checks overflow */
void *xrealloc(void *take_p, size_t count, size_t size) MUST_USE;   /* count * size bytes */
char *xstrdup(const char *s) MUST_USE;
char *xstrndup(const char *s, size_t n) MUST_USE;
void *xmemdup(const void *p, size_t n) MUST_USE;
void xfree(void *take_p);                                           /* NULL is fine */

/* Grows an array to hold at least `need` elements, doubling. Returns the new capacity. */
size_t xgrow(void **array, size_t capacity, size_t need, size_t element_size);

/* Prints one line to stderr, after the hook has run, and aborts. */
NORETURN void fatal(const char *format, ...) PRINTF_LIKE(1, 2);

typedef void (*fatal_hook_fn)(void);
void fatal_set_hook(fatal_hook_fn hook);

/* Something large was freed, of about so many bytes: the system gets back what lies between what
 * stays. Of small things nothing happens. */
void xtrim(size_t freed);

#endif
