/* Ending a call, in the node's words. */
#include <inttypes.h>
#include <string.h>
#include "contract/host/host.h"
#include "net/base/utf8.h"

static void
say(struct host *h, const char *sentence, const char *debug)
{
    h->out->error_text = str_from(sentence);
    h->view_error = arena_printf(h->arena, "HostError(%s)", debug);
}

/* Every row of the table with its own number of arguments, so that the compiler checks them. */
static void
explain(struct host *h, enum host_error e, uint64_t a, uint64_t b, const char *name)
{
    switch (e) {
#define E0(id, sentence, debug) case HOST_##id: say(h, sentence, debug); return;
#define E1(id, sentence, debug)                                                              \
    case HOST_##id:                                                                          \
        say(h, arena_printf(h->arena, sentence, a), arena_printf(h->arena, debug, a));       \
        return;
#define E2(id, sentence, debug)                                                              \
    case HOST_##id:                                                                          \
        say(h, arena_printf(h->arena, sentence, a, b), arena_printf(h->arena, debug, a, b)); \
        return;
#define ES(id, sentence, debug)                                                              \
    case HOST_##id:                                                                          \
        say(h, arena_printf(h->arena, sentence, name), arena_printf(h->arena, debug, name)); \
        return;
#include "contract/host/error.def"
#undef E0
#undef E1
#undef E2
#undef ES
    }
}

void
host_note(struct host *h, enum host_error e)
{
    explain(h, e, 0, 0, "");
}

void
host_fail(struct host *h, enum host_error e)
{
    explain(h, e, 0, 0, "");
    runtime_stop();
}

void
host_fail_at(struct host *h, enum host_error e, uint64_t number)
{
    explain(h, e, number, 0, "");
    runtime_stop();
}

void
host_fail_limit(struct host *h, enum host_error e, uint64_t number, uint64_t limit)
{
    explain(h, e, number, limit, "");
    runtime_stop();
}

void
host_fail_name(struct host *h, enum host_error e, const char *name)
{
    explain(h, e, 0, 0, name);
    runtime_stop();
}

void
host_not_in_view(struct host *h, const char *function)
{
    if (h->in->is_view)
        host_fail_name(h, HOST_PROHIBITED_IN_VIEW, function);
}

/* A string as Rust's debug print shows it. */
static void
quote(struct buf *out, struct str s)
{
    static const char escaped[] = "\"\\\n\r\t\0", letters[] = "\"\\nrt0";
    buf_add_byte(out, '"');
    while (s.n) {
        struct str rest = s;
        uint32_t scalar = utf8_take(&rest);
        const char *known = NULL;
        if (scalar < 0x80)
            known = memchr(escaped, (int)scalar, sizeof(escaped) - 1);
        if (known)
            buf_addf(out, "\\%c", letters[known - escaped]);
        else if (scalar < 0x20 || (scalar >= 0x7F && scalar < 0xA0))
            buf_addf(out, "\\u{%x}", (unsigned)scalar);
        else
            buf_add(out, s.p, s.n - rest.n);
        s = rest;
    }
    buf_add_byte(out, '"');
}

void
host_panic(struct host *h, struct str message)
{
    static const char head[] = "Smart contract panicked: ";
    struct buf text;
    buf_init(&text, HOST_MAX_LOG_BYTES * 8 + sizeof(head));
    buf_add_c(&text, head);
    buf_add_str(&text, message);
    h->out->error_text = arena_str(h->arena, buf_str(&text));
    buf_clear(&text);
    buf_add_c(&text, "HostError(GuestPanic { panic_msg: ");
    quote(&text, message);
    buf_add_c(&text, " })");
    h->view_error = arena_c(h->arena, buf_str(&text));
    buf_release(&text);
    runtime_stop();
}

void
host_fail_link(struct host *h, struct str what)
{
    struct buf text;
    buf_init(&text, HOST_MAX_LOG_BYTES);
    h->out->error_text = str_from(arena_printf(h->arena, "Link Error: %.*s", STR_ARG(what)));
    buf_add_c(&text, "LinkError { msg: ");
    quote(&text, what);
    buf_add_c(&text, " }");
    h->view_error = arena_c(h->arena, buf_str(&text));
    buf_release(&text);
    runtime_stop();
}

void
host_note_trap(struct host *h, const char *sentence, const char *name)
{
    h->out->error_text = str_from(arena_printf(h->arena, "WebAssembly trap: %s", sentence));
    h->view_error = arena_printf(h->arena, "WasmTrap(%s)", name);
}
