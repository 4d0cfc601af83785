/* Where a person is: the stack of screens, and the ways from one to another. What lies on what
 * is in screen.def. */
#include "tui/view/screen.h"

enum place { PATH, BESIDE, OVER };

static const struct {
    enum place place;
    enum action_id leads;           /* goes there from anywhere */
} places[UI_SCREEN_COUNT] = {
#define X(name, operations, action, place) {place, action},
#include "tui/view/screen.def"
#undef X
};

static void
push(struct ui *ui, enum ui_screen screen)
{
    const struct screen_ops *ops = screen_of(screen);
    ui->stack[ui->depth].text_top = ui->text.top;
    ui->stack[++ui->depth] = (struct ui_place){.screen = screen};
    ui->text = (struct ui_scroll){0};
    if (ops->open)
        ops->open(ui);
}

void
ui_begin(struct ui *ui, enum ui_screen screen)
{
    ui->depth = 0;
    ui->stack[0] = (struct ui_place){.screen = screen};
    ui->text = (struct ui_scroll){0};
    if (screen_of(screen)->open)
        screen_of(screen)->open(ui);
}

/* What lies above this place is gone. */
static void
back_to(struct ui *ui, int depth)
{
    if (depth >= ui->depth)
        return;
    ui->depth = depth;
    /* How far it goes is known when it is laid out. */
    ui->text = (struct ui_scroll){.top = ui->stack[depth].text_top};
}

void
ui_back(struct ui *ui)
{
    if (ui->depth > 0)
        back_to(ui, ui->depth - 1);
}

/* Whether `below` may lie under a screen that is not in the stack. */
static bool
carries(enum ui_screen below, enum ui_screen screen)
{
    switch (places[screen].place) {
    case OVER: return true;
    case BESIDE: return places[below].place == PATH;
    case PATH: return places[below].place == PATH && below < screen;
    }
    return false;
}

void
ui_go(struct ui *ui, enum ui_screen screen)
{
    for (int i = ui->depth; i >= 0; i--) {
        if (ui->stack[i].screen == screen) {
            back_to(ui, i);
            return;
        }
    }
    int depth = ui->depth;
    while (depth >= 0 && !carries(ui->stack[depth].screen, screen))
        depth--;
    if (depth < 0) {
        ui_begin(ui, screen);
        return;
    }
    back_to(ui, depth);
    enum ui_screen on = ui->stack[depth].screen;
    for (int i = (int)on + 1; places[screen].place == PATH && i < (int)screen; i++)
        push(ui, (enum ui_screen)i);
    if (ui->depth + 1 < UI_MAX_DEEP)
        push(ui, screen);
}

enum ui_screen
screen_by_action(enum action_id action)
{
    for (int i = 0; i < UI_SCREEN_COUNT; i++) {
        if (places[i].leads != DO_NOTHING && places[i].leads == action)
            return (enum ui_screen)i;
    }
    return UI_SCREEN_COUNT;
}

enum action_id
screen_beside(const struct ui *ui, int step)
{
    int depth = ui->depth;
    while (depth > 0 && places[ui->stack[depth].screen].place == OVER)
        depth--;
    int at = (int)ui->stack[depth].screen;
    do {
        at = (at + step + UI_SCREEN_COUNT) % UI_SCREEN_COUNT;
    } while (places[at].place == OVER);
    return places[at].leads;
}
