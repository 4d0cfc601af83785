/* fuzz: one function a target, in the form that libFuzzer calls. Each must end in order whatever
 * it is given: no crash, no report of a sanitizer, nothing that grows from one input to the
 * next. tests/fuzz/NAME/ holds inputs to start from, NAME.dict words that its language has. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include "net/base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold of every input; abort() is what both drivers report. */
#define MUST(condition)                                                                      \
    do {                                                                                     \
        if (!(condition))                                                                    \
            abort();                                                                         \
    } while (0)

#endif
