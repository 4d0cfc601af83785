#include "net/base/redact.h"

#include <string.h>

static struct {
    size_t n;
    char bytes[REDACT_LONGEST];
} keys[REDACT_KEYS_MAX];
static size_t key_count;

enum err
redact_keep(struct str secret, struct diag *d)
{
    if (secret.n < REDACT_SHORTEST || secret.n > REDACT_LONGEST)
        return diag_set(d, ERR_RANGE, "an API key has %d to %d bytes; this one has %zu",
                        REDACT_SHORTEST, REDACT_LONGEST, secret.n);
    for (size_t i = 0; i < key_count; i++) {
        if (str_equal(secret, str_of(keys[i].bytes, keys[i].n)))
            return OK;
    }
    if (key_count == REDACT_KEYS_MAX)
        return diag_set(d, ERR_RANGE, "more than %d API keys", REDACT_KEYS_MAX);
    memcpy(keys[key_count].bytes, secret.p, secret.n);
    keys[key_count++].n = secret.n;
    return OK;
}

void
redact_bytes(char *p, size_t n)
{
    for (size_t i = 0; i < key_count; i++) {
        struct str key = str_of(keys[i].bytes, keys[i].n), rest = str_of(p, n);
        for (ptrdiff_t at; (at = str_find(rest, key)) >= 0;) {
            size_t behind = (size_t)at + key.n;
            memset(p + (n - rest.n) + at, '*', key.n);
            rest = str_slice(rest, behind, rest.n);
        }
    }
}

void
redact_forget(void)
{
    /* Volatile, so that the compiler does not take the writes for useless. */
    for (size_t i = 0; i < key_count; i++) {
        volatile char *byte = keys[i].bytes;
        for (size_t k = 0; k < keys[i].n; k++)
            byte[k] = 0;
        keys[i].n = 0;
    }
    key_count = 0;
}
