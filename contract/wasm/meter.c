/* The pass as a whole, and what its parts share. */
#include "contract/wasm/meter.h"

#include <stdarg.h>
#include <stdio.h>
#include "contract/wasm/meter_file.h"
#include "contract/wasm/opcode.h"

bool
file_fail(struct wasm_file *f, enum prepare_error why, const char *format, ...)
{
    if (f->failed)
        return false;
    char text[DIAG_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    f->failed = why;
    diag_set(f->d, ERR_REFUSED, "contract: %s", text);
    return false;
}

uint8_t
value_size(uint8_t type)
{
    if (type == TYPE_I32 || type == TYPE_F32)
        return 4;
    return type == TYPE_I64 || type == TYPE_F64 ? 8 : 0;
}

uint32_t
new_function_index(const struct wasm_file *f, uint32_t index)
{
    return index < f->import_count ? index : index + HOOK_COUNT;
}

uint32_t
hook_index(const struct wasm_file *f, enum hook hook)
{
    return f->import_count + (uint32_t)hook;
}

/* Where an element segment goes, for both walks over them: its bytes up to the count. */
bool
element_head(struct reader *r, struct str *bytes)
{
    struct str start = r->rest;
    if (reader_u32(r) != 0)
        r->failed = true;
    reader_u8(r);
    reader_leb(r, 5);
    if (reader_u8(r) != OP_END)
        r->failed = true;
    *bytes = r->failed ? (struct str){NULL, 0} : str_slice(start, 0, start.n - r->rest.n);
    return !r->failed;
}

enum prepare_error
meter_run(struct str wasm, struct arena *arena, struct metered *out, struct diag *d)
{
    struct wasm_file f = {.arena = arena, .d = d};
    struct sections s = {0};
    *out = (struct metered){0};
    buf_init(&out->wasm, METER_MAX_OUTPUT);
    bool is_good = meter_read(&f, wasm, &s, out) && meter_write(&f, &s, out);
    if (is_good && out->wasm.overflowed)
        is_good = file_fail(&f, PREPARE_COMPILER, "the metered code is too large");
    if (out->has_link_error)
        buf_clear(&out->wasm);
    return is_good ? PREPARE_OK : f.failed;
}
