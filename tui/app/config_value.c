/* Single values: what each kind of config.def has to look like. */
#include <string.h>
#include "net/url.h"
#include "tui/app/config.h"

bool
config_is_name(struct str text)
{
    static const char known[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    for (size_t i = 0; i < text.n; i++) {
        if (!strchr(known, text.p[i]))
            return false;
    }
    return text.n && text.p[0] != '.';
}

static bool
parse_yes(const char *text, uint32_t *out)
{
    *out = strcmp(text, "yes") == 0;
    return *out || strcmp(text, "no") == 0;
}

static enum err
check_address(const struct config_rule *rule, const char *text, struct diag *d)
{
    struct url url;
    bool is_feed = rule->kind == CONFIG_FEED;
    if (is_feed && strcmp(text, "off") == 0)
        return OK;
    enum err e = url_parse(str_from(text), &url, d);
    if (!e && url.is_websocket != is_feed)
        e = diag_set(d, ERR_SYNTAX, "expected an address that begins with %s%s, found \"%.10s\"",
                     is_feed ? "ws:// or wss://" : "http:// or https://",
                     is_feed ? ", or off" : "", text);
    return e;
}

static enum err
check_page(const char *text, struct diag *d)
{
    struct str all = str_from(text);
    bool is_fine = (str_starts(all, STR("https://")) || str_starts(all, STR("http://"))) &&
                   str_find(all, STR("{tx}")) > 0;
    for (size_t i = 0; i < all.n; i++)
        is_fine = is_fine && all.p[i] > ' ' && all.p[i] < 0x7F;
    return is_fine ? OK
                   : diag_set(d, ERR_SYNTAX, "expected https://… with {tx} in the place of the "
                              "transaction's hash, found \"%.60s\"", text);
}

/* "Name: value" as HTTP has it. A key that has no place in it would not be sent. */
static enum err
check_header(const char *text, struct diag *d)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "!#$%&'*+-.^_`|~";
    size_t n = strspn(text, letters);
    if (n == 0 || text[n] != ':' || !strstr(text + n, "{key}"))
        return diag_set(d, ERR_SYNTAX, "expected \"Name: {key}\", with {key} where the API key "
                        "stands");
    return OK;
}

static enum err
check_when(const char *text, struct diag *d)
{
    if (strcmp(text, "auto") == 0 || strcmp(text, "always") == 0 || strcmp(text, "never") == 0)
        return OK;
    return diag_set(d, ERR_SYNTAX, "expected auto, always or never, found \"%.40s\"", text);
}

static enum err
check_kind(const struct config_rule *rule, const char *text, uint32_t *number, struct diag *d)
{
    uint64_t value = 0;
    switch (rule->kind) {
    case CONFIG_NUMBER:
        if (!str_to_u64(str_from(text), &value) || value < rule->least || value > rule->most)
            return diag_set(d, ERR_RANGE, "expected a whole number from %u to %u, found "
                            "\"%.40s\"", rule->least, rule->most, text);
        *number = (uint32_t)value;
        return OK;
    case CONFIG_YESNO:
        return parse_yes(text, number) ? OK : diag_set(d, ERR_SYNTAX, "expected yes or no, found "
                                                       "\"%.40s\"", text);
    case CONFIG_NAME:
        return config_is_name(str_from(text))
                   ? OK : diag_set(d, ERR_SYNTAX, "expected letters, digits, '-', '_' and '.', "
                                   "found \"%.40s\"", text);
    case CONFIG_HTTP:
    case CONFIG_FEED: return check_address(rule, text, d);
    case CONFIG_PAGE: return check_page(text, d);
    case CONFIG_HEADER: return check_header(text, d);
    case CONFIG_WHEN: return check_when(text, d);
    case CONFIG_NAMES:
    case CONFIG_ACCOUNT:
    case CONFIG_ARGS:
    case CONFIG_GAS:
    case CONFIG_DEPOSIT:
    case CONFIG_MODE: return config_check_call_value(rule->kind, text, d);
    case CONFIG_TEXT: break;
    }
    return OK;
}

enum err
config_check_value(const struct config_rule *rule, const char *text, uint32_t *number,
                   struct diag *d)
{
    bool is_number = rule->kind == CONFIG_NUMBER || rule->kind == CONFIG_YESNO;
    enum err e = check_kind(rule, text, number, d);
    if (!e && !is_number && strlen(text) > rule->most)
        e = diag_set(d, ERR_TOO_LARGE, "more than %u bytes", rule->most);
    if (e && d)
        diag_prefix(d, "%s", rule->key);
    return e;
}
