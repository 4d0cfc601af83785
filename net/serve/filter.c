#include "net/serve/filter.h"

#include "net/base/xalloc.h"

enum { FILTER_MAX_BYTES = 64 * 1024 };

/* Checked once when it comes, then read as it stands. */
struct filter {
    struct json *operator;      /* owned */
};

enum argument { ARGUMENT_NUMBER, ARGUMENT_STRING, ARGUMENT_ANY, ARGUMENT_PARTS };

enum operator {
    GREATER_THAN, LESS_THAN, GREATER_OR_EQUAL, LESS_OR_EQUAL, EQUALS, NOT_EQUAL, STARTS_WITH,
    ENDS_WITH, CONTAINS, ARRAY_CONTAINS, HAS_KEY, AND, OR
};

static const struct {
    const char *name;
    enum operator operator;
    enum argument argument;
} operators[] = {
    {"GreaterThan", GREATER_THAN, ARGUMENT_NUMBER},
    {"LessThan", LESS_THAN, ARGUMENT_NUMBER},
    {"GreaterOrEqual", GREATER_OR_EQUAL, ARGUMENT_NUMBER},
    {"LessOrEqual", LESS_OR_EQUAL, ARGUMENT_NUMBER},
    {"Equals", EQUALS, ARGUMENT_ANY},
    {"NotEqual", NOT_EQUAL, ARGUMENT_ANY},
    {"StartsWith", STARTS_WITH, ARGUMENT_STRING},
    {"EndsWith", ENDS_WITH, ARGUMENT_STRING},
    {"Contains", CONTAINS, ARGUMENT_STRING},
    {"ArrayContains", ARRAY_CONTAINS, ARGUMENT_ANY},
    {"HasKey", HAS_KEY, ARGUMENT_STRING},
    {"And", AND, ARGUMENT_PARTS},
    {"Or", OR, ARGUMENT_PARTS},
};

/* --- parsing ------------------------------------------------------------------------------ */

/* The row of an operator, or -1. */
static ptrdiff_t
row_of(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(operators); i++) {
        if (str_equal_c(name, operators[i].name))
            return (ptrdiff_t)i;
    }
    return -1;
}

static enum err
unknown_operator(struct str name, struct diag *d)
{
    struct buf names;
    buf_init(&names, DIAG_MAX);
    for (size_t i = 0; i < ARRAY_LEN(operators); i++)
        buf_addf(&names, "%s`%s`", i ? ", " : "", operators[i].name);
    diag_set(d, ERR_SYNTAX, "unknown variant `%.*s`, expected one of %s",
             (int)(name.n < 40 ? name.n : 40), name.p, buf_c(&names));
    buf_release(&names);
    return ERR_SYNTAX;
}

static enum err check_operator(const struct json *v, struct diag *d);

static enum err
check_parts(const struct json *list, struct diag *d)
{
    for (const struct json *part = json_first(list); part; part = json_next(part)) {
        const struct json *operator = json_find(part, "operator");
        if (!json_is_object(part))
            return diag_set(d, ERR_SYNTAX, "invalid type: %s, expected struct Filter",
                            json_type_name(json_type(part)));
        if (!json_is_string(json_find(part, "path")))
            return diag_set(d, ERR_SYNTAX, "missing field `path`");
        if (!operator)
            return diag_set(d, ERR_SYNTAX, "missing field `operator`");
        enum err e = check_operator(operator, d);
        if (e)
            return e;
    }
    return OK;
}

static enum err
check_argument(enum argument argument, const struct json *v, struct diag *d)
{
    const char *expected = NULL;
    switch (argument) {
    case ARGUMENT_NUMBER: expected = json_is_number(v) ? NULL : "f64"; break;
    case ARGUMENT_STRING: expected = json_is_string(v) ? NULL : "a string"; break;
    case ARGUMENT_PARTS:
        if (json_is_array(v))
            return check_parts(v, d);
        expected = "a sequence";
        break;
    case ARGUMENT_ANY: break;
    }
    if (!expected)
        return OK;
    return diag_set(d, ERR_SYNTAX, "invalid type: %s, expected %s",
                    json_type_name(json_type(v)), expected);
}

