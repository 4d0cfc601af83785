/* json: reading and writing JSON inside a contract, without a heap and without recursion.
 *
 * json_parse() checks a whole text against RFC 8259 and then some: the bytes must be UTF-8,
 * every \u surrogate must have its other half, and nesting ends at JSON_DEPTH_MAX. What it
 * hands out are slices of that text, borrowed; numbers stay text, to the last digit. Members
 * are found by their decoded names, and the first of two equal names wins.
 *
 * A json_writer puts the commas itself. Values go in the order in which they are written;
 * there is no check that keys and values alternate, only json_writer.to.full to look at in
 * the end. */
#ifndef CONTRACT_SDK_JSON_H
#define CONTRACT_SDK_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "contract/sdk/text.h"
#include "contract/sdk/u128.h"

#define JSON_DEPTH_MAX 32               /* arrays and objects inside each other; at most 64 */

enum json_type {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

struct json_value {
    struct text text;                   /* as it stands there, no spaces around it */
    enum json_type type;
};

struct json_error {
    const char *what;                   /* "a string without an end" */
    size_t at;                          /* byte, from 0 */
};

/* One value and nothing else but spaces around it. On failure only *error is set. */
bool json_parse(struct text text, struct json_value *value, struct json_error *error);

/* Goes through an array or an object that json_parse() gave out. For an array the key stays
 * as it is. False at the end. */
struct json_cursor {
    struct text rest;
    bool is_object;
};
struct json_cursor json_begin(struct json_value container);
bool json_next(struct json_cursor *cursor, struct json_value *key, struct json_value *value);

/* False when there is no such member, or the value is no object. */
bool json_member(struct json_value object, const char *name, struct json_value *member);

/* What a string says, without quotes and escapes: never more bytes than value.text.n. Writes
 * into the caller's room and returns the number of bytes. */
size_t json_decode(struct json_value string, char *to);
/* Compares what a string says, without room for it. */
bool json_says(struct json_value string, struct text expected);

struct json_writer {
    struct writer to;
    bool comma;                         /* the next value or key needs one before it */
};

struct json_writer json_writer_over(char *p, size_t max);
void json_open(struct json_writer *w, char bracket);        /* '{' or '[' */
void json_close(struct json_writer *w, char bracket);       /* '}' or ']' */
void json_key(struct json_writer *w, const char *name);
void json_put_null(struct json_writer *w);
void json_put_bool(struct json_writer *w, bool value);
void json_put_u64(struct json_writer *w, uint64_t value);
void json_put_i64(struct json_writer *w, int64_t value);
/* Must be UTF-8. Escapes what has to be and leaves the rest as it is. */
void json_put_text(struct json_writer *w, struct text value);
void json_put_u128(struct json_writer *w, struct u128 value);   /* as a string: "125" */
/* JSON already. */
void json_put_raw(struct json_writer *w, struct text json);

#endif
