/* near_cli: the grammar of near-cli-rs, so that `near` can be replaced by `neartop`.
 *
 *     contract call-function as-transaction CONTRACT METHOD FORM ARGS
 *         prepaid-gas GAS attached-deposit AMOUNT sign-as ACCOUNT
 *         network-config NETWORK SIGN-WITH… send
 *     contract call-function as-read-only CONTRACT METHOD FORM ARGS network-config NETWORK
 *         now | at-block-height HEIGHT | at-block-hash HASH
 *     transaction view-status HASH network-config NETWORK
 *
 * FORM is json-args, text-args, base64-args or file-args. SIGN-WITH is sign-with-keychain,
 * sign-with-legacy-keychain, sign-with-access-key-file FILE or
 * sign-with-plaintext-private-key KEY; --signer-public-key behind them picks one of several keys.
 * Words stand in this order, as that program's own
 * command line has them; its prompts for what is missing are sentences here. --quiet,
 * --teach-me and --offline are taken and change nothing. What it knows and neartop does not
 * (ledgers, seed phrases, MPC, DAO proposals, signing for later) is refused by name.
 *
 * Nothing is done here: the result is the same `struct opts` as that of call, view or watch. */
#ifndef TUI_APP_NEAR_CLI_H
#define TUI_APP_NEAR_CLI_H

#include <stdbool.h>
#include "tui/app/opts.h"

/* The first word, flags left aside, belongs to this grammar. */
bool near_cli_knows(int argc, char **argv);

/* The name of a command of near-cli's or near-cli-rs's. */
bool near_cli_has_command(const char *name);

/* argv is kept by reference. neartop's own options (--plain, --json, …) may stand anywhere. */
enum err near_cli_parse(int argc, char **argv, struct opts *out, struct diag *d) MUST_USE;

#endif
