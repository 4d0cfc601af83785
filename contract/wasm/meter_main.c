/* meter: the build's tool. `meter NAME IN.wasm OUT.wasm WRAPPER.c` runs the metering pass over
 * one contract; `meter --patch FILE.c` makes wasm2c's output ready for the wrapper. */
#include <stdio.h>
#include <string.h>
#include "contract/wasm/wrapper.h"
#include "net/base/file.h"

static int
complain(const struct diag *d)
{
    fprintf(stderr, "meter: %s\n", diag_text(d));
    return 1;
}

static int
patch(const char *path)
{
    struct diag d = {0};
    struct buf text;
    buf_init(&text, METER_MAX_OUTPUT);
    enum err e = file_read(path, &text, &d);
    if (!e && !wrapper_patch(&text))
        e = diag_set(&d, ERR_SYNTAX, "%s: wasm2c's output has another form than expected",
                     path);
    if (!e)
        e = file_write(path, buf_str(&text), 0644, &d);
    buf_release(&text);
    return e ? complain(&d) : 0;
}

static int
meter(const char *name, const char *in, const char *out_wasm, const char *out_c)
{
    struct diag d = {0};
    struct arena arena;
    struct buf wasm, wrapper;
    struct metered m = {0};
    arena_init(&arena);
    buf_init(&wasm, MODULE_MAX_BYTES);
    buf_init(&wrapper, METER_MAX_OUTPUT);
    char symbol[128];
    snprintf(symbol, sizeof(symbol), "native_%s", name);
    enum err e = file_read(in, &wasm, &d);
    if (!e && meter_run(buf_str(&wasm), &arena, &m, &d) != PREPARE_OK)
        e = d.code;
    if (!e && m.has_link_error)
        e = diag_set(&d, ERR_REFUSED, "%s: %.*s", in, STR_ARG(m.link_error));
    if (!e)
        wrapper_write(&m, name, name, symbol, &wrapper);
    if (!e)
        e = file_write(out_wasm, buf_str(&m.wasm), 0644, &d);
    if (!e)
        e = file_write(out_c, buf_str(&wrapper), 0644, &d);
    buf_release(&m.wasm);
    buf_release(&wasm);
    buf_release(&wrapper);
    arena_release(&arena);
    return e ? complain(&d) : 0;
}

int
main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--patch") == 0)
        return patch(argv[2]);
    if (argc == 5)
        return meter(argv[1], argv[2], argv[3], argv[4]);
    fprintf(stderr, "usage: meter NAME IN.wasm OUT.wasm WRAPPER.c | meter --patch FILE.c\n");
    return 64;
}
