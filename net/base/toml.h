/* toml: the part of TOML that flat settings files use, read line by line.
 *
 * Tables ("[a.b]", with bare or quoted names), and "key = value" with strings in one line
 * (basic or literal), whole numbers, true and false. Values of other kinds that fit in a line
 * (arrays, dates, inline tables, fractions) are passed over: newer versions of other programs
 * may write them. What goes over several lines is an error, never guessed at. */
#ifndef NET_BASE_TOML_H
#define NET_BASE_TOML_H

#include "net/base/err.h"
#include "net/base/str.h"

enum { TOML_MAX_BYTES = 256 * 1024, TOML_NAME_MAX = 128, TOML_VALUE_MAX = 1024 };

enum toml_kind { TOML_STRING, TOML_NUMBER, TOML_BOOLEAN };

struct toml_entry {
    const char *table;          /* "network_connection.mainnet"; "" before the first */
    const char *key, *value;    /* the value without quotes and escapes */
    enum toml_kind kind;
    int line;                   /* from 1 */
};

/* Returning an error ends the reading; the place is put in front of the diagnostic. */
typedef enum err (*toml_entry_fn)(void *context, const struct toml_entry *entry, struct diag *d);

/* `origin` names the text in diagnostics. */
enum err toml_read_text(struct str text, const char *origin, toml_entry_fn entry, void *context,
                        struct diag *d) MUST_USE;

#endif
