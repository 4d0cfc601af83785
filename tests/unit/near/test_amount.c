/* Units as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/near/amount.h"

static void
gas_parse_units__reads__what_people_write(void **state)
{
    static const struct {
        const char *text;
        uint64_t gas;
    } rows[] = {
        {"300.0 Tgas", UINT64_C(300000000000000)}, {"300Tgas", UINT64_C(300000000000000)},
        {"0.3 Pgas", UINT64_C(300000000000000)}, {"0.3petagas", UINT64_C(300000000000000)},
        {" 300  tgas ", UINT64_C(300000000000000)}, {"300 TeraGas", UINT64_C(300000000000000)},
        {"0.5 Ggas", 500000000},                    {"1_000 gas", 1000},
        {"30000000000000", UINT64_C(30000000000000)},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t gas = 0;
        assert_int_equal(gas_parse_units(str_from(rows[i].text), &gas, NULL), OK);
        assert_true(gas == rows[i].gas);
    }
}

static void
amount_parse_units__reads__what_people_write(void **state)
{
    static const struct {
        const char *text, *yocto;
    } rows[] = {
        {"0.1 NEAR", "100000000000000000000000"}, {"0.1NEAR", "100000000000000000000000"},
        {".1 near", "100000000000000000000000"},  {"1 yoctoNEAR", "1"},
        {"1 yNEAR", "1"},
        {"1yoctonear", "1"},                      {"1_000 NEAR", "1000000000000000000000000000"},
        {"5 milliNEAR", "5000000000000000000000"}, {"0", "0"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct amount amount;
        char text[AMOUNT_TEXT];
        assert_int_equal(amount_parse_units(str_from(rows[i].text), &amount, NULL), OK);
        assert_string_equal(amount_text(amount, text), rows[i].yocto);
    }
}

static void
amount_parse_units__says_what_is_wrong(void **state)
{
    static const struct {
        const char *text, *sentence;
    } rows[] = {
        {"0,1 NEAR", "write a point"},     {"1,000 NEAR", "nothing or _"},
        {"0.5 yoctoNEAR", "finer than"},   {"1 dollar", "expected a number and a unit"},
        {"-1 NEAR", "expected a number"},  {"NEAR", "expected a number"},
        {"", "expected a number"},         {"1.2.3 NEAR", "expected a number"},
        {"1e9 NEAR", "expected a number"}, {"999999999999999999 NEAR", "too large"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct amount amount;
        struct diag d = {0};
        assert_int_not_equal(amount_parse_units(str_from(rows[i].text), &amount, &d), OK);
        assert_non_null(strstr(diag_text(&d), rows[i].sentence));
    }
}

static void
parse_typed__asks__what_a_bare_number_means(void **state)
{
    static const struct {
        const char *text, *gas, *deposit;   /* sentence; NULL: taken */
    } rows[] = {
        {"100", "100 of what? Say '100 Tgas'", "Say '100 NEAR' or '100 yoctoNEAR'"},
        {"0.5", "0.5 of what?", "0.5 of what?"},
        {"30000000000000", NULL, "of what?"},
        {"30T", NULL, "expected a number and a unit"},
        {"2 g", NULL, "expected a number and a unit"},
        {"1 yocto", "expected a number and a unit", NULL},
        {"0", "0 of what?", NULL},
        {"", "expected a number and a unit", "expected a number and a unit"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct diag g = {0}, a = {0};
        uint64_t gas = 7;
        struct amount amount = {7, 7};
        bool is_gas = gas_parse_typed(str_from(rows[i].text), &gas, &g) == OK;
        bool is_amount = amount_parse_typed(str_from(rows[i].text), &amount, &a) == OK;
        assert_int_equal(is_gas, rows[i].gas == NULL);
        assert_int_equal(is_amount, rows[i].deposit == NULL);
        assert_true(is_gas || (gas == 7 && strstr(diag_text(&g), rows[i].gas)));
        assert_true(is_amount || (amount.hi == 7 && strstr(diag_text(&a), rows[i].deposit)));
    }
}

static void
gas_text_exact__leaves_nothing_out(void **state)
{
    (void)state;
    static const struct {
        uint64_t gas;
        const char *text;
    } rows[] = {{0, "0"}, {1, "0.000000000001"}, {500000000, "0.0005"}, {30 * TERA_GAS, "30"},
                {300 * TERA_GAS, "300"}, {99999999999999, "99.999999999999"},
                {UINT64_MAX, "18446744.073709551615"}};
    char text[GAS_TEXT];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_string_equal(gas_text_exact(rows[i].gas, text), rows[i].text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gas_parse_units__reads__what_people_write),
        cmocka_unit_test(amount_parse_units__reads__what_people_write),
        cmocka_unit_test(amount_parse_units__says_what_is_wrong),
        cmocka_unit_test(parse_typed__asks__what_a_bare_number_means),
        cmocka_unit_test(gas_text_exact__leaves_nothing_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
