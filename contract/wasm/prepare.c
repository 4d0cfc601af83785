#include "contract/wasm/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "contract/wasm/wrapper.h"
#include "net/base/file.h"

enum {
    CPU_SECONDS = 10,
    WALL_SECONDS = 20,
    MEMORY_BYTES = 1 << 30,
    FILE_BYTES = 128 << 20,
    NOT_THERE = 127
};

/* The text of rt_guest.h, which the compiler has to find beside the generated files. */
extern const unsigned char rt_guest_text[];
extern const size_t rt_guest_text_size;

static const char *const files[] = {"in.wasm", "m.wasm",     "c.c", "c.h",
                                    "w.c",     "rt_guest.h", "c.so"};

static void
limit(int what, rlim_t most)
{
    struct rlimit r = {most, most};
    setrlimit(what, &r);
}

static NORETURN void
become(const char *folder, char *const argv[])
{
    char *const environment[] = {(char[]){"PATH=/usr/local/bin:/usr/bin:/bin"}, NULL};
    limit(RLIMIT_CPU, CPU_SECONDS);
    limit(RLIMIT_AS, MEMORY_BYTES);
    limit(RLIMIT_FSIZE, FILE_BYTES);
    limit(RLIMIT_CORE, 0);
    alarm(WALL_SECONDS);        /* survives the exec */
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || chdir(folder) != 0)
        _exit(NOT_THERE);
    for (int fd = 0; fd < 3; fd++)
        dup2(null, fd);
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    /* A contract's process may have changed these; a tool starts as from a shell. */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    const char *const places[] = {"/usr/bin", "/usr/local/bin", "/bin"};
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        char path[64];
        snprintf(path, sizeof(path), "%s/%s", places[i], argv[0]);
        execve(path, argv, environment);
    }
    _exit(NOT_THERE);
}

static enum err
run_tool(const char *folder, char *const argv[], struct diag *d)
{
    pid_t pid = fork();
    if (pid < 0)
        return diag_set(d, ERR_IO, "cannot start %s: %s", argv[0], strerror(errno));
    if (pid == 0)
        become(folder, argv);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return diag_set(d, ERR_IO, "cannot wait for %s: %s", argv[0], strerror(errno));
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return OK;
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_THERE)
        return diag_set(d, ERR_NOT_FOUND,
                        "%s is not installed; it is needed to deploy contracts (package %s)",
                        argv[0], strcmp(argv[0], "tcc") == 0 ? "tcc" : "wabt");
    if (WIFSIGNALED(status))
        return diag_set(d, ERR_REFUSED, "%s gave up on the contract (signal %d)", argv[0],
                        WTERMSIG(status));
    return diag_set(d, ERR_REFUSED, "%s refuses the contract", argv[0]);
}

static enum err
make_folder(char folder[PREPARE_PATH_MAX], struct diag *d)
{
    const char *base = getenv("TMPDIR");
    int n =
        snprintf(folder, PREPARE_PATH_MAX, "%s/neartop-XXXXXX", base && *base ? base : "/tmp");
    if (n < 0 || n >= PREPARE_PATH_MAX || !mkdtemp(folder)) {
        int origin = errno;
        folder[0] = '\0';
        return diag_set(d, ERR_IO, "no folder for temporary files: %s", strerror(origin));
    }
    return OK;
}

static enum err
put_file(const char *folder, const char *name, struct str bytes, struct diag *d)
{
    char path[PREPARE_PATH_MAX + 32];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return file_write(path, bytes, 0600, d);
}

void
prepare_discard(const char *folder)
{
    if (!folder[0])
        return;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char path[PREPARE_PATH_MAX + 32];
        snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
}

enum err
prepare_validate(struct str wasm, struct diag *d)
{
    char folder[PREPARE_PATH_MAX];
    char *const argv[] = {(char[]){"wasm-validate"},
                          (char[]){"--disable-multi-value"},
                          (char[]){"--disable-bulk-memory"},
                          (char[]){"--disable-reference-types"},
                          (char[]){"--disable-simd"},
                          (char[]){"in.wasm"},
                          NULL};
    enum err e = make_folder(folder, d);
    if (!e)
        e = put_file(folder, "in.wasm", wasm, d);
    if (!e)
        e = run_tool(folder, argv, d);
    prepare_discard(folder);
    return e;
}

static enum err
patch_output(const char *folder, struct diag *d)
{
    char path[PREPARE_PATH_MAX + 32];
    struct buf text;
    buf_init(&text, FILE_BYTES);
    snprintf(path, sizeof(path), "%s/c.c", folder);
    enum err e = file_read(path, &text, d);
    if (!e && !wrapper_patch(&text))
        e = diag_set(d, ERR_UNSUPPORTED, "wasm2c's output has another form than expected");
    if (!e)
        e = file_write(path, buf_str(&text), 0600, d);
    buf_release(&text);
    return e;
}

static enum err
put_wrapper(const char *folder, const struct metered *m, struct diag *d)
{
    struct buf text;
    buf_init(&text, METER_MAX_OUTPUT);
    wrapper_write(m, "c", "c", "neartop_native", &text);
    enum err e = put_file(folder, "w.c", buf_str(&text), d);
    buf_release(&text);
    if (!e)
        e = put_file(folder, "rt_guest.h", str_of(rt_guest_text, rt_guest_text_size), d);
    return e;
}

enum err
prepare_compile(const struct metered *m, char folder[PREPARE_PATH_MAX], struct diag *d)
{
    char *const translate[] = {(char[]){"wasm2c"}, (char[]){"--no-debug-names"}, (char[]){"-n"},
                               (char[]){"c"},      (char[]){"m.wasm"},           (char[]){"-o"},
                               (char[]){"c.c"},    NULL};
    char *const compile[] = {(char[]){"tcc"},
                             (char[]){"-shared"},
                             (char[]){"-w"},
                             (char[]){"-DNDEBUG"},
                             (char[]){"-DWASM_RT_MEMCHECK_SIGNAL_HANDLER=0"},
                             (char[]){"-DWASM_RT_USE_STACK_DEPTH_COUNT=0"},
                             (char[]){"-I."},
                             (char[]){"-o"},
                             (char[]){"c.so"},
                             (char[]){"w.c"},
                             (char[]){"-lm"},
                             NULL};
    enum err e = make_folder(folder, d);
    if (!e)
        e = put_file(folder, "m.wasm", buf_str(&m->wasm), d);
    if (!e)
        e = run_tool(folder, translate, d);
    if (!e)
        e = patch_output(folder, d);
    if (!e)
        e = put_wrapper(folder, m, d);
    if (!e)
        e = run_tool(folder, compile, d);
    return e;
}
