/* offer: calls that the form of a new call can begin with: those of the settings, and those that
 * were made before. Texts as a person would type them; copied, owned by the list. */
#ifndef TUI_VIEW_OFFER_H
#define TUI_VIEW_OFFER_H

#include "net/base/arena.h"
#include "tui/model/roster.h"

enum { OFFERS_MOST = 512 };

enum offer_kind { OFFER_PRESET, OFFER_EARLIER };

/* No text is NULL. */
struct offer {
    enum offer_kind kind;
    const char *name;               /* "@portfolio"; empty for an earlier one */
    const char *about;              /* what it is for; or empty */
    const char *wrong;              /* why its arguments are not there; or empty */
    const char *contract, *method, *args, *gas, *deposit;
    const char *signer;             /* empty: whoever is in the form */
};

struct offers {
    struct arena arena;
    struct offer item[OFFERS_MOST];     /* those of the settings, then the newest of the others */
    size_t count;
};

void offers_init(struct offers *o);
void offers_release(struct offers *o);
void offers_clear(struct offers *o);
/* At the end. An earlier call that is there already stays where it is; beyond OFFERS_MOST
 * nothing is added. */
void offers_add(struct offers *o, const struct offer *offer);
/* A call of this run as an earlier one; not when it is none that a form can hold. */
void offers_add_call(struct offers *o, const struct call *c);

/* The shortest words that lose nothing: "100 Tgas", "1 yoctoNEAR". */
enum { OFFER_AMOUNT_TEXT = 64 };
const char *offer_gas_text(uint64_t gas, char out[OFFER_AMOUNT_TEXT]);
const char *offer_deposit_text(struct amount deposit, char out[OFFER_AMOUNT_TEXT]);

#endif
