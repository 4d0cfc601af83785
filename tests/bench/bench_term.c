/* bench_term: how many bytes a terminal gets for a frame, by what has changed in it, on 200x60
 * cells of an xterm: what a slow line has to carry.
 *
 * The frames are painted in a process of their own on a pseudo-terminal, one a step; each ends in
 * a sentinel (term.h), which is not counted. No times, so that the figures are the same on every
 * machine. Judges nothing. */
#include <locale.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/base/clock.h"
#include "net/base/macros.h"
#include "tests/bench/sample.h"
#include "tests/support/model_made.h"
#include "tui/term/term.h"
#include "tui/view/ui.h"

enum { WIDTH = 200, HEIGHT = 60, BRANCHES = 24, DATA = 500000, FIRST_HEIGHT = 100,
       STREAM_MAX = 1 << 20 };

struct scene {
    struct store *store;
    struct ui ui;
    struct snapshot snapshot;
    struct cells cells;
};

static void
make_call(struct store *s)
{
    unsigned data[BRANCHES];
    made_ran(s, MADE_TX, FIRST_HEIGHT, MADE_ROOT, 1);
    made_exists(s, MADE_ROOT, NULL, 0, 0);
    for (unsigned i = 0; i < BRANCHES; i++) {
        data[i] = DATA + i;
        made_exists(s, 1 + i, NULL, 0, DATA + i);
    }
    made_exists(s, BRANCHES + 1, data, BRANCHES, 0);
    made_ran(s, MADE_ROOT, FIRST_HEIGHT + 1, 1, BRANCHES + 1);
}

/* --- steps ------------------------------------------------------------------------------------ */

static void
nothing(struct scene *s)
{
    (void)s;
}

static void
second_later(struct scene *s)
{
    s->snapshot.now_ns += NS_PER_S;
}

static void
branch_ran(struct scene *s)
{
    made_ran(s->store, 3, FIRST_HEIGHT + 2, 0, 0);
    s->snapshot.call = made_call(s->store);
}

static void
branch_failed(struct scene *s)
{
    made_failed(s->store, 4, FIRST_HEIGHT + 2);
    s->snapshot.call = made_call(s->store);
}

static void
row_down(struct scene *s)
{
    ui_act(&s->ui, &s->snapshot, DO_DOWN);
}

static void
page_down(struct scene *s)
{
    ui_act(&s->ui, &s->snapshot, DO_PAGE_DOWN);
}

static const struct {
    const char *name;
    void (*change)(struct scene *s);
} steps[] = {
    {"the first frame", nothing},
    {"nothing has changed", nothing},
    {"a second has passed", second_later},
    {"a branch has run, in the newest block", branch_ran},
    {"another one has failed in it", branch_failed},
    {"the selection moves, with its detail", row_down},
    {"a page down", page_down},
};

/* One row of cells that has the text of the row below it: all of it has changed. */
static void
present_changed_row(struct scene *s)
{
    int y = s->ui.tree_y + 8;
    struct cell *row = &s->cells.cell[(size_t)y * WIDTH];
    memcpy(row, row + WIDTH, WIDTH * sizeof(*row));
    for (int x = 0; x < WIDTH; x++)
        row[x].scalar = row[x].scalar > ' ' && row[x].scalar < 'z' ? row[x].scalar + 1 : row[x].scalar;
    term_present(&s->cells);
}

static void
paint_all(void)
{
    struct scene s = {.store = store_new()};
    struct theme theme;
    struct diag d = {0};
    theme_default(&theme);
    setlocale(LC_ALL, "C.UTF-8");
    if (term_open(&(struct term_options){.theme = &theme, .has_mouse = true}, &d))
        _exit(EXIT_FAILURE);
    make_call(s.store);
    ui_init(&s.ui);
    ui_begin(&s.ui, UI_CALL);
    cells_init(&s.cells, WIDTH, HEIGHT, false);
    s.snapshot = (struct snapshot){.store = s.store, .call = made_call(s.store),
                                   .network = "bench", .now_ns = NS_PER_S, .trouble = "",
                                   .note = "", .explorer = ""};
    s.snapshot.call->begun_ns = 1;
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        steps[i].change(&s);
        ui_paint(&s.cells, &s.ui, &s.snapshot);
        term_present(&s.cells);
    }
    present_changed_row(&s);
    _exit(EXIT_SUCCESS);
}

/* --- counting --------------------------------------------------------------------------------- */

static size_t
read_all(int fd, char *out, size_t room)
{
    size_t n = 0;
    ssize_t got;
    while (n < room && (got = read(fd, out + n, room - n)) > 0)
        n += (size_t)got;
    return n;
}

int
main(void)
{
    static char stream[STREAM_MAX + 1];
    static const char sentinel[] = "\033]7777;", end[] = "\033\\";
    struct winsize size = {.ws_row = HEIGHT, .ws_col = WIDTH};
    int fd, status;
    pid_t pid = forkpty(&fd, NULL, NULL, &size);
    if (pid < 0)
        return EXIT_FAILURE;
    if (pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        setenv("NEARTOP_TEST_SENTINEL", "1", 1);
        unsetenv("NO_COLOR");
        paint_all();
    }
    stream[read_all(fd, stream, STREAM_MAX)] = '\0';
    waitpid(pid, &status, 0);
    puts("bytes to the terminal, 200x60 cells, xterm-256color");
    const char *from = stream;
    for (size_t i = 0; i <= ARRAY_LEN(steps); i++) {
        const char *to = strstr(from, sentinel);
        if (!to)
            return EXIT_FAILURE;
        bool is_row = i == ARRAY_LEN(steps);
        sample_row(is_row ? "one row, every letter of it changed" : steps[i].name,
                   (double)(to - from), "bytes", is_row ? "wanted: under 400" : "");
        from = strstr(to, end);
        from = from ? from + sizeof(end) - 1 : to + 1;
    }
    return EXIT_SUCCESS;
}
