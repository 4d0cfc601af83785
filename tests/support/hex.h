/* hex: bytes written as hex in test data. */
#ifndef TESTS_SUPPORT_HEX_H
#define TESTS_SUPPORT_HEX_H

#include "net/base/arena.h"
#include "net/base/str.h"

/* Fails the test when it is not an even number of hex digits. In the arena. */
struct str hex_bytes(struct arena *arena, struct str text);
const char *hex_text(struct arena *arena, struct str bytes);

#endif
