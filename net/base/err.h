/* err: what a function that can fail returns, and the sentence that goes with it.
 *
 * The enum is for the program, `struct diag` for the person. A function that can fail returns
 * `enum err`, writes its outputs only on success, and takes `struct diag *d` last: it is
 * filled where the fact is known and never overwritten by callers further up, who may only
 * put their own place in front of it (diag_prefix). `d` may be NULL: nobody is listening. */
#ifndef NET_BASE_ERR_H
#define NET_BASE_ERR_H

#include <stdbool.h>
#include "net/base/macros.h"

enum err {
#define X(name, sentence) name,
#include "net/base/err.def"
#undef X
};

enum { DIAG_MAX = 256 };

struct diag {
    enum err code;
    int origin;             /* errno, curl, HTTP or uv code; 0 when there is none */
    char text[DIAG_MAX];    /* one sentence without a final newline; always terminated */
};

/* The default sentence of a code. Never NULL. */
const char *err_sentence(enum err code);

/* The name of a code as it stands in the source, "ERR_SYNTAX": for machine-readable output. */
const char *err_name(enum err code);

void diag_clear(struct diag *d);

/* Fills d and returns code, so that one line both tells and leaves:
 * `return diag_set(d, ERR_SYNTAX, "gas: no unit after %s", text);` Bytes that are not
 * printable become '?', since parts of the sentence may come from a wire; API keys become
 * '*' (redact.h). */
enum err diag_set(struct diag *d, enum err code, const char *format, ...) PRINTF_LIKE(3, 4);

/* Puts "where: " in front of the sentence. Keeps the code. */
void diag_prefix(struct diag *d, const char *format, ...) PRINTF_LIKE(2, 3);

/* The sentence of d, or that of its code when it has none. */
const char *diag_text(const struct diag *d);

#endif
