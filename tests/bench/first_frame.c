/* first_frame PROGRAM [ARGUMENT...]: milliseconds from fork to the first full frame on a
 * pseudo-terminal of 120x40, then the program is ended. "Full" is the same rule for every
 * program: after enough bytes for a picture there is quiet; the last byte before it counts. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/base/clock.h"

enum { PICTURE_BYTES = 300, QUIET_MS = 25, GIVE_UP_MS = 5000, REAP_TRIES = 100, REAP_US = 20000 };

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
    if (argc < 2)
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
    end_program(pid, fd);
    if (frame < 0)
        return EXIT_FAILURE;
    printf("%.1f\n", (double)(frame - start) / NS_PER_MS);
    return EXIT_SUCCESS;
}
