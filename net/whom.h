/* whom: which endpoint to ask about a transaction, or about finality, from what they said so far.
 *
 * An endpoint that does not know a transaction, after long enough, is not asked for it as long
 * as others have not been; when none knows it, that is a state of its own ("not observed").
 * One whose answers stand still may have stopped: another one is asked and the two are
 * compared; who tells less is behind (rpc_note_behind). With a single endpoint nothing of this
 * costs a request. Remembering only: the poller asks. */
#ifndef NET_WHOM_H
#define NET_WHOM_H

#include "net/ask.h"

/* Of one transaction. */
struct whom {
    bool is_sent_here, is_unobserved;
    bool is_taken;              /* a node has said that it has it */
    uint32_t lacking;           /* endpoints that do not follow its shard */
    unsigned unknown_looks;     /* in vain; no endpoint had it */
    uint32_t unknown_by;        /* endpoints that are not asked, since they did not have it */
    unsigned stale_looks;       /* that brought no news, in a row */
    int endpoint;               /* who told most of it so far; -1: nobody */
    size_t outcomes;            /* so many */
    uint64_t news;              /* as the last answer had it (ask.h) */
    int64_t begun_ns;
};

void whom_init(struct whom *w, bool is_sent_here);
struct ask_how whom_to_ask(const struct whom *w);
/* A node has just taken it: who did not have it before may have it soon. */
void whom_taken(struct whom *w);
/* An answer to WANT_STATUS came. True when it is now known that nobody has it, once (until it is
 * taken again); *sentence
 * (DIAG_MAX bytes) says who was asked, how long, and what that may mean. */
bool whom_heard(struct whom *w, struct rpc *rpc, const struct ask_reply *reply, int64_t block_ns,
                char *sentence);

/* Of finality, for all. */
struct whom_final {
    uint64_t height;            /* the best that was told, */
    int endpoint;               /* by whom, or who was asked in vain; -1: nobody */
    uint64_t seen;              /* the highest block that was told of, final or not */
    unsigned stale_looks;       /* in a row that told no more, or far less than was seen */
};

void whom_final_init(struct whom_final *w);
struct ask_how whom_final_to_ask(const struct whom_final *w);
/* A block of this height was told of. */
void whom_final_saw(struct whom_final *w, uint64_t height);
void whom_final_heard(struct whom_final *w, struct rpc *rpc, const struct ask_reply *reply);

#endif
