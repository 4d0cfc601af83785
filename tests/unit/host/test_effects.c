/* What host functions do: values they give, state they write, receipts they describe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "contract/host/digest.h"
#include "net/near/crypto.h"
#include "tests/support/vm_wat.h"

#define DROP(call) "(drop " call ")"
#define BATCH DROP("(call $promise_batch_create " WAT_ACCOUNT ")")
#define RETURN_REGISTER(n) "(call $value_return (i64.const -1) (i64.const " #n "))"
#define RETURN_NUMBER(call) "(i64.store (i32.const 512) " call ")"                            \
    "(call $value_return (i64.const 8) (i64.const 512))"
#define WEIGHTED(promise, weight) "(call $promise_batch_action_function_call_weight (i64.const "  \
    #promise ") " WAT_METHOD WAT_ARGS WAT_ZERO "(i64.const 1000) (i64.const " #weight "))"

static void
expect_text(struct vm_case *c, const char *body, const char *text)
{
    vm_wat_run(c, body);
    vm_case_expect_ok(c);
    if (!str_equal_c(c->out.value, text))
        fail_msg("%s: \"%.*s\" instead of \"%s\"", body, STR_ARG(c->out.value), text);
}

static void
expect_number(struct vm_case *c, const char *body, uint64_t number)
{
    uint64_t value;
    vm_wat_run(c, body);
    vm_case_expect_ok(c);
    assert_int_equal(c->out.value.n, 8);
    memcpy(&value, c->out.value.p, 8);
    if (value != number)
        fail_msg("%s: %llu instead of %llu", body, (unsigned long long)value,
                 (unsigned long long)number);
}

static void
context__is_what_the_call_came_with(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    c.context.input = STR("{\"a\":\"b\"}");
    c.context.epoch_height = 3;
    c.context.signer_key.b[0] = 'k';
    expect_text(&c, "(call $input (i64.const 1))" RETURN_REGISTER(1), "{\"a\":\"b\"}");
    expect_text(&c, "(call $current_account_id (i64.const -1))" RETURN_REGISTER(-1),
                "contract.test.near");
    expect_text(&c, "(call $signer_account_id (i64.const 1))" RETURN_REGISTER(1),
                "alice.test.near");
    expect_text(&c, "(call $predecessor_account_id (i64.const 1))" RETURN_REGISTER(1),
                "alice.test.near");
    expect_number(&c, RETURN_NUMBER("(call $block_index)"), 100);
    expect_number(&c, RETURN_NUMBER("(call $block_timestamp)"), UINT64_C(1700000000000000000));
    expect_number(&c, RETURN_NUMBER("(call $epoch_height)"), 3);
    expect_number(&c, RETURN_NUMBER("(call $storage_usage)"), 1000);
    expect_number(&c, RETURN_NUMBER("(call $prepaid_gas)"), 300 * TERA_GAS);
    expect_number(&c, RETURN_NUMBER("(call $register_len (i64.const 5))"), UINT64_MAX);
    vm_wat_run(&c, "(call $signer_account_pk (i64.const 1))" RETURN_REGISTER(1));
    assert_int_equal(c.out.value.n, 33);
    assert_int_equal(c.out.value.p[0], 0);
    assert_int_equal(c.out.value.p[1], 'k');
    vm_case_release(&c);
}

static void
used_gas__counts_what_is_reserved(void **state)
{
    (void)state;
    struct vm_case c;
    uint64_t used;
    vm_case_init(&c);
    vm_wat_run(&c, BATCH RETURN_NUMBER("(call $used_gas)"));
    memcpy(&used, c.out.value.p, 8);
    /* After the call: the store, one constant pair, value_return with its parts. */
    assert_true(used > UINT64_C(108059500000) * 2 && used < c.out.gas_used);
    vm_case_release(&c);
}

