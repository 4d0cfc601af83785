/* nonce_folder: where programs of one user tell each other which nonces they took (net/nonces.h):
 * $XDG_RUNTIME_DIR, or, where a login made none (cron, a container), the folder of caches. */
#ifndef TUI_APP_NONCE_FOLDER_H
#define TUI_APP_NONCE_FOLDER_H

#include "net/base/arena.h"

/* NULL: there is none. Made in the arena, or the environment's. */
const char *nonce_folder(struct arena *arena);

#endif
