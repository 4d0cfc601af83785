#include "tui/app/follow.h"

#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/relay/finder.h"
#include "tui/app/seen.h"
#include "tui/app/session.h"
#include "tui/model/want.h"

enum { WANTS_OF_ONE = 24 };     /* at a time: one call shall not keep the others waiting */

/* Found while FOLLOW_MAX were followed. */
struct waiting {
    struct hash tx;
    struct account_id signer;
};

struct follow {
    struct session *session;
    struct finder *finder;
    struct hash live[FOLLOW_MAX];
    size_t live_count, next;    /* next: whose wants come first now */
    struct waiting waiting[FOLLOW_WAITING_MAX];     /* a ring */
    size_t waiting_first, waiting_count;
    struct seen seen;           /* all that were begun, or wait */
    struct hash ended[FOLLOW_KEEP_MAX + 1];     /* in the store, the oldest first */
    size_t ended_count, ended_ever, keep, most;
    size_t passed_over;         /* found while FOLLOW_WAITING_MAX waited */
    const char *place;          /* see follow_place */
    char trouble[DIAG_MAX];
};

/* --- what is found ------------------------------------------------------------------------ */

static void
begin(struct follow *f, const struct hash *tx, const struct account_id *signer)
{
    struct session *s = f->session;
    f->live[f->live_count++] = *tx;
    const struct event known = {.kind = EVENT_TX_STATE, .source = SOURCE_RPC, .tx = *tx,
                                .seen_ns = clock_monotonic_ns(),
                                .tx_state = {.state = TX_SENT}};
    store_apply(s->store, &known);
    sources_follow(s->sources, tx, signer);
    if (hash_is_zero(&s->current))
        s->current = *tx;
    s->is_dirty = true;
    if (s->front->found)
        s->front->found(s, tx);
}

static void
wait_for_room(struct follow *f, const struct hash *tx, const struct account_id *signer)
{
    if (f->waiting_count == FOLLOW_WAITING_MAX) {
        if (f->passed_over++ == 0)
            session_trouble(f->session, "too_many", "more calls come than can be followed: some "
                                                    "are passed over", "follow");
        return;
    }
    size_t at = (f->waiting_first + f->waiting_count++) % FOLLOW_WAITING_MAX;
    f->waiting[at] = (struct waiting){*tx, *signer};
    seen_add(&f->seen, tx);
}

static void
begin_those_that_wait(struct follow *f)
{
    while (f->waiting_count && f->live_count < FOLLOW_MAX) {
        struct waiting *w = &f->waiting[f->waiting_first];
        f->waiting_first = (f->waiting_first + 1) % FOLLOW_WAITING_MAX;
        f->waiting_count--;
        begin(f, &w->tx, &w->signer);
    }
}

static void
on_found(void *context, const struct hash *tx, const struct account_id *signer)
{
    struct follow *f = context;
    struct account_id whose = signer ? *signer : account_of("system");
    if (seen_has(&f->seen, tx))
        return;
    if (f->live_count == FOLLOW_MAX) {
        wait_for_room(f, tx, &whose);
        return;
    }
    seen_add(&f->seen, tx);
    begin(f, tx, &whose);
}

static bool
on_knows(void *context, const struct hash *tx)
{
    const struct follow *f = context;
    return seen_has(&f->seen, tx);
}

static void
on_looks(void *context, const char *where, const char *why)
{
    struct follow *f = context;
    f->place = where;
    snprintf(f->trouble, sizeof(f->trouble), "%s", why);
    f->session->is_dirty = true;
    if (*why)
        session_tell(f->session, &(struct trouble){TROUBLE_SOURCE, "looks_elsewhere", why, where});
}

/* --- wants -------------------------------------------------------------------------------- */

size_t
follow_wants(struct follow *f, struct want *out, size_t max)
{
    struct store *store = f->session->store;
    size_t count = 0;
    for (size_t i = 0; i < f->live_count && count < max; i++) {
        struct call *c = store_call(store, &f->live[(f->next + i) % f->live_count]);
        size_t room = max - count < WANTS_OF_ONE ? max - count : WANTS_OF_ONE;
        if (c)
            count = want_list(store, c, out, count, count + room);
    }
    f->next = f->live_count ? (f->next + 1) % f->live_count : 0;
    return count;
}

