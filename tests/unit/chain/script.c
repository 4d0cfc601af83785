#include "tests/unit/chain/script.h"

#include <string.h>
#include "net/near/borsh.h"

enum { MAX_STEPS = 1 << 22 };

void
script_init(struct script *s)
{
    buf_init(&s->steps, MAX_STEPS);
    s->promises = 0;
}

void
script_release(struct script *s)
{
    buf_release(&s->steps);
}

struct str
script_str(const struct script *s)
{
    return buf_str(&s->steps);
}

static void
put_short(struct script *s, struct str bytes)
{
    borsh_put_u8(&s->steps, (uint8_t)bytes.n);
    buf_add_str(&s->steps, bytes);
}

static void
put_key(struct script *s, const struct public_key *key)
{
    buf_add_byte(&s->steps, '\0');
    buf_add(&s->steps, key->b, 32);
}

static void
step(struct script *s, char letter, uint16_t promise)
{
    buf_add_byte(&s->steps, letter);
    borsh_put_u16(&s->steps, promise);
}

uint16_t
script_create(struct script *s, const char *account)
{
    buf_add_byte(&s->steps, 'C');
    put_short(s, str_from(account));
    return s->promises++;
}

uint16_t
script_then(struct script *s, uint16_t after, const char *account)
{
    step(s, 'T', after);
    put_short(s, str_from(account));
    return s->promises++;
}

uint16_t
script_join(struct script *s, const uint16_t *promises, uint8_t count)
{
    buf_add_byte(&s->steps, '&');
    borsh_put_u8(&s->steps, count);
    for (size_t i = 0; i < count; i++)
        borsh_put_u16(&s->steps, promises[i]);
    return s->promises++;
}

uint16_t
script_yield(struct script *s, struct str args, const char *key, uint64_t gas, uint64_t weight)
{
    buf_add_byte(&s->steps, 'Y');
    put_short(s, STR("run"));
    borsh_put_bytes(&s->steps, args);
    put_short(s, str_from(key));
    borsh_put_u64(&s->steps, gas);
    borsh_put_u64(&s->steps, weight);
    return s->promises++;
}

void
script_call(struct script *s, uint16_t promise, const struct script_call *call)
{
    step(s, 'F', promise);
    put_short(s, STR("run"));
    borsh_put_bytes(&s->steps, call->args);
    borsh_put_u128(&s->steps, call->deposit);
    borsh_put_u64(&s->steps, call->gas);
    borsh_put_u64(&s->steps, call->weight);
}

void
script_transfer(struct script *s, uint16_t promise, struct amount deposit)
{
    step(s, '$', promise);
    borsh_put_u128(&s->steps, deposit);
}

void
script_make_account(struct script *s, uint16_t promise)
{
    step(s, 'N', promise);
}

void
script_deploy(struct script *s, uint16_t promise, struct str code)
{
    step(s, 'D', promise);
    borsh_put_bytes(&s->steps, code);
}

void
script_add_key(struct script *s, uint16_t promise, const struct public_key *key)
{
    step(s, 'K', promise);
    put_key(s, key);
}

void
script_add_limited_key(struct script *s, uint16_t promise, const struct public_key *key,
                       struct amount allowance, const char *receiver, const char *methods)
{
    step(s, 'k', promise);
    put_key(s, key);
    borsh_put_u128(&s->steps, allowance);
    put_short(s, str_from(receiver));
    put_short(s, str_from(methods));
}

void
script_delete_key(struct script *s, uint16_t promise, const struct public_key *key)
{
    step(s, 'd', promise);
    put_key(s, key);
}

void
script_delete_account(struct script *s, uint16_t promise, const char *beneficiary)
{
    step(s, 'X', promise);
    put_short(s, str_from(beneficiary));
}

void
script_stake(struct script *s, uint16_t promise, struct amount stake,
             const struct public_key *key)
{
    step(s, 'S', promise);
    borsh_put_u128(&s->steps, stake);
    put_key(s, key);
}

void
script_deploy_global(struct script *s, uint16_t promise, bool by_account, struct str code)
{
    step(s, 'G', promise);
    borsh_put_u8(&s->steps, by_account);
    borsh_put_bytes(&s->steps, code);
}

void
script_use_global(struct script *s, uint16_t promise, bool by_account, struct str id)
{
    step(s, 'U', promise);
    borsh_put_u8(&s->steps, by_account);
    put_short(s, id);
}

void
script_return_promise(struct script *s, uint16_t promise)
{
    step(s, 'P', promise);
}

static void
put_payload(struct script *s, const char *payload)
{
    borsh_put_u16(&s->steps, (uint16_t)strlen(payload));
    buf_add_c(&s->steps, payload);
}

void
script_resume_own(struct script *s, uint8_t yield, const char *payload)
{
    buf_add_byte(&s->steps, 'R');
    borsh_put_u8(&s->steps, yield);
    put_payload(s, payload);
}

void
script_resume(struct script *s, const char *key, const char *payload)
{
    buf_add_byte(&s->steps, 'r');
    put_short(s, str_from(key));
    put_payload(s, payload);
}

void
script_value(struct script *s, struct str value)
{
    buf_add_byte(&s->steps, 'V');
    borsh_put_bytes(&s->steps, value);
}

void
script_results(struct script *s)
{
    buf_add_byte(&s->steps, 'v');
}

void
script_log(struct script *s, const char *text)
{
    buf_add_byte(&s->steps, 'L');
    put_short(s, str_from(text));
}

void
script_panic(struct script *s, const char *text)
{
    buf_add_byte(&s->steps, '!');
    put_short(s, str_from(text));
}

void
script_burn(struct script *s, uint32_t turns)
{
    buf_add_byte(&s->steps, 'B');
    borsh_put_u32(&s->steps, turns);
}

void
script_write(struct script *s, const char *key, struct str value)
{
    buf_add_byte(&s->steps, 'W');
    put_short(s, str_from(key));
    borsh_put_u16(&s->steps, (uint16_t)value.n);
    buf_add_str(&s->steps, value);
}
