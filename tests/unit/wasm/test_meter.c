/* The metering pass on files that nobody's compiler would make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "contract/wasm/meter.h"
#include "tests/support/wat.h"

enum { MAX_TEXT = 1 << 20 };

static enum prepare_error
meter(struct str wasm, struct arena *arena, struct metered *m, struct diag *d)
{
    arena_init(arena);
    return meter_run(wasm, arena, m, d);
}

static void
release(struct arena *arena, struct metered *m)
{
    buf_release(&m->wasm);
    arena_release(arena);
}

static enum prepare_error
meter_wat(const char *text, struct diag *d)
{
    struct buf wasm;
    struct arena arena;
    struct metered m;
    buf_init(&wasm, MODULE_MAX_BYTES);
    wat_compile(text, &wasm);
    enum prepare_error e = meter(buf_str(&wasm), &arena, &m, d);
    release(&arena, &m);
    buf_release(&wasm);
    return e;
}

static void
meter_run__refuses__what_the_node_refuses(void **state)
{
    static const struct {
        const char *wat;
        enum prepare_error error;
    } rows[] = {
        {"(module (import \"env\" \"memory\" (memory 1)))", PREPARE_MEMORY},
        {"(module (import \"env\" \"t\" (table 1 funcref)))", PREPARE_INSTANTIATE},
        {"(module (import \"env\" \"g\" (global i32)))", PREPARE_INSTANTIATE},
        {"(module (import \"wasi\" \"exit\" (func)))", PREPARE_INSTANTIATE},
        {"(module (func (local i32)))", PREPARE_OK},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct diag d = {0};
        if (meter_wat(rows[i].wat, &d) != rows[i].error)
            fail_msg("%s: %s", rows[i].wat, diag_text(&d));
        assert_true(rows[i].error == PREPARE_OK || d.text[0]);
    }
}

/* "head body… tail" with the body `count` times. */
static enum prepare_error
meter_repeated(const char *head, const char *body, int count, const char *tail, struct diag *d)
{
    struct buf text;
    buf_init(&text, MAX_TEXT * 8);
    buf_add_c(&text, head);
    for (int i = 0; i < count; i++)
        buf_add_c(&text, body);
    buf_add_c(&text, tail);
    enum prepare_error e = meter_wat(buf_c(&text), d);
    buf_release(&text);
    return e;
}

static void
meter_run__has_limits(void **state)
{
    static const struct {
        const char *head, *body, *tail;
        int most;
        enum prepare_error error;
    } rows[] = {
        {"(module ", "(global i32 (i32.const 0))", ")", METER_MAX_GLOBALS, PREPARE_COMPILER},
        {"(module ", "(type (func))", ")", METER_MAX_TYPES, PREPARE_COMPILER},
        {"(module (func (param ", "i32 ", ")))", METER_MAX_PARAMETERS, PREPARE_COMPILER},
        {"(module (memory 1)", "(data (i32.const 0) \"a\")", ")", METER_MAX_DATA_SEGMENTS,
         PREPARE_DESERIALIZATION},
        {"(module (table 1 funcref)", "(elem (i32.const 0))", ")", METER_MAX_ELEMENT_SEGMENTS,
         PREPARE_COMPILER},
        {"(module ", "(func)", ")", METER_MAX_FUNCTIONS, PREPARE_TOO_MANY_FUNCTIONS},
        {"(module (import \"env\" \"panic\" (func))", "(func)", ")", METER_MAX_FUNCTIONS - 1,
         PREPARE_TOO_MANY_FUNCTIONS},
        {"(module (func (param i32) (local ", "i64 ", ")))", METER_MAX_FUNCTION_LOCALS - 1,
         PREPARE_DESERIALIZATION},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct diag d = {0};
        if (meter_repeated(rows[i].head, rows[i].body, rows[i].most, rows[i].tail, &d) !=
            PREPARE_OK)
            fail_msg("%d %s: %s", rows[i].most, rows[i].body, diag_text(&d));
        if (meter_repeated(rows[i].head, rows[i].body, rows[i].most + 1, rows[i].tail, &d) !=
            rows[i].error)
            fail_msg("%d %s: %s", rows[i].most + 1, rows[i].body, diag_text(&d));
    }
    struct diag d = {0};
    assert_int_equal(meter_wat("(module (table 100000 funcref))", &d), PREPARE_OK);
    assert_int_equal(meter_wat("(module (table 100001 funcref))", &d), PREPARE_COMPILER);
    assert_non_null(strstr(diag_text(&d), "100000"));
}

static void
put_leb(struct buf *b, uint32_t value)
{
    for (; value >= 0x80; value >>= 7)
        buf_add_byte(b, (char)(value | 0x80));
    buf_add_byte(b, (char)value);
}

/* A file with one function of no arguments, whose body is given. */
static void
one_function(struct str body, struct buf *out)
{
    buf_add(out, "\0asm\1\0\0\0" "\1\4\1\x60\0\0" "\3\2\1\0", 18);
    struct buf code;
    buf_init(&code, MAX_TEXT);
    buf_add_byte(&code, 1);
    put_leb(&code, (uint32_t)body.n);
    buf_add_str(&code, body);
    buf_add_byte(out, 10);
    put_leb(out, (uint32_t)code.n);
    buf_add_str(out, buf_str(&code));
    buf_release(&code);
}

static enum prepare_error
meter_body_bytes(struct str body, struct diag *d)
{
    struct buf wasm;
    struct arena arena;
    struct metered m;
    buf_init(&wasm, MAX_TEXT);
    one_function(body, &wasm);
    enum prepare_error e = meter(buf_str(&wasm), &arena, &m, d);
    release(&arena, &m);
    buf_release(&wasm);
    return e;
}

