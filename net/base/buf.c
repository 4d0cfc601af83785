#include "net/base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"

void
buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max};
}

void
buf_release(struct buf *b)
{
    xfree(b->p);
    *b = (struct buf){.max = b->max};
}

void
buf_clear(struct buf *b)
{
    b->n = 0;
    b->overflowed = false;
    if (b->p)
        b->p[0] = '\0';
}

void
buf_wipe(struct buf *b)
{
    volatile char *p = b->p;
    for (size_t i = 0; i < b->capacity; i++)
        p[i] = 0;
    buf_clear(b);
}

char *
buf_reserve(struct buf *b, size_t n)
{
    if (n > b->max || b->n > b->max - n) {
        b->overflowed = true;
        return NULL;
    }
    size_t need = b->n + n + 1;
    if (need > b->capacity) {
        void *p = b->p;
        b->capacity = xgrow(&p, b->capacity ? b->capacity : 32, need, 1);
        /* xgrow leaves the array alone when the starting guess was enough. */
        b->p = p ? p : xmalloc(b->capacity);
    }
    return b->p + b->n;
}

void
buf_grew(struct buf *b, size_t n)
{
    assert(b->n + n < b->capacity || (b->n + n == 0));
    b->n += n;
    if (b->p)
        b->p[b->n] = '\0';
}

bool
buf_add(struct buf *b, const void *p, size_t n)
{
    char *at = buf_reserve(b, n);
    if (!at)
        return false;
    if (n)
        memcpy(at, p, n);
    buf_grew(b, n);
    return true;
}

bool
buf_add_str(struct buf *b, struct str s)
{
    return buf_add(b, s.p, s.n);
}

bool
buf_add_c(struct buf *b, const char *terminated)
{
    return buf_add(b, terminated, strlen(terminated));
}

bool
buf_add_byte(struct buf *b, char byte)
{
    return buf_add(b, &byte, 1);
}

bool
buf_add_repeat(struct buf *b, char byte, size_t count)
{
    char *at = buf_reserve(b, count);
    if (!at)
        return false;
    memset(at, byte, count);
    buf_grew(b, count);
    return true;
}

bool
buf_add_u64(struct buf *b, uint64_t value)
{
    return buf_addf(b, "%llu", (unsigned long long)value);
}

bool
buf_addf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *at = n < 0 ? NULL : buf_reserve(b, (size_t)n);
    if (at) {
        vsnprintf(at, (size_t)n + 1, format, again);
        buf_grew(b, (size_t)n);
    }
    va_end(again);
    return at != NULL;
}

void
buf_drop(struct buf *b, size_t n)
{
    assert(n <= b->n);
    if (n == 0)
        return;
    memmove(b->p, b->p + n, b->n - n + 1);
    b->n -= n;
}

struct str
buf_str(const struct buf *b)
{
    return (struct str){b->p, b->n};
}

const char *
buf_c(const struct buf *b)
{
    return b->p ? b->p : "";
}

char *
buf_take(struct buf *b)
{
    char *p = b->p ? b->p : xstrdup("");
    *b = (struct buf){.max = b->max};
    return p;
}
