/* store: records of a chain in a file of a folder, "chain.sqlite". The only user of SQLite.
 *
 * store_write stores some records all together or not at all: killed at any moment, the file
 * holds what was written before or all of it. Every record has a checksum. One process at a
 * time: a second one is refused. Of power cuts it survives with a whole chain, too, which may
 * then lack the last blocks.
 *
 * Knows nothing of what the records mean, but for the number of their form. */
#ifndef CONTRACT_SERVE_STORE_H
#define CONTRACT_SERVE_STORE_H

#include <stdbool.h>
#include "contract/chain/keep.h"
#include "net/base/arena.h"

struct store;

/* Makes folder and file if they are not there. ERR_REFUSED: somebody else has it open;
 * ERR_UNSUPPORTED: it is of another form; ERR_SYNTAX: damaged, or not ours; ERR_IO. */
enum err store_open(const char *folder, struct store **out, struct diag *d) MUST_USE;
void store_close(struct store *take_store);         /* NULL is fine */

/* All records, in the arena. None: the store is new. */
enum err store_read(struct store *s, struct arena *arena, struct chain_record **out,
                    size_t *count, struct diag *d) MUST_USE;

/* After a failure (a full disk, say) nothing more is taken. */
enum err store_write(struct store *s, const struct chain_record *records, size_t count,
                     struct diag *d) MUST_USE;

#endif
