/* screen: the program on a pseudo-terminal, seen through libvterm.
 *
 * A test presses keys and waits until something is to be seen; it never waits for a time. The
 * deadline only turns a hang into a failure, which prints the screen as it then was. */
#ifndef TESTS_SUPPORT_SCREEN_H
#define TESTS_SUPPORT_SCREEN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct screen;

/* --- screen.c: the program and its terminal --------------------------------------------------- */

/* Starts argv[0] with exactly the environment that screen tests have (TERM=xterm-256color,
 * LC_ALL=C.UTF-8), plus NAME=VALUE strings in extra (ended by NULL, may be NULL), which replace
 * those of the same name. */
struct screen *screen_start(int width, int height, const char *const argv[],
                            const char *const extra[]);
void screen_free(struct screen *take_s);        /* kills what still runs */

/* For who has a loop: readable when something has come; then take it. */
int screen_fd(const struct screen *s);
void screen_take(struct screen *s);

void screen_press(struct screen *s, const char *bytes);
void screen_resize(struct screen *s, int width, int height);
void screen_kill(struct screen *s, int signal_number);
pid_t screen_pid(const struct screen *s);
/* Does to the terminal what a shell does when it gets it back: lines, echo, signals. */
void screen_make_cooked(struct screen *s);

/* --- screen_wait.c: waiting ---------------------------------------------------------------------- */

/* Waits until `text` is somewhere on the screen; fails the test otherwise. */
void screen_wait(struct screen *s, const char *text);
void screen_wait_gone(struct screen *s, const char *text);
/* Waits until the first cell of `text` has that foreground colour. */
void screen_wait_colour(struct screen *s, const char *text, int colour);
/* Waits until the program has taken every key that was pressed. False: it has ended. */
bool screen_settle(struct screen *s);
/* Waits for a frame of the size that the terminal has now, painted when the program had taken so
 * many keys. With NEARTOP_TEST_SENTINEL=1 in the environment only. */
void screen_wait_frame(struct screen *s, unsigned long keys);
/* Waits until these bytes were among what the program wrote. */
void screen_wait_sent(struct screen *s, const char *bytes);
void screen_wait_file(struct screen *s, const char *path);      /* until it is there */
/* Waits until the program has ended. Returns its exit status, or 128 + signal. */
int screen_wait_end(struct screen *s);
/* Presses q; the program has to end, with that exit status. */
void screen_quit(struct screen *take_s, int status);
/* Waits until the program is stopped. */
void screen_wait_stopped(struct screen *s);
/* The terminal goes away, as when a line is cut; waits until the program has ended. Returns as
 * screen_wait_end(). Only screen_free may follow. */
int screen_hang_up(struct screen *s);

/* --- screen_look.c: looking ---------------------------------------------------------------------- */

bool screen_has(const struct screen *s, const char *text);
/* The row that holds `text`, or -1; and the text of a row, in a static buffer. */
int screen_row_of(const struct screen *s, const char *text);
const char *screen_row(const struct screen *s, int row);

void screen_size(const struct screen *s, int *width, int *height);
struct screen_cell {
    uint32_t scalar;                /* 0: the second half of a wide one */
    int foreground, background;     /* index of a colour; -1: the default one */
    bool is_bold, is_underlined, is_reversed;
};
struct screen_cell screen_cell(const struct screen *s, int x, int y);
/* Foreground colour index of the first cell of `text`; -1: the default colour. */
int screen_colour_of(const struct screen *s, const char *text);
/* No control character, nothing outside: what every frame has to hold. */
void screen_check_clean(const struct screen *s);

bool screen_is_alternate(const struct screen *s);
bool screen_has_mouse(const struct screen *s);       /* reports of one were asked for */
bool screen_cursor_is_visible(const struct screen *s);
/* Is the terminal in the state in which it was before the program began? */
bool screen_is_restored(const struct screen *s);
bool screen_was_sent(const struct screen *s, const char *bytes);        /* so far, by the program */
int screen_bells(const struct screen *s);       /* rung so far */

#endif