static void
storage__gives_back_what_was_there(void **state)
{
    static const char write[] = "(call $storage_write " WAT_KEY WAT_VALUE "(i64.const 1))";
    char body[1024];
    struct vm_case c;
    (void)state;
    vm_case_init(&c);
    snprintf(body, sizeof(body), RETURN_NUMBER("%s"), write);
    expect_number(&c, body, 0);
    assert_int_equal(c.out.storage_usage, 1000 + 3 + 5 + 40);
    c.context.storage_usage = c.out.storage_usage;
    expect_number(&c, body, 1);
    assert_int_equal(c.out.storage_usage, 1048);
    snprintf(body, sizeof(body), DROP("(call $storage_write " WAT_KEY WAT_ARGS "(i64.const 1))")
             RETURN_REGISTER(1));
    expect_text(&c, body, "value");
    assert_int_equal(c.out.storage_usage, 1045);
    expect_text(&c, DROP("(call $storage_read " WAT_KEY "(i64.const 2))") RETURN_REGISTER(2),
                "{}");
    expect_number(&c, RETURN_NUMBER("(call $storage_has_key " WAT_KEY ")"), 1);
    c.context.storage_usage = 1045;
    expect_text(&c, DROP("(call $storage_remove " WAT_KEY "(i64.const 2))") RETURN_REGISTER(2),
                "{}");
    assert_int_equal(c.out.storage_usage, 1000);
    expect_number(&c, RETURN_NUMBER("(call $storage_has_key " WAT_KEY ")"), 0);
    expect_number(&c, RETURN_NUMBER("(call $storage_read " WAT_KEY "(i64.const 1))"), 0);
    expect_number(&c, RETURN_NUMBER("(call $storage_remove " WAT_KEY "(i64.const 1))"), 0);
    vm_case_release(&c);
}

static void
promise_then__waits_for_all_of_a_joint_promise(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    vm_wat_run(&c, BATCH BATCH BATCH
        "(i64.store (i32.const 512) (i64.const 2)) (i64.store (i32.const 520) (i64.const 0))"
        DROP("(call $promise_and (i64.const 512) (i64.const 2))")
        "(i64.store (i32.const 512) (i64.const 3)) (i64.store (i32.const 520) (i64.const 1))"
        DROP("(call $promise_and (i64.const 512) (i64.const 2))")
        DROP("(call $promise_batch_then (i64.const 4) " WAT_SELF ")")
        "(call $value_return " WAT_VALUE ") (call $promise_return (i64.const 5))");
    vm_case_expect_ok(&c);
    assert_int_equal(c.out.receipt_count, 4);
    const struct vm_receipt *last = &c.out.receipts[3];
    assert_string_equal(last->receiver.s, "contract.test.near");
    assert_int_equal(last->input_count, 3);
    assert_int_equal(last->inputs[0], 2);
    assert_int_equal(last->inputs[1], 0);
    assert_int_equal(last->inputs[2], 1);
    assert_int_equal(c.out.returns, VM_RETURN_RECEIPT);
    assert_int_equal(c.out.receipt, 3);
    vm_case_release(&c);
}

