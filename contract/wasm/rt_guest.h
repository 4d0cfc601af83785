/* rt_guest: what is compiled into every contract's native code, around wasm2c's output.
 *
 * Included by the generated wrapper before that output. The metering hooks are here so that
 * the compiler can inline them; everything else that a contract calls is in the host. Kept to
 * what tcc understands. */
#ifndef CONTRACT_WASM_RT_GUEST_H
#define CONTRACT_WASM_RT_GUEST_H

#include "wasm-rt.h"

/* The front of the host's call context: what the hooks touch. */
struct Z_env_instance_t {
    int64_t gas_left;       /* what may still be burnt; zero or less stops the contract */
    int64_t stack_left;     /* bytes that frames may still take */
};

/* Reasons to stop beyond wasm2c's own trap codes. */
enum {
    RT_TRAP_GAS = 100,
    RT_TRAP_STACK,
    RT_TRAP_TABLE_RANGE,
    RT_TRAP_NULL_CALL,
    RT_TRAP_SIGNATURE,
    RT_STOP                 /* the host has noted its own reason */
};

/* What the wrapper hands to the host. Methods are in order of meter_run's list; NULL where
 * the export cannot be called. */
struct native_module {
    uint64_t instance_size;
    void (*init)(void);
    void (*instantiate)(void *instance, struct Z_env_instance_t *env);
    void (*release)(void *instance);
    wasm_rt_memory_t *(*memory)(void *instance);
    void (*start)(void *instance);          /* NULL: none */
    void (*const *methods)(void *instance);
    uint64_t method_count;
};

static inline void
rt_charge(struct Z_env_instance_t *env, uint64_t gas)
{
    if ((env->gas_left -= (int64_t)gas) <= 0)
        wasm_rt_trap((wasm_rt_trap_t)RT_TRAP_GAS);
}

static inline void
rt_enter(struct Z_env_instance_t *env, uint64_t stack_bytes, uint64_t gas)
{
    if ((env->stack_left -= (int64_t)stack_bytes) < 0)
        wasm_rt_trap((wasm_rt_trap_t)RT_TRAP_STACK);
    rt_charge(env, gas);
}

static inline void
rt_leave(struct Z_env_instance_t *env, uint64_t stack_bytes)
{
    env->stack_left += (int64_t)stack_bytes;
}

static inline float
rt_nan32(struct Z_env_instance_t *env, float value)
{
    uint32_t canonical = 0x7FC00000u;
    (void)env;
    if (value != value)
        memcpy(&value, &canonical, sizeof(value));
    return value;
}

static inline double
rt_nan64(struct Z_env_instance_t *env, double value)
{
    uint64_t canonical = (uint64_t)0x7FF80000u << 32;
    (void)env;
    if (value != value)
        memcpy(&value, &canonical, sizeof(value));
    return value;
}

/* wasm2c's own macro folds three different faults into one; the node tells them apart. */
#define CALL_INDIRECT(table, t, ft, x, ...)                                                  \
    (((x) < (table).size || (wasm_rt_trap((wasm_rt_trap_t)RT_TRAP_TABLE_RANGE), 0)),         \
     ((table).data[x].func || (wasm_rt_trap((wasm_rt_trap_t)RT_TRAP_NULL_CALL), 0)),         \
     ((table).data[x].func_type == func_types[ft] ||                                         \
      (wasm_rt_trap((wasm_rt_trap_t)RT_TRAP_SIGNATURE), 0)),                                 \
     ((t)(table).data[x].func)(__VA_ARGS__))

#ifdef __TINYC__
/* Builtins that wasm2c's output uses and the old tcc lacks. */
static int
__builtin_clz(unsigned x)
{
    int n = 0;
    for (; !(x & 0x80000000u); x <<= 1)
        n++;
    return n;
}
static int
__builtin_ctz(unsigned x)
{
    int n = 0;
    for (; !(x & 1); x >>= 1)
        n++;
    return n;
}
static int
__builtin_clzll(unsigned long long x)
{
    int n = 0;
    for (; !(x >> 63); x <<= 1)
        n++;
    return n;
}
static int
__builtin_ctzll(unsigned long long x)
{
    int n = 0;
    for (; !(x & 1); x >>= 1)
        n++;
    return n;
}
static int
__builtin_popcount(unsigned x)
{
    int n = 0;
    for (; x; x &= x - 1)
        n++;
    return n;
}
static int
__builtin_popcountll(unsigned long long x)
{
    int n = 0;
    for (; x; x &= x - 1)
        n++;
    return n;
}
#define __builtin_expect(x, y) (x)
#endif

#endif
