/* Failures in the node's own JSON: externally tagged, a bare string where there is nothing
 * more to say. */
#include <string.h>
#include "contract/serve/views.h"
#include "net/near/base58.h"

static void
begin(struct json_writer *w, const char *tag)
{
    json_write_object(w);
    json_put_object(w, tag);
}

static void
end(struct json_writer *w)
{
    json_write_object_end(w);
    json_write_object_end(w);
}

/* {"tag":{"account_id":…}} */
static void
with_account(struct json_writer *w, const char *tag, const struct failure *f)
{
    begin(w, tag);
    json_put_c(w, "account_id", f->account.s);
    end(w);
}

static void
with_numbers(struct json_writer *w, const char *tag, const char *name, uint64_t a, uint64_t b)
{
    begin(w, tag);
    if (strcmp(name, "limit") < 0) {
        json_put_u64(w, name, a);
        json_put_u64(w, "limit", b);
    } else {
        json_put_u64(w, "limit", b);
        json_put_u64(w, name, a);
    }
    end(w);
}

/* Of a failure or of a refused transaction, which keep it in the same way. */
struct validation_view {
    enum validation_kind kind;
    uint64_t a, b;
    struct str text;
    const struct public_key *key;
};

static void
actions_validation(struct json_writer *w, const struct validation_view *v)
{
    uint64_t a = v->a, b = v->b;
    switch (v->kind) {
    case VALIDATION_TOTAL_PREPAID_GAS:
        with_numbers(w, "TotalPrepaidGasExceeded", "total_prepaid_gas", a, b);
        return;
    case VALIDATION_ZERO_GAS: json_write_c(w, "FunctionCallZeroAttachedGas"); return;
    case VALIDATION_TOO_MANY_ACTIONS:
        with_numbers(w, "TotalNumberOfActionsExceeded", "total_number_of_actions", a, b);
        return;
    case VALIDATION_METHOD_NAME_LENGTH:
        with_numbers(w, "FunctionCallMethodNameLengthExceeded", "length", a, b);
        return;
    case VALIDATION_ARGUMENTS_LENGTH:
        with_numbers(w, "FunctionCallArgumentsLengthExceeded", "length", a, b);
        return;
    case VALIDATION_CONTRACT_SIZE: with_numbers(w, "ContractSizeExceeded", "size", a, b); return;
    case VALIDATION_KEY_METHODS_BYTES:
        with_numbers(w, "AddKeyMethodNamesNumberOfBytesExceeded", "total_number_of_bytes", a, b);
        return;
    case VALIDATION_KEY_METHOD_LENGTH:
        with_numbers(w, "AddKeyMethodNameLengthExceeded", "length", a, b);
        return;
    case VALIDATION_DELETE_NOT_FINAL: json_write_c(w, "DeleteActionMustBeFinal"); return;
    case VALIDATION_ONLY_ONE_DELEGATE: json_write_c(w, "DelegateActionMustBeOnlyOne"); return;
    case VALIDATION_INVALID_ACCOUNT:
        begin(w, "InvalidAccountId");
        json_put_string(w, "account_id", v->text);
        end(w);
        return;
    case VALIDATION_STAKING_KEY:
        begin(w, "UnsuitableStakingKey");
        view_public_key(w, "public_key", v->key);
        end(w);
        return;
    case VALIDATION_OK:
    case VALIDATION_INTEGER_OVERFLOW:
    case VALIDATION_INVALID_RECEIVER:
    case VALIDATION_TOO_MANY_INPUTS:
    case VALIDATION_RECEIPT_SIZE: break;
    }
    json_write_c(w, "IntegerOverflow");
}