static enum err
check_operator(const struct json *v, struct diag *d)
{
    if (!json_is_object(v) || json_count(v) != 1)
        return diag_set(d, ERR_SYNTAX,
                        "expected an object with one operator, such as {\"And\":[]}");
    ptrdiff_t row = row_of(json_key(json_first(v)));
    if (row < 0)
        return unknown_operator(json_key(json_first(v)), d);
    return check_argument(operators[row].argument, json_first(v), d);
}

enum err
filter_parse(struct str text, struct filter **out, struct diag *d)
{
    struct json *operator = NULL;
    enum err e = json_parse(text, FILTER_MAX_BYTES, &operator, d);
    if (!e)
        e = check_operator(operator, d);
    if (e) {
        json_free(operator);
        return e;
    }
    *out = xcalloc(1, sizeof(**out));
    (*out)->operator = operator;
    return OK;
}

void
filter_free(struct filter *take_filter)
{
    if (!take_filter)
        return;
    json_free(take_filter->operator);
    xfree(take_filter);
}

/* True: what the operator lets pass has one of the names. An And is bound by any of its parts, an
 * Or only when each part is. */
static bool
find_named(const struct json *operator, const char *path,
           void (*fn)(void *context, struct str text), void *context)
{
    const struct json *list = json_first(operator);
    bool is_and = str_equal_c(json_key(list), "And"), is_or = str_equal_c(json_key(list), "Or");
    bool is_any = false, is_each = true;
    for (const struct json *part = is_and || is_or ? json_first(list) : NULL; part;
         part = json_next(part)) {
        const struct json *inner = json_find(part, "operator");
        const struct json *wanted = json_find(inner, "Equals");
        struct str at = {0}, text;
        bool is_path = json_get_string(part, "path", &at, NULL) == OK && str_equal_c(at, path);
        bool is_bound = false;
        if (is_path && wanted && json_string(wanted, &text, NULL) == OK) {
            fn(context, text);
            is_bound = true;
        } else if (str_equal_c(at, ".")) {
            is_bound = find_named(inner, path, fn, context);
        }
        is_any |= is_bound;
        is_each &= is_bound;
    }
    return is_and ? is_any : is_or && is_each;
}

bool
filter_named(const struct filter *f, const char *path,
             void (*fn)(void *context, struct str text), void *context)
{
    return find_named(f->operator, path, fn, context);
}

bool
filter_takes_all(const struct filter *f)
{
    const struct json *list = json_find(f->operator, "And");
    return list && json_count(list) == 0;
}

/* --- what is wrong with a value ----------------------------------------------------------- */

static void
debug_text(struct str s, struct buf *out)
{
    buf_add_byte(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            buf_add_byte(out, '\\');
        if (s.p[i] == '\n')
            buf_add_c(out, "\\n");
        else
            buf_add_byte(out, s.p[i]);
    }
    buf_add_byte(out, '"');
}

/* As the feed's own language prints a value for its programmers, which is what it tells. */
static void
debug_value(const struct json *v, struct buf *out)
{
    struct str text = {0};
    bool is_true = false, is_array = json_is_array(v);
    switch (json_type(v)) {
    case JSON_NULL: buf_add_c(out, "Null"); return;
    case JSON_BOOL:
        buf_addf(out, "Bool(%s)", json_bool(v, &is_true, NULL) == OK && is_true ? "true" : "false");
        return;
    case JSON_NUMBER: buf_addf(out, "Number(%.*s)", STR_ARG(json_number_text(v))); return;
    case JSON_STRING:
        buf_add_c(out, "String(");
        if (json_string(v, &text, NULL) == OK)
            debug_text(text, out);
        buf_add_byte(out, ')');
        return;
    case JSON_ARRAY:
    case JSON_OBJECT: break;
    }
    buf_add_c(out, is_array ? "Array [" : "Object {");
    for (const struct json *item = json_first(v); item && !out->overflowed; item = json_next(item)) {
        if (item != json_first(v))
            buf_add_c(out, ", ");
        if (!is_array) {
            debug_text(json_key(item), out);
            buf_add_c(out, ": ");
        }
        debug_value(item, out);
    }
    buf_add_byte(out, is_array ? ']' : '}');
}

