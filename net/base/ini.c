#include "net/base/ini.h"

#include <ini.h>
#include <string.h>
#include "net/base/buf.h"
#include "net/base/file.h"

enum { SECTION_MAX = 49 };       /* inih would cut a longer one */

struct reading {
    ini_entry_fn entry;
    void *context;
    const char *origin;
    struct diag *d;
    enum err failed;
    struct str rest;    /* borrowed from the caller of ini_read_text */
    int line;           /* the one being read: inih as packaged does not tell it */
    bool is_indented;   /* it begins with a blank */
    /* A name whose value may go on in the next line. */
    struct buf section, name, value;
    int name_line;      /* 0: there is none */
};

static void
hand_over(struct reading *r)
{
    int line = r->name_line;
    r->name_line = 0;
    if (!line || r->failed)
        return;
    r->failed = r->entry(r->context, buf_c(&r->section), buf_c(&r->name), buf_c(&r->value), line,
                         r->d);
    if (r->failed)
        diag_prefix(r->d, "%s line %d", r->origin, line);
}

static int
on_line(void *user, const char *section, const char *name, const char *value)
{
    struct reading *r = user;
    if (r->failed)
        return 1;
    if (r->name_line && r->is_indented && strcmp(name, buf_c(&r->name)) == 0) {
        buf_addf(&r->value, "\n%s", value ? value : "");
        return 1;
    }
    hand_over(r);
    buf_clear(&r->section);
    buf_clear(&r->name);
    buf_clear(&r->value);
    buf_add_c(&r->section, section);
    buf_add_c(&r->name, name);
    buf_add_c(&r->value, value ? value : "");
    r->name_line = r->line;
    return !r->failed;
}

/* inih speaks of a section when a value comes in it, which an empty one has none of, and goes on
 * in the section before when a heading is not closed. */
static void
take_heading(struct reading *r, struct str text)
{
    char section[SECTION_MAX + 1];
    ptrdiff_t end = str_find_byte(text, ']');
    if (end < 0) {
        r->failed = diag_set(r->d, ERR_SYNTAX, "%s line %d: expected \"[section]\" or \"name = "
                             "value\"", r->origin, r->line);
    } else if (!str_copy(str_slice(text, 1, (size_t)end), section, sizeof(section))) {
        r->failed = diag_set(r->d, ERR_TOO_LARGE, "%s line %d: the name of a section has at most "
                             "%d bytes", r->origin, r->line, SECTION_MAX);
    } else {
        r->failed = r->entry(r->context, section, NULL, NULL, r->line, r->d);
        if (r->failed)
            diag_prefix(r->d, "%s line %d", r->origin, r->line);
    }
}

static char *
take_line(char *line, int size, void *stream)
{
    struct reading *r = stream;
    struct str taken;
    /* inih reads on behind an error. */
    if (r->failed || !str_take_until(&r->rest, '\n', &taken))
        return NULL;
    r->line++;
    /* Cut by inih's buffer, half a value would be read for a whole one; a comment may be cut. */
    struct str text = str_trim(taken);
    size_t n = taken.n < (size_t)size - 2 ? taken.n : (size_t)size - 2;
    bool is_comment = text.n && (text.p[0] == '#' || text.p[0] == ';');
    r->is_indented = text.n && text.p != taken.p;
    if (text.n && !r->is_indented && !is_comment)
        hand_over(r);
    if (r->failed)
        return NULL;
    if (n < taken.n && !is_comment) {
        r->failed = diag_set(r->d, ERR_TOO_LARGE, "%s line %d: longer than %d bytes", r->origin,
                             r->line, size - 2);
        return NULL;
    }
    if (r->line == 1 && str_starts(text, STR("\xef\xbb\xbf")))
        text = str_slice(text, 3, text.n);
    /* What begins with a blank may go on with the value before. */
    if (text.n && text.p[0] == '[' && (taken.p[0] == '[' || r->line == 1))
        take_heading(r, text);
    if (r->failed)
        return NULL;
    for (size_t i = 0; i < n; i++)
        line[i] = taken.p[i];
    line[n] = '\n';
    line[n + 1] = '\0';
    return line;
}

enum err
ini_read_text(struct str text, const char *origin, ini_entry_fn entry, void *context,
              struct diag *d)
{
    struct reading r = {
        .entry = entry, .context = context, .origin = origin, .d = d, .rest = text};
    if (text.n > INI_MAX_BYTES)
        return diag_set(d, ERR_TOO_LARGE, "%s: more than %d bytes", origin, INI_MAX_BYTES);
    buf_init(&r.section, INI_MAX_BYTES);
    buf_init(&r.name, INI_MAX_BYTES);
    buf_init(&r.value, INI_MAX_BYTES);
    int line = ini_parse_stream(take_line, &r, on_line, &r);
    hand_over(&r);
    buf_release(&r.section);
    buf_release(&r.name);
    buf_release(&r.value);
    if (r.failed)
        return r.failed;
    if (line > 0)
        return diag_set(d, ERR_SYNTAX, "%s line %d: expected \"[section]\" or \"name = value\"",
                        origin, line);
    return line < 0 ? diag_set(d, ERR_IO, "%s: cannot be read", origin) : OK;
}

enum err
ini_read_file(const char *path, ini_entry_fn entry, void *context, struct diag *d)
{
    struct buf text;
    buf_init(&text, INI_MAX_BYTES);
    enum err e = file_read(path, &text, d);
    if (!e)
        e = ini_read_text(buf_str(&text), path, entry, context, d);
    buf_release(&text);
    return e;
}
