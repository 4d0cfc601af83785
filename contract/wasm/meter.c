/* The file around the bodies: sections in, sections out. */
#include "contract/wasm/meter.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "contract/wasm/meter_file.h"

enum {
    SECTION_CUSTOM, SECTION_TYPE, SECTION_IMPORT, SECTION_FUNCTION, SECTION_TABLE,
    SECTION_MEMORY, SECTION_GLOBAL, SECTION_EXPORT, SECTION_START, SECTION_ELEMENT,
    SECTION_CODE, SECTION_DATA, SECTION_COUNT
};

enum { KIND_FUNCTION, KIND_TABLE, KIND_MEMORY, KIND_GLOBAL };

enum { TYPE_I32 = 0x7F, TYPE_I64 = 0x7E, TYPE_F32 = 0x7D, TYPE_F64 = 0x7C, TYPE_FUNC = 0x60 };

/* --- reading and writing numbers ----------------------------------------------------------- */

struct str
reader_bytes(struct reader *r, size_t n)
{
    if (r->failed || r->rest.n < n) {
        r->failed = true;
        r->rest.n = 0;
        return (struct str){NULL, 0};
    }
    struct str taken = str_slice(r->rest, 0, n);
    r->rest = str_slice(r->rest, n, r->rest.n);
    return taken;
}

uint8_t
reader_u8(struct reader *r)
{
    struct str byte = reader_bytes(r, 1);
    return byte.n ? (uint8_t)byte.p[0] : 0;
}

struct str
reader_leb(struct reader *r, int max_bytes)
{
    struct str all = r->rest;
    int n = 0;
    while (n < max_bytes && (reader_u8(r) & 0x80))
        n++;
    if (n == max_bytes)
        r->failed = true;
    return r->failed ? (struct str){NULL, 0} : str_slice(all, 0, (size_t)n + 1);
}

uint32_t
reader_u32(struct reader *r)
{
    struct str bytes = reader_leb(r, 5);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.n; i++)
        value |= (uint64_t)((uint8_t)bytes.p[i] & 0x7F) << (7 * i);
    if (value > UINT32_MAX)
        r->failed = true;
    return r->failed ? 0 : (uint32_t)value;
}

struct str
reader_name(struct reader *r)
{
    return reader_bytes(r, reader_u32(r));
}

void
put_u32(struct buf *b, uint32_t value)
{
    do {
        uint8_t byte = value & 0x7F;
        value >>= 7;
        buf_add_byte(b, (char)(byte | (value ? 0x80 : 0)));
    } while (value);
}

void
put_s64(struct buf *b, int64_t value)
{
    for (;;) {
        uint8_t byte = (uint8_t)(value & 0x7F);
        /* Arithmetic shift of a negative number, without relying on the compiler's choice. */
        value = value < 0 ? ~(~value >> 7) : value >> 7;
        bool is_last = (value == 0 && !(byte & 0x40)) || (value == -1 && (byte & 0x40));
        buf_add_byte(b, (char)(byte | (is_last ? 0 : 0x80)));
        if (is_last)
            return;
    }
}

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

/* --- what the file says --------------------------------------------------------------------- */

struct sections {
    struct str body[SECTION_COUNT];
    bool is_there[SECTION_COUNT];
};

static bool
split_sections(struct wasm_file *f, struct str wasm, struct sections *s)
{
    static const char head[8] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    struct reader r = {.rest = wasm};
    struct str magic = reader_bytes(&r, sizeof(head));
    if (magic.n != sizeof(head) || memcmp(magic.p, head, sizeof(head)) != 0)
        return file_fail(f, PREPARE_DESERIALIZATION, "this is no wasm file");
    int last = 0;
    while (r.rest.n && !r.failed) {
        uint8_t id = reader_u8(&r);
        struct str body = reader_name(&r);
        if (r.failed || id == SECTION_CUSTOM)
            continue;
        if (id >= SECTION_COUNT || id <= last)
            return file_fail(f, PREPARE_DESERIALIZATION, "section %d is unknown or misplaced", id);
        last = id;
        s->body[id] = body;
        s->is_there[id] = true;
    }
    return !r.failed || file_fail(f, PREPARE_DESERIALIZATION, "the file is cut off");
}

