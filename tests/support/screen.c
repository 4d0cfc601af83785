#include "tests/support/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <cmocka.h>
#include <vterm.h>
#include "net/base/str.h"

enum { DEADLINE_MS = 30000, ROW_MAX = 4096, ENV_MAX = 24, SENT_MOST = 4 << 20 };

struct screen {
    int master, slave;
    pid_t pid;
    bool has_ended, is_alternate, cursor_is_visible, has_mouse;
    int status;
    struct termios before;
    VTerm *vt;
    VTermScreen *vts;
    int width, height;
    unsigned long keys;             /* that the frame seen last knows of */
    int frame_width, frame_height;  /* and its size */
    bool has_frames;                /* the program tells of its frames */
    char marker[80];                /* what it says of one, as far as it has come */
    size_t marker_size;
    int bells;
    char *sent;                     /* all that was written, SENT_MOST at most; owned */
    size_t sent_size;
};

static int64_t
now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
on_property(VTermProp property, VTermValue *value, void *user)
{
    struct screen *s = user;
    if (property == VTERM_PROP_ALTSCREEN)
        s->is_alternate = value->boolean;
    if (property == VTERM_PROP_MOUSE)
        s->has_mouse = value->number != VTERM_PROP_MOUSE_NONE;
    if (property == VTERM_PROP_CURSORVISIBLE)
        s->cursor_is_visible = value->boolean;
    return 1;
}

static void
on_output(const char *bytes, size_t n, void *user)
{
    struct screen *s = user;
    ssize_t ignored = write(s->master, bytes, n);
    (void)ignored;
}

/* "ESC ] 7777;FRAMES;KEYS;WIDTH;HEIGHT ESC \": what the program says after each frame when it is
 * asked to. Looked for here, byte by byte: libvterm 0.1.4 loses the head of a string that comes
 * in two reads. */
static void
note_frame(struct screen *s, char byte)
{
    static const char head[] = "\033]7777;";
    size_t head_size = sizeof(head) - 1;
    bool is_inside = s->marker_size >= head_size;
    if (is_inside ? byte == '\033' : byte != head[s->marker_size]) {
        s->marker[s->marker_size] = '\0';
        if (is_inside && sscanf(s->marker + head_size, "%*u;%lu;%d;%d", &s->keys, &s->frame_width,
                                &s->frame_height) == 3)
            s->has_frames = true;
        s->marker_size = 0;
        if (byte != head[0] || is_inside)
            return;
    }
    if (s->marker_size + 1 < sizeof(s->marker))
        s->marker[s->marker_size++] = byte;
}

static int
on_bell(void *user)
{
    struct screen *s = user;
    s->bells++;
    return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property, .bell = on_bell};

static void
feed_text(struct screen *s, const char *text)
{
    vterm_input_write(s->vt, text, strlen(text));
}

/* The library's own resizing ends in its crash now and then (0.1.4): each size has a terminal of
 * its own, in the modes of the one before. What was on that is gone: a program paints anew. */
static void
new_terminal(struct screen *s, int width, int height)
{
    bool is_alternate = s->is_alternate, has_mouse = s->has_mouse, has_no_cursor = !s->cursor_is_visible;
    if (s->vt)
        vterm_free(s->vt);
    s->width = width;
    s->height = height;
    s->vt = vterm_new(height, width);
    vterm_set_utf8(s->vt, 1);
    vterm_output_set_callback(s->vt, on_output, s);
    s->vts = vterm_obtain_screen(s->vt);
    vterm_screen_set_callbacks(s->vts, &callbacks, s);
    vterm_screen_enable_altscreen(s->vts, 1);
    vterm_screen_reset(s->vts, 1);
    if (is_alternate)
        feed_text(s, "\033[?1049h");
    if (has_mouse)
        feed_text(s, "\033[?1002h");
    if (has_no_cursor)
        feed_text(s, "\033[?25l");
}

