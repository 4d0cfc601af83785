#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/base/err.h"
#include "net/base/str.h"
#include "net/base/utf8.h"

static void
err_sentence__exists_for_every_code(void **state)
{
    (void)state;
    static const enum err codes[] = {
#define X(name, sentence) name,
#include "net/base/err.def"
#undef X
    };
    assert_int_equal(OK, 0);
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        assert_int_equal(codes[i], i);
        assert_true(strlen(err_sentence(codes[i])) > 5);
        assert_true(strlen(err_name(codes[i])) >= 2);
    }
    assert_string_equal(err_name(ERR_SYNTAX), "ERR_SYNTAX");
    assert_string_equal(err_sentence((enum err)999), "unknown error");
    assert_string_equal(err_name((enum err)999), "ERR_UNKNOWN");
}

static void
diag_set__returns_the_code_and_tells(void **state)
{
    (void)state;
    struct diag d = {.origin = 3};
    assert_int_equal(diag_set(&d, ERR_RANGE, "%s: %d", "gas", 7), ERR_RANGE);
    assert_string_equal(diag_text(&d), "gas: 7");
    assert_int_equal(d.code, ERR_RANGE);
    assert_int_equal(d.origin, 0);
    assert_int_equal(diag_set(NULL, ERR_NET, "nobody listens"), ERR_NET);
    diag_prefix(NULL, "nobody");
    diag_clear(NULL);
    diag_clear(&d);
    assert_string_equal(diag_text(&d), err_sentence(OK));
    d.code = ERR_NET;
    assert_string_equal(diag_text(&d), err_sentence(ERR_NET));
}

static void
diag_set__hides__what_a_terminal_would_obey(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *told;
    } rows[] = {
        {"a\x1b[2Jb", "a?[2Jb"},
        {"a\nb\tc\x7f", "a b c?"},
        {"a\xc2\x9b" "b", "a??b"},
        {"a\x9b" "b", "a?b"},
        {"a\xe2\x80\xae" "b", "a???b"},
        {"caf\xc3\xa9 \xe2\x80\xa6", "caf\xc3\xa9 \xe2\x80\xa6"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct diag d = {0};
        diag_set(&d, ERR_RPC, "%s", rows[i].raw);
        assert_string_equal(diag_text(&d), rows[i].told);
        diag_prefix(&d, "%s", rows[i].raw);
        assert_memory_equal(diag_text(&d), rows[i].told, strlen(rows[i].told));
    }
}

static void
diag_set__cuts_cleanly__when_the_sentence_is_too_long(void **state)
{
    (void)state;
    struct diag d = {0};
    char longer[2 * DIAG_MAX];
    for (size_t shift = 0; shift < 3; shift++) {
        size_t n = 0;
        while (n < shift)
            longer[n++] = 'x';
        for (; n + 3 < sizeof(longer); n += 3)
            memcpy(longer + n, "\xe2\x80\xa6", 3);
        longer[n] = '\0';
        diag_set(&d, ERR_RPC, "%s", longer);
        assert_int_equal(strlen(d.text), DIAG_MAX - 1);
        assert_true(utf8_is_valid(str_from(d.text)));
        diag_prefix(&d, "%s", longer);
        assert_true(strlen(d.text) < DIAG_MAX);
        assert_true(utf8_is_valid(str_from(d.text)));
    }
}

static void
diag_prefix__puts_the_place_in_front(void **state)
{
    (void)state;
    struct diag d = {0};
    diag_set(&d, ERR_SYNTAX, "no unit");
    diag_prefix(&d, "--gas");
    diag_prefix(&d, "line %d", 3);
    assert_string_equal(diag_text(&d), "line 3: --gas: no unit");
    assert_int_equal(d.code, ERR_SYNTAX);
    diag_clear(&d);
    d.code = ERR_TIMEOUT;
    diag_prefix(&d, "rpc");
    assert_string_equal(diag_text(&d), "rpc: no answer in time");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(err_sentence__exists_for_every_code),
        cmocka_unit_test(diag_set__returns_the_code_and_tells),
        cmocka_unit_test(diag_set__hides__what_a_terminal_would_obey),
        cmocka_unit_test(diag_set__cuts_cleanly__when_the_sentence_is_too_long),
        cmocka_unit_test(diag_prefix__puts_the_place_in_front),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
