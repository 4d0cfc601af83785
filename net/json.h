/* json: text to a tree that can be asked, and values to text.
 *
 * The only user of cJSON. cJSON keeps numbers as doubles and strings without a length; gas,
 * nonces and nanoseconds do not fit a double and strings from contracts may hold a NUL. So a
 * scan comes first: it checks the text strictly (RFC 8259, valid UTF-8, depth at most
 * JSON_DEPTH_MAX) and hands every number to cJSON as a marked string of its very digits. Hence
 * no number is ever rounded, and json_print gives the digits back that came in.
 *
 * A tree has one owner, the one who parsed; every `const struct json *` and `struct str` got
 * from it is borrowed until json_free. Of a key that stands twice the first one counts.
 *
 * Getters put the key in front of what they complain of ("gas_burnt: expected a number, found
 * a string"); callers prefix where they are, so that a path grows from the inside out. */
#ifndef NET_JSON_H
#define NET_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/buf.h"
#include "net/base/err.h"
#include "net/base/str.h"

enum {
    JSON_DEPTH_MAX = 64,            /* when reading */
    JSON_WRITE_DEPTH_MAX = 96,      /* when writing: what was read fits inside what is ours */
    JSON_BYTES_MAX = 16 * 1024 * 1024,
    JSON_VALUES_MAX = 2000000       /* a value costs some hundred bytes of memory */
};

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json;    /* a value; the root of a tree or one inside it */

/* The whole text is one value. More than max_bytes (or JSON_BYTES_MAX, or JSON_VALUES_MAX) is
 * ERR_TOO_LARGE, too deep is ERR_RANGE, anything else ERR_SYNTAX with the place ("at byte 7"). */
enum err json_parse(struct str text, size_t max_bytes, struct json **out, struct diag *d)
    MUST_USE;
void json_free(struct json *take_root);     /* NULL is fine; roots only */
/* For text with a secret in it: what was made of it on the way, and the strings of the tree
 * when it is freed, are zeroed. The text itself is the caller's. */
enum err json_parse_secret(struct str text, size_t max_bytes, struct json **out,
                           struct diag *d) MUST_USE;
void json_free_secret(struct json *take_root);

/* The same check without a tree. */
enum err json_check(struct str text, struct diag *d) MUST_USE;
/* For what a person typed: the sentence begins with "line 1, column 2: ", both from 1, the column in
 * characters; *at is its byte. */
enum err json_check_typed(struct str text, size_t *at, struct diag *d) MUST_USE;
bool json_is_valid(struct str text);

/* --- asking a value ----------------------------------------------------------------- */

enum json_type json_type(const struct json *v);
const char *json_type_name(enum json_type type);    /* "a string", for sentences */
bool json_is_null(const struct json *v);
bool json_is_string(const struct json *v);
bool json_is_number(const struct json *v);
bool json_is_array(const struct json *v);
bool json_is_object(const struct json *v);

enum err json_string(const struct json *v, struct str *out, struct diag *d) MUST_USE;
/* A number without sign, fraction or exponent, up to 2^64 - 1, exactly. */
enum err json_u64(const struct json *v, uint64_t *out, struct diag *d) MUST_USE;
/* A string of decimal digits, as RPC writes amounts and nanoseconds. */
enum err json_u64_text(const struct json *v, uint64_t *out, struct diag *d) MUST_USE;
enum err json_bool(const struct json *v, bool *out, struct diag *d) MUST_USE;
/* A number's own digits; empty for other types. */
struct str json_number_text(const struct json *v);
/* The nearest double: for comparing only. 0 for other types. */
double json_number(const struct json *v);

/* Members of an array or object in order: for (v = json_first(a); v; v = json_next(v)). */
size_t json_count(const struct json *v);
const struct json *json_first(const struct json *v);
const struct json *json_next(const struct json *v);
const struct json *json_at(const struct json *array, size_t index);    /* NULL past the end */
struct str json_key(const struct json *member);     /* of a member of an object; else empty */

