/* The body of one function. Two walks over the same operators: the first finds which blocks
 * branches go to (those that are never reached count, as on the node) and how deep the operand
 * stack gets, the second writes the segments. */
#include <string.h>
#include "contract/wasm/meter_file.h"
#include "contract/wasm/opcode.h"
#include "net/base/xalloc.h"

enum { BLOCK_TYPE_EMPTY = 0x40, FRAME_BASE_BYTES = 64 };

struct frame {
    uint8_t opcode;         /* OP_BLOCK (the body itself too), OP_LOOP, OP_IF */
    uint8_t result;         /* size of the value it leaves, or 0 */
    bool is_targeted;       /* a branch goes to it */
    bool was_live;          /* its start could be reached */
    bool ended_dead;        /* some path through it ended in a branch away */
    uint32_t id;            /* number of the block in order of opening */
    size_t height, bytes;   /* of the operand stack outside */
};

struct walk {
    struct wasm_file *file;
    struct reader in;
    struct frame *frames;           /* METER_MAX_NESTING + 2 of them */
    uint32_t depth;                 /* frames open */
    uint32_t next_id;
    uint8_t *targeted;              /* by block id; found by the first walk */
    uint32_t targeted_room;
    uint8_t *locals;                /* sizes, by index */
    uint32_t local_count;
    uint8_t *stack;                 /* sizes of operands */
    size_t height, room, bytes, max_bytes;
    bool is_live;
    bool writes;                    /* the second walk */
    struct buf *out, pending;
    uint64_t cost;                  /* operators in pending */
};

static void
push(struct walk *w, uint8_t size)
{
    if (size == 0)
        return;
    void *stack = w->stack;
    w->room = xgrow(&stack, w->room, w->height + 1, 1);
    w->stack = stack;
    w->stack[w->height++] = size;
    w->bytes += size;
    if (w->bytes > w->max_bytes)
        w->max_bytes = w->bytes;
}

static uint8_t
pop(struct walk *w)
{
    if (w->height <= w->frames[w->depth - 1].height) {
        file_fail(w->file, PREPARE_DESERIALIZATION, "an operator finds no operand");
        return 0;
    }
    uint8_t size = w->stack[--w->height];
    w->bytes -= size;
    return size;
}

static void
cut_to(struct walk *w, const struct frame *frame)
{
    w->height = frame->height;
    w->bytes = frame->bytes;
}

/* --- segments ------------------------------------------------------------------------- */

static void
put_hook(struct walk *w, enum hook hook)
{
    buf_add_byte(w->out, OP_CALL);
    put_u32(w->out, hook_index(w->file, hook));
}

static void
put_charge(struct walk *w, uint64_t operators)
{
    if (!w->writes || operators == 0)
        return;
    buf_add_byte(w->out, OP_I64_CONST);
    put_s64(w->out, (int64_t)(operators * METER_OP_GAS));
    put_hook(w, HOOK_CHARGE);
}

/* Charges for what was collected, then lets it run. */
static void
flush_segment(struct walk *w)
{
    put_charge(w, w->cost);
    w->cost = 0;
    if (w->writes) {
        buf_add_str(w->out, buf_str(&w->pending));
        buf_clear(&w->pending);
    }
}

static void
keep(struct walk *w, const void *p, size_t n)
{
    if (w->writes)
        buf_add(&w->pending, p, n);
}

static void
keep_op(struct walk *w, uint8_t opcode)
{
    keep(w, &opcode, 1);
}

static void
keep_u32(struct walk *w, uint32_t value)
{
    if (w->writes)
        put_u32(&w->pending, value);
}

/* --- blocks ----------------------------------------------------------------------------- */

