/* snapshot: what the world is for one frame: the facts, and what the front knows beside them.
 *
 * Borrowed from the front until the frame is presented. Painting reads nothing else: no clock,
 * no globals. The store is not const because what follows from its facts is derived when it is
 * first asked for (tui/model/tree.h); nothing here or behind it changes a fact. */
#ifndef TUI_VIEW_SNAPSHOT_H
#define TUI_VIEW_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/near/amount.h"
#include "tui/model/verdict.h"

/* A way to make a branch fail, for the menu. */
struct snapshot_fault {
    const char *kind;               /* "panic": what the front is told */
    const char *meaning;            /* "refuses with a message" */
};

struct offers;

struct snapshot {
    struct store *store;
    struct call *call;              /* NULL: nothing was sent yet */
    const char *network;            /* "demo" */
    const char *chain_id;           /* what its nodes call it; empty or NULL: not known */
    bool is_embedded;               /* its contracts can be told to fail */
    bool can_run;                   /* there is something to run again */
    int64_t now_ns;                 /* monotonic; of a picture that is held, when it was made */
    int64_t clock_ns;               /* monotonic, whatever is held */
    uint64_t missed;                /* facts that came since the picture is held */
    bool is_idle;                   /* no call is under way: no block is waited for */
    const char *const *followed;    /* accounts whose calls are looked for, as they happen */
    size_t followed_count;          /* 0: those of nobody */
    const char *place;              /* where: "the feed", "blocks and chunks"; NULL: nowhere yet */
    const char *place_trouble;      /* why not elsewhere, for as long as that is so; or empty or NULL */
    size_t runs, runs_over;         /* of a comparison that runs by itself; 0: there is none */
    const char *trouble;            /* a sentence, or empty */
    const char *busy;               /* what holds up the chain, a sentence; empty or NULL: nothing */
    const char *explorer;           /* "https://…/{tx}", or empty */
    const char *note;               /* what is going on before there is a call, … */
    bool is_note_bad;               /* … or why there is none */
    const char *const *branches;    /* that can be made to fail, by name */
    size_t branch_count;
    const struct snapshot_fault *faults;
    size_t fault_count;
    const char *const *signers;     /* accounts with a key here */
    size_t signer_count;
    bool has_ways;                  /* the call that is looked at can run in another way */
    bool knows_signers;             /* of others there is no key: they cannot sign */
    bool asks_first;                /* tokens are real: a call is confirmed before it is signed */
    const struct offers *offers;    /* calls that a new one can begin with; NULL: none */
    bool has_gas_price;
    struct amount gas_price;        /* the node's own, yoctoNEAR for a unit of gas */
};

#endif
