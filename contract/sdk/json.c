#include "contract/sdk/json.h"

/* Reads from the front; on an error `error` is set and `i` tells where. */
struct scan {
    const unsigned char *p;
    size_t n, i;
    const char *error;
};

static int
peek(const struct scan *s)
{
    return s->i < s->n ? s->p[s->i] : -1;
}

static bool
give_up(struct scan *s, const char *error)
{
    s->error = error;
    return false;
}

static void
skip_spaces(struct scan *s)
{
    while (s->i < s->n) {
        unsigned char c = s->p[s->i];
        if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
            return;
        s->i++;
    }
}

/* --- strings ----------------------------------------------------------------------------- */

static int
hex_digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The four digits after \u. */
static bool
scan_hex(struct scan *s, uint32_t *unit)
{
    uint32_t u = 0;
    for (int k = 0; k < 4; k++, s->i++) {
        int digit = hex_digit(peek(s));
        if (digit < 0)
            return give_up(s, "four hexadecimal digits have to follow \\u");
        u = u << 4 | (uint32_t)digit;
    }
    *unit = u;
    return true;
}

/* A \u escape, the \u itself being read already; with its other half when it is one of two. */
static bool
scan_unicode(struct scan *s, uint32_t *code)
{
    uint32_t high, low;
    if (!scan_hex(s, &high))
        return false;
    *code = high;
    if (high < 0xd800 || high > 0xdfff)
        return true;
    if (high > 0xdbff || s->n - s->i < 2 || s->p[s->i] != '\\' || s->p[s->i + 1] != 'u')
        return give_up(s, "half of a surrogate pair");
    s->i += 2;
    if (!scan_hex(s, &low))
        return false;
    if (low < 0xdc00 || low > 0xdfff)
        return give_up(s, "half of a surrogate pair");
    *code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    return true;
}

/* An escape, from the backslash on. */
static bool
scan_escape(struct scan *s, uint32_t *code)
{
    s->i++;
    int c = peek(s);
    s->i++;
    switch (c) {
    case '"':
    case '\\':
    case '/': *code = (uint32_t)c; return true;
    case 'b': *code = '\b'; return true;
    case 'f': *code = '\f'; return true;
    case 'n': *code = '\n'; return true;
    case 'r': *code = '\r'; return true;
    case 't': *code = '\t'; return true;
    case 'u': return scan_unicode(s, code);
    }
    s->i--;
    return give_up(s, "an escape that JSON does not have");
}

/* A character of two to four bytes. The second byte's range tells overlong forms, surrogates
 * and what lies above U+10FFFF: table 3-7 of the Unicode standard. */
static bool
scan_utf8(struct scan *s)
{
    unsigned char lead = s->p[s->i];
    size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (lead < 0xc2 || lead > 0xf4 || s->n - s->i < size)
        return give_up(s, "bytes that are not UTF-8");
    for (size_t k = 1; k < size; k++, low = 0x80, high = 0xbf)
        if (s->p[s->i + k] < low || s->p[s->i + k] > high)
            return give_up(s, "bytes that are not UTF-8");
    s->i += size;
    return true;
}

static bool
scan_string(struct scan *s)
{
    uint32_t code;
    s->i++;
    for (;;) {
        int c = peek(s);
        if (c < 0)
            return give_up(s, "a string without an end");
        if (c == '"')
            break;
        if (c < 0x20)
            return give_up(s, "a control character inside a string");
        if (c == '\\') {
            if (!scan_escape(s, &code))
                return false;
        } else if (c >= 0x80) {
            if (!scan_utf8(s))
                return false;
        } else {
            s->i++;
        }
    }
    s->i++;
    return true;
}

/* --- numbers and words ------------------------------------------------------------------- */

static bool
scan_digits(struct scan *s)
{
    size_t start = s->i;
    while (peek(s) >= '0' && peek(s) <= '9') s->i++;
    return s->i > start || give_up(s, "a number with a digit missing");
}

static bool
scan_number(struct scan *s)
{
    if (peek(s) == '-')
        s->i++;
    if (peek(s) == '0') {
        s->i++;
        if (peek(s) >= '0' && peek(s) <= '9')
            return give_up(s, "a number that begins with 0");
    } else if (!scan_digits(s)) {
        return false;
    }
    if (peek(s) == '.') {
        s->i++;
        if (!scan_digits(s))
            return false;
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->i++;
        if (peek(s) == '+' || peek(s) == '-')
            s->i++;
        return scan_digits(s);
    }
    return true;
}

static bool
scan_word(struct scan *s, const char *word)
{
    for (size_t k = 0; word[k]; k++, s->i++)
        if (peek(s) != word[k])
            return give_up(s, "a word that is not true, false or null");
    return true;
}

static bool
scan_scalar(struct scan *s)
{
    int c = peek(s);
    if (c == '"')
        return scan_string(s);
    if (c == '-' || (c >= '0' && c <= '9'))
        return scan_number(s);
    if (c == 't')
        return scan_word(s, "true");
    if (c == 'f')
        return scan_word(s, "false");
    if (c == 'n')
        return scan_word(s, "null");
    return give_up(s, c < 0 ? "the end where a value should be"
                            : "no value where one should be");
}

/* --- values ------------------------------------------------------------------------------ */

/* A member's name and the colon behind it. */
static bool
scan_key(struct scan *s)
{
    skip_spaces(s);
    if (peek(s) != '"')
        return give_up(s, "no name where a member should begin");
    if (!scan_string(s))
        return false;
    skip_spaces(s);
    if (peek(s) != ':')
        return give_up(s, "no colon after a member's name");
    s->i++;
    return true;
}

/* What is open around the place of reading: bit 0 of `objects` is the innermost. */
struct nesting {
    uint64_t objects;
    int depth;
};

