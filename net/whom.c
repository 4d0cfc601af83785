#include "net/whom.h"

#include <stdio.h>
#include "net/base/clock.h"

enum {
    UNKNOWN_LOOKS = 3,          /* in vain, and for so many blocks, before others are asked; */
    UNKNOWN_BLOCKS = 5,
    UNKNOWN_BLOCKS_SENT = 20,   /* what was sent from here may still be on its way: so long
                                 * nobody is asked while no node has it, and it is not given up */
    STALE_LOOKS = 5,            /* without news before another endpoint is asked */
    FAR_BEHIND = 10             /* blocks; two or three is as it should be */
};

void
whom_init(struct whom *w, bool is_sent_here)
{
    *w = (struct whom){
        .is_sent_here = is_sent_here, .endpoint = -1, .begun_ns = clock_monotonic_ns()};
}

void
whom_taken(struct whom *w)
{
    w->is_unobserved = false;
    w->is_taken = true;
    w->unknown_looks = 0;
    w->unknown_by = 0;
    w->begun_ns = clock_monotonic_ns();
}

struct ask_how
whom_to_ask(const struct whom *w)
{
    struct ask_how how = {.refused_by = w->unknown_by, .is_of_the_past = w->unknown_by != 0};
    if (w->stale_looks >= STALE_LOOKS && w->endpoint >= 0)
        how.refused_by |= UINT32_C(1) << w->endpoint;
    how.refused_by |= w->lacking;
    return how;
}

static void
say_unobserved(const struct whom *w, uint32_t all, char *sentence)
{
    char who[64];
    unsigned n = 0;
    long long seconds = (clock_monotonic_ns() - w->begun_ns) / NS_PER_S;
    for (; all; all &= all - 1)
        n++;
    if (n == 1)
        snprintf(who, sizeof(who), "the only endpoint has not seen it");
    else
        snprintf(who, sizeof(who), "none of %u endpoints has seen it", n);
    snprintf(sentence, DIAG_MAX, "%s in %lld s", who, seconds);
}

/* True when the last endpoint has said no. */
static bool
note_unknown(struct whom *w, const struct rpc *rpc, const struct ask_reply *reply,
             int64_t block_ns)
{
    uint32_t all = rpc_all_endpoints(rpc);
    int64_t patience = w->is_sent_here ? UNKNOWN_BLOCKS_SENT : UNKNOWN_BLOCKS;
    int64_t before_others = w->is_taken ? UNKNOWN_BLOCKS : patience;
    int64_t waited_ns = clock_monotonic_ns() - w->begun_ns;
    if (++w->unknown_looks < UNKNOWN_LOOKS || waited_ns < before_others * block_ns)
        return false;
    w->unknown_by = reply->refused_by;
    if ((w->unknown_by & all) != all)
        return false;
    w->unknown_by = 0;
    return waited_ns >= patience * block_ns;
}

/* Several endpoints may stand at different blocks: who tells less than was told before is behind, and
 * so is who stood still until another one was asked. Who was only asked earlier is not. */
static void
compare(struct whom *w, struct rpc *rpc, const struct ask_reply *reply, bool was_stale)
{
    if (reply->endpoint < 0)
        return;
    bool is_another = w->endpoint >= 0 && reply->endpoint != w->endpoint;
    if (is_another && reply->outcomes < w->outcomes)
        rpc_note_behind(rpc, reply->endpoint, w->endpoint);
    else if (is_another && was_stale && reply->outcomes > w->outcomes)
        rpc_note_behind(rpc, w->endpoint, reply->endpoint);
    if (w->endpoint < 0 || reply->outcomes >= w->outcomes) {
        w->endpoint = reply->endpoint;
        w->outcomes = reply->outcomes;
    }
}

bool
whom_heard(struct whom *w, struct rpc *rpc, const struct ask_reply *reply, int64_t block_ns,
           char *sentence)
{
    bool was_stale = w->stale_looks >= STALE_LOOKS;
    w->lacking |= reply->lacking;
    if (w->lacking == rpc_all_endpoints(rpc))
        w->lacking = 0;
    w->stale_looks = reply->news != w->news || was_stale ? 0 : w->stale_looks + 1;
    w->news = reply->news;
    if (reply->fault == RPC_FINE)
        compare(w, rpc, reply, was_stale);
    if (reply->fault != RPC_UNKNOWN_TRANSACTION || !note_unknown(w, rpc, reply, block_ns) ||
        w->is_unobserved)
        return false;
    w->is_unobserved = true;
    say_unobserved(w, rpc_all_endpoints(rpc), sentence);
    return true;
}

/* --- finality ----------------------------------------------------------------------- */

void
whom_final_init(struct whom_final *w)
{
    *w = (struct whom_final){.endpoint = -1};
}

struct ask_how
whom_final_to_ask(const struct whom_final *w)
{
    bool is_stale = w->stale_looks >= STALE_LOOKS;
    return (struct ask_how){.refused_by = is_stale ? UINT32_C(1) << w->endpoint : 0};
}

void
whom_final_saw(struct whom_final *w, uint64_t height)
{
    if (height > w->seen)
        w->seen = height;
}

void
whom_final_heard(struct whom_final *w, struct rpc *rpc, const struct ask_reply *reply)
{
    bool was_stale = w->stale_looks >= STALE_LOOKS;
    if (reply->endpoint < 0)
        return;
    w->stale_looks = was_stale ? 0 : w->stale_looks + 1;
    if (w->endpoint < 0)
        w->endpoint = reply->endpoint;
    if (reply->fault != RPC_FINE || reply->final_height <= w->height)
        return;
    if (was_stale)
        rpc_note_behind(rpc, w->endpoint, reply->endpoint);
    w->height = reply->final_height;
    w->endpoint = reply->endpoint;
    if (w->height + FAR_BEHIND >= w->seen)
        w->stale_looks = 0;
}
