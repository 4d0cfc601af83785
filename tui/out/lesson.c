#include "tui/out/lesson.h"

#include "net/base/utf8.h"
#include "tui/out/text.h"

enum { NAMES_MOST = 4, TEXT_MOST = 4096, REASON_MOST = 60 };

/* What is known of the call at its newest block. */
struct lesson {
    bool has_block;
    uint64_t height;                    /* the newest in which one of its receipts ran */
    const struct node *ran[NAMES_MOST];
    size_t ran_count;                   /* in that block, refunds left out */
    const struct node *failed;          /* the first of them that did */
    size_t failed_count;
    size_t shards;                      /* different ones, of those in `ran` */
    size_t in_flight, named;            /* callbacks left out; named: nothing else is known */
    const struct node *flying;          /* one in flight */
    const struct node *callback;        /* one that waits, or has all that it waited for */
    size_t arrived;                     /* results that it has */
};

static bool
is_told(const struct node *n)
{
    return n->role != RECEIPT_REFUND && n->is_placed;
}

static void
note_ran(struct lesson *m, const struct node *n)
{
    bool is_new_shard = n->has_shard;
    for (size_t i = 0; i < m->ran_count && i < NAMES_MOST; i++)
        is_new_shard &= !m->ran[i]->has_shard || m->ran[i]->shard != n->shard;
    if (m->ran_count < NAMES_MOST)
        m->ran[m->ran_count] = n;
    m->ran_count++;
    m->shards += is_new_shard;
    if (n->status != NODE_FAILED)
        return;
    m->failed = m->failed ? m->failed : n;
    m->failed_count++;
}

static void
note_open(struct lesson *m, const struct node *n)
{
    bool is_callback = n->role == RECEIPT_CALLBACK && !n->has_outcome;
    m->named += n->status == NODE_UNKNOWN;
    if (is_callback && !m->callback)
        m->callback = n;
    if (is_callback || n->status != NODE_IN_FLIGHT)
        return;
    m->flying = m->flying ? m->flying : n;
    m->in_flight++;
}

static struct lesson
lesson_of(const struct call *c)
{
    struct lesson m = {.has_block = false};
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        if (!is_told(n))
            continue;
        if (n->has_height && (!m.has_block || n->height > m.height)) {
            m.has_block = true;
            m.height = n->height;
        }
        note_open(&m, n);
    }
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        if (m.has_block && is_told(n) && n->has_height && n->height == m.height)
            note_ran(&m, n);
    }
    for (size_t i = 0; m.callback && i < m.callback->input_count; i++)
        m.arrived += call_input_arrived(c, m.callback, i);
    return m;
}

/* --- what ran ----------------------------------------------------------------------------- */

static void
add_name(struct buf *out, const struct node *n)
{
    if (n->receipt.action_count > 1)
        buf_addf(out, "a batch of %zu actions", n->receipt.action_count);
    else
        text_what(out, n);
}

static void
add_names(struct buf *out, const struct lesson *m)
{
    size_t named = m->ran_count < NAMES_MOST ? m->ran_count : NAMES_MOST;
    for (size_t i = 0; i < named; i++) {
        bool is_last = i + 1 == m->ran_count;
        buf_add_c(out, i == 0 ? "" : is_last ? " and " : ", ");
        add_name(out, m->ran[i]);
    }
    if (m->ran_count > named)
        buf_addf(out, " and %zu more", m->ran_count - named);
}

/* What it was told, and whom it called. */
static void
add_what_it_did(struct buf *out, const struct node *n)
{
    size_t called = 0, failed = 0;
    for (size_t i = 0; i < n->input_count; i++)
        failed += n->inputs[i] && n->inputs[i]->status == NODE_FAILED;
    for (size_t i = 0; i < n->child_count; i++)
        called += n->children[i]->role == RECEIPT_BRANCH;
    if (n->input_count == 1)
        buf_addf(out, " with its result%s", failed ? ", a failure" : "");
    else if (n->input_count)
        buf_addf(out, " with all %zu results", n->input_count);
    if (n->input_count > 1 && failed)
        buf_addf(out, ", %zu of them %s", failed, failed == 1 ? "a failure" : "failures");
    if (called == 1)
        buf_add_c(out, " and called another contract");
    else if (called)
        buf_addf(out, " and called %zu contracts at once", called);
}

static void
add_reason(struct buf *out, const struct node *n)
{
    struct buf text;
    buf_init(&text, TEXT_MOST);
    text_reason_short(&text, n);
    struct str whole = buf_str(&text), rest = whole;
    for (size_t i = 0; i < REASON_MOST && rest.n; i++)
        utf8_take(&rest);
    buf_add_str(out, str_slice(whole, 0, whole.n - rest.n));
    buf_add_c(out, rest.n ? " and so on" : "");
    buf_release(&text);
}

static void
add_failure(struct buf *out, const struct lesson *m)
{
    const struct node *n = m->failed;
    if (m->ran_count > 1)
        add_name(out, n);
    else
        buf_add_c(out, "It");
    buf_add_c(out, " failed: ");
    add_reason(out, n);
    buf_add_c(out, ". ");
    if (m->failed_count > 1)
        buf_addf(out, "%zu failed in all, and only those were rolled back. ", m->failed_count);
    else if (n->receipt.action_count > 1)
        buf_addf(out, "All of its %zu actions were rolled back. ", n->receipt.action_count);
    else
        buf_add_c(out, "Only that was rolled back. ");
}

