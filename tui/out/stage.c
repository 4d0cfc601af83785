#include "tui/out/stage.h"

#include "net/base/utf8.h"
#include "net/near/base58.h"

static const struct {
    const char *word, *headline, *sentence, *advice;
} table[] = {
#define X(name, word, headline, sentence, advice) {word, headline, sentence, advice},
#include "tui/out/stage.def"
#undef X
};

/* Whose signature it is we know before any node does: one that was only looked for was never seen. */
static bool
is_ours(const struct call *c)
{
    return c->has_transaction;
}

enum stage
stage_of(const struct call *c, const struct verdict *v)
{
    bool is_in_no_block = !v->known && !(c->transaction_node && c->transaction_node->has_outcome);
    switch (c->state) {
    case TX_REFUSED: return STAGE_REFUSED;
    case TX_UNOBSERVED:
        return !is_in_no_block ? STAGE_RUNNING : is_ours(c) ? STAGE_UNOBSERVED : STAGE_NOT_FOUND;
    case TX_UNSENT:
    case TX_SENT:
    case TX_UNKNOWN:
        if (!is_in_no_block)
            break;
        if (c->lost_ns)
            return STAGE_TAKEN_BACK;
        if (!is_ours(c))
            return STAGE_SOUGHT;
        return c->state == TX_UNKNOWN ? STAGE_UNKNOWN : STAGE_SENT;
    case TX_INCLUDED:
    case TX_FINAL: break;
    }
    return c->order_count ? STAGE_RUNNING : STAGE_INCLUDED;
}

const char *
stage_word(enum stage stage)
{
    return table[stage].word;
}

const char *
stage_advice(enum stage stage)
{
    return table[stage].advice;
}

const char *
stage_reason(const struct call *c, enum stage stage)
{
    if (stage == STAGE_REFUSED)
        return c->refused_reason;
    return stage == STAGE_UNOBSERVED || stage == STAGE_NOT_FOUND ? c->unobserved_reason : NULL;
}

static void
add(struct buf *out, const char *words, const struct call *c, enum stage stage)
{
    const char *reason = stage_reason(c, stage);
    buf_add_c(out, words);
    if (reason) {
        buf_add_c(out, ": ");
        utf8_clean(out, str_from(reason));
    }
}

void
stage_headline(struct buf *out, const struct call *c, enum stage stage)
{
    add(out, table[stage].headline, c, stage);
}

void
stage_sentence(struct buf *out, const struct call *c, enum stage stage)
{
    add(out, table[stage].sentence, c, stage);
}

void
stage_timeout(struct buf *out, const struct call *c, const struct verdict *v)
{
    char hash[HASH_TEXT];
    buf_add_c(out, "nothing new came for too long: the outcome could not be learnt");
    if (!c) {
        buf_add_c(out, "; nothing was sent");
        return;
    }
    enum stage stage = stage_of(c, v);
    bool is_seen = stage == STAGE_RUNNING || stage == STAGE_INCLUDED;
    buf_addf(out, "; %s\"neartop watch %s%s%s\" on the same network looks for it again%s",
             !is_ours(c) ? "" : is_seen ? "the call goes on: " : "it may still run: ",
             is_ours(c) ? c->transaction.signer.s : "", is_ours(c) ? ":" : "",
             hash_text(&c->tx, hash),
             is_ours(c) && !is_seen ? "; do that before you send another" : "");
}
