/* golden: text that has to be as a file of tests/data has it, to the letter. With UPDATE=1 in the
 * environment the file is written anew instead: read the diff before it is committed. */
#ifndef TESTS_SUPPORT_GOLDEN_H
#define TESTS_SUPPORT_GOLDEN_H

#include "net/base/str.h"

/* Fails the test, and prints what it is now, when it differs. */
void golden_check(const char *path, struct str now);

#endif
