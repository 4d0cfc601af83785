#include "tests/support/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

static const char digits[] = "0123456789abcdef";

static unsigned
nibble(char c)
{
    const char *at = c ? strchr(digits, c) : NULL;
    if (!at)
        fail_msg("'%c' is no lower-case hex digit", c);
    return (unsigned)(at - digits);
}

struct str
hex_bytes(struct arena *arena, struct str text)
{
    if (text.n % 2)
        fail_msg("%zu hex digits", text.n);
    char *out = arena_alloc(arena, text.n / 2 + 1);
    for (size_t i = 0; i < text.n / 2; i++)
        out[i] = (char)(nibble(text.p[2 * i]) << 4 | nibble(text.p[2 * i + 1]));
    return str_of(out, text.n / 2);
}

const char *
hex_text(struct arena *arena, struct str bytes)
{
    char *out = arena_alloc(arena, bytes.n * 2 + 1);
    for (size_t i = 0; i < bytes.n; i++) {
        out[2 * i] = digits[(uint8_t)bytes.p[i] >> 4];
        out[2 * i + 1] = digits[(uint8_t)bytes.p[i] & 15];
    }
    out[2 * bytes.n] = '\0';
    return out;
}
