#include "contract/wasm/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "net/base/file.h"
#include "net/base/log.h"
#include "net/near/base58.h"

enum { MOST_ENTRIES = 4096, STALE_SECONDS = 3600 };

/* A hash of the sources that decide what is made of a contract. */
extern const char wasm_sources_hash[];

static struct {
    char folder[PREPARE_PATH_MAX];
    struct hash version;
} cache;

/* --- who may have written there ------------------------------------------------------------ */

static bool
is_ours(const char *path, mode_t kind, struct stat *out)
{
    return lstat(path, out) == 0 && (out->st_mode & S_IFMT) == kind &&
           out->st_uid == geteuid() && (out->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static void
add_tool(struct hasher *h, const char *path)
{
    struct stat s = {0};
    if (stat(path, &s) != 0)
        return;
    hasher_add(h, &s.st_size, sizeof(s.st_size));
    hasher_add(h, &s.st_mtime, sizeof(s.st_mtime));
}

static struct hash
version(void)
{
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, wasm_sources_hash, strlen(wasm_sources_hash));
    add_tool(&h, "/usr/bin/wasm2c");
    add_tool(&h, "/usr/local/bin/wasm2c");
    add_tool(&h, "/usr/bin/tcc");
    add_tool(&h, "/usr/local/bin/tcc");
    return hasher_end(&h);
}

static bool
make_folders(char *path)
{
    for (char *p = path + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        bool is_there = mkdir(path, 0700) == 0 || errno == EEXIST;
        *p = '/';
        if (!is_there)
            return false;
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

enum err
cache_open(const char *folder, struct diag *d)
{
    struct stat s;
    char path[PREPARE_PATH_MAX];
    cache_close();
    /* Room for what comes behind. */
    if (!str_copy(str_from(folder), path, sizeof(path) - 128))
        return diag_set(d, ERR_TOO_LARGE, "%.100s…: the path is too long", folder);
    if (access(path, F_OK) == 0 && !is_ours(path, S_IFDIR, &s))
        return diag_set(d, ERR_REFUSED,
                        "%s is not used: compiled code may only lie in a folder of yours that "
                        "nobody else can write to", folder);
    cache.version = version();
    memcpy(cache.folder, path, sizeof(path));
    return OK;
}

void
cache_close(void)
{
    cache.folder[0] = '\0';
}

bool
cache_is_open(void)
{
    return cache.folder[0] != '\0';
}

const char *
cache_folder(void)
{
    struct stat s;
    if (!cache_is_open())
        return NULL;
    if (make_folders(cache.folder) && is_ours(cache.folder, S_IFDIR, &s))
        return cache.folder;
    log_line(LOG_WARNING, "wasm", "%s cannot be used; compiled contracts are not kept",
             cache.folder);
    cache_close();
    return NULL;
}

/* --- one entry ------------------------------------------------------------------------------ */

static void
path_of(const struct hash *code_hash, char out[PREPARE_PATH_MAX])
{
    char text[HASH_TEXT];
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, code_hash->b, sizeof(code_hash->b));
    hasher_add(&h, cache.version.b, sizeof(cache.version.b));
    struct hash name = hasher_end(&h);
    snprintf(out, PREPARE_PATH_MAX, "%.*s/c-%s", PREPARE_PATH_MAX - 64, cache.folder,
             hash_text(&name, text));
}

static bool
read_entry(const char *folder, struct arena *arena, struct prepared *out)
{
    char path[PREPARE_PATH_MAX + 16];
    struct stat s;
    struct buf bytes;
    buf_init(&bytes, PREPARE_MAX_OBJECT);
    snprintf(path, sizeof(path), "%s/result", folder);
    bool is_good = is_ours(folder, S_IFDIR, &s) && is_ours(path, S_IFREG, &s) &&
                   s.st_size <= PREPARE_MAX_RESULT && file_read(path, &bytes, NULL) == OK &&
                   prepared_read(buf_str(&bytes), arena, out);
    if (is_good) {
        buf_clear(&bytes);
        snprintf(path, sizeof(path), "%s/c.so", folder);
        is_good = is_ours(path, S_IFREG, &s) && file_read(path, &bytes, NULL) == OK &&
                  bytes.n == out->object_size;
    }
    if (is_good) {
        struct hash seen = hash_of_bytes(buf_str(&bytes));
        is_good = hash_equal(&seen, &out->object_hash);
    }
    buf_release(&bytes);
    return is_good;
}

bool
cache_find(const struct hash *code_hash, struct arena *arena, char folder[PREPARE_PATH_MAX],
           struct prepared *out)
{
    if (!cache_is_open())
        return false;
    path_of(code_hash, folder);
    if (access(folder, F_OK) != 0)
        return false;
    if (read_entry(folder, arena, out)) {
        utimensat(AT_FDCWD, folder, NULL, 0);   /* used now */
        return true;
    }
    log_line(LOG_WARNING, "wasm", "%s is damaged and is made again", folder);
    prepare_discard(folder);
    return false;
}

/* --- how much there may be ------------------------------------------------------------------ */

struct entry {
    char name[64];
    uint64_t bytes;
    time_t used;
};

/* The one that was not used for longest; the sum of all in *total. */
static bool
find_oldest(struct entry *oldest, uint64_t *total)
{
    DIR *all = opendir(cache.folder);
    bool has_one = false;
    *total = 0;
    for (struct dirent *e; all && (e = readdir(all));) {
        char path[PREPARE_PATH_MAX + 300];
        struct stat folder, object;
        bool is_whole = strncmp(e->d_name, "c-", 2) == 0;
        bool is_new = strncmp(e->d_name, "neartop-", 8) == 0;
        struct entry one = {.bytes = 0};
        snprintf(path, sizeof(path), "%s/%s", cache.folder, e->d_name);
        if ((!is_whole && !is_new) || !str_copy(str_from(e->d_name), one.name, sizeof(one.name)) ||
            lstat(path, &folder) != 0)
            continue;
        one.used = folder.st_mtime;
        if (is_new && time(NULL) - one.used > STALE_SECONDS)
            prepare_discard(path);      /* of a process that was killed */
        if (!is_whole)
            continue;
        snprintf(path, sizeof(path), "%s/%s/c.so", cache.folder, e->d_name);
        one.bytes = lstat(path, &object) == 0 ? (uint64_t)object.st_size : 0;
        *total += one.bytes + 4096;
        if (!has_one || one.used < oldest->used)
            *oldest = one;
        has_one = true;
    }
    if (all)
        closedir(all);
    return has_one;
}

static void
make_room(void)
{
    struct entry oldest = {.bytes = 0};
    uint64_t total;
    for (int i = 0; i < MOST_ENTRIES && find_oldest(&oldest, &total) && total > CACHE_MAX_BYTES;
         i++) {
        char path[PREPARE_PATH_MAX + 80];
        snprintf(path, sizeof(path), "%s/%s", cache.folder, oldest.name);
        prepare_discard(path);
    }
}

bool
cache_keep(const struct hash *code_hash, char folder[PREPARE_PATH_MAX])
{
    char place[PREPARE_PATH_MAX];
    if (!cache_is_open() || !str_starts(str_from(folder), str_from(cache.folder)))
        return false;
    path_of(code_hash, place);
    if (rename(folder, place) != 0)
        return false;
    memcpy(folder, place, sizeof(place));
    make_room();
    return true;
}
