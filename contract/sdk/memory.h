/* memory: memcpy and its relations, which a contract has to bring itself: there is no C library
 * in wasm32 without one, and the compiler calls them unasked. For the host machine the real
 * ones are taken. */
#ifndef CONTRACT_SDK_MEMORY_H
#define CONTRACT_SDK_MEMORY_H

#ifdef __wasm__
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
#else
#include <string.h>
#endif

#endif