static bool
read_types(struct wasm_file *f, struct str body)
{
    struct reader r = {.rest = body};
    uint32_t count = reader_u32(&r);
    if (count > METER_MAX_TYPES)
        return file_fail(f, PREPARE_DESERIALIZATION, "%u types, %d are accepted here", count,
                         METER_MAX_TYPES);
    f->types = arena_array(f->arena, count, sizeof(*f->types));
    f->type_count = count;
    for (uint32_t i = 0; i < count && !r.failed; i++) {
        struct func_type *type = &f->types[i];
        struct str start = r.rest;
        bool is_func = reader_u8(&r) == TYPE_FUNC;
        struct str params = reader_name(&r), results = reader_name(&r);
        if (!is_func || results.n > 1 || params.n > METER_MAX_PARAMETERS)
            return file_fail(f, PREPARE_DESERIALIZATION, "type %u is not accepted", i);
        type->params = arena_copy(f->arena, params.p, params.n);
        type->param_count = (uint32_t)params.n;
        type->result = results.n ? (uint8_t)results.p[0] : 0;
        type->bytes = str_slice(start, 0, start.n - r.rest.n);
        for (size_t j = 0; j < params.n; j++) {
            if (!value_size((uint8_t)params.p[j]))
                return file_fail(f, PREPARE_DESERIALIZATION, "type %u is not accepted", i);
        }
    }
    return !r.failed || file_fail(f, PREPARE_DESERIALIZATION, "the type section is cut off");
}

/* "v:II" for a type: its result, then its parameters, one letter each. */
static void
signature_of(const struct func_type *type, char out[METER_MAX_PARAMETERS + 4])
{
    static const char letters[] = "dfIi";     /* 0x7C … 0x7F */
    size_t n = 0;
    out[n++] = type->result ? letters[type->result - TYPE_F64] : 'v';
    out[n++] = ':';
    for (uint32_t i = 0; i < type->param_count; i++)
        out[n++] = letters[type->params[i] - TYPE_F64];
    out[n] = '\0';
}

#define ARGS_I0 ""
#define ARGS_I1 "I"
#define ARGS_I2 "II"
#define ARGS_I3 "III"
#define ARGS_I4 "IIII"
#define ARGS_I5 "IIIII"
#define ARGS_I6 "IIIIII"
#define ARGS_I7 "IIIIIII"
#define ARGS_I8 "IIIIIIII"
#define ARGS_I9 "IIIIIIIII"
#define ARGS_i1 "i"
#define ARGS_i4 "iiii"

static const struct {
    const char *name, *signature;
} imports[] = {
#define X(name, result, args) {#name, #result ":" ARGS_##args},
#include "contract/wasm/imports.def"
#undef X
};

static const char *
known_import(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(imports); i++) {
        if (str_equal_c(name, imports[i].name))
            return imports[i].signature;
    }
    return NULL;
}

/* The node's debug print of a function type. */
static void
describe_type(struct buf *b, const struct func_type *type)
{
    static const char *const names[] = {"F64", "F32", "I64", "I32"};
    buf_add_c(b, "Function(FunctionType { params: [");
    for (uint32_t i = 0; i < type->param_count; i++)
        buf_addf(b, "%s%s", i ? ", " : "", names[type->params[i] - TYPE_F64]);
    buf_addf(b, "], results: [%s] })", type->result ? names[type->result - TYPE_F64] : "");
}

static void
note_link_error(struct wasm_file *f, struct metered *out, struct str name,
                const struct func_type *type, bool is_known)
{
    struct buf text;
    buf_init(&text, 4096);
    buf_addf(&text, "Error while importing \"env\".\"%.*s\": %s. Expected ", STR_ARG(name),
             is_known ? "incompatible import type" : "unknown import");
    describe_type(&text, type);
    out->has_link_error = true;
    out->link_error = arena_str(f->arena, buf_str(&text));
    buf_release(&text);
}

