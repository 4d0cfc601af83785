#include "contract/sdk/u128.h"

struct u128
u128_of(uint64_t value)
{
    return (struct u128){.lo = value};
}

bool
u128_is_zero(struct u128 a)
{
    return a.lo == 0 && a.hi == 0;
}

int
u128_compare(struct u128 a, struct u128 b)
{
    if (a.hi != b.hi)
        return a.hi < b.hi ? -1 : 1;
    return a.lo == b.lo ? 0 : a.lo < b.lo ? -1 : 1;
}

bool
u128_add(struct u128 a, struct u128 b, struct u128 *sum)
{
    struct u128 s = {.lo = a.lo + b.lo};
    uint64_t carry = s.lo < a.lo;
    if (a.hi > UINT64_MAX - b.hi || (a.hi + b.hi == UINT64_MAX && carry))
        return false;
    s.hi = a.hi + b.hi + carry;
    *sum = s;
    return true;
}

bool
u128_subtract(struct u128 a, struct u128 b, struct u128 *difference)
{
    if (u128_compare(a, b) < 0)
        return false;
    *difference = (struct u128){.lo = a.lo - b.lo, .hi = a.hi - b.hi - (a.lo < b.lo)};
    return true;
}

/* In four digits of 32 bits, so that no product is wider than a machine word. */
static bool
multiply_add(struct u128 a, uint32_t factor, uint32_t addend, struct u128 *result)
{
    uint64_t digit[4] = {a.lo & UINT32_MAX, a.lo >> 32, a.hi & UINT32_MAX, a.hi >> 32};
    uint64_t carry = addend;
    for (int i = 0; i < 4; i++) {
        carry += digit[i] * factor;
        digit[i] = carry & UINT32_MAX;
        carry >>= 32;
    }
    if (carry)
        return false;
    *result = (struct u128){digit[0] | digit[1] << 32, digit[2] | digit[3] << 32};
    return true;
}

bool
u128_multiply(struct u128 a, uint32_t factor, struct u128 *product)
{
    return multiply_add(a, factor, 0, product);
}

void
u128_divide(struct u128 a, struct u128 divisor, struct u128 *quotient, struct u128 *remainder)
{
    struct u128 q = {0};
    struct u128 r = {0};
    for (int bit = 127; bit >= 0; bit--) {
        /* r never has more bits than were taken of a, so the shift pushes none out. */
        uint64_t next = bit >= 64 ? a.hi >> (bit - 64) & 1 : a.lo >> bit & 1;
        r = (struct u128){.lo = r.lo << 1 | next, .hi = r.hi << 1 | r.lo >> 63};
        q = (struct u128){.lo = q.lo << 1, .hi = q.hi << 1 | q.lo >> 63};
        if (u128_subtract(r, divisor, &r))
            q.lo |= 1;
    }
    *quotient = q;
    *remainder = r;
}

bool
u128_parse(struct text digits, struct u128 *value)
{
    struct u128 v = {0};
    for (size_t i = 0; i < digits.n; i++) {
        char c = digits.p[i];
        if (c < '0' || c > '9' || !multiply_add(v, 10, (uint32_t)(c - '0'), &v))
            return false;
    }
    if (digits.n == 0)
        return false;
    *value = v;
    return true;
}

/* Divides by 10^9 and returns the remainder. */
static uint32_t
take_nine_digits(struct u128 *v)
{
    const uint32_t billion = 1000000000;
    uint64_t digit[4] = {v->lo & UINT32_MAX, v->lo >> 32, v->hi & UINT32_MAX, v->hi >> 32};
    uint64_t rest = 0;
    for (int i = 3; i >= 0; i--) {
        rest = rest << 32 | digit[i];
        digit[i] = rest / billion;
        rest %= billion;
    }
    *v = (struct u128){digit[0] | digit[1] << 32, digit[2] | digit[3] << 32};
    return (uint32_t)rest;
}

void
write_u128(struct writer *w, struct u128 value)
{
    char digits[45];
    size_t at = sizeof(digits);
    do {
        uint32_t part = take_nine_digits(&value);
        for (int i = 0; i < 9; i++, part /= 10) digits[--at] = (char)('0' + part % 10);
    } while (!u128_is_zero(value));
    while (at < sizeof(digits) - 1 && digits[at] == '0') at++;
    write_bytes(w, digits + at, sizeof(digits) - at);
}
