/* mock_near: a stand-in for the node, for contracts that are compiled for the host machine.
 *
 * One account's storage lives from mock_reset() on; each mock_run() is one function call with
 * fresh registers and a fresh heap. A panic undoes what the call wrote, as on a node. What the
 * call answered, logged and asked for can be read until the next one; the texts are
 * terminated strings, valid so long. No gas is counted; a call that never ends is stopped
 * after so many host functions, "Exceeded the prepaid gas." */
#ifndef TESTS_SUPPORT_MOCK_NEAR_H
#define TESTS_SUPPORT_MOCK_NEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mock_end {
    MOCK_OK,
    MOCK_PANIC,                 /* mock.panic has the sentence */
    MOCK_TRAP,                  /* the instruction `unreachable` */
    MOCK_OUT_OF_GAS,
    MOCK_PROHIBITED             /* a function that views must not call; its name in .panic */
};

enum { MOCK_PROMISES = 16, MOCK_LOGS = 16, MOCK_ACTIONS = 8 };

struct mock_action {
    char method[64], args[4096];
    uint64_t deposit_lo, deposit_hi, gas;
};

struct mock_promise {
    char account[80];
    bool is_joint;
    uint64_t inputs[MOCK_PROMISES];     /* the promises it waits for, or joins */
    size_t input_count;
    struct mock_action actions[MOCK_ACTIONS];
    size_t action_count;
};

struct mock_result {
    const char *value;          /* NULL: the call failed */
};

struct mock {
    /* Before a call; kept from one to the next. */
    const char *current, *predecessor;
    uint64_t deposit_lo, deposit_hi;
    bool is_view;
    const struct mock_result *results;  /* what a callback sees */
    size_t result_count;

    /* After it. */
    enum mock_end end;
    char panic[1024];
    bool has_value;
    char value[400000];
    char logs[MOCK_LOGS][8192];
    size_t log_count;
    struct mock_promise promises[MOCK_PROMISES];
    size_t promise_count;
    bool has_return;
    uint64_t returned;          /* index of the promise that the call returned */
    uint64_t hashes;            /* calls of sha256 */
    size_t writes;              /* storage_write and storage_remove */
};

extern struct mock mock;

/* An empty storage, account "contract.near", called by "alice.near". */
void mock_reset(void);
enum mock_end mock_run(void (*method)(void), const char *args);
enum mock_end mock_run_bytes(void (*method)(void), const void *args, size_t size);
size_t mock_storage_count(void);

/* --- in one line, for tests -------------------------------------------------------------- */

/* Each prints what came instead. */
void assert_answers(void (*method)(void), const char *args, const char *value);
void assert_panics(void (*method)(void), const char *args, const char *sentence);
void assert_does(void (*method)(void), const char *args);       /* ends well, answers nothing */

#endif
