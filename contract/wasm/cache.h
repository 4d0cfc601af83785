/* cache: compiled contracts that outlive the process, in a folder.
 *
 * A folder for each: the object and what the preparation found. Its name is a hash of the code,
 * of this program's own way of compiling (its sources, see the Makefile) and of the tools' size
 * and age, so that whatever changes, nothing old is run. What is loaded is run: the folder must
 * belong to this user, and nobody else may write there; an object is compared with the hash that
 * was noted when it was made. Objects together are at most CACHE_MAX_BYTES; the ones that were
 * not used for longest go first. Refused code is not kept. */
#ifndef CONTRACT_WASM_CACHE_H
#define CONTRACT_WASM_CACHE_H

#include "contract/wasm/prepare.h"

#define CACHE_MAX_BYTES (UINT64_C(256) << 20)

/* From now on, in this folder. It need not be there yet. */
enum err cache_open(const char *folder, struct diag *d) MUST_USE;
void cache_close(void);
bool cache_is_open(void);
/* Where new ones are made: the folder, made with its parents if need be. NULL when it cannot be
 * used, which closes the cache, or is not open. */
const char *cache_folder(void);

/* True: there is one, whole, and *folder is where. */
bool cache_find(const struct hash *code_hash, struct arena *arena,
                char folder[PREPARE_PATH_MAX], struct prepared *out);
/* Moves the finished folder to its place, and makes room. False: it stays where it was. */
bool cache_keep(const struct hash *code_hash, char folder[PREPARE_PATH_MAX]);

#endif
