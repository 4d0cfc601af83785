#include "tui/app/recall.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "net/base/file.h"
#include "net/base/macros.h"
#include "net/base/redact.h"
#include "net/json.h"

enum { KEY_LEAST = 80, LOCK_TRIES = 50, LOCK_PAUSE_US = 2000, LINE_MOST = 64 * 1024 };

static const struct {
    const char *key;
    size_t offset;
} fields[] = {{"network", offsetof(struct recall_entry, network)},
              {"contract", offsetof(struct recall_entry, contract)},
              {"method", offsetof(struct recall_entry, method)},
              {"args", offsetof(struct recall_entry, args)},
              {"gas", offsetof(struct recall_entry, gas)},
              {"deposit", offsetof(struct recall_entry, deposit)},
              {"signer", offsetof(struct recall_entry, signer)}};

static const char **
field_of(struct recall_entry *e, size_t i)
{
    return (const char **)(void *)((char *)e + fields[i].offset);
}

static const char *
text_of(const struct recall_entry *e, size_t i)
{
    return *(const char *const *)(const void *)((const char *)e + fields[i].offset);
}

bool
recall_path(char out[RECALL_PATH_MAX])
{
    const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n = -1;
    /* The specification ignores what is not absolute. */
    if (xdg && xdg[0] == '/')
        n = snprintf(out, RECALL_PATH_MAX, "%s/neartop/calls.jsonl", xdg);
    else if (home && home[0] == '/')
        n = snprintf(out, RECALL_PATH_MAX, "%s/.local/state/neartop/calls.jsonl", home);
    return n > 0 && n < RECALL_PATH_MAX;
}

void
recall_init(struct recall *h)
{
    *h = (struct recall){.count = 0};
    arena_init(&h->arena);
}

void
recall_release(struct recall *h)
{
    arena_release(&h->arena);
}

/* --- secrets ------------------------------------------------------------------------------------ */

/* "ed25519:" and as many digits of base58 as only a private key has. */
static bool
has_key(struct str text, struct str prefix)
{
    static const char digits[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    for (ptrdiff_t at; (at = str_find(text, prefix)) >= 0;) {
        text = str_slice(text, (size_t)at + prefix.n, text.n);
        size_t n = 0;
        while (n < text.n && memchr(digits, text.p[n], sizeof(digits) - 1))
            n++;
        if (n >= KEY_LEAST)
            return true;
    }
    return false;
}

static bool
has_word(struct str text, struct str word)
{
    for (size_t i = 0; i + word.n <= text.n; i++) {
        if (str_equal_nocase(str_slice(text, i, i + word.n), word))
            return true;
    }
    return false;
}

static bool
is_secret(const struct recall_entry *e)
{
    static const char *const words[] = {"private_key", "privatekey", "secret", "seed_phrase",
                                        "seedphrase", "mnemonic", "password", "passphrase"};
    struct str args = str_from(e->args);
    struct buf copy;
    bool is = has_key(args, STR("ed25519:")) || has_key(args, STR("secp256k1:"));
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        is |= has_word(args, str_from(words[i]));
    buf_init(&copy, args.n + 1);
    buf_add_str(&copy, args);
    if (copy.n)
        redact_bytes(copy.p, copy.n);
    is |= !str_equal(args, buf_str(&copy));
    buf_wipe(&copy);
    buf_release(&copy);
    return is;
}

/* --- the file ------------------------------------------------------------------------------------- */

static bool
is_same(const struct recall_entry *a, const struct recall_entry *b)
{
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        if (strcmp(text_of(a, i), text_of(b, i)) != 0)
            return false;
    }
    return true;
}

static void
drop(struct recall *h, size_t at)
{
    memmove(&h->entry[at], &h->entry[at + 1], (h->count - at - 1) * sizeof(h->entry[0]));
    h->count--;
}

