#include "net/near/amount.h"

#include <stdio.h>
#include <string.h>

/* The compiler's own 128 bits, kept inside this file: the type is an extension. */
__extension__ typedef unsigned __int128 wide;

enum { NEAR_DECIMALS = 24 };

static wide
wide_of(struct amount a)
{
    return (wide)a.hi << 64 | a.lo;
}

static struct amount
amount_of_wide(wide w)
{
    return (struct amount){.hi = (uint64_t)(w >> 64), .lo = (uint64_t)w};
}

struct amount
amount_of(uint64_t lo)
{
    return (struct amount){.lo = lo};
}

int
amount_compare(struct amount a, struct amount b)
{
    wide x = wide_of(a), y = wide_of(b);
    return (x > y) - (x < y);
}

bool
amount_is_zero(struct amount a)
{
    return a.hi == 0 && a.lo == 0;
}

bool
amount_add(struct amount a, struct amount b, struct amount *out)
{
    wide sum = wide_of(a) + wide_of(b);
    if (sum < wide_of(a))
        return false;
    *out = amount_of_wide(sum);
    return true;
}

bool
amount_sub(struct amount a, struct amount b, struct amount *out)
{
    if (amount_compare(a, b) < 0)
        return false;
    *out = amount_of_wide(wide_of(a) - wide_of(b));
    return true;
}

bool
amount_multiply(struct amount a, uint64_t factor, struct amount *out)
{
    wide w = wide_of(a);
    if (factor && w > ~(wide)0 / factor)
        return false;
    *out = amount_of_wide(w * factor);
    return true;
}

struct amount
amount_product(uint64_t a, uint64_t b)
{
    return amount_of_wide((wide)a * b);
}

struct amount
amount_divide(struct amount a, uint64_t divisor, uint64_t *remainder)
{
    wide w = wide_of(a);
    if (remainder)
        *remainder = (uint64_t)(w % divisor);
    return amount_of_wide(w / divisor);
}

const char *
amount_text(struct amount a, char out[AMOUNT_TEXT])
{
    char digits[AMOUNT_TEXT];
    size_t at = sizeof(digits);
    wide w = wide_of(a);
    digits[--at] = '\0';
    do {
        digits[--at] = (char)('0' + (int)(w % 10));
        w /= 10;
    } while (w);
    memcpy(out, digits + at, sizeof(digits) - at);
    return out;
}

/* Appends one decimal digit; false on overflow. */
static bool
push_digit(wide *w, unsigned digit)
{
    if (*w > (~(wide)0 - digit) / 10)
        return false;
    *w = *w * 10 + digit;
    return true;
}

enum err
amount_parse(struct str digits, struct amount *out, struct diag *d)
{
    wide w = 0;
    if (digits.n == 0)
        return diag_set(d, ERR_SYNTAX, "amount: expected decimal digits, found nothing");
    for (size_t i = 0; i < digits.n; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9')
            return diag_set(d, ERR_SYNTAX, "amount: \"%.*s\" is not a decimal number",
                            (int)(digits.n < 50 ? digits.n : 50), digits.p);
        if (!push_digit(&w, (unsigned)(digits.p[i] - '0')))
            return diag_set(d, ERR_RANGE, "amount: more than 128 bits hold");
    }
    *out = amount_of_wide(w);
    return OK;
}

const char *
amount_near_text(struct amount a, int decimals, char out[AMOUNT_NEAR_TEXT])
{
    wide unit = 1, half, w = wide_of(a);
    decimals = decimals < 0 ? 0 : decimals > NEAR_DECIMALS ? NEAR_DECIMALS : decimals;
    for (int i = decimals; i < NEAR_DECIMALS; i++)
        unit *= 10;
    half = unit / 2;
    wide rounded = w / unit + (w % unit > half || (half && w % unit == half));
    if (w && !rounded) {
        snprintf(out, AMOUNT_NEAR_TEXT, "<%s%.*s1 NEAR", decimals ? "0." : "",
                 decimals ? decimals - 1 : 0, "00000000000000000000000");
        return out;
    }
    wide scale = 1;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    char whole[AMOUNT_TEXT], fraction[NEAR_DECIMALS + 1];
    amount_text(amount_of_wide(rounded / scale), whole);
    wide rest = rounded % scale;
    for (int i = decimals - 1; i >= 0; i--) {
        fraction[i] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    }
    int n = decimals;
    while (n && fraction[n - 1] == '0')
        n--;
    snprintf(out, AMOUNT_NEAR_TEXT, "%s%s%.*s NEAR", whole, n ? "." : "", n, fraction);
    return out;
}

struct unit {
    const char *name;       /* lower case */
    int decimals;           /* of the smallest unit in this one */
};

