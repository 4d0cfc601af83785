/* drill: a contract with an owner, who can tell it to misbehave: what a caller sees when a
 * branch fails, for demonstrations and tests.
 *
 * Owner and fault are one record under the key STATE; without it the contract is not
 * initialised and every method but `new` panics. The fault shows in one read of the contract,
 * the one that portfolio calls, as a view too: so no function is used here that a view may not
 * call, and `slow` burns a set amount of gas, for a view cannot ask how much it has. */
#ifndef CONTRACT_SDK_DRILL_H
#define CONTRACT_SDK_DRILL_H

#include "contract/sdk/args.h"

enum fault {
    FAULT_NONE,
    FAULT_PANIC,
    FAULT_LOOP,                         /* without end: out of gas */
    FAULT_TRAP,                         /* the instruction `unreachable` */
    FAULT_GARBAGE,                      /* answers bytes that are not JSON */
    FAULT_SLOW                          /* answers, but burns nearly all it gets */
};

struct drill {
    struct text owner;
    enum fault fault;
};

/* Writes the record; panics when it is there already. */
void drill_init(struct text owner);
/* Panics when it is not there. */
struct drill drill_load(void);
/* For the owner and the contract itself. */
void require_owner(const struct drill *d, const char *method);
/* The method set_fault{kind}. */
void drill_set_fault(void);

struct drill_read {
    const char *panic;                  /* the sentence of FAULT_PANIC */
    uint64_t slow_gas;                  /* what FAULT_SLOW burns */
};
/* Acts the fault out. True when the read is answered already. */
bool drill_act(const struct drill *d, const struct drill_read *read);

#endif
