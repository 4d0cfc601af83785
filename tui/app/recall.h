/* recall: the calls that were written on this machine, for the form to begin with.
 *
 * $XDG_STATE_HOME/neartop/calls.jsonl, or ~/.local/state/neartop/calls.jsonl, for its owner alone:
 * an object a line, the oldest first, as it was typed. Each call is there once, at the place of
 * its last time; at most RECALL_MOST of them, the oldest leave. Several programs may add at the
 * same time. A line that cannot be read is passed over, and gone when the next call is added.
 *
 * Keys are no part of a call. What could hold one all the same, by what its arguments look like
 * or because an API key is in them (redact.h), is not kept. */
#ifndef TUI_APP_RECALL_H
#define TUI_APP_RECALL_H

#include "net/base/arena.h"
#include "net/base/err.h"

enum { RECALL_MOST = 200, RECALL_PATH_MAX = 512, RECALL_BYTES_MAX = 4 * 1024 * 1024 };

struct recall_entry {
    const char *network, *contract, *method, *args, *gas, *deposit, *signer;
};

struct recall {
    struct arena arena;
    struct recall_entry entry[RECALL_MOST];   /* the oldest first; texts in the arena */
    size_t count;
};

/* Where it is; false: nowhere, since neither XDG_STATE_HOME nor HOME says so. */
bool recall_path(char out[RECALL_PATH_MAX]);

void recall_init(struct recall *h);
void recall_release(struct recall *h);
/* What is there, of all networks; a file that is missing has nothing. */
enum err recall_load(struct recall *h, const char *path, struct diag *d) MUST_USE;
/* Adds a call to the file, and makes `h` what the file then has. ERR_REFUSED: it could hold a
 * secret; nothing was written. */
enum err recall_add(struct recall *h, const char *path, const struct recall_entry *entry,
                     struct diag *d) MUST_USE;

#endif
