#include "contract/sdk/memory.h"

#ifdef __wasm__
#include <stdint.h>

/* Gas is charged by the instruction, so eight bytes at a time: wasm allows unaligned access,
 * and the attribute tells the compiler of it. */
typedef uint64_t word_unaligned __attribute__((aligned(1), may_alias));

void *
memcpy(void *restrict to, const void *restrict from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    for (; n >= 8; n -= 8, t += 8, f += 8)
        *(word_unaligned *)t = *(const word_unaligned *)f;
    while (n-- > 0) *t++ = *f++;
    return to;
}

void *
memmove(void *to, const void *from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    if (t <= f)
        while (n-- > 0) *t++ = *f++;
    else
        while (n-- > 0) t[n] = f[n];
    return to;
}

void *
memset(void *to, int byte, size_t n)
{
    unsigned char *t = to;
    while (n-- > 0) *t++ = (unsigned char)byte;
    return to;
}

int
memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *p = a;
    const unsigned char *q = b;
    for (; n > 0; n--, p++, q++)
        if (*p != *q)
            return *p < *q ? -1 : 1;
    return 0;
}

size_t
strlen(const char *s)
{
    size_t n = 0;
    while (s[n]) n++;
    return n;
}
#endif
