/* What a contract may import but not use here. Saying so beats a wrong answer. */
#include "contract/host/host.h"

#define UNUSED __attribute__((unused))
#define NAMED_I2 struct Z_env_instance_t *env, UNUSED uint64_t a, UNUSED uint64_t b
#define NAMED_I3 NAMED_I2, UNUSED uint64_t c
#define NAMED_I4 NAMED_I3, UNUSED uint64_t d
#define NAMED_I7 NAMED_I4, UNUSED uint64_t e, UNUSED uint64_t f, UNUSED uint64_t g
#define X(name, result, params)                                                              \
    RESULT_##result HOST(name)(NAMED_##params)                                               \
    {                                                                                        \
        host_fail_name(host_of(env), HOST_NOT_AVAILABLE, #name);                             \
    }
#include "contract/host/absent.def"
#undef X
