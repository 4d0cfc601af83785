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
#include "net/base/xalloc.h"

enum { ESCAPE_MS = 25, RESTORE_MAX = 512, STACK_BYTES = 64 * 1024 };

static struct {
    bool is_open, has_colour, has_sync, has_sentinel;
    SCREEN *screen;
    int fd;                             /* a second opening of the terminal, for the loop */
    struct theme theme;
    short pairs[ROLE_COUNT][SELECTION_COUNT];
    attr_t attributes[ROLE_COUNT][SELECTION_COUNT];
    struct cells shown;                 /* what the terminal shows */
    struct termios saved;
    unsigned long frames, keys;
} term;

/* Written by a signal handler: everything that a terminal needs to be usable again. */
static char restore[RESTORE_MAX];
static size_t restore_size;
static char *handler_stack;

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
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* --- restoring, whatever happens ---------------------------------------------------------- */

static int
keep_byte(int byte)
{
    if (restore_size < sizeof(restore))
        restore[restore_size++] = (char)byte;
    return byte;
}

static void
keep_capability(const char *name)
{
    char *text = tigetstr((char *)(uintptr_t)name);
    if (text && text != (char *)-1)
        tputs(text, 1, keep_byte);
}

static void
prepare_restore(void)
{
    static const char modes[] = "\033[?2026l";
    restore_size = 0;
    if (term.has_sync) {
        for (size_t i = 0; i < sizeof(modes) - 1; i++)
            keep_byte(modes[i]);
    }
    keep_capability("sgr0");
    keep_capability("cnorm");
    keep_capability("rmkx");
    keep_capability("rmcup");
}

static void
write_restore(void)
{
    if (!term.is_open)
        return;
    ssize_t ignored = write(STDOUT_FILENO, restore, restore_size);
    (void)ignored;
    tcsetattr(STDOUT_FILENO, TCSANOW, &term.saved);
}

static void
on_deadly_signal(int number)
{
    write_restore();
    signal(number, SIG_DFL);
    raise(number);
}

static void
watch_deadly_signals(void)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct sigaction action = {.sa_handler = on_deadly_signal,
                               .sa_flags = SA_ONSTACK | (int)SA_RESETHAND};
    if (!handler_stack)
        handler_stack = xmalloc(STACK_BYTES);
    stack_t stack = {.ss_sp = handler_stack, .ss_size = STACK_BYTES};
    sigaltstack(&stack, NULL);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        struct sigaction old;
        /* A sanitizer has its own report to make. */
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
            sigaction(numbers[i], &action, NULL);
    }
}

/* --- colours ------------------------------------------------------------------------------ */

/* 256 colours taken down to what the terminal has. Greys become the terminal's own colour as a
 * foreground, since one of the eight could be the very background; as a background they are
 * given up. */
static int
fit_colour(int colour, bool is_background)
{
    if (colour < 0 || colour < COLORS)
        return colour;
    if (colour == 8 || colour >= 232)
        return -1;
    if (colour < 16)
        return colour - 8;
    int index = colour - 16, part[] = {index / 36, index / 6 % 6, index % 6};
    int most = part[0] > part[1] ? part[0] : part[1];
    most = part[2] > most ? part[2] : most;
    int fitted = 0;
    for (int i = 0; i < 3; i++)
        fitted |= most && part[i] * 5 >= most * 3 ? 1 << i : 0;
    return fitted == 7 && !is_background && most < 5 ? -1 : fitted;
}

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
    int foreground = fit_colour(s->foreground, false), background = fit_colour(s->background, true);
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

/* Terminals that would print the brackets around a frame. */
static bool
understands_sync(const char *name)
{
    static const char *const plain[] = {"linux", "vt", "ansi"};
    for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
        if (strncmp(name, plain[i], strlen(plain[i])) == 0)
            return false;
    }
    return true;
}

enum err
term_open(const struct term_options *options, struct diag *d)
{
    const char *name = getenv("TERM");
    if (!can_paint())
        return diag_set(d, ERR_UNSUPPORTED, "standard input or output is no terminal");
    tcgetattr(STDOUT_FILENO, &term.saved);
    use_tioctl(TRUE);
    term.screen = newterm(NULL, stdout, stdin);
    if (!term.screen)
        return diag_set(d, ERR_UNSUPPORTED, "TERM is \"%.40s\": no such terminal is known",
                        name ? name : "");
    char *move_cursor = tigetstr((char[]){"cup"});
    if (!move_cursor || move_cursor == (char *)-1) {
        endwin();
        delscreen(term.screen);
        return diag_set(d, ERR_UNSUPPORTED, "the terminal %.40s cannot place a cursor", name);
    }
    term.fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (term.fd < 0) {
        endwin();
        delscreen(term.screen);
        return diag_set(d, ERR_IO, "/dev/tty: %s", strerror(errno));
    }
    term.has_sync = understands_sync(name);
    term.has_sentinel = getenv("NEARTOP_TEST_SENTINEL") != NULL;
    term.has_colour = wants_colour(options->colour) && has_colors();
    if (term.has_colour) {
        start_color();
        use_default_colors();
    }
    start_curses();
    term.theme = *options->theme;
    make_styles();
    prepare_restore();
    term.is_open = true;
    fatal_set_hook(write_restore);
    watch_deadly_signals();
    return OK;
}

