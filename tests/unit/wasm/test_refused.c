/* What the node refuses is refused, under the name that it has there; what it takes is taken.
 * Row by row of the protocol's table of accepted modules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "contract/wasm/native.h"
#include "tests/support/wat.h"

#define BODY(code) "(module (memory 1) (table 1 funcref) (func (export \"main\") " code "))"

static const struct {
    const char *what, *wat;
    enum prepare_error refused;
} rows[] = {
    /* Taken. */
    {"mutable globals", "(module (global (export \"g\") (mut i32) (i32.const 1)))", PREPARE_OK},
    {"sign extension", BODY("(drop (i64.extend32_s (i64.const 1)))"), PREPARE_OK},
    {"saturating conversion", BODY("(drop (i32.trunc_sat_f64_u (f64.const 1)))"), PREPARE_OK},
    {"a memory of its own", "(module (memory 1 1))", PREPARE_OK},
    {"a memory that is too large for the chain", "(module (memory 65536))", PREPARE_OK},
    {"no memory", "(module (func (export \"main\")))", PREPARE_OK},
    {"nothing at all", "(module)", PREPARE_OK},
    {"a start function", "(module (func $s) (start $s))", PREPARE_OK},
    {"exports of everything", "(module (memory (export \"m\") 1) (table (export \"t\") 1 funcref)"
                              "(global (export \"g\") i32 (i32.const 1)) (func (export \"\")))",
     PREPARE_OK},
    {"an import that does not exist", "(module (import \"env\" \"frobnicate\" (func)))", PREPARE_OK},
    /* Features that the protocol has not. */
    {"bulk memory", BODY("(memory.fill (i32.const 0) (i32.const 0) (i32.const 1))"),
     PREPARE_DESERIALIZATION},
    {"table operators", BODY("(drop (table.size 0))"), PREPARE_DESERIALIZATION},
    {"a passive data segment", "(module (memory 1) (data \"x\"))", PREPARE_DESERIALIZATION},
    {"a passive element segment", "(module (table 1 funcref) (elem func 0) (func))",
     PREPARE_DESERIALIZATION},
    {"references", "(module (func (param externref)))", PREPARE_DESERIALIZATION},
    {"a table of references", "(module (table 1 externref))", PREPARE_DESERIALIZATION},
    {"select with a type", BODY("(drop (select (result i32) (i32.const 1) (i32.const 2) (i32.const 0)))"),
     PREPARE_DESERIALIZATION},
    {"two tables", "(module (table 1 funcref) (table 1 funcref))", PREPARE_DESERIALIZATION},
    {"two results", "(module (func (result i32 i32) (i32.const 1) (i32.const 2)))",
     PREPARE_DESERIALIZATION},
    {"a block that takes values", BODY("(i32.const 1) (block (param i32) (drop))"),
     PREPARE_DESERIALIZATION},
    {"simd", BODY("(drop (v128.const i32x4 0 0 0 0))"), PREPARE_DESERIALIZATION},
    {"a vector as a local", BODY("(local v128)"), PREPARE_DESERIALIZATION},
    {"threads", BODY("(drop (i32.atomic.load (i32.const 0)))"), PREPARE_DESERIALIZATION},
    {"a shared memory", "(module (memory 1 2 shared))", PREPARE_DESERIALIZATION},
    {"tail calls", "(module (func $f (return_call $f)))", PREPARE_DESERIALIZATION},
    {"two memories", "(module (memory 1) (memory 1))", PREPARE_DESERIALIZATION},
    {"a memory of 64 bits", "(module (memory i64 1))", PREPARE_DESERIALIZATION},
    {"exceptions", "(module (tag) (func (throw 0)))", PREPARE_DESERIALIZATION},
    {"constant expressions with sums", "(module (global i32 (i32.add (i32.const 1) (i32.const 2))))",
     PREPARE_DESERIALIZATION},
    /* Imports. */
    {"a function from elsewhere", "(module (import \"wasi\" \"exit\" (func)))", PREPARE_INSTANTIATE},
    {"a table", "(module (import \"env\" \"t\" (table 1 funcref)))", PREPARE_INSTANTIATE},
    {"a global", "(module (import \"env\" \"g\" (global i32)))", PREPARE_INSTANTIATE},
    {"a memory", "(module (import \"env\" \"memory\" (memory 1 2048)))", PREPARE_MEMORY},
    {"a memory that cannot be", "(module (import \"env\" \"memory\" (memory 17 1)))",
     PREPARE_DESERIALIZATION},
    {"a memory from elsewhere", "(module (import \"wasi\" \"memory\" (memory 1)))",
     PREPARE_INSTANTIATE},
    {"the first of two wrong ones", "(module (import \"env\" \"memory\" (memory 1))"
                                    "(import \"wasi\" \"exit\" (func)))", PREPARE_MEMORY},
    /* Not valid. */
    {"two exports of one name", "(module (func (export \"a\")) (func (export \"a\")))",
     PREPARE_DESERIALIZATION},
    {"an export of nothing", "(module (export \"a\" (func 3)))", PREPARE_DESERIALIZATION},
    {"a start that takes something", "(module (func $s (param i32)) (start $s))",
     PREPARE_DESERIALIZATION},
    {"a value of the wrong type", BODY("(drop (i32.add (i32.const 1) (i64.const 1)))"),
     PREPARE_DESERIALIZATION},
    {"an operand that is missing", BODY("(i32.add)"), PREPARE_DESERIALIZATION},
    {"a value that is left", BODY("(i32.const 1)"), PREPARE_DESERIALIZATION},
    {"a call of nothing", BODY("(call 9)"), PREPARE_DESERIALIZATION},
    {"a global that cannot be set", "(module (global i32 (i32.const 1)) (func (global.set 0 (i32.const 2))))",
     PREPARE_DESERIALIZATION},
    {"a global from a global", "(module (global i32 (i32.const 1)) (global i32 (global.get 0)))",
     PREPARE_DESERIALIZATION},
    {"an alignment beyond nature", BODY("(drop (i32.load align=8 (i32.const 0)))"),
     PREPARE_DESERIALIZATION},
    {"elements without a table", "(module (func $f) (elem (i32.const 0) $f))",
     PREPARE_DESERIALIZATION},
    {"data without a memory", "(module (data (i32.const 0) \"x\"))", PREPARE_DESERIALIZATION},
};

