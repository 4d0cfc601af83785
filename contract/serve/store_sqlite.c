#include "contract/serve/store.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "net/base/xalloc.h"

enum {
    APPLICATION = 0x6e746f70,       /* "ntop": what makes the file ours */
    PATH_ROOM = 4096
};

enum statement { PUT, DROP, BEGIN, COMMIT, ROLLBACK, STATEMENTS };
static const char *const texts[STATEMENTS] = {
    ("INSERT INTO record (kind, key, value, checksum) VALUES (?1, ?2, ?3, ?4) "
     "ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, checksum = excluded.checksum"),
    "DELETE FROM record WHERE kind = ?1 AND key = ?2",
    "BEGIN IMMEDIATE",
    "COMMIT",
    "ROLLBACK",
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    char path[PATH_ROOM];
    bool has_failed;
};

/* Where damage has to be found it is the bytes that count, not who made them: a quick mix. */
static uint64_t
mix(uint64_t h, struct str bytes)
{
    size_t i = 0;
    for (; i + 8 <= bytes.n; i += 8) {
        uint64_t word;
        memcpy(&word, bytes.p + i, sizeof(word));
        h = (h ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        h ^= h >> 29;
    }
    for (; i < bytes.n; i++)
        h = (h ^ (unsigned char)bytes.p[i]) * UINT64_C(0x100000001B3);
    h = (h ^ bytes.n) * UINT64_C(0xBF58476D1CE4E5B9);
    return h ^ h >> 32;
}

static int64_t
checksum(int kind, struct str key, struct str value)
{
    return (int64_t)mix(mix((uint64_t)kind + 1, key), value);
}

/* --- errors ------------------------------------------------------------------------------- */

static enum err
explain(struct store *s, int code, struct diag *d)
{
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return diag_set(d, ERR_REFUSED, "%s: another neartop has this chain open", s->path);
    case SQLITE_NOTADB:
        return diag_set(d, ERR_SYNTAX, "%s is no chain of neartop", s->path);
    case SQLITE_CORRUPT:
        return diag_set(d, ERR_SYNTAX, "%s is damaged (%s)", s->path, sqlite3_errmsg(s->db));
    case SQLITE_FULL: return diag_set(d, ERR_IO, "%s: the disk is full", s->path);
    case SQLITE_IOERR:
        return diag_set(d, ERR_IO, "%s: reading or writing failed; the disk may be full or broken",
                        s->path);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        return diag_set(d, ERR_IO, "%s cannot be opened for writing (%s)", s->path,
                        sqlite3_errmsg(s->db));
    }
    return diag_set(d, ERR_IO, "%s: %s", s->path, sqlite3_errmsg(s->db));
}

