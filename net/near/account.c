#include "net/near/account.h"

#include <assert.h>
#include <string.h>

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

bool
account_is_implicit(struct str text)
{
    if (text.n != 64)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            return false;
    }
    return true;
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