/* --- asking an object by key -------------------------------------------------------- */

/* NULL when there is none, or when `object` is no object. */
const struct json *json_find(const struct json *object, const char *key);
/* ERR_MISSING when there is none, ERR_TYPE when `object` is no object. */
enum err json_get(const struct json *object, const char *key, const struct json **out,
                  struct diag *d) MUST_USE;
enum err json_get_string(const struct json *object, const char *key, struct str *out,
                         struct diag *d) MUST_USE;
enum err json_get_u64(const struct json *object, const char *key, uint64_t *out,
                      struct diag *d) MUST_USE;
enum err json_get_u64_text(const struct json *object, const char *key, uint64_t *out,
                           struct diag *d) MUST_USE;
enum err json_get_bool(const struct json *object, const char *key, bool *out, struct diag *d)
    MUST_USE;
enum err json_get_array(const struct json *object, const char *key, const struct json **out,
                        struct diag *d) MUST_USE;
enum err json_get_object(const struct json *object, const char *key, const struct json **out,
                         struct diag *d) MUST_USE;

/* Equal in depth, whatever the order of keys. 1 and 1.0 differ, as on NEAR's own feed. */
bool json_equal(const struct json *a, const struct json *b);

/* Appends compact text. */
void json_print(const struct json *v, struct buf *out);

/* --- writing ------------------------------------------------------------------------ */

/* Puts commas, quotes and escapes; asserts that keys stand in objects only and that what was
 * begun is ended. Bytes that are not UTF-8 become U+FFFD; whatever a terminal might obey
 * (controls, C1, bidi) is escaped. Overflow shows in the buffer. */
struct json_writer {
    struct buf *out;        /* borrowed from whoever began until the end of writing */
    unsigned depth;         /* containers open */
    bool is_object[JSON_WRITE_DEPTH_MAX];       /* per depth */
    bool has_member[JSON_WRITE_DEPTH_MAX];
    bool after_key;
};

void json_write_begin(struct json_writer *w, struct buf *out);
void json_write_object(struct json_writer *w);
void json_write_object_end(struct json_writer *w);
void json_write_array(struct json_writer *w);
void json_write_array_end(struct json_writer *w);
void json_write_key(struct json_writer *w, const char *key);
void json_write_key_str(struct json_writer *w, struct str key);
void json_write_string(struct json_writer *w, struct str s);
void json_write_c(struct json_writer *w, const char *s);            /* NULL writes null */
void json_write_u64(struct json_writer *w, uint64_t value);
void json_write_i64(struct json_writer *w, int64_t value);
void json_write_decimal(struct json_writer *w, uint64_t value);     /* in quotes */
void json_write_bool(struct json_writer *w, bool value);
void json_write_null(struct json_writer *w);
void json_write_raw(struct json_writer *w, struct str json);        /* known to be valid */
void json_write_value(struct json_writer *w, const struct json *v);  /* NULL writes null */

/* Key and value at once. */
void json_put_string(struct json_writer *w, const char *key, struct str s);
void json_put_c(struct json_writer *w, const char *key, const char *s);
void json_put_u64(struct json_writer *w, const char *key, uint64_t value);
void json_put_decimal(struct json_writer *w, const char *key, uint64_t value);
void json_put_bool(struct json_writer *w, const char *key, bool value);
void json_put_null(struct json_writer *w, const char *key);
void json_put_known_u64(struct json_writer *w, const char *key, bool is_known, uint64_t value);
                                                                    /* null when it is not */
void json_put_raw(struct json_writer *w, const char *key, struct str json);
void json_put_value(struct json_writer *w, const char *key, const struct json *v);
void json_put_object(struct json_writer *w, const char *key);       /* begins it */
void json_put_array(struct json_writer *w, const char *key);        /* begins it */

/* Appends s in quotes, escaped as above. */
void json_quote(struct str s, struct buf *out);

#endif