static void
promise_batch__keeps_actions_in_order(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    vm_wat_run(&c, BATCH
        "(call $promise_batch_action_create_account (i64.const 0))"
        "(call $promise_batch_action_transfer (i64.const 0) (i64.const 80))"
        "(call $promise_batch_action_add_key_with_function_call (i64.const 0) " WAT_PUBLIC_KEY
        "(i64.const 4) (i64.const 80) " WAT_ACCOUNT WAT_METHOD ")"
        "(call $promise_batch_action_deploy_contract (i64.const 0) " WAT_VALUE ")"
        "(call $promise_batch_action_function_call (i64.const 0) " WAT_METHOD WAT_ARGS
        "(i64.const 80) (i64.const 12))");
    vm_case_expect_ok(&c);
    const struct vm_receipt *r = &c.out.receipts[0];
    static const enum action_kind kinds[] = {ACTION_CREATE_ACCOUNT, ACTION_TRANSFER,
                                             ACTION_ADD_KEY, ACTION_DEPLOY_CONTRACT,
                                             ACTION_FUNCTION_CALL};
    assert_int_equal(r->action_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(r->actions[i].kind, kinds[i]);
    assert_int_equal(r->actions[1].deposit.lo, 1);
    assert_int_equal(r->actions[2].key.b[0], 'a');
    assert_int_equal(r->actions[2].access.nonce, 4);
    assert_true(r->actions[2].access.has_allowance);
    assert_int_equal(r->actions[2].access.method_count, 1);
    assert_true(str_equal_c(r->actions[2].access.receiver, "bob.test.near"));
    assert_true(str_equal_c(r->actions[3].code, "value"));
    assert_true(str_equal_c(r->actions[4].method, "method"));
    assert_int_equal(r->actions[4].gas, 12);
    /* Two yocto went with the actions. */
    struct amount left;
    assert_true(amount_sub(c.context.balance, amount_of(2), &left));
    assert_int_equal(amount_compare(left, c.out.balance), 0);
    vm_case_release(&c);
}

static void
gas_weights__share_what_is_left(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    c.context.prepaid_gas = 20 * TERA_GAS;
    vm_wat_run(&c, BATCH WEIGHTED(0, 1) WEIGHTED(0, 0) WEIGHTED(0, 3));
    vm_case_expect_ok(&c);
    const struct action *a = c.out.receipts[0].actions;
    assert_int_equal(c.out.gas_used, 20 * TERA_GAS);
    assert_int_equal(a[1].gas, 1000);
    uint64_t shared = a[0].gas + a[2].gas - 2000;
    assert_int_equal(a[0].gas, 1000 + shared / 4);
    assert_int_equal(a[2].gas, 1000 + shared - shared / 4);
    vm_case_release(&c);
}

static void
promise_result__tells_success_from_failure(void **state)
{
    static const struct promise_result results[] = {
        {.is_ok = true, .value = {"42", 2}}, {.is_ok = false}};
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    c.context.results = results;
    c.context.result_count = 2;
    expect_number(&c, RETURN_NUMBER("(call $promise_results_count)"), 2);
    expect_number(&c, RETURN_NUMBER("(call $promise_result (i64.const 0) (i64.const 1))"), 1);
    expect_number(&c, RETURN_NUMBER("(call $promise_result (i64.const 1) (i64.const 1))"), 2);
    expect_text(&c,
                DROP("(call $promise_result (i64.const 0) (i64.const 1))") RETURN_REGISTER(1),
                "42");
    vm_case_release(&c);
}

static void
logs__are_utf8__whatever_they_came_as(void **state)
{
    (void)state;
    struct vm_case c;
    vm_case_init(&c);
    /* U+1F600 as two units, then an A. */
    vm_wat_run(&c, "(i32.store (i32.const 512) (i32.const 0xDE00D83D))"
                   "(i32.store16 (i32.const 516) (i32.const 65))"
                   "(call $log_utf16 (i64.const 6) (i64.const 512))"
                   "(call $log_utf16 (i64.const -1) (i64.const 512))"
                   "(call $log_utf8 (i64.const -1) (i64.const 160))");
    vm_case_expect_ok(&c);
    assert_int_equal(c.out.log_count, 3);
    assert_true(str_equal_c(c.out.logs[0], "\xF0\x9F\x98\x80" "A"));
    assert_true(str_equal(c.out.logs[1], c.out.logs[0]));
    assert_true(str_equal_c(c.out.logs[2], "value"));
    vm_case_release(&c);
}

static void
expect_digest(const char *call, const char *hex)
{
    struct vm_case c;
    char body[256], text[129];
    vm_case_init(&c);
    snprintf(body, sizeof(body), "(call $%s (i64.const 3) (i64.const 128) (i64.const 1))"
             RETURN_REGISTER(1), call);
    vm_wat_run(&c, body);
    vm_case_expect_ok(&c);
    for (size_t i = 0; i < c.out.value.n; i++)
        snprintf(text + i * 2, 3, "%02x", (unsigned char)c.out.value.p[i]);
    assert_string_equal(text, hex);
    vm_case_release(&c);
}

static void
digests__are_those_of_other_implementations(void **state)
{
    (void)state;
    expect_digest("sha256", "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683");
    uint8_t out[64];
    static const struct {
        const char *text;
        size_t bytes;
        const char *start;      /* first four bytes */
    } keccaks[] = {
        {"", 32, "\xc5\xd2\x46\x01"}, {"abc", 32, "\x4e\x03\x65\x7a"},
        {"", 64, "\x0e\xab\x42\xde"}, {"abc", 64, "\x18\x58\x7d\xc2"},
    };
    for (size_t i = 0; i < sizeof(keccaks) / sizeof(keccaks[0]); i++) {
        digest_keccak(str_from(keccaks[i].text), out, keccaks[i].bytes);
        assert_memory_equal(out, keccaks[i].start, 4);
    }
    digest_ripemd160(STR("abc"), out);
    assert_memory_equal(out, "\x8e\xb2\x08\xf7", 4);
    /* Longer than one block, and just as long as leaves no room for the length. */
    digest_ripemd160(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), out);
    assert_memory_equal(out, "\x12\xa0\x53\x38", 4);
}