static bool
open_frame(struct walk *w, uint8_t opcode, uint8_t result)
{
    if (w->depth > METER_MAX_NESTING)
        return file_fail(w->file, PREPARE_COMPILER,
                         "blocks nest deeper than %d, which is what this chain takes",
                         METER_MAX_NESTING);
    if (w->next_id >= w->targeted_room) {
        void *targeted = w->targeted;
        uint32_t room = (uint32_t)xgrow(&targeted, w->targeted_room, w->next_id + 1, 1);
        w->targeted = targeted;
        memset(w->targeted + w->targeted_room, 0, room - w->targeted_room);
        w->targeted_room = room;
    }
    w->frames[w->depth++] = (struct frame){
        .opcode = opcode,
        .result = result,
        .id = w->next_id,
        .is_targeted = w->writes && w->targeted[w->next_id],
        .was_live = w->is_live,
        .height = w->height,
        .bytes = w->bytes,
    };
    w->next_id++;
    return true;
}

static bool
mark_target(struct walk *w, uint32_t label)
{
    if (label >= w->depth)
        return file_fail(w->file, PREPARE_DESERIALIZATION, "a branch leads nowhere");
    w->targeted[w->frames[w->depth - 1 - label].id] = 1;
    return true;
}

static void
go_dead(struct walk *w)
{
    struct frame *frame = &w->frames[w->depth - 1];
    w->is_live = false;
    frame->ended_dead = true;
    cut_to(w, frame);
}

static bool
begin_block(struct walk *w, uint8_t opcode)
{
    uint8_t type = reader_u8(&w->in), result = 0;
    if (type != BLOCK_TYPE_EMPTY) {
        result = value_size(type);
        if (!result)
            return file_fail(w->file, PREPARE_DESERIALIZATION, "a block has an unknown type");
    }
    if (opcode == OP_IF && w->is_live)
        pop(w);
    bool is_targeted_loop = opcode == OP_LOOP && w->is_live && w->writes &&
                            w->next_id < w->targeted_room && w->targeted[w->next_id];
    if (is_targeted_loop)
        flush_segment(w);
    keep_op(w, opcode);
    keep_op(w, type);
    if (is_targeted_loop) {
        flush_segment(w);       /* the header itself, at no cost: it is paid on each turn */
        w->cost = 1;
    } else if (w->is_live && opcode == OP_LOOP) {
        w->cost++;
    } else if (w->is_live && opcode == OP_IF) {
        w->cost++;
        flush_segment(w);
    }
    return open_frame(w, opcode, result);
}

static bool
begin_else(struct walk *w)
{
    struct frame *frame = &w->frames[w->depth - 1];
    if (frame->opcode != OP_IF)
        return file_fail(w->file, PREPARE_DESERIALIZATION, "an else without an if");
    keep_op(w, OP_ELSE);
    flush_segment(w);
    w->is_live = frame->was_live;
    frame->is_targeted = true;
    cut_to(w, frame);
    return true;
}

/* False at the end of the body as well as on failure; the caller tells them apart. */
static bool
end_block(struct walk *w)
{
    struct frame frame = w->frames[--w->depth];
    bool is_boundary = frame.opcode == OP_IF || (frame.opcode == OP_BLOCK && frame.is_targeted);
    keep_op(w, OP_END);
    if (is_boundary || frame.ended_dead || w->depth == 0 || !w->is_live)
        flush_segment(w);
    w->is_live = frame.was_live;
    w->height = frame.height;
    w->bytes = frame.bytes;
    if (w->depth > 0 && w->is_live)
        push(w, frame.result);
    return w->depth > 0;
}

/* --- operators --------------------------------------------------------------------------- */

static bool
branch(struct walk *w, uint8_t opcode)
{
    keep_op(w, opcode);
    if (opcode == OP_BR_TABLE) {
        uint32_t count = reader_u32(&w->in);
        if (count > w->in.rest.n)
            return file_fail(w->file, PREPARE_DESERIALIZATION, "a branch table is cut off");
        keep_u32(w, count);
        for (uint32_t i = 0; i <= count && !w->in.failed; i++) {
            uint32_t label = reader_u32(&w->in);
            keep_u32(w, label);
            if (!mark_target(w, label))
                return false;
        }
    } else {
        uint32_t label = reader_u32(&w->in);
        keep_u32(w, label);
        if (!mark_target(w, label))
            return false;
    }
    if (!w->is_live)
        return true;
    if (opcode != OP_BR)
        pop(w);
    w->cost++;
    flush_segment(w);
    if (opcode != OP_BR_IF)
        go_dead(w);
    return true;
}

