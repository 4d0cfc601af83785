/* Looking: what is on the screen, and in which state the terminal is. */
#include "tests/support/screen_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/str.h"
#include "net/base/utf8.h"

enum { ROW_MAX = 4096 };

const char *
screen_row(const struct screen *s, int row)
{
    static char text[ROW_MAX];
    int n = 0;
    for (int x = 0; x < s->width && n < ROW_MAX - 8; x++) {
        VTermScreenCell cell;
        VTermPos at = {.row = row, .col = x};
        if (!vterm_screen_get_cell(s->vts, at, &cell))
            continue;
        n += utf8_put(text + n, cell.chars[0] ? cell.chars[0] : ' ');
        if (cell.width == 2)
            x++;
    }
    while (n && text[n - 1] == ' ')
        n--;
    text[n] = '\0';
    return text;
}

int
screen_row_of(const struct screen *s, const char *text)
{
    for (int y = 0; y < s->height; y++) {
        if (strstr(screen_row(s, y), text))
            return y;
    }
    return -1;
}

bool
screen_has(const struct screen *s, const char *text)
{
    return screen_row_of(s, text) >= 0;
}

bool
screen_is_alternate(const struct screen *s)
{
    return s->is_alternate;
}

bool
screen_has_mouse(const struct screen *s)
{
    return s->has_mouse;
}

bool
screen_cursor_is_visible(const struct screen *s)
{
    return s->cursor_is_visible;
}

bool
screen_is_restored(const struct screen *s)
{
    struct termios now;
    tcgetattr(s->slave, &now);
    return !s->is_alternate && s->cursor_is_visible && !s->has_mouse && now.c_lflag == s->before.c_lflag &&
           now.c_iflag == s->before.c_iflag && now.c_oflag == s->before.c_oflag;
}

void
screen_size(const struct screen *s, int *width, int *height)
{
    *width = s->width;
    *height = s->height;
}

struct screen_cell
screen_cell(const struct screen *s, int x, int y)
{
    VTermScreenCell cell;
    struct screen_cell out = {.scalar = ' ', .foreground = -1, .background = -1};
    if (!vterm_screen_get_cell(s->vts, (VTermPos){.row = y, .col = x}, &cell))
        return out;
    bool is_half = cell.chars[0] == UINT32_MAX;
    out.scalar = is_half ? 0 : cell.chars[0] ? cell.chars[0] : ' ';
    if (VTERM_COLOR_IS_INDEXED(&cell.fg) && !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg))
        out.foreground = cell.fg.indexed.idx;
    if (VTERM_COLOR_IS_INDEXED(&cell.bg) && !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
        out.background = cell.bg.indexed.idx;
    out.is_bold = cell.attrs.bold;
    out.is_underlined = cell.attrs.underline != 0;
    out.is_reversed = cell.attrs.reverse;
    return out;
}

int
screen_colour_of(const struct screen *s, const char *text)
{
    int y = screen_row_of(s, text);
    assert_true(y >= 0);
    const char *row = screen_row(s, y), *found = strstr(row, text);
    int x = 0;
    for (const char *p = row; p < found; p++)
        x += ((unsigned char)*p & 0xC0) != 0x80;
    VTermScreenCell cell;
    vterm_screen_get_cell(s->vts, (VTermPos){.row = y, .col = x}, &cell);
    if (VTERM_COLOR_IS_DEFAULT_FG(&cell.fg))
        return -1;
    return VTERM_COLOR_IS_INDEXED(&cell.fg) ? cell.fg.indexed.idx : -2;
}

void
screen_check_clean(const struct screen *s)
{
    for (int y = 0; y < s->height; y++) {
        for (int x = 0; x < s->width; x++) {
            VTermScreenCell cell;
            vterm_screen_get_cell(s->vts, (VTermPos){.row = y, .col = x}, &cell);
            assert_false(cell.chars[0] && cell.chars[0] != UINT32_MAX && cell.chars[0] < 0x20);
        }
    }
}

bool
screen_was_sent(const struct screen *s, const char *bytes)
{
    return str_find(str_of(s->sent, s->sent_size), str_from(bytes)) >= 0;
}

int
screen_bells(const struct screen *s)
{
    return s->bells;
}