static void
new_receipt_error(struct json_writer *w, const struct failure *f)
{
    json_write_object(w);
    json_write_key(w, "NewReceiptValidationError");
    if (f->validation == VALIDATION_INVALID_RECEIVER) {
        begin(w, "InvalidReceiverId");
        json_put_string(w, "account_id", f->text);
        end(w);
    } else if (f->validation == VALIDATION_TOO_MANY_INPUTS) {
        with_numbers(w, "NumberInputDataDependenciesExceeded",
                     "number_of_input_data_dependencies", f->a, f->b);
    } else if (f->validation == VALIDATION_RECEIPT_SIZE) {
        with_numbers(w, "ReceiptSizeExceeded", "size", f->a, f->b);
    } else {
        json_write_object(w);
        json_write_key(w, "ActionsValidation");
        actions_validation(w, &(struct validation_view){f->validation, f->a, f->b, f->text,
                                                        &f->key});
        json_write_object_end(w);
    }
    json_write_object_end(w);
}

static void
call_error(struct json_writer *w, const struct failure *f)
{
    begin(w, "FunctionCallError");
    switch (f->vm_error) {
    case VM_CODE_DOES_NOT_EXIST:
        json_put_object(w, "CompilationError");
        json_put_object(w, "CodeDoesNotExist");
        json_put_c(w, "account_id", f->account.s);
        json_write_object_end(w);
        json_write_object_end(w);
        break;
    case VM_PREPARE:
        json_put_object(w, "CompilationError");
        if (f->prepare == PREPARE_COMPILER) {
            json_put_object(w, "WasmerCompileError");
            json_put_string(w, "msg", f->text);
            json_write_object_end(w);
        } else {
            json_put_c(w, "PrepareError", prepare_error_name(f->prepare));
        }
        json_write_object_end(w);
        break;
    case VM_METHOD_NOT_FOUND: json_put_c(w, "MethodResolveError", "MethodNotFound"); break;
    case VM_METHOD_EMPTY_NAME: json_put_c(w, "MethodResolveError", "MethodEmptyName"); break;
    case VM_METHOD_INVALID_SIGNATURE:
        json_put_c(w, "MethodResolveError", "MethodInvalidSignature");
        break;
    case VM_OK:
    case VM_EXECUTION: json_put_string(w, "ExecutionError", f->text); break;
    }
    end(w);
}

static void
with_predecessor(struct json_writer *w, const char *tag, const char *name, const struct failure *f)
{
    begin(w, tag);
    json_put_c(w, "account_id", f->account.s);
    json_put_c(w, name, f->predecessor.s);
    if (f->kind == FAILURE_CREATE_ONLY_BY_REGISTRAR)
        json_put_c(w, "registrar_account_id", f->other.s);
    end(w);
}

static void
with_key(struct json_writer *w, const char *tag, const struct failure *f)
{
    begin(w, tag);
    json_put_c(w, "account_id", f->account.s);
    view_public_key(w, "public_key", &f->key);
    end(w);
}

static void
access_key_error(struct json_writer *w, const struct invalid_tx *why)
{
    switch ((int)why->kind) {
    case INVALID_KEY_NOT_FOUND:
        begin(w, "AccessKeyNotFound");
        json_put_c(w, "account_id", why->account.s);
        view_public_key(w, "public_key", &why->key);
        end(w);
        break;
    case INVALID_NOT_ENOUGH_ALLOWANCE:
        begin(w, "NotEnoughAllowance");
        json_put_c(w, "account_id", why->account.s);
        view_amount(w, "allowance", why->balance);
        view_amount(w, "cost", why->cost);
        view_public_key(w, "public_key", &why->key);
        end(w);
        break;
    case INVALID_KEY_RECEIVER:
        begin(w, "ReceiverMismatch");
        json_put_c(w, "ak_receiver", why->other);
        json_put_c(w, "tx_receiver", why->text);
        end(w);
        break;
    case INVALID_KEY_METHOD:
        begin(w, "MethodNameMismatch");
        json_put_c(w, "method_name", why->text);
        end(w);
        break;
    case INVALID_KEY_DEPOSIT: json_write_c(w, "DepositWithFunctionCall"); break;
    default: json_write_c(w, "RequiresFullAccess"); break;
    }
}