/* A return becomes a branch to the block around the body, where the stack is given back. */
static bool
leave_function(struct walk *w)
{
    keep_op(w, OP_BR);
    keep_u32(w, w->depth - 1);
    w->targeted[w->frames[0].id] = 1;
    if (!w->is_live)
        return true;
    w->cost++;
    flush_segment(w);
    go_dead(w);
    return true;
}

static bool
call(struct walk *w, uint8_t opcode)
{
    struct wasm_file *f = w->file;
    uint32_t index = reader_u32(&w->in), type;
    keep_op(w, opcode);
    if (opcode == OP_CALL) {
        if (index >= f->func_count)
            return file_fail(f, PREPARE_DESERIALIZATION, "a call of function %u of %u", index,
                             f->func_count);
        type = f->func_types[index];
        keep_u32(w, new_function_index(f, index));
    } else {
        type = index;
        keep_u32(w, index);
        if (reader_u8(&w->in) != 0 || type >= f->type_count)
            return file_fail(f, PREPARE_DESERIALIZATION, "a malformed call_indirect");
        keep_op(w, 0);
    }
    if (!w->is_live)
        return true;
    /* The index of a call_indirect stays: see opcode.h. */
    for (uint32_t i = 0; i < f->types[type].param_count; i++)
        pop(w);
    push(w, f->types[type].result ? value_size(f->types[type].result) : 0);
    w->cost++;
    flush_segment(w);
    return true;
}

static bool
variable(struct walk *w, uint8_t opcode)
{
    uint32_t index = reader_u32(&w->in);
    bool is_global = opcode == OP_GLOBAL_GET || opcode == OP_GLOBAL_SET;
    uint32_t count = is_global ? w->file->global_count : w->local_count;
    if (index >= count)
        return file_fail(w->file, PREPARE_DESERIALIZATION, "variable %u of %u", index, count);
    keep_op(w, opcode);
    keep_u32(w, index);
    if (!w->is_live)
        return true;
    uint8_t size = is_global ? value_size(w->file->globals[index]) : w->locals[index];
    if (opcode == OP_LOCAL_SET || opcode == OP_GLOBAL_SET)
        pop(w);
    else if (opcode != OP_LOCAL_TEE)
        push(w, size);
    w->cost++;
    return true;
}

static bool
constant(struct walk *w, uint8_t opcode)
{
    struct str bytes = opcode == OP_I32_CONST   ? reader_leb(&w->in, 5)
                       : opcode == OP_I64_CONST ? reader_leb(&w->in, 10)
                       : opcode == OP_F32_CONST ? reader_bytes(&w->in, 4)
                                                : reader_bytes(&w->in, 8);
    keep_op(w, opcode);
    keep(w, bytes.p, bytes.n);
    if (w->is_live) {
        push(w, opcode == OP_I32_CONST || opcode == OP_F32_CONST ? 4 : 8);
        w->cost++;
    }
    return true;
}

static bool
memory_operator(struct walk *w, uint8_t opcode)
{
    if (reader_u8(&w->in) != 0)
        return file_fail(w->file, PREPARE_DESERIALIZATION, "a second memory");
    if (w->is_live && opcode == OP_MEMORY_GROW) {
        flush_segment(w);
        w->cost = 1;
    } else if (w->is_live) {
        w->cost++;
    }
    keep_op(w, opcode);
    keep_op(w, 0);
    if (!w->is_live)
        return true;
    if (opcode == OP_MEMORY_GROW)
        flush_segment(w);
    else
        push(w, 4);
    return true;
}

/* Negation by integers: one of the C compilers computes -0 - x, which keeps a NaN's sign. */
static void
keep_negation(struct walk *w, uint8_t opcode)
{
    bool is_single = opcode == OP_F32_NEG;
    keep_op(w, is_single ? OP_I32_REINTERPRET : OP_I64_REINTERPRET);
    keep_op(w, is_single ? OP_I32_CONST : OP_I64_CONST);
    if (w->writes)
        put_s64(&w->pending, is_single ? INT32_MIN : INT64_MIN);
    keep_op(w, is_single ? OP_I32_XOR : OP_I64_XOR);
    keep_op(w, is_single ? OP_F32_REINTERPRET : OP_F64_REINTERPRET);
}

