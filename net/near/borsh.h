/* borsh: the binary form of transactions, receipts and keys.
 *
 * Little-endian integers of fixed width; strings and lists as u32 count, then the items; no
 * padding. The reader is a cursor that remembers the first fault: a chain of reads is
 * checked once at the end, and reads after a fault give zeros. */
#ifndef NET_NEAR_BORSH_H
#define NET_NEAR_BORSH_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/buf.h"
#include "net/base/err.h"
#include "net/near/account.h"
#include "net/near/amount.h"
#include "net/near/crypto.h"

void borsh_put_u8(struct buf *b, uint8_t value);
void borsh_put_u16(struct buf *b, uint16_t value);
void borsh_put_u32(struct buf *b, uint32_t value);
void borsh_put_u64(struct buf *b, uint64_t value);
void borsh_put_u128(struct buf *b, struct amount value);
void borsh_put_bytes(struct buf *b, struct str bytes);          /* with its u32 length */
void borsh_put_hash(struct buf *b, const struct hash *h);
void borsh_put_public_key(struct buf *b, const struct public_key *key);
void borsh_put_signature(struct buf *b, const struct signature *s);

struct borsh_reader {
    struct str rest;        /* borrowed: what is still unread */
    const char *fault;      /* NULL, or what was being read when the bytes ran out or were wrong */
    bool has_unknown_curve; /* what was wrong: */
    uint8_t curve;          /* the first byte of a key or signature */
};

void borsh_reader_init(struct borsh_reader *r, struct str bytes);
uint8_t borsh_take_u8(struct borsh_reader *r, const char *what);
uint32_t borsh_take_u32(struct borsh_reader *r, const char *what);
uint64_t borsh_take_u64(struct borsh_reader *r, const char *what);
struct amount borsh_take_u128(struct borsh_reader *r, const char *what);
struct str borsh_take_bytes(struct borsh_reader *r, const char *what);     /* borrowed */
struct hash borsh_take_hash(struct borsh_reader *r, const char *what);
struct public_key borsh_take_public_key(struct borsh_reader *r, const char *what);
struct signature borsh_take_signature(struct borsh_reader *r, const char *what);
/* A name that is none is no fault of the reader but an answer. */
enum err borsh_take_account(struct borsh_reader *r, const char *what, struct account_id *out,
                            struct diag *d) MUST_USE;

#endif
