/* fields: which branch a field of the callback's result came from, where that can be told.
 *
 * The result is taken apart one level: members of an object, items of an array. A field whose
 * value is, as JSON, what an input of the callback was came from that branch; two branches that
 * returned the same are told apart by their order. Fields that are null belong to the inputs
 * that are left (they failed, or returned what the callback could not use) when there are as
 * many of one as of the other; several, only when all fields then stand in the order of the
 * inputs. Nothing else is guessed. */
#ifndef TUI_OUT_FIELDS_H
#define TUI_OUT_FIELDS_H

#include "net/base/arena.h"
#include "tui/model/verdict.h"

enum {
    FIELDS_MAX = 256,
    FIELDS_BYTES_MAX = 256 * 1024       /* a longer result is not taken apart */
};

struct field {
    struct str path;            /* "lending", "[1]": raw, as it came */
    struct str value;           /* compact JSON */
    const struct node *branch;  /* NULL: cannot be told */
    size_t index;               /* of the branch among the callback's inputs */
};

/* The result's fields; none when the result is no object or array. They live in the arena. */
size_t fields_of_result(const struct call *c, const struct verdict *v, struct arena *arena,
                        struct field **out);
/* The branch went well, but what it returned is no JSON, and the callback made null of it. */
bool field_is_unreadable(const struct field *f);
/* How many the result has, beyond FIELDS_MAX too. */
size_t fields_all(const struct verdict *v);

#endif
