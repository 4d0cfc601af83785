/* text: bytes with a length, borrowed, and a writer of bytes into a buffer of fixed size.
 *
 * A struct text owns nothing. A writer never writes past its end: the first thing that does
 * not fit is left out whole, `full` is set and stays set, and nothing more is taken. */
#ifndef CONTRACT_SDK_TEXT_H
#define CONTRACT_SDK_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    const char *p;
    size_t n;
};

struct text text_of(const char *terminated);
bool text_equal(struct text a, struct text b);
bool text_is(struct text a, const char *terminated);

struct writer {
    char *p;            /* borrowed */
    size_t n, max;
    bool full;          /* something did not fit; sticky */
};

struct writer writer_over(char *p, size_t max);
void write_bytes(struct writer *w, const void *p, size_t n);
void write_text(struct writer *w, struct text t);
void write_c(struct writer *w, const char *terminated);
void write_byte(struct writer *w, char byte);
void write_u64(struct writer *w, uint64_t value);
struct text writer_text(const struct writer *w);

#endif
