#include "net/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>
#include "net/base/xalloc.h"
#include "net/json_scan.h"

/* `struct json` is cJSON's node by another name. In our trees `valueint` of a string or number
 * is the length of `valuestring`, and a number's `valuestring` is its literal text. */
static const cJSON *
node(const struct json *v)
{
    return (const cJSON *)(const void *)v;
}

static const struct json *
value(const cJSON *item)
{
    return (const struct json *)(const void *)item;
}

static int
kind(const struct json *v)
{
    return v ? node(v)->type & 0xFF : cJSON_Invalid;
}

/* Undoes the marks of json_scan. */
static void
settle_string(cJSON *item)
{
    size_t n = strlen(item->valuestring);
    if (item->valuestring[0] == JSON_MARK_NUMBER) {
        memmove(item->valuestring, item->valuestring + 1, n);
        item->type = cJSON_Number;
        n--;
    } else {
        for (char *p = item->valuestring; (p = memchr(p, JSON_MARK_NUL,
                 (size_t)(item->valuestring + n - p))); p++)
            *p = '\0';
    }
    item->valueint = (int)n;
}

static void
settle(cJSON *item)
{
    for (; item; item = item->next) {
        if (item->type == cJSON_String)
            settle_string(item);
        if (item->child)
            settle(item->child);
    }
}

static void
use_our_allocator(void)
{
    static bool done;
    if (!done)
        cJSON_InitHooks(&(cJSON_Hooks){xmalloc, xfree});
    done = true;
}

static enum err
parse(struct str text, size_t max_bytes, bool is_secret, struct json **out, struct diag *d)
{
    if (max_bytes > JSON_BYTES_MAX)
        max_bytes = JSON_BYTES_MAX;
    if (text.n > max_bytes)
        return diag_set(d, ERR_TOO_LARGE, "%zu bytes of JSON, the limit is %zu", text.n,
                        max_bytes);
    use_our_allocator();
    struct buf copy;
    /* "1,1,…" grows fourfold: a mark and two quotes for every digit. */
    buf_init(&copy, 4 * max_bytes + 16);
    /* All the room at once, so that growing leaves no copy of a secret behind. */
    if (is_secret)
        (void)buf_reserve(&copy, 4 * text.n + 16);
    enum err e = json_scan(text, &copy, d);
    if (e)
        goto out;
    cJSON *root = cJSON_ParseWithLength(copy.p, copy.n);
    if (!root) {
        e = diag_set(d, ERR_SYNTAX, "the JSON cannot be read");
        goto out;
    }
    settle(root);
    *out = (struct json *)(void *)root;
out:
    if (is_secret && copy.p)
        buf_wipe(&copy);
    buf_release(&copy);
    return e;
}

enum err
json_parse(struct str text, size_t max_bytes, struct json **out, struct diag *d)
{
    return parse(text, max_bytes, false, out, d);
}

enum err
json_parse_secret(struct str text, size_t max_bytes, struct json **out, struct diag *d)
{
    return parse(text, max_bytes, true, out, d);
}

void
json_free(struct json *take_root)
{
    cJSON_Delete((cJSON *)(void *)take_root);
}

static void
wipe_strings(cJSON *item)
{
    for (; item; item = item->next) {
        for (volatile char *p = item->valuestring; p && item->valueint > 0; item->valueint--)
            *p++ = '\0';
        wipe_strings(item->child);
    }
}

void
json_free_secret(struct json *take_root)
{
    wipe_strings((cJSON *)(void *)take_root);
    json_free(take_root);
}

enum err
json_check(struct str text, struct diag *d)
{
    if (text.n > JSON_BYTES_MAX)
        return diag_set(d, ERR_TOO_LARGE, "%zu bytes of JSON, the limit is %d", text.n,
                        JSON_BYTES_MAX);
    return json_scan(text, NULL, d);
}

/* Its line, and its column in characters, from 1. */
static void
place_of(struct str text, size_t byte, size_t *line, size_t *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < text.n && i < byte; i++) {
        if (text.p[i] == '\n') {
            (*line)++;
            *column = 1;
        } else if (((unsigned char)text.p[i] & 0xc0) != 0x80) {
            (*column)++;
        }
    }
}