/* A long value is cut: the sentence has its ceiling. */
static enum err
expect(const struct json *v, enum json_type type, struct diag *d)
{
    static const char *const names[] = {"null",   "boolean", "number",
                                        "string", "array",   "object"};
    struct buf got;
    if (json_type(v) == type)
        return OK;
    buf_init(&got, DIAG_MAX);
    debug_value(v, &got);
    diag_set(d, ERR_TYPE, "Type mismatch: expected %s, got %s", names[type], buf_c(&got));
    buf_release(&got);
    return ERR_TYPE;
}

/* --- paths -------------------------------------------------------------------------------- */

static enum err
not_found(struct str segment, struct diag *d)
{
    return diag_set(d, ERR_NOT_FOUND, "Path not found: %.*s",
                    (int)(segment.n < 100 ? segment.n : 100), segment.p ? segment.p : "");
}

static enum err
bad_index(struct str digits, struct diag *d)
{
    return diag_set(d, ERR_RANGE, "Invalid array index in path: %.*s",
                    (int)(digits.n < 40 ? digits.n : 40), digits.p);
}

static const struct json *
member(const struct json *object, struct str key)
{
    if (!json_is_object(object))
        return NULL;
    for (const struct json *v = json_first(object); v; v = json_next(v)) {
        if (str_equal(json_key(v), key))
            return v;
    }
    return NULL;
}

/* "a", "a[0]" or "[0]": one index at most; what has no ']' at its end is a key as it stands. */
static enum err
follow_segment(struct str segment, const struct json **v, struct diag *d)
{
    ptrdiff_t bracket = str_find_byte(segment, '[');
    bool has_index = bracket >= 0 && str_ends(segment, STR("]"));
    struct str key = has_index ? str_slice(segment, 0, (size_t)bracket) : segment;
    struct str digits =
        has_index ? str_slice(segment, (size_t)bracket + 1, segment.n - 1) : (struct str){0};
    uint64_t index = 0;
    if (has_index && !str_to_u64(digits, &index))
        return bad_index(digits, d);
    if (key.n || !has_index) {
        const struct json *found = member(*v, key);
        if (!found)
            return not_found(key, d);
        *v = found;
    }
    enum err e = has_index ? expect(*v, JSON_ARRAY, d) : OK;
    if (e || !has_index)
        return e;
    if (index >= json_count(*v))
        return bad_index(digits, d);
    *v = json_at(*v, (size_t)index);
    return OK;
}

/* "." is the value itself; else every part between points counts, an empty one too. */
static enum err
follow(struct str path, const struct json *v, const struct json **out, struct diag *d)
{
    *out = v;
    if (str_equal_c(path, "."))
        return OK;
    for (size_t from = 0; from <= path.n;) {
        struct str rest = str_slice(path, from, path.n);
        ptrdiff_t point = str_find_byte(rest, '.');
        struct str segment = point < 0 ? rest : str_slice(rest, 0, (size_t)point);
        enum err e = follow_segment(segment, out, d);
        if (e)
            return e;
        from += segment.n + 1;
    }
    return OK;
}

/* --- evaluating --------------------------------------------------------------------------- */

static enum err evaluate(const struct json *operator, const struct json *v, bool *out,
                         struct diag *d);

/* No short cut: a later part that cannot be evaluated is an error all the same. */
static enum err
evaluate_parts(bool all, const struct json *list, const struct json *v, bool *out,
               struct diag *d)
{
    bool result = all;
    for (const struct json *part = json_first(list); part; part = json_next(part)) {
        struct str path = {0};
        const struct json *target = NULL;
        bool holds = false;
        enum err e = json_get_string(part, "path", &path, d);
        if (!e)
            e = follow(path, v, &target, d);
        if (!e)
            e = evaluate(json_find(part, "operator"), target, &holds, d);
        if (e)
            return e;
        result = all ? result && holds : result || holds;
    }
    *out = result;
    return OK;
}