static void
stake_error(struct json_writer *w, const struct failure *f)
{
    bool is_too_poor = f->kind == FAILURE_TRIES_TO_STAKE;
    begin(w, is_too_poor ? "TriesToStake" : "InsufficientStake");
    json_put_c(w, "account_id", f->account.s);
    if (is_too_poor) {
        view_amount(w, "balance", f->balance);
        view_amount(w, "locked", f->locked);
    } else {
        view_amount(w, "minimum_stake", f->balance);
    }
    view_amount(w, "stake", f->amount);
    end(w);
}

static void
delegate_error(struct json_writer *w, const struct failure *f)
{
    if (f->kind == FAILURE_DELEGATE_KEY) {
        json_write_object(w);
        json_write_key(w, "DelegateActionAccessKeyError");
        access_key_error(w, f->access);
        json_write_object_end(w);
    } else if (f->kind == FAILURE_DELEGATE_SENDER) {
        begin(w, "DelegateActionSenderDoesNotMatchTxReceiver");
        json_put_c(w, "receiver_id", f->account.s);
        json_put_c(w, "sender_id", f->other.s);
        end(w);
    } else if (f->kind == FAILURE_DELEGATE_NONCE) {
        begin(w, "DelegateActionInvalidNonce");
        json_put_u64(w, "ak_nonce", f->b);
        json_put_u64(w, "delegate_nonce", f->a);
        end(w);
    } else {
        begin(w, "DelegateActionNonceTooLarge");
        json_put_u64(w, "delegate_nonce", f->a);
        json_put_u64(w, "upper_bound", f->b);
        end(w);
    }
}

static void
action_error_kind(struct json_writer *w, const struct failure *f)
{
    switch (f->kind) {
    case FAILURE_ACCOUNT_ALREADY_EXISTS: with_account(w, "AccountAlreadyExists", f); return;
    case FAILURE_ACCOUNT_DOES_NOT_EXIST: with_account(w, "AccountDoesNotExist", f); return;
    case FAILURE_DELETE_ACCOUNT_LARGE_STATE:
        with_account(w, "DeleteAccountWithLargeState", f);
        return;
    case FAILURE_CREATE_ONLY_BY_REGISTRAR:
        with_predecessor(w, "CreateAccountOnlyByRegistrar", "predecessor_id", f);
        return;
    case FAILURE_CREATE_NOT_ALLOWED:
        with_predecessor(w, "CreateAccountNotAllowed", "predecessor_id", f);
        return;
    case FAILURE_ACTOR_NO_PERMISSION:
        with_predecessor(w, "ActorNoPermission", "actor_id", f);
        return;
    case FAILURE_DELETE_KEY_DOES_NOT_EXIST: with_key(w, "DeleteKeyDoesNotExist", f); return;
    case FAILURE_ADD_KEY_ALREADY_EXISTS: with_key(w, "AddKeyAlreadyExists", f); return;
    case FAILURE_LACK_BALANCE_FOR_STATE:
        begin(w, "LackBalanceForState");
        json_put_c(w, "account_id", f->account.s);
        view_amount(w, "amount", f->amount);
        end(w);
        return;
    case FAILURE_FUNCTION_CALL: call_error(w, f); return;
    case FAILURE_NEW_RECEIPT: new_receipt_error(w, f); return;
    case FAILURE_DELETE_ACCOUNT_STAKING: with_account(w, "DeleteAccountStaking", f); return;
    case FAILURE_ONLY_IMPLICIT_CREATION:
        with_account(w, "OnlyImplicitAccountCreationAllowed", f);
        return;
    case FAILURE_TRIES_TO_UNSTAKE: with_account(w, "TriesToUnstake", f); return;
    case FAILURE_TRIES_TO_STAKE:
    case FAILURE_INSUFFICIENT_STAKE: stake_error(w, f); return;
    case FAILURE_DELEGATE_SIGNATURE: json_write_c(w, "DelegateActionInvalidSignature"); return;
    case FAILURE_DELEGATE_EXPIRED: json_write_c(w, "DelegateActionExpired"); return;
    case FAILURE_DELEGATE_SENDER:
    case FAILURE_DELEGATE_KEY:
    case FAILURE_DELEGATE_NONCE:
    case FAILURE_DELEGATE_NONCE_TOO_LARGE: delegate_error(w, f); return;
    case FAILURE_NO_GLOBAL_CONTRACT:
        begin(w, "GlobalContractDoesNotExist");
        view_global_name(w, "identifier", &f->global);
        end(w);
        return;
    case FAILURE_NONE: break;
    }
    json_write_null(w);
}

