#define _GNU_SOURCE
#include "contract/wasm/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include "contract/wasm/wrapper.h"
#include "net/base/file.h"

enum {
    CPU_SECONDS = 20,
    WALL_SECONDS = 40,
    FILE_BYTES = 256 << 20,
    DISK_SPARE_BYTES = 1 << 20,
    NOT_THERE = 127
};

/* wasm2c takes most: 0.9 GB for a file of 4 MiB that is nothing but calls. */
#define MEMORY_BYTES (UINT64_C(2) << 30)

/* The text of rt_guest.h, which the compiler has to find beside the generated files. */
extern const unsigned char rt_guest_text[];
extern const size_t rt_guest_text_size;

static const char *const tool_files[] = {"in.wasm", "m.wasm", "c.c", "c.h", "w.c",
                                         "rt_guest.h"};
static const char *const kept_files[] = {"c.so", "result", "result.new"};

/* --- tools -------------------------------------------------------------------------------- */

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
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    alarm(WALL_SECONDS);        /* survives the exec */
    if (chdir(folder) != 0)
        _exit(NOT_THERE);
    const char *const places[] = {"/usr/bin", "/usr/local/bin", "/bin"};
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        char path[64];
        snprintf(path, sizeof(path), "%s/%s", places[i], argv[0]);
        execve(path, argv, environment);
    }
    _exit(NOT_THERE);
}

static enum err
tool_failed(const char *folder, const char *tool, int status, struct diag *d)
{
    struct statvfs disk;
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_THERE)
        return diag_set(d, ERR_NOT_FOUND,
                        "%s is not installed; it is needed to deploy contracts (package %s)",
                        tool, strcmp(tool, "tcc") == 0 ? "tcc" : "wabt");
    if (statvfs(folder, &disk) == 0 &&
        (uint64_t)disk.f_bavail * disk.f_frsize < DISK_SPARE_BYTES)
        return diag_set(d, ERR_IO, "%s failed: no space is left in %s", tool, folder);
    if (WIFSIGNALED(status))
        return diag_set(d, ERR_REFUSED, "%s gave up on it (%s)", tool,
                        strsignal(WTERMSIG(status)));
    return diag_set(d, ERR_REFUSED, "%s refuses it", tool);
}

static enum err
run_tool(const char *folder, char *const argv[], int *status, struct diag *d)
{
    pid_t pid = fork();
    if (pid < 0)
        return diag_set(d, ERR_IO, "cannot start %s: %s", argv[0], strerror(errno));
    if (pid == 0)
        become(folder, argv);
    while (waitpid(pid, status, 0) < 0) {
        if (errno != EINTR)
            return diag_set(d, ERR_IO, "cannot wait for %s: %s", argv[0], strerror(errno));
    }
    if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0)
        return OK;
    return tool_failed(folder, argv[0], *status, d);
}

/* --- files -------------------------------------------------------------------------------- */

enum err
prepare_make_folder(const char *base, char folder[PREPARE_PATH_MAX], struct diag *d)
{
    int n = snprintf(folder, PREPARE_PATH_MAX, "%s/neartop-XXXXXX", base);
    if (n < 0 || n >= PREPARE_PATH_MAX || !mkdtemp(folder)) {
        int origin = errno;
        folder[0] = '\0';
        return diag_set(d, ERR_IO, "no folder for temporary files in %.100s: %s", base,
                        strerror(origin));
    }
    return OK;
}

static void
unlink_all(const char *folder, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char path[PREPARE_PATH_MAX + 32];
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        unlink(path);
    }
}

void
prepare_tidy(const char *folder)
{
    unlink_all(folder, tool_files, ARRAY_LEN(tool_files));
}

void
prepare_discard(const char *folder)
{
    if (!folder[0])
        return;
    prepare_tidy(folder);
    unlink_all(folder, kept_files, ARRAY_LEN(kept_files));
    rmdir(folder);
}

