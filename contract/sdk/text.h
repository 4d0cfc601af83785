/* text: bytes with a length, text that grows in a fixed buffer, and the few functions of
 * memory that a compiler expects to find. No libc, no heap: a contract's memory is fresh at
 * every call, so static buffers are enough. */
#ifndef CONTRACT_SDK_TEXT_H
#define CONTRACT_SDK_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    const char *p;
    uint32_t n;
};

#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})

/* A buffer to write in. One that overflows ends the call with a sentence. */
struct out {
    char *p;
    uint32_t n, room;
};

#define OUT(array) {(array), 0, sizeof(array)}

struct text text_of(const char *terminated);
bool text_equal(struct text a, struct text b);
struct text out_text(const struct out *o);
void out_byte(struct out *o, char c);
void out_add(struct out *o, struct text t);
void out_c(struct out *o, const char *terminated);
void out_u64(struct out *o, uint64_t value);

/* 128 bits, for amounts of tokens. */
struct u128 {
    uint64_t lo, hi;
};

bool u128_add(struct u128 a, struct u128 b, struct u128 *sum);      /* false: overflow */
bool u128_sub(struct u128 a, struct u128 b, struct u128 *rest);     /* false: below zero */
int u128_compare(struct u128 a, struct u128 b);
bool u128_parse(struct text digits, struct u128 *out);
void out_u128(struct out *o, struct u128 value);
/* a * 100 / b, for ratios with two decimals; b is not zero. Saturates. */
uint64_t u128_percent(struct u128 a, struct u128 b);

void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
void *memmove(void *to, const void *from, size_t n);
int memcmp(const void *a, const void *b, size_t n);

#endif
