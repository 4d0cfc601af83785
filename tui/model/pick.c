#include "tui/model/pick.h"

#include <string.h>

enum kind { WORDS, TEXT, NUMBER, GAS, AMOUNT, PERCENT };

static const struct {
    const char *name, *help;
    enum kind kind;
} fields[PICK_FIELD_COUNT] = {
    [PICK_ANY] = {"", "", TEXT},
#define X(name, text, kind, help) [PICK_##name] = {text, help, kind},
#include "tui/model/pick.def"
#undef X
};

const char *
pick_field_name(enum pick_field field)
{
    return fields[field].name;
}

const char *
pick_field_help(enum pick_field field)
{
    return fields[field].help;
}

/* --- reading ---------------------------------------------------------------------------------- */

struct reader {
    struct pick made;
    size_t at, end;                 /* of made.text */
    size_t column;                  /* of what is wrong */
    struct diag *d;
};

static char
byte_at(const struct reader *r, size_t at)
{
    return at < r->end ? r->made.text[at] : '\0';
}

static enum err
wrong(struct reader *r, size_t column, enum err e, const char *why, struct str what)
{
    r->column = column;
    return diag_set(r->d, e, "column %zu: \"%.*s\" %s", column + 1,
                    (int)(what.n < 30 ? what.n : 30), what.p, why);
}

/* "gas" in "gas>5T"; PICK_ANY when the word is no field with an operator behind it. */
static enum err
read_field(struct reader *r, struct pick_term *t)
{
    static const struct {
        const char *text;
        enum pick_operator op;
    } operators[] = {{"!=", PICK_IS_NOT}, {"<=", PICK_AT_MOST}, {">=", PICK_AT_LEAST},
                     {":", PICK_HAS},     {"=", PICK_IS},       {"<", PICK_LESS},
                     {">", PICK_MORE}};
    size_t begin = r->at, at = begin;
    while (byte_at(r, at) && !strchr(" :=<>!\"", byte_at(r, at)))
        at++;
    struct str name = str_of(r->made.text + begin, at - begin);
    for (size_t i = 0; i < ARRAY_LEN(operators); i++) {
        if (strncmp(r->made.text + at, operators[i].text, strlen(operators[i].text)) != 0)
            continue;
        t->op = operators[i].op;
        r->at = at + strlen(operators[i].text);
        for (int f = PICK_ANY + 1; f < PICK_FIELD_COUNT; f++) {
            if (str_equal_nocase(name, str_from(fields[f].name))) {
                t->field = (enum pick_field)f;
                return OK;
            }
        }
        return wrong(r, begin, ERR_NOT_FOUND, "is no field: status, contract, method, gas … are",
                     name);
    }
    return OK;
}

static enum err
read_value(struct reader *r, struct pick_term *t)
{
    size_t begin = r->at;
    if (byte_at(r, begin) == '"') {
        size_t at = begin + 1;
        while (byte_at(r, at) && byte_at(r, at) != '"')
            at++;
        if (!byte_at(r, at))
            return wrong(r, begin, ERR_SYNTAX, "has no quote at its end",
                         str_of(r->made.text + begin, r->end - begin));
        t->at = begin + 1;
        t->length = at - t->at;
        r->at = at + 1;
        return OK;
    }
    while (byte_at(r, r->at) && byte_at(r, r->at) != ' ')
        r->at++;
    t->at = begin;
    t->length = r->at - begin;
    return OK;
}

static struct str
value_of(const struct pick *f, const struct pick_term *t)
{
    return str_of(f->text + t->at, t->length);
}

/* A number with a short unit behind it, or a long one, or none. */
static enum err
read_unit(struct str value, const char *shorts, const char *const longs[], const char *plain,
          char *out, size_t size)
{
    char last = value.n ? value.p[value.n - 1] : '\0';
    const char *unit = plain;
    const char *at = last ? strchr(shorts, last >= 'a' && last <= 'z' ? last - 'a' + 'A' : last)
                          : NULL;
    if (at && *at) {
        unit = longs[at - shorts];
        value.n--;
    } else if (last < '0' || last > '9') {
        unit = "";
    }
    struct diag d = {0};
    int n = value.n > 30 ? -1 : (int)value.n;
    if (n < 0 || (size_t)n + strlen(unit) + 2 > size)
        return diag_set(&d, ERR_TOO_LARGE, "too long");
    memcpy(out, value.p, (size_t)n);
    memcpy(out + n, unit, strlen(unit) + 1);
    return OK;
}

static bool
read_number(struct str value, enum kind kind, struct amount *out)
{
    static const char *const gas_units[] = {" Tgas", " Ggas"}, *const near_units[] = {" NEAR"};
    char text[64];
    uint64_t number = 0;
    struct diag d = {0};
    if (kind == AMOUNT)
        return !read_unit(value, "N", near_units, " NEAR", text, sizeof(text)) &&
               !amount_parse_units(str_from(text), out, &d);
    if (kind == GAS) {
        if (read_unit(value, "TG", gas_units, "", text, sizeof(text)) ||
            gas_parse_units(str_from(text), &number, &d))
            return false;
    } else {
        if (kind == PERCENT && value.n && value.p[value.n - 1] == '%')
            value.n--;
        if (!str_to_u64(value, &number))
            return false;
    }
    *out = amount_of(number);
    return true;
}

