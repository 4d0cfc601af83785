/* patch: records put into the state from outside, as the sandbox lets its users do.
 *
 * Not a part of the protocol: nobody signs it and nothing pays for it. A record stands in the
 * place of the one that was there: an account's record says its balance and its size, whatever
 * else is put under it, so sizes are not counted up. All records of a patch take effect at once,
 * before anything else in the next block. A block that is replaced takes its patch along into
 * the block that comes instead. */
#ifndef CONTRACT_CHAIN_PATCH_H
#define CONTRACT_CHAIN_PATCH_H

#include "contract/chain/chain.h"

enum patch_kind { PATCH_ACCOUNT, PATCH_KEY, PATCH_CODE, PATCH_DATA };

struct patch_record {
    enum patch_kind kind;
    struct account_id account;
    struct account_view view;       /* of an account */
    struct public_key key;          /* of a key */
    struct access_key access;
    struct str name;                /* of data */
    struct str bytes;               /* value of data; code */
};

struct patch {
    struct arena arena;
    struct patch_record *records;   /* owned array; what they point to is in the arena */
    size_t count, room;
    bool is_applied;                /* in the block of this height */
    uint64_t height;
    struct amount tokens;           /* of all patches so far: how much they may have made */
};

/* Copies the records. An account comes before what lies under it, unless it is there; code has
 * the hash that its account says; there are no more tokens than the chain can add up. Nothing is
 * taken when one record is wrong. */
enum err chain_patch(struct chain *c, const struct patch_record *records, size_t count,
                     struct diag *d) MUST_USE;

#endif
