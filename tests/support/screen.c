#include "tests/support/screen_private.h"

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
#include <unistd.h>
#include <utmp.h>
#include <cmocka.h>

enum { ENV_MAX = 24, SENT_MOST = 4 << 20 };

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

void
screen_take_end(struct screen *s, int options)
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
        screen_take_end(take_s, 0);
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

void
screen_feed(struct screen *s, int ms)
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
    screen_feed(s, 0);
}

void
screen_make_cooked(struct screen *s)
{
    assert_int_equal(tcsetattr(s->slave, TCSANOW, &s->before), 0);
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
    screen_feed(s, 0);
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
