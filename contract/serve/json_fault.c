#include "contract/serve/json_fault.h"

#include "net/base/utf8.h"

enum { DEPTH_MAX = 127 };

/* One walk over the text; the first fault ends it. */
struct walk {
    struct str text;
    size_t at;
    const char *fault;
    size_t fault_at;            /* bytes read when it was found */
    unsigned depth;
};

static int
peek(struct walk *w)
{
    return w->at < w->text.n ? (unsigned char)w->text.p[w->at] : -1;
}

static void
skip_blanks(struct walk *w)
{
    while (peek(w) == ' ' || peek(w) == '\n' || peek(w) == '\t' || peek(w) == '\r')
        w->at++;
}

/* At what is still to be read: it is counted in, unless the text ends there. */
static bool
fail_here(struct walk *w, const char *fault)
{
    w->fault = fault;
    w->fault_at = w->at < w->text.n ? w->at + 1 : w->text.n;
    return false;
}

static bool
fail_or_end(struct walk *w, const char *fault, const char *at_end)
{
    return fail_here(w, peek(w) < 0 ? at_end : fault);
}

static bool
walk_word(struct walk *w, const char *word)
{
    for (; *word; word++, w->at++) {
        if (peek(w) != *word)
            return fail_or_end(w, "expected ident", "EOF while parsing a value");
    }
    return true;
}

static bool
is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool
walk_digits(struct walk *w)
{
    if (!is_digit(peek(w)))
        return fail_or_end(w, "invalid number", "EOF while parsing a value");
    while (is_digit(peek(w)))
        w->at++;
    return true;
}

static bool
walk_number(struct walk *w)
{
    if (peek(w) == '-')
        w->at++;
    if (peek(w) == '0') {
        w->at++;
        if (is_digit(peek(w)))
            return fail_here(w, "invalid number");
    } else if (!walk_digits(w)) {
        return false;
    }
    if (peek(w) == '.') {
        w->at++;
        if (!walk_digits(w))
            return false;
    }
    if (peek(w) != 'e' && peek(w) != 'E')
        return true;
    w->at++;
    if (peek(w) == '+' || peek(w) == '-')
        w->at++;
    return walk_digits(w);
}

static bool
walk_escape(struct walk *w)
{
    const struct str letters = STR("\"\\/bfnrt");
    int c = peek(w);
    if (c < 0)
        return fail_here(w, "EOF while parsing a string");
    if (str_find_byte(letters, (char)c) >= 0) {
        w->at++;
        return true;
    }
    if (c != 'u')
        return fail_here(w, "invalid escape");
    w->at++;
    for (int i = 0; i < 4; i++, w->at++) {
        c = peek(w);
        if (!is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
            return fail_or_end(w, "invalid escape", "EOF while parsing a string");
    }
    return true;
}

static bool
walk_string(struct walk *w)
{
    size_t start = ++w->at;
    for (;;) {
        int c = peek(w);
        if (c < 0)
            return fail_here(w, "EOF while parsing a string");
        if (c == '"')
            break;
        if (c < ' ')
            return fail_here(
                w, "control character (\\u0000-\\u001F) found while parsing a string");
        w->at++;
        if (c == '\\' && !walk_escape(w))
            return false;
    }
    if (!utf8_is_valid(str_slice(w->text, start, w->at)))
        return fail_here(w, "invalid unicode code point");
    w->at++;
    return true;
}

static bool walk_value(struct walk *w);

static bool
walk_array(struct walk *w)
{
    w->at++;
    for (bool is_first = true;; is_first = false) {
        skip_blanks(w);
        if (peek(w) == ']') {
            w->at++;
            return true;
        }
        if (!is_first) {
            if (peek(w) != ',')
                return fail_or_end(w, "expected `,` or `]`", "EOF while parsing a list");
            w->at++;
            skip_blanks(w);
            if (peek(w) == ']')
                return fail_here(w, "trailing comma");
        } else if (peek(w) < 0) {
            return fail_here(w, "EOF while parsing a list");
        }
        if (!walk_value(w))
            return false;
    }
}

static bool
walk_member(struct walk *w)
{
    if (!walk_string(w))
        return false;
    skip_blanks(w);
    if (peek(w) != ':')
        return fail_or_end(w, "expected `:`", "EOF while parsing an object");
    w->at++;
    return walk_value(w);
}

static bool
walk_object(struct walk *w)
{
    w->at++;
    for (bool is_first = true;; is_first = false) {
        const char *at_end = "EOF while parsing an object";
        skip_blanks(w);
        if (peek(w) == '}') {
            w->at++;
            return true;
        }
        if (!is_first) {
            if (peek(w) != ',')
                return fail_or_end(w, "expected `,` or `}`", at_end);
            w->at++;
            skip_blanks(w);
            if (peek(w) == '}')
                return fail_here(w, "trailing comma");
            at_end = "EOF while parsing a value";
        }
        if (peek(w) != '"')
            return fail_or_end(w, "key must be a string", at_end);
        if (!walk_member(w))
            return false;
    }
}

static bool
walk_value(struct walk *w)
{
    bool is_good;
    skip_blanks(w);
    int c = peek(w);
    if (c == '"')
        return walk_string(w);
    if (c == '-' || is_digit(c))
        return walk_number(w);
    if (c == 'n' || c == 't' || c == 'f')
        return walk_word(w, c == 'n' ? "null" : c == 't' ? "true" : "false");
    if (c != '[' && c != '{')
        return fail_or_end(w, "expected value", "EOF while parsing a value");
    if (w->depth == DEPTH_MAX)
        return fail_here(w, "recursion limit exceeded");
    w->depth++;
    is_good = c == '[' ? walk_array(w) : walk_object(w);
    w->depth--;
    return is_good;
}

bool
json_fault(struct str text, struct buf *out)
{
    struct walk w = {.text = text};
    size_t line = 1, column = 0;
    if (walk_value(&w)) {
        skip_blanks(&w);
        if (w.at == text.n)
            return false;
        fail_here(&w, "trailing characters");
    }
    for (size_t i = 0; i < w.fault_at; i++) {
        column++;
        if (text.p[i] == '\n') {
            line++;
            column = 0;
        }
    }
    buf_addf(out, "%s at line %zu column %zu", w.fault, line, column);
    return true;
}
