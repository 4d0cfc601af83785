#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/base/words.h"

static void
words_keep__gives_one_text__for_the_same_word(void **state)
{
    char first[] = "WASM_HOST_COST", second[] = "WASM_HOST_COST";
    struct str a = str_from(first), b = str_from(second), c = STR("BASE");
    (void)state;
    assert_true(words_keep(&a));
    memset(first, 'x', sizeof(first) - 1);
    assert_true(words_keep(&b));
    assert_ptr_equal(a.p, b.p);
    assert_true(str_equal(a, STR("WASM_HOST_COST")));
    assert_true(words_keep(&c));
    assert_true(str_equal(c, STR("BASE")));
}

static void
words_keep__refuses__what_is_empty_long_or_too_many(void **state)
{
    char text[WORDS_LONGEST + 1];
    struct str s = STR(""), known = STR("BASE");
    (void)state;
    assert_false(words_keep(&s));
    memset(text, 'a', sizeof(text));
    s = str_of(text, sizeof(text));
    assert_false(words_keep(&s));
    assert_ptr_equal(s.p, text);
    s.n--;
    assert_true(words_keep(&s));
    int kept = 0;
    for (int i = 0; i < 2 * WORDS_MOST; i++) {
        s = str_of(text, (size_t)snprintf(text, sizeof(text), "word %d", i));
        kept += words_keep(&s);
    }
    assert_true(kept > WORDS_MOST / 2 && kept < WORDS_MOST);
    /* What is there is found all the same. */
    assert_true(words_keep(&known));
    s = str_of(text, (size_t)snprintf(text, sizeof(text), "word 0"));
    assert_true(words_keep(&s));
    assert_ptr_not_equal(s.p, text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_keep__gives_one_text__for_the_same_word),
        cmocka_unit_test(words_keep__refuses__what_is_empty_long_or_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
