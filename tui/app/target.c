#include "tui/app/target.h"

#include "net/near/base58.h"

/* Explorers put the hash between slashes, '=' or '#'; the last part that is a hash wins,
 * since an account or a block may stand before it. */
static enum err
parse_address(struct str rest, struct hash *out, struct diag *d)
{
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
    return is_found ? OK
                    : diag_set(d, ERR_SYNTAX, "the address holds no transaction hash (43 or 44 "
                                              "letters and digits in base58)");
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

enum err
target_parse(struct str text, struct target *out, struct diag *d)
{
    struct target t = {0};
    text = str_trim(text);
    ptrdiff_t colon = str_find_byte(text, ':');
    enum err e;
    if (str_find(text, STR("://")) >= 0) {
        e = parse_address(text, &t.tx, d);
        t.network = network_of_address(text);
    } else if (colon >= 0) {
        e = account_parse(str_slice(text, 0, (size_t)colon), &t.signer, d);
        if (!e)
            e = hash_parse(str_slice(text, (size_t)colon + 1, text.n), &t.tx, d);
    } else {
        e = hash_parse(text, &t.tx, d);
    }
    if (e) {
        diag_prefix(d, "\"%.*s\"", (int)(text.n < 80 ? text.n : 80), text.p);
        return e;
    }
    *out = t;
    return OK;
}
