/* front_form: sends what the form of a new call says, asks first where tokens are real, and knows
 * whose keys there are. Part of the front with a screen. */
#ifndef TUI_APP_FRONT_FORM_H
#define TUI_APP_FRONT_FORM_H

#include "tui/app/session.h"
#include "tui/view/form.h"

enum { SIGNERS_MOST = 64 };

struct signers {
    struct account_id account[SIGNERS_MOST];
    const char *name[SIGNERS_MOST];     /* of those; so it may not be moved */
    size_t count;
};

/* Those with a key file for this network; on the embedded chain the demo's accounts. */
void signers_find(struct signers *out, const struct session *s);

/* The plan that the form tells, when it may be sent now: then true. Where it has to be confirmed,
 * the form gets the question instead. ERR_…: it cannot be sent, d says why. */
enum err front_form_plan(struct session *s, struct form *form, struct arena *arena,
                         struct plan *out, bool *may_go, struct diag *d) MUST_USE;
/* Puts the question about a plan into the form. */
void front_form_ask(const struct session *s, struct form *form, const struct plan *p);

#endif
