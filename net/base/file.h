/* file: whole small files, read with a ceiling and written without a half-state. */
#ifndef NET_BASE_FILE_H
#define NET_BASE_FILE_H

#include "net/base/buf.h"
#include "net/base/err.h"

/* Appends the whole file to out, up to out's ceiling. "-" is standard input. */
enum err file_read(const char *path, struct buf *out, struct diag *d) MUST_USE;

/* Writes to a temporary name beside `path`, then renames. mode as for open(2). */
enum err file_write(const char *path, struct str bytes, unsigned mode, struct diag *d) MUST_USE;

#endif
