/* codec: what the chain is made of, as bytes and back.
 *
 * Every field is named once, in one order, for both directions: the same function puts a record
 * into bytes or takes it out of them. The form is borsh's. Taking checks lengths against the
 * bytes that are there; the first fault stays and is asked for once, at the end. What is taken
 * lives in the codec's arena. Private to contract/chain. */
#ifndef CONTRACT_CHAIN_CODEC_H
#define CONTRACT_CHAIN_CODEC_H

#include "contract/chain/chain.h"
#include "contract/chain/changes.h"
#include "contract/chain/state.h"
#include "net/near/borsh.h"

struct codec {
    bool is_taking;
    struct buf *out;                /* putting: appended to */
    struct borsh_reader in;         /* taking; .fault says what was wrong */
    struct arena *arena;            /* taking: where things go */
};

struct codec codec_put(struct buf *out);
struct codec codec_take(struct str bytes, struct arena *arena);
/* Taking: there is nothing wrong, and nothing left. */
bool codec_is_done(const struct codec *k);

void code_bool(struct codec *k, bool *v);
void code_u8(struct codec *k, uint8_t *v);
void code_u64(struct codec *k, uint64_t *v);
void code_size(struct codec *k, size_t *v);
void code_amount(struct codec *k, struct amount *v);
void code_hash(struct codec *k, struct hash *v);
void code_public_key(struct codec *k, struct public_key *v);
void code_account(struct codec *k, struct account_id *v);
void code_str(struct codec *k, struct str *v);
/* The length of a list whose items take at least one byte each. */
void code_count(struct codec *k, size_t *v);
/* Room for a list of that length when taking; as it is when putting. */
void *code_array(struct codec *k, void *items, size_t count, size_t size);
#define CODE_ARRAY(k, items, count) ((items) = code_array((k), (items), (count), sizeof(*(items))))

/* --- codec_record.c ----------------------------------------------------------------------- */
/* Without what points elsewhere: a receipt of a transaction shares its actions (has_actions is
 * false), an outcome its receipt or transaction. */
void code_receipt(struct codec *k, struct chain_receipt *r, bool *has_actions);
void code_outcome(struct codec *k, struct chain_outcome *o);
/* Header fields; chunks without their lists. */
void code_block(struct codec *k, struct chain_block *b);
void code_chunk(struct codec *k, struct chain_chunk *c);
/* The name of a contract of all. */
void code_global(struct codec *k, struct global_use *g);
/* The account without its data and its code's bytes. Owned as accounts own it. */
void code_state_account(struct codec *k, struct account *a);
/* .account as a name, to be found by the caller: *name. */
void code_change(struct codec *k, struct change *change, struct account_id *name);

#endif