/* --- what ends ---------------------------------------------------------------------------- */

static void
leave(struct follow *f)
{
    struct session *s = f->session;
    struct hash tx = f->ended[0];
    f->ended_count--;
    memmove(f->ended, f->ended + 1, f->ended_count * sizeof(f->ended[0]));
    if (hash_equal(&s->current, &tx))
        s->current = f->live_count ? f->live[0] : f->ended_count ? f->ended[0] : (struct hash){{0}};
    if (s->front->left)
        s->front->left(s, &tx);
    store_forget(s->store, &tx);
    s->store->left_count++;
}

static void
end(struct follow *f, size_t index, struct call *c)
{
    struct session *s = f->session;
    struct hash tx = f->live[index];
    f->live_count--;
    memmove(f->live + index, f->live + index + 1,
            (f->live_count - index) * sizeof(f->live[0]));
    f->ended[f->ended_count++] = tx;
    f->ended_ever++;
    sources_unfollow(s->sources, &tx);
    if (s->front->ended && c)
        s->front->ended(s, c);
    if (f->ended_count > f->keep)
        leave(f);
}

void
follow_update(struct follow *f)
{
    struct session *s = f->session;
    for (size_t i = f->live_count; i > 0 && !(f->most && f->ended_ever >= f->most); i--) {
        struct call *c = store_call(s->store, &f->live[i - 1]);
        /* One that nobody has any more was in a block that was replaced. */
        bool is_over = !c || want_nothing(s->store, c) || c->state == TX_UNOBSERVED;
        if (is_over)
            end(f, i - 1, c);
    }
    begin_those_that_wait(f);
    if (f->most && f->ended_ever >= f->most)
        s->is_over = true;
}

const char *
follow_place(const struct follow *f)
{
    return f->place;
}

const char *
follow_trouble(const struct follow *f)
{
    return f->trouble;
}

size_t
follow_live(const struct follow *f)
{
    return f->live_count;
}

size_t
follow_keep(const struct follow *f)
{
    return f->keep;
}

size_t
follow_ended(const struct follow *f)
{
    return f->ended_ever;
}

/* --- life --------------------------------------------------------------------------------- */

enum err
follow_check(const struct opts *o, struct diag *d)
{
    for (size_t i = 0; i < o->argument_count; i++) {
        struct account_id name;
        enum err e = account_parse(str_from(o->arguments[i]), &name, d);
        if (e) {
            diag_prefix(d, "\"%.70s\"", o->arguments[i]);
            return e;
        }
    }
    if (o->keep.is_given && (o->keep.number < 1 || o->keep.number > FOLLOW_KEEP_MAX))
        return diag_set(d, ERR_RANGE, "--keep %s: expected 1 to %d", o->keep.text, FOLLOW_KEEP_MAX);
    return OK;
}

struct follow *
follow_start(struct session *s)
{
    const struct opts *o = s->opts;
    struct account_id accounts[OPTS_MAX_ARGUMENTS];
    struct feed_address feeds[FEEDS_MAX];
    struct follow *f = xcalloc(1, sizeof(*f));
    size_t count = 0;
    for (size_t i = 0; i < o->argument_count; i++) {
        if (!account_parse(str_from(o->arguments[i]), &accounts[count], NULL))
            count++;
    }
    seen_init(&f->seen);
    f->session = s;
    f->keep = o->keep.is_given ? (size_t)o->keep.number : FOLLOW_KEEP;
    f->most = o->calls.is_given ? (size_t)o->calls.number : 0;
    f->finder = finder_new(&(struct finder_config){
        .loop = s->loop, .rpc = sources_rpc(s->sources),
        .feeds = feeds,
        .feed_count = network_feeds(&s->network, s->ws_token.n ? buf_c(&s->ws_token) : NULL, feeds),
        .accounts = accounts, .account_count = count, .block_time_ms = s->network.block_time_ms,
        .found = on_found, .knows = on_knows, .looks = on_looks, .context = f});
    return f;
}

void
follow_stop(struct follow *f)
{
    if (!f)
        return;
    finder_free(f->finder);
    seen_release(&f->seen);
    xfree(f);
}
