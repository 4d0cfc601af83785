#include "net/base/utf8.h"

#include <wchar.h>
#include "net/base/macros.h"

/* The number of bytes a first byte announces, 0 for a byte that cannot be first. */
static size_t
announced(unsigned char c)
{
    if (c < 0x80)
        return 1;
    if (c >= 0xC2 && c <= 0xDF)
        return 2;
    if (c >= 0xE0 && c <= 0xEF)
        return 3;
    if (c >= 0xF0 && c <= 0xF4)
        return 4;
    return 0;
}

uint32_t
utf8_take(struct str *s)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (s->n == 0)
        return 0;
    const unsigned char *p = (const unsigned char *)s->p;
    size_t n = announced(p[0]);
    uint32_t scalar = n == 1 ? p[0] : n ? p[0] & (0x7Fu >> n) : UTF8_REPLACEMENT;
    bool is_good = n >= 1 && n <= s->n;
    for (size_t i = 1; is_good && i < n; i++) {
        is_good = (p[i] & 0xC0) == 0x80;
        scalar = scalar << 6 | (p[i] & 0x3Fu);
    }
    if (is_good)
        is_good = scalar >= least[n] && scalar <= 0x10FFFF && (scalar < 0xD800 || scalar > 0xDFFF);
    if (!is_good) {
        n = 1;
        scalar = UTF8_REPLACEMENT;
    }
    s->p += n;
    s->n -= n;
    return scalar;
}

int
utf8_put(char out[4], uint32_t c)
{
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = UTF8_REPLACEMENT;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

bool
utf8_is_valid(struct str s)
{
    while (s.n) {
        const char *before = s.p;
        if (utf8_take(&s) == UTF8_REPLACEMENT && s.p - before == 1)
            return false;
    }
    return true;
}

/* What changes the order or the joining of other characters without being seen. */
static bool
is_invisible(uint32_t c)
{
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF ||
           c == 0x00AD || c == 0x061C || c == 0x180E || (c >= 0xE000 && c <= 0xF8FF) ||
           (c >= 0xFFF9 && c <= 0xFFFB) || c >= 0xE0000;
}

int
utf8_width(uint32_t scalar)
{
    if (scalar < 0x20 || (scalar >= 0x7F && scalar < 0xA0) || is_invisible(scalar))
        return 0;
    if (scalar < 0x7F)
        return 1;
    int width = wcwidth((wchar_t)scalar);
    return width > 0 ? width : 0;
}

static bool
is_combining(uint32_t scalar)
{
    return scalar >= 0x300 && !is_invisible(scalar) && wcwidth((wchar_t)scalar) == 0;
}

bool
utf8_is_mark(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x0300, 0x034E}, {0x0350, 0x036F},     /* accents */
        {0x0483, 0x0487},                       /* Cyrillic */
        {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},   /* Thai */
        {0x1AB0, 0x1ACE}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20F0}, {0xFE20, 0xFE2F},     /* accents */
        {0x3099, 0x309A},                       /* Japanese */
    };
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
        if (c >= ranges[i].first && c <= ranges[i].last)
            return wcwidth((wchar_t)c) == 0;
    }
    return false;
}

/* What stands before the scalar that is looked at. */
struct before {
    int width;                  /* of a visible character; 0: there is none */
    int marks;                  /* that it has already */
};

/* What has no cell of its own, behind a character that has one. False: it is something else. */
static bool
clean_attached(struct before *b, uint32_t scalar, char out[4], int *n)
{
    *n = 0;
    if (utf8_is_mark(scalar)) {
        if (b->width && b->marks < UTF8_MARKS) {
            *n = utf8_put(out, scalar);
            b->marks++;
        }
        return true;
    }
    bool picks_form = scalar >= 0xFE00 && scalar <= 0xFE0F;
    bool joins = scalar == 0x200D && b->width == 2;
    return is_combining(scalar) || (picks_form && b->width) || joins;
}

/* What stands in the clean text for one scalar; returns its cells. */
static int
clean_scalar(struct before *b, uint32_t scalar, char out[4], int *n)
{
    if (clean_attached(b, scalar, out, n))
        return 0;
    *b = (struct before){0};
    if (scalar == '\n' || scalar == '\t' || scalar == '\r')
        scalar = ' ';
    if (scalar < 0x20 || scalar == 0x7F) {
        out[0] = '^';
        out[1] = (char)(scalar == 0x7F ? '?' : scalar + '@');
        *n = 2;
        return 2;
    }
    int width = utf8_width(scalar);
    if (width && scalar > ' ')
        b->width = width;
    *n = utf8_put(out, width ? scalar : UTF8_REPLACEMENT);
    return width ? width : 1;
}

int
utf8_str_width(struct str s)
{
    struct before before = {0};
    int cells = 0, n;
    char bytes[4];
    while (s.n)
        cells += clean_scalar(&before, utf8_take(&s), bytes, &n);
    return cells;
}

void
utf8_clean(struct buf *out, struct str s)
{
    struct before before = {0};
    int n;
    char bytes[4];
    while (s.n) {
        clean_scalar(&before, utf8_take(&s), bytes, &n);
        buf_add(out, bytes, (size_t)n);
    }
}
