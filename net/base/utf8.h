/* utf8: text from strangers, made fit for a terminal.
 *
 * One scalar at a time. Bad bytes become U+FFFD. Width follows the C library's wcwidth in the
 * locale that main() has set; before setlocale everything beyond ASCII counts as unprintable.
 * utf8_clean is the one gate: nothing from a wire reaches a terminal without it.
 *
 * Marks over letters pass it where every terminal puts them into the cell of the letter: at most
 * UTF8_MARKS behind a visible character, of scripts whose letters do not change their width by
 * them. Others are dropped, as are what picks a form of the sign before it (variation selectors,
 * joiners behind wide signs): what is drawn is then as wide as what is counted. */
#ifndef NET_BASE_UTF8_H
#define NET_BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/buf.h"
#include "net/base/str.h"

enum { UTF8_REPLACEMENT = 0xFFFD, UTF8_MARKS = 2 };

/* Takes one scalar off the front; a bad byte gives U+FFFD and takes one byte. 0 at the end
 * is told apart from U+0000 by s->n before the call. */
uint32_t utf8_take(struct str *s);
/* Writes 1 to 4 bytes and returns how many. Surrogates and beyond U+10FFFF give U+FFFD. */
int utf8_put(char out[4], uint32_t scalar);
bool utf8_is_valid(struct str s);

/* Cells a scalar takes: 1 or 2; 0 for what must not be shown (controls, C1, bidi controls,
 * zero-width and combining characters, unassigned, private use). */
int utf8_width(uint32_t scalar);
/* A mark that utf8_clean leaves where it is; its width is 0. */
bool utf8_is_mark(uint32_t scalar);
/* Cells that s takes once cleaned. */
int utf8_str_width(struct str s);

/* Appends s with everything made harmless: newline and tab become a blank, other C0 controls
 * become "^X", what utf8_width gives 0 for becomes U+FFFD, but for marks: see above. Clean
 * text is not changed by it. */
void utf8_clean(struct buf *out, struct str s);

#endif
