#include "tests/support/mock_near.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "contract/sdk/near.h"
#include "contract/sdk/sdk.h"

enum { REGISTERS = 4, RECORDS = 300, KEY = 128, VALUE = 4096, CALLS_MAX = 200000 };

struct record {
    bool is_used;
    size_t key_size, value_size;
    char key[KEY], value[VALUE];
};

struct mock mock;

static struct {
    struct record records[RECORDS], before[RECORDS];
    struct {
        bool is_set;
        size_t size;
        char bytes[400000];
    } registers[REGISTERS];
    const void *input;
    size_t input_size;
    size_t calls;
    jmp_buf end;
} node;

/* --- the call ---------------------------------------------------------------------------- */

void
mock_reset(void)
{
    memset(&mock, 0, sizeof(mock));
    memset(node.records, 0, sizeof(node.records));
    mock.current = "contract.near";
    mock.predecessor = "alice.near";
}

enum mock_end
mock_run_bytes(void (*method)(void), const void *args, size_t size)
{
    mock.panic[0] = mock.value[0] = '\0';
    mock.has_value = mock.has_return = false;
    mock.log_count = mock.promise_count = mock.writes = 0;
    mock.hashes = 0;
    memset(mock.promises, 0, sizeof(mock.promises));
    for (int i = 0; i < REGISTERS; i++) node.registers[i].is_set = false;
    memcpy(node.before, node.records, sizeof(node.records));
    node.input = args;
    node.input_size = size;
    node.calls = 0;
    heap_reset();
    int end = setjmp(node.end);
    if (end == 0) {
        method();
        mock.end = MOCK_OK;
    } else {
        mock.end = (enum mock_end)end;
        mock.promise_count = 0;
        memcpy(node.records, node.before, sizeof(node.records));
    }
    return mock.end;
}

enum mock_end
mock_run(void (*method)(void), const char *args)
{
    return mock_run_bytes(method, args, strlen(args));
}

size_t
mock_storage_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < RECORDS; i++) count += node.records[i].is_used;
    return count;
}

_Noreturn static void
stop(enum mock_end end)
{
    longjmp(node.end, (int)end);
}

static void *
at(uint64_t ptr)
{
    return (void *)(uintptr_t)ptr;
}

/* The contract did what a node would end the call for: a mistake of ours, not an outcome. */
static void
demand(bool condition, const char *what)
{
    if (!condition)
        fail_msg("the contract asks the node for something wrong: %s", what);
    if (++node.calls > CALLS_MAX)
        stop(MOCK_OUT_OF_GAS);
}

static void
not_in_view(const char *name)
{
    if (!mock.is_view)
        return;
    snprintf(mock.panic, sizeof(mock.panic), "%s", name);
    stop(MOCK_PROHIBITED);
}

static void
copy_text(char *to, size_t room, uint64_t len, uint64_t ptr)
{
    demand(len < room, "more text than the test has room for");
    memcpy(to, at(ptr), len);
    to[len] = '\0';
}

/* --- registers and context --------------------------------------------------------------- */

static void
set_register(uint64_t reg, const void *bytes, size_t size)
{
    demand(reg < REGISTERS, "a register out of range");
    demand(size <= sizeof(node.registers[0].bytes), "too much for a register");
    node.registers[reg].is_set = true;
    node.registers[reg].size = size;
    if (size > 0)
        memcpy(node.registers[reg].bytes, bytes, size);
}

void
near_read_register(uint64_t reg, uint64_t ptr)
{
    demand(reg < REGISTERS && node.registers[reg].is_set, "a register that is not set");
    memcpy(at(ptr), node.registers[reg].bytes, node.registers[reg].size);
}

uint64_t
near_register_len(uint64_t reg)
{
    demand(reg < REGISTERS, "a register out of range");
    return node.registers[reg].is_set ? node.registers[reg].size : UINT64_MAX;
}

void
near_input(uint64_t reg)
{
    set_register(reg, node.input, node.input_size);
}

void
near_current_account_id(uint64_t reg)
{
    set_register(reg, mock.current, strlen(mock.current));
}

