#define _GNU_SOURCE
#include "contract/wasm/runtime.h"

#include <assert.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include "contract/wasm/meter.h"
#include "contract/wasm/rt_guest.h"
#include "net/base/map.h"
#include "net/base/xalloc.h"

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#ifdef WITH_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

enum {
    PAGE_BYTES = 65536,
    MEMORY_BYTES = METER_MEMORY_MAX_PAGES * PAGE_BYTES,
    /* Reserved, not used: frames of the native code are larger than those that the protocol
     * counts, by far less than this factor with the compilers in use. */
    STACK_BYTES = 256 * 1024 * 1024,
    /* Larger than any frame of one function can be, so that none steps over it. */
    GUARD_BYTES = 64 * 1024 * 1024,
    KEPT_STACK_BYTES = 256 * 1024,      /* what deeper calls touched goes back to the system */
    SIGNAL_STACK_BYTES = 64 * 1024
};

static struct {
    uint8_t *memory;                /* reserved once for the process */
    uint8_t *stack;
    wasm_rt_memory_t *current;      /* the running contract's, or NULL */
    uint32_t most_pages;            /* touched since the last clearing, at most */
    bool is_running;
    ucontext_t host, guest;
    jmp_buf out;
    struct sigaction former;        /* whose faults are not ours */
    runtime_fn fn;
    void *argument;
    enum runtime_end end;
} rt;

static NORETURN void
leave(enum runtime_end end)
{
    assert(rt.is_running);
    rt.end = end;
    longjmp(rt.out, 1);
}

static void *
reserve(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        fatal("no %zu MiB of address space for contracts", bytes >> 20);
    return p;
}

/* On a stack of its own, since the contract's is what has run out. */
static void
on_fault(int number, siginfo_t *info, void *context)
{
    const uint8_t *at = info->si_addr;
    (void)number, (void)context;
    if (rt.is_running && at >= rt.stack && at < rt.stack + GUARD_BYTES)
        leave(END_STACK);
    /* A fault of the host: it happens again on return, and then as if we were not here. */
    sigaction(SIGSEGV, &rt.former, NULL);
}

static void
watch_guard(void)
{
    static char memory[SIGNAL_STACK_BYTES];
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof(memory)};
    struct sigaction action = {.sa_sigaction = on_fault,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    if (sigaltstack(&stack, NULL) != 0 || sigaction(SIGSEGV, &action, &rt.former) != 0)
        fatal("the guard below the contract's stack cannot be watched");
}

static void
start(void)
{
    if (rt.memory)
        return;
    rt.memory = reserve(MEMORY_BYTES);
    rt.stack = reserve(STACK_BYTES);
    if (mprotect(rt.stack, GUARD_BYTES, PROT_NONE) != 0)
        fatal("the guard below the contract's stack cannot be set");
    watch_guard();
}

#ifdef WITH_ASAN
static const void *host_bottom;
static size_t host_size;
#endif

/* The sanitizer follows the stack pointer; each switch has to be announced to it. */
static void
announce_entry(void)
{
#ifdef WITH_ASAN
    __sanitizer_finish_switch_fiber(NULL, &host_bottom, &host_size);
#endif
}

static void
announce_exit(void)
{
#ifdef WITH_ASAN
    __sanitizer_start_switch_fiber(NULL, host_bottom, host_size);
#endif
}

static void
guest_main(void)
{
    announce_entry();
    if (setjmp(rt.out) == 0) {
        rt.fn(rt.argument);
        rt.end = END_RETURNED;
    }
    announce_exit();
}

enum runtime_end
runtime_run(runtime_fn fn, void *argument)
{
    start();
    assert(!rt.is_running);
    rt.fn = fn;
    rt.argument = argument;
    rt.is_running = true;
    getcontext(&rt.guest);
    rt.guest.uc_stack.ss_sp = rt.stack + GUARD_BYTES;
    rt.guest.uc_stack.ss_size = STACK_BYTES - GUARD_BYTES;
    rt.guest.uc_link = &rt.host;
    makecontext(&rt.guest, guest_main, 0);
#ifdef WITH_ASAN
    void *fake_stack = NULL;
    __sanitizer_start_switch_fiber(&fake_stack, rt.guest.uc_stack.ss_sp,
                                   rt.guest.uc_stack.ss_size);
#endif
    swapcontext(&rt.host, &rt.guest);
#ifdef WITH_ASAN
    __sanitizer_finish_switch_fiber(fake_stack, NULL, NULL);
#endif
    rt.is_running = false;
    return rt.end;
}

