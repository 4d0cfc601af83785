#include "net/near/account.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "net/base/utf8.h"

static bool
is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool
account_is_valid(struct str text)
{
    if (text.n < 2 || text.n > ACCOUNT_MAX)
        return false;
    bool after_separator = true;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool is_separator = c == '-' || c == '_' || c == '.';
        if (!is_separator && !is_word_byte(c))
            return false;
        if (is_separator && after_separator)
            return false;
        after_separator = is_separator;
    }
    return !after_separator;
}

/* Lengths come first, then the first character that cannot stand where it does. */
const char *
account_fault(struct str text, char out[ACCOUNT_FAULT_TEXT])
{
    int shown = (int)(text.n < 70 ? text.n : 70), length;
    bool after_separator = true;
    size_t i = 0;
    length = snprintf(out, ACCOUNT_FAULT_TEXT, "invalid value: \"%.*s\", the Account ID ", shown,
                      text.p ? text.p : "");
    char *rest = out + length;
    size_t room = ACCOUNT_FAULT_TEXT - (size_t)length;
    if (text.n < 2 || text.n > ACCOUNT_MAX) {
        snprintf(rest, room, "is too %s", text.n < 2 ? "short" : "long");
        return out;
    }
    for (; i < text.n; i++) {
        bool is_separator = text.p[i] == '-' || text.p[i] == '_' || text.p[i] == '.';
        if (!is_separator && !is_word_byte(text.p[i])) {
            struct str behind = str_slice(text, i, text.n);
            utf8_take(&behind);
            struct str at = str_slice(text, i, text.n - behind.n);
            snprintf(rest, room, "contains an invalid character '%.*s' at index %zu", STR_ARG(at),
                     i);
            return out;
        }
        if (is_separator && after_separator)
            break;
        after_separator = is_separator;
    }
    i -= i == text.n;
    snprintf(rest, room, "has a redundant separator '%c' at index %zu", text.p[i], i);
    return out;
}

enum err
account_parse(struct str text, struct account_id *out, struct diag *d)
{
    if (!account_is_valid(text))
        return diag_set(d, ERR_SYNTAX,
                        "\"%.*s\" is no account name: 2 to 64 of a-z 0-9 with single - _ . between",
                        (int)(text.n < 70 ? text.n : 70), text.p ? text.p : "");
    memset(out, 0, sizeof(*out));
    memcpy(out->s, text.p, text.n);
    return OK;
}

struct account_id
account_of(const char *text)
{
    struct account_id id;
    enum err e = account_parse(str_from(text), &id, NULL);
    assert(e == OK);
    (void)e;
    return id;
}

struct str
account_str(const struct account_id *id)
{
    return str_from(id->s);
}

bool
account_equal(const struct account_id *a, const struct account_id *b)
{
    return strcmp(a->s, b->s) == 0;
}

bool
account_is_sub_of(struct str child, struct str parent)
{
    if (child.n <= parent.n + 1 || !str_ends(child, parent))
        return false;
    struct str head = str_slice(child, 0, child.n - parent.n - 1);
    return child.p[head.n] == '.' && str_find_byte(head, '.') < 0;
}

static bool
is_hex(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            return false;
    }
    return true;
}

bool
account_is_implicit(struct str text)
{
    return text.n == 64 && is_hex(text);
}

bool
account_is_ethereum(struct str text)
{
    return text.n == 42 && str_starts(text, STR("0x")) && is_hex(str_slice(text, 2, text.n));
}

bool
account_is_system(const struct account_id *id)
{
    return strcmp(id->s, "system") == 0;
}

size_t
account_shard_index(struct str account, const struct account_id *boundaries, size_t n)
{
    size_t index = 0;
    while (index < n && str_compare(account_str(&boundaries[index]), account) <= 0)
        index++;
    return index;
}
