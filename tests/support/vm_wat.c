#include "tests/support/vm_wat.h"

#include "net/base/buf.h"

#define P1 "i64 "
#define P2 P1 P1
#define P3 P2 P1
#define P4 P3 P1
#define P5 P4 P1
#define P6 P5 P1
#define P7 P6 P1
#define P8 P7 P1
#define P9 P8 P1
#define PARAMS_I0 ""
#define PARAMS_I1 P1
#define PARAMS_I2 P2
#define PARAMS_I3 P3
#define PARAMS_I4 P4
#define PARAMS_I5 P5
#define PARAMS_I6 P6
#define PARAMS_I7 P7
#define PARAMS_I8 P8
#define PARAMS_I9 P9
#define PARAMS_i1 "i32"
#define PARAMS_i4 "i32 i32 i32 i32"
#define RESULT_v ""
#define RESULT_I "(result i64)"
#define RESULT_i "(result i32)"

static const struct {
    const char *name, *params, *result;
} imports[] = {
#define X(name, result, params) {#name, PARAMS_##params, RESULT_##result},
#include "contract/wasm/imports.def"
#undef X
};

static const char memory[] =
    "(memory 1)"
    "(data (i32.const 0) \"bob.test.near\")"
    "(data (i32.const 32) \"method\")"
    "(data (i32.const 48) \"{}\")"
    "(data (i32.const 80) \"\\01\")"
    "(data (i32.const 96) \"\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\ff\")"
    "(data (i32.const 128) \"key\")"
    "(data (i32.const 160) \"value\")"
    "(data (i32.const 192) \"\\00abcdefghijklmnopqrstuvwxyz012345\")"
    "(data (i32.const 256) \"contract.test.near\")";

void
vm_wat_run(struct vm_case *c, const char *body)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_add_c(&text, "(module ");
    for (size_t i = 0; i < ARRAY_LEN(imports); i++)
        buf_addf(&text, "(import \"env\" \"%s\" (func $%s (param %s) %s))\n", imports[i].name,
                 imports[i].name, imports[i].params, imports[i].result);
    buf_addf(&text, "%s (func (export \"main\") (local $i i64) %s))", memory, body);
    const struct module *m = vm_module_wat(buf_c(&text));
    buf_release(&text);
    vm_case_run(c, m, "main");
}

uint64_t
vm_wat_host_gas(const struct vm_case *c)
{
    return c->out.gas_burnt - vm_case_cost(c, "CONTRACT_LOADING_BASE") -
           vm_case_cost(c, "CONTRACT_LOADING_BYTES") - vm_case_cost(c, "WASM_INSTRUCTION");
}

uint64_t
vm_wat_reserved(const struct vm_case *c)
{
    return c->out.gas_used - c->out.gas_burnt;
}
