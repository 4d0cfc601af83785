/* nonce_folder: where programs of one user tell each other which nonces they took (net/nonces.h):
 * $XDG_RUNTIME_DIR, or, where a login made none (cron, a container), the folder of caches. */
#ifndef TUI_APP_NONCE_FOLDER_H
#define TUI_APP_NONCE_FOLDER_H

#include "net/base/arena.h"

/* NULL: there is none. Made in the arena, or the environment's. */
const char *nonce_folder(struct arena *arena);

/* What keeps one chain's nonces from another's, by the address of one of its nodes: for chains on
 * this machine the port, since many of them have the same accounts and keys; for all others "". The
 * same network goes by several names and addresses, and where the same key is the same account's on
 * two networks, their nonces are far apart, and a gap would harm nobody. */
const char *nonce_chain(const char *url, struct arena *arena);

#endif