static enum err
execute(struct store *s, const char *text, struct diag *d)
{
    int code = sqlite3_exec(s->db, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : explain(s, code, d);
}

/* The first column of the first row. */
static enum err
ask(struct store *s, const char *text, int64_t *number, char *word, size_t room, struct diag *d)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(s->db, text, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW && number)
        *number = sqlite3_column_int64(statement, 0);
    if (code == SQLITE_ROW && word)
        snprintf(word, room, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return code == SQLITE_ROW ? OK : explain(s, code, d);
}

/* --- opening ------------------------------------------------------------------------------ */

static enum err
make_folder(const char *folder, struct diag *d)
{
    if (mkdir(folder, 0700) == 0 || errno == EEXIST)
        return OK;
    return diag_set(d, ERR_IO, "%s cannot be made: %s", folder, strerror(errno));
}

static enum err
make_table(struct store *s, struct diag *d)
{
    char text[512];
    snprintf(text, sizeof(text),
             "BEGIN IMMEDIATE;"
             "CREATE TABLE record (kind INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,"
             " checksum INTEGER NOT NULL, PRIMARY KEY (kind, key));"
             "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
             APPLICATION, CHAIN_FORM);
    return execute(s, text, d);
}

/* Ours, of this form, and in one piece. */
static enum err
check(struct store *s, struct diag *d)
{
    int64_t application = 0, form = 0, tables = 0;
    char word[128] = "";
    enum err e = ask(s, "SELECT count(*) FROM sqlite_schema", &tables, NULL, 0, d);
    if (!e)
        e = ask(s, "PRAGMA application_id", &application, NULL, 0, d);
    if (!e)
        e = ask(s, "PRAGMA user_version", &form, NULL, 0, d);
    if (e)
        return e;
    if (tables == 0 && application == 0)
        return make_table(s, d);
    if (application != APPLICATION)
        return diag_set(d, ERR_SYNTAX, "%s is no chain of neartop", s->path);
    if (form != CHAIN_FORM)
        return diag_set(d, ERR_UNSUPPORTED,
                        "%s was made by another version of neartop: its form is %lld, this one "
                        "reads %d; start anew in another folder",
                        s->path, (long long)form, CHAIN_FORM);
    e = ask(s, "PRAGMA quick_check(1)", NULL, word, sizeof(word), d);
    if (!e && strcmp(word, "ok") != 0)
        e = diag_set(d, ERR_SYNTAX, "%s is damaged (%s)", s->path, word);
    return e;
}

static enum err
prepare(struct store *s, struct diag *d)
{
    for (int i = 0; i < STATEMENTS; i++) {
        int code = sqlite3_prepare_v3(s->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                                      &s->statements[i], NULL);
        if (code != SQLITE_OK)
            return explain(s, code, d);
    }
    return OK;
}

static enum err
open_file(struct store *s, struct diag *d)
{
    int code = sqlite3_open_v2(s->path, &s->db,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                               NULL);
    if (code != SQLITE_OK)
        return explain(s, code, d);
    /* The lock is taken with the first statement and held until the end. What is written has
     * reached the system when a block is told, the disk a little later. */
    enum err e = execute(s, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                            "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4096;"
                            "BEGIN EXCLUSIVE; COMMIT", d);
    if (!e)
        e = check(s, d);
    return e ? e : prepare(s, d);
}

enum err
store_open(const char *folder, struct store **out, struct diag *d)
{
    struct store *s = xcalloc(1, sizeof(*s));
    int n = snprintf(s->path, sizeof(s->path), "%s/chain.sqlite", folder);
    enum err e = n > 0 && (size_t)n < sizeof(s->path)
                     ? make_folder(folder, d)
                     : diag_set(d, ERR_RANGE, "the folder's name is too long");
    if (!e)
        e = open_file(s, d);
    if (e)
        store_close(s);
    else
        *out = s;
    return e;
}

void
store_close(struct store *take_store)
{
    if (!take_store)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(take_store->statements[i]);
    sqlite3_close(take_store->db);
    xfree(take_store);
}

/* --- reading ------------------------------------------------------------------------------ */

static struct str
column(sqlite3_stmt *statement, int index, struct arena *arena)
{
    const void *bytes = sqlite3_column_blob(statement, index);
    return arena_str(arena, str_of(bytes, (size_t)sqlite3_column_bytes(statement, index)));
}

static enum err
read_rows(struct store *s, sqlite3_stmt *statement, struct arena *arena,
          struct chain_record *records, size_t room, size_t *count, struct diag *d)
{
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW && *count < room) {
        struct chain_record *r = &records[(*count)++];
        int kind = sqlite3_column_int(statement, 0);
        r->key = column(statement, 1, arena);
        r->value = column(statement, 2, arena);
        r->kind = (enum chain_record_kind)kind;
        if (kind < 0 || kind >= RECORD_KINDS ||
            checksum(kind, r->key, r->value) != sqlite3_column_int64(statement, 3))
            return diag_set(d, ERR_SYNTAX, "%s is damaged: record %zu is not what was written",
                            s->path, *count);
    }
    return code == SQLITE_DONE ? OK : explain(s, code, d);
}

enum err
store_read(struct store *s, struct arena *arena, struct chain_record **out, size_t *count,
           struct diag *d)
{
    int64_t total = 0;
    sqlite3_stmt *statement = NULL;
    enum err e = ask(s, "SELECT count(*) FROM record", &total, NULL, 0, d);
    *count = 0;
    if (e)
        return e;
    *out = arena_array(arena, (size_t)total, sizeof(**out));
    int code = sqlite3_prepare_v2(
        s->db, "SELECT kind, key, value, checksum FROM record ORDER BY kind, key", -1, &statement,
        NULL);
    e = code == SQLITE_OK ? read_rows(s, statement, arena, *out, (size_t)total, count, d)
                          : explain(s, code, d);
    sqlite3_finalize(statement);
    return e;
}

/* --- writing ------------------------------------------------------------------------------ */

static int
run(struct store *s, enum statement which)
{
    int code = sqlite3_step(s->statements[which]);
    int reset = sqlite3_reset(s->statements[which]);
    return code == SQLITE_DONE ? SQLITE_OK : reset != SQLITE_OK ? reset : code;
}

static int
write_record(struct store *s, const struct chain_record *r)
{
    sqlite3_stmt *statement = s->statements[r->is_gone ? DROP : PUT];
    const char *value = r->value.n ? r->value.p : "";
    sqlite3_bind_int(statement, 1, (int)r->kind);
    sqlite3_bind_blob64(statement, 2, r->key.p, r->key.n, SQLITE_STATIC);
    if (!r->is_gone) {
        sqlite3_bind_blob64(statement, 3, value, r->value.n, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 4, checksum((int)r->kind, r->key, r->value));
    }
    return run(s, r->is_gone ? DROP : PUT);
}

enum err
store_write(struct store *s, const struct chain_record *records, size_t count, struct diag *d)
{
    if (count == 0)
        return OK;
    if (s->has_failed)
        return diag_set(d, ERR_IO, "%s could not be written before", s->path);
    int code = run(s, BEGIN);
    for (size_t i = 0; i < count && code == SQLITE_OK; i++)
        code = write_record(s, &records[i]);
    if (code == SQLITE_OK)
        code = run(s, COMMIT);
    if (code == SQLITE_OK)
        return OK;
    s->has_failed = true;
    enum err e = explain(s, code, d);
    if (!sqlite3_get_autocommit(s->db))
        run(s, ROLLBACK);
    return e;
}
