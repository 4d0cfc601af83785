/* credentials: keys from the files that NEAR's command lines keep.
 *
 * `<home>/<network>/<account>.json` (near-cli), and beside it the directory
 * `<home>/<network>/<account>/` with a file a key (near-cli-rs). The account is in the path,
 * since near-cli-rs does not write it. "private_key" or "secret_key" (validator_key.json) is
 * read, "//" comments at the start of a line are let pass. The bytes of the file are wiped; the
 * key is the caller's to wipe. Nothing here ever says what stood in a key.
 *
 * Only plain files are read, which never makes anybody wait; a pipe, which does, has a function of
 * its own. Devices, sockets and folders are refused. */
#ifndef NET_CREDENTIALS_H
#define NET_CREDENTIALS_H

#include <stdbool.h>
#include "net/base/err.h"
#include "net/near/account.h"
#include "net/near/crypto.h"

enum { CREDENTIALS_PATH_MAX = 512 };

struct credentials {
    struct secret_key key;                  /* wiped by credentials_wipe */
    struct public_key public_key;
    char path[CREDENTIALS_PATH_MAX];        /* where it was found */
    char warning[DIAG_MAX];                 /* others may read the file: a sentence; or empty */
};

/* `home`: usually "~/.near-credentials" with the ~ already made a path. ERR_NOT_FOUND names the
 * places that were looked at. */
enum err credentials_load(const char *home, const char *network,
                          const struct account_id *account, struct credentials *out,
                          struct diag *d) MUST_USE;
/* The one after `after`, the path of one that was loaded: the account's file comes first, then its
 * folder's by name. ERR_NOT_FOUND: there is no other. */
enum err credentials_load_next(const char *home, const char *network,
                               const struct account_id *account, const char *after,
                               struct credentials *out, struct diag *d) MUST_USE;
enum err credentials_load_file(const char *path, struct credentials *out, struct diag *d)
    MUST_USE;
/* The same from a pipe ("--key-file <(pass show near)"), which gives what is in it once. Waits
 * until who writes has closed it, ERR_TIMEOUT after most_ms; to be called before signals are
 * caught, so that they end the program in the meantime. */
bool credentials_is_pipe(const char *path);
enum err credentials_load_pipe(const char *path, unsigned most_ms, struct credentials *out,
                               struct diag *d) MUST_USE;
void credentials_wipe(struct credentials *c);

/* Calls `fn` for each account that has a key file in either layout, in order of name; up to
 * `most` of them. Returns how many there are. No file is opened. */
typedef void (*credentials_fn)(void *context, const struct account_id *account);
size_t credentials_list(const char *home, const char *network, size_t most, credentials_fn fn,
                        void *context);

/* The default home: $HOME/.near-credentials. */
enum err credentials_home(char out[CREDENTIALS_PATH_MAX], struct diag *d) MUST_USE;

#endif