static bool
read_imports(struct wasm_file *f, struct str body, struct metered *out, struct buf *kept)
{
    struct reader r = {.rest = body};
    uint32_t count = body.n ? reader_u32(&r) : 0;
    if (count > METER_MAX_FUNCTIONS)
        return file_fail(f, PREPARE_TOO_MANY_FUNCTIONS, "too many imports");
    for (uint32_t i = 0; i < count && !r.failed; i++) {
        struct str start = r.rest, module = reader_name(&r), name = reader_name(&r);
        uint8_t kind = reader_u8(&r);
        if (!str_equal(module, STR("env")))
            return file_fail(f, PREPARE_INSTANTIATE, "an import from \"%.*s\" instead of \"env\"",
                             (int)(module.n < 40 ? module.n : 40), module.p ? module.p : "");
        if (kind == KIND_MEMORY) {
            uint8_t limits = reader_u8(&r);
            reader_u32(&r);
            if (limits & 1)
                reader_u32(&r);
            continue;
        }
        if (kind != KIND_FUNCTION)
            return file_fail(f, PREPARE_INSTANTIATE, "an import that is no function");
        uint32_t type = reader_u32(&r);
        if (r.failed || type >= f->type_count)
            return file_fail(f, PREPARE_DESERIALIZATION, "an import of an unknown type");
        char signature[METER_MAX_PARAMETERS + 4];
        signature_of(&f->types[type], signature);
        const char *known = known_import(name);
        if ((!known || strcmp(known, signature) != 0) && !out->has_link_error)
            note_link_error(f, out, name, &f->types[type], known != NULL);
        f->func_types[f->import_count++] = type;
        buf_add_str(kept, str_slice(start, 0, start.n - r.rest.n));
    }
    return !r.failed || file_fail(f, PREPARE_DESERIALIZATION, "the import section is cut off");
}

static bool
read_functions(struct wasm_file *f, struct str body)
{
    struct reader r = {.rest = body};
    uint32_t count = body.n ? reader_u32(&r) : 0;
    if (count > METER_MAX_FUNCTIONS - f->import_count)
        return file_fail(f, PREPARE_TOO_MANY_FUNCTIONS, "more than %d functions",
                         METER_MAX_FUNCTIONS);
    f->func_count = f->import_count + count;
    for (uint32_t i = f->import_count; i < f->func_count; i++) {
        f->func_types[i] = reader_u32(&r);
        if (r.failed || f->func_types[i] >= f->type_count)
            return file_fail(f, PREPARE_DESERIALIZATION, "function %u has an unknown type", i);
    }
    return true;
}

static bool
read_globals(struct wasm_file *f, struct str body)
{
    struct reader r = {.rest = body};
    uint32_t count = body.n ? reader_u32(&r) : 0;
    if (count > METER_MAX_GLOBALS)
        return file_fail(f, PREPARE_DESERIALIZATION, "%u globals, %d are accepted here", count,
                         METER_MAX_GLOBALS);
    f->globals = arena_array(f->arena, count, 1);
    f->global_count = count;
    for (uint32_t i = 0; i < count && !r.failed; i++) {
        f->globals[i] = reader_u8(&r);
        reader_u8(&r);
        uint8_t opcode = reader_u8(&r);
        if (opcode == 0x41 || opcode == 0x42 || opcode == 0x23)
            reader_leb(&r, 10);
        else
            reader_bytes(&r, opcode == 0x43 ? 4 : 8);
        if (reader_u8(&r) != 0x0B || !value_size(f->globals[i]))
            return file_fail(f, PREPARE_DESERIALIZATION, "global %u is not accepted", i);
    }
    return !r.failed || file_fail(f, PREPARE_DESERIALIZATION, "the global section is cut off");
}

static bool
check_table(struct wasm_file *f, struct str body)
{
    struct reader r = {.rest = body};
    uint32_t count = body.n ? reader_u32(&r) : 0;
    if (count == 0)
        return true;
    reader_u8(&r);
    reader_u8(&r);
    uint32_t least = reader_u32(&r);
    if (count > 1 || r.failed || least > METER_MAX_TABLE)
        return file_fail(f, PREPARE_DESERIALIZATION, "the table is larger than %d",
                         METER_MAX_TABLE);
    return true;
}

