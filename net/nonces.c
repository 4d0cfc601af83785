#include "net/nonces.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "net/base/clock.h"

enum { PATH_BYTES = 1024, TEXT_BYTES = 24, LOCK_PAUSE_MS = 1, LOCK_TRIES = 100 };

static bool
path_of(const char *folder, const char *chain, const struct transaction *tx, char path[PATH_BYTES])
{
    struct hasher h;
    struct hash id;
    hasher_init(&h);
    hasher_add(&h, chain, strlen(chain) + 1);
    hasher_add(&h, tx->signer.s, strlen(tx->signer.s) + 1);
    hasher_add(&h, tx->key.b, public_key_bytes(&tx->key));
    id = hasher_end(&h);
    int n = snprintf(path, PATH_BYTES, "%s/neartop", folder);
    if (n < 0 || n >= PATH_BYTES - TEXT_BYTES)
        return false;
    (void)mkdir(path, 0700);
    snprintf(path + n, PATH_BYTES - (size_t)n, "/nonce-%02x%02x%02x%02x%02x%02x", id.b[0], id.b[1],
             id.b[2], id.b[3], id.b[4], id.b[5]);
    return true;
}

/* What another program took just now; 0: nothing that counts. */
static uint64_t
read_last(int fd, uint64_t least)
{
    char text[TEXT_BYTES] = "";
    struct stat st;
    uint64_t last = 0;
    ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
    if (n <= 0 || fstat(fd, &st) || clock_wall_ns() / NS_PER_S - st.st_mtime > NONCES_AGE_S ||
        sscanf(text, "%" SCNu64, &last) != 1)
        return 0;
    return last >= least && last - least < NONCES_AHEAD ? last : 0;
}

/* Held for a few microseconds by those who do the same; gone with the descriptor, so with who is
 * killed. One that is stopped in the middle keeps nobody for long. */
static bool
lock(int fd)
{
    static const struct timespec pause = {.tv_nsec = LOCK_PAUSE_MS * NS_PER_MS};
    for (int tries = 0; tries < LOCK_TRIES; tries++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return false;
        nanosleep(&pause, NULL);
    }
    return false;
}

uint64_t
nonces_take(const char *folder, const char *chain, const struct transaction *tx, uint64_t least)
{
    char path[PATH_BYTES], text[TEXT_BYTES];
    uint64_t nonce = least;
    if (!folder || !path_of(folder, chain, tx, path))
        return nonce;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return nonce;
    if (lock(fd)) {
        uint64_t last = read_last(fd, least);
        nonce = last ? last + 1 : least;
        int length = snprintf(text, sizeof(text), "%" PRIu64 "\n", nonce);
        if (ftruncate(fd, 0) || pwrite(fd, text, (size_t)length, 0) != length)
            nonce = last ? last + 1 : least;    /* the others have to do without */
    }
    close(fd);
    return nonce;
}
