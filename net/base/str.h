/* str: a view of bytes that somebody else owns, and a cursor to take it apart.
 *
 * Not terminated, not necessarily text. `const struct str` as a parameter is borrowed for
 * the call only; a stored one says at its field from whom and until when. Taking functions
 * move the front of the view forward and never write to what it points at. */
#ifndef NET_BASE_STR_H
#define NET_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/macros.h"

struct str {
    const char *p;  /* may be NULL only when n is 0 */
    size_t n;       /* bytes */
};

/* For a literal: STR("abc"). */
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
/* For printf's "%.*s". */
#define STR_ARG(s) (int)(s).n, (s).p

struct str str_from(const char *terminated);        /* NULL gives the empty view */
struct str str_of(const void *p, size_t n);

bool str_equal(struct str a, struct str b);
bool str_equal_c(struct str a, const char *terminated);
bool str_equal_nocase(struct str a, struct str b);  /* ASCII letters only */
int str_compare(struct str a, struct str b);        /* as bytes; a prefix comes first */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Index of the first occurrence, or -1. */
ptrdiff_t str_find(struct str s, struct str needle);
ptrdiff_t str_find_byte(struct str s, char byte);

struct str str_trim(struct str s);                  /* ASCII white space, both ends */
struct str str_slice(struct str s, size_t from, size_t to);     /* clipped to the view */

/* Takes everything up to `byte` off the front, and `byte` itself. Without one, takes all.
 * False when *s was empty. */
bool str_take_until(struct str *s, char byte, struct str *out);

/* The whole view is a decimal number within u64. No sign, no blanks. */
bool str_to_u64(struct str s, uint64_t *out) MUST_USE;

/* Copies into a fixed array and terminates it; false (and an empty string) when it does not
 * fit or holds a NUL byte. */
bool str_copy(struct str s, char *out, size_t out_size) MUST_USE;

#endif
