/* drill_case: a chain with the portfolio on it, for tests of its feed and of what drills do to its
 * clients. */
#ifndef TESTS_SUPPORT_DRILL_CASE_H
#define TESTS_SUPPORT_DRILL_CASE_H

#include <stddef.h>
#include "tests/support/serve_client.h"

enum { DRILL_BLOCK_MS = 25, DRILL_MESSAGE_MAX = 16 * 1024 * 1024 };

extern struct serve_child drill_child;
/* For a group of tests. */
int drill_start(void **state);
int drill_start_quick(void **state);    /* blocks as fast as they go */
/* What the three branches do (tests/support/program.c); NULL: they answer. */
void drill_build(unsigned block_ms, const char *const modes[3]);
int drill_stop(void **state);

void drill_set(const char *faults);

/* Of an object; fail when it is not there. */
struct str text_at(const struct json *v, const char *key);
uint64_t number_at(const struct json *v, const char *key);

uint64_t height_of(const char *finality);
void wait_for_height(uint64_t height);
/* The call fails with this cause and HTTP status. */
void assert_cause(const char *method, const char *params, const char *cause, int status);

/* Transactions of alice.test.near. */
void pay_one(const char *to, struct hash *hash);
void call_portfolio(struct hash *hash);
void status_params(const struct hash *tx, const char *level, char out[256]);
/* Everything of it becomes final, and it succeeds. */
void assert_comes_through(const struct hash *tx);

/* To everything of one kind, or with a filter (NULL: it is not sent yet). */
int subscribe(const char *event);
int subscribe_to(const char *event, const char *filter);
/* The next message's array, which has something in it and no control characters; the caller's. */
struct json *next_events(int fd);
/* Of a feed of blocks. */
uint64_t next_height(int fd);

#endif
