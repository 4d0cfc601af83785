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

/* --- addresses ---------------------------------------------------------------------------- */

/* Of mainnet, unless a part of the address says testnet. */
static const char *const of_mainnet[] = {
    "nearblocks.io", "pikespeak.ai", "explorer.near.org", "explorer.mainnet.near.org",
    "fastnear.com", "nearscope.net", "nearvalidate.org", "stats.gallery", "3xpl.com", "oklink.com"};

struct address {
    struct str host, path, rest;    /* the path without, the rest with what is behind ? or # */
};

static size_t
up_to(struct str text, struct str ends)
{
    size_t n = 0;
    while (n < text.n && str_find_byte(ends, text.p[n]) < 0)
        n++;
    return n;
}

static struct address
split(struct str text)
{
    ptrdiff_t scheme = str_find(text, STR("://"));
    struct str rest = str_slice(text, scheme < 0 ? 0 : (size_t)scheme + 3, text.n);
    struct address a = {.host = str_slice(rest, 0, up_to(rest, STR("/?#")))};
    rest = str_slice(rest, a.host.n, rest.n);
    a.path = str_slice(rest, 0, up_to(rest, STR("?#")));
    a.rest = str_slice(rest, a.path.n, rest.n);
    return a;
}

/* The last part that is a hash: an account or a block may stand before it. */
static bool
find_hash(struct str text, struct hash *out, bool *is_block)
{
    struct str before = {0};
    bool is_found = false;
    while (text.n) {
        struct str part = str_slice(text, 0, up_to(text, STR("/?&=#")));
        struct hash found;
        if (hash_parse(part, &found, NULL) == OK) {
            *out = found;
            is_found = true;
            *is_block = str_equal_nocase(before, STR("block")) ||
                        str_equal_nocase(before, STR("blocks"));
        }
        before = part;
        text = str_slice(text, part.n + 1, text.n);
    }
    return is_found;
}

/* A receipt that the page is asked to show stands behind '#', its transaction in the path. */
static enum err
parse_address(struct str text, struct hash *out, const char **wrong, struct diag *d)
{
    struct address a = split(text);
    bool is_block = false;
    *wrong = text.p + text.n;
    if (!find_hash(a.path, out, &is_block) && !find_hash(a.rest, out, &is_block))
        return diag_set(d, ERR_SYNTAX, "no part of the address is a transaction's hash");
    return is_block ? diag_set(d, ERR_SYNTAX, "that is the page of a block, not of a transaction")
                    : OK;
}

/* "near.org" is the host, or a part of it begins there. */
static bool
is_of(struct str host, struct str name)
{
    return str_ends(host, name) &&
           (host.n == name.n || host.p[host.n - name.n - 1] == '.');
}

static bool
has_part(struct str text, struct str wanted)
{
    bool has = false;
    while (text.n && !has) {
        struct str part = str_slice(text, 0, up_to(text, STR("/?&=#")));
        has = str_equal_nocase(part, wanted);
        text = str_slice(text, part.n + 1, text.n);
    }
    return has;
}

static const char *
network_of_address(struct str address)
{
    struct address a = split(address);
    struct str host = a.host;
    if (str_find(host, STR("testnet")) >= 0 || str_find(host, STR(".test.")) >= 0)
        return "testnet";
    if (str_starts(host, STR("localhost")) || str_starts(host, STR("127.")) ||
        str_starts(host, STR("[::1]")))
        return "localnet";
    for (size_t i = 0; i < ARRAY_LEN(of_mainnet); i++) {
        if (!is_of(host, str_from(of_mainnet[i])))
            continue;
        return has_part(a.path, STR("testnet")) || has_part(a.rest, STR("testnet")) ? "testnet"
                                                                                    : "mainnet";
    }
    return NULL;
}

bool
target_is_page_of(struct str pattern, struct str text)
{
    struct str host = split(pattern).host;
    return host.n && str_equal_nocase(host, split(str_trim(text)).host);
}

bool
target_is_elsewhere(const struct target *t, struct str text, const struct target_place *here)
{
    struct str network = str_from(t->network);
    bool is_here = !t->network || str_equal_c(network, here->network) ||
                   (here->chain_id && str_equal_c(network, here->chain_id)) ||
                   target_is_page_of(str_from(here->pattern), text);
    return !is_here;
}

/* --- what it is --------------------------------------------------------------------------- */

static enum err
parse_signed(struct str text, size_t colon, struct target *t, const char **wrong, struct diag *d)
{
    *wrong = text.p;
    if (account_parse(str_slice(text, 0, colon), &t->signer, NULL))
        return diag_set(d, ERR_SYNTAX, "before the colon stands the signer's account");
    return parse_hash(str_slice(text, colon + 1, text.n), &t->tx, wrong, d);
}

/* Without the brackets and quotes that mail and chats put around an address. */
static struct str
bare(struct str text)
{
    text = str_trim(text);
    while (text.n && str_find_byte(STR("<\"'("), text.p[0]) >= 0)
        text = str_slice(text, 1, text.n);
    while (text.n && str_find_byte(STR(">\"'),."), text.p[text.n - 1]) >= 0)
        text = str_slice(text, 0, text.n - 1);
    return text;
}

enum err
target_parse(struct str text, struct target *out, size_t *column, struct diag *d)
{
    struct target t = {0};
    struct str all = text;
    text = bare(text);
    const char *wrong = text.p;
    ptrdiff_t colon = str_find_byte(text, ':');
    enum err e;
    t.is_page = str_find(text, STR("://")) >= 0 || str_find_byte(text, '/') >= 0;
    if (t.is_page) {
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