/* The scan says where, in its sentence. */
enum err
json_check_typed(struct str text, size_t *at, struct diag *d)
{
    static const char where[] = "at byte ";
    struct diag own = {0};
    size_t line, column;
    enum err e = json_check(text, &own);
    if (!e)
        return OK;
    struct str words = str_from(diag_text(&own));
    ptrdiff_t found = str_find(words, STR(where));
    size_t byte = text.n, i = 0;
    if (found >= 0) {
        words = str_slice(words, (size_t)found + sizeof(where) - 1, words.n);
        for (byte = 0; i < words.n && words.p[i] >= '0' && words.p[i] <= '9'; i++)
            byte = byte * 10 + (size_t)(words.p[i] - '0');
        i += i < words.n && words.p[i] == ':' ? 2 : 0;
        words = str_slice(words, i, words.n);
    }
    *at = byte;
    place_of(text, byte, &line, &column);
    return diag_set(d, e, "line %zu, column %zu: %.*s", line, column, STR_ARG(words));
}

bool
json_is_valid(struct str text)
{
    return json_check(text, NULL) == OK;
}

enum json_type
json_type(const struct json *v)
{
    switch (kind(v)) {
    case cJSON_False:
    case cJSON_True: return JSON_BOOL;
    case cJSON_Number: return JSON_NUMBER;
    case cJSON_String: return JSON_STRING;
    case cJSON_Array: return JSON_ARRAY;
    case cJSON_Object: return JSON_OBJECT;
    default: return JSON_NULL;
    }
}

const char *
json_type_name(enum json_type type)
{
    switch (type) {
    case JSON_NULL: return "null";
    case JSON_BOOL: return "true or false";
    case JSON_NUMBER: return "a number";
    case JSON_STRING: return "a string";
    case JSON_ARRAY: return "an array";
    case JSON_OBJECT: return "an object";
    }
    return "nothing";
}

bool
json_is_null(const struct json *v)
{
    return kind(v) == cJSON_NULL;
}

bool
json_is_string(const struct json *v)
{
    return kind(v) == cJSON_String;
}

bool
json_is_number(const struct json *v)
{
    return kind(v) == cJSON_Number;
}

bool
json_is_array(const struct json *v)
{
    return kind(v) == cJSON_Array;
}

bool
json_is_object(const struct json *v)
{
    return kind(v) == cJSON_Object;
}

static enum err
wrong_type(const struct json *v, const char *expected, struct diag *d)
{
    return diag_set(d, ERR_TYPE, "expected %s, found %s", expected,
                    json_type_name(json_type(v)));
}

static struct str
text_of(const struct json *v)
{
    return str_of(node(v)->valuestring, (size_t)node(v)->valueint);
}

enum err
json_string(const struct json *v, struct str *out, struct diag *d)
{
    if (!json_is_string(v))
        return wrong_type(v, "a string", d);
    *out = text_of(v);
    return OK;
}

enum err
json_u64(const struct json *v, uint64_t *out, struct diag *d)
{
    if (!json_is_number(v))
        return wrong_type(v, "a number", d);
    uint64_t number;
    if (!str_to_u64(text_of(v), &number))
        return diag_set(d, ERR_RANGE, "expected a whole number below 2^64, found %.40s",
                        node(v)->valuestring);
    *out = number;
    return OK;
}

enum err
json_u64_text(const struct json *v, uint64_t *out, struct diag *d)
{
    if (!json_is_string(v))
        return wrong_type(v, "a string of digits", d);
    uint64_t number;
    if (!str_to_u64(text_of(v), &number))
        return diag_set(d, ERR_RANGE, "expected digits of a number below 2^64, found \"%.40s\"",
                        node(v)->valuestring);
    *out = number;
    return OK;
}

enum err
json_bool(const struct json *v, bool *out, struct diag *d)
{
    if (kind(v) != cJSON_True && kind(v) != cJSON_False)
        return wrong_type(v, "true or false", d);
    *out = kind(v) == cJSON_True;
    return OK;
}

struct str
json_number_text(const struct json *v)
{
    return json_is_number(v) ? text_of(v) : (struct str){0};
}

double
json_number(const struct json *v)
{
    return json_is_number(v) ? strtod(node(v)->valuestring, NULL) : 0;
}

size_t
json_count(const struct json *v)
{
    size_t n = 0;
    for (const struct json *m = json_first(v); m; m = json_next(m))
        n++;
    return n;
}

const struct json *
json_first(const struct json *v)
{
    return json_is_array(v) || json_is_object(v) ? value(node(v)->child) : NULL;
}

const struct json *
json_next(const struct json *v)
{
    return value(node(v)->next);
}

const struct json *
json_at(const struct json *array, size_t index)
{
    const struct json *v = json_first(array);
    while (v && index--)
        v = json_next(v);
    return v;
}

