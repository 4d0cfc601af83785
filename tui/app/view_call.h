/* view_call: `neartop view`: one question to a contract, one answer, no transaction.
 *
 * Prints what the method returned on standard output: JSON in one line, other bytes as text
 * when they are text, else in base64 behind "base64:". Control characters never reach a
 * terminal. Logs and complaints go to standard error. On the demo's network the embedded chain is
 * started for the question. */
#ifndef TUI_APP_VIEW_CALL_H
#define TUI_APP_VIEW_CALL_H

#include "tui/app/config.h"
#include "tui/app/opts.h"

/* The exit status: 0, 1 the contract failed, 3 no answer, 64 wrong usage. */
int view_call_run(const struct opts *o, const struct config *config);

#endif
