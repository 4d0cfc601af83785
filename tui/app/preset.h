/* preset: calls that the settings know by name ("[call NAME]"), in the place of contract, method
 * and arguments on the command line: "neartop call @NAME [ARGS]".
 *
 * A preset is words, as they would be typed: it is put into the options before anything looks at
 * them, and what the command line says itself counts more. */
#ifndef TUI_APP_PRESET_H
#define TUI_APP_PRESET_H

#include "tui/app/config.h"
#include "tui/app/opts.h"
#include "tui/app/plan.h"

/* By its name, without the @; NULL: there is none. */
const struct config_call *preset_find(const struct config *c, struct str name);
bool preset_is_for(const struct config_call *p, const char *network);
/* The method that runs it so; empty: it has none. */
const char *preset_method(const struct config_call *p, enum plan_mode mode);
enum plan_mode preset_mode(const struct config_call *p);
/* The preset that this contract and method belong to, and by which of its methods; or NULL. */
const struct config_call *preset_of(const struct config *c, const char *network, struct str contract,
                                    struct str method);

/* The arguments themselves: from their file, beside the settings, when that is named. */
enum err preset_args(const struct config_call *p, const struct config *c, struct buf *out,
                     struct diag *d) MUST_USE;

/* Puts the preset that `o` names into it; nothing when it names none. Texts into c's arena. */
enum err preset_expand(struct opts *o, struct config *c, struct diag *d) MUST_USE;

/* Every preset a line: @NAME, a tab, what it is. */
void preset_list(const struct config *c, struct buf *out);

#endif
