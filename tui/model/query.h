/* query: receipts or calls chosen by what is known of them.
 *
 *     status:failed contract:lend* gas>5T method:get_* -role:refund pool
 *
 * Terms stand side by side and all have to hold. FIELD:VALUE is true when the value is in the
 * field's text, or the whole text has the value's pattern (* any bytes, ? one); a value may be
 * several with | between. FIELD=VALUE wants all of it, < <= > >= != compare numbers. "-" in
 * front turns a term around. A bare word may be in anything that is told of a receipt. A value
 * with blanks stands in "quotes". Fields are in filter.def; letters count the same large or small.
 *
 * What is not known matches nothing but a term turned around. */
#ifndef TUI_MODEL_QUERY_H
#define TUI_MODEL_QUERY_H

#include "net/base/err.h"
#include "tui/model/verdict.h"

enum { QUERY_MAX = 256, QUERY_TERMS = 16 };

enum query_field {
    QUERY_ANY,                     /* a bare word */
#define X(name, text, kind, help) QUERY_##name,
#include "tui/model/query.def"
#undef X
    QUERY_FIELD_COUNT
};

enum query_operator { QUERY_HAS, QUERY_IS, QUERY_IS_NOT, QUERY_LESS, QUERY_AT_MOST,
                       QUERY_MORE, QUERY_AT_LEAST };

struct query_term {
    enum query_field field;
    enum query_operator op;
    bool is_negated;
    size_t at, length;              /* of the value, in filter.text */
    struct amount number;           /* of kinds that are one; gas in gas, NEAR in yoctoNEAR */
};

struct query {
    char text[QUERY_MAX + 1];
    struct query_term term[QUERY_TERMS];
    size_t count;                   /* 0: everything matches */
};

/* ERR_SYNTAX, ERR_TOO_LARGE, ERR_NOT_FOUND (a field): *column is then the byte that is wrong,
 * counted from 0, and *out as it was. */
enum err query_parse(struct str text, struct query *out, size_t *column, struct diag *d) MUST_USE;

bool query_node(const struct query *f, const struct call *c, const struct node *n);
bool query_call(const struct query *f, struct store *s, struct call *c);

/* Private to tui/model: for a term whose text, or number, is known. */
bool query_text_matches(const struct query *f, const struct query_term *t, struct str text);
bool query_number_matches(const struct query_term *t, struct amount number);

const char *query_field_name(enum query_field field);
const char *query_field_help(enum query_field field);

#endif