static void
ed25519_verify__knows_a_good_signature(void **state)
{
    (void)state;
    crypto_start();
    struct secret_key key;
    secret_key_from_name(STR("alice.test.near"), &key);
    struct public_key public_key = secret_key_public(&key);
    struct signature signature = secret_key_sign(&key, STR("value"));
    secret_key_wipe(&key);
    char input[96];
    memcpy(input, signature.b, 64);
    memcpy(input + 64, public_key.b, 32);
    struct vm_case c;
    vm_case_init(&c);
    c.context.input = str_of(input, sizeof(input));
    static const char read[] =
        "(call $input (i64.const 1)) (call $read_register (i64.const 1) (i64.const 600))";
    static const char verify[] =
        RETURN_NUMBER("(call $ed25519_verify (i64.const 64) (i64.const 600) " WAT_VALUE
                      "(i64.const 32) (i64.const 664))");
    char body[1024];
    snprintf(body, sizeof(body), "%s %s", read, verify);
    expect_number(&c, body, 1);
    snprintf(body, sizeof(body), "%s (i32.store8 (i32.const 160) (i32.const 0)) %s", read,
             verify);
    expect_number(&c, body, 0);
    /* Beyond the group's order by its highest bits: no good, and nothing more is read. */
    snprintf(body, sizeof(body), "%s (i32.store8 (i32.const 663) (i32.const 255)) %s", read,
             verify);
    expect_number(&c, body, 0);
    assert_int_equal(vm_case_cost(&c, "ED25519_VERIFY_BYTE"), 0);
    vm_case_release(&c);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(context__is_what_the_call_came_with),
        cmocka_unit_test(used_gas__counts_what_is_reserved),
        cmocka_unit_test(storage__gives_back_what_was_there),
        cmocka_unit_test(promise_then__waits_for_all_of_a_joint_promise),
        cmocka_unit_test(promise_batch__keeps_actions_in_order),
        cmocka_unit_test(gas_weights__share_what_is_left),
        cmocka_unit_test(promise_result__tells_success_from_failure),
        cmocka_unit_test(logs__are_utf8__whatever_they_came_as),
        cmocka_unit_test(digests__are_those_of_other_implementations),
        cmocka_unit_test(ed25519_verify__knows_a_good_signature),
    };
    return cmocka_run_group_tests(tests, NULL, vm_case_forget);
}
