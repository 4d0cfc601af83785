#include "contract/host/vm.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "contract/host/host.h"
#include "net/base/xalloc.h"

struct host *
host_of(struct Z_env_instance_t *env)
{
    return (struct host *)(void *)env;
}

void
host_fail(struct host *h, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    h->out->error_text = arena_str(h->arena, str_from(text));
    h->view_error = arena_printf(h->arena, "HostError(%s)", text);
    runtime_stop();
}

void
host_panic(struct host *h, struct str message)
{
    static const char head[] = "Smart contract panicked: ";
    struct buf text;
    buf_init(&text, HOST_MAX_LOG_BYTES + sizeof(head));
    buf_add_c(&text, head);
    buf_add_str(&text, message);
    h->out->error_text = arena_str(h->arena, buf_str(&text));
    buf_clear(&text);
    buf_release(&text);
    /* The node prints the message with Rust's escapes. */
    buf_init(&text, HOST_MAX_LOG_BYTES * 2);
    buf_add_c(&text, "HostError(GuestPanic { panic_msg: \"");
    for (size_t i = 0; i < message.n; i++) {
        char c = message.p[i];
        if (c == '"' || c == '\\')
            buf_add_byte(&text, '\\');
        if (c == '\n')
            buf_add_c(&text, "\\n");
        else
            buf_add_byte(&text, c);
    }
    buf_add_c(&text, "\" })");
    h->view_error = arena_c(h->arena, buf_str(&text));
    buf_release(&text);
    runtime_stop();
}

void
host_fail_memory(struct host *h)
{
    h->out->error_text = STR("Accessed memory outside the bounds.");
    h->view_error = "HostError(MemoryAccessViolation)";
    runtime_stop();
}

void
host_fail_overflow(struct host *h)
{
    h->out->error_text = STR("Integer overflow.");
    h->view_error = "HostError(IntegerOverflow)";
    runtime_stop();
}

void
host_not_in_view(struct host *h, const char *function)
{
    if (!h->in->is_view)
        return;
    h->out->error_text =
        str_from(arena_printf(h->arena, "%s is not allowed in view calls", function));
    h->view_error = arena_printf(h->arena,
                                 "HostError(ProhibitedInView { method_name: \"%s\" })", function);
    runtime_stop();
}

/* --- one run --------------------------------------------------------------------------------- */

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
    if (m->has_link_error) {
        h->out->error_text =
            str_from(arena_printf(h->arena, "Link Error: %.*s", STR_ARG(m->link_error)));
        h->view_error = arena_printf(h->arena, "LinkError { msg: %.*s }", STR_ARG(m->link_error));
        runtime_stop();
    }
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
    case END_STACK:
        h->out->error_text =
            str_from(arena_printf(h->arena, "WebAssembly trap: %s", traps[end].text));
        h->view_error = arena_printf(h->arena, "WasmTrap(%s)", traps[end].view);
        break;
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
        out->receipts = h->receipts;
        out->receipt_count = h->receipt_count;
        return;
    }
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
    struct host *h = arena_alloc(arena, sizeof(*h));
    h->module = m;
    h->in = context;
    h->out = out;
    h->arena = arena;
    h->promises = arena_array(arena, HOST_MAX_PROMISES, sizeof(*h->promises));
    h->receipts = arena_array(arena, HOST_MAX_PROMISES, sizeof(*h->receipts));
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