static bool
plain(struct walk *w, uint8_t opcode)
{
    unsigned code = opcode;
    if (opcode == OP_PREFIX_FC) {
        uint32_t second = reader_u32(&w->in);
        code = second <= 7 ? 0x100 + second : 0;
    }
    struct opcode o = opcode_of(code);
    if (!o.is_known)
        return file_fail(w->file, PREPARE_DESERIALIZATION, "operator 0x%02x is not accepted",
                         opcode);
    if (opcode == OP_F32_NEG || opcode == OP_F64_NEG)
        keep_negation(w, opcode);
    else
        keep_op(w, opcode);
    if (opcode == OP_PREFIX_FC)
        keep_u32(w, code - 0x100);
    if (o.has_memarg) {
        struct str align = reader_leb(&w->in, 5);
        keep(w, align.p, align.n);
        struct str offset = reader_leb(&w->in, 5);
        keep(w, offset.p, offset.n);
    }
    if (o.nan && w->writes) {
        buf_add_byte(&w->pending, OP_CALL);
        put_u32(&w->pending, hook_index(w->file, o.nan == 4 ? HOOK_NAN32 : HOOK_NAN64));
    }
    if (!w->is_live)
        return true;
    if (o.pops[1])
        pop(w);
    if (!o.stays) {
        pop(w);
        push(w, o.pushes);
    }
    w->cost++;
    if (o.is_boundary)
        flush_segment(w);
    return true;
}

static bool
stack_operator(struct walk *w, uint8_t opcode)
{
    keep_op(w, opcode);
    if (!w->is_live)
        return true;
    w->cost++;
    if (opcode == OP_DROP) {
        pop(w);
    } else if (opcode == OP_SELECT) {
        pop(w);
        pop(w);
    } else if (opcode == OP_UNREACHABLE) {
        flush_segment(w);
        go_dead(w);
    }
    return true;
}

/* One operator; false when the body has ended or is refused. */
static bool
step(struct walk *w)
{
    uint8_t opcode = reader_u8(&w->in);
    switch (opcode) {
    case OP_BLOCK:
    case OP_LOOP:
    case OP_IF: return begin_block(w, opcode);
    case OP_ELSE: return begin_else(w);
    case OP_END: return end_block(w);
    case OP_BR:
    case OP_BR_IF:
    case OP_BR_TABLE: return branch(w, opcode);
    case OP_RETURN: return leave_function(w);
    case OP_CALL:
    case OP_CALL_INDIRECT: return call(w, opcode);
    case OP_UNREACHABLE:
    case OP_NOP:
    case OP_DROP:
    case OP_SELECT: return stack_operator(w, opcode);
    case OP_LOCAL_GET:
    case OP_LOCAL_SET:
    case OP_LOCAL_TEE:
    case OP_GLOBAL_GET:
    case OP_GLOBAL_SET: return variable(w, opcode);
    case OP_MEMORY_SIZE:
    case OP_MEMORY_GROW: return memory_operator(w, opcode);
    case OP_I32_CONST:
    case OP_I64_CONST:
    case OP_F32_CONST:
    case OP_F64_CONST: return constant(w, opcode);
    }
    return plain(w, opcode);
}

static bool
walk_operators(struct walk *w, struct str code, uint8_t result)
{
    w->in = (struct reader){.rest = code};
    w->depth = w->next_id = 0;
    w->height = w->bytes = 0;
    w->cost = 0;
    w->is_live = true;
    if (!open_frame(w, OP_BLOCK, result))
        return false;
    while (step(w) && !w->file->failed && !w->in.failed)
        continue;
    if (w->in.failed || (!w->file->failed && (w->depth != 0 || w->in.rest.n)))
        file_fail(w->file, PREPARE_DESERIALIZATION, "a function body has no proper end");
    return !w->file->failed;
}

