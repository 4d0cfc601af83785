/* first_frame [--rest] PROGRAM [ARGUMENT...]: milliseconds from fork to the first full frame on a
 * pseudo-terminal of 120x40, then the program is ended. With --rest it is left alone for some
 * seconds instead, and what is printed is its resident memory in MiB and how often a second it
 * woke up in the last of them; processes that it started do not count. "Full" is the same rule for every
 * program: after enough bytes for a picture there is quiet; the last byte before it counts. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/base/clock.h"

enum { PICTURE_BYTES = 300, QUIET_MS = 25, GIVE_UP_MS = 5000, REAP_TRIES = 100, REAP_US = 20000,
       SETTLE_MS = 6000, REST_MS = 4000 };

/* The moment of the last byte of the first picture; -1: none came. */
static int64_t
wait_for_frame(int fd)
{
    int64_t last = -1, end = clock_monotonic_ns() + GIVE_UP_MS * (int64_t)NS_PER_MS;
    size_t bytes = 0;
    char room[65536];
    while (clock_monotonic_ns() < end) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int ready = poll(&p, 1, QUIET_MS);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready == 0 && bytes >= PICTURE_BYTES)
            return last;
        if (ready == 0)
            continue;
        ssize_t n = read(fd, room, sizeof(room));
        if (n <= 0)
            return -1;
        bytes += (size_t)n;
        last = clock_monotonic_ns();
    }
    return -1;
}

/* Reads what comes and throws it away. */
static void
drain(int fd, int ms)
{
    int64_t end = clock_monotonic_ns() + ms * (int64_t)NS_PER_MS;
    char room[65536];
    for (;;) {
        int64_t left = (end - clock_monotonic_ns()) / NS_PER_MS;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (left <= 0)
            return;
        if (poll(&p, 1, (int)left) > 0 && read(fd, room, sizeof(room)) <= 0)
            return;
    }
}

static long
status_figure(pid_t pid, const char *name)
{
    char path[64], line[256];
    long figure = -1;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof(line), file)) {
        size_t n = strlen(name);
        if (strncmp(line, name, n) == 0 && line[n] == ':')
            figure = strtol(line + n + 1, NULL, 10);
    }
    if (file)
        fclose(file);
    return figure;
}

static bool
print_rest(pid_t pid, int fd)
{
    drain(fd, SETTLE_MS);
    long before = status_figure(pid, "voluntary_ctxt_switches");
    drain(fd, REST_MS);
    long after = status_figure(pid, "voluntary_ctxt_switches"), kb = status_figure(pid, "VmRSS");
    if (before < 0 || after < 0 || kb < 0)
        return false;
    printf("%.1f %.1f\n", (double)kb / 1024, (double)(after - before) * 1000 / REST_MS);
    return true;
}

static void
end_program(pid_t pid, int fd)
{
    kill(pid, SIGTERM);
    close(fd);
    for (int i = 0; i < REAP_TRIES; i++) {
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return;
        usleep(REAP_US);
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

int
main(int argc, char **argv)
{
    struct winsize size = {.ws_row = 40, .ws_col = 120};
    int fd;
    bool rests = argc > 1 && strcmp(argv[1], "--rest") == 0;
    argv += rests;
    if (argc - rests < 2)
        return 64;
    int64_t start = clock_monotonic_ns();
    pid_t pid = forkpty(&fd, NULL, NULL, &size);
    if (pid < 0)
        return EXIT_FAILURE;
    if (pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    int64_t frame = wait_for_frame(fd);
    bool has_rested = rests && frame >= 0 && print_rest(pid, fd);
    end_program(pid, fd);
    if (frame < 0 || rests)
        return has_rested ? EXIT_SUCCESS : EXIT_FAILURE;
    printf("%.1f\n", (double)(frame - start) / NS_PER_MS);
    return EXIT_SUCCESS;
}