static void
become(const struct screen *s, const char *const argv[], const char *const extra[])
{
    static char home[] = "HOME=/nonexistent", path[4096];
    /* Nothing is kept from one run to the next. */
    static char state[] = "XDG_STATE_HOME=/dev/null";
    char *environment[ENV_MAX] = {(char *)(uintptr_t)"TERM=xterm-256color",
                                  (char *)(uintptr_t)"LC_ALL=C.UTF-8", (char *)(uintptr_t)"TZ=UTC",
                                  home, path, state};
    int n = 6;
    /* A sanitizer's words belong into a file: the terminal is what is looked at. Its exit status
     * is none of the program's own. */
    static const char *const passed[] = {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"};
    static char kept[3][1024];
    snprintf(path, sizeof(path), "PATH=%s", getenv("PATH"));
    for (size_t i = 0; i < 3; i++) {
        const char *given = getenv(passed[i]);
        snprintf(kept[i], sizeof(kept[i]), "%s=%s%slog_path=/tmp/neartop-sanitizer:exitcode=99", passed[i],
                 given ? given : "", given ? ":" : "");
        environment[n++] = kept[i];
    }
    for (int i = 0; extra && extra[i] && n < ENV_MAX - 1; i++) {
        size_t name = strcspn(extra[i], "=") + 1;
        int at = 0;
        while (at < n && strncmp(environment[at], extra[i], name) != 0)
            at++;
        environment[at] = (char *)(uintptr_t)extra[i];
        n += at == n;
    }
    environment[n] = NULL;
    close(s->master);
    login_tty(s->slave);
    execve(argv[0], (char *const *)(uintptr_t)argv, environment);
    _exit(127);
}

struct screen *
screen_start(int width, int height, const char *const argv[], const char *const extra[])
{
    struct screen *s = calloc(1, sizeof(*s));
    struct winsize size = {.ws_row = (unsigned short)height, .ws_col = (unsigned short)width};
    assert_non_null(s);
    assert_int_equal(openpty(&s->master, &s->slave, NULL, NULL, &size), 0);
    fcntl(s->master, F_SETFD, FD_CLOEXEC);
    tcgetattr(s->slave, &s->before);
    s->cursor_is_visible = true;
    s->sent = malloc(SENT_MOST);
    assert_non_null(s->sent);
    new_terminal(s, width, height);
    s->pid = fork();
    assert_true(s->pid >= 0);
    if (s->pid == 0)
        become(s, argv, extra);
    return s;
}

static void
take_end(struct screen *s, int options)
{
    int status;
    if (!s->has_ended && waitpid(s->pid, &status, options) == s->pid) {
        s->has_ended = true;
        s->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
}

void
screen_free(struct screen *take_s)
{
    if (!take_s->has_ended) {
        kill(take_s->pid, SIGKILL);
        take_end(take_s, 0);
    }
    vterm_free(take_s->vt);
    free(take_s->sent);
    if (take_s->master >= 0)
        close(take_s->master);
    close(take_s->slave);
    free(take_s);
}

/* --- feeding -------------------------------------------------------------------------------- */

static void
note_sent(struct screen *s, const char *bytes, size_t n)
{
    n = n < SENT_MOST - s->sent_size ? n : SENT_MOST - s->sent_size;
    memcpy(s->sent + s->sent_size, bytes, n);
    s->sent_size += n;
}

/* Takes what has come, waiting at most `ms` for the first byte. */
static void
feed(struct screen *s, int ms)
{
    struct pollfd p = {.fd = s->master, .events = POLLIN};
    while (poll(&p, 1, ms) > 0 && (p.revents & POLLIN)) {
        char bytes[65536];
        ssize_t n = read(s->master, bytes, sizeof(bytes));
        if (n <= 0)
            break;
        vterm_input_write(s->vt, bytes, (size_t)n);
        note_sent(s, bytes, (size_t)n);
        for (ssize_t i = 0; i < n; i++)
            note_frame(s, bytes[i]);
        ms = 0;
    }
}

int
screen_fd(const struct screen *s)
{
    return s->master;
}

void
screen_take(struct screen *s)
{
    feed(s, 0);
}

static void
print_screen(const struct screen *s)
{
    for (int y = 0; y < s->height; y++)
        fprintf(stderr, "|%s|\n", screen_row(s, y));
}

static void
wait_for(struct screen *s, const char *text, bool is_there)
{
    int64_t end = now_ms() + DEADLINE_MS;
    for (;;) {
        feed(s, 20);
        if (screen_has(s, text) == is_there)
            return;
        take_end(s, WNOHANG);
        if (now_ms() > end || s->has_ended) {
            feed(s, 0);
            if (screen_has(s, text) == is_there)
                return;
            print_screen(s);
            fail_msg("\"%s\" %s (ended: %d, status %d)", text,
                     is_there ? "did not appear" : "did not go", s->has_ended, s->status);
        }
    }
}

void
screen_wait(struct screen *s, const char *text)
{
    wait_for(s, text, true);
}

void
screen_wait_gone(struct screen *s, const char *text)
{
    wait_for(s, text, false);
}

bool
screen_settle(struct screen *s)
{
    int64_t end = now_ms() + DEADLINE_MS;
    int left = 1;
    while (left) {
        feed(s, 1);
        take_end(s, WNOHANG);
        if (s->has_ended)
            return false;
        if (now_ms() > end) {
            print_screen(s);
            fail_msg("keys are not taken");
        }
        ioctl(s->slave, FIONREAD, &left);
    }
    return true;
}

int
screen_wait_end(struct screen *s)
{
    int64_t end = now_ms() + DEADLINE_MS;
    while (!s->has_ended) {
        feed(s, 20);
        take_end(s, WNOHANG);
        if (now_ms() > end) {
            print_screen(s);
            fail_msg("the program did not end");
        }
    }
    feed(s, 0);
    return s->status;
}

int
screen_hang_up(struct screen *s)
{
    int64_t end = now_ms() + DEADLINE_MS;
    close(s->master);
    s->master = -1;
    while (!s->has_ended) {
        take_end(s, WNOHANG);
        usleep(1000);
        if (now_ms() > end)
            fail_msg("the program did not end when its terminal went away");
    }
    return s->status;
}

bool
screen_was_sent(const struct screen *s, const char *bytes)
{
    return str_find(str_of(s->sent, s->sent_size), str_from(bytes)) >= 0;
}

void
screen_wait_sent(struct screen *s, const char *bytes)
{
    int64_t end = now_ms() + DEADLINE_MS;
    while (!screen_was_sent(s, bytes)) {
        feed(s, 20);
        if (now_ms() > end) {
            print_screen(s);
            fail_msg("not written: %s", bytes);
        }
    }
}

int
screen_bells(const struct screen *s)
{
    return s->bells;
}

void
screen_wait_stopped(struct screen *s)
{
    int64_t end = now_ms() + DEADLINE_MS;
    int status;
    while (waitpid(s->pid, &status, WNOHANG | WUNTRACED) != s->pid || !WIFSTOPPED(status)) {
        feed(s, 20);
        if (now_ms() > end)
            fail_msg("the program was not stopped");
    }
    feed(s, 0);
}

void
screen_make_cooked(struct screen *s)
{
    assert_int_equal(tcsetattr(s->slave, TCSANOW, &s->before), 0);
}

void
screen_wait_frame(struct screen *s, unsigned long keys)
{
    int64_t end = now_ms() + DEADLINE_MS;
    while (!s->has_frames || s->keys < keys || s->frame_width != s->width ||
           s->frame_height != s->height) {
        feed(s, 20);
        take_end(s, WNOHANG);
        if (now_ms() > end || s->has_ended) {
            print_screen(s);
            fail_msg("no frame of %dx%d after %lu keys: the last was of %dx%d after %lu (ended: %d)",
                     s->width, s->height, keys, s->frame_width, s->frame_height, s->keys,
                     s->has_ended);
        }
    }
}

void
screen_press(struct screen *s, const char *bytes)
{
    assert_int_equal(write(s->master, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

void
screen_resize(struct screen *s, int width, int height)
{
    struct winsize size = {.ws_row = (unsigned short)height, .ws_col = (unsigned short)width};
    feed(s, 0);
    new_terminal(s, width, height);
    ioctl(s->master, TIOCSWINSZ, &size);
}

void
screen_kill(struct screen *s, int signal_number)
{
    kill(s->pid, signal_number);
}

pid_t
screen_pid(const struct screen *s)
{
    return s->pid;
}

/* --- looking ---------------------------------------------------------------------------------- */

static int
put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    out[0] = (char)(0xE0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 63));
    out[2] = (char)(0x80 | (c & 63));
    return 3;
}

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
        n += put_utf8(text + n, cell.chars[0] ? cell.chars[0] : ' ');
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
screen_wait_colour(struct screen *s, const char *text, int colour)
{
    int64_t end = now_ms() + DEADLINE_MS;
    while (!screen_has(s, text) || screen_colour_of(s, text) != colour) {
        feed(s, 20);
        if (now_ms() > end) {
            print_screen(s);
            fail_msg("\"%s\" did not get the colour %d", text, colour);
        }
    }
}

void
screen_wait_file(struct screen *s, const char *path)
{
    int64_t end = now_ms() + DEADLINE_MS;
    while (access(path, R_OK) != 0) {
        feed(s, 20);
        if (now_ms() > end)
            fail_msg("%s did not come", path);
    }
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