static bool
is_word_of(enum pick_field field, struct str word)
{
    static const char *const statuses[] = {"named", "flight",  "waiting", "done",  "failed",
                                           "lost",  "running", "ok",      "partly"};
    static const char *const roles[] = {"call",   "branch",   "callback",
                                        "refund", "transfer", "other"};
    const char *const *words = field == PICK_STATUS ? statuses : roles;
    size_t count = field == PICK_STATUS ? ARRAY_LEN(statuses) : ARRAY_LEN(roles);
    for (size_t i = 0; i < count; i++) {
        if (str_equal_nocase(word, str_from(words[i])))
            return true;
    }
    return false;
}

static enum err
check_value(struct reader *r, struct pick_term *t, size_t begin)
{
    struct str value = value_of(&r->made, t), rest = value, one;
    enum kind kind = fields[t->field].kind;
    bool compares = t->op != PICK_HAS && t->op != PICK_IS && t->op != PICK_IS_NOT;
    if (!value.n)
        return wrong(r, r->at, ERR_SYNTAX, "has nothing behind it",
                     str_of(r->made.text + begin, r->at - begin));
    if (kind == TEXT || kind == WORDS) {
        if (compares)
            return wrong(r, begin, ERR_SYNTAX, "is no number: use : or =",
                         str_from(fields[t->field].name));
        while (kind == WORDS && str_take_until(&rest, '|', &one)) {
            if (!is_word_of(t->field, one))
                return wrong(r, (size_t)(one.p - r->made.text), ERR_NOT_FOUND,
                             t->field == PICK_STATUS ? "is no status: failed, waiting, done … are"
                                                       : "is no role: branch, callback … are", one);
        }
        return OK;
    }
    if (read_number(value, kind, &t->number))
        return OK;
    return wrong(r, t->at, ERR_SYNTAX,
                 kind == GAS      ? "is no amount of gas, as 5T or 500G are"
                 : kind == AMOUNT ? "is no amount, as 0.1N and 2 are"
                                  : "is no whole number", value);
}

static enum err
read_term(struct reader *r)
{
    struct pick_term *t = &r->made.term[r->made.count];
    size_t begin = r->at;
    if (r->made.count == PICK_TERMS)
        return wrong(r, begin, ERR_TOO_LARGE, "is one term too many",
                     str_of(r->made.text + begin, r->end - begin));
    *t = (struct pick_term){.op = PICK_HAS};
    if (byte_at(r, r->at) == '-' && byte_at(r, r->at + 1) && byte_at(r, r->at + 1) != ' ') {
        t->is_negated = true;
        r->at++;
    }
    enum err e = read_field(r, t);
    if (!e)
        e = read_value(r, t);
    if (!e)
        e = check_value(r, t, begin);
    r->made.count += !e;
    return e;
}

enum err
pick_parse(struct str text, struct pick *out, size_t *column, struct diag *d)
{
    struct reader r = {.d = d, .end = text.n};
    *column = 0;
    if (!str_copy(text, r.made.text, sizeof(r.made.text))) {
        *column = text.n > PICK_MAX ? PICK_MAX : 0;
        return diag_set(d, ERR_TOO_LARGE, "a filter has %d bytes at most, and no NUL", PICK_MAX);
    }
    for (;;) {
        while (byte_at(&r, r.at) == ' ')
            r.at++;
        if (!byte_at(&r, r.at))
            break;
        enum err e = read_term(&r);
        if (e) {
            *column = r.column;
            return e;
        }
    }
    *out = r.made;
    return OK;
}

/* --- text ------------------------------------------------------------------------------------- */

static char
small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The whole text has the pattern. Goes back to the last star only: never slower than n * m. */
static bool
has_pattern(struct str text, struct str pattern)
{
    size_t t = 0, p = 0, star = SIZE_MAX, from = 0;
    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            from = t;
        } else if (p < pattern.n &&
                   (pattern.p[p] == '?' || small(pattern.p[p]) == small(text.p[t]))) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

static bool
has_part(struct str text, struct str part)
{
    for (size_t at = 0; at + part.n <= text.n; at++) {
        if (str_equal_nocase(str_slice(text, at, at + part.n), part))
            return true;
    }
    return false;
}

static bool
matches_one(struct str text, struct str value, enum pick_operator op)
{
    if (op != PICK_HAS)
        return str_equal_nocase(text, value);
    if (str_find_byte(value, '*') >= 0 || str_find_byte(value, '?') >= 0)
        return has_pattern(text, value);
    return has_part(text, value);
}

bool
pick_text_matches(const struct pick *f, const struct pick_term *t, struct str text)
{
    struct str rest = value_of(f, t), one;
    bool is_any = false;
    while (!is_any && str_take_until(&rest, '|', &one))
        is_any = matches_one(text, one, t->op);
    return t->op == PICK_IS_NOT ? !is_any : is_any;
}

bool
pick_number_matches(const struct pick_term *t, struct amount number)
{
    int order = amount_compare(number, t->number);
    switch (t->op) {
    case PICK_HAS:
    case PICK_IS: return order == 0;
    case PICK_IS_NOT: return order != 0;
    case PICK_LESS: return order < 0;
    case PICK_AT_MOST: return order <= 0;
    case PICK_MORE: return order > 0;
    case PICK_AT_LEAST: return order >= 0;
    }
    return false;
}
