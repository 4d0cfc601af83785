#define NCURSES_NOMACROS 1
#include "tui/term/term.h"

#include <curses.h>
#include <term.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>
#include "net/base/buf.h"
#include "net/base/xalloc.h"
#include "tui/term/link.h"
#include "tui/term/restore.h"
#include "tui/term/unit.h"
#include "tui/term/xterm.h"

enum { ESCAPE_MS = 25, TITLE_MAX = 128, LINK_MOST = 8192,
       ROWS_AT_ONCE = 6     /* a screen's part of so many leaves in one write */ };

/* Codes of our own for what begins in a way that curses does not know. */
enum { CODE_MOUSE = KEY_MAX + 1, CODE_PASTE, CODE_PASTE_END };

static struct {
    bool is_open, has_colour, has_sentinel;
    bool is_xterm;                      /* understands what xterm does */
    bool has_mouse;
    struct units units;
    char title[TITLE_MAX];
    SCREEN *screen;
    int fd;                             /* a second opening of the terminal, for the loop */
    struct theme theme;
    short pairs[ROLE_COUNT][SELECTION_COUNT];
    attr_t attributes[ROLE_COUNT][SELECTION_COUNT];
    struct cells shown;                 /* what the terminal shows */
    bool has_links;
    struct termios saved;
    unsigned long frames;
} term;

int
term_count_colours(void)
{
    int code;
    if (setupterm(NULL, STDOUT_FILENO, &code) != OK)
        return -1;
    int colours = tigetnum("colors");
    del_curterm(cur_term);
    return colours < 0 ? 0 : colours;
}

bool
term_is_utf8(void)
{
    const char *name = getenv("TERM");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 && name && xterm_is_like(name);
}

/* --- restoring, whatever happens ---------------------------------------------------------- */

static void
keep_capability(const char *name)
{
    char *text = tigetstr((char *)(uintptr_t)name);
    if (text && text != (char *)-1)
        tputs(text, 1, restore_add_byte);
}

static void
prepare_restore(void)
{
    restore_clear();
    if (term.is_xterm)
        restore_add(xterm_leaving);
    keep_capability("sgr0");
    keep_capability("cnorm");
    keep_capability("rmkx");
    keep_capability("rmcup");
}

/* --- colours ------------------------------------------------------------------------------ */

static void
set_style(enum role role, enum selection selection, const struct style *s)
{
    attr_t a = 0;
    if (s->is_bold)
        a |= A_BOLD;
    if (s->is_underlined)
        a |= A_UNDERLINE;
    if (s->is_reversed)
        a |= A_REVERSE;
    int foreground = depth_fit(s->foreground, COLORS);
    int background = depth_fit(s->background, COLORS);
    /* A bright colour on a terminal of eight is the bold one. */
    if (s->foreground > 8 && s->foreground < 16 && COLORS <= 8)
        a |= A_BOLD;
    /* A selection that cannot be coloured is reversed. */
    if (selection == SELECTION_NAME && (!term.has_colour || background < 0))
        a |= A_REVERSE;
    term.attributes[role][selection] = a;
    term.pairs[role][selection] = 0;
    if (term.has_colour) {
        int pair = alloc_pair(foreground, background);
        term.pairs[role][selection] = pair > 0 && pair <= SHRT_MAX ? (short)pair : 0;
    }
}

static void
make_styles(void)
{
    for (int role = 0; role < ROLE_COUNT; role++) {
        for (int selection = 0; selection < SELECTION_COUNT; selection++) {
            struct style s = theme_style(&term.theme, (enum role)role, (enum selection)selection);
            set_style((enum role)role, (enum selection)selection, &s);
        }
    }
}

static bool
wants_colour(enum term_colour when)
{
    const char *no = getenv("NO_COLOR");
    if (when == TERM_COLOUR_NEVER || (when == TERM_COLOUR_AUTO && no && *no))
        return false;
    return true;
}

/* --- keys --------------------------------------------------------------------------------- */

static struct unit
unit_of_code(int code)
{
    static const struct {
        int code;
        enum key_special kind;
    } codes[] = {{KEY_UP, KEY_ARROW_UP},       {KEY_DOWN, KEY_ARROW_DOWN},
                 {KEY_LEFT, KEY_ARROW_LEFT},   {KEY_RIGHT, KEY_ARROW_RIGHT},
                 {KEY_PPAGE, KEY_PAGE_UP},     {KEY_NPAGE, KEY_PAGE_DOWN},
                 {KEY_HOME, KEY_TOP},          {KEY_END, KEY_BOTTOM},
                 {KEY_ENTER, KEY_RETURN},      {KEY_BACKSPACE, KEY_ERASE},
                 {KEY_BTAB, KEY_BACK_TAB},     {KEY_DC, KEY_REMOVE}};
    if (code == CODE_MOUSE)
        return (struct unit){.kind = UNIT_MOUSE};
    if (code == CODE_PASTE || code == CODE_PASTE_END)
        return (struct unit){.kind = code == CODE_PASTE ? UNIT_PASTE : UNIT_PASTE_END};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        if (code == codes[i].code)
            return (struct unit){.kind = UNIT_KEY, .special = codes[i].kind};
    }
    if (code >= KEY_F(1) && code <= KEY_F(10))
        return (struct unit){.kind = UNIT_KEY,
                             .special = (enum key_special)(KEY_FUNCTION_1 + (code - KEY_F(1)))};
    return (struct unit){.kind = UNIT_KEY, .special = KEY_OTHER};
}

