#include "net/base/redact.h"

#include <string.h>

static struct {
    size_t n;
    char bytes[REDACT_LONGEST];
} keys[REDACT_KEYS_MAX];
static size_t key_count;
static struct str watched[REDACT_WATCHED_MAX];
static size_t watched_count;

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
redact_watch(struct str secret)
{
    if (watched_count < REDACT_WATCHED_MAX)
        watched[watched_count++] = secret;
}

static void
blot_key(char *p, size_t n, struct str key)
{
    struct str rest = str_of(p, n);
    for (ptrdiff_t at; (at = str_find(rest, key)) >= 0;) {
        size_t behind = (size_t)at + key.n;
        memset(p + (n - rest.n) + at, '*', key.n);
        rest = str_slice(rest, behind, rest.n);
    }
}

/* Found first, blotted out then: stretches overlap. What was wiped holds zeros, and is no text. */
static void
blot_stretches(char *p, size_t n, struct str secret)
{
    for (size_t at = 0; at + REDACT_SHORTEST <= n; at++) {
        size_t length = REDACT_SHORTEST;
        ptrdiff_t k = str_find(secret, str_of(p + at, length));
        if (k < 0 || !p[at])
            continue;
        while (at + length < n && (size_t)k + length < secret.n &&
               p[at + length] == secret.p[(size_t)k + length])
            length++;
        memset(p + at, '*', length);
    }
}

void
redact_bytes(char *p, size_t n)
{
    for (size_t i = 0; i < key_count; i++)
        blot_key(p, n, str_of(keys[i].bytes, keys[i].n));
    for (size_t i = 0; i < watched_count; i++)
        blot_stretches(p, n, watched[i]);
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
    key_count = watched_count = 0;
}
