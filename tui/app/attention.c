#include "tui/app/attention.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/base/clock.h"
#include "net/near/base58.h"
#include "tui/out/out.h"
#include "tui/out/text.h"
#include "tui/term/term.h"

extern char **environ;

enum { HEADLINE_MOST = 1024 };

void
attention_begun(struct attention *a)
{
    a->is_told = false;
}

/* What the command may want to say, in its environment. */
static void
tell_environment(struct session *s, struct call *c)
{
    const struct verdict *v = call_verdict(s->store, c);
    char text[HASH_TEXT], status[16];
    struct buf headline;
    buf_init(&headline, HEADLINE_MOST);
    text_headline(&headline, c, v);
    snprintf(status, sizeof(status), "%d", out_exit_status(v, s->is_unknown));
    setenv("NEARTOP_TX", hash_text(&c->tx, text), 1);
    setenv("NEARTOP_VERDICT", text_verdict(v->kind), 1);
    setenv("NEARTOP_HEADLINE", buf_c(&headline), 1);
    setenv("NEARTOP_STATUS", status, 1);
    buf_release(&headline);
}

/* In a group of its own, which no ^C reaches; the shell leaves it behind and ends at once. */
static int
spawn(const char *command)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    pid_t pid;
    char *argv[] = {(char[]){"/bin/sh"}, (char[]){"-c"}, (char[]){"eval \"$0\" &"},
                    (char *)(uintptr_t)command, NULL};
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    int failed = posix_spawn(&pid, argv[0], &files, &attributes, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    while (!failed && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    return failed;
}

static void
run_command(struct session *s, struct call *c)
{
    tell_environment(s, c);
    int failed = spawn(s->opts->notify.text);
    if (failed)
        session_trouble(s, "notify_failed", strerror(failed), "--notify");
}

void
attention_over(struct attention *a, struct session *s, struct call *c)
{
    const struct opts *o = s->opts;
    if (a->is_told || !c || !c->begun_ns)
        return;
    a->is_told = true;
    int64_t took_s = (clock_monotonic_ns() - c->begun_ns) / NS_PER_S;
    int64_t least = o->bell.is_given ? (int64_t)o->bell.number : ATTENTION_AFTER_S;
    if (took_s < least)
        return;
    if (o->bell.is_given && o->bell.number && isatty(STDOUT_FILENO))
        term_bell();
    if (o->notify.is_given && o->notify.text[0])
        run_command(s, c);
}
