/* Stand-ins for the host functions, for tests of what lies below: each ends the contract. */
#include <inttypes.h>
#include "contract/wasm/rt_guest.h"
#include "contract/wasm/runtime.h"

#define UNUSED __attribute__((unused))
#define RESULT_v void
#define RESULT_I uint64_t
#define RESULT_i uint32_t
#define PARAMS_I0 UNUSED struct Z_env_instance_t *env
#define PARAMS_I1 PARAMS_I0, UNUSED uint64_t a
#define PARAMS_I2 PARAMS_I1, UNUSED uint64_t b
#define PARAMS_I3 PARAMS_I2, UNUSED uint64_t c
#define PARAMS_I4 PARAMS_I3, UNUSED uint64_t d
#define PARAMS_I5 PARAMS_I4, UNUSED uint64_t e
#define PARAMS_I6 PARAMS_I5, UNUSED uint64_t f
#define PARAMS_I7 PARAMS_I6, UNUSED uint64_t g
#define PARAMS_I8 PARAMS_I7, UNUSED uint64_t h
#define PARAMS_I9 PARAMS_I8, UNUSED uint64_t i
#define PARAMS_i1 UNUSED struct Z_env_instance_t *env, UNUSED uint32_t a
#define PARAMS_i4 PARAMS_i1, UNUSED uint32_t b, UNUSED uint32_t c, UNUSED uint32_t d
#define X(name, result, params)                                                              \
    RESULT_##result Z_envZ_##name(PARAMS_##params);                                          \
    RESULT_##result Z_envZ_##name(PARAMS_##params)                                           \
    {                                                                                        \
        runtime_stop();                                                                      \
    }
#include "contract/wasm/imports.def"
#undef X
