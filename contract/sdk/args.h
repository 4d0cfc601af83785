/* args: the arguments of a call, a JSON object, read with sentences for whoever got them wrong:
 * "missing argument: user", "argument user must be a string".
 *
 * An argument that is null counts as missing. Arguments that nobody asks for are ignored, as
 * on most contracts. Whole numbers may be written as numbers or as strings of digits, since
 * JavaScript cannot write large ones otherwise. */
#ifndef CONTRACT_SDK_ARGS_H
#define CONTRACT_SDK_ARGS_H

#include "contract/sdk/sdk.h"

struct args {
    struct json_value object;
};

/* No input at all counts as {}. */
struct args args_read(void);
bool args_has(const struct args *a, const char *name);
/* At most max bytes. */
struct text args_text(const struct args *a, const char *name, size_t max);
/* A valid account id. */
struct text args_account(const struct args *a, const char *name);
struct u128 args_u128(const struct args *a, const char *name);
/* As args_u128(), and not 0. */
struct u128 args_amount(const struct args *a, const char *name);
uint64_t args_u64(const struct args *a, const char *name, uint64_t if_missing);
bool args_flag(const struct args *a, const char *name, bool if_missing);
struct json_value args_array(const struct args *a, const char *name);

#endif
