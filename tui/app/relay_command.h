/* relay_command: `neartop relay`: one poller of a network for many consoles, until a signal. */
#ifndef TUI_APP_RELAY_COMMAND_H
#define TUI_APP_RELAY_COMMAND_H

#include "tui/app/config.h"
#include "tui/app/opts.h"

/* Prints {"event":"ready","ws":"ws://…"} when it listens. Returns the exit status. */
int relay_run(const struct opts *o, const struct config *config);

#endif
