#include "tests/support/wat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/base/file.h"

extern char **environ;

void
wat_read(const char *path, struct buf *out)
{
    struct diag d = {0};
    if (file_read(path, out, &d) != OK)
        fail_msg("%s", diag_text(&d));
}

static void
compile(const char *text, bool anything, struct buf *out)
{
    char folder[] = "/tmp/neartop-wat-XXXXXX", from[64], to[64];
    if (!mkdtemp(folder))
        fail_msg("no folder for temporary files");
    snprintf(from, sizeof(from), "%s/in.wat", folder);
    snprintf(to, sizeof(to), "%s/out.wasm", folder);
    if (file_write(from, str_from(text), 0600, NULL) != OK)
        fail_msg("%s cannot be written", from);
    char *const argv[] = {(char[]){"wat2wasm"},
                          from,
                          (char[]){"-o"},
                          to,
                          anything ? (char[]){"--enable-all"} : NULL,
                          (char[]){"--no-check"},
                          NULL};
    pid_t pid;
    int status = -1;
    if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) == 0)
        waitpid(pid, &status, 0);
    if (status == 0)
        wat_read(to, out);
    unlink(from);
    unlink(to);
    rmdir(folder);
    if (status != 0)
        fail_msg("wat2wasm refused the test's module");
}

void
wat_compile(const char *text, struct buf *out)
{
    compile(text, false, out);
}

void
wat_compile_any(const char *text, struct buf *out)
{
    compile(text, true, out);
}
