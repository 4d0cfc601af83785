#include "contract/sdk/json.h"

struct cursor {
    const char *p, *end;
};

static void
skip_blanks(struct cursor *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n' || *c->p == '\r'))
        c->p++;
}

static bool
take(struct cursor *c, char byte)
{
    if (c->p == c->end || *c->p != byte)
        return false;
    c->p++;
    return true;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
take_hex4(struct cursor *c, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        int digit = c->p < c->end ? hex_digit(*c->p) : -1;
        if (digit < 0)
            return false;
        *out = *out << 4 | (uint32_t)digit;
        c->p++;
    }
    return true;
}

static void
put_utf8(struct out *o, uint32_t c)
{
    if (c < 0x80) {
        out_byte(o, (char)c);
    } else if (c < 0x800) {
        out_byte(o, (char)(0xC0 | c >> 6));
        out_byte(o, (char)(0x80 | (c & 63)));
    } else if (c < 0x10000) {
        out_byte(o, (char)(0xE0 | c >> 12));
        out_byte(o, (char)(0x80 | (c >> 6 & 63)));
        out_byte(o, (char)(0x80 | (c & 63)));
    } else {
        out_byte(o, (char)(0xF0 | c >> 18));
        out_byte(o, (char)(0x80 | (c >> 12 & 63)));
        out_byte(o, (char)(0x80 | (c >> 6 & 63)));
        out_byte(o, (char)(0x80 | (c & 63)));
    }
}

/* What stands behind a backslash. */
static bool
take_escape(struct cursor *c, struct out *o)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    uint32_t scalar, low;
    if (c->p == c->end)
        return false;
    char kind = *c->p++;
    for (int i = 0; from[i]; i++) {
        if (kind == from[i]) {
            if (o)
                out_byte(o, to[i]);
            return true;
        }
    }
    if (kind != 'u' || !take_hex4(c, &scalar) || (scalar >= 0xDC00 && scalar <= 0xDFFF))
        return false;
    if (scalar >= 0xD800 && scalar <= 0xDBFF) {
        if (!take(c, '\\') || !take(c, 'u') || !take_hex4(c, &low) || low < 0xDC00 || low > 0xDFFF)
            return false;
        scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00);
    }
    if (o)
        put_utf8(o, scalar);
    return true;
}

/* A string; its characters go to o when there is one. */
static bool
take_string(struct cursor *c, struct out *o)
{
    if (!take(c, '"'))
        return false;
    while (c->p < c->end) {
        char byte = *c->p++;
        if (byte == '"')
            return true;
        if ((unsigned char)byte < 0x20)
            return false;
        if (byte != '\\') {
            if (o)
                out_byte(o, byte);
        } else if (!take_escape(c, o)) {
            return false;
        }
    }
    return false;
}

static bool
take_digits(struct cursor *c)
{
    const char *start = c->p;
    while (c->p < c->end && *c->p >= '0' && *c->p <= '9')
        c->p++;
    return c->p > start;
}

static bool
take_number(struct cursor *c)
{
    take(c, '-');
    if (!take(c, '0') && !take_digits(c))
        return false;
    if (take(c, '.') && !take_digits(c))
        return false;
    if (take(c, 'e') || take(c, 'E')) {
        if (!take(c, '+'))
            take(c, '-');
        return take_digits(c);
    }
    return true;
}

static bool
take_word(struct cursor *c, struct text word)
{
    for (uint32_t i = 0; i < word.n; i++) {
        if (!take(c, word.p[i]))
            return false;
    }
    return true;
}

static bool take_value(struct cursor *c, int depth);

/* Members of an array or object, up to the closing byte. */
static bool
take_members(struct cursor *c, char close, int depth)
{
    skip_blanks(c);
    if (take(c, close))
        return true;
    for (;;) {
        skip_blanks(c);
        if (close == '}') {
            if (!take_string(c, 0))
                return false;
            skip_blanks(c);
            if (!take(c, ':'))
                return false;
        }
        if (!take_value(c, depth + 1))
            return false;
        skip_blanks(c);
        if (take(c, close))
            return true;
        if (!take(c, ','))
            return false;
    }
}

static bool
take_value(struct cursor *c, int depth)
{
    skip_blanks(c);
    if (c->p == c->end || depth > JSON_MAX_DEPTH)
        return false;
    switch (*c->p) {
    case '{': c->p++; return take_members(c, '}', depth);
    case '[': c->p++; return take_members(c, ']', depth);
    case '"': return take_string(c, 0);
    case 't': return take_word(c, TEXT("true"));
    case 'f': return take_word(c, TEXT("false"));
    case 'n': return take_word(c, TEXT("null"));
    }
    return take_number(c);
}

bool
json_valid(struct text t)
{
    struct cursor c = {t.p, t.p + t.n};
    if (!take_value(&c, 0))
        return false;
    skip_blanks(&c);
    return c.p == c.end;
}

bool
json_member(struct text object, struct text key, struct text *value)
{
    static char name[256];
    struct cursor c = {object.p, object.p + object.n};
    skip_blanks(&c);
    if (!take(&c, '{'))
        return false;
    skip_blanks(&c);
    if (take(&c, '}'))
        return false;
    do {
        struct out o = OUT(name);
        skip_blanks(&c);
        const char *start = c.p;
        struct cursor probe = c;
        if (!take_string(&c, 0))
            return false;
        /* Only a key that can be equal is worth the room: escapes never make it shorter than
         * a sixth of its text. */
        bool is_it = (uint32_t)(c.p - start) <= key.n * 6 + 2 && take_string(&probe, &o) &&
                     text_equal(out_text(&o), key);
        skip_blanks(&c);
        if (!take(&c, ':'))
            return false;
        skip_blanks(&c);
        start = c.p;
        if (!take_value(&c, 1))
            return false;
        if (is_it) {
            *value = (struct text){start, (uint32_t)(c.p - start)};
            return true;
        }
        skip_blanks(&c);
    } while (take(&c, ','));
    return false;
}

bool
json_is_null(struct text value)
{
    return text_equal(value, TEXT("null"));
}

bool
json_is_string(struct text value)
{
    return value.n && value.p[0] == '"';
}

bool
json_string(struct text value, struct out *o)
{
    struct cursor c = {value.p, value.p + value.n};
    return take_string(&c, o);
}

bool
json_bool(struct text value, bool *out)
{
    *out = text_equal(value, TEXT("true"));
    return *out || text_equal(value, TEXT("false"));
}

void
json_quote(struct out *o, struct text s)
{
    static const char digits[] = "0123456789abcdef";
    out_byte(o, '"');
    for (uint32_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '"' || c == '\\') {
            out_byte(o, '\\');
            out_byte(o, c);
        } else if ((unsigned char)c < 0x20) {
            out_c(o, "\\u00");
            out_byte(o, digits[c >> 4]);
            out_byte(o, digits[c & 15]);
        } else {
            out_byte(o, c);
        }
    }
    out_byte(o, '"');
}