static void
add_what_ran(struct buf *out, const struct lesson *m)
{
    buf_addf(out, "Block %llu: ", (unsigned long long)m->height);
    add_names(out, m);
    buf_add_c(out, " ran");
    if (m->ran_count > 1)
        buf_addf(out, " at once%s", m->shards == m->ran_count ? ", each on its own shard" : "");
    else if (m->ran[0]->has_shard)
        buf_addf(out, " on shard %llu", (unsigned long long)m->ran[0]->shard);
    if (m->ran_count == 1)
        add_what_it_did(out, m->ran[0]);
    if (m->ran_count == 1 && m->ran[0]->receipt.action_count > 1)
        buf_add_c(out, ", all of them or none");
    buf_add_c(out, ". ");
    if (m->failed)
        add_failure(out, m);
}

/* --- what comes --------------------------------------------------------------------------- */

static void
add_callback(struct buf *out, const struct lesson *m)
{
    const struct node *n = m->callback;
    add_name(out, n);
    if (!n->input_count)
        buf_add_c(out, " waits to be resumed. ");
    else if (m->arrived == n->input_count && n->input_count == 1)
        buf_add_c(out, " has what it waited for and runs next. ");
    else if (m->arrived == n->input_count)
        buf_addf(out, " has all %zu results and runs next. ", n->input_count);
    else if (n->input_count == 1)
        buf_add_c(out, " waits for the result. ");
    else if (m->arrived == 0)
        buf_addf(out, " waits for %zu results. ", n->input_count);
    else
        buf_addf(out, " waits: %zu of %zu results are there. ", m->arrived, n->input_count);
}

static void
add_what_comes(struct buf *out, const struct lesson *m)
{
    if (m->in_flight == 1) {
        add_name(out, m->flying);
        buf_add_c(out, " is on the way to its shard. ");
    } else if (m->in_flight) {
        buf_addf(out, "%zu receipts are on the way to their shards. ", m->in_flight);
    }
    if (m->named)
        buf_addf(out, "%zu more %s made and %s not run yet. ", m->named, m->named == 1 ? "was" : "were",
                 m->named == 1 ? "has" : "have");
    if (m->callback)
        add_callback(out, m);
}

/* --- how it ended ------------------------------------------------------------------------- */

static void
add_verdict(struct buf *out, const struct verdict *v)
{
    const struct node *n = v->first_failed;
    switch (v->kind) {
    case VERDICT_RUNNING: return;
    case VERDICT_OK: buf_add_c(out, "The call succeeded"); return;
    case VERDICT_BRANCH_FAILED:
        buf_add_c(out, "The call succeeded though ");
        if (n && n->has_receipt)
            add_name(out, n);
        else
            buf_add_c(out, "a branch");
        buf_add_c(out, " failed");
        if (n) {
            buf_add_c(out, ": ");
            add_reason(out, n);
        }
        buf_add_c(out, ". What the others did stays done");
        return;
    case VERDICT_FAILED:
        buf_add_c(out, "The call failed");
        if (n) {
            buf_add_c(out, n->depth ? " in " : "");
            if (n->depth)
                add_name(out, n);
            buf_add_c(out, ": ");
            add_reason(out, n);
        }
        if (n && n->receipt.action_count > 1)
            buf_addf(out, ". All of its %zu actions were rolled back", n->receipt.action_count);
        if (v->branches > v->branches_failed)
            buf_add_c(out, ". What its branches did stays done");
        return;
    case VERDICT_UNKNOWN:
        buf_add_c(out, "How it ended cannot be learnt");
        return;
    }
}

static void
add_time(struct buf *out, const struct verdict *v)
{
    /* Every receipt is on the way that took longest: nothing ran beside anything. */
    bool is_chain = v->branches > 1 && v->critical_count == v->receipts - v->refunds;
    if (!v->has_blocks || !v->blocks)
        return;
    buf_addf(out, "It took %llu block%s", (unsigned long long)v->blocks, v->blocks == 1 ? "" : "s");
    if (v->sequential_blocks > v->blocks)
        buf_addf(out, "; one after another its calls would take about %llu",
                 (unsigned long long)v->sequential_blocks);
    else if (is_chain)
        buf_add_c(out, ", since each call waited for the one before");
    buf_add_c(out, ". ");
}

static void
add_end(struct buf *out, const struct verdict *v)
{
    add_verdict(out, v);
    buf_add_c(out, ". ");
    add_time(out, v);
    buf_add_c(out, v->is_final ? "All of it is final." : "Its blocks are not final yet.");
}

/* Before any receipt has run. */
static void
add_beginning(struct buf *out, const struct call *c)
{
    const struct node *top = c->transaction_node;
    if (c->state == TX_REFUSED) {
        buf_add_c(out, "The node refused the transaction: nothing has run, and nothing was paid.");
    } else if (top && top->has_outcome && top->has_height) {
        buf_addf(out, "Block %llu took the transaction and made a receipt of it",
                 (unsigned long long)top->height);
        if (c->root && c->root->has_receipt) {
            buf_add_c(out, ": ");
            add_name(out, c->root);
            buf_add_c(out, " is on the way to its shard");
        }
        buf_add_c(out, ".");
    } else {
        buf_add_c(out, "The transaction is signed and handed to a node. It waits for a block.");
    }
}

void
lesson_say(struct buf *out, const struct call *c, const struct verdict *v)
{
    struct lesson m = lesson_of(c);
    if (v->kind != VERDICT_RUNNING) {
        add_end(out, v);
    } else if (!m.has_block) {
        add_beginning(out, c);
    } else {
        add_what_ran(out, &m);
        add_what_comes(out, &m);
    }
}
