#include "contract/chain/state.h"

#include <assert.h>
#include <string.h>
#include "contract/chain/keeper.h"
#include "net/base/xalloc.h"

#define YOCTO_PER_BYTE UINT64_C(10000000000000000000)

struct code_entry {
    struct hash hash;
    struct str code; /* owned */
};

static void
free_str(struct str s)
{
    xfree((void *)(uintptr_t)s.p);
}

static struct str
copy_str(struct str s)
{
    return str_of(xmemdup(s.p, s.n), s.n);
}

static void
key_release(struct key_record *k)
{
    for (size_t i = 0; i < k->method_count; i++)
        xfree(k->methods[i]);
    xfree(k->methods);
    xfree(k->receiver);
}

static void
keys_release(struct key_record *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        key_release(&keys[i]);
    xfree(keys);
}

static struct key_record
key_copy(const struct key_record *k)
{
    struct key_record copy = *k;
    copy.receiver = k->receiver ? xstrdup(k->receiver) : NULL;
    copy.methods = xcalloc(k->method_count, sizeof(*copy.methods));
    for (size_t i = 0; i < k->method_count; i++)
        copy.methods[i] = xstrdup(k->methods[i]);
    return copy;
}

static struct key_record *
keys_copy(const struct key_record *keys, size_t count)
{
    struct key_record *copy = xcalloc(count, sizeof(*copy));
    for (size_t i = 0; i < count; i++)
        copy[i] = key_copy(&keys[i]);
    return copy;
}

static void
datum_free(struct datum *d)
{
    free_str(d->key);
    free_str(d->value);
    xfree(d);
}

static void
data_release(struct map *data)
{
    void *value;
    for (size_t i = 0; map_next(data, &i, NULL, &value);)
        datum_free(value);
    map_release(data);
}

void
state_init(struct state *s)
{
    *s = (struct state){0};
    map_init(&s->accounts);
    map_init(&s->codes);
}

void
accounts_release(struct map *take_accounts)
{
    void *value;
    for (size_t i = 0; map_next(take_accounts, &i, NULL, &value);) {
        struct account *a = value;
        keys_release(a->keys, a->key_count);
        data_release(&a->data);
        xfree(a);
    }
    map_release(take_accounts);
}

void
state_copy_accounts(const struct state *s, struct map *out)
{
    void *value;
    assert(!s->open);
    map_init(out);
    for (size_t i = 0; map_next(&s->accounts, &i, NULL, &value);) {
        const struct account *from = value;
        struct account *to = xmemdup(from, sizeof(*from));
        to->keys = keys_copy(from->keys, from->key_count);
        map_init(&to->data);
        for (size_t j = 0; map_next(&from->data, &j, NULL, &value);) {
            const struct datum *d = value;
            struct datum *copy = xmalloc(sizeof(*copy));
            *copy = (struct datum){copy_str(d->key), copy_str(d->value)};
            map_put(&to->data, copy->key, copy);
        }
        map_put(out, account_str(&to->id), to);
    }
}

void
state_take_accounts(struct state *s, struct map *take_accounts)
{
    void *value;
    assert(!s->open);
    for (size_t i = 0; map_next(&s->accounts, &i, NULL, &value);) {
        struct account *a = value;
        struct account *copy = map_get(take_accounts, account_str(&a->id));
        struct account_id id = a->id;
        keys_release(a->keys, a->key_count);
        data_release(&a->data);
        *a = copy ? *copy : (struct account){.id = id};
        xfree(copy);
    }
    map_release(take_accounts);
}

void
state_release(struct state *s)
{
    void *value;
    accounts_release(&s->accounts);
    for (size_t i = 0; map_next(&s->codes, &i, NULL, &value);) {
        struct code_entry *entry = value;
        free_str(entry->code);
        xfree(entry);
    }
    map_release(&s->codes);
    xfree(s->undo);
}

struct account *
state_find(const struct state *s, struct str id)
{
    struct account *a = map_get(&s->accounts, id);
    return a && a->exists ? a : NULL;
}

struct account *
state_record(struct state *s, struct str id)
{
    struct account *a = map_get(&s->accounts, id);
    if (a)
        return a;
    a = xcalloc(1, sizeof(*a));
    bool fits = str_copy(id, a->id.s, sizeof(a->id.s));
    assert(fits);
    (void)fits;
    map_put(&s->accounts, account_str(&a->id), a);
    return a;
}

/* --- taking back -------------------------------------------------------------------------- */

void
state_begin(struct state *s, struct account *a)
{
    assert(!s->open);
    s->open = a;
    s->before = *a;
    s->before.keys = keys_copy(a->keys, a->key_count);
    s->undo_count = 0;
}

