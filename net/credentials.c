#include "net/credentials.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "net/base/clock.h"
#include "net/json.h"
#include "net/near/base58.h"

enum { FILE_MAX = 64 * 1024, KEYS_MAX = 1000 };

void
credentials_wipe(struct credentials *c)
{
    secret_key_wipe(&c->key);
}

enum err
credentials_home(char out[CREDENTIALS_PATH_MAX], struct diag *d)
{
    const char *home = getenv("HOME");
    if (!home || !home[0])
        return diag_set(d, ERR_NOT_FOUND, "HOME is not set: where are the keys?");
    if (snprintf(out, CREDENTIALS_PATH_MAX, "%s/.near-credentials", home) >=
        CREDENTIALS_PATH_MAX)
        return diag_set(d, ERR_TOO_LARGE, "HOME is too long a path");
    return OK;
}

/* Node files may have comments, on lines of their own. */
static void
blank_comments(struct buf *text)
{
    bool at_start = true, in_comment = false;
    for (size_t i = 0; i < text->n; i++) {
        char c = text->p[i];
        if (at_start && c == '/' && i + 1 < text->n && text->p[i + 1] == '/')
            in_comment = true;
        at_start = c == '\n' || (at_start && (c == ' ' || c == '\t'));
        in_comment = in_comment && c != '\n';
        if (in_comment)
            text->p[i] = ' ';
    }
}

/* The words of the parsers are not repeated: they might quote the file. */
static enum err
read_key(const struct json *root, struct credentials *out, struct diag *d)
{
    struct str secret, public;
    struct public_key told;
    if (json_get_string(root, "private_key", &secret, NULL) != OK &&
        json_get_string(root, "secret_key", &secret, NULL) != OK)
        return diag_set(d, ERR_MISSING, "it has no private_key and no secret_key");
    if (secret_key_parse(secret, &out->key, NULL) != OK)
        return diag_set(d, ERR_CRYPTO,
                        "its private key is not of the form ed25519:…, or damaged");
    out->public_key = secret_key_public(&out->key);
    if (json_get_string(root, "public_key", &public, NULL) == OK &&
        (public_key_parse(public, &told, NULL) != OK ||
         !public_key_equal(&told, &out->public_key)))
        return diag_set(d, ERR_CRYPTO, "its public key does not belong to its private key");
    return OK;
}

/* --- files and pipes ---------------------------------------------------------------- */

/* The key's text on its way in. */
struct source {
    const char *path;
    int fd;
    bool is_pipe;
    unsigned most_ms;           /* to wait for a pipe, in whole */
    mode_t mode;
};

static enum err
io_error(const struct source *from, const char *what, struct diag *d)
{
    return diag_set(d, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%.150s: cannot be %s: %s", from->path,
                    what, strerror(errno));
}