/* Each once, the newest last. */
static void
put(struct recall *h, const struct recall_entry *e)
{
    for (size_t i = 0; i < h->count; i++) {
        if (is_same(&h->entry[i], e)) {
            drop(h, i);
            break;
        }
    }
    if (h->count == RECALL_MOST)
        drop(h, 0);
    h->entry[h->count++] = *e;
}

static void
put_line(struct recall *h, struct str line)
{
    struct recall_entry e;
    struct json *root;
    bool is_whole = true;
    if (!line.n || json_parse(line, LINE_MOST, &root, NULL))
        return;
    for (size_t i = 0; i < ARRAY_LEN(fields) && is_whole; i++) {
        struct str text;
        is_whole = json_get_string(root, fields[i].key, &text, NULL) == OK &&
                   memchr(text.p ? text.p : "", '\0', text.n) == NULL;
        if (is_whole)
            *field_of(&e, i) = arena_c(&h->arena, text);
    }
    json_free(root);
    if (is_whole)
        put(h, &e);
}

enum err
recall_load(struct recall *h, const char *path, struct diag *d)
{
    struct buf text;
    struct str rest, line;
    buf_init(&text, RECALL_BYTES_MAX);
    enum err e = file_read(path, &text, d);
    h->count = 0;
    arena_reset(&h->arena);
    rest = buf_str(&text);
    while (!e && str_take_until(&rest, '\n', &line))
        put_line(h, line);
    buf_release(&text);
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
save(const struct recall *h, const char *path, struct diag *d)
{
    struct buf text;
    buf_init(&text, RECALL_BYTES_MAX);
    for (size_t i = 0; i < h->count; i++) {
        struct json_writer w;
        json_write_begin(&w, &text);
        json_write_object(&w);
        for (size_t k = 0; k < ARRAY_LEN(fields); k++)
            json_put_c(&w, fields[k].key, text_of(&h->entry[i], k));
        json_write_object_end(&w);
        buf_add_byte(&text, '\n');
    }
    enum err e = text.overflowed ? diag_set(d, ERR_TOO_LARGE, "%s: too large", path)
                                 : file_write(path, buf_str(&text), 0600, d);
    buf_release(&text);
    return e;
}

/* The last three of its folders, ".local/state/neartop"; what is there already stays as it is. A
 * home that is not there is nobody's to make. */
static void
make_folders(const char *path)
{
    enum { DEEPEST = 3 };
    char part[RECALL_PATH_MAX];
    int slashes = 0;
    for (const char *p = path; *p; p++)
        slashes += *p == '/';
    for (size_t i = 0; path[i] && i < sizeof(part); i++) {
        if (path[i] != '/' || slashes-- > DEEPEST || i == 0)
            continue;
        snprintf(part, sizeof(part), "%.*s", (int)i, path);
        (void)mkdir(part, 0700);
    }
}

/* Held by those who do the same, for a few milliseconds; gone with the descriptor. -1: somebody
 * holds it for longer, or there is no folder. */
static int
lock(const char *path)
{
    char name[RECALL_PATH_MAX + 8];
    snprintf(name, sizeof(name), "%s.lock", path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    for (int i = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
        if (errno != EWOULDBLOCK || i == LOCK_TRIES) {
            close(fd);
            return -1;
        }
        usleep(LOCK_PAUSE_US);
    }
    return fd;
}

enum err
recall_add(struct recall *h, const char *path, const struct recall_entry *entry, struct diag *d)
{
    struct recall_entry copy;
    if (is_secret(entry))
        return diag_set(d, ERR_REFUSED, "its arguments could hold a secret: it is not kept");
    make_folders(path);
    int fd = lock(path);
    if (fd < 0)
        return diag_set(d, ERR_IO, "%s: cannot be locked: %s", path, strerror(errno));
    enum err e = recall_load(h, path, d);
    for (size_t i = 0; !e && i < ARRAY_LEN(fields); i++)
        *field_of(&copy, i) = arena_c(&h->arena, str_from(text_of(entry, i)));
    if (!e) {
        put(h, &copy);
        e = save(h, path, d);
    }
    close(fd);
    return e;
}
