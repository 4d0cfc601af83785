/* Logs and panics. */
#include "contract/host/host.h"

static void
check_log_count(struct host *h)
{
    if (h->out->log_count >= HOST_MAX_LOGS)
        host_fail_at(h, HOST_TOO_MANY_LOGS, HOST_MAX_LOGS);
}

static void
pay_log(struct host *h, size_t bytes)
{
    pay(h, COST_LOG_BASE);
    pay_bytes(h, COST_LOG_BYTE, bytes);
}

static void
add_log(struct host *h, struct str text)
{
    h->log_bytes += text.n;
    /* Possible only for text that grew on its way from UTF-16, or got a head. The node has
     * counted the text already when it adds its length to say how long all would be. */
    if (h->log_bytes > HOST_MAX_LOG_BYTES)
        host_fail_limit(h, HOST_LOG_LENGTH, h->log_bytes + text.n, HOST_MAX_LOG_BYTES);
    h->out->logs[h->out->log_count++] = arena_str(h->arena, text);
}

void
HOST(log_utf8)(struct Z_env_instance_t *env, uint64_t length, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    check_log_count(h);
    struct str text = guest_utf8(h, length, at);
    pay_log(h, text.n);
    add_log(h, text);
}

void
HOST(log_utf16)(struct Z_env_instance_t *env, uint64_t length, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    check_log_count(h);
    struct str text = guest_utf16(h, length, at);
    pay_log(h, text.n);
    add_log(h, text);
}

void
HOST(panic)(struct Z_env_instance_t *env)
{
    pay(host_of(env), COST_BASE);
    host_panic(host_of(env), STR("explicit guest panic"));
}

void
HOST(panic_utf8)(struct Z_env_instance_t *env, uint64_t length, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    host_panic(h, guest_utf8(h, length, at));
}

/* Length of an AssemblyScript string, which stands before it. */
static uint32_t
string_length(struct host *h, uint32_t at)
{
    struct str bytes = guest_memory(h, 4, at - 4);
    uint32_t length = 0;
    for (size_t i = 4; i-- > 0;)
        length = length << 8 | (uint8_t)bytes.p[i];
    return length;
}

/* What AssemblyScript's runtime calls. */
void
HOST(abort)(struct Z_env_instance_t *env, uint32_t message_at, uint32_t file_at, uint32_t line,
            uint32_t column)
{
    static const char head[] = "ABORT: ";
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    if (message_at < 4 || file_at < 4)
        host_fail(h, HOST_BAD_UTF16);
    check_log_count(h);
    uint32_t message_length = string_length(h, message_at);
    uint32_t file_length = string_length(h, file_at);
    struct str message = guest_utf16(h, message_length, message_at);
    struct str file = guest_utf16(h, file_length, file_at);
    struct buf b;
    buf_init(&b, HOST_MAX_LOG_BYTES * 4);
    buf_add_c(&b, head);
    buf_add_str(&b, message);
    buf_add_c(&b, ", filename: \"");
    buf_add_str(&b, file);
    buf_addf(&b, "\" line: %u col: %u", line, column);
    struct str text = arena_str(h->arena, buf_str(&b));
    buf_release(&b);
    struct str without_head = str_slice(text, sizeof(head) - 1, text.n);
    pay_log(h, without_head.n);
    add_log(h, text);
    host_panic(h, without_head);
}
