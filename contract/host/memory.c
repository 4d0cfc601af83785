/* What a contract hands over: its memory and its registers. */
#include <string.h>
#include "contract/host/host.h"
#include "net/base/utf8.h"
#include "net/base/xalloc.h"

struct str
guest_memory(struct host *h, uint64_t length, uint64_t at)
{
    pay(h, COST_READ_MEMORY_BASE);
    pay_bytes(h, COST_READ_MEMORY_BYTE, length);
    const uint8_t *p = runtime_range(at, length);
    if (!p)
        host_fail(h, HOST_MEMORY_ACCESS);
    return str_of(p, (size_t)length);
}

struct str
guest_bytes(struct host *h, uint64_t length, uint64_t at)
{
    if (length != UINT64_MAX)
        return guest_memory(h, length, at);
    const struct vm_register *r = register_find(h, at);
    if (!r)
        host_fail_at(h, HOST_INVALID_REGISTER, at);
    pay(h, COST_READ_REGISTER_BASE);
    pay_bytes(h, COST_READ_REGISTER_BYTE, r->value.n);
    return r->value;
}

struct amount
guest_u128(struct host *h, uint64_t at)
{
    struct str bytes = guest_memory(h, 16, at);
    struct amount value;
    memcpy(&value.lo, bytes.p, 8);
    memcpy(&value.hi, bytes.p + 8, 8);
    return value;
}

void
guest_write(struct host *h, uint64_t at, struct str bytes)
{
    pay(h, COST_WRITE_MEMORY_BASE);
    pay_bytes(h, COST_WRITE_MEMORY_BYTE, bytes.n);
    uint8_t *p = runtime_range(at, bytes.n);
    if (!p)
        host_fail(h, HOST_MEMORY_ACCESS);
    if (bytes.n)
        memcpy(p, bytes.p, bytes.n);
}

void
guest_put_u128(struct host *h, uint64_t at, struct amount value)
{
    char bytes[16];
    memcpy(bytes, &value.lo, 8);
    memcpy(bytes + 8, &value.hi, 8);
    guest_write(h, at, str_of(bytes, sizeof(bytes)));
}

static NORETURN void
fail_log_length(struct host *h, uint64_t more)
{
    uint64_t total = more > UINT64_MAX - h->log_bytes ? UINT64_MAX : h->log_bytes + more;
    host_fail_limit(h, HOST_LOG_LENGTH, total, HOST_MAX_LOG_BYTES);
}

static uint64_t
log_room(const struct host *h)
{
    return HOST_MAX_LOG_BYTES - h->log_bytes;
}

/* Bytes up to a NUL, each paid as it is looked at, the NUL too. */
static struct str
guest_terminated(struct host *h, uint64_t at)
{
    for (uint64_t n = 0;; n++) {
        if (n > log_room(h))
            fail_log_length(h, n);
        struct str byte = guest_memory(h, 1, at + n);
        if (byte.p[0] == '\0')
            return str_of(byte.p - n, (size_t)n);
    }
}

struct str
guest_utf8(struct host *h, uint64_t length, uint64_t at)
{
    struct str text;
    pay(h, COST_UTF8_DECODING_BASE);
    if (length != UINT64_MAX) {
        if (length > log_room(h))
            fail_log_length(h, length);
        text = guest_memory(h, length, at);
    } else {
        text = guest_terminated(h, at);
    }
    pay_bytes(h, COST_UTF8_DECODING_BYTE, text.n);
    if (!utf8_is_valid(text))
        host_fail(h, HOST_BAD_UTF8);
    return text;
}

static struct str
from_utf16(struct host *h, struct str units)
{
    char *out = arena_alloc(h->arena, units.n / 2 * 3 + 1);
    size_t n = 0;
    for (size_t i = 0; i + 1 < units.n; i += 2) {
        uint32_t c = (uint32_t)(uint8_t)units.p[i] | (uint32_t)(uint8_t)units.p[i + 1] << 8;
        if (c >= 0xD800 && c <= 0xDBFF && i + 3 < units.n) {
            uint32_t low = (uint32_t)(uint8_t)units.p[i + 2] |
                           (uint32_t)(uint8_t)units.p[i + 3] << 8;
            if (low < 0xDC00 || low > 0xDFFF)
                host_fail(h, HOST_BAD_UTF16);
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        } else if (c >= 0xD800 && c <= 0xDFFF) {
            host_fail(h, HOST_BAD_UTF16);
        }
        n += (size_t)utf8_put(out + n, c);
    }
    return str_of(out, n);
}

/* Units up to a zero, each paid as it is looked at. */
static struct str
guest_terminated16(struct host *h, uint64_t at)
{
    for (uint64_t n = 0;; n += 2) {
        if (n > log_room(h))
            fail_log_length(h, n);
        struct str unit = guest_memory(h, 2, at + n);
        if (unit.p[0] == '\0' && unit.p[1] == '\0')
            return str_of(unit.p - n, (size_t)n);
    }
}

struct str
guest_utf16(struct host *h, uint64_t length, uint64_t at)
{
    pay(h, COST_UTF16_DECODING_BASE);
    struct str units =
        length == UINT64_MAX ? guest_terminated16(h, at) : guest_memory(h, length, at);
    if (units.n % 2)
        host_fail(h, HOST_BAD_UTF16);
    if (units.n > log_room(h))
        fail_log_length(h, units.n);
    pay_bytes(h, COST_UTF16_DECODING_BYTE, units.n);
    return from_utf16(h, units);
}

struct str
guest_account(struct host *h, uint64_t length, uint64_t at)
{
    struct str text = guest_bytes(h, length, at);
    pay(h, COST_UTF8_DECODING_BASE);
    pay_bytes(h, COST_UTF8_DECODING_BYTE, text.n);
    if (!utf8_is_valid(text))
        host_fail(h, HOST_BAD_UTF8);
    return arena_str(h->arena, text);
}

const struct vm_register *
register_find(const struct host *h, uint64_t number)
{
    for (size_t i = 0; i < h->register_count; i++) {
        if (h->registers[i].number == number)
            return &h->registers[i];
    }
    return NULL;
}

void
register_set(struct host *h, uint64_t number, struct str value)
{
    pay(h, COST_WRITE_REGISTER_BASE);
    pay_bytes(h, COST_WRITE_REGISTER_BYTE, value.n);
    struct vm_register *r = NULL;
    for (size_t i = 0; i < h->register_count; i++) {
        if (h->registers[i].number == number)
            r = &h->registers[i];
    }
    /* Even replacing one fails when all are there: the node counts before it looks. */
    uint64_t total = h->register_bytes + value.n + 8 - (r ? r->value.n + 8 : 0);
    if (h->register_count == HOST_MAX_REGISTERS || value.n > HOST_MAX_REGISTER_BYTES ||
        total > HOST_MAX_REGISTERS_TOTAL)
        host_fail(h, HOST_MEMORY_ACCESS);
    char *copy = xmemdup(value.p, value.n);
    if (!r) {
        r = &h->registers[h->register_count++];
        *r = (struct vm_register){.number = number};
    }
    xfree((void *)(uintptr_t)r->value.p);
    r->value = str_of(copy, value.n);
    h->register_bytes = total;
}

void
registers_release(struct host *h)
{
    for (size_t i = 0; i < h->register_count; i++)
        xfree((void *)(uintptr_t)h->registers[i].value.p);
    h->register_count = 0;
}
