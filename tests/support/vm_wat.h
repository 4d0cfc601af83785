/* vm_wat: a module whose only method is the given body, with every host function imported.
 *
 * Names are `$storage_read` and so on. Memory holds, from 0 on: "bob.test.near" (13 bytes), at
 * 32 "method" (6), at 48 "{}" (2), at 64 sixteen bytes of zero, at 80 one yocto, at 96 more
 * than anybody has, at 128 "key" (3), at 160 "value" (5), at 192 an ed25519 key with its tag
 * (33), at 256 "contract.test.near" (18), and zero elsewhere. */
#ifndef TESTS_SUPPORT_VM_WAT_H
#define TESTS_SUPPORT_VM_WAT_H

#include "tests/support/vm_case.h"

#define WAT_ACCOUNT "(i64.const 13) (i64.const 0)"
#define WAT_SELF "(i64.const 18) (i64.const 256)"
#define WAT_METHOD "(i64.const 6) (i64.const 32)"
#define WAT_ARGS "(i64.const 2) (i64.const 48)"
#define WAT_ZERO "(i64.const 64)"
#define WAT_KEY "(i64.const 3) (i64.const 128)"
#define WAT_VALUE "(i64.const 5) (i64.const 160)"
#define WAT_PUBLIC_KEY "(i64.const 33) (i64.const 192)"

/* Runs it as `main` in c; the module is forgotten with the others at the end. */
void vm_wat_run(struct vm_case *c, const char *body);

/* What the last call burnt beyond loading and instructions, and what it reserved. */
uint64_t vm_wat_host_gas(const struct vm_case *c);
uint64_t vm_wat_reserved(const struct vm_case *c);

#endif
