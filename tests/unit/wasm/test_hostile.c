/* Files that are made to do harm: an answer, in time, and everything as it was before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "contract/wasm/native.h"
#include "contract/wasm/runtime.h"
#include "net/base/xalloc.h"
#include "tests/support/wasm_made.h"
#include "tests/support/wat.h"

enum { MOST = MODULE_MAX_BYTES, STACK = METER_STACK_BYTES };

static char folder[] = "/tmp/neartop-hostile-XXXXXX";

static void
assert_nothing_left(void)
{
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        assert_true(e->d_name[0] == '.');
    closedir(d);
}

static const struct module *
module_of(const struct buf *wasm, enum prepare_error *refused, struct diag *d)
{
    struct hash hash = hash_of_bytes(buf_str(wasm));
    return module_of_code(buf_str(wasm), &hash, refused, d);
}

/* --- running a method --------------------------------------------------------------------- */

struct run {
    const struct module *module;
    struct Z_env_instance_t env;
    size_t method;
};

static void
guest(void *argument)
{
    struct run *r = argument;
    r->module->native->instantiate(r->module->instance, &r->env);
    r->module->native->methods[r->method](r->module->instance);
}

static enum runtime_end
run_method(const struct module *m, size_t method, int64_t gas)
{
    struct run r = {m, {.gas_left = gas, .stack_left = STACK}, method};
    enum runtime_end end = runtime_run(guest, &r);
    m->native->release(m->instance);
    runtime_clear_memory();
    return end;
}

static const struct module *
module_wat(const char *text)
{
    struct buf wasm;
    struct diag d = {0};
    enum prepare_error refused;
    buf_init(&wasm, MOST);
    wat_compile(text, &wasm);
    const struct module *m = module_of(&wasm, &refused, &d);
    if (!m)
        fail_msg("%s", diag_text(&d));
    buf_release(&wasm);
    return m;
}

/* --- memory ------------------------------------------------------------------------------- */

#define FAR_LOAD(op, offset, at) "(drop (" op " offset=" offset " (i32.const " at ")))"
#define FAR_STORE(op, offset, at, value) "(" op " offset=" offset " (i32.const " at ") " value ")"

/* 64 MiB are there: 67 108 864 bytes. Sums of base and offset go beyond 2^32. */
static const char *const outside[] = {
    FAR_LOAD("i32.load8_u", "0", "67108864"),
    FAR_LOAD("i32.load", "0", "67108861"),
    FAR_LOAD("i64.load", "0", "67108857"),
    FAR_LOAD("f64.load", "67108857", "0"),
    FAR_LOAD("i32.load8_u", "67108864", "0"),
    FAR_LOAD("i32.load8_s", "1", "67108863"),
    FAR_LOAD("i32.load", "4294967295", "0"),
    FAR_LOAD("i32.load", "4294967295", "1"),
    FAR_LOAD("i64.load", "4294967295", "-1"),
    FAR_LOAD("i32.load16_u", "0", "-1"),
    FAR_LOAD("i32.load", "0", "-2147483648"),
    FAR_STORE("i32.store8", "0", "67108864", "(i32.const 1)"),
    FAR_STORE("i64.store", "4294967288", "8", "(i64.const 1)"),
    FAR_STORE("i64.store", "4294967295", "-1", "(i64.const 1)"),
    FAR_STORE("f32.store", "0", "67108861", "(f32.const 1)"),
    FAR_STORE("i64.store32", "67108860", "1", "(i64.const 1)"),
    /* After the last page that can be had. */
    "(drop (memory.grow (i32.const 1024)))" FAR_LOAD("i32.load8_u", "0", "134217728"),
    "(drop (memory.grow (i32.const 1025)))" FAR_LOAD("i32.load8_u", "0", "67108864"),
    "(drop (memory.grow (i32.const -1)))" FAR_LOAD("i32.load8_u", "0", "67108864"),
};

