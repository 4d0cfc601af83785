/* What the file says: sections, types, imports, and what is more than is accepted. */
#include <string.h>
#include "contract/wasm/meter_file.h"

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
            return file_fail(f, PREPARE_DESERIALIZATION, "section %d is unknown or misplaced",
                             id);
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
    uint32_t count = body.n ? reader_u32(&r) : 0;
    if (count > METER_MAX_TYPES)
        return file_fail(f, PREPARE_COMPILER, "%u types, this chain takes %d", count,
                         METER_MAX_TYPES);
    f->types = arena_array(f->arena, count, sizeof(*f->types));
    f->type_count = count;
    for (uint32_t i = 0; i < count && !r.failed; i++) {
        struct func_type *type = &f->types[i];
        struct str start = r.rest;
        bool is_func = reader_u8(&r) == TYPE_FUNC;
        struct str params = reader_name(&r), results = reader_name(&r);
        if (params.n > METER_MAX_PARAMETERS)
            return file_fail(f, PREPARE_COMPILER,
                             "a function of %zu parameters, this chain takes %d", params.n,
                             METER_MAX_PARAMETERS);
        if (!is_func || results.n > 1)
            return file_fail(f, PREPARE_DESERIALIZATION, "type %u is not accepted", i);
        type->params = arena_copy(f->arena, params.p, params.n);
        type->param_count = (uint32_t)params.n;
        type->result = results.n ? (uint8_t)results.p[0] : 0;
        type->bytes = str_slice(start, 0, start.n - r.rest.n);
        if (type->result && !value_size(type->result))
            return file_fail(f, PREPARE_DESERIALIZATION, "type %u is not accepted", i);
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
read_imports(struct wasm_file *f, struct str body, struct metered *out)
{
    struct reader r = {.rest = body};
    uint32_t count = body.n ? reader_u32(&r) : 0;
    if (count > METER_MAX_FUNCTIONS)
        return file_fail(f, PREPARE_TOO_MANY_FUNCTIONS, "too many imports");
    struct str all = r.rest;
    for (uint32_t i = 0; i < count && !r.failed; i++) {
        struct str module = reader_name(&r), name = reader_name(&r);
        uint8_t kind = reader_u8(&r);
        if (!str_equal(module, STR("env")))
            return file_fail(f, PREPARE_INSTANTIATE,
                             "an import from \"%.*s\" instead of \"env\"",
                             (int)(module.n < 40 ? module.n : 40), module.p ? module.p : "");
        if (kind == KIND_MEMORY)
            return file_fail(f, PREPARE_MEMORY, "an imported memory; the chain gives its own");
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
    }
    f->imports = str_slice(body, body.n - all.n, body.n - r.rest.n);
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
        return file_fail(f, PREPARE_COMPILER, "%u globals, this chain takes %d", count,
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
    if (count > 1 || r.failed)
        return file_fail(f, PREPARE_DESERIALIZATION, "the table section is wrong");
    if (least > METER_MAX_TABLE)
        return file_fail(f, PREPARE_COMPILER, "a table of %u elements, this chain takes %d",
                         least, METER_MAX_TABLE);
    return true;
}

/* Functions that are imported but called through the table get a stand-in of their own. */
static bool
find_stand_ins(struct wasm_file *f, struct str section)
{
    struct reader r = {.rest = section};
    uint32_t count = section.n ? reader_u32(&r) : 0;
    if (count > METER_MAX_ELEMENT_SEGMENTS)
        return file_fail(f, PREPARE_COMPILER, "%u element segments, this chain takes %d", count,
                         METER_MAX_ELEMENT_SEGMENTS);
    f->stand_ins = arena_array(f->arena, f->import_count, sizeof(*f->stand_ins));
    for (uint32_t i = 0; i < count && !r.failed; i++) {
        if (!element_head(&r, &(struct str){0}))
            break;
        for (uint32_t n = reader_u32(&r); n > 0 && !r.failed; n--) {
            uint32_t function = reader_u32(&r);
            if (function >= f->func_count)
                r.failed = true;
            else if (function < f->import_count && !f->stand_ins[function])
                f->stand_ins[function] = f->func_count + HOOK_COUNT + f->stand_in_count++;
        }
    }
    return !r.failed || file_fail(f, PREPARE_DESERIALIZATION, "an element segment is wrong");
}

bool
meter_read(struct wasm_file *f, struct str wasm, struct sections *s, struct metered *out)
{
    f->func_types = arena_array(f->arena, METER_MAX_FUNCTIONS, sizeof(*f->func_types));
    return split_sections(f, wasm, s) && read_types(f, s->body[SECTION_TYPE]) &&
           read_imports(f, s->body[SECTION_IMPORT], out) &&
           read_functions(f, s->body[SECTION_FUNCTION]) &&
           check_table(f, s->body[SECTION_TABLE]) && read_globals(f, s->body[SECTION_GLOBAL]) &&
           find_stand_ins(f, s->body[SECTION_ELEMENT]);
}
