#include "net/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "net/base/redact.h"
#include "net/base/str.h"
#include "net/base/utf8.h"

static const struct {
    const char *name, *sentence;
} errors[] = {
#define X(name, sentence) {#name, sentence},
#include "net/base/err.def"
#undef X
};

const char *
err_sentence(enum err code)
{
    return (size_t)code < ARRAY_LEN(errors) ? errors[code].sentence : "unknown error";
}

const char *
err_name(enum err code)
{
    return (size_t)code < ARRAY_LEN(errors) ? errors[code].name : "ERR_UNKNOWN";
}

void
diag_clear(struct diag *d)
{
    if (d)
        *d = (struct diag){.code = OK};
}

/* Controls, C1 among them, and what turns the direction of text; locale plays no part. */
static bool
is_harmful(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* Sentences carry names and bodies from strangers, and vsnprintf may have cut a character. */
static void
make_printable(char *text)
{
    struct str rest = str_from(text);
    while (rest.n) {
        char *at = text + (rest.p - text);
        uint32_t scalar = utf8_take(&rest);
        size_t n = (size_t)(rest.p - at);
        if (scalar == '\n' || scalar == '\t')
            *at = ' ';
        else if (is_harmful(scalar) || (scalar == UTF8_REPLACEMENT && n == 1))
            memset(at, '?', n);
    }
}

enum err
diag_set(struct diag *d, enum err code, const char *format, ...)
{
    if (!d)
        return code;
    d->code = code;
    d->origin = 0;
    va_list args;
    va_start(args, format);
    vsnprintf(d->text, sizeof(d->text), format, args);
    va_end(args);
    redact_bytes(d->text, strlen(d->text));
    make_printable(d->text);
    return code;
}

void
diag_prefix(struct diag *d, const char *format, ...)
{
    if (!d)
        return;
    char where[DIAG_MAX], old[DIAG_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(where, sizeof(where), format, args);
    va_end(args);
    memcpy(old, diag_text(d), strlen(diag_text(d)) + 1);
    size_t room = sizeof(d->text), used = strnlen(where, room / 2);
    memcpy(d->text, where, used);
    snprintf(d->text + used, room - used, ": %.*s", (int)(room - used), old);
    redact_bytes(d->text, strlen(d->text));
    make_printable(d->text);
}

const char *
diag_text(const struct diag *d)
{
    return d->text[0] ? d->text : err_sentence(d->code);
}
