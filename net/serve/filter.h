/* filter: which events a subscriber of the feed wants, in the public feed's own language.
 *
 * An *operator* on the whole event: {"And":[{"path":"success","operator":{"Equals":false}}]}.
 * {"And":[]} takes everything. Every part is evaluated even when the answer is known, and a
 * path that an event does not have, or a value of the wrong type, is an error that ends the
 * connection: so does the real feed, and a client has to live with it. */
#ifndef NET_SERVE_FILTER_H
#define NET_SERVE_FILTER_H

#include <stdbool.h>
#include "net/base/buf.h"
#include "net/base/err.h"
#include "net/base/str.h"
#include "net/json.h"

struct filter;

/* On failure d says what is wrong with it, in the words of the feed's parser. */
enum err filter_parse(struct str text, struct filter **out, struct diag *d) MUST_USE;
void filter_free(struct filter *take_filter);       /* NULL is fine */

/* True when it takes whatever comes: no event need be looked at. */
bool filter_takes_all(const struct filter *f);

/* Calls fn with each text that the filter wants the value at `path` to equal. False: something may
 * pass that none of them names, as far as can be seen from here. */
bool filter_named(const struct filter *f, const char *path,
                  void (*fn)(void *context, struct str text), void *context);

/* ERR_NOT_FOUND, ERR_TYPE or ERR_RANGE with "Path not found: x" and the like in d. */
enum err filter_check(const struct filter *f, const struct json *event, bool *takes,
                      struct diag *d) MUST_USE;

/* The same error as the feed's programmers see it, PathNotFound("x"): it goes into the reason
 * of the Close frame. text is what filter_check has left in d. */
void filter_debug_error(enum err e, struct str text, struct buf *out);

#endif
