#include "tui/term/restore.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>
#include "net/base/utf8.h"
#include "net/base/xalloc.h"

enum { TEXT_MAX = 512, ROW_BYTES = 4096, STACK_BYTES = 64 * 1024 };

static char text[TEXT_MAX];
static size_t size;
static struct termios line_modes;
static volatile sig_atomic_t is_armed;
static char *handler_stack;
static const struct cells *seen;

void
restore_clear(void)
{
    size = 0;
}

int
restore_add_byte(int byte)
{
    if (size < sizeof(text))
        text[size++] = (char)byte;
    return byte;
}

void
restore_add(const char *added)
{
    while (*added)
        restore_add_byte(*added++);
}

/* No call here that a signal handler may not make. */
static void
write_row(const struct cells *c, int y)
{
    char row[ROW_BYTES];
    size_t n = 0, end = 0;
    for (int x = 0; x < c->width && n + 4 * (1 + CELL_MARKS) < sizeof(row); x++) {
        const struct cell *at = &c->cell[y * c->width + x];
        if (at->width == 0)
            continue;
        n += (size_t)utf8_put(row + n, at->scalar);
        for (int i = 0; i < CELL_MARKS && at->mark[i]; i++)
            n += (size_t)utf8_put(row + n, at->mark[i]);
        end = at->scalar == ' ' ? end : n;
    }
    row[end] = '\n';
    ssize_t ignored = write(STDOUT_FILENO, row, end + 1);
    (void)ignored;
}

static void
write_seen(void)
{
    for (int y = 0; seen && seen->cell && y < seen->height; y++)
        write_row(seen, y);
}

static void
restore_now(void)
{
    if (!is_armed)
        return;
    is_armed = 0;
    ssize_t ignored = write(STDOUT_FILENO, text, size);
    (void)ignored;
    tcsetattr(STDOUT_FILENO, TCSANOW, &line_modes);
    write_seen();
}

static void
on_deadly_signal(int number)
{
    restore_now();
    signal(number, SIG_DFL);
    raise(number);
}

static void
watch_deadly_signals(void)
{
    /* Faults, and what others send and nobody here waits for: all that would end the program. */
    static const int numbers[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGABRT, SIGSYS, SIGTRAP,
                                  SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU, SIGXFSZ};
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

void
restore_arm(const struct termios *line, const struct cells *last_seen)
{
    line_modes = *line;
    seen = last_seen;
    is_armed = 1;
    fatal_set_hook(restore_now);
    watch_deadly_signals();
}

void
restore_disarm(void)
{
    is_armed = 0;
    seen = NULL;
    fatal_set_hook(NULL);
}
