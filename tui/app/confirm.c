#include "tui/app/confirm.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "net/base/utf8.h"
#include "net/decode.h"
#include "net/http.h"
#include "net/near/cost.h"
#include "net/rpc.h"
#include "net/url.h"
#include "tui/out/say.h"

enum { DECIMALS = 6, ARGS_SHOWN = 2000, PRICE_TIMEOUT_MS = 8000, TEXT_MAX = 16384 };

/* --- what it is --------------------------------------------------------------------------- */

static void
add_line(struct buf *out, const char *name, struct str value)
{
    buf_addf(out, "%-10s", name);
    utf8_clean(out, str_slice(value, 0, ARGS_SHOWN));
    buf_add_c(out, value.n > ARGS_SHOWN ? " …\n" : "\n");
}

/* "at most 0.02 NEAR: …"; false: it cannot be counted. */
static bool
add_cost(struct buf *out, const struct plan *p, const struct amount *gas_price)
{
    char total[AMOUNT_NEAR_TEXT], gas[AMOUNT_NEAR_TEXT];
    struct tx_most most;
    struct transaction tx = {.signer = p->signer, .receiver = p->receiver, .action_count = 1};
    struct action action = p->action;
    tx.actions = &action;
    struct amount price = gas_price ? *gas_price : amount_of(COST_LOWEST_GAS_PRICE);
    if (!tx_cost_most(&tx, price, &most))
        return false;
    buf_addf(out, "at most %s: %s for gas %s, whose unused part comes back%s",
             amount_near_text(most.total, DECIMALS, total),
             amount_near_text(most.for_gas, DECIMALS, gas),
             gas_price ? "at the present price" : "at the lowest price (a busy chain asks more)",
             amount_is_zero(most.deposits) ? "" : ", and the deposit");
    return true;
}

static void
add_deposit(struct buf *out, const struct plan *p)
{
    char deposit[AMOUNT_TEXT], near[AMOUNT_NEAR_TEXT];
    buf_add_c(out, amount_near_text(p->action.deposit, DECIMALS, near));
    if (!amount_is_zero(p->action.deposit))
        buf_addf(out, ", %s yoctoNEAR", amount_text(p->action.deposit, deposit));
}

void
confirm_describe(const struct plan *p, const struct network *n, const struct amount *gas_price,
                 struct buf *out)
{
    char gas[GAS_TEXT];
    add_line(out, "network", str_from(n->name));
    add_line(out, "signer", account_str(&p->signer));
    add_line(out, "contract", account_str(&p->receiver));
    add_line(out, "method", p->action.method);
    if (utf8_is_valid(p->action.args))
        add_line(out, "arguments", p->action.args);
    else
        buf_addf(out, "%-10s%zu bytes\n", "arguments", p->action.args.n);
    buf_addf(out, "%-10s%s Tgas\n", "gas", gas_text_exact(p->action.gas, gas));
    buf_addf(out, "%-10s", "deposit");
    add_deposit(out, p);
    buf_addf(out, "\n%-10s", "costs");
    if (!add_cost(out, p, gas_price))
        buf_add_c(out, "more than there can be");
    buf_add_c(out, "\n");
}

void
confirm_say(const struct plan *p, const struct network *n, const struct amount *gas_price,
            struct buf *out)
{
    char gas[GAS_TEXT];
    buf_addf(out, "%s would call ", p->signer.s);
    utf8_clean(out, p->action.method);
    buf_addf(out, " on %s, on the network %s.\nThe arguments are ", p->receiver.s, n->name);
    say_value(out, p->action.args, ARGS_SHOWN);
    buf_addf(out, ".\nIt is given %s Tgas and a deposit of ", gas_text_exact(p->action.gas, gas));
    add_deposit(out, p);
    buf_add_c(out, ".\nIt costs ");
    if (!add_cost(out, p, gas_price))
        buf_add_c(out, "more than there can be");
    buf_add_c(out, ".\n");
}

bool
confirm_is_needed(const struct network *n)
{
    struct url url;
    bool is_here = url_parse(str_from(n->rpc), &url, NULL) == OK && url.is_loopback;
    if (n->is_embedded || strcmp(n->chain_id, "testnet") == 0)
        return false;
    /* The way to mainnet may begin on this machine, as a tunnel does. */
    return !is_here || strcmp(n->chain_id, "mainnet") == 0;
}

/* --- the price of gas ----------------------------------------------------------------------- */

struct price {
    struct loop *loop;
    bool is_known;
    struct amount amount;
};

static void
on_price(void *context, const struct rpc_reply *reply)
{
    struct price *p = context;
    p->is_known = reply->fault == RPC_FINE &&
                  decode_gas_price(reply->result, &p->amount, NULL) == OK;
    loop_stop(p->loop);
}

static struct price
ask_price(const struct network *n)
{
    struct price p = {.loop = loop_new()};
    struct network_headers headers;
    struct endpoint_config endpoints[ENDPOINTS_MAX];
    const struct rpc_config config = {
        .url = n->rpc,
        .endpoints = endpoints,
        .endpoint_count = network_endpoints(n, &headers, endpoints),
        .timeout_ms = PRICE_TIMEOUT_MS,
    };
    struct http *http = http_new(p.loop);
    struct rpc *rpc = rpc_new(p.loop, http, &config);
    struct rpc_request *request = rpc_start(rpc, "gas_price", STR("[null]"), 1, on_price, &p);
    (void)request;      /* over when the loop is */
    loop_run(p.loop);
    rpc_free(rpc);
    http_free(http);
    loop_free(p.loop);
    return p;
}

/* --- the question ------------------------------------------------------------------------- */

static bool
is_yes(const char *line)
{
    struct str answer = str_trim(str_from(line));
    return str_equal_nocase(answer, STR("y")) || str_equal_nocase(answer, STR("yes"));
}

enum err
confirm_ask(const struct plan *p, const struct network *n, bool is_plain, struct diag *d)
{
    struct buf text;
    char line[16] = "";
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return diag_set(d, ERR_SYNTAX, "tokens on %s are worth something, and nobody can be asked "
                        "here: --yes says that it shall be sent", n->name);
    struct price price = ask_price(n);
    const struct amount *gas_price = price.is_known ? &price.amount : NULL;
    buf_init(&text, TEXT_MAX);
    if (is_plain)
        confirm_say(p, n, gas_price, &text);
    else
        confirm_describe(p, n, gas_price, &text);
    fprintf(stderr, "%s%s", buf_c(&text),
            is_plain ? "Shall it be signed and sent? Type yes, or anything else for no: "
                     : "\nSign it and send it? [y/N] ");
    fflush(stderr);
    buf_release(&text);
    bool is_read = fgets(line, sizeof(line), stdin) != NULL;
    return is_read && is_yes(line) ? OK : diag_set(d, ERR_REFUSED, "nothing was signed or sent");
}
