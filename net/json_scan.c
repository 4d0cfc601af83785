#include "net/json_scan.h"

#include <stdbool.h>
#include <string.h>
#include "net/json.h"

struct scan {
    const char *start, *p, *end;
    const char *copied;     /* everything before it is in the copy */
    struct buf *copy;       /* NULL: check only */
    size_t values;          /* begun so far */
    struct diag *d;
};

static enum err
fail(struct scan *s, const char *expected)
{
    size_t at = (size_t)(s->p - s->start);
    if (s->p == s->end)
        return diag_set(s->d, ERR_SYNTAX, "at byte %zu: the text ends, expected %s", at,
                        expected);
    unsigned char c = (unsigned char)*s->p;
    if (c > 0x20 && c < 0x7f)
        return diag_set(s->d, ERR_SYNTAX, "at byte %zu: expected %s, found '%c'", at, expected,
                        c);
    return diag_set(s->d, ERR_SYNTAX, "at byte %zu: expected %s, found byte %02x", at, expected,
                    c);
}

static void
flush(struct scan *s, const char *until)
{
    if (s->copy && until > s->copied)
        buf_add(s->copy, s->copied, (size_t)(until - s->copied));
    s->copied = until;
}

static void
skip_blanks(struct scan *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' || *s->p == '\t' || *s->p == '\r'))
        s->p++;
}

static bool
is_digit(const struct scan *s)
{
    return s->p < s->end && *s->p >= '0' && *s->p <= '9';
}

static enum err
scan_digits(struct scan *s)
{
    if (!is_digit(s))
        return fail(s, "a digit");
    while (is_digit(s))
        s->p++;
    return OK;
}

static enum err
scan_number(struct scan *s)
{
    const char *first = s->p;
    if (*s->p == '-')
        s->p++;
    const char *digits = s->p;
    enum err e = scan_digits(s);
    if (e)
        return e;
    if (*digits == '0' && s->p - digits > 1)
        return diag_set(s->d, ERR_SYNTAX, "at byte %zu: a number with a leading zero",
                        (size_t)(first - s->start));
    if (s->p < s->end && *s->p == '.') {
        s->p++;
        if ((e = scan_digits(s)))
            return e;
    }
    if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
        s->p++;
        if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
            s->p++;
        if ((e = scan_digits(s)))
            return e;
    }
    flush(s, first);
    if (s->copy) {
        buf_add(s->copy, (const char[]){'"', JSON_MARK_NUMBER}, 2);
        flush(s, s->p);
        buf_add_byte(s->copy, '"');
    }
    return OK;
}

static bool
take_hex4(struct scan *s, unsigned *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, s->p++) {
        if (s->p == s->end)
            return false;
        char c = *s->p;
        unsigned digit;
        if (c >= '0' && c <= '9')
            digit = (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = (unsigned)(c - 'a') + 10;
        else if (c >= 'A' && c <= 'F')
            digit = (unsigned)(c - 'A') + 10;
        else
            return false;
        *out = *out * 16 + digit;
    }
    return true;
}

/* At the backslash. */
static enum err
scan_escape(struct scan *s)
{
    const char *first = s->p++;
    if (s->p == s->end || !memchr("\"\\/bfnrtu", *s->p, 9))
        return fail(s, "one of \"\\/bfnrtu behind a backslash");
    if (*s->p++ != 'u')
        return OK;
    unsigned unit, low;
    if (!take_hex4(s, &unit))
        return fail(s, "four hexadecimal digits");
    if (unit >= 0xD800 && unit < 0xE000) {
        bool is_pair = unit < 0xDC00 && s->end - s->p >= 6 && s->p[0] == '\\' && s->p[1] == 'u';
        if (is_pair)
            s->p += 2;
        if (!is_pair || !take_hex4(s, &low) || low < 0xDC00 || low >= 0xE000)
            return diag_set(s->d, ERR_SYNTAX, "at byte %zu: half of a surrogate pair",
                            (size_t)(first - s->start));
    }
    if (unit == 0 && s->copy) {
        flush(s, first);
        buf_add_byte(s->copy, JSON_MARK_NUL);
        s->copied = s->p;
    }
    return OK;
}

/* Bytes of the valid UTF-8 sequence at the cursor; 0 when there is none. */
static size_t
utf8_length(const struct scan *s)
{
    const unsigned char *p = (const unsigned char *)s->p;
    size_t left = (size_t)(s->end - s->p), n;
    unsigned char low = 0x80, high = 0xBF;
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        n = 2;
    } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        n = 3;
        if (p[0] == 0xE0)
            low = 0xA0;
        if (p[0] == 0xED)
            high = 0x9F;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        n = 4;
        if (p[0] == 0xF0)
            low = 0x90;
        if (p[0] == 0xF4)
            high = 0x8F;
    } else {
        return 0;
    }
    if (left < n || p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    }
    return n;
}