void
term_close(void)
{
    if (!term.is_open)
        return;
    term.is_open = false;
    fatal_set_hook(NULL);
    if (term.fd >= 0)
        close(term.fd);
    cells_release(&term.shown);
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
        wchar_t text[2] = {(wchar_t)at->scalar, L'\0'};
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
            a[x].selection != b[x].selection)
            return false;
    }
    return true;
}

static void
put_bytes(const char *bytes, size_t n)
{
    ssize_t ignored = write(STDOUT_FILENO, bytes, n);
    (void)ignored;
}

static void
keep_shown(const struct cells *c)
{
    if (term.shown.width != c->width || term.shown.height != c->height) {
        cells_release(&term.shown);
        cells_init(&term.shown, c->width, c->height, c->is_ascii);
    }
    memcpy(term.shown.cell, c->cell, (size_t)c->width * (size_t)c->height * sizeof(*c->cell));
}

void
term_present(const struct cells *c)
{
    bool is_changed = false;
    for (int y = 0; y < c->height; y++) {
        if (!is_row_shown(c, y)) {
            put_row(c, y);
            is_changed = true;
        }
    }
    if (is_changed) {
        keep_shown(c);
        wnoutrefresh(stdscr);
        if (term.has_sync)
            put_bytes("\033[?2026h", 8);
        doupdate();
        if (term.has_sync)
            put_bytes("\033[?2026l", 8);
        term.frames++;
    }
    if (term.has_sentinel) {
        char text[64];
        int n = snprintf(text, sizeof(text), "\033]7777;%lu;%lu\033\\", term.frames, term.keys);
        put_bytes(text, (size_t)n);
    }
}

/* --- keys --------------------------------------------------------------------------------- */

static struct key
special(enum key_special kind)
{
    term.keys++;
    return (struct key){.special = kind};
}

/* What stands behind an escape: nothing, a sequence of the other form, or a letter with Alt. */
static struct key
escape_sequence(void)
{
    static const struct {
        wint_t final;
        enum key_special kind;
    } finals[] = {{'A', KEY_ARROW_UP},   {'B', KEY_ARROW_DOWN}, {'C', KEY_ARROW_RIGHT},
                  {'D', KEY_ARROW_LEFT}, {'H', KEY_TOP},        {'F', KEY_BOTTOM},
                  {'Z', KEY_BACK_TAB}};
    wint_t c;
    if (wget_wch(stdscr, &c) == ERR)
        return special(KEY_ESCAPE);
    if (c != '[' && c != 'O')
        return special(KEY_OTHER);      /* Alt and a letter */
    while (wget_wch(stdscr, &c) != ERR) {
        if (c < 0x40 || c > 0x7E)
            continue;
        for (size_t i = 0; i < ARRAY_LEN(finals); i++) {
            if (finals[i].final == c)
                return special(finals[i].kind);
        }
        break;
    }
    /* An unknown sequence is swallowed whole: its letters are no keys. */
    return special(KEY_OTHER);
}

struct key
term_key(void)
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
    wint_t c;
    int kind = wget_wch(stdscr, &c);
    if (kind == ERR)
        return (struct key){.special = KEY_NONE};
    if (kind == KEY_CODE_YES) {
        for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
            if ((int)c == codes[i].code)
                return special(codes[i].kind);
        }
        if ((int)c >= KEY_F(1) && (int)c <= KEY_F(10))
            return special((enum key_special)(KEY_FUNCTION_1 + ((int)c - KEY_F(1))));
        return special(KEY_OTHER);
    }
    if (c == 27)
        return escape_sequence();
    if (c == '\r' || c == '\n')
        return special(KEY_RETURN);
    if (c == 127 || c == 8)
        return special(KEY_ERASE);
    if (c == '\t')
        return special(KEY_TAB);
    term.keys++;
    return (struct key){.special = KEY_CHARACTER, .scalar = (uint32_t)c};
}