/* An opening bracket, and the closing one if it follows at once: then *closed. */
static bool
scan_open(struct scan *s, struct nesting *n, bool *closed)
{
    bool is_object = peek(s) == '{';
    if (n->depth == JSON_DEPTH_MAX)
        return give_up(s, "too many brackets inside each other");
    s->i++;
    skip_spaces(s);
    *closed = peek(s) == (is_object ? '}' : ']');
    if (*closed) {
        s->i++;
        return true;
    }
    n->objects = n->objects << 1 | is_object;
    n->depth++;
    return !is_object || scan_key(s);
}

/* After a value: closing brackets, then a comma with what precedes the next value. */
static bool
scan_after(struct scan *s, struct nesting *n)
{
    while (n->depth > 0) {
        bool is_object = n->objects & 1;
        skip_spaces(s);
        if (peek(s) == ',') {
            s->i++;
            return !is_object || scan_key(s);
        }
        if (peek(s) != (is_object ? '}' : ']'))
            return give_up(s, is_object ? "no comma or } after a member"
                                        : "no comma or ] after an element");
        s->i++;
        n->objects >>= 1;
        n->depth--;
    }
    return true;
}

static bool
scan_value(struct scan *s)
{
    struct nesting nesting = {0};
    do {
        skip_spaces(s);
        if (peek(s) == '{' || peek(s) == '[') {
            bool closed;
            if (!scan_open(s, &nesting, &closed))
                return false;
            if (!closed)
                continue;
        } else if (!scan_scalar(s)) {
            return false;
        }
        if (!scan_after(s, &nesting))
            return false;
    } while (nesting.depth > 0);
    return true;
}

static enum json_type
type_of(char first)
{
    switch (first) {
    case '{': return JSON_OBJECT;
    case '[': return JSON_ARRAY;
    case '"': return JSON_STRING;
    case 't':
    case 'f': return JSON_BOOL;
    case 'n': return JSON_NULL;
    }
    return JSON_NUMBER;
}

/* One value with spaces before it. */
static bool
take_value(struct scan *s, struct json_value *value)
{
    skip_spaces(s);
    const char *start = (const char *)s->p + s->i;
    if (!scan_value(s))
        return false;
    value->text = (struct text){start, (size_t)((const char *)s->p + s->i - start)};
    value->type = type_of(*start);
    return true;
}

static struct scan
scan_over(struct text text)
{
    return (struct scan){.p = (const unsigned char *)text.p, .n = text.n};
}

bool
json_parse(struct text text, struct json_value *value, struct json_error *error)
{
    struct scan s = scan_over(text);
    struct json_value v;
    if (take_value(&s, &v)) {
        skip_spaces(&s);
        if (s.i == s.n) {
            *value = v;
            return true;
        }
        s.error = "something behind the end";
    }
    *error = (struct json_error){s.error, s.i};
    return false;
}

/* --- inside a value that was checked ----------------------------------------------------- */

struct json_cursor
json_begin(struct json_value container)
{
    struct json_cursor c = {.rest = container.text, .is_object = container.type == JSON_OBJECT};
    c.rest.p++;
    c.rest.n -= 2;
    return c;
}

bool
json_next(struct json_cursor *cursor, struct json_value *key, struct json_value *value)
{
    struct scan s = scan_over(cursor->rest);
    skip_spaces(&s);
    if (s.i == s.n)
        return false;
    if (cursor->is_object) {
        if (!take_value(&s, key))
            return false;
        skip_spaces(&s);
        s.i++;
    }
    if (!take_value(&s, value))
        return false;
    skip_spaces(&s);
    if (peek(&s) == ',')
        s.i++;
    cursor->rest.p += s.i;
    cursor->rest.n -= s.i;
    return true;
}

bool
json_member(struct json_value object, const char *name, struct json_value *member)
{
    if (object.type != JSON_OBJECT)
        return false;
    struct json_cursor cursor = json_begin(object);
    struct json_value key, value;
    while (json_next(&cursor, &key, &value)) {
        if (json_says(key, text_of(name))) {
            *member = value;
            return true;
        }
    }
    return false;
}

static size_t
encode_utf8(uint32_t code, char to[4])
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xc0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        to[0] = (char)(0xe0 | code >> 12);
        to[1] = (char)(0x80 | (code >> 6 & 0x3f));
        to[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | code >> 18);
    to[1] = (char)(0x80 | (code >> 12 & 0x3f));
    to[2] = (char)(0x80 | (code >> 6 & 0x3f));
    to[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* The next character of a string, 1 to 4 bytes if it was escaped, else one byte of it. */
static size_t
next_piece(struct scan *s, char to[4])
{
    uint32_t code;
    if (peek(s) == '\\' && scan_escape(s, &code))
        return encode_utf8(code, to);
    to[0] = (char)s->p[s->i++];
    return 1;
}

static struct scan
scan_inside(struct json_value string)
{
    return scan_over((struct text){string.text.p + 1, string.text.n - 2});
}

size_t
json_decode(struct json_value string, char *to)
{
    struct scan s = scan_inside(string);
    size_t n = 0;
    char piece[4];
    while (s.i < s.n) {
        size_t size = next_piece(&s, piece);
        for (size_t k = 0; k < size; k++) to[n++] = piece[k];
    }
    return n;
}

bool
json_says(struct json_value string, struct text expected)
{
    struct scan s = scan_inside(string);
    size_t n = 0;
    char piece[4];
    while (s.i < s.n) {
        size_t size = next_piece(&s, piece);
        for (size_t k = 0; k < size; k++, n++)
            if (n >= expected.n || piece[k] != expected.p[n])
                return false;
    }
    return n == expected.n;
}
