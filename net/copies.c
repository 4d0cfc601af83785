#include "net/copies.h"

#include <assert.h>

void
copies_release(struct copies *c)
{
    for (unsigned i = 0; i < c->count; i++)
        buf_release(&c->list[i].bytes);
    c->count = 0;
}

void
copies_sign(struct copies *c, const struct transaction *tx, const struct secret_key *key)
{
    assert(c->count < COPIES_MAX);
    c->current = c->count++;
    struct copy *made = &c->list[c->current];
    *made = (struct copy){.block_hash = tx->block_hash, .nonce = tx->nonce};
    buf_init(&made->bytes, TX_MAX_BYTES + 256);
    tx_sign(tx, key, &made->bytes, &made->hash);
}

const struct copy *
copies_current(const struct copies *c)
{
    return &c->list[c->current];
}

int
copies_find(const struct copies *c, const struct hash *tx)
{
    for (unsigned i = 0; i < c->count; i++) {
        if (hash_equal(&c->list[i].hash, tx))
            return (int)i;
    }
    return -1;
}

/* The next from there on with the nonce of the current one; count: there is none. */
static unsigned
next_of_nonce(const struct copies *c, unsigned from)
{
    while (from < c->count && c->list[from].nonce != copies_current(c)->nonce)
        from++;
    return from;
}

void
copies_begin_asking(struct copies *c)
{
    c->asking = next_of_nonce(c, 0);
    for (unsigned i = 0; i < c->count; i++)
        c->list[i].unknown_by = 0;
}

const struct copy *
copies_to_ask(const struct copies *c)
{
    return &c->list[c->asking];
}

bool
copies_unknown(struct copies *c, int endpoint)
{
    if (endpoint >= 0)
        c->list[c->asking].unknown_by |= UINT32_C(1) << endpoint;
    c->asking = next_of_nonce(c, c->asking + 1);
    bool is_round_over = c->asking == c->count;
    if (is_round_over)
        c->asking = next_of_nonce(c, 0);
    return is_round_over;
}

bool
copies_are_unknown_by(const struct copies *c, uint32_t endpoints)
{
    for (unsigned i = next_of_nonce(c, 0); i < c->count; i = next_of_nonce(c, i + 1)) {
        if ((c->list[i].unknown_by & endpoints) != endpoints)
            return false;
    }
    return true;
}