static enum err
scan_string(struct scan *s)
{
    s->p++;
    while (s->p < s->end) {
        unsigned char c = (unsigned char)*s->p;
        if (c == '"') {
            s->p++;
            return OK;
        }
        if (c == '\\') {
            enum err e = scan_escape(s);
            if (e)
                return e;
        } else if (c < 0x20) {
            return fail(s, "no bare control byte in a string");
        } else if (c < 0x80) {
            s->p++;
        } else {
            size_t n = utf8_length(s);
            if (n == 0)
                return fail(s, "valid UTF-8");
            s->p += n;
        }
    }
    return fail(s, "the closing quote of a string");
}

static enum err
scan_word(struct scan *s, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
        return fail(s, "a value");
    s->p += n;
    return OK;
}

static enum err
scan_scalar(struct scan *s)
{
    if (s->p == s->end)
        return fail(s, "a value");
    switch (*s->p) {
    case '"': return scan_string(s);
    case 't': return scan_word(s, "true");
    case 'f': return scan_word(s, "false");
    case 'n': return scan_word(s, "null");
    default: return is_digit(s) || *s->p == '-' ? scan_number(s) : fail(s, "a value");
    }
}

/* A key and its colon. A NUL in a key would cut it short in cJSON. */
static enum err
scan_key(struct scan *s)
{
    skip_blanks(s);
    if (s->p == s->end || *s->p != '"')
        return fail(s, "a key in quotes");
    const char *first = s->p;
    enum err e = scan_string(s);
    if (e)
        return e;
    for (const char *p = first; p + 6 <= s->p; p++) {
        if (*p != '\\')
            continue;
        if (memcmp(p, "\\u0000", 6) == 0)
            return diag_set(s->d, ERR_UNSUPPORTED, "at byte %zu: a key with a NUL in it",
                            (size_t)(p - s->start));
        p++;
    }
    skip_blanks(s);
    if (s->p == s->end || *s->p != ':')
        return fail(s, "':'");
    s->p++;
    return OK;
}

/* The containers that are open, innermost last, as their closing brackets. */
struct open {
    char closing[JSON_DEPTH_MAX];
    size_t depth;
};

static enum err
open_container(struct scan *s, struct open *open)
{
    if (open->depth == JSON_DEPTH_MAX)
        return diag_set(s->d, ERR_RANGE, "at byte %zu: nested more than %d deep",
                        (size_t)(s->p - s->start), JSON_DEPTH_MAX);
    open->closing[open->depth++] = *s->p++ == '{' ? '}' : ']';
    return OK;
}

/* Behind a value: closes what ends here, and goes on past a comma if one follows. `*more` tells
 * whether another value has to come. */
static enum err
after_value(struct scan *s, struct open *open, bool *more)
{
    for (;;) {
        skip_blanks(s);
        if (open->depth == 0) {
            *more = false;
            return OK;
        }
        char closing = open->closing[open->depth - 1];
        if (s->p < s->end && *s->p == ',') {
            s->p++;
            *more = true;
            return closing == '}' ? scan_key(s) : OK;
        }
        if (s->p == s->end || *s->p != closing)
            return fail(s, closing == '}' ? "',' or '}'" : "',' or ']'");
        s->p++;
        open->depth--;
    }
}

enum err
json_scan(struct str text, struct buf *copy, struct diag *d)
{
    if (!text.p)
        text = STR("");         /* the empty view has nowhere to point at */
    struct scan s = {text.p, text.p, text.p + text.n, text.p, copy, 0, d};
    struct open open = {.depth = 0};
    bool more = true;
    while (more) {
        enum err e;
        if (++s.values > JSON_VALUES_MAX)
            return diag_set(d, ERR_TOO_LARGE, "more than %d values of JSON", JSON_VALUES_MAX);
        skip_blanks(&s);
        if (s.p < s.end && (*s.p == '{' || *s.p == '[')) {
            if ((e = open_container(&s, &open)))
                return e;
            skip_blanks(&s);
            char closing = open.closing[open.depth - 1];
            if (s.p < s.end && *s.p == closing) {
                s.p++;
                open.depth--;
            } else {
                if (closing == '}' && (e = scan_key(&s)))
                    return e;
                continue;
            }
        } else if ((e = scan_scalar(&s))) {
            return e;
        }
        if ((e = after_value(&s, &open, &more)))
            return e;
    }
    if (s.p != s.end)
        return fail(&s, "nothing behind the value");
    flush(&s, s.end);
    if (copy && copy->overflowed)
        return diag_set(d, ERR_TOO_LARGE, "more than %zu bytes of JSON", copy->max);
    return OK;
}
