#include "contract/serve/filter.h"

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

bool
filter_takes_all(const struct filter *f)
{
    const struct json *list = json_find(f->operator, "And");
    return list && json_count(list) == 0;
}

/* --- paths -------------------------------------------------------------------------------- */

static enum err
not_found(struct str path, struct diag *d)
{
    return diag_set(d, ERR_NOT_FOUND, "Path not found: %.*s",
                    (int)(path.n < 100 ? path.n : 100), path.p);
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

/* "[0][1]": every index in turn. */
static enum err
take_indices(struct str rest, struct str path, const struct json **v, struct diag *d)
{
    while (rest.n) {
        ptrdiff_t end = str_find_byte(rest, ']');
        struct str digits = str_slice(rest, 1, end < 0 ? rest.n : (size_t)end);
        uint64_t index;
        if (rest.p[0] != '[' || end < 0 || !str_to_u64(digits, &index))
            return diag_set(d, ERR_RANGE, "Invalid array index in path: %.*s",
                            (int)(digits.n < 40 ? digits.n : 40), digits.p);
        if (!json_is_array(*v))
            return not_found(path, d);
        if (index >= json_count(*v))
            return diag_set(d, ERR_RANGE, "Invalid array index in path: %llu",
                            (unsigned long long)index);
        *v = json_at(*v, (size_t)index);
        rest = str_slice(rest, (size_t)end + 1, rest.n);
    }
    return OK;
}

/* "." is the value itself, "a.b" a nested key, "a[0]" an item. */
static enum err
follow(struct str path, const struct json *v, const struct json **out, struct diag *d)
{
    struct str rest = path, part;
    if (str_equal_c(path, "."))
        rest.n = 0;
    while (str_take_until(&rest, '.', &part)) {
        ptrdiff_t bracket = str_find_byte(part, '[');
        struct str key = str_slice(part, 0, bracket < 0 ? part.n : (size_t)bracket);
        if (key.n || bracket != 0) {
            v = member(v, key);
            if (!v)
                return not_found(path, d);
        }
        enum err e = take_indices(str_slice(part, key.n, part.n), path, &v, d);
        if (e)
            return e;
    }
    *out = v;
    return OK;
}

/* --- evaluating --------------------------------------------------------------------------- */

static enum err
expect(const struct json *v, enum json_type type, struct diag *d)
{
    static const char *const names[] = {"null",   "boolean", "number",
                                        "string", "array",   "object"};
    if (json_type(v) == type)
        return OK;
    return diag_set(d, ERR_TYPE, "Type mismatch: expected %s, got %s", names[type],
                    names[json_type(v)]);
}

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
