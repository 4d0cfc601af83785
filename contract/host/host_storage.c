/* The contract's own state. Evicted bytes are paid before trie nodes, as on the node. */
#include "contract/host/host.h"

enum { RECORD_BYTES = 40, LARGE_VALUE = 4000 };

static struct str
key_argument(struct host *h, uint64_t length, uint64_t at)
{
    struct str key = guest_bytes(h, length, at);
    if (key.n > HOST_MAX_KEY)
        host_fail_limit(h, HOST_KEY_LENGTH, key.n, HOST_MAX_KEY);
    return arena_str(h->arena, key);
}

static void
pay_nodes(struct host *h, struct str key)
{
    uint64_t touched = 0, cached = 0;
    h->in->storage->count_nodes(h->in->storage->context, key, &touched, &cached);
    pay_bytes(h, COST_TOUCHING_TRIE_NODE, touched);
    pay_bytes(h, COST_READ_CACHED_TRIE_NODE, cached);
}

uint64_t
HOST(storage_write)(struct Z_env_instance_t *env, uint64_t key_length, uint64_t key_at,
                    uint64_t value_length, uint64_t value_at, uint64_t number)
{
    struct host *h = host_of(env);
    const struct vm_storage *s = h->in->storage;
    pay(h, COST_BASE);
    host_not_in_view(h, "storage_write");
    pay(h, COST_STORAGE_WRITE_BASE);
    struct str key = key_argument(h, key_length, key_at);
    struct str value = guest_bytes(h, value_length, value_at), old;
    if (value.n > HOST_MAX_VALUE)
        host_fail_limit(h, HOST_VALUE_LENGTH, value.n, HOST_MAX_VALUE);
    value = arena_str(h->arena, value);
    pay_bytes(h, COST_STORAGE_WRITE_KEY_BYTE, key.n);
    pay_bytes(h, COST_STORAGE_WRITE_VALUE_BYTE, value.n);
    bool is_there = s->read(s->context, key, &old);
    if (is_there) {
        old = arena_str(h->arena, old);
        pay_bytes(h, COST_STORAGE_WRITE_EVICTED_BYTE, old.n);
    }
    pay_nodes(h, key);
    s->write(s->context, key, value, &(struct str){0});
    if (!is_there) {
        h->out->storage_usage += key.n + value.n + RECORD_BYTES;
        return 0;
    }
    h->out->storage_usage += value.n;
    h->out->storage_usage -= old.n;
    register_set(h, number, old);
    return 1;
}

uint64_t
HOST(storage_read)(struct Z_env_instance_t *env, uint64_t key_length, uint64_t key_at,
                   uint64_t number)
{
    struct host *h = host_of(env);
    struct str value;
    pay(h, COST_BASE);
    pay(h, COST_STORAGE_READ_BASE);
    struct str key = key_argument(h, key_length, key_at);
    pay_bytes(h, COST_STORAGE_READ_KEY_BYTE, key.n);
    if (!h->in->storage->read(h->in->storage->context, key, &value))
        return 0;
    pay_bytes(h, COST_STORAGE_READ_VALUE_BYTE, value.n);
    if (value.n > LARGE_VALUE) {
        pay(h, COST_STORAGE_LARGE_READ_OVERHEAD_BASE);
        pay_bytes(h, COST_STORAGE_LARGE_READ_OVERHEAD_BYTE, value.n);
    }
    h->in->storage->note_read(h->in->storage->context, key);
    register_set(h, number, value);
    return 1;
}

uint64_t
HOST(storage_remove)(struct Z_env_instance_t *env, uint64_t key_length, uint64_t key_at,
                     uint64_t number)
{
    struct host *h = host_of(env);
    const struct vm_storage *s = h->in->storage;
    struct str old;
    pay(h, COST_BASE);
    host_not_in_view(h, "storage_remove");
    pay(h, COST_STORAGE_REMOVE_BASE);
    struct str key = key_argument(h, key_length, key_at);
    pay_bytes(h, COST_STORAGE_REMOVE_KEY_BYTE, key.n);
    bool is_there = s->read(s->context, key, &old);
    if (is_there) {
        old = arena_str(h->arena, old);
        pay_bytes(h, COST_STORAGE_REMOVE_RET_VALUE_BYTE, old.n);
    }
    pay_nodes(h, key);
    if (!is_there)
        return 0;
    s->remove(s->context, key, &(struct str){0});
    h->out->storage_usage -= key.n + old.n + RECORD_BYTES;
    register_set(h, number, old);
    return 1;
}

uint64_t
HOST(storage_has_key)(struct Z_env_instance_t *env, uint64_t key_length, uint64_t key_at)
{
    struct host *h = host_of(env);
    struct str value;
    pay(h, COST_BASE);
    pay(h, COST_STORAGE_HAS_KEY_BASE);
    struct str key = key_argument(h, key_length, key_at);
    pay_bytes(h, COST_STORAGE_HAS_KEY_BYTE, key.n);
    return h->in->storage->read(h->in->storage->context, key, &value);
}

uint64_t
HOST(storage_iter_prefix)(struct Z_env_instance_t *env, uint64_t length, uint64_t at)
{
    (void)length, (void)at;
    host_fail_name(host_of(env), HOST_DEPRECATED, "storage_iter_prefix");
}

uint64_t
HOST(storage_iter_range)(struct Z_env_instance_t *env, uint64_t start_length, uint64_t start_at,
                         uint64_t end_length, uint64_t end_at)
{
    (void)start_length, (void)start_at, (void)end_length, (void)end_at;
    host_fail_name(host_of(env), HOST_DEPRECATED, "storage_iter_range");
}

uint64_t
HOST(storage_iter_next)(struct Z_env_instance_t *env, uint64_t iterator, uint64_t key_register,
                        uint64_t value_register)
{
    (void)iterator, (void)key_register, (void)value_register;
    host_fail_name(host_of(env), HOST_DEPRECATED, "storage_iter_next");
}
