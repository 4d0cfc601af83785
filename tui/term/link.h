/* link: cells that lead to an address, by OSC 8.
 *
 * Curses knows no links: the cells are written once more, as they are, with the address around
 * them; cursor and colours are left as they were. */
#ifndef TUI_TERM_LINK_H
#define TUI_TERM_LINK_H

#include "net/base/buf.h"
#include "tui/theme/theme.h"
#include "tui/view/cells.h"

/* Terminals that say so, or are known to follow them; others are spared the bytes. NEARTOP_LINKS
 * in the environment decides: 0 is no, anything else yes. */
bool link_is_followed(const char *terminal);
/* The bytes for c->link on a terminal of so many colours. */
void link_write(struct buf *out, const struct cells *c, const struct theme *t, int colours);

#endif