static void
meter_run__refuses__blocks_nested_too_deep(void **state)
{
    (void)state;
    for (int more = 0; more <= 1; more++) {
        struct buf body;
        struct diag d = {0};
        buf_init(&body, MAX_TEXT);
        buf_add_byte(&body, 0);
        for (int i = 0; i < METER_MAX_NESTING + more; i++)
            buf_add(&body, "\x02\x40", 2);
        buf_add_repeat(&body, 0x0B, METER_MAX_NESTING + (size_t)more + 1);
        assert_int_equal(meter_body_bytes(buf_str(&body), &d),
                         more ? PREPARE_COMPILER : PREPARE_OK);
        buf_release(&body);
    }
}

static void
meter_run__refuses__bodies_that_are_none(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
    } bodies[] = {
        {"", 0},                        /* not even locals */
        {"\0", 1},                      /* no end */
        {"\0\x0B\x0B", 3},              /* two */
        {"\0\x01", 2},                  /* ends after a nop */
        {"\0\x1A\x0B", 3},              /* drop of nothing */
        {"\0\x05\x0B", 3},              /* else of nothing */
        {"\0\x0C\x05\x0B", 4},          /* br 5 */
        {"\0\x10\x09\x0B", 4},          /* call 9 */
        {"\0\x20\x00\x0B", 4},          /* local.get 0 */
        {"\0\x23\x00\x0B", 4},          /* global.get 0 */
        {"\0\x11\x00\x01\x0B", 5},      /* call_indirect in table 1 */
        {"\0\x02\x07\x0B\x0B", 5},      /* a block of type 7 */
        {"\0\xFD\x00\x0B", 4},          /* simd */
        {"\0\xFC\x0A\x00\x00\x0B", 6},  /* memory.copy */
        {"\0\x06\x0B", 3},              /* unknown */
        {"\0\x41\x80\x80\x80\x80\x80\x80\x0B", 9},          /* i32.const without end */
        {"\0\x0E\xFF\xFF\xFF\xFF\x0F\x00\x0B", 9},          /* a branch table of 2^32 */
        {"\1\xFF\xFF\xFF\xFF\x0F\x7F\x0B", 8},              /* 2^32 locals */
        {"\1\x01\x40\x0B", 4},          /* a local of no type */
    };
    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct diag d = {0};
        if (meter_body_bytes(str_of(bodies[i].bytes, bodies[i].n), &d) == PREPARE_OK)
            fail_msg("body %zu is taken", i);
        assert_true(d.text[0] != '\0');
    }
    /* 1 000 001 locals in one function: the sum over all bodies is looked at first. */
    struct diag d = {0};
    assert_int_equal(meter_body_bytes(str_of("\1\xC1\x84\x3D\x7F\x0B", 6), &d),
                     PREPARE_TOO_MANY_LOCALS);
    assert_int_equal(meter_body_bytes(str_of("\1\xD1\x86\x03\x7F\x0B", 6), &d),
                     PREPARE_DESERIALIZATION);
}

/* Nothing that the author named is in the new file. */
static void
meter_run__takes_names_out(void **state)
{
    (void)state;
    struct buf wasm;
    struct arena arena;
    struct metered m;
    struct diag d = {0};
    buf_init(&wasm, MODULE_MAX_BYTES);
    wat_compile("(module (func (export \"a*/ int pwned(void){return 1;} /*\"))"
                "(func $s) (start $s) (memory (export \"pwned too\") 1)"
                "(func (export \"twice\") (param i32)))", &wasm);
    /* And a custom section at the end. */
    buf_add(&wasm, "\0\x0d\x08my pwned\1\2\3\4", 15);
    assert_int_equal(meter(buf_str(&wasm), &arena, &m, &d), PREPARE_OK);
    assert_true(str_find(buf_str(&m.wasm), STR("pwned")) < 0);
    assert_true(str_find(buf_str(&m.wasm), STR("twice")) < 0);
    assert_int_equal(m.method_count, 2);
    assert_true(str_equal_c(m.methods[1].name, "twice"));
    assert_true(m.methods[1].has_bad_signature);
    assert_false(m.methods[0].has_bad_signature);
    assert_true(m.has_start);
    release(&arena, &m);
    buf_release(&wasm);
}

/* Whatever a byte is changed to, or wherever the file is cut: an answer, and no more. */
static void
meter_run__survives__every_cut_and_many_changes(void **state)
{
    static const char *const paths[] = {"tests/data/wasm/leaf.wasm",
                                        "tests/data/wasm/segments.wasm"};
    (void)state;
    uint32_t random = 1;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct buf wasm;
        buf_init(&wasm, MODULE_MAX_BYTES);
        wat_read(paths[i], &wasm);
        size_t n = wasm.n;
        for (size_t round = 0; round < n + 2000; round++) {
            struct arena arena;
            struct metered m;
            struct diag d = {0};
            size_t at = round < n ? n : (random = random * 1664525 + 1013904223) % n;
            char was = wasm.p[at < n ? at : 0];
            if (round >= n)
                wasm.p[at] = (char)(random >> 24);
            meter(str_of(wasm.p, round < n ? round : n), &arena, &m, &d);
            release(&arena, &m);
            if (round >= n)
                wasm.p[at] = was;
        }
        buf_release(&wasm);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(meter_run__refuses__what_the_node_refuses),
        cmocka_unit_test(meter_run__has_limits),
        cmocka_unit_test(meter_run__refuses__blocks_nested_too_deep),
        cmocka_unit_test(meter_run__refuses__bodies_that_are_none),
        cmocka_unit_test(meter_run__takes_names_out),
        cmocka_unit_test(meter_run__survives__every_cut_and_many_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