static const char *const inside[] = {
    FAR_LOAD("i32.load8_u", "0", "67108863"),
    FAR_LOAD("i64.load", "67108856", "0"),
    FAR_STORE("i32.store", "67108859", "1", "(i32.const 1)"),
    "(drop (memory.grow (i32.const 1024)))" FAR_STORE("i64.store", "0", "134217720", "(i64.const 1)"),
    "(drop (memory.grow (i32.const 0)))" FAR_STORE("i64.store", "8", "67108848", "(i64.const 1)"),
};

static void
check_accesses(const char *const *bodies, size_t count, enum runtime_end expected)
{
    struct buf text;
    buf_init(&text, 1 << 16);
    buf_add_c(&text, "(module (memory 1)");
    for (size_t i = 0; i < count; i++)
        buf_addf(&text, "(func (export \"m%zu\") %s)", i, bodies[i]);
    buf_add_c(&text, ")");
    const struct module *m = module_wat(buf_c(&text));
    for (size_t i = 0; i < count; i++) {
        if (run_method(m, i, INT64_MAX) != expected)
            fail_msg("%s", bodies[i]);
    }
    buf_release(&text);
}

static void
contract__cannot_reach_outside_its_memory(void **state)
{
    (void)state;
    check_accesses(outside, ARRAY_LEN(outside), END_MEMORY);
    check_accesses(inside, ARRAY_LEN(inside), END_RETURNED);
}

/* Segments are written before anything is charged. */
static void
segments__cannot_reach_outside(void **state)
{
    static const char *const rows[] = {
        "(module (memory 1) (data (i32.const -1) \"ab\") (func (export \"m\")))",
        "(module (memory 1) (data (i32.const 67108864) \"a\") (func (export \"m\")))",
        "(module (memory 1) (data (i32.const 67108863) \"ab\") (func (export \"m\")))",
        "(module (table 4 funcref) (elem (i32.const -1) $f $f) (func $f (export \"m\")))",
        "(module (table 4 funcref) (elem (i32.const 3) $f $f) (func $f (export \"m\")))",
        "(module (table 0 funcref) (elem (i32.const 0) $f) (func $f (export \"m\")))",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct module *m = module_wat(rows[i]);
        for (int round = 0; round < 2; round++) {
            if (run_method(m, 0, INT64_MAX) != END_MEMORY)
                fail_msg("%s", rows[i]);
        }
    }
    const struct module *m = module_wat(
        "(module (memory 1) (data (i32.const 67108862) \"ab\") (data (i32.const 67108864) \"\")"
        "(table 2 funcref) (elem (i32.const 2)) (func (export \"m\")))");
    assert_int_equal(run_method(m, 0, INT64_MAX), END_RETURNED);
}

static void
calls__through_the_table__are_checked(void **state)
{
    static const struct {
        const char *index;
        enum runtime_end end;
    } rows[] = {{"0", END_RETURNED}, {"1", END_SIGNATURE}, {"2", END_NULL_CALL},
                {"3", END_NULL_CALL}, {"4", END_MEMORY}, {"-1", END_MEMORY},
                {"2147483647", END_MEMORY}, {"-2147483648", END_MEMORY}};
    struct buf text;
    (void)state;
    buf_init(&text, 1 << 16);
    buf_add_c(&text, "(module (type $v (func)) (table 4 funcref) (elem (i32.const 0) $f $g)"
                     "(func $f) (func $g (param i64))");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        buf_addf(&text, "(func (export \"m%zu\") (call_indirect (type $v) (i32.const %s)))", i,
                 rows[i].index);
    buf_add_c(&text, ")");
    const struct module *m = module_wat(buf_c(&text));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (run_method(m, i, INT64_MAX) != rows[i].end)
            fail_msg("index %s", rows[i].index);
    }
    buf_release(&text);
}

/* --- stack and time ----------------------------------------------------------------------- */

#define TREE_OF_CALLS                                                                        \
    "(func $f (export \"m\") (drop (call $g (i32.const 1)))) (func $g (param i32) (result f64)" \
    " (f64.add (call $g (local.get 0)) (f64.mul (call $g (i32.const 2)) (call $g (i32.const 3)))))"

