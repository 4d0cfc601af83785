#include "net/relay/touch.h"

#include "net/base/xalloc.h"

struct touch_recent {
    struct hash tx;
    struct account_id signer;       /* empty: none yet */
};

void
touch_init(struct touch *t)
{
    *t = (struct touch){0};
    map_init(&t->accounts);
    t->recent = xcalloc(TOUCH_RECENT, sizeof(*t->recent));
}

void
touch_clear(struct touch *t)
{
    void *value;
    for (size_t i = 0; map_next(&t->accounts, &i, NULL, &value);)
        xfree(value);
    map_clear(&t->accounts);
    t->takes_all = false;
}

void
touch_release(struct touch *t)
{
    touch_clear(t);
    map_release(&t->accounts);
    xfree(t->recent);
}

void
touch_add(struct touch *t, struct str account)
{
    struct account_id name;
    if (map_get(&t->accounts, account) || account_parse(account, &name, NULL))
        return;
    struct account_id *kept = xmemdup(&name, sizeof(name));
    map_put(&t->accounts, account_str(kept), kept);
}

static bool
is_touched(const struct touch *t, const struct account_id *a)
{
    return map_get(&t->accounts, account_str(a)) != NULL;
}

void
touch_block(struct touch *t, const struct walk_block *b, touch_fn fn, void *context)
{
    for (size_t i = 0; i < b->tx_count; i++) {
        const struct walk_tx *tx = &b->txs[i];
        t->recent[t->recent_next] = (struct touch_recent){tx->id, tx->signer};
        t->recent_next = (t->recent_next + 1) % TOUCH_RECENT;
        if (t->takes_all || is_touched(t, &tx->signer) || is_touched(t, &tx->receiver))
            fn(context, &tx->id, &tx->signer, NULL);
    }
    for (size_t i = 0; i < b->receipt_count; i++) {
        const struct walk_receipt *r = &b->receipts[i];
        bool is_candidate = is_touched(t, &r->receiver) && !account_is_system(&r->predecessor);
        /* The newest first: the likeliest. */
        for (size_t j = 1; is_candidate && r->signer.s[0] && j <= TOUCH_RECENT; j++) {
            size_t at = (t->recent_next + TOUCH_RECENT - j) % TOUCH_RECENT;
            const struct touch_recent *recent = &t->recent[at];
            if (account_equal(&recent->signer, &r->signer))
                fn(context, &recent->tx, &recent->signer, &r->id);
        }
    }
}
