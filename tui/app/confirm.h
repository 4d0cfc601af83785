/* confirm: what will be sent and what it can cost, said before anything is signed.
 *
 * `--dry-run` prints it and is done; nothing is asked of the network. Where tokens are real
 * (mainnet by whatever address, and every network but the embedded chain, one on this machine and
 * testnet) it is shown with the price of gas of that moment, and answered by a person at the
 * terminal or by --yes beforehand. What a node itself calls its chain is looked at when it is sent
 * (preflight.h). */
#ifndef TUI_APP_CONFIRM_H
#define TUI_APP_CONFIRM_H

#include "net/base/buf.h"
#include "tui/app/plan.h"

/* Lines of "name  value". gas_price NULL: the lowest there is, and said so. */
void confirm_describe(const struct plan *p, const struct network *n,
                      const struct amount *gas_price, struct buf *out);
/* The same in sentences, a line each. */
void confirm_say(const struct plan *p, const struct network *n, const struct amount *gas_price,
                 struct buf *out);

/* Tokens on this network are worth something. */
bool confirm_is_needed(const struct network *n);

/* Asks at the terminal, in sentences when it is plain; blocks. OK: send it. ERR_REFUSED: no.
 * ERR_SYNTAX: nobody can be asked and there was no --yes. */
enum err confirm_ask(const struct plan *p, const struct network *n, bool is_plain,
                     struct diag *d) MUST_USE;

#endif
