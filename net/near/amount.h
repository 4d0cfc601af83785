/* amount: 128-bit counts of yoctoNEAR, and gas in its units.
 *
 * 1 NEAR is 10^24 yoctoNEAR. Never a double: decimal strings on the wire, two words here.
 * Gas is a plain uint64_t everywhere; 1 Tgas is 10^12. Parsing takes the units people write
 * ("0.1 NEAR", "1 yoctoNEAR", "300.0 Tgas", "30T", "5 Ggas", a bare number of the smallest unit). */
#ifndef NET_NEAR_AMOUNT_H
#define NET_NEAR_AMOUNT_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/err.h"
#include "net/base/str.h"

#define TERA_GAS UINT64_C(1000000000000)

struct amount {
    uint64_t hi, lo;    /* yoctoNEAR = hi * 2^64 + lo */
};

enum { AMOUNT_TEXT = 40, AMOUNT_NEAR_TEXT = 48, GAS_TEXT = 24 };

struct amount amount_of(uint64_t lo);
int amount_compare(struct amount a, struct amount b);
bool amount_is_zero(struct amount a);
/* False on overflow or below zero; *out is then untouched. */
bool amount_add(struct amount a, struct amount b, struct amount *out) MUST_USE;
bool amount_sub(struct amount a, struct amount b, struct amount *out) MUST_USE;
bool amount_multiply(struct amount a, uint64_t factor, struct amount *out) MUST_USE;
/* 64 x 64 bits cannot overflow: gas times gas price. */
struct amount amount_product(uint64_t a, uint64_t b);
/* Quotient rounded down; divisor > 0. */
struct amount amount_divide(struct amount a, uint64_t divisor, uint64_t *remainder);

/* All decimal digits, as on the wire. */
const char *amount_text(struct amount a, char out[AMOUNT_TEXT]);
enum err amount_parse(struct str digits, struct amount *out, struct diag *d) MUST_USE;
/* For people: "0.00056 NEAR", rounded to at most `decimals` after the point, trailing zeros
 * cut, and "<0.00001 NEAR" when rounding would show zero for what is not. */
const char *amount_near_text(struct amount a, int decimals, char out[AMOUNT_NEAR_TEXT]);
enum err amount_parse_units(struct str text, struct amount *out, struct diag *d) MUST_USE;
/* What a person typed: a bare number, but for 0, is asked about. near-cli's first version took
 * one for NEAR, RPC takes it for yoctoNEAR, and 10^24 lie between. */
enum err amount_parse_typed(struct str text, struct amount *out, struct diag *d) MUST_USE;

/* In Tgas: "0.003" and "<0.001" below a hundredth, "2.47", "300" from a hundred on. */
const char *gas_text_tera(uint64_t gas, char out[GAS_TEXT]);
/* The same to the unit, for what is about to be signed: "30", "0.0005". */
const char *gas_text_exact(uint64_t gas, char out[GAS_TEXT]);
enum err gas_parse_units(struct str text, uint64_t *out, struct diag *d) MUST_USE;
/* What a person typed: RPC and near-cli's first version take a bare number for units of gas; of
 * one below 10^9, which would be enough for nothing, it is asked what is meant. */
enum err gas_parse_typed(struct str text, uint64_t *out, struct diag *d) MUST_USE;

#endif
