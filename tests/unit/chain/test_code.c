/* Contracts that cannot run: what the outcome says, and that nothing but the receipt and its
 * action is paid for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "contract/wasm/module.h"
#include "net/base/buf.h"
#include "tests/unit/chain/fixture.h"

/* A hundred and one parameters: more than this chain takes, no more than the node does. */
#define PARAMETERS_20 "\x7E\x7E\x7E\x7E\x7E\x7E\x7E\x7E\x7E\x7E\x7E\x7E\x7E\x7E\x7E\x7E\x7E\x7E\x7E\x7E"
static const char many_parameters[] =
    "\0asm\1\0\0\0\1\x69\1\x60\x65" PARAMETERS_20 PARAMETERS_20 PARAMETERS_20 PARAMETERS_20
        PARAMETERS_20 "\x7E\0\3\2\1\0\x0A\4\1\2\0\x0B";

static const struct {
    struct str code;
    enum prepare_error prepare;
} rows[] = {
    {{"", 0}, PREPARE_DESERIALIZATION},
    {{"not wasm", 8}, PREPARE_DESERIALIZATION},
    {{"\0asm\1\0\0\0\1", 9}, PREPARE_DESERIALIZATION},
    {{"\0asm\1\0\0\0\2\x0F\1\3env\6memory\2\0\1", 25}, PREPARE_MEMORY},
    {{"\0asm\1\0\0\0\1\4\1\x60\0\0\2\7\1\1x\1y\0\0", 23}, PREPARE_INSTANTIATE},
    {{many_parameters, sizeof(many_parameters) - 1}, PREPARE_COMPILER},
};

static void
call__of_bad_code__burns_what_a_call_of_none_burns(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f);
    fixture_account(&f, "a.test.near", NULL);
    fixture_account(&f, "none.test.near", NULL);
    struct hash none = fixture_call(&f, "a.test.near", "none.test.near", "m", "{}");
    fixture_settle(&f);
    const struct chain_outcome *expected = fixture_first(&f, &none);
    assert_int_equal(expected->failure.vm_error, VM_CODE_DOES_NOT_EXIST);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct action deploy = {.kind = ACTION_DEPLOY_CONTRACT, .code = rows[i].code};
        struct hash sent = fixture_send_one(&f, "none.test.near", "none.test.near", deploy);
        fixture_settle(&f);
        assert_int_equal(fixture_first(&f, &sent)->status, CHAIN_VALUE);
        struct hash tx = fixture_call(&f, "a.test.near", "none.test.near", "m", "{}");
        fixture_settle(&f);
        const struct chain_outcome *o = fixture_first(&f, &tx);
        assert_int_equal(o->status, CHAIN_FAILED);
        assert_int_equal(o->failure.kind, FAILURE_FUNCTION_CALL);
        assert_int_equal(o->failure.vm_error, VM_PREPARE);
        assert_int_equal(o->failure.prepare, rows[i].prepare);
        assert_int_equal(o->gas_burnt, expected->gas_burnt);
        assert_true(o->failure.text.n > 0);
    }
    fixture_release(&f);
}

/* Four megabytes are taken, a byte more is not; the transaction is then too large as well, and
 * the code is what is looked at first. */
static void
code__is_refused__when_it_is_too_large(void **state)
{
    struct fixture f;
    struct invalid_tx why = {0};
    struct hash hash;
    struct buf code;
    (void)state;
    fixture_init(&f);
    fixture_account(&f, "a.test.near", NULL);
    buf_init(&code, MODULE_MAX_BYTES + 1);
    buf_add_repeat(&code, 'x', MODULE_MAX_BYTES + 1);
    struct action deploy = {.kind = ACTION_DEPLOY_CONTRACT, .code = buf_str(&code)};
    struct transaction tx = fixture_tx(&f, "a.test.near", "a.test.near", &deploy, 1);
    fixture_submit(&f, &tx, "a.test.near", &why, &hash);
    assert_int_equal(why.kind, INVALID_ACTIONS);
    assert_int_equal(why.validation, VALIDATION_CONTRACT_SIZE);
    assert_int_equal(why.a, MODULE_MAX_BYTES + 1);
    assert_int_equal(why.b, MODULE_MAX_BYTES);
    buf_release(&code);
    fixture_release(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(call__of_bad_code__burns_what_a_call_of_none_burns),
        cmocka_unit_test(code__is_refused__when_it_is_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
