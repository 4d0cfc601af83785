/* sdk: what the contracts here have in common: arguments, errors, state, promises, events.
 *
 * Errors are sentences and end the call. Texts that these functions return live in static
 * buffers of their own until the call ends. */
#ifndef CONTRACT_SDK_SDK_H
#define CONTRACT_SDK_SDK_H

#include "contract/sdk/json.h"
#include "contract/sdk/near.h"
#include "contract/sdk/text.h"

#define TGAS UINT64_C(1000000000000)

_Noreturn void fail(const char *sentence);
_Noreturn void fail_with(const char *before, struct text what, const char *after);
void require(bool condition, const char *sentence);

/* --- arguments: one JSON object; "missing argument: user" when one is not there --- */
struct text arg_string(const char *name);
struct text arg_string_or(const char *name, struct text otherwise);
struct text arg_account(const char *name);
struct u128 arg_amount(const char *name);           /* decimal digits in a string or a number */
uint64_t arg_u64_or(const char *name, uint64_t otherwise);
bool arg_bool_or(const char *name, bool otherwise);

/* --- who --- */
struct text current_account(void);
struct text predecessor(void);
/* Ends the call unless the contract called itself. */
void require_private(const char *method);
void require_one_yocto(void);

/* --- state: a key of a prefix and a name --- */
bool state_has(const char *prefix, struct text name);
struct text state_get(const char *prefix, struct text name);        /* empty when not there */
void state_set(const char *prefix, struct text name, struct text value);
struct u128 state_get_u128(const char *prefix, struct text name);   /* zero when not there */
void state_set_u128(const char *prefix, struct text name, struct u128 value);
/* `new`: once only, remembers the owner. */
void initialise(struct text owner);
void require_initialised(void);
void require_owner(void);       /* the owner, or the contract itself */

/* --- results, logs --- */
void return_text(struct text value);
void return_u128(struct u128 value);    /* as a JSON string */
/* A NEP-297 event; `data` is one JSON value. */
void event(const char *standard, const char *version, const char *name, struct text data);
void log_text(struct text line);

/* --- promises --- */
uint64_t call_async(struct text account, const char *method, struct text args, uint64_t gas);
uint64_t call_back(uint64_t promise, const char *method, struct text args, uint64_t gas);
uint64_t join_promises(const uint64_t *promises, uint32_t count);
/* What a branch gave, as JSON: `otherwise` when it failed or is no JSON (a log says so). */
struct text branch_result(uint64_t index, struct text otherwise);

/* --- drills: a fault that the owner sets and one method then shows --- */
void fault_set(void);                   /* the method: set_fault{kind} */
/* False: the method shall answer as usual. True: it has answered. `tgas` is what "slow" burns;
 * the other kinds do not come back. */
bool fault_show(const char *sentence, uint32_t tgas);

#endif