/* Keeps what stands under the key before it changes, and tells it. */
static struct str
remember(struct state *s, const struct account *a, struct str key)
{
    struct undo_datum u = {.key = {0}};
    struct str old;
    if (s->open != a)
        return u.value;
    void *undo = s->undo;
    s->undo_room = xgrow(&undo, s->undo_room, s->undo_count + 1, sizeof(*s->undo));
    s->undo = undo;
    u.key = copy_str(key);
    u.was_there = account_read(a, key, &old);
    if (u.was_there)
        u.value = copy_str(old);
    s->undo[s->undo_count++] = u;
    return u.value;
}

static void
forget(struct state *s)
{
    for (size_t i = 0; i < s->undo_count; i++) {
        free_str(s->undo[i].key);
        free_str(s->undo[i].value);
    }
    s->undo_count = 0;
    s->open = NULL;
}

void
state_commit(struct state *s, enum change_cause cause, const struct hash *by)
{
    assert(s->open);
    if (s->changes)
        changes_record(s->changes, s, cause, by);
    if (s->keeper)
        keeper_note(s->keeper, s);
    keys_release(s->before.keys, s->before.key_count);
    forget(s);
}

void
state_roll_back(struct state *s)
{
    struct account *a = s->open;
    assert(a);
    s->open = NULL;
    struct str ignored;
    for (size_t i = s->undo_count; i-- > 0;) {
        if (s->undo[i].was_there)
            account_write(s, a, s->undo[i].key, s->undo[i].value, &ignored);
        else
            account_erase(s, a, s->undo[i].key, &ignored);
    }
    keys_release(a->keys, a->key_count);
    struct map data = a->data;
    *a = s->before;
    a->data = data;
    forget(s);
}

/* --- accounts ----------------------------------------------------------------------------- */

void
account_create(struct account *a)
{
    assert(!a->exists && a->key_count == 0 && a->data.live == 0);
    a->exists = true;
    a->amount = a->locked = amount_of(0);
    a->storage_usage = ACCOUNT_BYTES;
    a->code_hash = (struct hash){0};
    a->code = (struct str){0};
    a->global = (struct global_use){.kind = GLOBAL_NONE};
}

void
account_delete(struct state *s, struct account *a)
{
    void *value;
    for (size_t i = 0; map_next(&a->data, &i, NULL, &value);)
        remember(s, a, ((const struct datum *)value)->key);
    data_release(&a->data);
    keys_release(a->keys, a->key_count);
    a->keys = NULL;
    a->key_count = 0;
    a->exists = false;
    a->amount = amount_of(0);
    a->code_hash = (struct hash){0};
    a->global = (struct global_use){.kind = GLOBAL_NONE};
}

void
account_pay(struct account *a, struct amount amount)
{
    if (!amount_add(a->amount, amount, &a->amount))
        fatal("an account has more tokens than there are");
}

bool
state_find_code(const struct state *s, const struct hash *hash, struct str *code)
{
    const struct code_entry *entry = map_get(&s->codes, str_of(hash->b, sizeof(hash->b)));
    if (entry)
        *code = entry->code;
    return entry != NULL;
}

struct str
state_keep_code(struct state *s, struct str code, struct hash *hash)
{
    struct str kept;
    *hash = hash_of_bytes(code);
    if (state_find_code(s, hash, &kept))
        return kept;
    struct code_entry *entry = xcalloc(1, sizeof(*entry));
    entry->hash = *hash;
    entry->code = copy_str(code);
    map_put(&s->codes, str_of(entry->hash.b, sizeof(entry->hash.b)), entry);
    return entry->code;
}

struct str
state_code(const struct state *s, const struct hash *hash)
{
    const struct code_entry *entry = map_get(&s->codes, str_of(hash->b, sizeof(hash->b)));
    return entry ? entry->code : (struct str){0};
}

uint64_t
global_name_bytes(const struct global_use *use)
{
    switch (use->kind) {
    case GLOBAL_NONE: return 0;
    case GLOBAL_BY_HASH: return sizeof(use->hash.b);
    case GLOBAL_BY_ACCOUNT: return account_str(&use->owner).n;
    }
    return 0;
}

static void
clear_code(struct account *a)
{
    a->storage_usage -= hash_is_zero(&a->code_hash) ? 0 : a->code.n;
    a->storage_usage -= global_name_bytes(&a->global);
    a->code_hash = (struct hash){0};
    a->code = (struct str){0};
    a->global = (struct global_use){.kind = GLOBAL_NONE};
}

void
account_set_code(struct state *s, struct account *a, struct str code)
{
    clear_code(a);
    a->code = state_keep_code(s, code, &a->code_hash);
    a->storage_usage += code.n;
}

