#include "tests/support/mixed.h"

typedef unsigned long long u64;
typedef long long i64;

struct text {
    char *p;
    int n;
};

static void
put(struct text *t, i64 value)
{
    char digits[24];
    int count = 0;
    u64 rest = value < 0 ? 0 - (u64)value : (u64)value;
    do
        digits[count++] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        t->p[t->n++] = '-';
    while (count)
        t->p[t->n++] = digits[--count];
    t->p[t->n++] = ' ';
}

static void
put_bits(struct text *t, double value)
{
    union {
        double number;
        i64 bits;
    } u = {.number = value};
    put(t, u.bits);
}

/* --- tables of functions ------------------------------------------------------------------ */

static double twice(double x) { return x * 2; }
static double half(double x) { return x / 2; }
static double root(double x) { return __builtin_sqrt(__builtin_fabs(x)); }
static double down(double x) { return __builtin_floor(x); }
static double up(double x) { return __builtin_ceil(x); }
static double shift(double x) { return x - 1e6; }

static double (*const steps[])(double) = {twice, half, root, down, up, shift};

static double
walk(unsigned *random, double x)
{
    for (int i = 0; i < 200; i++) {
        *random = *random * 1664525u + 1013904223u;
        x = steps[(*random >> 16) % 6](x) + 1.25;
    }
    return x;
}

/* --- switches, recursion, arithmetic ------------------------------------------------------ */

static i64
dispatch(int i)
{
    switch (i) {
    case 0: return 5;
    case 1: return -9;
    case 2: return 1LL << 40;
    case 3: return 77;
    case 4: return i * 3;
    case 5: return -1;
    case 6: return 0x7FFFFFFFFFFFFFFF;
    case 7: return 12;
    case 11: return 4;
    case 12: return 8;
    }
    return i;
}

static unsigned
ackermann(unsigned m, unsigned n)
{
    if (m == 0)
        return n + 1;
    return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static void
sort(int *a, int count)
{
    for (int i = 1; i < count; i++) {
        int value = a[i], j = i;
        for (; j > 0 && a[j - 1] > value; j--)
            a[j] = a[j - 1];
        a[j] = value;
    }
}

static u64
mix(u64 x)
{
    x ^= x >> 33;
    x *= 0xFF51AFD7ED558CCDu;
    x ^= x >> 29;
    return x << 7 | x >> 57;
}

int
mixed_run(char text[MIXED_TEXT], unsigned seed)
{
    struct text t = {text, 0};
    unsigned random = seed;
    int numbers[64];
    float sum = 0;
    put_bits(&t, walk(&random, 3.5));
    put_bits(&t, walk(&random, -1e9));
    for (int i = 1; i < 300; i++)
        sum += 1.0f / (float)i * (i % 3 ? 1.0f : -1.0f);
    put_bits(&t, (double)sum);
    i64 total = 0;
    for (int i = -3; i < 20; i++)
        total = (i64)((u64)total * 31 + (u64)dispatch(i));
    put(&t, total);
    put(&t, ackermann(2, 9));
    for (int i = 0; i < 64; i++)
        numbers[i] = (int)(random = random * 22695477u + 1u) >> 8;
    sort(numbers, 64);
    put(&t, numbers[0]), put(&t, numbers[31]), put(&t, numbers[63]);
    u64 hash = seed;
    for (int i = 0; i < 100; i++)
        hash = mix(hash + (u64)i) ^ hash / 1000003u ^ hash % 97u;
    put(&t, (i64)hash);
    put(&t, __builtin_clzll(hash | 1)), put(&t, __builtin_ctz((unsigned)hash | 4096u));
    put(&t, __builtin_popcountll(hash));
    put(&t, -7 / 2), put(&t, -7 % 3), put(&t, (i64)(int)(signed char)(hash & 0xFF));
    put(&t, (i64)(double)(unsigned)numbers[5]), put(&t, (i64)(float)numbers[6]);
    put_bits(&t, (double)hash), put_bits(&t, (double)(i64)hash), put_bits(&t, (float)hash);
    return t.n;
}

#ifdef __wasm__
__attribute__((import_module("env"), import_name("value_return"))) void value_return(u64 length,
                                                                                     u64 at);
__attribute__((import_module("env"), import_name("input"))) void input(u64 register_id);
__attribute__((import_module("env"), import_name("read_register"))) void
read_register(u64 register_id, u64 at);

__attribute__((export_name("run"))) void
run(void)
{
    static char text[MIXED_TEXT];
    unsigned seed;
    input(0);
    read_register(0, (u64)(unsigned long)&seed);
    value_return((u64)mixed_run(text, seed), (u64)(unsigned long)text);
}

/* All the memory that can be had, written to its last byte. */
__attribute__((export_name("grow"))) void
grow(void)
{
    static char text[MIXED_TEXT];
    struct text t = {text, 0};
    put(&t, (i64)__builtin_wasm_memory_size(0));
    put(&t, (i64)(int)__builtin_wasm_memory_grow(0, 1000));
    put(&t, (i64)(int)__builtin_wasm_memory_grow(0, 25));
    put(&t, (i64)(int)__builtin_wasm_memory_grow(0, 24));
    for (unsigned long at = 1u << 20; at < 2048ul << 16; at += 65536)
        *(volatile char *)(at + 65535) = (char)(at >> 16);
    put(&t, *(volatile char *)((2048ul << 16) - 1));
    value_return((u64)t.n, (u64)(unsigned long)text);
}
#endif