void
near_predecessor_account_id(uint64_t reg)
{
    not_in_view("predecessor_account_id");
    set_register(reg, mock.predecessor, strlen(mock.predecessor));
}

void
near_attached_deposit(uint64_t u128_ptr)
{
    uint64_t parts[2] = {mock.deposit_lo, mock.deposit_hi};
    demand(true, "");
    memcpy(at(u128_ptr), parts, sizeof(parts));
}

uint64_t
near_block_index(void)
{
    demand(true, "");
    return 1;
}

/* No hash: nobody here looks at it. */
void
near_sha256(uint64_t len, uint64_t ptr, uint64_t reg)
{
    char digest[32] = {0};
    demand(len == 64 && ptr != 0, "a hash of other than 64 bytes");
    set_register(reg, digest, sizeof(digest));
    mock.hashes++;
}

/* --- answers, logs, panics --------------------------------------------------------------- */

void
near_value_return(uint64_t len, uint64_t ptr)
{
    copy_text(mock.value, sizeof(mock.value), len, ptr);
    mock.has_value = true;
}

void
near_log_utf8(uint64_t len, uint64_t ptr)
{
    demand(mock.log_count < MOCK_LOGS, "too many logs");
    copy_text(mock.logs[mock.log_count++], sizeof(mock.logs[0]), len, ptr);
}

void
near_panic_utf8(uint64_t len, uint64_t ptr)
{
    copy_text(mock.panic, sizeof(mock.panic), len, ptr);
    stop(MOCK_PANIC);
}

void
near_trap(void)
{
    stop(MOCK_TRAP);
}

/* --- storage ----------------------------------------------------------------------------- */

static struct record *
find(uint64_t key_len, uint64_t key_ptr)
{
    demand(key_len > 0 && key_len <= KEY, "a key that is empty or very long");
    for (size_t i = 0; i < RECORDS; i++) {
        struct record *r = &node.records[i];
        if (r->is_used && r->key_size == key_len && memcmp(r->key, at(key_ptr), key_len) == 0)
            return r;
    }
    return NULL;
}

uint64_t
near_storage_read(uint64_t key_len, uint64_t key_ptr, uint64_t reg)
{
    const struct record *r = find(key_len, key_ptr);
    if (r)
        set_register(reg, r->value, r->value_size);
    return r != NULL;
}

uint64_t
near_storage_has_key(uint64_t key_len, uint64_t key_ptr)
{
    return find(key_len, key_ptr) != NULL;
}

uint64_t
near_storage_write(uint64_t key_len, uint64_t key_ptr, uint64_t value_len, uint64_t value_ptr,
                   uint64_t reg)
{
    not_in_view("storage_write");
    struct record *r = find(key_len, key_ptr);
    bool is_new = !r;
    demand(value_len <= VALUE, "a very long value");
    if (r)
        set_register(reg, r->value, r->value_size);
    for (size_t i = 0; i < RECORDS && !r; i++)
        if (!node.records[i].is_used)
            r = &node.records[i];
    demand(r != NULL, "more records than the test has room for");
    r->is_used = true;
    r->key_size = key_len;
    r->value_size = value_len;
    memcpy(r->key, at(key_ptr), key_len);
    memcpy(r->value, at(value_ptr), value_len);
    mock.writes++;
    return !is_new;
}

uint64_t
near_storage_remove(uint64_t key_len, uint64_t key_ptr, uint64_t reg)
{
    not_in_view("storage_remove");
    struct record *r = find(key_len, key_ptr);
    mock.writes++;
    if (!r)
        return 0;
    set_register(reg, r->value, r->value_size);
    r->is_used = false;
    return 1;
}

/* --- promises ---------------------------------------------------------------------------- */

static struct mock_promise *
add_promise(void)
{
    demand(mock.promise_count < MOCK_PROMISES, "too many promises");
    return &mock.promises[mock.promise_count++];
}

uint64_t
near_promise_batch_create(uint64_t account_len, uint64_t account_ptr)
{
    not_in_view("promise_batch_create");
    struct mock_promise *p = add_promise();
    copy_text(p->account, sizeof(p->account), account_len, account_ptr);
    return mock.promise_count - 1;
}

