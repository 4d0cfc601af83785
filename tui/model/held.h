/* held: a store as it is at one moment, that stays so while the one it was made from goes on:
 * what a person looks at when the picture is held.
 *
 * Shares nothing with it, so either may be freed first. What follows from the facts is derived
 * anew when it is asked for. */
#ifndef TUI_MODEL_HELD_H
#define TUI_MODEL_HELD_H

#include "tui/model/store.h"

/* For store_free. */
struct store *store_held(const struct store *s) MUST_USE;

#endif
