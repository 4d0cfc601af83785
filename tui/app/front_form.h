/* front_form: what the form of a new call needs from outside: whose keys there are, calls to begin
 * with, the price of gas; and what becomes of it: sent, asked about first where tokens are real,
 * kept for the next time. Part of the front with a screen. */
#ifndef TUI_APP_FRONT_FORM_H
#define TUI_APP_FRONT_FORM_H

#include "tui/app/gas_price.h"
#include "tui/app/recall.h"
#include "tui/app/session.h"
#include "tui/view/form.h"
#include "tui/view/offer.h"

enum { SIGNERS_MOST = 64 };

struct signers {
    struct account_id account[SIGNERS_MOST];
    const char *name[SIGNERS_MOST];     /* of those; so it may not be moved */
    size_t count;
};

/* Those with a key file for this network; on the embedded chain the demo's accounts. */
void signers_find(struct signers *out, const struct session *s);

struct front_form {
    struct gas_price_watch price;
    struct offers offers;
    bool has_offers;
    size_t offered_calls;               /* of this run, when the offers were made */
    struct recall history;
    bool has_history;                   /* it was read */
    bool is_written;                    /* what is being sent was written here: to be kept */
    struct plan asked;                  /* what the question is about; texts in the front's arena */
};

/* `changed` is called with `context` when the form is to be painted anew. */
void front_form_init(struct front_form *ff, void (*changed)(void *context), void *context);
void front_form_release(struct front_form *ff);
/* The form is on the screen: what it shows is got together. */
void front_form_seen(struct session *s, struct front_form *ff);
/* A plan as an earlier call; not when it is none that a form can hold. */
void front_form_offer(struct offers *out, const struct plan *p);
/* What was sent has its hash: a call that was written here is kept. Returns why not, or NULL. */
const char *front_form_sent(struct session *s, struct front_form *ff);

/* The plan that the form tells, when it may be sent now: then true. Where it has to be confirmed,
 * the form gets the question instead. ERR_…: it cannot be sent, d says why. */
enum err front_form_plan(struct session *s, struct front_form *ff, struct form *form,
                         struct arena *arena, struct plan *out, bool *may_go, struct diag *d)
    MUST_USE;
/* Puts the question about a plan into the form; anew when the price of gas is known. */
void front_form_ask(const struct session *s, struct front_form *ff, struct form *form,
                    const struct plan *p);

#endif