static enum err
compare_numbers(enum operator operator, const struct json *argument, const struct json *v,
                bool *out, struct diag *d)
{
    enum err e = expect(v, JSON_NUMBER, d);
    if (e)
        return e;
    double a = json_number(v), b = json_number(argument);
    *out = operator == GREATER_THAN       ? a > b
           : operator == LESS_THAN        ? a < b
           : operator == GREATER_OR_EQUAL ? a >= b
                                          : a <= b;
    return OK;
}

static enum err
compare_strings(enum operator operator, const struct json *argument, const struct json *v,
                bool *out, struct diag *d)
{
    struct str a = {0}, b = {0};
    enum err e = expect(v, JSON_STRING, d);
    if (!e)
        e = json_string(v, &a, d);
    if (!e)
        e = json_string(argument, &b, d);
    if (e)
        return e;
    *out = operator == STARTS_WITH ? str_starts(a, b)
           : operator == ENDS_WITH ? str_ends(a, b)
                                   : str_find(a, b) >= 0;
    return OK;
}

static enum err
array_contains(const struct json *argument, const struct json *v, bool *out, struct diag *d)
{
    enum err e = expect(v, JSON_ARRAY, d);
    if (e)
        return e;
    *out = false;
    for (const struct json *item = json_first(v); item && !*out; item = json_next(item))
        *out = json_equal(item, argument);
    return OK;
}

static enum err
has_key(const struct json *argument, const struct json *v, bool *out, struct diag *d)
{
    struct str key = {0};
    enum err e = expect(v, JSON_OBJECT, d);
    if (!e)
        e = json_string(argument, &key, d);
    if (!e)
        *out = member(v, key) != NULL;
    return e;
}

static enum err
evaluate(const struct json *operator, const struct json *v, bool *out, struct diag *d)
{
    const struct json *argument = json_first(operator);
    enum operator kind = operators[row_of(json_key(argument))].operator;
    switch (kind) {
    case GREATER_THAN:
    case LESS_THAN:
    case GREATER_OR_EQUAL:
    case LESS_OR_EQUAL: return compare_numbers(kind, argument, v, out, d);
    case STARTS_WITH:
    case ENDS_WITH:
    case CONTAINS: return compare_strings(kind, argument, v, out, d);
    case EQUALS: *out = json_equal(v, argument); return OK;
    case NOT_EQUAL: *out = !json_equal(v, argument); return OK;
    case ARRAY_CONTAINS: return array_contains(argument, v, out, d);
    case HAS_KEY: return has_key(argument, v, out, d);
    case AND: return evaluate_parts(true, argument, v, out, d);
    case OR: return evaluate_parts(false, argument, v, out, d);
    }
    return diag_set(d, ERR_INTERNAL, "no such operator");
}

enum err
filter_check(const struct filter *f, const struct json *event, bool *takes, struct diag *d)
{
    return evaluate(f->operator, event, takes, d);
}

/* --- the reason of a Close frame ---------------------------------------------------------- */

void
filter_debug_error(enum err e, struct str text, struct buf *out)
{
    const struct str type = STR("Type mismatch: expected "), got = STR(", got ");
    ptrdiff_t colon = str_find(text, STR(": ")), comma = str_find(text, got);
    struct str what = str_slice(text, colon < 0 ? 0 : (size_t)colon + 2, text.n);
    if (e == ERR_TYPE && comma >= 0 && str_starts(text, type)) {
        buf_add_c(out, "TypeMismatch { expected: ");
        debug_text(str_slice(text, type.n, (size_t)comma), out);
        buf_add_c(out, ", got: ");
        debug_text(str_slice(text, (size_t)comma + got.n, text.n), out);
        buf_add_c(out, " }");
        return;
    }
    buf_add_c(out, e == ERR_RANGE ? "InvalidArrayIndex(" : "PathNotFound(");
    debug_text(what, out);
    buf_add_byte(out, ')');
}
