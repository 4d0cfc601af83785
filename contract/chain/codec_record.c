/* Receipts, outcomes, blocks, accounts and changes, field by field. */
#include "contract/chain/codec.h"

#include "net/base/xalloc.h"

/* A field that is added to one of these needs its line below, and the form a new number
 * (CHAIN_FORM in keep.h): this is where the compiler says so. */
enum {
    SIZE_RECEIPT = 624,
    SIZE_FAILURE = 488,
    SIZE_OUTCOME = 784,
    SIZE_CHUNK = 320,
    SIZE_BLOCK = 352,
    SIZE_KEY = 128,
    SIZE_ACCOUNT = 328,
    SIZE_CHANGE = 184
};
#if UINTPTR_MAX == UINT64_MAX
_Static_assert(sizeof(struct chain_receipt) == SIZE_RECEIPT, "code_receipt");
_Static_assert(sizeof(struct failure) == SIZE_FAILURE, "code_failure");
_Static_assert(sizeof(struct chain_outcome) == SIZE_OUTCOME, "code_outcome");
_Static_assert(sizeof(struct chain_chunk) == SIZE_CHUNK, "code_chunk");
_Static_assert(sizeof(struct chain_block) == SIZE_BLOCK, "code_block");
_Static_assert(sizeof(struct key_record) == SIZE_KEY, "code_key");
_Static_assert(sizeof(struct account) == SIZE_ACCOUNT, "code_state_account");
_Static_assert(sizeof(struct change) == SIZE_CHANGE, "code_change");
#endif

/* An enum, by its number; `limit` is one more than the highest. */
#define CODE_ENUM(k, field, limit)                                                             \
    do {                                                                                       \
        uint8_t number_ = (uint8_t)(field);                                                    \
        code_u8((k), &number_);                                                                \
        if (number_ >= (limit))                                                                \
            (k)->in.fault = "a kind";                                                          \
        else                                                                                   \
            (field) = number_;                                                                 \
    } while (0)

static void
code_hashes(struct codec *k, struct hash **items, size_t *count)
{
    code_count(k, count);
    CODE_ARRAY(k, *items, *count);
    for (size_t i = 0; i < *count; i++)
        code_hash(k, &(*items)[i]);
}

static void
code_texts(struct codec *k, struct str **items, size_t *count)
{
    code_count(k, count);
    CODE_ARRAY(k, *items, *count);
    for (size_t i = 0; i < *count; i++)
        code_str(k, &(*items)[i]);
}

/* --- receipts ----------------------------------------------------------------------------- */

/* As a transaction holds them, so that there is one form of actions. */
static void
code_actions(struct codec *k, struct chain_receipt *r)
{
    static const struct signature unsigned_mark;
    struct transaction tx = {.signer = r->signer,
                             .receiver = r->receiver,
                             .key = r->signer_key,
                             .actions = r->actions,
                             .action_count = r->action_count};
    struct signed_transaction taken = {.tx = {.nonce = 0}};
    struct str bytes = {0};
    struct buf own;
    if (k->is_taking) {
        code_str(k, &bytes);
        if (!k->in.fault && tx_decode_signed(bytes, k->arena, &taken, NULL))
            k->in.fault = "actions";
        r->actions = taken.tx.actions;
        r->action_count = taken.tx.action_count;
        return;
    }
    buf_init(&own, SIZE_MAX / 2);
    tx_encode(&tx, &own);
    borsh_put_signature(&own, &unsigned_mark);
    bytes = buf_str(&own);
    code_str(k, &bytes);
    buf_release(&own);
}

void
code_global(struct codec *k, struct global_use *g)
{
    CODE_ENUM(k, g->kind, GLOBAL_BY_ACCOUNT + 1);
    if (g->kind == GLOBAL_BY_HASH)
        code_hash(k, &g->hash);
    else if (g->kind == GLOBAL_BY_ACCOUNT)
        code_account(k, &g->owner);
}

static void
code_outputs(struct codec *k, struct chain_receipt *r)
{
    code_count(k, &r->output_count);
    CODE_ARRAY(k, r->outputs, r->output_count);
    for (size_t i = 0; i < r->output_count; i++) {
        code_hash(k, &r->outputs[i].data_id);
        code_account(k, &r->outputs[i].receiver);
    }
}

static void
code_distribution(struct codec *k, struct chain_receipt *r)
{
    uint64_t delivered = r->delivered;
    code_bool(k, &r->is_distribution);
    if (!r->is_distribution)
        return;
    code_global(k, &r->global);
    code_size(k, &r->target);
    code_u64(k, &delivered);
    r->delivered = (uint32_t)delivered;
    if (r->target >= CHAIN_MAX_SHARDS)
        k->in.fault = "a shard";
}

