/* view_scene: a call as a picture would be painted of it, and the picture as text.
 *
 * Recorded calls come from tests/data/node; scene_open takes the answers up to one of them, so
 * that a call can be looked at while it runs. Times are fixed. */
#ifndef TESTS_SUPPORT_VIEW_SCENE_H
#define TESTS_SUPPORT_VIEW_SCENE_H

#include "tui/view/offer.h"
#include "tui/view/ui.h"

enum { SCENE_ALL = 1000 };

struct scene {
    struct store *store;            /* owned */
    struct ui ui;
    struct snapshot snapshot;
    struct offers offers;           /* two calls of the settings, and those of the store */
};

/* The first `answers` of the recorded statuses, and the blocks they name. */
void scene_open(struct scene *s, const char *name, size_t answers);
/* Several of them, on the screen of all calls; one still runs. */
void scene_open_calls(struct scene *s);
/* The snapshot has calls for the form, and a price of gas. */
void scene_add_offers(struct scene *s);
/* Nothing was sent. */
void scene_open_empty(struct scene *s);
/* A made call: a root with `count` branches, joined into one callback. */
void scene_open_fan(struct scene *s, unsigned count);
/* A made call: each receipt makes and returns the next. */
void scene_open_chain(struct scene *s, unsigned count);
/* A key; what it asks for. */
enum ui_effect scene_press(struct scene *s, enum key_special special, uint32_t scalar);
/* Keys, one by one: "\n" and "\r" are Return, "\t" is Tab, "\033" is Escape. */
void scene_type(struct scene *s, const char *text);
void scene_close(struct scene *s);

/* Paints it and gives the picture as text, a line a row, blanks at the end cut. Static. */
const char *scene_text(struct scene *s, int width, int height, bool is_ascii);
const char *cells_text(const struct cells *c);
/* The roles, a letter a cell: 'a' the first of role.def, '.' a blank or ROLE_TEXT. Static. */
const char *cells_roles(const struct cells *c);
/* Every cell holds something that can be shown; wide ones have their second half. */
void cells_check(const struct cells *c);

#endif
