#include "tui/model/target.h"

#include "net/near/base58.h"

enum { HASH_SIGNS = 44 };

static bool
is_base58(char c)
{
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return (c >= '1' && c <= '9') || (is_letter && c != 'I' && c != 'O' && c != 'l');
}

static enum err
parse_hash(struct str text, struct hash *out, const char **wrong, struct diag *d)
{
    size_t n = 0;
    if (hash_parse(text, out, NULL) == OK)
        return OK;
    while (n < text.n && is_base58(text.p[n]))
        n++;
    *wrong = text.p + n;
    if (n < text.n && (unsigned char)text.p[n] > ' ' && (unsigned char)text.p[n] < 0x7F)
        return diag_set(d, ERR_SYNTAX, "no hash has a \"%c\": digits and letters but 0 I O l",
                        text.p[n]);
    if (n < text.n)
        return diag_set(d, ERR_SYNTAX, "a hash has digits and letters alone, but 0 I O l");
    *wrong = text.n > HASH_SIGNS ? text.p + HASH_SIGNS : text.n == HASH_SIGNS ? text.p : *wrong;
    if (text.n == HASH_SIGNS)
        return diag_set(d, ERR_SYNTAX, "that is more than the 32 bytes of a hash");
    return diag_set(d, ERR_SYNTAX, "a hash has 43 or 44 letters and digits, this has %zu", text.n);
}

/* Explorers put the hash between slashes, '=' or '#'; the last part that is a hash wins,
 * since an account or a block may stand before it. */
static enum err
parse_address(struct str text, struct hash *out, const char **wrong, struct diag *d)
{
    struct str rest = text;
    bool is_found = false;
    while (rest.n) {
        size_t n = 0;
        while (n < rest.n && !str_equal(str_slice(rest, n, n + 1), STR("/")) &&
               str_find_byte(STR("?&=#"), rest.p[n]) < 0)
            n++;
        struct hash found;
        if (hash_parse(str_slice(rest, 0, n), &found, NULL) == OK) {
            *out = found;
            is_found = true;
        }
        rest = str_slice(rest, n + 1, rest.n);
    }
    *wrong = text.p + text.n;
    return is_found ? OK
                    : diag_set(d, ERR_SYNTAX, "no part of the address is a transaction's hash");
}

static const char *
network_of_address(struct str address)
{
    struct str rest = str_slice(address, (size_t)str_find(address, STR("://")) + 3, address.n);
    size_t n = 0;
    while (n < rest.n && str_find_byte(STR("/?#"), rest.p[n]) < 0)
        n++;
    struct str host = str_slice(rest, 0, n);
    if (str_find(host, STR("testnet")) >= 0)
        return "testnet";
    bool is_here = str_starts(host, STR("localhost")) || str_starts(host, STR("127.")) ||
                   str_starts(host, STR("[::1]"));
    return is_here ? "localnet" : "mainnet";
}

static enum err
parse_signed(struct str text, size_t colon, struct target *t, const char **wrong, struct diag *d)
{
    *wrong = text.p;
    if (account_parse(str_slice(text, 0, colon), &t->signer, NULL))
        return diag_set(d, ERR_SYNTAX, "before the colon stands the signer's account");
    return parse_hash(str_slice(text, colon + 1, text.n), &t->tx, wrong, d);
}

enum err
target_parse(struct str text, struct target *out, size_t *column, struct diag *d)
{
    struct target t = {0};
    struct str all = text;
    text = str_trim(text);
    const char *wrong = text.p;
    ptrdiff_t colon = str_find_byte(text, ':');
    enum err e;
    if (str_find(text, STR("://")) >= 0) {
        e = parse_address(text, &t.tx, &wrong, d);
        t.network = network_of_address(text);
    } else if (colon >= 0) {
        e = parse_signed(text, (size_t)colon, &t, &wrong, d);
    } else if (str_find_byte(text, '.') > 0 && account_is_valid(text)) {
        wrong = text.p + text.n;
        e = diag_set(d, ERR_SYNTAX, "an account alone is too little: account:hash");
    } else {
        e = parse_hash(text, &t.tx, &wrong, d);
    }
    if (e) {
        if (column)
            *column = all.n ? (size_t)(wrong - all.p) : 0;
        return e;
    }
    *out = t;
    return OK;
}

enum err
target_read(const char *text, struct target *out, struct diag *d)
{
    enum err e = target_parse(str_from(text), out, NULL, d);
    if (e)
        diag_prefix(d, "\"%.80s\"", text);
    return e;
}

bool
target_page(struct str pattern, const struct hash *tx, struct buf *out)
{
    char hash[HASH_TEXT];
    struct str mark = STR("{tx}");
    ptrdiff_t at = str_find(pattern, mark);
    if (at < 0)
        return false;
    buf_add_str(out, str_slice(pattern, 0, (size_t)at));
    buf_add_c(out, hash_text(tx, hash));
    buf_add_str(out, str_slice(pattern, (size_t)at + mark.n, pattern.n));
    return true;
}