/* --- what is written ------------------------------------------------------------------------ */

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
put_imports(const struct wasm_file *f, const struct buf *kept, struct buf *out)
{
    static const char *const names[HOOK_COUNT] = {"neartop_charge", "neartop_enter",
                                                  "neartop_leave", "neartop_nan32",
                                                  "neartop_nan64"};
    struct buf body;
    buf_init(&body, METER_MAX_OUTPUT);
    put_u32(&body, f->import_count + HOOK_COUNT);
    buf_add_str(&body, buf_str(kept));
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
    if (count > METER_MAX_FUNCTIONS)
        return file_fail(f, PREPARE_DESERIALIZATION, "more than %d exports", METER_MAX_FUNCTIONS);
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

/* Function indices in element segments shift by the hooks. */
static bool
put_elements(struct wasm_file *f, struct str section, struct buf *out)
{
    struct reader r = {.rest = section};
    uint32_t count = section.n ? reader_u32(&r) : 0;
    if (count > METER_MAX_SEGMENTS)
        return file_fail(f, PREPARE_DESERIALIZATION, "more than %d element segments",
                         METER_MAX_SEGMENTS);
    struct buf body;
    buf_init(&body, METER_MAX_OUTPUT);
    put_u32(&body, count);
    for (uint32_t i = 0; i < count && !r.failed; i++) {
        struct str start = r.rest;
        if (reader_u32(&r) != 0)
            r.failed = true;
        reader_u8(&r);
        reader_leb(&r, 5);
        if (reader_u8(&r) != 0x0B)
            r.failed = true;
        buf_add_str(&body, str_slice(start, 0, start.n - r.rest.n));
        uint32_t n = reader_u32(&r);
        put_u32(&body, n);
        for (uint32_t j = 0; j < n && !r.failed; j++)
            put_u32(&body, new_function_index(f, reader_u32(&r)));
    }
    put_section(out, SECTION_ELEMENT, &body);
    buf_release(&body);
    return !r.failed || file_fail(f, PREPARE_DESERIALIZATION, "an element segment is wrong");
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
    put_u32(&body, count);
    bool is_good = true;
    for (uint32_t i = 0; i < count && is_good; i++) {
        struct str code = reader_name(&r);
        is_good = !r.failed || file_fail(f, PREPARE_DESERIALIZATION, "the code is cut off");
        if (is_good)
            is_good = meter_body(f, &f->types[f->func_types[f->import_count + i]], code, &body);
    }
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

static bool
write_file(struct wasm_file *f, const struct sections *s, const struct buf *kept,
           struct metered *m)
{
    struct buf *out = &m->wasm;
    buf_add(out, "\0asm\1\0\0\0", 8);
    put_types(f, out);
    put_imports(f, kept, out);
    copy_section(s, SECTION_FUNCTION, out);
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
    if (s->is_there[SECTION_DATA] && reader_u32(&data) > METER_MAX_SEGMENTS)
        return file_fail(f, PREPARE_DESERIALIZATION, "more than %d data segments",
                         METER_MAX_SEGMENTS);
    copy_section(s, SECTION_DATA, out);
    return true;
}

enum prepare_error
meter_run(struct str wasm, struct arena *arena, struct metered *out, struct diag *d)
{
    struct wasm_file f = {.arena = arena, .d = d};
    struct sections s = {0};
    struct buf kept;
    *out = (struct metered){0};
    buf_init(&out->wasm, METER_MAX_OUTPUT);
    buf_init(&kept, METER_MAX_OUTPUT);
    f.func_types = arena_array(arena, METER_MAX_FUNCTIONS, sizeof(*f.func_types));
    bool is_good = split_sections(&f, wasm, &s) && read_types(&f, s.body[SECTION_TYPE]) &&
                   read_imports(&f, s.body[SECTION_IMPORT], out, &kept) &&
                   read_functions(&f, s.body[SECTION_FUNCTION]) &&
                   check_table(&f, s.body[SECTION_TABLE]) &&
                   read_globals(&f, s.body[SECTION_GLOBAL]) && write_file(&f, &s, &kept, out);
    buf_release(&kept);
    if (is_good && out->wasm.overflowed)
        is_good = file_fail(&f, PREPARE_DESERIALIZATION, "the metered code is too large");
    if (out->has_link_error)
        buf_clear(&out->wasm);
    return is_good ? PREPARE_OK : f.failed;
}
