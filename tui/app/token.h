/* token: the secret word between a relay and its consoles: from --token-file, else from
 * $NEARTOP_RELAY_TOKEN; never from the command line, where everybody on the machine can read it. */
#ifndef TUI_APP_TOKEN_H
#define TUI_APP_TOKEN_H

#include "net/base/buf.h"
#include "net/base/err.h"

/* Appends it to out (wipe it), without the white space around it; nothing when there is none. It is
 * known to redact.h. `file` may be NULL. A file that others may read gives a warning. */
enum err token_read(const char *file, struct buf *out, char warning[DIAG_MAX], struct diag *d)
    MUST_USE;

#endif
