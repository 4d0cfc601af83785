#include "net/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 16 * 1024, PATH_ROOM = 4096 };

static enum err
io_error(struct diag *d, const char *path, const char *what)
{
    int origin = errno;
    /* Below what is no folder there is nothing: XDG_CONFIG_HOME=/dev/null means no settings. */
    bool is_missing = origin == ENOENT || origin == ENOTDIR;
    enum err e = diag_set(d, is_missing ? ERR_NOT_FOUND : ERR_IO, "%s: %s: %s", path, what,
                          strerror(origin));
    if (d)
        d->origin = origin;
    return e;
}

static enum err
read_all(int fd, const char *path, struct buf *out, struct diag *d)
{
    for (;;) {
        char chunk[CHUNK];
        ssize_t n = read(fd, chunk, sizeof(chunk));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_error(d, path, "cannot be read");
        if (n == 0)
            return OK;
        if (!buf_add(out, chunk, (size_t)n))
            return diag_set(d, ERR_TOO_LARGE, "%s: more than %zu bytes", path, out->max);
    }
}

enum err
file_read(const char *path, struct buf *out, struct diag *d)
{
    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, "standard input", out, d);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return io_error(d, path, "cannot be opened");
    enum err e = read_all(fd, path, out, d);
    close(fd);
    return e;
}

static bool
write_all(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes.p += n;
        bytes.n -= (size_t)n;
    }
    return true;
}

enum err
file_write(const char *path, struct str bytes, unsigned mode, struct diag *d)
{
    char temporary[PATH_ROOM];
    int n = snprintf(temporary, sizeof(temporary), "%s.tmp.%ld", path, (long)getpid());
    if (n < 0 || (size_t)n >= sizeof(temporary))
        return diag_set(d, ERR_TOO_LARGE, "%.100s…: the path is too long", path);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
    if (fd < 0)
        return io_error(d, temporary, "cannot be created");
    bool is_written = write_all(fd, bytes) && fsync(fd) == 0;
    enum err e = is_written ? OK : io_error(d, temporary, "cannot be written");
    if (close(fd) != 0 && !e)
        e = io_error(d, temporary, "cannot be closed");
    if (!e && rename(temporary, path) != 0)
        e = io_error(d, path, "cannot be replaced");
    if (e)
        unlink(temporary);
    return e;
}
