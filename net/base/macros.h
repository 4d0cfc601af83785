/* macros: the few that every file may use. Contracts that the compiler can check, and the
 * length of an array. Nothing here may hide control flow. */
#ifndef NET_BASE_MACROS_H
#define NET_BASE_MACROS_H

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#define MUST_USE __attribute__((warn_unused_result))
#define NORETURN __attribute__((noreturn))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

#endif
