#include "net/retry.h"

#include "net/near/crypto.h"

void
retry_init(struct retry *r, uint32_t first_ms, uint32_t most_ms, unsigned tries_max)
{
    *r = (struct retry){.first_ms = first_ms, .most_ms = most_ms, .tries_max = tries_max};
    random_bytes(&r->random, sizeof(r->random));
}

/* xorshift: only has to differ between clients. */
static uint64_t
next_random(struct retry *r)
{
    uint64_t x = r->random ? r->random : 1;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return r->random = x;
}

bool
retry_next(struct retry *r, int64_t asked_ms, uint64_t *wait_ms)
{
    if (r->tries_max && r->tries >= r->tries_max)
        return false;
    uint64_t wait = r->first_ms;
    for (unsigned i = 0; i < r->tries && wait < r->most_ms; i++)
        wait *= 2;
    if (wait > r->most_ms)
        wait = r->most_ms;
    wait -= next_random(r) % (wait / 2 + 1);
    r->tries++;
    *wait_ms = asked_ms > 0 && (uint64_t)asked_ms > wait ? (uint64_t)asked_ms : wait;
    return true;
}

void
retry_succeeded(struct retry *r)
{
    r->tries = 0;
}
