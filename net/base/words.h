/* words: short texts that come again and again, kept once: the names of costs in every receipt.
 *
 * For the life of the process, at most WORDS_MOST of them of at most WORDS_LONGEST bytes: what a
 * stranger makes up cannot fill the memory. */
#ifndef NET_BASE_WORDS_H
#define NET_BASE_WORDS_H

#include <stdbool.h>
#include "net/base/str.h"

enum { WORDS_MOST = 256, WORDS_LONGEST = 47 };

/* The same text, good for ever; false: it is too long, or there is no room: *s is as it was. */
bool words_keep(struct str *s);

#endif
