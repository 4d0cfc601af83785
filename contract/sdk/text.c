#include "contract/sdk/text.h"
#include "contract/sdk/sdk.h"

void *
memcpy(void *to, const void *from, size_t n)
{
    char *a = to;
    const char *b = from;
    while (n--)
        *a++ = *b++;
    return to;
}

void *
memmove(void *to, const void *from, size_t n)
{
    char *a = to;
    const char *b = from;
    if (a < b)
        return memcpy(to, from, n);
    while (n--)
        a[n] = b[n];
    return to;
}

void *
memset(void *to, int byte, size_t n)
{
    char *a = to;
    while (n--)
        *a++ = (char)byte;
    return to;
}

int
memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *x = a, *y = b;
    for (; n; n--, x++, y++) {
        if (*x != *y)
            return *x < *y ? -1 : 1;
    }
    return 0;
}

struct text
text_of(const char *terminated)
{
    uint32_t n = 0;
    while (terminated[n])
        n++;
    return (struct text){terminated, n};
}

bool
text_equal(struct text a, struct text b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

struct text
out_text(const struct out *o)
{
    return (struct text){o->p, o->n};
}

void
out_byte(struct out *o, char c)
{
    if (o->n == o->room)
        fail("the text is too long for this contract");
    o->p[o->n++] = c;
}

void
out_add(struct out *o, struct text t)
{
    for (uint32_t i = 0; i < t.n; i++)
        out_byte(o, t.p[i]);
}

void
out_c(struct out *o, const char *terminated)
{
    out_add(o, text_of(terminated));
}

void
out_u64(struct out *o, uint64_t value)
{
    out_u128(o, (struct u128){value, 0});
}

bool
u128_add(struct u128 a, struct u128 b, struct u128 *sum)
{
    uint64_t lo = a.lo + b.lo, carry = lo < a.lo, hi = a.hi + b.hi;
    bool over = hi < a.hi || hi + carry < hi;
    *sum = (struct u128){lo, hi + carry};
    return !over;
}

int
u128_compare(struct u128 a, struct u128 b)
{
    if (a.hi != b.hi)
        return a.hi < b.hi ? -1 : 1;
    return a.lo == b.lo ? 0 : a.lo < b.lo ? -1 : 1;
}

bool
u128_sub(struct u128 a, struct u128 b, struct u128 *rest)
{
    if (u128_compare(a, b) < 0)
        return false;
    *rest = (struct u128){a.lo - b.lo, a.hi - b.hi - (a.lo < b.lo)};
    return true;
}

/* Four digits to the base 2^32, so that no product needs more than 64 bits. */
static void
split(struct u128 v, uint64_t d[4])
{
    d[0] = v.lo & 0xFFFFFFFF;
    d[1] = v.lo >> 32;
    d[2] = v.hi & 0xFFFFFFFF;
    d[3] = v.hi >> 32;
}

static struct u128
join(const uint64_t d[4])
{
    return (struct u128){d[0] | d[1] << 32, d[2] | d[3] << 32};
}

static bool
multiply_add(struct u128 *v, uint32_t factor, uint32_t add)
{
    uint64_t d[4], carry = add;
    split(*v, d);
    for (int i = 0; i < 4; i++) {
        uint64_t t = d[i] * factor + carry;
        d[i] = t & 0xFFFFFFFF;
        carry = t >> 32;
    }
    *v = join(d);
    return carry == 0;
}

static uint32_t
divide(struct u128 *v, uint32_t by)
{
    uint64_t d[4], rest = 0;
    split(*v, d);
    for (int i = 3; i >= 0; i--) {
        uint64_t t = rest << 32 | d[i];
        d[i] = t / by;
        rest = t % by;
    }
    *v = join(d);
    return (uint32_t)rest;
}

bool
u128_parse(struct text digits, struct u128 *out)
{
    struct u128 v = {0, 0};
    if (digits.n == 0)
        return false;
    for (uint32_t i = 0; i < digits.n; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9' ||
            !multiply_add(&v, 10, (uint32_t)(digits.p[i] - '0')))
            return false;
    }
    *out = v;
    return true;
}

void
out_u128(struct out *o, struct u128 value)
{
    char digits[40];
    int n = 0;
    do {
        digits[n++] = (char)('0' + divide(&value, 10));
    } while (value.lo || value.hi);
    while (n)
        out_byte(o, digits[--n]);
}

uint64_t
u128_percent(struct u128 a, struct u128 b)
{
    /* Shift both until the divisor fits 32 bits: two decimals need no more. */
    while (b.hi || b.lo >> 32) {
        b.lo = b.lo >> 1 | b.hi << 63;
        b.hi >>= 1;
        a.lo = a.lo >> 1 | a.hi << 63;
        a.hi >>= 1;
    }
    if (b.lo == 0 || !multiply_add(&a, 100, 0))
        return UINT64_MAX;
    divide(&a, (uint32_t)b.lo);
    return a.hi ? UINT64_MAX : a.lo;
}
