/* What is written: the sections of the new file. */
#include <stdio.h>
#include <string.h>
#include "contract/wasm/meter_file.h"
#include "contract/wasm/opcode.h"

static void
put_section(struct buf *out, uint8_t id, const struct buf *body)
{
    buf_add_byte(out, (char)id);
    put_u32(out, (uint32_t)body->n);
    buf_add_str(out, buf_str(body));
}

static void
put_name(struct buf *out, const char *name)
{
    put_u32(out, (uint32_t)strlen(name));
    buf_add_c(out, name);
}

/* Types of the hooks, behind the file's own. */
static void
put_types(const struct wasm_file *f, struct buf *out)
{
    static const char *const hooks[HOOK_COUNT] = {
        "\x60\x01\x7E\x00",     /* charge(gas) */
        "\x60\x02\x7E\x7E\x00", /* enter(stack bytes, gas) */
        "\x60\x01\x7E\x00",     /* leave(stack bytes) */
        "\x60\x01\x7D\x01\x7D", /* f32 -> f32 */
        "\x60\x01\x7C\x01\x7C", /* f64 -> f64 */
    };
    static const size_t sizes[HOOK_COUNT] = {4, 5, 4, 5, 5};
    struct buf body;
    buf_init(&body, METER_MAX_OUTPUT);
    put_u32(&body, f->type_count + HOOK_COUNT);
    for (uint32_t i = 0; i < f->type_count; i++)
        buf_add_str(&body, f->types[i].bytes);
    for (size_t i = 0; i < HOOK_COUNT; i++)
        buf_add(&body, hooks[i], sizes[i]);
    put_section(out, SECTION_TYPE, &body);
    buf_release(&body);
}

static void
put_imports(const struct wasm_file *f, struct buf *out)
{
    static const char *const names[HOOK_COUNT] = {"neartop_charge", "neartop_enter",
                                                  "neartop_leave", "neartop_nan32",
                                                  "neartop_nan64"};
    struct buf body;
    buf_init(&body, METER_MAX_OUTPUT);
    put_u32(&body, f->import_count + HOOK_COUNT);
    buf_add_str(&body, f->imports);
    for (uint32_t i = 0; i < HOOK_COUNT; i++) {
        put_name(&body, "env");
        put_name(&body, names[i]);
        buf_add_byte(&body, KIND_FUNCTION);
        put_u32(&body, f->type_count + i);
    }
    put_section(out, SECTION_IMPORT, &body);
    buf_release(&body);
}

static void
put_memory(struct buf *out)
{
    struct buf body;
    buf_init(&body, 64);
    buf_add(&body, "\x01\x01", 2);
    put_u32(&body, METER_MEMORY_PAGES);
    put_u32(&body, METER_MEMORY_MAX_PAGES);
    put_section(out, SECTION_MEMORY, &body);
    buf_release(&body);
}

static void
put_export(struct buf *out, const char *name, uint8_t kind, uint32_t index)
{
    put_name(out, name);
    buf_add_byte(out, (char)kind);
    put_u32(out, index);
}

static bool
put_exports(struct wasm_file *f, const struct sections *s, struct metered *m, struct buf *out)
{
    struct reader r = {.rest = s->body[SECTION_EXPORT]};
    uint32_t count = r.rest.n ? reader_u32(&r) : 0;
    if (count > METER_MAX_EXPORTS)
        return file_fail(f, PREPARE_DESERIALIZATION, "more than %d exports",
                         METER_MAX_EXPORTS);
    m->methods = arena_array(f->arena, count, sizeof(*m->methods));
    struct buf body;
    buf_init(&body, METER_MAX_OUTPUT);
    for (uint32_t i = 0; i < count && !r.failed; i++) {
        struct str name = reader_name(&r);
        uint8_t kind = reader_u8(&r);
        uint32_t index = reader_u32(&r);
        if (kind != KIND_FUNCTION)
            continue;
        if (index >= f->func_count)
            r.failed = true;
        if (r.failed)
            break;
        char generated[16];
        snprintf(generated, sizeof(generated), "m%zu", m->method_count);
        put_export(&body, generated, KIND_FUNCTION, new_function_index(f, index));
        const struct func_type *type = &f->types[f->func_types[index]];
        m->methods[m->method_count++] = (struct meter_method){
            .name = name, .has_bad_signature = type->param_count || type->result};
    }
    uint32_t extra = 1;
    if (s->is_there[SECTION_START]) {
        struct reader start = {.rest = s->body[SECTION_START]};
        uint32_t index = reader_u32(&start);
        if (start.failed || index >= f->func_count)
            r.failed = true;
        else
            put_export(&body, "start", KIND_FUNCTION, new_function_index(f, index));
        m->has_start = true;
        extra++;
    }
    put_export(&body, "memory", KIND_MEMORY, 0);
    struct buf whole;
    buf_init(&whole, METER_MAX_OUTPUT);
    put_u32(&whole, (uint32_t)m->method_count + extra);
    buf_add_str(&whole, buf_str(&body));
    put_section(out, SECTION_EXPORT, &whole);
    buf_release(&whole);
    buf_release(&body);
    return !r.failed || file_fail(f, PREPARE_DESERIALIZATION, "the export section is wrong");
}

