#include "contract/chain/past.h"

#include <stdlib.h>
#include <string.h>

static struct str
text_of_key(const struct public_key *key)
{
    return str_of(key, sizeof(*key));
}

/* Of several changes of one record the first counts. */
static void
note(struct past *p, const struct change *change, const struct change **account,
     const struct change **code)
{
    void *kept = (void *)(uintptr_t)change;
    switch (change->kind) {
    case CHANGE_ACCOUNT: *account = *account ? *account : change; return;
    case CHANGE_CODE: *code = *code ? *code : change; return;
    case CHANGE_KEY:
        if (!map_get(&p->keys, text_of_key(&change->public_key)))
            map_put(&p->keys, text_of_key(&change->public_key), kept);
        return;
    case CHANGE_DATA:
        if (!map_get(&p->data, change->key))
            map_put(&p->data, change->key, kept);
        return;
    }
}

static bool
was_there(struct past *p, const struct change *account, const struct change *code)
{
    const struct account *now = p->now;
    if (account ? !account->account_before : !now->exists)
        return false;
    p->view = account ? *account->account_before : account_view_of(now);
    if (code)
        p->code = code->before ? *code->before : (struct str){0};
    else
        p->code = now->code;
    return true;
}

bool
past_open(const struct state *s, const struct changes *c, uint64_t height, struct str account,
          struct past *out)
{
    const struct change *account_change = NULL, *code_change = NULL;
    *out = (struct past){.now = map_get(&s->accounts, account)};
    if (!out->now)
        return false;
    out->id = out->now->id;
    for (uint64_t h = height + 1; h <= c->newest; h++) {
        const struct block_changes *b = changes_at(c, h);
        for (size_t i = 0; b && i < b->count; i++) {
            if (strcmp(b->items[i].account->s, out->id.s) == 0)
                note(out, &b->items[i], &account_change, &code_change);
        }
    }
    if (was_there(out, account_change, code_change))
        return true;
    past_close(out);
    return false;
}

void
past_close(struct past *p)
{
    map_release(&p->keys);
    map_release(&p->data);
}

bool
past_read(const struct past *p, struct str key, struct str *value)
{
    const struct change *change = map_get(&p->data, key);
    if (!change)
        return account_read(p->now, key, value);
    if (change->before)
        *value = *change->before;
    return change->before != NULL;
}

static int
by_key(const void *a, const void *b)
{
    return str_compare(((const struct state_item *)a)->key,
                       ((const struct state_item *)b)->key);
}

size_t
past_data(const struct past *p, struct str prefix, struct arena *arena, struct state_item **out)
{
    size_t count = 0;
    struct str key;
    void *value;
    *out = arena_array(arena, p->now->data.live + p->data.live, sizeof(**out));
    for (size_t i = 0; map_next(&p->now->data, &i, NULL, &value);) {
        const struct datum *d = value;
        if (str_starts(d->key, prefix) && !map_get(&p->data, d->key))
            (*out)[count++] = (struct state_item){d->key, d->value};
    }
    for (size_t i = 0; map_next(&p->data, &i, &key, &value);) {
        const struct change *change = value;
        if (str_starts(key, prefix) && change->before)
            (*out)[count++] = (struct state_item){key, *change->before};
    }
    if (count)
        qsort(*out, count, sizeof(**out), by_key);
    return count;
}

static int
by_public_key(const void *a, const void *b)
{
    const struct public_key *x = &((const struct access_key_view *)a)->key;
    const struct public_key *y = &((const struct access_key_view *)b)->key;
    return memcmp(x, y, sizeof(*x));
}

size_t
past_keys(const struct past *p, struct arena *arena, struct access_key_view **out)
{
    size_t count = 0;
    void *value;
    *out = arena_array(arena, p->now->key_count + p->keys.live, sizeof(**out));
    for (size_t i = 0; i < p->now->key_count; i++) {
        if (!map_get(&p->keys, text_of_key(&p->now->keys[i].key)))
            (*out)[count++] = key_view(&p->now->keys[i], arena);
    }
    for (size_t i = 0; map_next(&p->keys, &i, NULL, &value);) {
        const struct change *change = value;
        if (change->key_before)
            (*out)[count++] = *change->key_before;
    }
    if (count)
        qsort(*out, count, sizeof(**out), by_public_key);
    return count;
}
