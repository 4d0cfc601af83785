/* fault: sets the drills of an embedded chain that runs, over its own JSON-RPC. */
#ifndef TUI_APP_FAULT_H
#define TUI_APP_FAULT_H

#include <stdint.h>

/* list NULL changes nothing. Prints what is on; returns the program's exit status. */
int fault_run(const char *list, uint64_t port);

#endif