void
view_status(struct json_writer *w, const struct chain_outcome *o)
{
    json_write_object(w);
    if (o->status == CHAIN_VALUE) {
        view_base64(w, "SuccessValue", o->value);
    } else if (o->status == CHAIN_RECEIPT) {
        view_hash(w, "SuccessReceiptId", &o->returns);
    } else {
        json_put_object(w, "Failure");
        json_put_object(w, "ActionError");
        if (o->failure.has_index)
            json_put_u64(w, "index", o->failure.index);
        else
            json_put_null(w, "index");
        json_write_key(w, "kind");
        action_error_kind(w, &o->failure);
        json_write_object_end(w);
        json_write_object_end(w);
    }
    json_write_object_end(w);
}

/* --- transactions that may not run -------------------------------------------------------- */

static void
invalid_kind(struct json_writer *w, const struct invalid_tx *why)
{
    switch (why->kind) {
    case TX_VALID:
    case INVALID_EXPIRED: json_write_c(w, "Expired"); return;
    case INVALID_SIGNATURE: json_write_c(w, "InvalidSignature"); return;
    case INVALID_COST_OVERFLOW: json_write_c(w, "CostOverflow"); return;
    case INVALID_ACTIONS:
        json_write_object(w);
        json_write_key(w, "ActionsValidation");
        actions_validation(w, &(struct validation_view){why->validation, why->a, why->b,
                                                        str_from(why->text), &why->key});
        json_write_object_end(w);
        return;
    case INVALID_SIZE:
        with_numbers(w, "TransactionSizeExceeded", "size", why->a, why->b);
        return;
    case INVALID_SIGNER_DOES_NOT_EXIST:
        begin(w, "SignerDoesNotExist");
        json_put_c(w, "signer_id", why->account.s);
        end(w);
        return;
    case INVALID_NONCE:
        begin(w, "InvalidNonce");
        json_put_u64(w, "ak_nonce", why->b);
        json_put_u64(w, "tx_nonce", why->a);
        end(w);
        return;
    case INVALID_NOT_ENOUGH_BALANCE:
        begin(w, "NotEnoughBalance");
        view_amount(w, "balance", why->balance);
        view_amount(w, "cost", why->cost);
        json_put_c(w, "signer_id", why->account.s);
        end(w);
        return;
    case INVALID_LACK_BALANCE_FOR_STATE:
        begin(w, "LackBalanceForState");
        view_amount(w, "amount", why->cost);
        json_put_c(w, "signer_id", why->account.s);
        end(w);
        return;
    case INVALID_SHARD_CONGESTED:
        begin(w, "ShardCongested");
        view_level(w, "congestion_level", why->level);
        json_put_u64(w, "shard_id", why->a);
        end(w);
        return;
    case INVALID_SHARD_STUCK:
        begin(w, "ShardStuck");
        json_put_u64(w, "missed_chunks", why->b);
        json_put_u64(w, "shard_id", why->a);
        end(w);
        return;
    case INVALID_KEY_NOT_FOUND:
    case INVALID_NOT_ENOUGH_ALLOWANCE:
    case INVALID_REQUIRES_FULL_ACCESS:
    case INVALID_KEY_RECEIVER:
    case INVALID_KEY_METHOD:
    case INVALID_KEY_DEPOSIT: break;
    }
    json_write_object(w);
    json_write_key(w, "InvalidAccessKeyError");
    access_key_error(w, why);
    json_write_object_end(w);
}

void
view_invalid_tx(struct json_writer *w, const struct invalid_tx *why)
{
    begin(w, "TxExecutionError");
    json_write_key(w, "InvalidTxError");
    invalid_kind(w, why);
    end(w);
}