void
code_receipt(struct codec *k, struct chain_receipt *r, bool *has_actions)
{
    code_hash(k, &r->id);
    code_account(k, &r->predecessor);
    code_account(k, &r->receiver);
    code_account(k, &r->signer);
    code_public_key(k, &r->signer_key);
    code_bool(k, &r->is_data);
    code_bool(k, &r->is_yield);
    code_bool(k, &r->is_resume);
    code_bool(k, &r->is_local);
    code_distribution(k, r);
    code_amount(k, &r->gas_price);
    code_hashes(k, &r->inputs, &r->input_count);
    code_outputs(k, r);
    code_hash(k, &r->data_id);
    code_bool(k, &r->has_data);
    code_str(k, &r->data);
    code_hash(k, &r->parent);
    code_hash(k, &r->tx);
    code_u64(k, &r->created_height);
    code_bool(k, has_actions);
    if (*has_actions)
        code_actions(k, r);
}

/* --- outcomes ----------------------------------------------------------------------------- */

/* Fixed room for text, with its end. */
static void
code_room(struct codec *k, char *text, size_t room)
{
    struct str s = str_from(text);
    code_str(k, &s);
    if (k->is_taking && !str_copy(s, text, room)) {
        k->in.fault = "text";
        text[0] = '\0';
    }
}

/* What a delegate's key is refused for: never for congestion, so without its level. */
static void
code_access(struct codec *k, struct failure *f)
{
    struct invalid_tx why = {.kind = TX_VALID};
    bool is_there = f->access != NULL;
    code_bool(k, &is_there);
    if (!is_there)
        return;
    if (!k->is_taking)
        why = *f->access;
    CODE_ENUM(k, why.kind, INVALID_SHARD_STUCK + 1);
    code_account(k, &why.account);
    code_public_key(k, &why.key);
    code_amount(k, &why.balance);
    code_amount(k, &why.cost);
    CODE_ENUM(k, why.validation, VALIDATION_RECEIPT_SIZE + 1);
    code_u64(k, &why.a);
    code_u64(k, &why.b);
    code_room(k, why.text, sizeof(why.text));
    code_room(k, why.other, sizeof(why.other));
    if (k->is_taking)
        f->access = arena_copy(k->arena, &why, sizeof(why));
}

static void
code_failure(struct codec *k, struct failure *f)
{
    CODE_ENUM(k, f->kind, FAILURE_NEW_RECEIPT + 1);
    if (f->kind == FAILURE_NONE)
        return;
    code_bool(k, &f->has_index);
    code_u64(k, &f->index);
    code_account(k, &f->account);
    code_account(k, &f->other);
    code_account(k, &f->predecessor);
    code_public_key(k, &f->key);
    code_amount(k, &f->amount);
    code_amount(k, &f->balance);
    code_amount(k, &f->locked);
    code_global(k, &f->global);
    code_access(k, f);
    CODE_ENUM(k, f->vm_error, VM_EXECUTION + 1);
    CODE_ENUM(k, f->prepare, PREPARE_COMPILER + 1);
    CODE_ENUM(k, f->validation, VALIDATION_RECEIPT_SIZE + 1);
    code_u64(k, &f->a);
    code_u64(k, &f->b);
    code_str(k, &f->text);
}

static void
code_name(struct codec *k, const char **name)
{
    struct str text = str_from(*name ? *name : "");
    code_str(k, &text);
    *name = text.p;
}

static void
code_profile(struct codec *k, struct chain_outcome *o)
{
    code_count(k, &o->profile_count);
    CODE_ARRAY(k, o->profile, o->profile_count);
    for (size_t i = 0; i < o->profile_count; i++) {
        code_name(k, &o->profile[i].category);
        code_name(k, &o->profile[i].name);
        code_u64(k, &o->profile[i].gas);
    }
}

void
code_outcome(struct codec *k, struct chain_outcome *o)
{
    code_hash(k, &o->id);
    code_bool(k, &o->is_transaction);
    code_hash(k, &o->tx);
    code_account(k, &o->executor);
    CODE_ENUM(k, o->status, CHAIN_FAILED + 1);
    code_str(k, &o->value);
    code_hash(k, &o->returns);
    code_failure(k, &o->failure);
    code_texts(k, &o->logs, &o->log_count);
    code_hashes(k, &o->children, &o->child_count);
    code_u64(k, &o->gas_burnt);
    code_amount(k, &o->tokens_burnt);
    code_profile(k, o);
    code_u64(k, &o->height);
    code_size(k, &o->shard_index);
    code_size(k, &o->place);
}

/* --- blocks ------------------------------------------------------------------------------- */

void
code_chunk(struct codec *k, struct chain_chunk *c)
{
    code_hash(k, &c->hash);
    code_hash(k, &c->prev_block_hash);
    code_hash(k, &c->outcome_root);
    code_hash(k, &c->prev_state_root);
    code_hash(k, &c->tx_root);
    code_hash(k, &c->receipts_root);
    code_u64(k, &c->shard_id);
    code_u64(k, &c->allowed_shard);
    code_u64(k, &c->height);
    code_u64(k, &c->height_included);
    code_u64(k, &c->delayed_gas);
    code_u64(k, &c->gas_used);
    code_amount(k, &c->balance_burnt);
}