void
runtime_stop(void)
{
    leave(END_STOPPED);
}

uint8_t *
runtime_range(uint64_t offset, uint64_t length)
{
    uint64_t size = rt.current ? rt.current->size : 0;
    if (length > size || offset > size - length)
        return NULL;
    return rt.memory + offset;
}

void
runtime_clear_memory(void)
{
    rt.current = NULL;
    if (rt.most_pages)
        madvise(rt.memory, (size_t)rt.most_pages * PAGE_BYTES, MADV_DONTNEED);
    rt.most_pages = 0;
    if (rt.stack)
        madvise(rt.stack + GUARD_BYTES, STACK_BYTES - GUARD_BYTES - KEPT_STACK_BYTES,
                MADV_DONTNEED);
}

/* --- what generated code calls --------------------------------------------------------- */

bool
wasm_rt_is_initialized(void)
{
    return true;
}

void
wasm_rt_trap(wasm_rt_trap_t code)
{
    switch ((int)code) {
    case RT_TRAP_GAS: leave(END_GAS);
    case RT_TRAP_STACK:
    case WASM_RT_TRAP_EXHAUSTION: leave(END_STACK);
    case RT_TRAP_TABLE_RANGE:
    case WASM_RT_TRAP_OOB: leave(END_MEMORY);
    case RT_TRAP_NULL_CALL: leave(END_NULL_CALL);
    case RT_TRAP_SIGNATURE: leave(END_SIGNATURE);
    case WASM_RT_TRAP_INT_OVERFLOW:
    case WASM_RT_TRAP_DIV_BY_ZERO:
    case WASM_RT_TRAP_INVALID_CONVERSION: leave(END_ARITHMETIC);
    }
    leave(END_UNREACHABLE);
}

/* Equal types of different modules get equal numbers, as call_indirect compares them. There is
 * no end to how many contracts may bring, one after the other. */
uint32_t
wasm_rt_register_func_type(uint32_t params, uint32_t results, ...)
{
    struct known_type {
        uint32_t number;
        uint8_t length, text[METER_MAX_PARAMETERS + 2];
    };
    static struct map known;
    struct known_type type = {.number = 0};
    if (params > METER_MAX_PARAMETERS || results > 1)
        fatal("a contract has a function type that was not let through");
    type.text[type.length++] = (uint8_t)params;
    va_list args;
    va_start(args, results);
    for (uint32_t i = 0; i < params + results; i++)
        type.text[type.length++] = (uint8_t)va_arg(args, int);
    va_end(args);
    struct known_type *same = map_get(&known, str_of(type.text, type.length));
    if (!same) {
        type.number = (uint32_t)known.live + 1;
        same = xmemdup(&type, sizeof(type));
        map_put(&known, str_of(same->text, same->length), same);
    }
    return same->number;
}

void
wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint32_t initial_pages, uint32_t max_pages)
{
    start();
    memory->data = rt.memory;
    memory->pages = initial_pages;
    memory->max_pages = max_pages;
    memory->size = initial_pages * PAGE_BYTES;
    rt.current = memory;
    rt.most_pages = initial_pages;
}

uint32_t
wasm_rt_grow_memory(wasm_rt_memory_t *memory, uint32_t delta)
{
    uint32_t old = memory->pages;
    if (delta > memory->max_pages - old)
        return UINT32_MAX;
    memory->pages = old + delta;
    memory->size = memory->pages * PAGE_BYTES;
    if (memory->pages > rt.most_pages)
        rt.most_pages = memory->pages;
    return old;
}

void
wasm_rt_free_memory(wasm_rt_memory_t *memory)
{
    (void)memory;
}

void
wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t *table, uint32_t elements, uint32_t max)
{
    table->size = elements;
    table->max_size = max;
    table->data = xcalloc(elements, sizeof(*table->data));
}

void
wasm_rt_free_funcref_table(wasm_rt_funcref_table_t *table)
{
    xfree(table->data);
    table->data = NULL;
}
