/* ini: files of "[section]" and "name = value" lines, for themes and configuration.
 *
 * The only user of inih. Sections and names are given as they stand; comments start with ';'
 * or '#' at the start of a line or, behind a blank and ';', inside one. A line that begins with
 * a blank goes on with the value of the one before: a line feed stands between the two, and a
 * ';' inside is no comment. */
#ifndef NET_BASE_INI_H
#define NET_BASE_INI_H

#include "net/base/err.h"
#include "net/base/str.h"

enum { INI_MAX_BYTES = 256 * 1024 };

/* Called for each section where its heading stands, with NULL for `name` and `value`, and for
 * each line with a value. `line` counts from 1. Returning an error ends the reading; the
 * diagnostic should say what was expected: the place is put in front. */
typedef enum err (*ini_entry_fn)(void *context, const char *section, const char *name,
                                 const char *value, int line, struct diag *d);

/* `origin` names the text in diagnostics ("themes/default.theme"). */
enum err ini_read_text(struct str text, const char *origin, ini_entry_fn entry,
                       void *context, struct diag *d) MUST_USE;
enum err ini_read_file(const char *path, ini_entry_fn entry, void *context, struct diag *d)
    MUST_USE;

#endif
