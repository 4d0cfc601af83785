#include "net/base/xalloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

enum { TRIM_BYTES = 128 * 1024 };

static fatal_hook_fn fatal_hook;

void
fatal_set_hook(fatal_hook_fn hook)
{
    fatal_hook = hook;
}

void
fatal(const char *format, ...)
{
    if (fatal_hook)
        fatal_hook();
    va_list args;
    va_start(args, format);
    fputs("neartop: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    abort();
}

void *
xmalloc(size_t size)
{
    void *p = malloc(size ? size : 1);
    if (!p)
        fatal("out of memory (%zu bytes)", size);
    return p;
}

void *
xcalloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (!p)
        fatal("out of memory (%zu times %zu bytes)", count, size);
    return p;
}

void *
xrealloc(void *take_p, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        fatal("an array of %zu times %zu bytes cannot exist", count, size);
    size_t total = count * size;
    void *p = realloc(take_p, total ? total : 1);
    if (!p)
        fatal("out of memory (%zu bytes)", total);
    return p;
}

char *
xstrdup(const char *s)
{
    return xstrndup(s, strlen(s));
}

char *
xstrndup(const char *s, size_t n)
{
    n = strnlen(s, n);
    char *copy = xmalloc(n + 1);
    memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

void *
xmemdup(const void *p, size_t n)
{
    void *copy = xmalloc(n);
    if (n)
        memcpy(copy, p, n);
    return copy;
}

void
xfree(void *take_p)
{
    free(take_p);
}

size_t
xgrow(void **array, size_t capacity, size_t need, size_t element_size)
{
    if (need <= capacity)
        return capacity;
    size_t grown = capacity ? capacity : 8;
    while (grown < need) {
        if (grown > SIZE_MAX / 2)
            fatal("an array of %zu elements cannot exist", need);
        grown *= 2;
    }
    *array = xrealloc(*array, grown, element_size);
    return grown;
}

/* The C library gives back by itself only what is free at the very end of the heap. */
void
xtrim(size_t freed)
{
#ifdef __GLIBC__
    if (freed >= TRIM_BYTES)
        malloc_trim(0);
#else
    (void)freed;
#endif
}
