/* Runs a target without libFuzzer: over its inputs, and over each of them cut off and changed in
 * places that are the same each time. Speaks like the test library, to be counted with it. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include "net/base/buf.h"
#include "net/base/file.h"
#include "net/base/xalloc.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 1 << 20, CHANGES = 300 };

/* In memory of exactly its size, so that a read behind its end is seen. */
static void
give(const char *p, size_t n)
{
    uint8_t *copy = xmemdup(p, n);
    LLVMFuzzerTestOneInput(copy, n);
    xfree(copy);
}

static void
replay(const char *path)
{
    struct buf bytes;
    struct diag d = {0};
    uint32_t random = 1;
    buf_init(&bytes, MOST);
    if (file_read(path, &bytes, &d))
        fatal("%s", diag_text(&d));
    give(bytes.p, bytes.n);
    for (int i = 0; i < CHANGES && bytes.n; i++) {
        random = random * 1664525 + 1013904223;
        size_t at = (random >> 8) % bytes.n;
        char was = bytes.p[at];
        bytes.p[at] = (char)(i % 3 ? random >> 24 : (uint32_t)was ^ 1u << (random >> 29));
        give(bytes.p, i % 3 ? bytes.n : at);
        bytes.p[at] = was;
    }
    buf_release(&bytes);
}

int
main(int argc, char **argv)
{
    const char *name = strrchr(argv[0], '/'), *folder;
    char path[600], own[200];
    name = name ? name + 1 : argv[0];
    snprintf(own, sizeof(own), "tests/fuzz/%s", name);
    folder = argc > 1 ? argv[1] : own;
    DIR *all = opendir(folder);
    if (!all)
        fatal("%s cannot be read", folder);
    printf("[ RUN      ] fuzz_%s\n", name);
    int count = 0;
    for (struct dirent *e; (e = readdir(all));) {
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
        replay(path);
        count++;
    }
    closedir(all);
    if (!count)
        fatal("%s is empty", folder);
    printf("[       OK ] fuzz_%s\n", name);
    return 0;
}