/* Not file_write: nobody needs these after a power cut. */
static enum err
put_file(const char *folder, const char *name, struct str bytes, struct diag *d)
{
    char path[PREPARE_PATH_MAX + 32];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t done = 0;
    ssize_t n = 0;
    while (fd >= 0 && done < bytes.n &&
           ((n = write(fd, bytes.p + done, bytes.n - done)) > 0 || errno == EINTR))
        done += n > 0 ? (size_t)n : 0;
    bool is_good = fd >= 0 && done == bytes.n;
    int origin = errno;
    if (fd >= 0 && close(fd) != 0 && is_good) {
        is_good = false;
        origin = errno;
    }
    return is_good ? OK
                   : diag_set(d, ERR_IO, "%s cannot be written: %s", path, strerror(origin));
}

/* --- the steps ---------------------------------------------------------------------------- */

static enum err
validate(const char *folder, struct str wasm, struct prepared *out, struct diag *d)
{
    char *const argv[] = {(char[]){"wasm-validate"},
                          (char[]){"--disable-multi-value"},
                          (char[]){"--disable-bulk-memory"},
                          (char[]){"--disable-reference-types"},
                          (char[]){"--disable-simd"},
                          (char[]){"in.wasm"},
                          NULL};
    int status = 0;
    enum err e = put_file(folder, "in.wasm", wasm, d);
    if (!e)
        e = run_tool(folder, argv, &status, d);
    if (e == ERR_REFUSED)
        out->refused = WIFSIGNALED(status) ? PREPARE_COMPILER : PREPARE_DESERIALIZATION;
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
        e = diag_set(d, ERR_UNSUPPORTED, "wasm2c's output has another form than expected; "
                                         "version 1.0.32 is needed");
    if (!e)
        e = put_file(folder, "c.c", buf_str(&text), d);
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

static enum err
compile(const char *folder, const struct metered *m, struct diag *d)
{
    char *const translate[] = {(char[]){"wasm2c"}, (char[]){"--no-debug-names"}, (char[]){"-n"},
                               (char[]){"c"},      (char[]){"m.wasm"},           (char[]){"-o"},
                               (char[]){"c.c"},    NULL};
    char *const tcc[] = {(char[]){"tcc"},
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
    int status = 0;
    enum err e = put_file(folder, "m.wasm", buf_str(&m->wasm), d);
    if (!e)
        e = run_tool(folder, translate, &status, d);
    if (!e)
        e = patch_output(folder, d);
    if (!e)
        e = put_wrapper(folder, m, d);
    if (!e)
        e = run_tool(folder, tcc, &status, d);
    return e;
}

static enum err
measure_object(const char *folder, struct prepared *out, struct diag *d)
{
    char path[PREPARE_PATH_MAX + 32];
    struct buf bytes;
    buf_init(&bytes, PREPARE_MAX_OBJECT);
    snprintf(path, sizeof(path), "%s/c.so", folder);
    enum err e = file_read(path, &bytes, d);
    if (!e) {
        out->object_size = bytes.n;
        out->object_hash = hash_of_bytes(buf_str(&bytes));
    }
    buf_release(&bytes);
    return e;
}

static enum err
run_steps(const char *folder, struct str wasm, struct arena *arena, struct prepared *out,
          struct metered *metered, struct diag *d)
{
    enum err e = validate(folder, wasm, out, d);
    if (e)
        return e;
    out->refused = meter_run(wasm, arena, metered, d);
    if (out->refused)
        return ERR_REFUSED;
    out->methods = metered->methods;
    out->method_count = metered->method_count;
    out->has_link_error = metered->has_link_error;
    out->link_error = metered->link_error;
    if (metered->has_link_error)
        return OK;
    e = compile(folder, metered, d);
    if (e == ERR_REFUSED)
        out->refused = PREPARE_COMPILER;
    if (!e)
        e = measure_object(folder, out, d);
    if (e == ERR_TOO_LARGE) {
        out->refused = PREPARE_COMPILER;
        e = diag_set(d, ERR_REFUSED, "the compiled contract is larger than %d MB",
                     PREPARE_MAX_OBJECT >> 20);
    }
    return e;
}

void
prepare_run(const char *folder, struct str wasm, struct arena *arena, struct prepared *out)
{
    struct diag d = {0};
    struct metered metered = {0};
    *out = (struct prepared){0};
    enum err e = run_steps(folder, wasm, arena, out, &metered, &d);
    if (e && e != ERR_REFUSED)
        out->machine = e;
    out->reason = e ? arena_str(arena, str_from(diag_text(&d))) : (struct str){0};
    buf_release(&metered.wasm);
}
