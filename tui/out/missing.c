#include "tui/out/missing.h"

#include "net/base/utf8.h"

enum { WHY_MOST = 8192 };

const char *
missing_word(enum missing_part part)
{
    switch (part) {
    case MISSING_RECEIPT: return "receipt";
    case MISSING_OUTCOME: return "outcome";
    case MISSING_BLOCK: return "block";
    case MISSING_PARTS: break;
    }
    return "";
}

static bool
lacks_block(const struct node *n)
{
    return n->has_outcome && !n->outcome.has_block_time;
}

struct missing
missing_of(const struct call *c)
{
    struct missing m = {.facts = c->dropped};
    const struct node *top = c->transaction_node;
    if (c->state == TX_REFUSED)
        return m;
    m.count[MISSING_OUTCOME] += !top || !top->has_outcome;
    m.count[MISSING_BLOCK] += top && lacks_block(top);
    for (size_t i = 0; i < c->order_count; i++) {
        m.count[MISSING_RECEIPT] += !c->order[i]->has_receipt;
        m.count[MISSING_OUTCOME] += !c->order[i]->has_outcome;
        m.count[MISSING_BLOCK] += lacks_block(c->order[i]);
    }
    return m;
}

bool
missing_any(const struct missing *m)
{
    return m->count[MISSING_RECEIPT] || m->count[MISSING_OUTCOME] || m->count[MISSING_BLOCK] ||
           m->facts;
}

size_t
missing_holes(const struct call *c, const struct node *n, struct hole out[MISSING_PARTS])
{
    size_t count = 0;
    bool is_hole = n->hole_reason && c->state == TX_FINAL && n != c->transaction_node;
    if (is_hole && !n->has_receipt)
        out[count++] = (struct hole){MISSING_RECEIPT, n->hole_reason, n->hole_asked};
    if (is_hole && !n->has_outcome)
        out[count++] = (struct hole){MISSING_OUTCOME, n->hole_reason, n->hole_asked};
    if (n->block_gone)
        out[count++] = (struct hole){MISSING_BLOCK, n->block_gone, n->block_asked};
    return count;
}

void
missing_say_why(struct buf *out, const char *reason, uint32_t asked)
{
    unsigned n = 0;
    for (; asked; asked &= asked - 1)
        n++;
    if (n > 1)
        buf_addf(out, "none of %u endpoints has it; ", n);
    struct buf clean;
    buf_init(&clean, WHY_MOST);
    utf8_clean(&clean, str_from(reason));
    struct str text = str_trim(buf_str(&clean));
    /* Nodes end their words in lines and blanks. */
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != ' ' || text.p[i - 1] != ' ')
            buf_add_byte(out, text.p[i]);
    }
    buf_release(&clean);
}
