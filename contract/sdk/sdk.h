/* sdk: what every contract here needs around the node's bare functions: memory, panics that are
 * sentences, who calls, storage, answers, NEP-297 events, promises.
 *
 * Memory is a bump allocator over HEAP_SIZE bytes: nothing is freed, a call ends and all is
 * gone. Whatever returns a struct text or a pointer here returns memory of that heap. Errors
 * are panics: the call ends, its changes are undone by the node, the sentence is what people
 * get to read. Nothing here returns an error. */
#ifndef CONTRACT_SDK_SDK_H
#define CONTRACT_SDK_SDK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "contract/sdk/json.h"
#include "contract/sdk/near.h"
#include "contract/sdk/text.h"
#include "contract/sdk/u128.h"

#define HEAP_SIZE (1u << 20)            /* bytes a call may use */
#define ACCOUNT_MAX 64                  /* bytes of an account id */
#define TGAS UINT64_C(1000000000000)

/* --- memory ------------------------------------------------------------------------------ */

void *heap_take(size_t size);           /* zeroed, aligned to 8 */
struct writer heap_writer(size_t max);
/* A node gives every call fresh memory. Where memory outlives a call, as in the unit tests,
 * this has to come before each. */
void heap_reset(void);

/* --- panics and logs --------------------------------------------------------------------- */

_Noreturn void panic(const char *sentence);
/* before + what + after; a long `what` is cut. */
_Noreturn void panic_about(const char *before, struct text what, const char *after);
/* "alice.near owns 5, less than 7" */
_Noreturn void panic_less(struct text account, const char *verb, struct u128 has,
                          struct u128 needed);
_Noreturn void panic_writer(const struct writer *sentence);
void log_writer(const struct writer *line);

/* --- who --------------------------------------------------------------------------------- */

struct text current_account(void);
struct text predecessor_account(void);  /* not in view calls */
bool account_is_valid(struct text id);
/* "Method x is private" unless the contract calls itself. */
void require_private(const char *method);
/* For methods that keep no money: "x takes no deposit". */
void require_no_deposit(const char *method);
struct u128 attached_deposit(void);

/* The bytes that came with the call; see args.h for reading them. */
struct text call_input(void);

/* --- storage ----------------------------------------------------------------------------- */

/* prefix + name, as a key: the records of one kind, by account. */
struct text storage_key(const char *prefix, struct text name);
bool storage_get(struct text key, struct text *value);
void storage_put(struct text key, struct text value);
bool storage_has(struct text key);
void storage_drop(struct text key);
/* What was never written is 0, and 0 is not kept. */
struct u128 storage_get_u128(struct text key);
void storage_put_u128(struct text key, struct u128 value);
uint64_t storage_get_u64(struct text key);
void storage_put_u64(struct text key, uint64_t value);

/* --- answers and events ------------------------------------------------------------------ */

struct json_writer json_writer_new(size_t max);
/* The text written so far; panics when the writer ran full. */
struct text json_text(const struct json_writer *w);
void answer(const struct json_writer *w);
void answer_text(struct text value);    /* as a JSON string */
void answer_u128(struct u128 value);    /* as a JSON string of digits */

/* EVENT_JSON:{"standard":…,"version":"1.0.0","event":…,"data":[{ … }]}: write the members
 * in between. */
struct json_writer event_begin(const char *standard, const char *event);
void event_end(struct json_writer *w);

/* --- promises ---------------------------------------------------------------------------- */

struct call {
    struct text account;
    const char *method;
    struct text args;
    struct u128 deposit;                /* yoctoNEAR */
    uint64_t gas;
};

uint64_t promise_call(const struct call *call);
uint64_t promise_call_then(uint64_t promise, const struct call *call);
void promise_add_call(uint64_t batch, const struct call *call);

/* What a promise that was waited for came to. `failed` is NULL for a value of at most
 * `max` bytes, and else tells why there is none, without the name of the branch. */
struct result {
    struct text value;
    const char *failed;
};
struct result promise_result_read(uint64_t index, size_t max);
/* Panics unless the call is a callback that waited for so many. */
void require_results(const char *method, uint64_t count);

#endif
