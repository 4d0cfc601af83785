/* fields: which branch a field of the callback's result came from, where that can be told.
 *
 * The result is taken apart one level: members of an object, items of an array. A field whose
 * value is, as JSON, what a branch of the last join returned came from that branch; two
 * branches that returned the same are told apart by their order. A field that is null belongs
 * to a failed branch when as many fields are left null as branches failed: in order. Nothing
 * else is guessed. */
#ifndef TUI_OUT_FIELDS_H
#define TUI_OUT_FIELDS_H

#include "net/base/arena.h"
#include "tui/model/verdict.h"

struct field {
    struct str path;            /* "lending", "[1]" */
    struct str value;           /* compact JSON */
    const struct node *branch;  /* NULL: cannot be told */
    size_t index;               /* of the branch among the callback's inputs */
};

/* The result's fields; an empty list when the result is no object or array. In the arena. */
size_t fields_of_result(const struct call *c, const struct verdict *v, struct arena *arena,
                        struct field **out);

#endif
