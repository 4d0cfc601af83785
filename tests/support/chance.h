/* chance: numbers that look like chance, and are the same in every run: xorshift, as Marsaglia
 * gives it for 64 bits. */
#ifndef TESTS_SUPPORT_CHANCE_H
#define TESTS_SUPPORT_CHANCE_H

#include <stdint.h>

/* The next one; *state is anything but 0. */
static inline uint64_t
chance_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

#endif