/* Without waiting for somebody at the other end. */
static enum err
open_source(struct source *from, struct diag *d)
{
    struct stat st;
    from->fd = open(from->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (from->fd < 0 || fstat(from->fd, &st) != 0)
        return io_error(from, "opened", d);
    from->mode = st.st_mode;
    if (S_ISFIFO(st.st_mode) ? from->is_pipe : S_ISREG(st.st_mode))
        return OK;
    if (S_ISFIFO(st.st_mode))
        return diag_set(d, ERR_UNSUPPORTED, "%.150s: a pipe, where a key file is kept: a plain file "
                        "would be right", from->path);
    return diag_set(d, ERR_UNSUPPORTED, "%.150s: %s, not a key file: a plain file or a pipe would be "
                    "right", from->path, S_ISDIR(st.st_mode) ? "a folder" : "a device or a socket");
}

/* One that nobody has opened for writing yet is at its end when it is read; poll waits for it. */
static enum err
wait_for_more(const struct source *from, int64_t until_ns, struct diag *d)
{
    struct pollfd poll_fd = {.fd = from->fd, .events = POLLIN};
    for (;;) {
        int64_t left_ms = (until_ns - clock_monotonic_ns()) / NS_PER_MS;
        int ready = left_ms > 0 ? poll(&poll_fd, 1, (int)left_ms) : 0;
        if (ready > 0)
            return OK;
        if (ready == 0)
            return diag_set(d, ERR_TIMEOUT, "%.150s: no key came out of this pipe in %u seconds: who "
                            "writes it has to close it", from->path, (from->most_ms + 999) / 1000);
        if (errno != EINTR)
            return io_error(from, "read", d);
    }
}

/* Straight into a buffer that does not grow, so that no copy of the key stays anywhere. */
static enum err
read_source(const struct source *from, struct buf *out, struct diag *d)
{
    char *room = buf_reserve(out, FILE_MAX);
    int64_t until_ns = clock_monotonic_ns() + from->most_ms * (int64_t)NS_PER_MS;
    for (;;) {
        enum err e = from->is_pipe ? wait_for_more(from, until_ns, d) : OK;
        if (e)
            return e;
        ssize_t n = read(from->fd, room + out->n, FILE_MAX - out->n);
        if (n == 0)
            return OK;
        if (n > 0)
            buf_grew(out, (size_t)n);
        else if (errno != EINTR && errno != EAGAIN)
            return io_error(from, "read", d);
        if (out->n == FILE_MAX)
            return diag_set(d, ERR_TOO_LARGE, "%.150s: too large for a key file", from->path);
    }
}

static enum err
read_secret(struct source *from, struct buf *out, struct diag *d)
{
    enum err e = open_source(from, d);
    if (!e)
        e = read_source(from, out, d);
    if (!e && from->is_pipe && !out->n)
        e = diag_set(d, ERR_MISSING, "%.150s: nothing came out of this pipe: has the command that "
                     "writes it failed?", from->path);
    if (from->fd >= 0)
        close(from->fd);
    return e;
}

static enum err
load(struct source *from, struct credentials *out, struct diag *d)
{
    struct buf text;
    struct json *root = NULL;
    struct credentials c = {.warning = ""};
    buf_init(&text, FILE_MAX);
    enum err e = read_secret(from, &text, d);
    if (e)
        goto out;
    blank_comments(&text);
    if (json_parse_secret(buf_str(&text), FILE_MAX, &root, NULL) != OK)
        e = diag_set(d, ERR_SYNTAX, "it is not JSON");
    else
        e = read_key(root, &c, d);
    if (!e && !str_copy(str_from(from->path), c.path, sizeof(c.path)))
        e = diag_set(d, ERR_TOO_LARGE, "its path is too long");
    if (e) {
        diag_prefix(d, "%.150s", from->path);
        goto out;
    }
    if (from->mode & 077)
        snprintf(c.warning, sizeof(c.warning),
                 "others may read the key in %.150s: chmod 600 would keep it to you", from->path);
    *out = c;
out:
    secret_key_wipe(&c.key);
    json_free_secret(root);
    if (text.p)
        buf_wipe(&text);
    buf_release(&text);
    return e;
}

enum err
credentials_load_file(const char *path, struct credentials *out, struct diag *d)
{
    struct source from = {.path = path};
    return load(&from, out, d);
}

bool
credentials_is_pipe(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
}

enum err
credentials_load_pipe(const char *path, unsigned most_ms, struct credentials *out, struct diag *d)
{
    struct source from = {.path = path, .is_pipe = true, .most_ms = most_ms};
    return load(&from, out, d);
}

/* --- the folders -------------------------------------------------------------------- */

static bool
is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* near-cli-rs: a directory with one file a key, "ed25519_FAe4….json". The first by name behind
 * `after`, so that the choice does not depend on the order on disk. */
static bool
find_key_file(const char *directory, const char *after, char *out, size_t out_size)
{
    char best[256] = "";
    DIR *dir = opendir(directory);
    if (!dir)
        return false;
    const struct dirent *entry;
    for (int i = 0; i < KEYS_MAX && (entry = readdir(dir)); i++) {
        struct str name = str_from(entry->d_name);
        bool is_key = str_starts(name, STR("ed25519_")) && str_ends(name, STR(".json")) &&
                      name.n < sizeof(best);
        if (is_key && strcmp(entry->d_name, after) > 0 &&
            (!best[0] || strcmp(entry->d_name, best) < 0))
            memcpy(best, entry->d_name, name.n + 1);
    }
    closedir(dir);
    return best[0] && (size_t)snprintf(out, out_size, "%s/%s", directory, best) < out_size;
}

enum err
credentials_load(const char *home, const char *network, const struct account_id *account,
                 struct credentials *out, struct diag *d)
{
    return credentials_load_next(home, network, account, "", out, d);
}

enum err
credentials_load_next(const char *home, const char *network, const struct account_id *account,
                      const char *after, struct credentials *out, struct diag *d)
{
    char file[CREDENTIALS_PATH_MAX], directory[CREDENTIALS_PATH_MAX];
    char found[CREDENTIALS_PATH_MAX];
    int n = snprintf(file, sizeof(file), "%s/%s/%s.json", home, network, account->s);
    if (n < 0 || (size_t)n >= sizeof(file))
        return diag_set(d, ERR_TOO_LARGE, "the path of the key of %s is too long", account->s);
    if (!after[0] && is_file(file))
        return credentials_load_file(file, out, d);
    snprintf(directory, sizeof(directory), "%s/%s/%s", home, network, account->s);
    size_t length = strlen(directory);
    bool is_in_it = strncmp(after, directory, length) == 0 && after[length] == '/';
    if (find_key_file(directory, is_in_it ? after + length + 1 : "", found, sizeof(found)))
        return credentials_load_file(found, out, d);
    return diag_set(d, ERR_NOT_FOUND,
                    "no key of %s: neither %.80s nor a file ed25519_….json in "
                    "%.80s",
                    account->s, file, directory);
}

/* The account of a name in the folder: "alice.near.json", or the folder "alice.near". */
static bool
account_of_entry(const char *folder, const char *name, struct account_id *out)
{
    char path[CREDENTIALS_PATH_MAX], found[CREDENTIALS_PATH_MAX];
    struct str account = str_from(name), suffix = STR(".json");
    int n = snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (n < 0 || (size_t)n >= sizeof(path))
        return false;
    if (str_ends(account, suffix)) {
        account = str_slice(account, 0, account.n - suffix.n);
        return is_file(path) && account_parse(account, out, NULL) == OK;
    }
    return account_parse(account, out, NULL) == OK && find_key_file(path, "", found, sizeof(found));
}

size_t
credentials_list(const char *home, const char *network, size_t most, credentials_fn fn,
                 void *context)
{
    struct account_id accounts[KEYS_MAX + 1];
    size_t count = 0;
    char folder[CREDENTIALS_PATH_MAX];
    int n = snprintf(folder, sizeof(folder), "%s/%s", home, network);
    DIR *dir = n > 0 && (size_t)n < sizeof(folder) ? opendir(folder) : NULL;
    const struct dirent *entry;
    while (dir && count < KEYS_MAX && (entry = readdir(dir))) {
        struct account_id account;
        if (!account_of_entry(folder, entry->d_name, &account))
            continue;
        /* Sorted as they come; both layouts may hold the same account. */
        size_t at = 0;
        while (at < count && strcmp(accounts[at].s, account.s) < 0)
            at++;
        if (at < count && account_equal(&accounts[at], &account))
            continue;
        memmove(&accounts[at + 1], &accounts[at], (count - at) * sizeof(accounts[0]));
        accounts[at] = account;
        count++;
    }
    if (dir)
        closedir(dir);
    for (size_t i = 0; i < count && i < most; i++)
        fn(context, &accounts[i]);
    return count;
}
