/* out: what the screen shows, without a screen.
 *
 * An output is shown the store again and again and writes what is new since the last time: the
 * same facts in another order of arrival give other lines, the same set in the end. It writes
 * into a buffer; who calls it puts that on standard output. */
#ifndef TUI_OUT_OUT_H
#define TUI_OUT_OUT_H

#include "net/base/buf.h"
#include "tui/model/verdict.h"

struct out {
    const struct out_ops *ops;
    const char *network;
    int64_t start_ns;           /* monotonic: "t" counts from here */
    bool is_ascii;
    struct map told;            /* what was written: key -> struct out_mark, owned */
    struct buf text;            /* to be written by the caller, who clears it */
    bool has_call, has_verdict;
    bool is_many;               /* json: a verdict names its call */
    bool is_teaching;           /* plain: lessons instead of a line a receipt */
    char headline[8192];        /* the last one written; json: the last state */
};

struct out_ops {
    const char *name;
    /* Whatever is new of this call. */
    void (*update)(struct out *o, struct store *s, struct call *c, int64_t now_ns);
    /* The last word. `is_unknown`: following ended before the outcome was learnt. */
    void (*end)(struct out *o, struct store *s, struct call *c, int64_t now_ns, bool is_unknown);
    /* Of many calls at a time: one is known; has ended (with all its receipts, or its verdict
     * alone); is not kept any longer. */
    void (*begun)(struct out *o, const struct call *c, int64_t now_ns);
    void (*ended)(struct out *o, struct store *s, struct call *c, int64_t now_ns, bool with_tree);
    void (*left)(struct out *o, const struct hash *tx, int64_t now_ns);
    void (*error)(struct out *o, int64_t now_ns, const char *code, const char *message,
                  const char *where);
};

#define X(name, operations) extern const struct out_ops operations;
#include "tui/out/out.def"
#undef X

void out_init(struct out *o, const struct out_ops *ops, const char *network, int64_t start_ns);
void out_release(struct out *o);
/* A new call begins: nothing of it was told. */
void out_restart(struct out *o);

/* True once for each key and level above the last one: for outputs. */
bool out_first(struct out *o, char kind, const struct hash *id, int level);
/* The same for an outcome: another one of the same receipt, after its block was replaced, is
 * told as well. */
bool out_first_outcome(struct out *o, char kind, const struct outcome_fact *f, int level);

/* 0 all well, 1 the call failed, 2 a branch failed, 3 not learnt. */
int out_exit_status(const struct verdict *v, bool is_unknown);

#endif