/* However the frames are made, the count of bytes ends a recursion before the native stack. */
static void
recursion__ends_by_the_count__never_by_the_native_stack(void **state)
{
    static const char *const bodies[] = {
        "(func $f (export \"m\") (call $f))",
        "(func $f (export \"m\") (local i64 i64 i64 i64 i64 i64 i64 i64) (call $f))",
        "(table 1 funcref) (elem (i32.const 0) $f) (func $f (export \"m\") (call_indirect (i32.const 0)))",
        "(func $m (export \"m\") (call $f (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)"
        " (i64.const 5) (i64.const 6) (i64.const 7) (f64.const 8)))"
        "(func $f (param i64 i64 i64 i64 i64 i64 i64 f64) (call $m) (call $m))",
        TREE_OF_CALLS,
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        struct buf text;
        buf_init(&text, 1 << 16);
        buf_addf(&text, "(module %s)", bodies[i]);
        const struct module *m = module_wat(buf_c(&text));
        for (int round = 0; round < 3; round++)
            assert_int_equal(run_method(m, 0, INT64_MAX), END_STACK);
        buf_release(&text);
    }
}

static void
loop__without_end__ends(void **state)
{
    static const char *const bodies[] = {
        "(loop (br 0))",
        "(loop (br_if 0 (i32.const 1)))",
        "(loop (br_table 0 0 (i32.const 1)))",
        "(loop (drop (memory.grow (i32.const 0))) (br 0))",
        "(loop (if (i32.const 1) (then (br 1))))",
        "(block (loop (block (br 1)))) ",
        "(loop (call $n) (br 0))",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        struct buf text;
        buf_init(&text, 1 << 16);
        buf_addf(&text, "(module (memory 1) (func $n) (func (export \"m\") %s))", bodies[i]);
        const struct module *m = module_wat(buf_c(&text));
        if (run_method(m, 0, INT64_C(100000000000)) != END_GAS)
            fail_msg("%s", bodies[i]);
        buf_release(&text);
    }
}

/* --- preparing ---------------------------------------------------------------------------- */

/* More types than once ended the whole program, from contract to contract; distinct to the end. */
static void
types__may_be_many__from_contract_to_contract(void **state)
{
    enum { TYPES = METER_MAX_TYPES - 1, DIGITS = 8 };
    (void)state;
    for (uint32_t salt = 0; salt < 2; salt++) {
        struct buf wasm, types;
        struct diag d = {0};
        enum prepare_error refused;
        buf_init(&wasm, MOST);
        buf_init(&types, MOST);
        wasm_u32(&types, TYPES + 1);
        buf_add(&types, "\x60\0\0", 3);
        for (uint32_t i = salt * TYPES; i < (salt + 1) * TYPES; i++) {
            buf_add(&types, "\x60\x08", 2);
            for (int digit = 0; digit < DIGITS; digit++)
                buf_add_byte(&types, (char)(0x7F - (i >> (2 * digit) & 3)));
            buf_add_byte(&types, 0);
        }
        buf_add(&wasm, "\0asm\1\0\0\0", 8);
        wasm_section(&wasm, 1, &types);
        buf_add(&wasm, "\3\2\1\0\7\5\1\1m\0\0\x0A\4\1\2\0\x0B", 17);
        const struct module *m = module_of(&wasm, &refused, &d);
        if (!m)
            fail_msg("%s", diag_text(&d));
        assert_int_equal(run_method(m, 0, INT64_MAX), END_RETURNED);
        buf_release(&types);
        buf_release(&wasm);
    }
}

