/* tested: the program that is tested, for tests that run it as a process of its own. */
#ifndef TESTS_SUPPORT_TESTED_H
#define TESTS_SUPPORT_TESTED_H

#include <sys/types.h>

/* Where it is: $NEARTOP, as the Makefile sets it, else build/neartop. */
const char *tested_path(void);
/* The process of the chain that the running program `program` has started: its only child. */
pid_t tested_chain(pid_t program);

#endif
