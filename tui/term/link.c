#include "tui/term/link.h"

#include <stdlib.h>
#include <string.h>
#include "net/base/utf8.h"

bool
link_is_followed(const char *terminal)
{
    static const char *const signs[] = {"VTE_VERSION",  "KONSOLE_VERSION",  "KITTY_WINDOW_ID",
                                        "WEZTERM_PANE", "ITERM_SESSION_ID", "WT_SESSION"};
    static const char *const names[] = {"foot", "alacritty", "xterm-kitty", "xterm-ghostty"};
    const char *decided = getenv("NEARTOP_LINKS");
    if (decided && *decided)
        return strcmp(decided, "0") != 0;
    /* What is between us and the terminal may not pass them on. */
    if (getenv("TMUX") || getenv("STY"))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        if (getenv(signs[i]))
            return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strncmp(terminal, names[i], strlen(names[i])) == 0)
            return true;
    }
    return false;
}

static void
add_colour(struct buf *out, int colour, int base, int extended)
{
    if (colour >= 0 && colour < 8)
        buf_addf(out, ";%d", base + colour);
    else if (colour >= 8 && colour < 256)
        buf_addf(out, ";%d;5;%d", extended, colour);
    else if (colour >= 256)
        buf_addf(out, ";%d;2;%d;%d;%d", extended, colour >> 16, colour >> 8 & 0xFF, colour & 0xFF);
}

static void
add_cell(struct buf *out, const struct cell *at, const struct theme *t, int colours)
{
    struct style s = theme_style(t, (enum role)at->role, (enum selection)at->selection);
    int foreground = depth_fit(s.foreground, colours);
    int background = depth_fit(s.background, colours);
    bool is_bright = s.foreground > 8 && s.foreground < 16 && colours > 0 &&
                     colours <= 8;
    bool is_chosen = at->selection == SELECTION_NAME && background < 0;
    char bytes[4];
    /* As in term_curses.c: what cannot be coloured is reversed, or bold. */
    buf_add_c(out, s.is_bold || is_bright ? "\033[0;1" : "\033[0");
    buf_add_c(out, s.is_underlined ? ";4" : "");
    buf_add_c(out, s.is_reversed || is_chosen ? ";7" : "");
    add_colour(out, foreground, 30, 38);
    add_colour(out, background, 40, 48);
    buf_add_byte(out, 'm');
    buf_add(out, bytes, (size_t)utf8_put(bytes, at->scalar));
}

void
link_write(struct buf *out, const struct cells *c, const struct theme *t, int colours)
{
    const struct cells_link *l = &c->link;
    buf_addf(out, "\0337\033[%d;%dH\033]8;;%s\033\\", l->y + 1, l->x + 1, l->url);
    for (int x = l->x; x < l->x + l->width; x++) {
        const struct cell *at = cells_at(c, x, l->y);
        if (at && at->width)
            add_cell(out, at, t, colours);
    }
    buf_add_c(out, "\033]8;;\033\\\0338");
}
