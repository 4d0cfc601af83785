#include "contract/sdk/drill.h"

#include "contract/sdk/memory.h"

#define STATE "STATE"

static const char *const fault_name[] = {
    [FAULT_NONE] = "none", [FAULT_PANIC] = "panic",     [FAULT_LOOP] = "loop",
    [FAULT_TRAP] = "trap", [FAULT_GARBAGE] = "garbage", [FAULT_SLOW] = "slow",
};
enum { FAULT_COUNT = sizeof(fault_name) / sizeof(fault_name[0]) };

/* The record: one byte for the fault, then the owner's account id. */
static void
store(const struct drill *d)
{
    struct writer w = heap_writer(1 + d->owner.n);
    write_byte(&w, (char)d->fault);
    write_text(&w, d->owner);
    storage_put(text_of(STATE), writer_text(&w));
}

void
drill_init(struct text owner)
{
    if (storage_has(text_of(STATE)))
        panic("the contract is initialised already");
    store(&(struct drill){.owner = owner, .fault = FAULT_NONE});
}

struct drill
drill_load(void)
{
    struct text record;
    if (!storage_get(text_of(STATE), &record))
        panic("the contract is not initialised: call new first");
    if (record.n < 2 || (unsigned char)record.p[0] >= FAULT_COUNT)
        panic("the contract's state is damaged");
    return (struct drill){.owner = {record.p + 1, record.n - 1},
                          .fault = (enum fault)record.p[0]};
}

void
require_owner(const struct drill *d, const char *method)
{
    struct text caller = predecessor_account();
    if (text_equal(caller, d->owner) || text_equal(caller, current_account()))
        return;
    struct writer w = heap_writer(300);
    write_c(&w, "Method ");
    write_c(&w, method);
    write_c(&w, " is for the owner, ");
    write_text(&w, d->owner);
    write_c(&w, ", not for ");
    write_text(&w, caller);
    panic_writer(&w);
}

void
drill_set_fault(void)
{
    struct drill d = drill_load();
    struct args a = args_read();
    require_owner(&d, "set_fault");
    require_no_deposit("set_fault");
    struct text kind = args_text(&a, "kind", ACCOUNT_MAX);
    for (int i = 0; i < FAULT_COUNT; i++) {
        if (text_is(kind, fault_name[i])) {
            d.fault = (enum fault)i;
            store(&d);
            return;
        }
    }
    panic_about("unknown kind of fault: ", kind,
                "; the kinds are none, panic, loop, trap, garbage, slow");
}

/* Hashing 64 bytes costs this much whatever the compiler made of the loop around it. */
#define HASH_GAS UINT64_C(11924801760)

static void
burn(uint64_t gas)
{
    char block[64] = {0};
    for (; gas >= HASH_GAS; gas -= HASH_GAS) near_sha256(sizeof(block), near_ptr(block), 0);
}

bool
drill_act(const struct drill *d, const struct drill_read *read)
{
    const char *garbage = "<html>503 Service Unavailable</html>";
    switch (d->fault) {
    case FAULT_NONE: break;
    case FAULT_PANIC: panic(read->panic);
    case FAULT_LOOP:
        for (;;) near_block_index();
    case FAULT_TRAP: near_trap();
    case FAULT_GARBAGE: near_value_return(strlen(garbage), near_ptr(garbage)); return true;
    case FAULT_SLOW: burn(read->slow_gas); break;
    }
    return false;
}