/* "12.5 name": digits, at most one point, blanks, a unit. The value in the smallest unit. */
static enum err
parse_units(struct str text, const struct unit *units, size_t count, const char *what,
            const char *expected, wide *out, struct diag *d)
{
    struct str rest = str_trim(text);
    wide w = 0;
    int fraction = 0;
    bool has_digit = false, has_point = false;
    for (; rest.n; rest = str_slice(rest, 1, rest.n)) {
        char c = rest.p[0];
        if (c == '_' && has_digit)
            continue;
        if (c == '.' && !has_point) {
            has_point = true;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        has_digit = true;
        fraction += has_point;
        if (!push_digit(&w, (unsigned)(c - '0')))
            return diag_set(d, ERR_RANGE, "%s: the number is too large", what);
    }
    struct str name = str_trim(rest);
    const struct unit *unit = NULL;
    for (size_t i = 0; i < count; i++) {
        if (str_equal_nocase(name, str_from(units[i].name)))
            unit = &units[i];
    }
    /* "0,1" is a tenth in many countries, "1,000" a thousand in others. */
    if (!unit && has_digit && name.n && name.p[0] == ',')
        return diag_set(d, ERR_SYNTAX, "%s \"%.*s\": a comma says nothing sure: write a point before "
                                       "fractions, and nothing or _ between thousands", what,
                        (int)(text.n < 60 ? text.n : 60), text.p);
    if (!has_digit || !unit)
        return diag_set(d, ERR_SYNTAX, "%s \"%.*s\": expected %s", what,
                        (int)(text.n < 60 ? text.n : 60), text.p ? text.p : "", expected);
    for (; fraction > unit->decimals; fraction--) {
        if (w % 10)
            return diag_set(d, ERR_RANGE, "%s \"%.*s\": finer than the smallest unit", what,
                            (int)(text.n < 60 ? text.n : 60), text.p);
        w /= 10;
    }
    for (; fraction < unit->decimals; fraction++) {
        if (!push_digit(&w, 0))
            return diag_set(d, ERR_RANGE, "%s: the number is too large", what);
    }
    *out = w;
    return OK;
}

enum err
amount_parse_units(struct str text, struct amount *out, struct diag *d)
{
    static const struct unit units[] = {
        {"near", 24}, {"n", 24}, {"millinear", 21}, {"yoctonear", 0}, {"yocto", 0}, {"yn", 0},
        {"ynear", 0}, {"", 0}};
    wide w;
    enum err e = parse_units(text, units, ARRAY_LEN(units), "deposit",
                             "a number and a unit, as \"0.1 NEAR\" or \"1 yoctoNEAR\"", &w, d);
    if (!e)
        *out = amount_of_wide(w);
    return e;
}

const char *
gas_text_tera(uint64_t gas, char out[GAS_TEXT])
{
    uint64_t milli = gas / 1000000000 + (gas % 1000000000 >= 500000000);
    if (gas && milli < 10)
        snprintf(out, GAS_TEXT, milli ? "0.%03u" : "<0.001", (unsigned)milli);
    else if (milli < 99995)
        snprintf(out, GAS_TEXT, "%u.%02u", (unsigned)((milli + 5) / 10 / 100),
                 (unsigned)((milli + 5) / 10 % 100));
    else
        snprintf(out, GAS_TEXT, "%llu", (unsigned long long)((milli + 500) / 1000));
    return out;
}

const char *
gas_text_exact(uint64_t gas, char out[GAS_TEXT])
{
    unsigned long long whole = gas / TERA_GAS, rest = gas % TERA_GAS;
    int n = snprintf(out, GAS_TEXT, "%llu.%012llu", whole, rest);
    while (n > 0 && (out[n - 1] == '0' || out[n - 1] == '.')) {
        bool is_point = out[n - 1] == '.';
        out[--n] = '\0';
        if (is_point)
            break;
    }
    return out;
}

enum err
gas_parse_units(struct str text, uint64_t *out, struct diag *d)
{
    static const struct unit units[] = {
        {"tgas", 12}, {"teragas", 12}, {"t", 12}, {"ggas", 9}, {"gigagas", 9}, {"g", 9},
        {"pgas", 15}, {"petagas", 15}, {"gas", 0}, {"", 0}};
    wide w;
    enum err e = parse_units(text, units, ARRAY_LEN(units), "gas",
                             "a number and a unit, as \"100 Tgas\" or \"5 Ggas\"", &w, d);
    if (e)
        return e;
    if (w > UINT64_MAX)
        return diag_set(d, ERR_RANGE, "gas: the number is too large");
    *out = (uint64_t)w;
    return OK;
}

/* --- what a person typed ---------------------------------------------------------------------- */

static bool
is_bare(struct str text)
{
    struct str digits = str_trim(text);
    size_t n = 0;
    while (n < digits.n && ((digits.p[n] >= '0' && digits.p[n] <= '9') || digits.p[n] == '_' ||
                            digits.p[n] == '.'))
        n++;
    return n == digits.n;
}

enum err
gas_parse_typed(struct str text, uint64_t *out, struct diag *d)
{
    uint64_t gas = 0;
    int n = (int)(text.n < 40 ? text.n : 40);
    enum err e = gas_parse_units(text, &gas, d);
    if (is_bare(text) && text.n && (e == ERR_RANGE || (!e && gas < TERA_GAS / 1000)))
        e = diag_set(d, ERR_SYNTAX, "%.*s of what? Say '%.*s Tgas'", n, text.p, n, text.p);
    if (!e)
        *out = gas;
    return e;
}

enum err
amount_parse_typed(struct str text, struct amount *out, struct diag *d)
{
    struct amount amount = {0};
    int n = (int)(text.n < 40 ? text.n : 40);
    enum err e = amount_parse_units(text, &amount, d);
    if (is_bare(text) && text.n && (e == ERR_RANGE || (!e && !amount_is_zero(amount))))
        e = diag_set(d, ERR_SYNTAX, "%.*s of what? Say '%.*s NEAR' or '%.*s yoctoNEAR'", n, text.p, n,
                     text.p, n, text.p);
    if (!e)
        *out = amount;
    return e;
}
