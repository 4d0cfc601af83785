#include "contract/host/vm.h"

#include "contract/host/host.h"

/* Code that is deployed while the program runs finds the host's functions by name when it is
 * loaded. The table is what keeps the linker from leaving out those that nothing here calls. */
static void (*const host_functions[])(void) __attribute__((used)) = {
#define X(name, result, params) (void (*)(void))HOST(name),
#include "contract/wasm/imports.def"
#undef X
};

struct host *
host_of(struct Z_env_instance_t *env)
{
    return (struct host *)(void *)env;
}

/* --- one run --------------------------------------------------------------------------- */

struct run {
    struct host *host;
    size_t method;
};

static void
guest(void *argument)
{
    struct run *run = argument;
    struct host *h = run->host;
    const struct module *m = h->module;
    pay_bytes(h, COST_CONTRACT_LOADING_BYTES, m->code_size);
    pay(h, COST_CONTRACT_LOADING_BASE);
    if (m->has_link_error)
        host_fail_link(h, m->link_error);
    m->native->instantiate(m->instance, &h->env);
    if (m->native->start)
        m->native->start(m->instance);
    m->native->methods[run->method](m->instance);
}

/* The node's words for what stopped the contract; empty when the host has said it already. */
static void
explain(struct host *h, enum runtime_end end)
{
    static const struct {
        const char *text, *view;
    } traps[] = {
        [END_UNREACHABLE] = {"An `unreachable` opcode was executed.", "Unreachable"},
        [END_MEMORY] = {"Memory out of bounds trap.", "MemoryOutOfBounds"},
        [END_NULL_CALL] = {"Indirect call to null.", "IndirectCallToNull"},
        [END_SIGNATURE] = {"Call indirect incorrect signature trap.",
                           "IncorrectCallIndirectSignature"},
        [END_ARITHMETIC] = {"An arithmetic exception, e.g. divided by zero.",
                            "IllegalArithmetic"},
        [END_STACK] = {"Stack overflow.", "StackOverflow"},
    };
    switch (end) {
    case END_RETURNED: return;
    case END_STOPPED: break;
    case END_GAS: gas_note_failure(h); break;
    case END_UNREACHABLE:
    case END_MEMORY:
    case END_NULL_CALL:
    case END_SIGNATURE:
    case END_ARITHMETIC:
    case END_STACK: host_note_trap(h, traps[end].text, traps[end].view); break;
    }
    h->out->error = VM_EXECUTION;
    h->out->view_error = str_from(h->view_error);
}

static void
finish(struct host *h, enum runtime_end end)
{
    struct vm_outcome *out = h->out;
    explain(h, end);
    out->gas_burnt = gas_burnt(h);
    out->gas_used = out->gas_burnt + h->promised;
    gas_profile(h);
    if (out->error == VM_OK) {
        promise_distribute_gas(h);
        out->receipts =
            arena_copy(h->arena, h->receipts, h->receipt_count * sizeof(*h->receipts));
        out->receipt_count = h->receipt_count;
        return;
    }
    out->resume_count = 0;
    out->balance = h->in->balance;
    out->storage_usage = h->in->storage_usage;
    out->returns = VM_RETURN_NOTHING;
    out->value = (struct str){0};
}

static bool
find_method(const struct module *m, struct str method, struct vm_outcome *out, size_t *index)
{
    if (method.n == 0) {
        out->error = VM_METHOD_EMPTY_NAME;
        out->view_error = STR("MethodResolveError(MethodEmptyName)");
        return false;
    }
    ptrdiff_t at = module_find_method(m, method);
    if (at < 0) {
        out->error = VM_METHOD_NOT_FOUND;
        out->view_error = STR("MethodResolveError(MethodNotFound)");
        return false;
    }
    if (m->methods[at].has_bad_signature) {
        out->error = VM_METHOD_INVALID_SIGNATURE;
        out->view_error = STR("MethodResolveError(MethodInvalidSignature)");
        return false;
    }
    *index = (size_t)at;
    return true;
}

void
vm_run(const struct module *m, struct str method, const struct vm_context *context,
       struct arena *arena, struct vm_outcome *out)
{
    *out = (struct vm_outcome){.balance = context->balance,
                               .storage_usage = context->storage_usage};
    struct run run = {0};
    if (!find_method(m, method, out, &run.method))
        return;
    /* Large, and never two at a time: not worth clearing for every call. */
    static struct promise promises[HOST_MAX_PROMISES];
    static struct vm_receipt receipts[HOST_MAX_PROMISES];
    struct host *h = arena_alloc(arena, sizeof(*h));
    h->module = m;
    h->in = context;
    h->out = out;
    h->arena = arena;
    h->promises = promises;
    h->receipts = receipts;
    out->logs = arena_array(arena, HOST_MAX_LOGS, sizeof(*out->logs));
    gas_start(h);
    run.host = h;
    enum runtime_end end = runtime_run(guest, &run);
    if (m->native)
        m->native->release(m->instance);
    runtime_clear_memory();
    finish(h, end);
    registers_release(h);
}
