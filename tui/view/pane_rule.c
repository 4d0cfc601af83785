/* Lines between panes: rules with a title, and the dividers that meet them. */
#include <stdio.h>
#include "net/base/utf8.h"
#include "tui/view/pane.h"

enum { MORE_MAX = 32 };

void
rule_paint(struct cells *c, struct box b, const char *title)
{
    cells_repeat(c, b.x, b.y, b.width, GLYPH_LINE, ROLE_RULE);
    if (*title && b.width > 8)
        cells_putf(c, b.x + 2, b.y, b.width - 4, ROLE_MUTED, " %s ", title);
}

void
pane_rule_paint(struct cells *c, struct box b, const char *title, bool has_focus)
{
    rule_paint(c, b, "");
    if (*title && b.width > 8)
        cells_putf(c, b.x + 2, b.y, b.width - 4, has_focus ? ROLE_TITLE : ROLE_MUTED, " %s ",
                   title);
}

void
pane_more_paint(struct cells *c, struct box b, const char *title, int more)
{
    char text[MORE_MAX];
    int end = b.x + 2 + utf8_str_width(str_from(title)) + (*title ? 3 : 0);
    for (int is_short = 0; more > 0 && is_short <= 1; is_short++) {
        int width = snprintf(text, sizeof(text), " %d more%s ", more,
                             is_short ? "" : more == 1 ? " line" : " lines");
        int x = b.x + b.width - width - 2;
        if (x < end)
            continue;
        cells_put_c(c, x, b.y, text, width, ROLE_MUTED);
        return;
    }
}

static bool
shows(const struct cells *c, int x, int y, enum glyph glyph)
{
    struct str text = str_from(glyph_text(glyph, c->is_ascii));
    const struct cell *at = cells_at(c, x, y);
    return at && at->role == ROLE_RULE && at->scalar == utf8_take(&text);
}

/* What a line downwards makes of a rule that it meets; in ASCII all corners are the same. */
static void
meet(struct cells *c, int x, int y, enum glyph own, enum glyph other)
{
    if (shows(c, x, y, other))
        cells_glyph(c, x, y, GLYPH_CROSS, ROLE_RULE);
    else if (shows(c, x, y, GLYPH_LINE))
        cells_glyph(c, x, y, own, ROLE_RULE);
}

void
divider_paint(struct cells *c, int x, int y, int height)
{
    for (int i = 0; i < height; i++)
        cells_glyph(c, x, y + i, GLYPH_BAR, ROLE_RULE);
    meet(c, x, y - 1, GLYPH_DOWN, GLYPH_UP);
    meet(c, x, y + height, GLYPH_UP, GLYPH_DOWN);
}
