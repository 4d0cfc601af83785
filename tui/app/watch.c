#include "tui/app/watch.h"

#include <stdio.h>
#include "net/base/clock.h"
#include "net/near/base58.h"
#include "tui/app/session.h"
#include "tui/model/target.h"

enum { PATIENT_LOOKS = 3 };

static void
leave(struct watching *w)
{
    open_calls_remove(&w->session->open, &w->hash);
    sources_unfollow(w->session->sources, &w->hash);
}

static void
follow(struct session *s, const struct hash *tx, const struct account_id *signer)
{
    const struct event known = {.kind = EVENT_TX_STATE,
                                .source = SOURCE_RPC,
                                .seen_ns = clock_monotonic_ns(),
                                .tx = *tx,
                                .tx_state = {.state = TX_SENT}};
    store_apply(s->store, &known);
    session_follow(s, tx, signer);
}

static void
on_origin(void *context, const struct hash *tx, const struct account_id *signer)
{
    struct watching *w = context;
    struct session *s = w->session;
    char text[DIAG_MAX], hash[HASH_TEXT];
    leave(w);
    if (!hash_equal(tx, &w->hash)) {
        snprintf(text, sizeof(text), "the hash is a receipt of the transaction %s, which is followed",
                 hash_text(tx, hash));
        session_trouble(s, "receipt", text, "watch");
        store_forget(s->store, &w->hash);
    }
    follow(s, tx, signer);
}

static void
on_no_origin(void *context, bool is_receipt, const char *sentence)
{
    struct watching *w = context;
    struct session *s = w->session;
    session_trouble(s, "unknown_transaction", sentence, "watch");
    /* A transaction may still come; a receipt never becomes one. */
    if (!is_receipt)
        return;
    const struct event given_up = {
        .kind = EVENT_TX_STATE, .source = SOURCE_RPC, .seen_ns = clock_monotonic_ns(), .tx = w->hash,
        .tx_state = {.state = TX_UNOBSERVED,
                     .reason = STR("the hash is a receipt, and its transaction was not found")}};
    store_apply(s->store, &given_up);
    leave(w);
    s->is_dirty = true;
    if (hash_equal(&s->current, &w->hash))
        s->is_over = s->is_unknown = true;
}

void
watch_heard(struct session *s, const struct event *ev)
{
    struct watching *w = &s->watching;
    /* Not at once: one that was sent a moment ago is unknown to all for a block or two. */
    w->unknown_looks += ev->kind == EVENT_TX_STATE && ev->tx_state.state == TX_UNKNOWN &&
                        w->session && hash_equal(&ev->tx, &w->hash);
    if (w->unknown_looks >= PATIENT_LOOKS && !w->origin)
        w->origin = origin_start(&(struct origin_config){
            .rpc = sources_rpc(s->sources), .hash = w->hash, .found = on_origin,
            .lost = on_no_origin, .context = w});
}

void
watch_end(struct watching *w)
{
    origin_free(w->origin);
    *w = (struct watching){0};
}

enum err
session_watch(struct session *s, const char *text, struct diag *d)
{
    struct target target;
    enum err e = target_read(text, &target, d);
    if (!e && s->open.count == OPEN_CALLS_MOST)
        e = diag_set(d, ERR_TOO_LARGE, "%d calls are followed already", OPEN_CALLS_MOST);
    if (!e && s->opts->as.is_given) {
        e = account_parse(str_from(s->opts->as.text), &target.signer, d);
        if (e)
            diag_prefix(d, "--as");
    }
    if (e)
        return e;
    /* The name only picks the shard to look in; a node that tracks all takes any. */
    if (!target.signer.s[0])
        target.signer = account_of("system");
    watch_end(&s->watching);
    s->watching = (struct watching){.session = s, .hash = target.tx};
    follow(s, &target.tx, &target.signer);
    return OK;
}
