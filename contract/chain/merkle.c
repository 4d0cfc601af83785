#include "contract/chain/merkle.h"

#include <string.h>
#include "net/near/borsh.h"

size_t
merkle_size(size_t leaves)
{
    size_t size = leaves;
    while (leaves > 1) {
        leaves = (leaves + 1) / 2;
        size += leaves;
    }
    return size;
}

static struct hash
combine(const struct hash *a, const struct hash *b)
{
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, a->b, sizeof(a->b));
    hasher_add(&h, b->b, sizeof(b->b));
    return hasher_end(&h);
}

void
merkle_build(struct hash *tree, size_t leaves)
{
    struct hash *level = tree;
    while (leaves > 1) {
        struct hash *above = level + leaves;
        for (size_t i = 0; i < leaves; i += 2)
            above[i / 2] = i + 1 < leaves ? combine(&level[i], &level[i + 1]) : level[i];
        leaves = (leaves + 1) / 2;
        level = above;
    }
}

struct hash
merkle_root(const struct hash *tree, size_t leaves)
{
    return leaves ? tree[merkle_size(leaves) - 1] : (struct hash){0};
}

size_t
merkle_path(const struct hash *tree, size_t leaves, size_t index,
            struct merkle_step steps[MERKLE_MAX_STEPS])
{
    size_t count = 0;
    for (; leaves > 1; leaves = (leaves + 1) / 2, index /= 2) {
        size_t partner = index ^ 1;
        if (partner < leaves)
            steps[count++] = (struct merkle_step){tree[partner], partner > index};
        tree += leaves;
    }
    return count;
}

/* --- outcomes ----------------------------------------------------------------------------- */

/* The part of an outcome that all nodes agree on: no logs, no words of errors. */
static struct hash
hash_of_result(const struct chain_outcome *o)
{
    enum { TAG_FAILURE = 1, TAG_VALUE = 2, TAG_RECEIPT = 3 };
    struct buf b;
    buf_init(&b, o->value.n + o->child_count * sizeof(struct hash) + 256);
    borsh_put_u32(&b, (uint32_t)o->child_count);
    for (size_t i = 0; i < o->child_count; i++)
        borsh_put_hash(&b, &o->children[i]);
    borsh_put_u64(&b, o->gas_burnt);
    borsh_put_u128(&b, o->tokens_burnt);
    borsh_put_bytes(&b, account_str(&o->executor));
    switch (o->status) {
    case CHAIN_FAILED: borsh_put_u8(&b, TAG_FAILURE); break;
    case CHAIN_VALUE:
        borsh_put_u8(&b, TAG_VALUE);
        borsh_put_bytes(&b, o->value);
        break;
    case CHAIN_RECEIPT:
        borsh_put_u8(&b, TAG_RECEIPT);
        borsh_put_hash(&b, &o->returns);
        break;
    }
    struct hash hash = hash_of_bytes(buf_str(&b));
    buf_release(&b);
    return hash;
}

/* A list of hashes: the id, the result, and each line of the log. */
struct hash
merkle_leaf(const struct chain_outcome *o)
{
    struct hash result = hash_of_result(o);
    struct buf b;
    buf_init(&b, (o->log_count + 2) * sizeof(struct hash) + 16);
    borsh_put_u32(&b, (uint32_t)(o->log_count + 2));
    borsh_put_hash(&b, &o->id);
    borsh_put_hash(&b, &result);
    for (size_t i = 0; i < o->log_count; i++) {
        struct hash line = hash_of_bytes(o->logs[i]);
        borsh_put_hash(&b, &line);
    }
    struct hash hash = hash_of_bytes(buf_str(&b));
    buf_release(&b);
    return hash;
}
