#define _GNU_SOURCE
#include "contract/wasm/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/base/file.h"

enum { WALL_SECONDS = 130, MOST_DESCRIPTORS = 65536 };

/* --- in the worker's process -------------------------------------------------------------- */

static void
let_go(void)
{
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3 && null >= 0; fd++)
        dup2(null, fd);
#ifdef __linux__
    if (close_range(3, ~0U, 0) == 0)
        return;
#endif
    long most = sysconf(_SC_OPEN_MAX);
    for (int fd = 3; fd < (most > 0 && most < MOST_DESCRIPTORS ? most : MOST_DESCRIPTORS); fd++)
        close(fd);
}

/* The parent's handlers write to the parent's loop. */
static void
reset_signals(void)
{
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
put_result(const char *folder, const struct prepared *p)
{
    char from[PREPARE_PATH_MAX + 32], to[PREPARE_PATH_MAX + 32];
    struct buf bytes;
    buf_init(&bytes, PREPARE_MAX_RESULT);
    prepared_write(p, &bytes);
    snprintf(from, sizeof(from), "%s/result.new", folder);
    snprintf(to, sizeof(to), "%s/result", folder);
    FILE *f = bytes.overflowed ? NULL : fopen(from, "we");
    bool is_good = f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n;
    if (f && fclose(f) == 0 && is_good)
        is_good = rename(from, to) == 0;
    buf_release(&bytes);
}

static NORETURN void
work(const char *folder, struct str wasm, pid_t parent)
{
    struct prepared found;
    struct arena arena;
    reset_signals();
    let_go();
    alarm(WALL_SECONDS);
    arena_init(&arena);
    prepare_run(folder, wasm, &arena, &found);
    put_result(folder, &found);
    if (getppid() != parent)
        prepare_discard(folder);        /* nobody else will */
    else
        prepare_tidy(folder);
    _exit(0);
}

/* --- in the parent's ---------------------------------------------------------------------- */

enum err
worker_start(struct worker *w, const char *base, struct str wasm, struct diag *d)
{
    *w = (struct worker){0};
    enum err e = prepare_make_folder(base, w->folder, d);
    if (e)
        return e;
    pid_t parent = getpid();
    w->pid = fork();
    if (w->pid == 0)
        work(w->folder, wasm, parent);
    if (w->pid > 0)
        return OK;
    e = diag_set(d, ERR_IO, "no process to prepare the contract: %s", strerror(errno));
    w->pid = 0;
    prepare_discard(w->folder);
    return e;
}

bool
worker_has_ended(struct worker *w, bool waits)
{
    while (w->pid) {
        pid_t pid = waitpid(w->pid, &w->status, waits ? 0 : WNOHANG);
        if (pid == 0)
            return false;
        if (pid < 0 && errno == EINTR)
            continue;
        if (pid < 0)
            w->status = -1;     /* reaped by somebody else: its result may still be there */
        w->pid = 0;
    }
    return true;
}

void
worker_result(const struct worker *w, struct arena *arena, struct prepared *out)
{
    char path[PREPARE_PATH_MAX + 32];
    struct buf bytes;
    struct diag d = {0};
    buf_init(&bytes, PREPARE_MAX_RESULT);
    snprintf(path, sizeof(path), "%s/result", w->folder);
    bool is_read = file_read(path, &bytes, &d) == OK;
    if (!is_read || !prepared_read(buf_str(&bytes), arena, out)) {
        const char *why = w->status != -1 && WIFSIGNALED(w->status)
                              ? strsignal(WTERMSIG(w->status))
                              : "its result cannot be read; is the disk full?";
        *out = (struct prepared){
            .machine = ERR_IO,
            .reason = str_from(arena_printf(arena, "the preparing process failed: %s", why))};
    }
    buf_release(&bytes);
}

void
worker_discard(struct worker *w)
{
    if (w->pid) {
        kill(w->pid, SIGKILL);
        worker_has_ended(w, true);
    }
    prepare_discard(w->folder);
    w->folder[0] = '\0';
}