void
code_block(struct codec *k, struct chain_block *b)
{
    code_hash(k, &b->hash);
    code_hash(k, &b->prev_hash);
    code_hash(k, &b->epoch_id);
    code_hash(k, &b->next_epoch_id);
    code_hash(k, &b->random_value);
    code_hash(k, &b->outcome_root);
    code_u64(k, &b->height);
    code_u64(k, &b->prev_height);
    code_u64(k, &b->ordinal);
    code_u64(k, &b->time_ns);
    code_u64(k, &b->epoch_height);
    code_u64(k, &b->epoch_start);
    code_amount(k, &b->gas_price);
    code_amount(k, &b->total_supply);
    code_hash(k, &b->last_final);
    code_hash(k, &b->last_ds_final);
}

/* --- accounts ----------------------------------------------------------------------------- */

/* Texts that an account owns one by one. */
static void
code_owned(struct codec *k, char **text)
{
    struct str bytes = str_from(*text ? *text : "");
    if (!k->is_taking) {
        borsh_put_bytes(k->out, bytes);
        return;
    }
    bytes = borsh_take_bytes(&k->in, "text");
    *text = xstrndup(bytes.p ? bytes.p : "", bytes.n);
}

static void
code_key(struct codec *k, struct key_record *key)
{
    code_public_key(k, &key->key);
    code_u64(k, &key->nonce);
    code_bool(k, &key->is_full_access);
    if (key->is_full_access)
        return;
    code_bool(k, &key->has_allowance);
    code_amount(k, &key->allowance);
    code_owned(k, &key->receiver);
    code_count(k, &key->method_count);
    if (k->is_taking)
        key->methods = xcalloc(key->method_count, sizeof(*key->methods));
    for (size_t i = 0; i < key->method_count; i++)
        code_owned(k, &key->methods[i]);
}

void
code_state_account(struct codec *k, struct account *a)
{
    code_account(k, &a->id);
    code_amount(k, &a->amount);
    code_amount(k, &a->locked);
    code_u64(k, &a->storage_usage);
    code_hash(k, &a->code_hash);
    code_global(k, &a->global);
    code_count(k, &a->key_count);
    if (k->is_taking)
        a->keys = xcalloc(a->key_count, sizeof(*a->keys));
    for (size_t i = 0; i < a->key_count; i++)
        code_key(k, &a->keys[i]);
}

/* --- changes ------------------------------------------------------------------------------ */

/* *thing is NULL or points to what `code` knows to put and to take. */
#define CODE_OPTIONAL(k, thing, type, code)                                                    \
    do {                                                                                       \
        bool is_there_ = (thing) != NULL;                                                      \
        code_bool((k), &is_there_);                                                            \
        if (is_there_) {                                                                       \
            type value_ = {0};                                                                 \
            if (!(k)->is_taking)                                                               \
                value_ = *(thing);                                                             \
            code((k), &value_);                                                                \
            if ((k)->is_taking)                                                                \
                (thing) = arena_copy((k)->arena, &value_, sizeof(value_));                     \
        }                                                                                      \
    } while (0)

static void
code_account_view(struct codec *k, struct account_view *v)
{
    code_amount(k, &v->amount);
    code_amount(k, &v->locked);
    code_hash(k, &v->code_hash);
    code_u64(k, &v->storage_usage);
    code_global(k, &v->global);
}

static void
code_key_view(struct codec *k, struct access_key_view *v)
{
    code_public_key(k, &v->key);
    code_u64(k, &v->access.nonce);
    code_bool(k, &v->access.is_full_access);
    code_bool(k, &v->access.has_allowance);
    code_amount(k, &v->access.allowance);
    code_str(k, &v->access.receiver);
    code_texts(k, &v->access.methods, &v->access.method_count);
}

void
code_change(struct codec *k, struct change *change, struct account_id *name)
{
    CODE_ENUM(k, change->kind, CHANGE_DATA + 1);
    CODE_ENUM(k, change->cause, CAUSE_PATCH + 1);
    code_hash(k, &change->by);
    code_account(k, name);
    code_public_key(k, &change->public_key);
    code_str(k, &change->key);
    CODE_OPTIONAL(k, change->account_before, struct account_view, code_account_view);
    CODE_OPTIONAL(k, change->account_after, struct account_view, code_account_view);
    CODE_OPTIONAL(k, change->key_before, struct access_key_view, code_key_view);
    CODE_OPTIONAL(k, change->key_after, struct access_key_view, code_key_view);
    CODE_OPTIONAL(k, change->before, struct str, code_str);
    CODE_OPTIONAL(k, change->after, struct str, code_str);
}