/* Three million table entries: far more bytes than any contract has. */
static void
output__beyond_measure__is_refused_as_too_much_for_the_compiler(void **state)
{
    enum { SEGMENTS = 36, ENTRIES = METER_MAX_TABLE };
    struct buf wasm, section;
    struct diag d = {0};
    enum prepare_error refused = PREPARE_OK;
    (void)state;
    buf_init(&wasm, MOST);
    buf_init(&section, MOST);
    buf_add(&wasm, "\0asm\1\0\0\0\1\4\1\x60\0\0\3\2\1\0", 18);
    buf_add(&section, "\1\x70\0", 3);
    wasm_u32(&section, ENTRIES);
    wasm_section(&wasm, 4, &section);
    buf_clear(&section);
    wasm_u32(&section, SEGMENTS);
    for (int i = 0; i < SEGMENTS; i++) {
        buf_add(&section, "\0\x41\0\x0B", 4);
        wasm_u32(&section, ENTRIES);
        buf_add_repeat(&section, 0, ENTRIES);
    }
    wasm_section(&wasm, 9, &section);
    buf_add(&wasm, "\x0A\4\1\2\0\x0B", 6);
    assert_null(module_of(&wasm, &refused, &d));
    assert_int_equal(refused, PREPARE_COMPILER);
    assert_non_null(strstr(diag_text(&d), "MB"));
    assert_nothing_left();
    buf_release(&section);
    buf_release(&wasm);
}

/* So many files that the first is not kept: it is compiled again, and works. */
static void
modules__go__when_they_are_too_many(void **state)
{
    const char *text = "(module (func (export \"m\") (drop (i32.const 4711))))";
    struct buf wasm;
    struct diag d = {0};
    enum prepare_error refused;
    (void)state;
    buf_init(&wasm, MOST);
    wat_compile(text, &wasm);
    struct hash hash = hash_of_bytes(buf_str(&wasm));
    assert_non_null(module_of(&wasm, &refused, &d));
    for (int i = 0; i < MODULE_MAX_LOADED + 10; i++) {
        char nonsense[32];
        struct buf b = {.p = nonsense};
        b.n = (size_t)snprintf(nonsense, sizeof(nonsense), "nonsense %d", i);
        assert_null(module_of(&b, &refused, &d));
        assert_int_equal(refused, PREPARE_DESERIALIZATION);
    }
    assert_false(module_is_ready(&hash));
    const struct module *m = module_of(&wasm, &refused, &d);
    assert_non_null(m);
    assert_int_equal(run_method(m, 0, INT64_MAX), END_RETURNED);
    assert_nothing_left();
    buf_release(&wasm);
}

/* Whatever a name says, it comes to nobody's eyes but those that look for a method. */
static void
names__reach_no_tool(void **state)
{
    static const char *const names[] = {
        "*/ #include \\\"/etc/passwd\\\" /*", "\\\\\\n#error\\n", "?\\3f/\\n", "a\\\"b", "%s%n",
        "m0", "memory", "start", "Z_cZ_m0", "$(touch pwned)", "`touch pwned`",
        "*/ int x __attribute__((constructor)); /*",
    };
    struct buf text;
    (void)state;
    buf_init(&text, 1 << 16);
    buf_add_c(&text, "(module (memory (export \"*/ memory /*\") 1) (global (export \"*/ global"
                     " /*\") i32 (i32.const 1)) (func $s) (start $s)");
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        buf_addf(&text, "(func (export \"%s\"))", names[i]);
    buf_add_c(&text, ")");
    const struct module *m = module_wat(buf_c(&text));
    assert_int_equal(m->method_count, ARRAY_LEN(names));
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        assert_int_equal(run_method(m, i, INT64_MAX), END_RETURNED);
    assert_nothing_left();
    buf_release(&text);
}

static int
set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? setenv("TMPDIR", folder, 1) : 1;
}

static int
tear_down(void **state)
{
    (void)state;
    module_forget_all();
    return rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contract__cannot_reach_outside_its_memory),
        cmocka_unit_test(segments__cannot_reach_outside),
        cmocka_unit_test(calls__through_the_table__are_checked),
        cmocka_unit_test(recursion__ends_by_the_count__never_by_the_native_stack),
        cmocka_unit_test(loop__without_end__ends),
        cmocka_unit_test(types__may_be_many__from_contract_to_contract),
        cmocka_unit_test(output__beyond_measure__is_refused_as_too_much_for_the_compiler),
        cmocka_unit_test(modules__go__when_they_are_too_many),
        cmocka_unit_test(names__reach_no_tool),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
