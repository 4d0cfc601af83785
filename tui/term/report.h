/* report: what a terminal says a mouse has done, in the form of SGR 1006: "0;12;5M" behind
 * "ESC [ <". Numbers that no terminal sends are refused. */
#ifndef TUI_TERM_REPORT_H
#define TUI_TERM_REPORT_H

#include "tui/input/key.h"

enum { REPORT_MAX = 24 };           /* bytes of one, with its last letter */

bool mouse_report(struct str text, struct mouse *out);

#endif
