#include "tests/support/json_schema.h"

#include <regex.h>
#include <string.h>
#include "net/base/xalloc.h"

struct check {
    const struct json *root;
    struct buf *why;
};

static bool fits(const struct check *k, const struct json *schema, const struct json *value);

static bool
complain(const struct check *k, const char *what, const struct json *about)
{
    buf_addf(k->why, "%s", what);
    if (about) {
        buf_add_byte(k->why, ' ');
        json_print(about, k->why);
    }
    return false;
}

static bool
is_of_type(const struct json *value, struct str name)
{
    struct str digits = json_number_text(value);
    switch (json_type(value)) {
    case JSON_NULL: return str_equal_c(name, "null");
    case JSON_BOOL: return str_equal_c(name, "boolean");
    case JSON_STRING: return str_equal_c(name, "string");
    case JSON_ARRAY: return str_equal_c(name, "array");
    case JSON_OBJECT: return str_equal_c(name, "object");
    case JSON_NUMBER:
        return str_equal_c(name, "number") ||
               (str_equal_c(name, "integer") && str_find_byte(digits, '.') < 0 &&
                str_find_byte(digits, 'e') < 0);
    }
    return false;
}

static bool
fits_type(const struct check *k, const struct json *type, const struct json *value)
{
    struct str name;
    bool fit = json_string(type, &name, NULL) == OK && is_of_type(value, name);
    for (const struct json *v = json_is_array(type) ? json_first(type) : NULL; v && !fit;
         v = json_next(v))
        fit = json_string(v, &name, NULL) == OK && is_of_type(value, name);
    return fit || complain(k, "the type is not", type);
}

static bool
fits_enum(const struct check *k, const struct json *list, const struct json *value)
{
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        if (json_equal(v, value))
            return true;
    }
    return complain(k, "the value is none of", list);
}

static bool
fits_pattern(const struct check *k, const struct json *pattern, const struct json *value)
{
    struct str text, string;
    regex_t regex;
    if (json_string(pattern, &text, NULL) || json_string(value, &string, NULL))
        return complain(k, "a pattern is for strings:", pattern);
    char *terminated = xstrndup(text.p, text.n), *subject = xstrndup(string.p, string.n);
    bool fit = regcomp(&regex, terminated, REG_EXTENDED | REG_NOSUB) == 0;
    if (fit) {
        fit = regexec(&regex, subject, 0, NULL, 0) == 0;
        regfree(&regex);
    }
    xfree(terminated);
    xfree(subject);
    return fit || complain(k, "the string does not match", pattern);
}

static bool
fits_required(const struct check *k, const struct json *list, const struct json *value)
{
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        struct str name;
        bool is_there = false;
        if (json_string(v, &name, NULL))
            return complain(k, "no name:", v);
        for (const struct json *m = json_first(value); m && !is_there; m = json_next(m))
            is_there = str_equal(json_key(m), name);
        if (!is_there)
            return complain(k, "it lacks", v);
    }
    return true;
}

static const struct json *
find_key(const struct json *object, struct str key)
{
    for (const struct json *m = json_first(object); m; m = json_next(m)) {
        if (str_equal(json_key(m), key))
            return m;
    }
    return NULL;
}

static bool
fits_members(const struct check *k, const struct json *schema, const struct json *value)
{
    const struct json *properties = json_find(schema, "properties");
    const struct json *others = json_find(schema, "additionalProperties");
    bool are_others_allowed = true;
    if (others && json_bool(others, &are_others_allowed, NULL))
        return complain(k, "additionalProperties is no bool", NULL);
    for (const struct json *m = json_first(value); m; m = json_next(m)) {
        const struct json *s = find_key(properties, json_key(m));
        if (!s && are_others_allowed)
            continue;
        if (!s || !fits(k, s, m)) {
            buf_addf(k->why, " at %.*s", STR_ARG(json_key(m)));
            return s ? false : complain(k, ": not in the schema", NULL);
        }
    }
    return true;
}

static bool
fits_items(const struct check *k, const struct json *schema, const struct json *value)
{
    for (const struct json *v = json_first(value); v; v = json_next(v)) {
        if (!fits(k, schema, v))
            return complain(k, " in an item", NULL);
    }
    return true;
}

/* When none fits, the complaints of all are kept: one of them is the right one. */
static bool
fits_one(const struct check *k, const struct json *list, const struct json *value)
{
    int count = 0;
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        if (fits(k, v, value))
            count++;
        else
            buf_add_c(k->why, "; ");
    }
    if (count == 1)
        buf_clear(k->why);
    return count == 1 || complain(k, count ? "more than one fits" : "none fits", NULL);
}

static bool
fits_reference(const struct check *k, const struct json *reference, const struct json *value)
{
    struct str path, head = STR("#/$defs/");
    if (json_string(reference, &path, NULL) || !str_starts(path, head))
        return complain(k, "no reference:", reference);
    const struct json *schema = find_key(json_find(k->root, "$defs"),
                                         str_slice(path, head.n, path.n));
    return schema ? fits(k, schema, value) : complain(k, "leads nowhere:", reference);
}

static bool
fits_keyword(const struct check *k, const struct json *schema, const struct json *m,
             const struct json *value)
{
    struct str key = json_key(m);
    if (str_equal_c(key, "$ref"))
        return fits_reference(k, m, value);
    if (str_equal_c(key, "type"))
        return fits_type(k, m, value);
    if (str_equal_c(key, "const"))
        return json_equal(m, value) || complain(k, "the value is not", m);
    if (str_equal_c(key, "enum"))
        return fits_enum(k, m, value);
    if (str_equal_c(key, "pattern"))
        return fits_pattern(k, m, value);
    if (str_equal_c(key, "required"))
        return fits_required(k, m, value);
    if (str_equal_c(key, "properties"))
        return fits_members(k, schema, value);
    if (str_equal_c(key, "items"))
        return fits_items(k, m, value);
    if (str_equal_c(key, "oneOf"))
        return fits_one(k, m, value);
    if (str_equal_c(key, "additionalProperties") || str_equal_c(key, "$defs") ||
        str_equal_c(key, "$schema") || str_equal_c(key, "title"))
        return true;
    return complain(k, "the schema has a keyword that is not understood:", m);
}

static bool
fits(const struct check *k, const struct json *schema, const struct json *value)
{
    for (const struct json *m = json_first(schema); m; m = json_next(m)) {
        if (!fits_keyword(k, schema, m, value))
            return false;
    }
    return true;
}

bool
json_schema_fits(const struct json *schema, const struct json *value, struct buf *why)
{
    const struct check k = {schema, why};
    return fits(&k, schema, value);
}
