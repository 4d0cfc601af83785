#include "net/base/toml.h"

#include <string.h>
#include "net/base/utf8.h"

struct reading {
    toml_entry_fn entry;
    void *context;
    char table[TOML_NAME_MAX], key[TOML_NAME_MAX], value[TOML_VALUE_MAX];
    int line;
};

static bool
is_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-';
}

static void
skip_blanks(struct str *s)
{
    while (s->n && (s->p[0] == ' ' || s->p[0] == '\t'))
        *s = str_slice(*s, 1, s->n);
}

/* Nothing but a comment may follow. */
static bool
is_at_end(struct str s)
{
    skip_blanks(&s);
    return s.n == 0 || s.p[0] == '#';
}

static bool
put(char *out, size_t room, size_t *n, const char *p, size_t count)
{
    if (*n + count >= room)
        return false;
    memcpy(out + *n, p, count);
    *n += count;
    out[*n] = '\0';
    return true;
}

/* \uXXXX and \UXXXXXXXX, behind the letter. */
static bool
take_scalar(struct str *s, size_t digits, char out[4], size_t *n)
{
    uint32_t value = 0;
    if (s->n < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        char c = s->p[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return false;
        value = value * 16 + (uint32_t)digit;
    }
    *s = str_slice(*s, digits, s->n);
    if (value == 0 || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
        return false;
    *n = (size_t)utf8_put(out, value);
    return true;
}

static bool
take_escape(struct str *s, char out[4], size_t *n)
{
    static const char letters[] = "btnfr\"\\", bytes[] = "\b\t\n\f\r\"\\";
    if (!s->n)
        return false;
    char c = s->p[0];
    *s = str_slice(*s, 1, s->n);
    if (c == 'u' || c == 'U')
        return take_scalar(s, c == 'u' ? 4 : 8, out, n);
    const char *at = c ? strchr(letters, c) : NULL;
    if (!at)
        return false;
    out[0] = bytes[at - letters];
    *n = 1;
    return true;
}

/* A string from its quote on. */
static enum err
take_string(struct str *s, char *out, size_t room, struct diag *d)
{
    char quote = s->p[0];
    size_t n = 0;
    if (s->n >= 3 && s->p[1] == quote && s->p[2] == quote)
        return diag_set(d, ERR_UNSUPPORTED, "a text over several lines is not read here");
    *s = str_slice(*s, 1, s->n);
    out[0] = '\0';
    while (s->n && s->p[0] != quote) {
        char bytes[4] = {s->p[0]};
        size_t count = 1;
        *s = str_slice(*s, 1, s->n);
        if (bytes[0] == '\\' && quote == '"' && !take_escape(s, bytes, &count))
            return diag_set(d, ERR_SYNTAX, "an unknown escape in a text");
        if (!put(out, room, &n, bytes, count))
            return diag_set(d, ERR_TOO_LARGE, "a text of more than %zu bytes", room - 1);
    }
    if (!s->n)
        return diag_set(d, ERR_SYNTAX, "expected a closing %c", quote);
    *s = str_slice(*s, 1, s->n);
    return OK;
}

/* Names with dots between them, up to `end`; taken together with dots. */
static enum err
take_name(struct str *s, char end, char *out, struct diag *d)
{
    size_t n = 0;
    out[0] = '\0';
    for (;;) {
        char part[TOML_NAME_MAX];
        size_t bare = 0;
        skip_blanks(s);
        if (s->n && (s->p[0] == '"' || s->p[0] == '\'')) {
            enum err e = take_string(s, part, sizeof(part), d);
            if (e)
                return e;
        } else {
            while (bare < s->n && is_bare(s->p[bare]))
                bare++;
            if (!bare || !str_copy(str_slice(*s, 0, bare), part, sizeof(part)))
                return diag_set(d, ERR_SYNTAX, "expected a name");
            *s = str_slice(*s, bare, s->n);
        }
        if (!put(out, TOML_NAME_MAX, &n, part, strlen(part)))
            return diag_set(d, ERR_TOO_LARGE, "a name of more than %d bytes", TOML_NAME_MAX - 1);
        skip_blanks(s);
        if (!s->n || (s->p[0] != '.' && s->p[0] != end))
            return diag_set(d, ERR_SYNTAX, "expected %s", end == ']' ? "\"]\"" : "\"=\"");
        bool is_end = s->p[0] == end;
        *s = str_slice(*s, 1, s->n);
        if (is_end)
            return OK;
        if (!put(out, TOML_NAME_MAX, &n, ".", 1))
            return diag_set(d, ERR_TOO_LARGE, "a name of more than %d bytes", TOML_NAME_MAX - 1);
    }
}

static bool
is_whole_number(struct str s)
{
    if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
        s = str_slice(s, 1, s.n);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    }
    return s.n > 0;
}

/* True and false, numbers, and what is passed over (*is_known false). */
static enum err
take_bare_value(struct str s, struct reading *r, enum toml_kind *kind, bool *is_known,
                struct diag *d)
{
    ptrdiff_t comment = str_find_byte(s, '#');
    struct str word = str_trim(comment < 0 ? s : str_slice(s, 0, (size_t)comment));
    *is_known = true;
    if (word.n == 0)
        return diag_set(d, ERR_SYNTAX, "expected a value behind \"=\"");
    if (word.p[0] == '[' || word.p[0] == '{') {
        *is_known = false;
        bool is_closed = s.p[str_trim(s).n - 1] == (word.p[0] == '[' ? ']' : '}') ||
                         word.p[word.n - 1] == (word.p[0] == '[' ? ']' : '}');
        return is_closed ? OK : diag_set(d, ERR_UNSUPPORTED,
                                         "a list over several lines is not read here");
    }
    if (str_equal(word, STR("true")) || str_equal(word, STR("false")))
        *kind = TOML_BOOLEAN;
    else if (is_whole_number(word))
        *kind = TOML_NUMBER;
    else if ((word.p[0] >= '0' && word.p[0] <= '9') || word.p[0] == '-' || word.p[0] == '+')
        *is_known = false;
    else
        return diag_set(d, ERR_SYNTAX, "expected a text in quotes, a number, true or false");
    return str_copy(word, r->value, sizeof(r->value)) ? OK
                                                      : diag_set(d, ERR_TOO_LARGE, "a long value");
}

static enum err
take_entry(struct reading *r, struct str s, struct diag *d)
{
    enum toml_kind kind = TOML_STRING;
    bool is_known = true;
    enum err e = take_name(&s, '=', r->key, d);
    skip_blanks(&s);
    if (e)
        return e;
    if (s.n && (s.p[0] == '"' || s.p[0] == '\'')) {
        e = take_string(&s, r->value, sizeof(r->value), d);
        if (!e && !is_at_end(s))
            e = diag_set(d, ERR_SYNTAX, "expected nothing more behind the value");
    } else {
        e = take_bare_value(s, r, &kind, &is_known, d);
    }
    if (e || !is_known)
        return e;
    const struct toml_entry entry = {
        .table = r->table, .key = r->key, .value = r->value, .kind = kind, .line = r->line};
    return r->entry(r->context, &entry, d);
}

static enum err
take_line(struct reading *r, struct str s, struct diag *d)
{
    s = str_trim(s);
    if (is_at_end(s))
        return OK;
    if (s.p[0] != '[')
        return take_entry(r, s, d);
    bool is_list = s.n > 1 && s.p[1] == '[';
    s = str_slice(s, is_list ? 2 : 1, s.n);
    enum err e = take_name(&s, ']', r->table, d);
    if (!e && is_list) {
        bool is_closed = s.n && s.p[0] == ']';
        s = str_slice(s, 1, s.n);
        e = is_closed ? OK : diag_set(d, ERR_SYNTAX, "expected \"]]\"");
    }
    if (!e && !is_at_end(s))
        e = diag_set(d, ERR_SYNTAX, "expected nothing more behind \"]\"");
    return e;
}

enum err
toml_read_text(struct str text, const char *origin, toml_entry_fn entry, void *context,
               struct diag *d)
{
    struct reading r = {.entry = entry, .context = context};
    struct str line;
    if (text.n > TOML_MAX_BYTES)
        return diag_set(d, ERR_TOO_LARGE, "%s: more than %d bytes", origin, TOML_MAX_BYTES);
    while (str_take_until(&text, '\n', &line)) {
        r.line++;
        enum err e = take_line(&r, line, d);
        if (e) {
            diag_prefix(d, "%s line %d", origin, r.line);
            return e;
        }
    }
    return OK;
}
