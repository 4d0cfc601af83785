/* The list of drills: how it is read, when one is due, and that a seed decides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "contract/serve/fault.h"

enum { SHARDS = 4 };

static void
set(struct faults *f, const char *list)
{
    struct diag d = {0};
    if (faults_set(f, str_from(list), &d))
        fail_msg("%s: %s", list, diag_text(&d));
}

static void
assert_printed(const struct faults *f, const char *expected)
{
    struct buf out;
    buf_init(&out, 4096);
    faults_print(f, &out);
    assert_string_equal(buf_c(&out), expected);
    buf_release(&out);
}

static void
faults_set__reads_what_faults_print_writes(void **state)
{
    static const char *const lists[] = {
        "late=200",
        "late=200,jitter=50,http429=3",
        "http429=3@50%",
        "http429=0.2500%",
        "cut=5%,badjson=100%",
        "stall=2,busy=0:10",
        "wsafter=7,fork=2,old=30",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        struct faults f;
        faults_init(&f, 1, SHARDS);
        assert_printed(&f, "");
        set(&f, lists[i]);
        assert_printed(&f, lists[i]);
    }
}

static void
faults_set__adds_to_what_is_on__and_ends_it(void **state)
{
    struct faults f;
    (void)state;
    faults_init(&f, 1, SHARDS);
    set(&f, "late=5,stall=0");
    set(&f, "cut");
    assert_printed(&f, "late=5,cut=1,stall=0");
    set(&f, "stall=off,cut=0");
    assert_printed(&f, "late=5");
    set(&f, "http500=2,none,late=1");
    assert_printed(&f, "late=1");
    set(&f, "");
    assert_printed(&f, "late=1");
}

static void
faults_set__says_what_is_wrong__and_changes_nothing(void **state)
{
    static const struct {
        const char *list, *part;
        enum err e;
    } bad[] = {
        {"late=1,flood=3", "no fault is called \"flood\": late, jitter", ERR_NOT_FOUND},
        {"=3", "no fault is called \"\"", ERR_NOT_FOUND},
        {"http429=many", "http429=many: expected a number such as 3, a chance", ERR_SYNTAX},
        {"http429=3@", "http429=3@: expected", ERR_SYNTAX},
        {"http429=3@101%", "expected", ERR_SYNTAX},
        {"http429=0%", "expected", ERR_SYNTAX},
        {"http429=-1", "expected", ERR_SYNTAX},
        {"http429=1.5", "expected", ERR_SYNTAX},
        {"late=5%", "late=5%: expected a whole number", ERR_SYNTAX},
        {"late=99999999999", "expected a whole number", ERR_SYNTAX},
        {"late=", "late=: expected", ERR_SYNTAX},
        {"stall=2:0", "stall=2:0: expected a shard's index", ERR_SYNTAX},
        {"stall=x", "expected a shard's index", ERR_SYNTAX},
        {"stall=4", "stall=4: there are 4 shards, 0 to 3", ERR_RANGE},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct faults f;
        struct diag d = {0};
        faults_init(&f, 1, SHARDS);
        set(&f, "cut=2");
        if (faults_set(&f, str_from(bad[i].list), &d) != bad[i].e ||
            !strstr(diag_text(&d), bad[i].part))
            fail_msg("%s: %s", bad[i].list, diag_text(&d));
        assert_printed(&f, "cut=2");
    }
}

static void
fault_take__goes_down__to_nothing(void **state)
{
    struct faults f;
    (void)state;
    faults_init(&f, 1, SHARDS);
    assert_false(fault_take(&f, FAULT_cut));
    set(&f, "cut=2");
    assert_true(fault_take(&f, FAULT_cut));
    assert_true(fault_take(&f, FAULT_cut));
    assert_false(fault_take(&f, FAULT_cut));
    assert_printed(&f, "");
}

/* What is due among so many, as bits. */
static uint64_t
draw(struct faults *f, enum fault fault, int count)
{
    uint64_t bits = 0;
    for (int i = 0; i < count; i++)
        bits = bits << 1 | fault_take(f, fault);
    return bits;
}

static void
fault_take__goes_by_the_seed__whatever_else_is_on(void **state)
{
    struct faults a, b, c;
    (void)state;
    faults_init(&a, 7, SHARDS);
    faults_init(&b, 7, SHARDS);
    faults_init(&c, 8, SHARDS);
    set(&a, "cut=30%");
    set(&b, "cut=30%,http429=50%,jitter=9");
    set(&c, "cut=30%");
    uint64_t x = draw(&a, FAULT_cut, 32);
    draw(&b, FAULT_http429, 5);
    fault_random(&b, FAULT_jitter, 9);
    assert_int_equal(draw(&b, FAULT_cut, 32), x);
    assert_int_not_equal(draw(&c, FAULT_cut, 32), x);
    assert_true(x != 0 && x != UINT32_MAX);
}

static void
fault_take__is_due_as_often__as_the_chance_says(void **state)
{
    struct faults f;
    int due = 0;
    (void)state;
    faults_init(&f, 3, SHARDS);
    set(&f, "cut=25%");
    for (int i = 0; i < 10000; i++)
        due += fault_take(&f, FAULT_cut);
    assert_in_range(due, 2300, 2700);
    set(&f, "cut=3@10%");
    due = 0;
    for (int i = 0; i < 1000; i++)
        due += fault_take(&f, FAULT_cut);
    assert_int_equal(due, 3);
}

static void
fault_random__stays_below(void **state)
{
    struct faults f;
    (void)state;
    faults_init(&f, 0, SHARDS);
    assert_int_equal(fault_random(&f, FAULT_jitter, 0), 0);
    for (int i = 0; i < 1000; i++)
        assert_true(fault_random(&f, FAULT_jitter, 7) < 7);
}

static void
faults_after_block__ends_what_is_of_a_shard__in_time(void **state)
{
    struct faults f;
    (void)state;
    faults_init(&f, 0, SHARDS);
    set(&f, "stall=2:2,busy=1");
    assert_true(fault_is_shard(&f, FAULT_stall, 2));
    assert_false(fault_is_shard(&f, FAULT_stall, 1));
    assert_false(faults_after_block(&f));
    assert_true(fault_is_shard(&f, FAULT_stall, 2));
    assert_true(faults_after_block(&f));
    assert_false(fault_is_shard(&f, FAULT_stall, 2));
    assert_false(faults_after_block(&f));
    assert_true(fault_is_shard(&f, FAULT_busy, 1));
}

static void
faults_help__has_a_line_for_each(void **state)
{
    struct buf out;
    int lines = 0;
    (void)state;
    buf_init(&out, 16384);
    faults_help(&out);
    for (const char *p = buf_c(&out); *p; p++)
        lines += *p == '\n';
    assert_int_equal(lines, FAULT_COUNT);
    assert_non_null(strstr(buf_c(&out), "  stall=SHARD[:BLOCKS]     this shard makes no chunks\n"));
    buf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_set__reads_what_faults_print_writes),
        cmocka_unit_test(faults_set__adds_to_what_is_on__and_ends_it),
        cmocka_unit_test(faults_set__says_what_is_wrong__and_changes_nothing),
        cmocka_unit_test(fault_take__goes_down__to_nothing),
        cmocka_unit_test(fault_take__goes_by_the_seed__whatever_else_is_on),
        cmocka_unit_test(fault_take__is_due_as_often__as_the_chance_says),
        cmocka_unit_test(fault_random__stays_below),
        cmocka_unit_test(faults_after_block__ends_what_is_of_a_shard__in_time),
        cmocka_unit_test(faults_help__has_a_line_for_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
