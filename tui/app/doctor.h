/* doctor: tests every endpoint, the feed, the keys and the terminal, and says what works.
 *
 * All at once, each in its own time; what does not answer is waited for at most --timeout
 * seconds (10). Nothing is sent that could change anything, and no key is shown: only public
 * keys, and what the chain says they may do. For the demo's network the embedded chain is
 * started. --json gives one object. */
#ifndef TUI_APP_DOCTOR_H
#define TUI_APP_DOCTOR_H

#include "tui/app/config.h"
#include "tui/app/opts.h"

/* Exit status: 0 when a call could be followed and sent (an endpoint works, and no other says
 * that it is another chain), 3 when not, 64 and 78 as everywhere. */
int doctor_run(const struct opts *o, const struct config *config);

#endif