/* Function indices in element segments shift by the hooks; imports become their stand-ins. */
static bool
put_elements(struct wasm_file *f, struct str section, struct buf *out)
{
    struct reader r = {.rest = section};
    uint32_t count = section.n ? reader_u32(&r) : 0;
    struct buf body;
    buf_init(&body, METER_MAX_OUTPUT);
    put_u32(&body, count);
    for (uint32_t i = 0; i < count && !r.failed; i++) {
        struct str head;
        element_head(&r, &head);
        buf_add_str(&body, head);
        uint32_t n = reader_u32(&r);
        put_u32(&body, n);
        for (uint32_t j = 0; j < n && !r.failed; j++) {
            uint32_t function = reader_u32(&r);
            put_u32(&body, function < f->import_count ? f->stand_ins[function]
                                                      : new_function_index(f, function));
        }
    }
    put_section(out, SECTION_ELEMENT, &body);
    buf_release(&body);
    return !r.failed || file_fail(f, PREPARE_DESERIALIZATION, "an element segment is wrong");
}

/* The imports that have a stand-in, in the stand-ins' order. */
static uint32_t
import_of_stand_in(const struct wasm_file *f, uint32_t number)
{
    uint32_t import = 0;
    while (f->stand_ins[import] != f->func_count + HOOK_COUNT + number)
        import++;
    return import;
}

static void
put_functions(const struct wasm_file *f, struct buf *out)
{
    struct buf body;
    buf_init(&body, METER_MAX_OUTPUT);
    put_u32(&body, f->func_count - f->import_count + f->stand_in_count);
    for (uint32_t i = f->import_count; i < f->func_count; i++)
        put_u32(&body, f->func_types[i]);
    for (uint32_t i = 0; i < f->stand_in_count; i++)
        put_u32(&body, f->func_types[import_of_stand_in(f, i)]);
    put_section(out, SECTION_FUNCTION, &body);
    buf_release(&body);
}

/* Hands its arguments on. Not charged and not counted, as the import itself is not. */
static void
put_stand_in(const struct wasm_file *f, uint32_t import, struct buf *out)
{
    struct buf body;
    buf_init(&body, METER_MAX_OUTPUT);
    put_u32(&body, 0);
    for (uint32_t i = 0; i < f->types[f->func_types[import]].param_count; i++) {
        buf_add_byte(&body, OP_LOCAL_GET);
        put_u32(&body, i);
    }
    buf_add_byte(&body, OP_CALL);
    put_u32(&body, import);
    buf_add_byte(&body, OP_END);
    put_u32(out, (uint32_t)body.n);
    buf_add_str(out, buf_str(&body));
    buf_release(&body);
}

static bool
put_code(struct wasm_file *f, struct str section, struct buf *out)
{
    struct reader r = {.rest = section};
    uint32_t count = section.n ? reader_u32(&r) : 0;
    if (count != f->func_count - f->import_count)
        return file_fail(f, PREPARE_DESERIALIZATION, "%u bodies for %u functions", count,
                         f->func_count - f->import_count);
    struct buf body;
    buf_init(&body, METER_MAX_OUTPUT);
    put_u32(&body, count + f->stand_in_count);
    bool is_good = true;
    for (uint32_t i = 0; i < count && is_good; i++) {
        struct str code = reader_name(&r);
        is_good = !r.failed || file_fail(f, PREPARE_DESERIALIZATION, "the code is cut off");
        if (is_good)
            is_good = meter_body(f, &f->types[f->func_types[f->import_count + i]], code, &body);
    }
    for (uint32_t i = 0; i < f->stand_in_count && is_good; i++)
        put_stand_in(f, import_of_stand_in(f, i), &body);
    put_section(out, SECTION_CODE, &body);
    buf_release(&body);
    return is_good;
}

static void
copy_section(const struct sections *s, int id, struct buf *out)
{
    if (!s->is_there[id])
        return;
    buf_add_byte(out, (char)id);
    put_u32(out, (uint32_t)s->body[id].n);
    buf_add_str(out, s->body[id]);
}

bool
meter_write(struct wasm_file *f, const struct sections *s, struct metered *m)
{
    struct buf *out = &m->wasm;
    buf_add(out, "\0asm\1\0\0\0", 8);
    put_types(f, out);
    put_imports(f, out);
    put_functions(f, out);
    copy_section(s, SECTION_TABLE, out);
    put_memory(out);
    copy_section(s, SECTION_GLOBAL, out);
    if (!put_exports(f, s, m, out))
        return false;
    if (s->is_there[SECTION_ELEMENT] && !put_elements(f, s->body[SECTION_ELEMENT], out))
        return false;
    if (!put_code(f, s->body[SECTION_CODE], out))
        return false;
    struct reader data = {.rest = s->body[SECTION_DATA]};
    if (s->is_there[SECTION_DATA] && reader_u32(&data) > METER_MAX_DATA_SEGMENTS)
        return file_fail(f, PREPARE_DESERIALIZATION, "more than %d data segments",
                         METER_MAX_DATA_SEGMENTS);
    copy_section(s, SECTION_DATA, out);
    return true;
}
