/* json_lines: what --json wrote, line by line, each checked against the schema of its version. Whatever
 * is not as it should be fails the test (cmocka). */
#ifndef TESTS_SUPPORT_JSON_LINES_H
#define TESTS_SUPPORT_JSON_LINES_H

#include "net/json.h"
#include "tui/model/verdict.h"

enum { JSON_LINES_MOST = 512 };

struct json_lines {
    struct json *all[JSON_LINES_MOST];      /* owned */
    size_t count;
};

/* Set-up and tear-down of a group of tests. */
int json_lines_load_schema(void **state);
int json_lines_free_schema(void **state);
/* Between the two. */
const struct json *json_lines_schema(void);

void json_lines_parse(struct json_lines *l, struct str text);
void json_lines_free(struct json_lines *l);

bool json_lines_is(const struct json *line, const char *event);
/* Members that must be there. */
struct str json_lines_text(const struct json *line, const char *key);
uint64_t json_lines_number(const struct json *line, const char *key);

/* The last line of this event about this id (an outcome's or a receipt's; NULL: any). */
const struct json *json_lines_last(const struct json_lines *l, const char *event, const struct hash *id);
size_t json_lines_count(const struct json_lines *l, const char *event);

#endif
