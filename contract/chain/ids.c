#include "contract/chain/ids.h"

void
hasher_add_u64(struct hasher *h, uint64_t value)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    hasher_add(h, bytes, sizeof(bytes));
}

struct hash
id_derive(const struct hash *base, uint64_t height, uint64_t salt)
{
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, base->b, sizeof(base->b));
    hasher_add_u64(&h, height);
    hasher_add_u64(&h, salt);
    return hasher_end(&h);
}

struct hash
id_of_action(const struct hash *receipt, uint64_t height, uint64_t action)
{
    return id_derive(receipt, height, UINT64_MAX - action);
}
