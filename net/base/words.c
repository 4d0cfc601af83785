#include "net/base/words.h"

#include <stdint.h>
#include <string.h>

enum { SLOTS = WORDS_MOST * 2 };        /* a power of two; never more than half are taken */

static struct word {
    unsigned char n;
    char text[WORDS_LONGEST];           /* not terminated */
} words[SLOTS];
static size_t count;

static uint32_t
hash_of(struct str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 16777619u;
    return h;
}

bool
words_keep(struct str *s)
{
    if (!s->n || s->n > WORDS_LONGEST)
        return false;
    size_t i = hash_of(*s) % SLOTS;
    while (words[i].n && !str_equal(str_of(words[i].text, words[i].n), *s))
        i = (i + 1) % SLOTS;
    if (!words[i].n) {
        if (count == WORDS_MOST)
            return false;
        count++;
        words[i].n = (unsigned char)s->n;
        memcpy(words[i].text, s->p, s->n);
    }
    *s = str_of(words[i].text, words[i].n);
    return true;
}