void
account_set_global(struct account *a, const struct global_use *use)
{
    clear_code(a);
    a->global = *use;
    a->storage_usage += global_name_bytes(use);
}

struct account_view
account_view_of(const struct account *a)
{
    return (struct account_view){.amount = a->amount,
                                 .locked = a->locked,
                                 .code_hash = a->code_hash,
                                 .storage_usage = a->storage_usage,
                                 .global = a->global};
}

struct key_record *
account_find_key(const struct account *a, const struct public_key *key)
{
    for (size_t i = 0; i < a->key_count; i++) {
        if (public_key_equal(&a->keys[i].key, key))
            return &a->keys[i];
    }
    return NULL;
}

/* The borsh size of the permission, as storage counts it. */
static uint64_t
permission_bytes(const struct key_record *k)
{
    if (k->is_full_access)
        return 9;
    uint64_t bytes = 8 + 1 + (k->has_allowance ? 17 : 1) + 4 + strlen(k->receiver) + 4;
    for (size_t i = 0; i < k->method_count; i++)
        bytes += 4 + strlen(k->methods[i]);
    return bytes;
}

static uint64_t
key_bytes(const struct key_record *k)
{
    return RECORD_BYTES + 1 + public_key_bytes(&k->key) + permission_bytes(k);
}

void
account_add_key(struct account *a, const struct public_key *key,
                const struct access_key *access, uint64_t nonce)
{
    struct key_record k = {.key = *key,
                           .nonce = nonce,
                           .is_full_access = access->is_full_access,
                           .has_allowance = access->has_allowance,
                           .allowance = access->allowance};
    if (!k.is_full_access) {
        k.receiver = xstrndup(access->receiver.p ? access->receiver.p : "", access->receiver.n);
        k.methods = xcalloc(access->method_count, sizeof(*k.methods));
        k.method_count = access->method_count;
        for (size_t i = 0; i < k.method_count; i++)
            k.methods[i] = xstrndup(access->methods[i].p, access->methods[i].n);
    }
    a->keys = xrealloc(a->keys, a->key_count + 1, sizeof(*a->keys));
    a->keys[a->key_count++] = k;
    a->storage_usage += key_bytes(&k);
}

void
account_delete_key(struct account *a, const struct public_key *key)
{
    struct key_record *k = account_find_key(a, key);
    assert(k);
    a->storage_usage -= key_bytes(k);
    key_release(k);
    size_t index = (size_t)(k - a->keys);
    memmove(k, k + 1, (a->key_count - index - 1) * sizeof(*k));
    a->key_count--;
}

struct access_key_view
key_view(const struct key_record *k, struct arena *arena)
{
    struct access_key_view v = {.key = k->key,
                                .access = {.nonce = k->nonce,
                                           .is_full_access = k->is_full_access,
                                           .has_allowance = k->has_allowance,
                                           .allowance = k->allowance}};
    if (k->receiver)
        v.access.receiver = arena_str(arena, str_from(k->receiver));
    v.access.methods = arena_array(arena, k->method_count, sizeof(*v.access.methods));
    v.access.method_count = k->method_count;
    for (size_t i = 0; i < k->method_count; i++)
        v.access.methods[i] = arena_str(arena, str_from(k->methods[i]));
    return v;
}

bool
account_read(const struct account *a, struct str key, struct str *value)
{
    struct datum *d = map_get(&a->data, key);
    if (!d)
        return false;
    *value = d->value;
    return true;
}

bool
account_write(struct state *s, struct account *a, struct str key, struct str value,
              struct str *old)
{
    *old = remember(s, a, key);
    struct datum *d = map_get(&a->data, key);
    if (d) {
        struct str before = d->value;
        d->value = copy_str(value);
        free_str(before);
        return true;
    }
    d = xmalloc(sizeof(*d));
    *d = (struct datum){copy_str(key), copy_str(value)};
    map_put(&a->data, d->key, d);
    return false;
}

bool
account_erase(struct state *s, struct account *a, struct str key, struct str *old)
{
    *old = (struct str){0};
    if (!map_get(&a->data, key))
        return false;
    *old = remember(s, a, key);
    datum_free(map_remove(&a->data, key));
    return true;
}

struct amount
storage_stake(uint64_t usage)
{
    return usage <= ZERO_BALANCE_BYTES ? amount_of(0) : amount_product(usage, YOCTO_PER_BYTE);
}

struct amount
storage_shortfall(const struct account *a)
{
    struct amount have, missing = amount_of(0);
    if (!amount_add(a->amount, a->locked, &have) ||
        !amount_sub(storage_stake(a->storage_usage), have, &missing))
        return amount_of(0);
    return missing;
}
