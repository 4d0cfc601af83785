/* account: names of accounts, and which shard they live on.
 *
 * 2 to 64 bytes of a-z 0-9 with single '-' '_' '.' between them (NEAR's own rule). A name is
 * kept in a fixed array, so it can be copied, compared and stored without an owner. */
#ifndef NET_NEAR_ACCOUNT_H
#define NET_NEAR_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include "net/base/err.h"
#include "net/base/str.h"

enum { ACCOUNT_MAX = 64 };

struct account_id {
    char s[ACCOUNT_MAX + 1];    /* terminated; empty means "not known" */
};

bool account_is_valid(struct str text);
/* Why text is no account name, in the words of the node's parser; text must not be valid. */
enum { ACCOUNT_FAULT_TEXT = 256 };
const char *account_fault(struct str text, char out[ACCOUNT_FAULT_TEXT]);
enum err account_parse(struct str text, struct account_id *out, struct diag *d) MUST_USE;
/* For names that are known to be good (literals); asserts. */
struct account_id account_of(const char *text);
struct str account_str(const struct account_id *id);        /* borrowed from *id */
bool account_equal(const struct account_id *a, const struct account_id *b);
bool account_is_sub_of(struct str child, struct str parent);    /* "x.parent", one level */
bool account_is_implicit(struct str text);                  /* 64 lower-case hex digits */
bool account_is_ethereum(struct str text);                  /* "0x", 40 lower-case hex digits */
bool account_is_system(const struct account_id *id);        /* "system": makes refunds */

/* Index of the shard (not its id) where an account lives: the number of boundary accounts
 * that are <= the name, compared as bytes. `boundaries` is sorted. */
size_t account_shard_index(struct str account, const struct account_id *boundaries, size_t n);

#endif
