/* program: a contract for tests that does what its arguments say. Built for wasm32 only.
 *
 * The arguments are a list of steps, each a letter and its operands, as tests/unit/chain/script
 * writes them: u8 counts before names and keys, u32 before code and arguments, all
 * little-endian. Promises are named by their index, as on the node. One method, `run`. */
#include <stdint.h>
#include "contract/sdk/near.h"

enum { MAX_INPUT = 1 << 20, MAX_YIELDS = 64, TOKEN = 32, REG = 0 };

static unsigned char input[MAX_INPUT];
static unsigned char tokens[MAX_YIELDS][TOKEN];
static unsigned char token[TOKEN];
static unsigned char results[256];

struct bytes {
    uint64_t n, at;
};

static const unsigned char *next;

static uint64_t
take(unsigned width)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < width; i++)
        value |= (uint64_t)*next++ << (8 * i);
    return value;
}

static struct bytes
take_bytes(unsigned width)
{
    struct bytes b;
    b.n = take(width);
    b.at = near_ptr(next);
    next += b.n;
    return b;
}

static uint64_t
take_u128(void)
{
    uint64_t at = near_ptr(next);
    next += 16;
    return at;
}

static uint64_t
take_key(void)
{
    uint64_t at = near_ptr(next);
    next += 33;
    return at;
}

NEAR_HOST(promise_batch_action_deploy_global_contract)
void near_deploy_global(uint64_t promise, uint64_t len, uint64_t ptr);
NEAR_HOST(promise_batch_action_deploy_global_contract_by_account_id)
void near_deploy_global_by_account(uint64_t promise, uint64_t len, uint64_t ptr);
NEAR_HOST(promise_batch_action_use_global_contract)
void near_use_global(uint64_t promise, uint64_t len, uint64_t ptr);
NEAR_HOST(promise_batch_action_use_global_contract_by_account_id)
void near_use_global_by_account(uint64_t promise, uint64_t len, uint64_t ptr);

static void
join(void)
{
    static uint64_t indices[128];
    uint64_t count = take(1);
    for (uint64_t i = 0; i < count; i++)
        indices[i] = take(2);
    near_promise_and(near_ptr(indices), count);
}

static void
call(uint64_t promise)
{
    struct bytes method = take_bytes(1), args = take_bytes(4);
    uint64_t deposit = take_u128(), gas = take(8), weight = take(8);
    near_promise_batch_action_function_call_weight(promise, method.n, method.at, args.n,
                                                   args.at, deposit, gas, weight);
}

static void
yield(void)
{
    static uint64_t count;
    struct bytes method = take_bytes(1), args = take_bytes(4), key = take_bytes(1);
    uint64_t gas = take(8), weight = take(8);
    near_promise_yield_create(method.n, method.at, args.n, args.at, gas, weight, REG);
    near_read_register(REG, near_ptr(tokens[count++]));
    if (key.n)
        near_storage_write(key.n, key.at, TOKEN, near_ptr(tokens[count - 1]), REG);
}

/* Tells as a value whether anybody waited. */
static void
resume(const unsigned char *whose)
{
    struct bytes payload = take_bytes(2);
    results[0] = (unsigned char)('0' + near_promise_yield_resume(TOKEN, near_ptr(whose),
                                                                payload.n, payload.at));
    near_value_return(1, near_ptr(results));
}

static void
resume_stored(void)
{
    struct bytes key = take_bytes(1);
    if (near_storage_read(key.n, key.at, REG))
        near_read_register(REG, near_ptr(token));
    resume(token);
}

/* "results:" and a digit for each: logged, and returned. */
static void
tell_results(void)
{
    static const char head[] = "results:";
    uint64_t n = 0, count = near_promise_results_count();
    for (; head[n]; n++)
        results[n] = (unsigned char)head[n];
    for (uint64_t i = 0; i < count; i++)
        results[n++] = (unsigned char)('0' + near_promise_result(i, REG));
    near_log_utf8(n, near_ptr(results));
    near_value_return(n, near_ptr(results));
}

static void
add_limited_key(uint64_t promise)
{
    uint64_t key = take_key(), allowance = take_u128();
    struct bytes receiver = take_bytes(1), methods = take_bytes(1);
    near_promise_batch_action_add_key_with_function_call(promise, 33, key, 0, allowance,
                                                         receiver.n, receiver.at, methods.n,
                                                         methods.at);
}

static void
stake(uint64_t promise)
{
    uint64_t amount = take_u128(), key = take_key();
    near_promise_batch_action_stake(promise, amount, 33, key);
}

static void
deploy_global(uint64_t promise)
{
    uint64_t by_account = take(1);
    struct bytes code = take_bytes(4);
    if (by_account)
        near_deploy_global_by_account(promise, code.n, code.at);
    else
        near_deploy_global(promise, code.n, code.at);
}

static void
use_global(uint64_t promise)
{
    uint64_t by_account = take(1);
    struct bytes id = take_bytes(1);
    if (by_account)
        near_use_global_by_account(promise, id.n, id.at);
    else
        near_use_global(promise, id.n, id.at);
}

static void
act(unsigned char step)
{
    uint64_t promise = take(2);
    struct bytes b;
    switch (step) {
    case 'F': call(promise); break;
    case '$': near_promise_batch_action_transfer(promise, take_u128()); break;
    case 'N': near_promise_batch_action_create_account(promise); break;
    case 'D':
        b = take_bytes(4);
        near_promise_batch_action_deploy_contract(promise, b.n, b.at);
        break;
    case 'K':
        near_promise_batch_action_add_key_with_full_access(promise, 33, take_key(), 0);
        break;
    case 'k': add_limited_key(promise); break;
    case 'd': near_promise_batch_action_delete_key(promise, 33, take_key()); break;
    case 'X':
        b = take_bytes(1);
        near_promise_batch_action_delete_account(promise, b.n, b.at);
        break;
    case 'S': stake(promise); break;
    case 'G': deploy_global(promise); break;
    case 'U': use_global(promise); break;
    case 'P': near_promise_return(promise); break;
    default: near_trap();
    }
}

static void
burn(uint64_t turns)
{
    static volatile uint64_t sink;
    for (uint64_t i = 0; i < turns; i++)
        sink = sink + i;
}

static void
write_value(void)
{
    struct bytes key = take_bytes(1), value = take_bytes(2);
    near_storage_write(key.n, key.at, value.n, value.at, REG);
}

static void
do_step(unsigned char step)
{
    struct bytes b;
    switch (step) {
    case 'C':
        b = take_bytes(1);
        near_promise_batch_create(b.n, b.at);
        break;
    case 'T': {
        uint64_t after = take(2);
        b = take_bytes(1);
        near_promise_batch_then(after, b.n, b.at);
        break;
    }
    case '&': join(); break;
    case 'Y': yield(); break;
    case 'R': resume(tokens[take(1)]); break;
    case 'r': resume_stored(); break;
    case 'v': tell_results(); break;
    case 'V':
        b = take_bytes(4);
        near_value_return(b.n, b.at);
        break;
    case 'L':
        b = take_bytes(1);
        near_log_utf8(b.n, b.at);
        break;
    case '!':
        b = take_bytes(1);
        near_panic_utf8(b.n, b.at);
    case 'B': burn(take(4)); break;
    case 'W': write_value(); break;
    default: act(step);
    }
}

NEAR_METHOD(run)
{
    near_input(REG);
    uint64_t n = near_register_len(REG);
    if (n > MAX_INPUT)
        near_trap();
    near_read_register(REG, near_ptr(input));
    next = input;
    while (next < input + n)
        do_step(*next++);
}