struct str
json_key(const struct json *member)
{
    return str_from(node(member)->string);
}

const struct json *
json_find(const struct json *object, const char *key)
{
    if (!json_is_object(object))
        return NULL;
    for (const struct json *m = json_first(object); m; m = json_next(m)) {
        if (strcmp(node(m)->string, key) == 0)
            return m;
    }
    return NULL;
}

enum err
json_get(const struct json *object, const char *key, const struct json **out, struct diag *d)
{
    if (!json_is_object(object))
        return wrong_type(object, "an object", d);
    const struct json *v = json_find(object, key);
    if (!v)
        return diag_set(d, ERR_MISSING, "%s: missing", key);
    *out = v;
    return OK;
}

/* One getter by key for each getter of values. */
#define GETTER(name, type, read)                                                            \
    enum err name(const struct json *object, const char *key, type *out, struct diag *d)    \
    {                                                                                       \
        const struct json *v = NULL;                                                        \
        enum err e = json_get(object, key, &v, d);                                          \
        if (e)                                                                              \
            return e;                                                                       \
        if ((e = read(v, out, d)))                                                          \
            diag_prefix(d, "%s", key);                                                      \
        return e;                                                                           \
    }

static enum err
read_array(const struct json *v, const struct json **out, struct diag *d)
{
    if (!json_is_array(v))
        return wrong_type(v, "an array", d);
    *out = v;
    return OK;
}

static enum err
read_object(const struct json *v, const struct json **out, struct diag *d)
{
    if (!json_is_object(v))
        return wrong_type(v, "an object", d);
    *out = v;
    return OK;
}

GETTER(json_get_string, struct str, json_string)
GETTER(json_get_u64, uint64_t, json_u64)
GETTER(json_get_u64_text, uint64_t, json_u64_text)
GETTER(json_get_bool, bool, json_bool)
GETTER(json_get_array, const struct json *, read_array)
GETTER(json_get_object, const struct json *, read_object)

static bool
is_integer(struct str number)
{
    return str_find_byte(number, '.') < 0 && str_find_byte(number, 'e') < 0 &&
           str_find_byte(number, 'E') < 0;
}

static bool
equal_numbers(const struct json *a, const struct json *b)
{
    struct str x = text_of(a), y = text_of(b);
    if (is_integer(x) || is_integer(y))
        return str_equal(x, y);
    return !(json_number(a) < json_number(b)) && !(json_number(a) > json_number(b));
}

static bool
equal_objects(const struct json *a, const struct json *b)
{
    if (json_count(a) != json_count(b))
        return false;
    for (const struct json *m = json_first(a); m; m = json_next(m)) {
        const struct json *other = json_find(b, node(m)->string);
        if (!other || !json_equal(m, other))
            return false;
    }
    return true;
}

bool
json_equal(const struct json *a, const struct json *b)
{
    if (kind(a) != kind(b))
        return false;
    switch (json_type(a)) {
    case JSON_NULL:
    case JSON_BOOL: return true;
    case JSON_NUMBER: return equal_numbers(a, b);
    case JSON_STRING: return str_equal(text_of(a), text_of(b));
    case JSON_ARRAY:
        a = json_first(a);
        b = json_first(b);
        for (; a && b && json_equal(a, b); a = json_next(a))
            b = json_next(b);
        return !a && !b;
    case JSON_OBJECT: return equal_objects(a, b);
    }
    return false;
}

void
json_print(const struct json *v, struct buf *out)
{
    struct json_writer w;
    json_write_begin(&w, out);
    json_write_value(&w, v);
}

void
json_write_value(struct json_writer *w, const struct json *v)
{
    switch (json_type(v)) {
    case JSON_NULL: json_write_null(w); break;
    case JSON_BOOL: json_write_bool(w, kind(v) == cJSON_True); break;
    case JSON_NUMBER: json_write_raw(w, text_of(v)); break;
    case JSON_STRING: json_write_string(w, text_of(v)); break;
    case JSON_ARRAY:
        json_write_array(w);
        for (const struct json *m = json_first(v); m; m = json_next(m))
            json_write_value(w, m);
        json_write_array_end(w);
        break;
    case JSON_OBJECT:
        json_write_object(w);
        for (const struct json *m = json_first(v); m; m = json_next(m)) {
            json_write_key_str(w, json_key(m));
            json_write_value(w, m);
        }
        json_write_object_end(w);
        break;
    }
}
