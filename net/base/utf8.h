/* utf8: text from strangers, made fit for a terminal.
 *
 * One scalar at a time. Bad bytes become U+FFFD. Width follows the C library's wcwidth in the
 * locale that main() has set; before setlocale everything beyond ASCII counts as unprintable.
 * utf8_clean is the one gate: nothing from a wire reaches a terminal without it. */
#ifndef NET_BASE_UTF8_H
#define NET_BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/buf.h"
#include "net/base/str.h"

enum { UTF8_REPLACEMENT = 0xFFFD };

/* Takes one scalar off the front; a bad byte gives U+FFFD and takes one byte. 0 at the end
 * is told apart from U+0000 by s->n before the call. */
uint32_t utf8_take(struct str *s);
/* Writes 1 to 4 bytes and returns how many. Surrogates and beyond U+10FFFF give U+FFFD. */
int utf8_put(char out[4], uint32_t scalar);
bool utf8_is_valid(struct str s);

/* Cells a scalar takes: 1 or 2; 0 for what must not be shown (controls, C1, bidi controls,
 * zero-width and combining characters, unassigned, private use). */
int utf8_width(uint32_t scalar);
/* Cells that s takes once cleaned. */
int utf8_str_width(struct str s);

/* Appends s with everything made harmless: newline and tab become a blank, other C0 controls
 * become "^X", what utf8_width gives 0 for becomes U+FFFD, combining marks are dropped. */
void utf8_clean(struct buf *out, struct str s);

#endif
