#include "contract/chain/patch.h"

#include <string.h>
#include "contract/chain/chain_private.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"

/* --- taking it in ------------------------------------------------------------------------- */

/* What the account will be when the first `count` records have been put in; false: nothing. */
static bool
account_then(const struct chain *c, const struct patch_record *records, size_t count,
             const struct account_id *id, struct account_view *out)
{
    for (size_t i = count; i-- > 0;) {
        if (records[i].kind == PATCH_ACCOUNT && account_equal(&records[i].account, id)) {
            *out = records[i].view;
            return true;
        }
    }
    for (size_t i = c->patch.is_applied ? 0 : c->patch.count; i-- > 0;) {
        const struct patch_record *r = &c->patch.records[i];
        if (r->kind == PATCH_ACCOUNT && account_equal(&r->account, id)) {
            *out = r->view;
            return true;
        }
    }
    return chain_view_account(c, account_str(id), out);
}

/* Sums of balances have to stay far from the end of 128 bits, whatever is sent where. */
static enum err
count_tokens(struct amount *tokens, const struct patch_record *r, struct diag *d)
{
    struct amount sum;
    if (!amount_add(*tokens, r->view.amount, &sum) || !amount_add(sum, r->view.locked, &sum) ||
        sum.hi > UINT64_MAX / 4)
        return diag_set(d, ERR_RANGE, "%s: more tokens than this chain can add up", r->account.s);
    *tokens = sum;
    return OK;
}

static enum err
check_record(const struct chain *c, const struct patch_record *records, size_t index,
             struct amount *tokens, struct diag *d)
{
    const struct patch_record *r = &records[index];
    struct account_view v;
    char wanted[HASH_TEXT], found[HASH_TEXT];
    if (r->kind == PATCH_ACCOUNT)
        return count_tokens(tokens, r, d);
    if (!account_then(c, records, index, &r->account, &v))
        return diag_set(d, ERR_NOT_FOUND, "%s does not exist: its Account record comes first",
                        r->account.s);
    if (r->kind != PATCH_CODE)
        return OK;
    struct hash hash = hash_of_bytes(r->bytes);
    if (hash_equal(&hash, &v.code_hash))
        return OK;
    return diag_set(d, ERR_REFUSED, "%s: the code has the hash %s, its Account record says %s",
                    r->account.s, hash_text(&hash, found), hash_text(&v.code_hash, wanted));
}

static void
keep_record(struct patch *p, const struct patch_record *from)
{
    void *records = p->records;
    p->room = xgrow(&records, p->room, p->count + 1, sizeof(*p->records));
    p->records = records;
    struct patch_record *r = &p->records[p->count++];
    *r = *from;
    r->name = arena_str(&p->arena, from->name);
    r->bytes = arena_str(&p->arena, from->bytes);
    r->access.receiver = arena_str(&p->arena, from->access.receiver);
    r->access.methods =
        arena_array(&p->arena, from->access.method_count, sizeof(*r->access.methods));
    for (size_t i = 0; i < from->access.method_count; i++)
        r->access.methods[i] = arena_str(&p->arena, from->access.methods[i]);
}

enum err
chain_patch(struct chain *c, const struct patch_record *records, size_t count, struct diag *d)
{
    struct patch *p = &c->patch;
    struct amount tokens = p->tokens;
    for (size_t i = 0; i < count; i++) {
        enum err e = check_record(c, records, i, &tokens, d);
        if (e)
            return e;
    }
    p->tokens = tokens;
    if (p->is_applied) {
        arena_reset(&p->arena);
        p->count = 0;
        p->is_applied = false;
    }
    for (size_t i = 0; i < count; i++)
        keep_record(p, &records[i]);
    return OK;
}

/* --- putting it in ------------------------------------------------------------------------ */

static void
put_account(struct state *s, struct account *a, const struct account_view *v)
{
    if (!a->exists)
        account_create(a);
    a->amount = v->amount;
    a->locked = v->locked;
    a->storage_usage = v->storage_usage;
    a->global = v->global;
    a->code_hash = v->code_hash;
    a->code = state_code(s, &v->code_hash);
}

/* All but an account's own record leaves its size as it is. */
static void
put_record(struct chain *c, const struct patch_record *r, struct account *a)
{
    struct trie *trie = &c->shards[chain_shard_of(c, account_str(&a->id))].trie;
    uint64_t usage = a->storage_usage;
    struct str old;
    switch (r->kind) {
    case PATCH_ACCOUNT: put_account(&c->state, a, &r->view); return;
    case PATCH_KEY:
        if (account_find_key(a, &r->key))
            account_delete_key(a, &r->key);
        account_add_key(a, &r->key, &r->access, r->access.nonce);
        break;
    case PATCH_CODE: a->code = state_keep_code(&c->state, r->bytes, &a->code_hash); break;
    case PATCH_DATA:
        account_write(&c->state, a, r->name, r->bytes, &old);
        trie_note_change(trie, account_str(&a->id), r->name);
        trie_commit(trie);
        break;
    }
    a->storage_usage = usage;
}

static struct amount
tokens_of(const struct account *a)
{
    struct amount sum;
    return a->exists && amount_add(a->amount, a->locked, &sum) ? sum : amount_of(0);
}

/* The supply follows, so that it stays the sum of all balances. */
void
patch_apply(struct chain *c, struct chain_block *b)
{
    static const struct hash nobody;
    struct patch *p = &c->patch;
    if (p->is_applied || p->count == 0)
        return;
    for (size_t i = 0; i < p->count; i++) {
        struct account *a = state_record(&c->state, account_str(&p->records[i].account));
        struct amount before = tokens_of(a);
        state_begin(&c->state, a);
        put_record(c, &p->records[i], a);
        state_commit(&c->state, CAUSE_PATCH, &nobody);
        if (!amount_add(b->total_supply, tokens_of(a), &b->total_supply) ||
            !amount_sub(b->total_supply, before, &b->total_supply))
            fatal("a patch makes more tokens than there can be");
    }
    p->is_applied = true;
    p->height = b->height;
}

void
patch_go_back(struct patch *p, uint64_t head_height)
{
    if (p->is_applied && p->height > head_height)
        p->is_applied = false;
}

void
patch_release(struct patch *p)
{
    arena_release(&p->arena);
    xfree(p->records);
}
