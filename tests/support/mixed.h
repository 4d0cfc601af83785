/* mixed: a program in C of what compilers make of it: floats, big switches, tables of functions,
 * recursion, memory from the system, 64-bit arithmetic. Compiled natively into a test and to wasm
 * as a contract, which return the same text. No library: the contract has none. */
#ifndef TESTS_SUPPORT_MIXED_H
#define TESTS_SUPPORT_MIXED_H

enum { MIXED_TEXT = 2048 };

/* Numbers with a blank behind each; their length. */
int mixed_run(char text[MIXED_TEXT], unsigned seed);

#endif
