#include "tui/app/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "net/base/file.h"
#include "net/base/redact.h"
#include "net/near/crypto.h"
#include "tui/app/config.h"

enum { TOKEN_MAX = 900 };

static const char variable[] = "NEARTOP_RELAY_TOKEN";

static enum err
check(struct str token, const char *from, struct diag *d)
{
    if (!token.n)
        return diag_set(d, ERR_SYNTAX, "%s: the token is empty", from);
    for (size_t i = 0; i < token.n; i++) {
        if (token.p[i] <= 0x20 || token.p[i] > 0x7e)
            return diag_set(d, ERR_SYNTAX, "%s: the token is no single line of printable bytes",
                            from);
    }
    if (token.n < REDACT_SHORTEST)
        return diag_set(d, ERR_RANGE, "%s: the token has %zu bytes, at least %d are needed, and 16 where "
                        "other machines come in", from, token.n, REDACT_SHORTEST);
    enum err e = redact_keep(token, d);
    if (e)
        diag_prefix(d, "%s", from);
    return e;
}

enum err
token_read(const char *file, struct buf *out, char warning[DIAG_MAX], struct diag *d)
{
    char path[CONFIG_PATH_MAX];
    struct stat st;
    struct buf bytes;
    const char *value = getenv(variable), *from = file ? "--token-file" : variable;
    enum err e = OK;
    warning[0] = '\0';
    if (!file && (!value || !value[0]))
        return OK;
    buf_init(&bytes, TOKEN_MAX);
    if (!file)
        buf_add_c(&bytes, value);
    else if (!(e = config_expand(file, path, d)) && (e = file_read(path, &bytes, d)))
        diag_prefix(d, "%s", from);
    else if (!e && stat(path, &st) == 0 && st.st_mode & 077)
        snprintf(warning, DIAG_MAX, "%.200s: others may read this token: chmod 600 is right", path);
    struct str token = str_trim(buf_str(&bytes));
    if (!e)
        e = check(token, from, d);
    if (!e)
        buf_add_str(out, token);
    if (bytes.n)
        wipe(bytes.p, bytes.n);
    buf_release(&bytes);
    return e;
}
