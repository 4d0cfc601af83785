/* Actions and failures in the node's JSON, word for word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "contract/serve/views.h"

enum { ROOM = 1 << 20 };

/* The key of 32 zero bytes. */
#define KEY "\"ed25519:11111111111111111111111111111111\""
#define ZERO_HASH "\"11111111111111111111111111111111\""

static void
expect(const struct buf *text, const char *json)
{
    if (!str_equal_c(buf_str(text), json))
        fail_msg("%s\ninstead of\n%s", buf_c(text), json);
}

static void
expect_action(struct action action, const char *json)
{
    struct buf text;
    struct json_writer w;
    buf_init(&text, ROOM);
    json_write_begin(&w, &text);
    json_write_object(&w);
    view_actions(&w, &action, 1);
    json_write_object_end(&w);
    struct str shown = buf_str(&text);
    /* Without {"actions":[ and ]}. */
    shown = str_slice(shown, 12, shown.n - 2);
    if (!str_equal_c(shown, json))
        fail_msg("%.*s\ninstead of\n%s", STR_ARG(shown), json);
    buf_release(&text);
}

static void
action__is_shown_as_the_node_does(void **state)
{
    (void)state;
    expect_action((struct action){.kind = ACTION_CREATE_ACCOUNT}, "\"CreateAccount\"");
    expect_action((struct action){.kind = ACTION_STAKE, .deposit = amount_of(5)},
                  "{\"Stake\":{\"public_key\":" KEY ",\"stake\":\"5\"}}");
    expect_action((struct action){.kind = ACTION_ADD_KEY, .access = {.is_full_access = true}},
                  "{\"AddKey\":{\"access_key\":{\"nonce\":0,\"permission\":\"FullAccess\"},"
                  "\"public_key\":" KEY "}}");
    /* sha256 of "code". */
    expect_action((struct action){.kind = ACTION_DEPLOY_GLOBAL_CONTRACT, .code = STR("code")},
                  "{\"DeployGlobalContract\":{\"code\":"
                  "\"VpTQii5T/8rgwxA+Wtb2B2q9lg6x+KVldwQLwQKPcCs=\"}}");
    expect_action((struct action){.kind = ACTION_DEPLOY_GLOBAL_CONTRACT,
                                  .code = STR("code"),
                                  .by_account = true},
                  "{\"DeployGlobalContractByAccountId\":{\"code\":"
                  "\"VpTQii5T/8rgwxA+Wtb2B2q9lg6x+KVldwQLwQKPcCs=\"}}");
    expect_action((struct action){.kind = ACTION_USE_GLOBAL_CONTRACT},
                  "{\"UseGlobalContract\":{\"code_hash\":" ZERO_HASH "}}");
    expect_action((struct action){.kind = ACTION_USE_GLOBAL_CONTRACT,
                                  .by_account = true,
                                  .owner = account_of("a.near")},
                  "{\"UseGlobalContractByAccountId\":{\"account_id\":\"a.near\"}}");
}

static void
delegate__shows_the_nodes_own_types(void **state)
{
    (void)state;
    struct action inner[] = {
        {.kind = ACTION_CREATE_ACCOUNT},
        {.kind = ACTION_TRANSFER, .deposit = amount_of(5)},
        {.kind = ACTION_DEPLOY_CONTRACT, .code = STR("code")},
        {.kind = ACTION_FUNCTION_CALL, .method = STR("m"), .args = STR("{}"), .gas = 7},
        {.kind = ACTION_DEPLOY_GLOBAL_CONTRACT, .code = STR("code"), .by_account = true},
        {.kind = ACTION_USE_GLOBAL_CONTRACT},
    };
    struct delegate d = {.sender = account_of("a.near"),
                         .receiver = account_of("b.near"),
                         .actions = inner,
                         .action_count = ARRAY_LEN(inner),
                         .nonce = 3,
                         .max_block_height = 4};
    expect_action(
        (struct action){.kind = ACTION_DELEGATE, .delegate = &d},
        "{\"Delegate\":{\"delegate_action\":{\"actions\":[{\"CreateAccount\":{}},"
        "{\"Transfer\":{\"deposit\":\"5\"}},{\"DeployContract\":{\"code\":\"Y29kZQ==\"}},"
        "{\"FunctionCall\":{\"args\":\"e30=\",\"deposit\":\"0\",\"gas\":7,\"method_name\":\"m\"}},"
        "{\"DeployGlobalContract\":{\"code\":\"Y29kZQ==\",\"deploy_mode\":\"AccountId\"}},"
        "{\"UseGlobalContract\":{\"contract_identifier\":{\"CodeHash\":" ZERO_HASH "}}}],"
        "\"max_block_height\":4,\"nonce\":3,\"public_key\":" KEY ",\"receiver_id\":\"b.near\","
        "\"sender_id\":\"a.near\"},\"signature\":\"ed25519:"
        "1111111111111111111111111111111111111111111111111111111111111111\"}}");
}

