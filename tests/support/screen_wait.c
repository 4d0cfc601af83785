/* Waiting: for a condition, while what the program writes is taken. The deadline only ends what
 * would never end. */
#include "tests/support/screen_private.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

enum { DEADLINE_MS = 30000 };

static int64_t
now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
print_screen(const struct screen *s)
{
    for (int y = 0; y < s->height; y++)
        fprintf(stderr, "|%s|\n", screen_row(s, y));
}

/* Takes what comes meanwhile. At the deadline it fails the test, with these words. */
__attribute__((format(printf, 3, 4))) static void
wait_a_little(struct screen *s, int64_t end, const char *format, ...)
{
    char text[512];
    va_list args;
    screen_feed(s, 20);
    if (now_ms() <= end)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    print_screen(s);
    fail_msg("%s", text);
}

static void
wait_for(struct screen *s, const char *text, bool is_there)
{
    int64_t end = now_ms() + DEADLINE_MS;
    for (;;) {
        screen_feed(s, 20);
        if (screen_has(s, text) == is_there)
            return;
        screen_take_end(s, WNOHANG);
        if (now_ms() > end || s->has_ended) {
            screen_feed(s, 0);
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
        screen_feed(s, 1);
        screen_take_end(s, WNOHANG);
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
    for (int64_t end = now_ms() + DEADLINE_MS; !s->has_ended; screen_take_end(s, WNOHANG))
        wait_a_little(s, end, "the program did not end");
    screen_feed(s, 0);
    return s->status;
}

void
screen_quit(struct screen *take_s, int status)
{
    screen_press(take_s, "q");
    assert_int_equal(screen_wait_end(take_s), status);
    screen_free(take_s);
}

int
screen_hang_up(struct screen *s)
{
    int64_t end = now_ms() + DEADLINE_MS;
    close(s->master);
    s->master = -1;
    while (!s->has_ended) {
        screen_take_end(s, WNOHANG);
        usleep(1000);
        if (now_ms() > end)
            fail_msg("the program did not end when its terminal went away");
    }
    return s->status;
}

void
screen_wait_sent(struct screen *s, const char *bytes)
{
    int64_t end = now_ms() + DEADLINE_MS;
    while (!screen_was_sent(s, bytes))
        wait_a_little(s, end, "not written: %s", bytes);
}

void
screen_wait_stopped(struct screen *s)
{
    int64_t end = now_ms() + DEADLINE_MS;
    int status;
    while (waitpid(s->pid, &status, WNOHANG | WUNTRACED) != s->pid || !WIFSTOPPED(status))
        wait_a_little(s, end, "the program was not stopped");
    screen_feed(s, 0);
}

void
screen_wait_frame(struct screen *s, unsigned long keys)
{
    int64_t end = now_ms() + DEADLINE_MS;
    while (!s->has_frames || s->keys < keys || s->frame_width != s->width ||
           s->frame_height != s->height) {
        screen_feed(s, 20);
        screen_take_end(s, WNOHANG);
        if (now_ms() > end || s->has_ended) {
            print_screen(s);
            fail_msg("no frame of %dx%d after %lu keys: the last was of %dx%d after %lu (ended: %d)",
                     s->width, s->height, keys, s->frame_width, s->frame_height, s->keys,
                     s->has_ended);
        }
    }
}

void
screen_wait_colour(struct screen *s, const char *text, int colour)
{
    int64_t end = now_ms() + DEADLINE_MS;
    while (!screen_has(s, text) || screen_colour_of(s, text) != colour)
        wait_a_little(s, end, "\"%s\" did not get the colour %d", text, colour);
}

void
screen_wait_file(struct screen *s, const char *path)
{
    int64_t end = now_ms() + DEADLINE_MS;
    while (access(path, R_OK) != 0)
        wait_a_little(s, end, "%s did not come", path);
}
