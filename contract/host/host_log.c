/* Logs and panics. */
#include "contract/host/host.h"

static void
check_log_count(struct host *h)
{
    if (h->out->log_count >= HOST_MAX_LOGS)
        host_fail(h, "The number of logs will exceed the limit %d", HOST_MAX_LOGS);
}

static void
add_log(struct host *h, struct str text)
{
    pay(h, COST_LOG_BASE);
    pay_bytes(h, COST_LOG_BYTE, text.n);
    h->log_bytes += text.n;
    h->out->logs[h->out->log_count++] = arena_str(h->arena, text);
}

void
HOST(log_utf8)(struct Z_env_instance_t *env, uint64_t length, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    check_log_count(h);
    add_log(h, guest_utf8(h, length, at));
}

void
HOST(log_utf16)(struct Z_env_instance_t *env, uint64_t length, uint64_t at)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    check_log_count(h);
    add_log(h, guest_utf16(h, length, at));
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

/* What AssemblyScript's runtime calls: UTF-16 strings with their length 4 bytes before. */
void
HOST(abort)(struct Z_env_instance_t *env, uint32_t message_at, uint32_t file_at, uint32_t line,
            uint32_t column)
{
    struct host *h = host_of(env);
    pay(h, COST_BASE);
    if (message_at < 4 || file_at < 4)
        host_fail(h, "String encoding is bad UTF-16 sequence.");
    check_log_count(h);
    uint32_t lengths[2];
    uint32_t places[2] = {message_at, file_at};
    for (int i = 0; i < 2; i++) {
        struct str bytes = guest_memory(h, 4, places[i] - 4);
        lengths[i] = 0;
        for (size_t j = 4; j-- > 0;)
            lengths[i] = lengths[i] << 8 | (uint8_t)bytes.p[j];
    }
    struct str message = guest_utf16(h, lengths[0], message_at);
    struct str file = guest_utf16(h, lengths[1], file_at);
    char *text = arena_printf(h->arena, "%.*s, filename: \"%.*s\" line: %u col: %u",
                              STR_ARG(message), STR_ARG(file), line, column);
    add_log(h, str_from(arena_printf(h->arena, "ABORT: %s", text)));
    host_panic(h, str_from(text));
}
