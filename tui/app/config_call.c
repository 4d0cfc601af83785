/* Values of "[call NAME]": accounts, arguments, amounts, and what must be there. */
#include <string.h>
#include "net/json.h"
#include "net/near/account.h"
#include "net/near/amount.h"
#include "tui/app/config.h"

static enum err
check_names(struct str text, struct diag *d)
{
    struct str name;
    while (str_take_until(&text, ' ', &name)) {
        if (name.n && !config_is_name(name))
            return diag_set(d, ERR_SYNTAX, "expected names of networks with blanks between, found "
                            "\"%.*s\"", (int)(name.n < 40 ? name.n : 40), name.p);
    }
    return OK;
}

/* What stands in a file is read when the call is made. */
static enum err
check_args(struct str text, struct diag *d)
{
    if (text.n && text.p[0] == '@')
        return text.n > 1 ? OK : diag_set(d, ERR_SYNTAX, "expected the name of a file behind @");
    enum err e = json_check(text, d);
    if (e)
        diag_prefix(d, "expected JSON text on this line and indented ones, or @FILE; it is no JSON");
    return e;
}

enum err
config_check_call_value(enum config_kind kind, const char *text, struct diag *d)
{
    struct account_id account;
    struct amount amount;
    uint64_t gas;
    switch (kind) {
    case CONFIG_NAMES: return check_names(str_from(text), d);
    case CONFIG_ACCOUNT: return account_parse(str_from(text), &account, d);
    case CONFIG_ARGS: return check_args(str_from(text), d);
    case CONFIG_GAS: return gas_parse_typed(str_from(text), &gas, d);
    case CONFIG_DEPOSIT: return amount_parse_typed(str_from(text), &amount, d);
    case CONFIG_MODE:
        if (strcmp(text, "parallel") == 0 || strcmp(text, "sequential") == 0 ||
            strcmp(text, "batch") == 0)
            return OK;
        return diag_set(d, ERR_SYNTAX, "expected parallel, sequential or batch, found \"%.40s\"",
                        text);
    case CONFIG_TEXT:
    case CONFIG_NAME:
    case CONFIG_HTTP:
    case CONFIG_FEED:
    case CONFIG_PAGE:
    case CONFIG_HEADER:
    case CONFIG_WHEN:
    case CONFIG_NUMBER:
    case CONFIG_YESNO: break;
    }
    return ERR_INTERNAL;
}

enum err
config_check_calls(const struct config *c, const char *origin, struct diag *d)
{
    for (size_t i = 0; i < c->call_count; i++) {
        const struct config_call *call = &c->calls[i];
        const char *mode = call->mode.text;
        const char *missing = !call->contract.text[0] ? "contract"
                              : !call->method.text[0] ? "method"
                              : strcmp(mode, "sequential") == 0 && !call->sequential.text[0]
                                  ? "sequential"
                              : strcmp(mode, "batch") == 0 && !call->batch.text[0] ? "batch"
                                                                                   : NULL;
        if (missing)
            return diag_set(d, ERR_MISSING, "%s line %d: [call %s] needs \"%s = …\"", origin,
                            call->line, call->name, missing);
    }
    return OK;
}
