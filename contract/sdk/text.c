#include "contract/sdk/text.h"

#include "contract/sdk/memory.h"

struct text
text_of(const char *terminated)
{
    return (struct text){terminated, strlen(terminated)};
}

bool
text_equal(struct text a, struct text b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

bool
text_is(struct text a, const char *terminated)
{
    return text_equal(a, text_of(terminated));
}

struct writer
writer_over(char *p, size_t max)
{
    return (struct writer){.p = p, .max = max};
}

void
write_bytes(struct writer *w, const void *p, size_t n)
{
    if (w->full || n > w->max - w->n) {
        w->full = true;
        return;
    }
    memcpy(w->p + w->n, p, n);
    w->n += n;
}

void
write_text(struct writer *w, struct text t)
{
    write_bytes(w, t.p, t.n);
}

void
write_c(struct writer *w, const char *terminated)
{
    write_text(w, text_of(terminated));
}

void
write_byte(struct writer *w, char byte)
{
    write_bytes(w, &byte, 1);
}

void
write_u64(struct writer *w, uint64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    write_bytes(w, digits + at, sizeof(digits) - at);
}

struct text
writer_text(const struct writer *w)
{
    return (struct text){w->p, w->n};
}
