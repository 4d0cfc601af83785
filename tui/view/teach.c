#include "tui/view/teach.h"

#include "tui/out/text.h"
#include "tui/view/pane.h"

enum { NAMES_MOST = 4, TEXT_MOST = 1024 };

/* What is known of the call at its newest block. */
struct lesson {
    bool has_block;
    uint64_t height;                    /* the newest in which one of its receipts ran */
    const struct node *ran[NAMES_MOST];
    size_t ran_count, failed;           /* in that block, refunds left out */
    size_t shards;                      /* different ones, of those in `ran` */
    size_t in_flight, named;            /* named: by what made it, nothing else is known */
    const struct node *callback;        /* one that waits */
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
    m->failed += n->status == NODE_FAILED;
    m->shards += is_new_shard;
}

static struct lesson
lesson_of(const struct call *c)
{
    struct lesson m = {.has_block = false};
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        if (is_told(n) && n->has_height && (!m.has_block || n->height > m.height)) {
            m.has_block = true;
            m.height = n->height;
        }
        m.in_flight += is_told(n) && n->status == NODE_IN_FLIGHT;
        m.named += is_told(n) && n->status == NODE_UNKNOWN;
        if (n->status == NODE_WAITING && !m.callback)
            m.callback = n;
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

static void
add_names(struct buf *out, const struct lesson *m)
{
    size_t named = m->ran_count < NAMES_MOST ? m->ran_count : NAMES_MOST;
    for (size_t i = 0; i < named; i++) {
        bool is_last = i + 1 == m->ran_count;
        buf_add_c(out, i == 0 ? "" : is_last ? " and " : ", ");
        text_what(out, m->ran[i]);
    }
    if (m->ran_count > named)
        buf_addf(out, " and %zu more", m->ran_count - named);
}

static void
add_what_ran(struct buf *out, const struct lesson *m)
{
    buf_addf(out, "Block %llu: ", (unsigned long long)m->height);
    add_names(out, m);
    if (m->ran_count > 1)
        buf_addf(out, " ran at once%s", m->shards == m->ran_count ? ", each on its own shard" : "");
    else if (m->ran[0]->has_shard)
        buf_addf(out, " ran on shard %llu", (unsigned long long)m->ran[0]->shard);
    else
        buf_add_c(out, " ran");
    if (m->failed)
        buf_addf(out, "; %zu of them failed, and only %s rolled back", m->failed,
                 m->failed == 1 ? "that was" : "those were");
    buf_add_c(out, ". ");
}

static void
add_what_comes(struct buf *out, const struct lesson *m)
{
    if (m->in_flight)
        buf_addf(out, "%zu receipt%s on the way to %s. ", m->in_flight,
                 m->in_flight == 1 ? " is" : "s are", m->in_flight == 1 ? "its shard" : "their shards");
    if (m->named)
        buf_addf(out, "%zu more %s named and %s not run yet. ", m->named, m->named == 1 ? "is" : "are",
                 m->named == 1 ? "has" : "have");
    if (!m->callback)
        return;
    text_what(out, m->callback);
    if (m->callback->input_count && m->arrived < m->callback->input_count)
        buf_addf(out, " waits: %zu of %zu results are there. ", m->arrived, m->callback->input_count);
    else if (m->callback->input_count)
        buf_addf(out, " has all %zu results and runs next. ", m->callback->input_count);
    else
        buf_add_c(out, " waits to be resumed. ");
}

static void
add_end(struct buf *out, const struct verdict *v)
{
    if (v->kind == VERDICT_BRANCH_FAILED)
        buf_add_c(out, "The call succeeded though a branch failed: what the others did stays done. ");
    if (v->has_blocks && v->sequential_blocks > v->blocks)
        buf_addf(out, "It is over after %llu block%s; one after another its calls take about %llu. ",
                 (unsigned long long)v->blocks, v->blocks == 1 ? "" : "s",
                 (unsigned long long)v->sequential_blocks);
    else
        buf_add_c(out, "It is over. ");
    if (!v->is_final)
        buf_add_c(out, "Its blocks are not final yet.");
}

void
teach_sentence(struct buf *out, const struct frame *f)
{
    if (!f->call) {
        buf_add_c(out, "No call was sent yet.");
        return;
    }
    struct lesson m = lesson_of(f->call);
    if (!m.has_block) {
        buf_add_c(out, "The transaction is signed and handed to a node; none of its receipts has run "
                       "in a block that we know.");
        return;
    }
    add_what_ran(out, &m);
    if (f->verdict->kind == VERDICT_RUNNING)
        add_what_comes(out, &m);
    else
        add_end(out, f->verdict);
}

int
teach_rows(const struct frame *f, int height)
{
    return f->ui->is_teaching && height >= TEACH_FROM ? TEACH_ROWS : 0;
}

void
teach_paint(struct cells *c, struct box b, const struct frame *f)
{
    struct buf text;
    if (b.height < 1)
        return;
    buf_init(&text, TEXT_MOST);
    teach_sentence(&text, f);
    rule_paint(c, (struct box){b.x, b.y, b.width, 1}, "what happens");
    cells_wrap(c, b.x + 2, b.y + 1, b.width - 4, b.height - 1, buf_str(&text), ROLE_STRONG);
    buf_release(&text);
}
