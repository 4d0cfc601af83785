#include "tui/app/oddity.h"

#include <stdio.h>
#include "net/near/base58.h"
#include "tui/out/text.h"

static void
say_contradiction(const struct contradiction *k, struct oddity_word *out)
{
    char id[HASH_TEXT];
    out->kind = TROUBLE_ONCE;
    out->code = "contradiction";
    out->where = text_source(k->other);
    snprintf(out->text, sizeof(out->text), "%s tells another %s of %s than %s did; the first word "
             "stands", text_source(k->other), k->what, hash_text(&k->id, id),
             k->first == k->other ? "another endpoint, or it before," : text_source(k->first));
}

static const char *
taken_back_words(enum taken_back what)
{
    switch (what) {
    case TAKEN_BACK_MOVED: return "what ran in it ran again in another one, and that counts";
    case TAKEN_BACK_RECEIPT: return "what ran in it is taken back and waited for anew";
    case TAKEN_BACK_TRANSACTION:
        return "the transaction is in no block any more, and has to be included again; that "
               "happens by itself";
    }
    return "";
}

bool
oddity_of_call(struct oddity *o, const struct call *c, struct oddity_word *out)
{
    if (c->contradictions && c->contradictions != o->contradiction) {
        o->contradiction = c->contradictions;
        say_contradiction(c->contradictions, out);
        return true;
    }
    if (c->taken_back > o->taken_back) {
        o->taken_back = c->taken_back;
        out->kind = TROUBLE_ONCE;
        out->code = "block_replaced";
        out->where = "chain";
        snprintf(out->text, sizeof(out->text), "a block was replaced: %s",
                 taken_back_words(c->taken_back_what));
        return true;
    }
    return false;
}

bool
oddity_of_endpoint(struct oddity *o, const struct store *s, size_t index, struct oddity_word *out)
{
    const struct endpoint_record *r = &s->endpoints[index];
    enum endpoint_state state = r->fact.state, told = o->endpoints[index];
    o->endpoints[index] = state;
    bool is_over = state == ENDPOINT_UNTRIED || state == ENDPOINT_WORKS;
    /* A single one is a source, which speaks for itself. */
    if (is_over || state == told || s->endpoint_count < 2)
        return false;
    out->kind = TROUBLE_ONCE;
    out->code = "endpoint";
    out->where = r->name;
    snprintf(out->text, sizeof(out->text), "passed over for a while: %.200s", r->reason);
    return true;
}

bool
oddity_of_source(struct oddity *o, const struct event *ev, struct oddity_word *out)
{
    static const char *const names[SOURCE_COUNT] = {"rpc", "websocket", "feed", "replay"};
    enum source_state state = ev->health.state, told = o->sources[ev->source];
    o->sources[ev->source] = state;
    bool is_trouble = state == SOURCE_RETRYING || state == SOURCE_FAILED;
    if (!is_trouble || state == told || !ev->health.text.n)
        return false;
    out->kind = TROUBLE_SOURCE;
    out->code = state == SOURCE_FAILED ? "source_failed" : "source_retrying";
    out->where = names[ev->source];
    snprintf(out->text, sizeof(out->text), "%.*s", STR_ARG(ev->health.text));
    return true;
}