/* Declared locals; their bytes are copied as they stand. */
static bool
read_locals(struct walk *w, const struct func_type *type, struct reader *body, uint64_t *bytes)
{
    struct wasm_file *f = w->file;
    uint32_t groups = reader_u32(body), used = type->param_count;
    uint64_t total = type->param_count;
    struct reader again = *body;
    for (uint32_t i = 0; i < groups && !body->failed; i++) {
        uint32_t count = reader_u32(body);
        if (!value_size(reader_u8(body)))
            return file_fail(f, PREPARE_DESERIALIZATION, "a local of an unknown type");
        total += count;
        f->local_count += count;
        if (f->local_count > METER_MAX_LOCALS)
            return file_fail(f, PREPARE_TOO_MANY_LOCALS, "more than %d locals",
                             METER_MAX_LOCALS);
    }
    if (total > METER_MAX_FUNCTION_LOCALS)
        return file_fail(f, PREPARE_DESERIALIZATION, "a function of more than %d locals",
                         METER_MAX_FUNCTION_LOCALS);
    if (body->failed)
        return file_fail(f, PREPARE_DESERIALIZATION, "a function body is cut off");
    w->locals = xmalloc(total);
    w->local_count = (uint32_t)total;
    for (uint32_t i = 0; i < type->param_count; i++)
        *bytes += w->locals[i] = value_size(type->params[i]);
    for (uint32_t i = 0; i < groups; i++) {
        uint32_t count = reader_u32(&again);
        uint8_t size = value_size(reader_u8(&again));
        memset(w->locals + used, size, count);
        used += count;
        *bytes += (uint64_t)count * size;
    }
    return true;
}

static void
write_body(struct walk *w, struct str locals, struct str code, const struct func_type *type,
           uint64_t frame_bytes)
{
    uint64_t stack_bytes = frame_bytes + w->max_bytes;
    buf_add_str(w->out, locals);
    buf_add_byte(w->out, OP_I64_CONST);
    put_s64(w->out, (int64_t)stack_bytes);
    buf_add_byte(w->out, OP_I64_CONST);
    put_s64(w->out, (int64_t)((frame_bytes + 7) / 8 * METER_OP_GAS));
    put_hook(w, HOOK_ENTER);
    buf_add_byte(w->out, OP_BLOCK);
    buf_add_byte(w->out, type->result ? (char)type->result : BLOCK_TYPE_EMPTY);
    w->writes = true;
    walk_operators(w, code, type->result ? value_size(type->result) : 0);
    buf_add_byte(w->out, OP_I64_CONST);
    put_s64(w->out, (int64_t)stack_bytes);
    put_hook(w, HOOK_LEAVE);
    buf_add_byte(w->out, OP_END);
}

bool
meter_body(struct wasm_file *f, const struct func_type *type, struct str body, struct buf *out)
{
    struct buf written;
    buf_init(&written, METER_MAX_OUTPUT);
    struct walk w = {.file = f, .out = &written};
    buf_init(&w.pending, METER_MAX_OUTPUT);
    w.frames = xmalloc((METER_MAX_NESTING + 2) * sizeof(*w.frames));
    struct reader in = {.rest = body};
    uint64_t frame_bytes = FRAME_BASE_BYTES;
    if (read_locals(&w, type, &in, &frame_bytes)) {
        struct str locals = str_slice(body, 0, body.n - in.rest.n);
        if (walk_operators(&w, in.rest, type->result ? value_size(type->result) : 0))
            write_body(&w, locals, in.rest, type, frame_bytes);
    }
    put_u32(out, (uint32_t)written.n);
    buf_add_str(out, buf_str(&written));
    if (written.overflowed || w.pending.overflowed || out->overflowed)
        file_fail(f, PREPARE_COMPILER, "the metered code is larger than %d bytes",
                  METER_MAX_OUTPUT);
    buf_release(&written);
    buf_release(&w.pending);
    xfree(w.frames);
    xfree(w.targeted);
    xfree(w.locals);
    xfree(w.stack);
    return !f->failed;
}
