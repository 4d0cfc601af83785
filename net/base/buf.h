/* buf: bytes that grow up to a stated ceiling.
 *
 * Every buffer gets its maximum at creation. An append that would cross it changes nothing
 * but sets `overflowed`, which stays set: a chain of appends is checked once, at the end.
 * After any append the byte behind the last is NUL, so text can be handed to C functions. */
#ifndef NET_BASE_BUF_H
#define NET_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/macros.h"
#include "net/base/str.h"

struct buf {
    char *p;            /* owned; NULL while nothing was appended */
    size_t n;           /* bytes used, without the NUL */
    size_t capacity;    /* bytes allocated */
    size_t max;         /* ceiling for n */
    bool overflowed;    /* an append did not fit; sticky until buf_clear */
};

void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);
void buf_clear(struct buf *b);              /* keeps the memory */
void buf_wipe(struct buf *b);               /* zeroes the memory first: for what was secret */

bool buf_add(struct buf *b, const void *p, size_t n);
bool buf_add_str(struct buf *b, struct str s);
bool buf_add_c(struct buf *b, const char *terminated);
bool buf_add_byte(struct buf *b, char byte);
bool buf_add_repeat(struct buf *b, char byte, size_t count);
bool buf_add_u64(struct buf *b, uint64_t value);
bool buf_addf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

/* Room for n more bytes to be written in place; NULL past the ceiling. buf_grew() says how
 * many of them were used. */
char *buf_reserve(struct buf *b, size_t n);
void buf_grew(struct buf *b, size_t n);

/* Drops n bytes from the front. */
void buf_drop(struct buf *b, size_t n);

/* Borrowed until the next change of b. */
struct str buf_str(const struct buf *b);
const char *buf_c(const struct buf *b);     /* never NULL */

/* Takes the bytes out as a terminated string, owned by the caller; b is empty after. */
char *buf_take(struct buf *b) MUST_USE;

#endif