void
near_promise_batch_action_function_call(uint64_t promise, uint64_t method_len,
                                        uint64_t method_ptr, uint64_t args_len,
                                        uint64_t args_ptr, uint64_t amount_ptr, uint64_t gas)
{
    uint64_t amount[2];
    demand(promise < mock.promise_count && !mock.promises[promise].is_joint, "a bad promise");
    struct mock_promise *p = &mock.promises[promise];
    demand(p->action_count < MOCK_ACTIONS, "too many actions");
    struct mock_action *a = &p->actions[p->action_count++];
    copy_text(a->method, sizeof(a->method), method_len, method_ptr);
    copy_text(a->args, sizeof(a->args), args_len, args_ptr);
    memcpy(amount, at(amount_ptr), sizeof(amount));
    a->deposit_lo = amount[0];
    a->deposit_hi = amount[1];
    a->gas = gas;
}

uint64_t
near_promise_create(uint64_t account_len, uint64_t account_ptr, uint64_t method_len,
                    uint64_t method_ptr, uint64_t args_len, uint64_t args_ptr,
                    uint64_t amount_ptr, uint64_t gas)
{
    uint64_t index = near_promise_batch_create(account_len, account_ptr);
    near_promise_batch_action_function_call(index, method_len, method_ptr, args_len, args_ptr,
                                            amount_ptr, gas);
    return index;
}

uint64_t
near_promise_then(uint64_t promise, uint64_t account_len, uint64_t account_ptr,
                  uint64_t method_len, uint64_t method_ptr, uint64_t args_len,
                  uint64_t args_ptr, uint64_t amount_ptr, uint64_t gas)
{
    demand(promise < mock.promise_count, "a promise to wait for that is none");
    uint64_t index = near_promise_create(account_len, account_ptr, method_len, method_ptr,
                                         args_len, args_ptr, amount_ptr, gas);
    struct mock_promise *p = &mock.promises[index];
    p->inputs[p->input_count++] = promise;
    return index;
}

uint64_t
near_promise_and(uint64_t indices_ptr, uint64_t count)
{
    not_in_view("promise_and");
    struct mock_promise *p = add_promise();
    demand(count <= MOCK_PROMISES, "too many promises to join");
    p->is_joint = true;
    p->input_count = count;
    memcpy(p->inputs, at(indices_ptr), count * sizeof(uint64_t));
    return mock.promise_count - 1;
}

uint64_t
near_promise_results_count(void)
{
    not_in_view("promise_results_count");
    return mock.result_count;
}

uint64_t
near_promise_result(uint64_t index, uint64_t reg)
{
    not_in_view("promise_result");
    demand(index < mock.result_count, "a result that is none");
    const char *value = mock.results[index].value;
    if (!value)
        return NEAR_RESULT_FAILED;
    set_register(reg, value, strlen(value));
    return NEAR_RESULT_OK;
}

void
near_promise_return(uint64_t promise)
{
    not_in_view("promise_return");
    demand(promise < mock.promise_count && !mock.promises[promise].is_joint,
           "a return of a joint promise");
    mock.has_return = true;
    mock.returned = promise;
}

/* --- in one line ------------------------------------------------------------------------- */

static void
assert_ended(enum mock_end end, enum mock_end expected)
{
    if (end != expected)
        fail_msg("the call ended with %d, not %d: %s", (int)end, (int)expected, mock.panic);
}

void
assert_answers(void (*method)(void), const char *args, const char *value)
{
    assert_ended(mock_run(method, args), MOCK_OK);
    assert_true(mock.has_value);
    assert_string_equal(mock.value, value);
}

void
assert_panics(void (*method)(void), const char *args, const char *sentence)
{
    assert_ended(mock_run(method, args), MOCK_PANIC);
    assert_string_equal(mock.panic, sentence);
}

void
assert_does(void (*method)(void), const char *args)
{
    assert_ended(mock_run(method, args), MOCK_OK);
    assert_false(mock.has_value);
    assert_false(mock.has_return);
}
