/* What a terminal sends, piece by piece, as keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/macros.h"
#include "tui/term/unit.h"

/* The pieces, one character each; '|' is where nothing is waiting, once; capitals are codes. */
static struct {
    const char *at;
    bool has_back;
    uint32_t back;
} sent;

static struct unit
next(void)
{
    if (sent.has_back) {
        sent.has_back = false;
        return (struct unit){.kind = UNIT_TEXT, .scalar = sent.back};
    }
    char c = *sent.at;
    sent.at += c != '\0';
    switch (c) {
    case '\0':
    case '|': return (struct unit){.kind = UNIT_NONE};
    case '{': return (struct unit){.kind = UNIT_PASTE};
    case '}': return (struct unit){.kind = UNIT_PASTE_END};
    case '@': return (struct unit){.kind = UNIT_MOUSE};
    case '^': return (struct unit){.kind = UNIT_KEY, .special = KEY_ARROW_UP};
    }
    return (struct unit){.kind = UNIT_TEXT, .scalar = (unsigned char)c};
}

static bool
put_back(uint32_t scalar)
{
    sent.has_back = true;
    sent.back = scalar;
    return true;
}

static const struct {
    const char *sent;
    struct key keys[4];             /* ends with KEY_NONE */
    unsigned long count;
} cases[] = {
    {"a", {{.special = KEY_CHARACTER, .scalar = 'a'}}, 1},
    {"^", {{.special = KEY_ARROW_UP}}, 1},
    {"\r\t\x7f", {{.special = KEY_RETURN}, {.special = KEY_TAB}, {.special = KEY_ERASE}}, 3},
    {"\033", {{.special = KEY_ESCAPE}}, 1},
    {"\033|q", {{.special = KEY_ESCAPE}, {.special = KEY_CHARACTER, .scalar = 'q'}}, 2},
    {"\033x", {{.special = KEY_OTHER}}, 1},
    {"\033\003q", {{.special = KEY_ESCAPE}, {.special = KEY_CHARACTER, .scalar = 3},
                   {.special = KEY_CHARACTER, .scalar = 'q'}}, 3},
    {"\033[A\033OB\033[Z", {{.special = KEY_ARROW_UP}, {.special = KEY_ARROW_DOWN},
                            {.special = KEY_BACK_TAB}}, 3},
    {"\033[99~q", {{.special = KEY_OTHER}, {.special = KEY_CHARACTER, .scalar = 'q'}}, 2},
    {"@0;3;4M", {{.special = KEY_POINTER, .mouse = {MOUSE_PRESS, 0, 2, 3}}}, 1},
    {"@0;3", {{.special = KEY_NONE}}, 0},
    {"@nonsense", {{.special = KEY_OTHER}, {.special = KEY_CHARACTER, .scalar = 'o'},
                   {.special = KEY_CHARACTER, .scalar = 'n'}, {.special = KEY_CHARACTER, .scalar = 's'}}, 4},
    {"{q^}q", {{.special = KEY_OTHER}, {.special = KEY_PASTE, .scalar = 'q'},
               {.special = KEY_OTHER}, {.special = KEY_OTHER}}, 0},
    {"{\003q", {{.special = KEY_OTHER}, {.special = KEY_CHARACTER, .scalar = 3},
                {.special = KEY_CHARACTER, .scalar = 'q'}}, 2},
};

static void
units_key__makes_keys__of_what_is_sent(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct units u = {.next = next, .put_back = put_back};
        sent.at = cases[i].sent;
        sent.has_back = false;
        for (size_t k = 0; k < ARRAY_LEN(cases[i].keys); k++) {
            const struct key *expected = &cases[i].keys[k];
            struct key got = units_key(&u);
            if (got.special != expected->special || got.scalar != expected->scalar ||
                memcmp(&got.mouse, &expected->mouse, sizeof(got.mouse)) != 0)
                fail_msg("case %zu, key %zu: kind %d, scalar %u", i, k, (int)got.special,
                         (unsigned)got.scalar);
            if (got.special == KEY_NONE)
                break;
        }
        assert_int_equal(u.keys, cases[i].count);
    }
}

/* Over a slow line a report comes in parts, and nothing of it is a key. */
static void
units_key__waits__for_the_rest_of_a_report(void **state)
{
    struct units u = {.next = next, .put_back = put_back};
    (void)state;
    sent.has_back = false;
    sent.at = "@65;1|2;7M";
    assert_int_equal(units_key(&u).special, KEY_NONE);
    struct key k = units_key(&u);
    assert_int_equal(k.special, KEY_POINTER);
    assert_int_equal(k.mouse.what, MOUSE_WHEEL_DOWN);
    assert_int_equal(k.mouse.x, 11);
    sent.at = "@65;1|q";
    assert_int_equal(units_key(&u).special, KEY_NONE);
    units_forget(&u);
    assert_int_equal(units_key(&u).scalar, 'q');
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_key__makes_keys__of_what_is_sent),
        cmocka_unit_test(units_key__waits__for_the_rest_of_a_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
