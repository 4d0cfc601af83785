/* pick: receipts or calls chosen by what is known of them.
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
#ifndef TUI_MODEL_PICK_H
#define TUI_MODEL_PICK_H

#include "net/base/err.h"
#include "tui/model/verdict.h"

enum { PICK_MAX = 256, PICK_TERMS = 16 };

enum pick_field {
    PICK_ANY,                     /* a bare word */
#define X(name, text, kind, help) PICK_##name,
#include "tui/model/pick.def"
#undef X
    PICK_FIELD_COUNT
};

enum pick_operator { PICK_HAS, PICK_IS, PICK_IS_NOT, PICK_LESS, PICK_AT_MOST,
                       PICK_MORE, PICK_AT_LEAST };

struct pick_term {
    enum pick_field field;
    enum pick_operator op;
    bool is_negated;
    size_t at, length;              /* of the value, in filter.text */
    struct amount number;           /* of kinds that are one; gas in gas, NEAR in yoctoNEAR */
};

struct pick {
    char text[PICK_MAX + 1];
    struct pick_term term[PICK_TERMS];
    size_t count;                   /* 0: everything matches */
};

/* ERR_SYNTAX, ERR_TOO_LARGE, ERR_NOT_FOUND (a field): *column is then the byte that is wrong,
 * counted from 0, and *out as it was. */
enum err pick_parse(struct str text, struct pick *out, size_t *column, struct diag *d) MUST_USE;

bool pick_node(const struct pick *f, const struct call *c, const struct node *n);
bool pick_call(const struct pick *f, struct store *s, struct call *c);

/* Private to tui/model: for a term whose text, or number, is known. */
bool pick_text_matches(const struct pick *f, const struct pick_term *t, struct str text);
bool pick_number_matches(const struct pick_term *t, struct amount number);

const char *pick_field_name(enum pick_field field);
const char *pick_field_help(enum pick_field field);

#endif
