/* The compiled code against an interpreter: wabt's wasm-interp says what each of thousands of
 * random expressions comes to, or that it traps. That interpreter keeps a NaN's payload, which
 * the node does not, so its module does in wasm what the metering pass does by hooks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "contract/wasm/native.h"
#include "contract/wasm/runtime.h"
#include "net/base/file.h"
#include "net/base/xalloc.h"
#include "tests/support/wasm_random.h"

enum { CASES = 2000, MAX_WASM = MODULE_MAX_BYTES, GAS = 1 << 30 };

struct answer {
    bool is_trap;
    uint64_t bits;
};

/* Lines "c12() =>", "c12() => error: integer overflow", "r12() => i64:5", case by case. */
static void
ask_interpreter(struct str wasm, struct answer answers[CASES])
{
    char path[] = "/tmp/neartop-oracle-XXXXXX", command[128], line[256];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(file_write(path, wasm, 0600, NULL), OK);
    snprintf(command, sizeof(command), "wasm-interp --run-all-exports %s", path);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    uint32_t seen = 0, number;
    while (fgets(line, sizeof(line), out)) {
        const char *value = strstr(line, "i64:");
        if (sscanf(line, "c%" SCNu32 "()", &number) == 1 && number < CASES) {
            answers[number].is_trap = strstr(line, "error") != NULL;
        } else if (value && sscanf(line, "r%" SCNu32 "()", &number) == 1 && number < CASES) {
            answers[number].bits = strtoull(value + 4, NULL, 10);
            seen++;
        }
    }
    pclose(out);
    unlink(path);
    assert_int_equal(seen, CASES);
}

struct run {
    const struct module *module;
    struct Z_env_instance_t env;
    size_t method;
};

static void
instantiate(void *argument)
{
    struct run *r = argument;
    r->module->native->instantiate(r->module->instance, &r->env);
}

static void
call(void *argument)
{
    struct run *r = argument;
    r->module->native->methods[r->method](r->module->instance);
}

static void
ask_ourselves(const struct module *m, struct answer answers[CASES])
{
    struct run r = {.module = m, .env = {.gas_left = INT64_MAX, .stack_left = 262144}};
    assert_int_equal(runtime_run(instantiate, &r), END_RETURNED);
    for (uint32_t i = 0; i < CASES; i++) {
        char name[16];
        snprintf(name, sizeof(name), "c%u", i);
        ptrdiff_t at = module_find_method(m, str_from(name));
        assert_true(at >= 0);
        r.method = (size_t)at;
        r.env.stack_left = 262144;
        enum runtime_end end = runtime_run(call, &r);
        assert_true(end == END_RETURNED || end == END_ARITHMETIC);
        answers[i].is_trap = end == END_ARITHMETIC;
        memcpy(&answers[i].bits, runtime_range(8 * i, 8), 8);
    }
    m->native->release(m->instance);
    runtime_clear_memory();
}

static void
compare(uint32_t seed)
{
    struct answer *theirs = xcalloc(CASES, sizeof(*theirs));
    struct answer *ours = xcalloc(CASES, sizeof(*ours));
    struct buf plain, canonical;
    enum prepare_error refused;
    struct diag d = {0};
    buf_init(&plain, MAX_WASM);
    buf_init(&canonical, MAX_WASM);
    wasm_random(seed, CASES, false, &plain);
    wasm_random(seed, CASES, true, &canonical);
    struct hash hash = hash_of_bytes(buf_str(&plain));
    const struct module *m = module_of_code(buf_str(&plain), &hash, &refused, &d);
    if (!m)
        fail_msg("%s", diag_text(&d));
    ask_interpreter(buf_str(&canonical), theirs);
    ask_ourselves(m, ours);
    int traps = 0;
    for (uint32_t i = 0; i < CASES; i++) {
        traps += theirs[i].is_trap;
        if (ours[i].is_trap != theirs[i].is_trap || ours[i].bits != theirs[i].bits)
            fail_msg("seed %u, case %u: %s%016" PRIx64 " instead of %s%016" PRIx64, seed, i,
                     ours[i].is_trap ? "trap " : "", ours[i].bits,
                     theirs[i].is_trap ? "trap " : "", theirs[i].bits);
    }
    /* Else the generator has lost its teeth. */
    assert_true(traps > CASES / 50 && traps < CASES / 2);
    buf_release(&plain);
    buf_release(&canonical);
    xfree(theirs);
    xfree(ours);
}

static void
code__computes__what_the_interpreter_does(void **state)
{
    const char *own = getenv("SEED");
    uint32_t first = own ? (uint32_t)strtoul(own, NULL, 10) : 1;
    (void)state;
    for (uint32_t seed = first; seed < first + 2; seed++)
        compare(seed);
}

static int
tear_down(void **state)
{
    (void)state;
    module_forget_all();
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code__computes__what_the_interpreter_does),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
