/* json_file: a document of tests/data. */
#ifndef TESTS_SUPPORT_JSON_FILE_H
#define TESTS_SUPPORT_JSON_FILE_H

#include "net/json.h"

/* Fails the test when it cannot be read. Freed by the caller. */
struct json *json_file_read(const char *path) MUST_USE;

#endif
