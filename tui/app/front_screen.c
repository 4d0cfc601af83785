/* stub until the view is there */
#include "tui/app/session.h"
static enum err screen_open(struct session *s, struct diag *d) { (void)s; return diag_set(d, ERR_UNSUPPORTED, "no screen yet"); }
const struct front front_screen = {.open = screen_open};
