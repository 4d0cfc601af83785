#include "net/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

/* Sentences carry names and bodies from strangers: no control byte may pass. */
static void
make_printable(char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7f)
            *text = c == '\n' || c == '\t' ? ' ' : '?';
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
    make_printable(where);
    memcpy(old, diag_text(d), strlen(diag_text(d)) + 1);
    size_t room = sizeof(d->text), used = strnlen(where, room / 2);
    memcpy(d->text, where, used);
    snprintf(d->text + used, room - used, ": %.*s", (int)(room - used), old);
}

const char *
diag_text(const struct diag *d)
{
    return d->text[0] ? d->text : err_sentence(d->code);
}
