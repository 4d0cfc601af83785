#include "net/base/str.h"

#include <string.h>

struct str
str_from(const char *terminated)
{
    return terminated ? (struct str){terminated, strlen(terminated)} : (struct str){NULL, 0};
}

struct str
str_of(const void *p, size_t n)
{
    return (struct str){p, n};
}

bool
str_equal(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
str_equal_c(struct str a, const char *terminated)
{
    return str_equal(a, str_from(terminated));
}

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
str_equal_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    }
    return true;
}

int
str_compare(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    if (order)
        return order;
    return (a.n > b.n) - (a.n < b.n);
}

bool
str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_equal((struct str){s.p, prefix.n}, prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_equal((struct str){s.p + (s.n - suffix.n), suffix.n}, suffix);
}

ptrdiff_t
str_find(struct str s, struct str needle)
{
    if (needle.n == 0)
        return 0;
    for (size_t i = 0; i + needle.n <= s.n; i++) {
        if (memcmp(s.p + i, needle.p, needle.n) == 0)
            return (ptrdiff_t)i;
    }
    return -1;
}

ptrdiff_t
str_find_byte(struct str s, char byte)
{
    const char *at = s.n ? memchr(s.p, byte, s.n) : NULL;
    return at ? at - s.p : -1;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

struct str
str_trim(struct str s)
{
    while (s.n && is_blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

struct str
str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.n)
        to = s.n;
    if (from >= to)
        return (struct str){s.p, 0};
    return (struct str){s.p + from, to - from};
}

bool
str_take_until(struct str *s, char byte, struct str *out)
{
    if (s->n == 0)
        return false;
    ptrdiff_t at = str_find_byte(*s, byte);
    size_t taken = at < 0 ? s->n : (size_t)at;
    *out = (struct str){s->p, taken};
    size_t skipped = at < 0 ? taken : taken + 1;
    s->p += skipped;
    s->n -= skipped;
    return true;
}

bool
str_to_u64(struct str s, uint64_t *out)
{
    uint64_t value = 0;
    if (s.n == 0 || s.n > 20)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(s.p[i] - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool
str_copy(struct str s, char *out, size_t out_size)
{
    if (out_size == 0)
        return false;
    out[0] = '\0';
    if (s.n >= out_size || (s.n && memchr(s.p, '\0', s.n)))
        return false;
    if (s.n)
        memcpy(out, s.p, s.n);
    out[s.n] = '\0';
    return true;
}
