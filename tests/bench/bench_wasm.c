/* How long a contract takes from its file to code that can be called, by size: compiled, and
 * taken from the folder where compiled code is kept. Files named on the command line (real
 * contracts) are measured too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "contract/wasm/native.h"
#include "net/base/clock.h"
#include "net/base/file.h"
#include "net/base/xalloc.h"
#include "tests/support/wasm_made.h"

enum { ROUNDS = 5 };

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Milliseconds, the median; 0 when it is refused. */
static double
time_of(struct str wasm, const struct hash *hash, int rounds, uint64_t *object_bytes)
{
    double ms[ROUNDS] = {0};
    for (int i = 0; i < rounds; i++) {
        enum prepare_error refused;
        struct diag d = {0};
        module_forget_all();
        int64_t begun_ns = clock_monotonic_ns();
        const struct module *m = module_of_code(wasm, hash, &refused, &d);
        ms[i] = (double)(clock_monotonic_ns() - begun_ns) / NS_PER_MS;
        if (!m) {
            printf("    refused: %s: %s\n", prepare_error_name(refused), diag_text(&d));
            return 0;
        }
        *object_bytes = m->object_size;
    }
    qsort(ms, (size_t)rounds, sizeof(*ms), by_value);
    return ms[rounds / 2];
}

static void
measure(const char *name, struct str wasm, const char *cache)
{
    struct hash hash = hash_of_bytes(wasm);
    uint64_t object = 0;
    int rounds = wasm.n > 2000000 || getenv("ONCE") ? 1 : ROUNDS;
    double fresh = time_of(wasm, &hash, rounds, &object);
    if (fresh == 0 || module_use_cache(cache, NULL))
        return;
    (void)time_of(wasm, &hash, 1, &object);
    double kept = time_of(wasm, &hash, ROUNDS, &object);
    if (module_use_cache(NULL, NULL) == OK)
        printf("  %-22s %8zu bytes: compiled in %7.1f ms, taken from disk in %6.1f ms "
               "(object %.1f MB)\n", name, wasm.n, fresh, kept, (double)object / 1e6);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        size_t bytes;
    } sizes[] = {{"made, 10 kB", 10000}, {"made, 100 kB", 100000}, {"made, 500 kB", 500000},
                 {"made, 4 MiB", MODULE_MAX_BYTES}};
    char folder[] = "/tmp/neartop-bench-XXXXXX", command[64];
    if (!mkdtemp(folder))
        fatal("no folder for temporary files");
    printf("contracts: from the file to code that can be called (median of %d, one when large)\n",
           ROUNDS);
    for (size_t i = 0; i < ARRAY_LEN(sizes) + (size_t)(argc - 1); i++) {
        struct buf wasm;
        struct diag d = {0};
        buf_init(&wasm, MODULE_MAX_BYTES);
        const char *file = i < ARRAY_LEN(sizes) ? NULL : argv[i - ARRAY_LEN(sizes) + 1];
        if (!file)
            wasm_made(sizes[i].bytes, 1, &wasm);
        else if (file_read(file, &wasm, &d))
            printf("  %s\n", diag_text(&d));
        if (wasm.n)
            measure(file ? file : sizes[i].name, buf_str(&wasm), folder);
        buf_release(&wasm);
    }
    module_forget_all();
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command) ? 1 : 0;
}
