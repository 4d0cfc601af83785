/* json_scan: the strict check that stands in front of cJSON, and the text made fit for it.
 *
 * For json.c only. RFC 8259 and nothing more, valid UTF-8, no lone surrogates, bounded depth.
 * The copy differs from the text in two ways, both with bytes that cannot occur in UTF-8: a
 * number becomes a string that starts with JSON_MARK_NUMBER, and \u0000 inside a string becomes
 * the byte JSON_MARK_NUL, since cJSON's strings end at the first NUL. */
#ifndef NET_JSON_SCAN_H
#define NET_JSON_SCAN_H

#include "net/base/buf.h"
#include "net/base/err.h"

#define JSON_MARK_NUMBER '\xff'
#define JSON_MARK_NUL '\xfe'

/* `copy` may be NULL: then it is only a check. */
enum err json_scan(struct str text, struct buf *copy, struct diag *d) MUST_USE;

#endif