static struct unit
next_unit(void)
{
    wint_t c;
    int kind = wget_wch(stdscr, &c);
    if (kind == ERR)
        return (struct unit){.kind = UNIT_NONE};
    if (kind == KEY_CODE_YES)
        return unit_of_code((int)c);
    return (struct unit){.kind = UNIT_TEXT, .scalar = (uint32_t)c};
}

static bool
put_back(uint32_t scalar)
{
    return unget_wch((wchar_t)scalar) != ERR;
}

/* --- life --------------------------------------------------------------------------------- */

static bool
can_paint(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static void
start_curses(void)
{
    /* Without this the library's state stays "initial" and every cursor move is a write. */
    endwin();
    doupdate();
    cbreak();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(ESCAPE_MS);
    typeahead(-1);
    leaveok(stdscr, TRUE);
    curs_set(0);
    /* ^C and ^Z come as keys: the screen is left in order. */
    struct termios raw;
    if (tcgetattr(STDIN_FILENO, &raw) == 0) {
        raw.c_lflag &= ~(tcflag_t)ISIG;
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }
}

/* The library's own mouse loses and reorders what comes fast: only the beginnings of reports
 * are known to it, the rest is read here. */
static void
modes_on(void)
{
    if (!term.is_xterm)
        return;
    define_key("\033[<", CODE_MOUSE);
    define_key("\033[200~", CODE_PASTE);
    define_key("\033[201~", CODE_PASTE_END);
    xterm_enter(term.has_mouse);
    term.title[0] = '\0';
}

/* Where there is no second screen to be left, what follows begins in the last row. */
static void
clear_last_row(void)
{
    attrset(A_NORMAL);
    move(LINES - 1, 0);
    clrtoeol();
    refresh();
}

static void
leave_modes(void)
{
    if (term.is_xterm)
        xterm_put(xterm_leaving);
}

void
term_set_mouse(bool is_on)
{
    if (is_on == term.has_mouse)
        return;
    leave_modes();
    term.has_mouse = is_on;
    modes_on();
}

/* Asked beforehand: newterm does not give back all that it took for a terminal that it refuses. */
static enum err
check_terminal(const char *name, struct diag *d)
{
    int status;
    enum err e = OK;
    if (!name || !*name)
        return diag_set(d, ERR_UNSUPPORTED, "TERM is not set");
    if (setupterm(NULL, STDOUT_FILENO, &status) != 0)
        return diag_set(d, ERR_UNSUPPORTED, "no terminal \"%.40s\" is known here (TERM)", name);
    char *move_cursor = tigetstr((char[]){"cup"});
    if (!move_cursor || move_cursor == (char *)-1)
        e = diag_set(d, ERR_UNSUPPORTED, "the terminal %.40s cannot place a cursor", name);
    del_curterm(cur_term);
    return e;
}

enum err
term_open(const struct term_options *options, struct diag *d)
{
    const char *name = getenv("TERM");
    if (!can_paint())
        return diag_set(d, ERR_UNSUPPORTED, "standard input or output is no terminal");
    tcgetattr(STDOUT_FILENO, &term.saved);
    enum err e = check_terminal(name, d);
    if (e)
        return e;
    use_tioctl(TRUE);
    term.screen = newterm(NULL, stdout, stdin);
    if (!term.screen)
        return diag_set(d, ERR_UNSUPPORTED, "the terminal %.40s cannot be used", name);
    term.fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (term.fd < 0) {
        endwin();
        delscreen(term.screen);
        return diag_set(d, ERR_IO, "/dev/tty: %s", strerror(errno));
    }
    term.is_xterm = xterm_is_like(name);
    term.has_mouse = options->has_mouse;
    term.has_links = term.is_xterm && link_is_followed(name);
    term.has_sentinel = getenv("NEARTOP_TEST_SENTINEL") != NULL;
    term.has_colour = wants_colour(options->colour) && has_colors();
    if (term.has_colour) {
        start_color();
        use_default_colors();
    }
    start_curses();
    term.units = (struct units){.next = next_unit, .put_back = put_back};
    term.theme = *options->theme;
    make_styles();
    prepare_restore();
    modes_on();
    term.is_open = true;
    restore_arm(&term.saved, &term.shown);
    return OK;
}

void
term_close(void)
{
    if (!term.is_open)
        return;
    term.is_open = false;
    restore_disarm();
    if (term.fd >= 0)
        close(term.fd);
    cells_release(&term.shown);
    clear_last_row();
    leave_modes();
    endwin();
    tcsetattr(STDOUT_FILENO, TCSANOW, &term.saved);
    delscreen(term.screen);
}

int
term_fd(void)
{
    return term.fd;
}

void
term_size(int *width, int *height)
{
    *width = COLS;
    *height = LINES;
}

void
term_forget(void)
{
    cells_release(&term.shown);
    term.shown = (struct cells){0};
    redrawwin(stdscr);
}

void
term_set_theme(const struct theme *t)
{
    term.theme = *t;
    make_styles();
    term_forget();
}

void
term_resized(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
        return;
    resize_term(size.ws_row, size.ws_col);
    werase(stdscr);
    /* The terminal has moved its lines about in its own way: nothing of it can be relied on. */
    clearok(stdscr, TRUE);
    cells_release(&term.shown);
    term.shown = (struct cells){0};
}

void
term_suspend(void)
{
    leave_modes();
    endwin();
    tcsetattr(STDOUT_FILENO, TCSANOW, &term.saved);
    kill(getpid(), SIGSTOP);
    term_resume();
}

void
term_resume(void)
{
    /* A shell may have changed everything meanwhile, and the size is perhaps another. */
    start_curses();
    modes_on();
    units_forget(&term.units);
    term_resized();
    redrawwin(stdscr);
}

/* --- frames ------------------------------------------------------------------------------- */

static void
put_row(const struct cells *c, int y)
{
    static cchar_t row[1024];
    int used = 0;
    for (int x = 0; x < c->width && used < (int)ARRAY_LEN(row) - 1; x++) {
        const struct cell *at = &c->cell[y * c->width + x];
        if (at->width == 0)
            continue;
        wchar_t text[2 + CELL_MARKS] = {(wchar_t)at->scalar, (wchar_t)at->mark[0],
                                        (wchar_t)at->mark[1]};
        setcchar(&row[used++], text, term.attributes[at->role][at->selection],
                 term.pairs[at->role][at->selection], NULL);
    }
    mvwadd_wchnstr(stdscr, y, 0, row, used);
}

static bool
is_row_shown(const struct cells *c, int y)
{
    if (term.shown.width != c->width || term.shown.height != c->height)
        return false;
    const struct cell *a = &c->cell[y * c->width], *b = &term.shown.cell[y * c->width];
    for (int x = 0; x < c->width; x++) {
        if (a[x].scalar != b[x].scalar || a[x].role != b[x].role || a[x].width != b[x].width ||
            a[x].selection != b[x].selection || a[x].mark[0] != b[x].mark[0] ||
            a[x].mark[1] != b[x].mark[1])
            return false;
    }
    return true;
}

static void
put_link(const struct cells *c)
{
    struct buf out;
    buf_init(&out, LINK_MOST);
    link_write(&out, c, &term.theme, term.has_colour ? COLORS : 0);
    if (!out.overflowed)
        xterm_put(buf_c(&out));
    buf_release(&out);
}

static void
keep_shown(const struct cells *c)
{
    if (term.shown.width != c->width || term.shown.height != c->height) {
        cells_release(&term.shown);
        cells_init(&term.shown, c->width, c->height, c->is_ascii);
    }
    term.shown.link = c->link;
    memcpy(term.shown.cell, c->cell, (size_t)c->width * (size_t)c->height * sizeof(*c->cell));
}

/* A few rows leave in one write, which terminals take as one; what needs more is put in
 * brackets, so that nothing of it is seen before the rest. */
static void
show_rows(const struct cells *c, int changed, bool has_link)
{
    bool is_large = term.is_xterm && (has_link || changed * ROWS_AT_ONCE > c->height);
    wnoutrefresh(stdscr);
    if (is_large)
        xterm_put("\033[?2026h");
    doupdate();
    if (has_link)
        put_link(c);
    if (is_large)
        xterm_put("\033[?2026l");
    term.frames++;
}

void
term_present(const struct cells *c)
{
    int changed = 0;
    bool has_link = term.has_links && c->link.width > 0 &&
                    (!is_row_shown(c, c->link.y) || strcmp(term.shown.link.url, c->link.url) != 0);
    for (int y = 0; y < c->height; y++) {
        if (!is_row_shown(c, y)) {
            put_row(c, y);
            changed++;
        }
    }
    if (changed) {
        keep_shown(c);
        show_rows(c, changed, has_link);
    }
    if (term.has_sentinel) {
        char text[96];
        snprintf(text, sizeof(text), "\033]7777;%lu;%lu;%d;%d\033\\", term.frames, term.units.keys, c->width,
                 c->height);
        xterm_put(text);
    }
}

/* --- beside the frames ---------------------------------------------------------------------- */

bool
term_copy(struct str base64)
{
    return term.is_xterm && base64.n <= TERM_COPY_MAX && xterm_copy(base64);
}

void
term_set_title(const char *text)
{
    if (!term.is_xterm || strncmp(term.title, text, sizeof(term.title) - 1) == 0)
        return;
    snprintf(term.title, sizeof(term.title), "%s", text);
    xterm_title(term.title);
}

void
term_bell(void)
{
    xterm_put("\a");
}

struct key
term_key(void)
{
    return units_key(&term.units);
}