static enum prepare_error
refusal_of(struct str wasm, struct diag *d)
{
    struct hash hash = hash_of_bytes(wasm);
    enum prepare_error refused = PREPARE_OK;
    const struct module *m = module_of_code(wasm, &hash, &refused, d);
    assert_int_equal(m == NULL, refused != PREPARE_OK);
    assert_true(m || d->text[0]);
    return refused;
}

static void
module_of_code__takes_and_refuses__as_the_node_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf wasm;
        struct diag d = {0};
        buf_init(&wasm, MODULE_MAX_BYTES);
        wat_compile_any(rows[i].wat, &wasm);
        enum prepare_error refused = refusal_of(buf_str(&wasm), &d);
        if (refused != rows[i].refused)
            fail_msg("%s: %s instead of %s (%s)", rows[i].what, prepare_error_name(refused),
                     prepare_error_name(rows[i].refused), diag_text(&d));
        buf_release(&wasm);
    }
}

static void
module_of_code__refuses__what_is_no_file_of_wasm(void **state)
{
    static const struct str files[] = {
        {"", 0}, {"\0asm", 4}, {"\0asm\2\0\0\0", 8}, {"\0ASM\1\0\0\0", 8},
        {"\0asm\1\0\0\0\1", 9},                         /* a section without a size */
        {"\0asm\1\0\0\0\1\4\1\x60", 12},                /* and one that is cut off */
        {"\0asm\1\0\0\0\x0E\0", 10},                    /* one that does not exist */
        {"\0asm\1\0\0\0\3\1\0\1\1\0", 14},              /* two in the wrong order */
        {"\0asm\1\0\0\0\1\1\0\1\1\0", 14},              /* one twice */
        {"\0asm\1\0\0\0\0\0", 10},                      /* a custom one without a name */
        {"\0asm\1\0\0\0\1\2\0\0", 12},                  /* a byte too many */
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        struct diag d = {0};
        if (refusal_of(files[i], &d) != PREPARE_DESERIALIZATION)
            fail_msg("file %zu", i);
    }
}

static int
tear_down(void **state)
{
    (void)state;
    module_forget_all();
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(module_of_code__takes_and_refuses__as_the_node_does),
        cmocka_unit_test(module_of_code__refuses__what_is_no_file_of_wasm),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