static void
expect_failure(struct failure failure, const char *json)
{
    struct chain_outcome o = {.status = CHAIN_FAILED, .failure = failure};
    struct buf text, whole;
    struct json_writer w;
    buf_init(&text, ROOM);
    buf_init(&whole, ROOM);
    json_write_begin(&w, &text);
    view_status(&w, &o);
    buf_addf(&whole, "{\"Failure\":{\"ActionError\":{\"index\":null,\"kind\":%s}}}", json);
    expect(&text, buf_c(&whole));
    buf_release(&whole);
    buf_release(&text);
}

static void
failure__is_shown_as_the_node_does(void **state)
{
    (void)state;
    struct account_id a = account_of("a.near"), b = account_of("b.near");
    struct amount five = amount_of(5), six = amount_of(6);
    expect_failure((struct failure){.kind = FAILURE_DELETE_ACCOUNT_STAKING, .account = a},
                   "{\"DeleteAccountStaking\":{\"account_id\":\"a.near\"}}");
    expect_failure((struct failure){.kind = FAILURE_ONLY_IMPLICIT_CREATION, .account = a},
                   "{\"OnlyImplicitAccountCreationAllowed\":{\"account_id\":\"a.near\"}}");
    expect_failure((struct failure){.kind = FAILURE_TRIES_TO_UNSTAKE, .account = a},
                   "{\"TriesToUnstake\":{\"account_id\":\"a.near\"}}");
    expect_failure((struct failure){.kind = FAILURE_TRIES_TO_STAKE,
                                    .account = a,
                                    .amount = five,
                                    .balance = six},
                   "{\"TriesToStake\":{\"account_id\":\"a.near\",\"balance\":\"6\","
                   "\"locked\":\"0\",\"stake\":\"5\"}}");
    expect_failure((struct failure){.kind = FAILURE_INSUFFICIENT_STAKE,
                                    .account = a,
                                    .amount = five,
                                    .balance = six},
                   "{\"InsufficientStake\":{\"account_id\":\"a.near\",\"minimum_stake\":\"6\","
                   "\"stake\":\"5\"}}");
    expect_failure((struct failure){.kind = FAILURE_DELEGATE_SIGNATURE},
                   "\"DelegateActionInvalidSignature\"");
    expect_failure((struct failure){.kind = FAILURE_DELEGATE_EXPIRED}, "\"DelegateActionExpired\"");
    expect_failure((struct failure){.kind = FAILURE_DELEGATE_SENDER, .account = a, .other = b},
                   "{\"DelegateActionSenderDoesNotMatchTxReceiver\":{\"receiver_id\":\"a.near\","
                   "\"sender_id\":\"b.near\"}}");
    expect_failure((struct failure){.kind = FAILURE_DELEGATE_NONCE, .a = 1, .b = 2},
                   "{\"DelegateActionInvalidNonce\":{\"ak_nonce\":2,\"delegate_nonce\":1}}");
    expect_failure((struct failure){.kind = FAILURE_DELEGATE_NONCE_TOO_LARGE, .a = 1, .b = 2},
                   "{\"DelegateActionNonceTooLarge\":{\"delegate_nonce\":1,\"upper_bound\":2}}");
    const struct invalid_tx why = {.kind = INVALID_REQUIRES_FULL_ACCESS};
    expect_failure((struct failure){.kind = FAILURE_DELEGATE_KEY, .access = &why},
                   "{\"DelegateActionAccessKeyError\":\"RequiresFullAccess\"}");
    expect_failure((struct failure){.kind = FAILURE_NO_GLOBAL_CONTRACT,
                                    .global = {.kind = GLOBAL_BY_ACCOUNT, .owner = a}},
                   "{\"GlobalContractDoesNotExist\":{\"identifier\":{\"AccountId\":\"a.near\"}}}");
    expect_failure((struct failure){.kind = FAILURE_NEW_RECEIPT,
                                    .validation = VALIDATION_ONLY_ONE_DELEGATE},
                   "{\"NewReceiptValidationError\":{\"ActionsValidation\":"
                   "\"DelegateActionMustBeOnlyOne\"}}");
    expect_failure((struct failure){.kind = FAILURE_NEW_RECEIPT,
                                    .validation = VALIDATION_INVALID_ACCOUNT,
                                    .text = STR("No Name")},
                   "{\"NewReceiptValidationError\":{\"ActionsValidation\":{\"InvalidAccountId\":"
                   "{\"account_id\":\"No Name\"}}}}");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(action__is_shown_as_the_node_does),
        cmocka_unit_test(delegate__shows_the_nodes_own_types),
        cmocka_unit_test(failure__is_shown_as_the_node_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
