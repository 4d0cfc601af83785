/* drill: a failure on purpose in the demo's call: who fails, and how. The rows are in drill.def.
 *
 * A branch's contract is told in a call of its own before, and fails until it is told "none";
 * everything else stands in the call's arguments and lasts for that call. */
#ifndef TUI_APP_DRILL_H
#define TUI_APP_DRILL_H

#include "tui/app/plan.h"
#include "tui/view/snapshot.h"

enum drill_part {
#define PART(name) DRILL_##name,
#include "tui/app/drill.def"
    DRILL_PARTS
};

enum drill_kind {
#define KIND(id, name, way, account, meaning) DRILL_KIND_##id,
#include "tui/app/drill.def"
    DRILL_KINDS
};

struct drill {
    enum drill_part part;
    enum drill_kind kind;
};

extern const char *const drill_parts[DRILL_PARTS];
extern const struct snapshot_fault drill_kinds[DRILL_KINDS];

/* What the command line says: the way of the call, and what of --fail fits it. "lending=panic":
 * a number from 0 stands for a branch, too. Without --fail nothing fails. */
enum err drill_of_opts(const struct opts *o, enum plan_mode *mode, struct drill *out,
                       struct diag *d) MUST_USE;
/* Whether that part can fail so in a call of that way. */
enum err drill_check(const struct drill *drill, enum plan_mode mode, struct diag *d) MUST_USE;
/* The demo's call with the failure in it. True: *fault has to be sent before. */
bool drill_plan(const struct drill *drill, enum plan_mode mode, struct arena *arena,
                struct plan *call, struct plan *fault);

/* For programs: "drill" and what --fail takes, a line each. */
void drill_table(struct buf *out);

#endif
