#include "net/source_poll.h"

#include "net/ask.h"
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/cadence.h"
#include "net/retry.h"
#include "net/whom.h"

enum {
    BLOCK_TIME_MS = 600,
    WANTS_MAX = 128,            /* considered at a time; the rest when these are known */
    IN_FLIGHT_MAX = 8,
    QUIET_BLOCKS = 4,           /* so long push may say nothing before we ask ourselves */
    QUIET_BLOCKS_MAX = 64,
    RECEIPT_BLOCKS = 2,         /* so long what a receipt is may still be pushed: a relay may know it
                                 * a block later */
    SENT_BLOCKS = 2,            /* a node needs that long to know what was just sent */
    RETRY_FIRST_MS = 250,
    RETRY_MOST_MS = 4000        /* as gently as one request in that time; who is back is noticed soon */
};

struct followed {
    struct hash tx;
    struct account_id signer;   /* empty when not told */
    bool is_covered;            /* nothing happened to it that push did not tell */
    bool is_plain;              /* the node fails on its receipts */
    int64_t quiet_until_ns;     /* its status is not asked before */
    int64_t pushed_ns;          /* when push spoke of it last */
    unsigned quiet_blocks;
    struct whom whom;
};

/* A want that was asked, so that it is not asked again in the same look. */
struct asked {
    struct want want;
    uint64_t look;
    uint32_t refused_by;        /* endpoints that do not have it */
};

struct poller {
    struct poller_config config;
    struct asker *asker;
    struct loop_timer *timer;
    struct cadence cadence;
    struct retry retry;
    struct followed *followed;
    size_t followed_count, followed_capacity;
    struct asked *asked;
    size_t asked_count, asked_capacity;
    struct want *wants;         /* WANTS_MAX of them: what the application said last */
    size_t want_count;
    uint64_t look;              /* number of the present look */
    uint64_t failed_look;       /* the last one that met trouble */
    int64_t look_ns;            /* start of the present look */
    bool is_looking, brought_news;
    bool has_push, has_blocks;
    int64_t blocks_heard_ns;
    struct whom_final whom_final;
    enum source_state state;
    int64_t took_ns;            /* the last round trip */
};

static void take_a_look(void *context);
static void on_event(void *context, const struct event *ev);
static void on_reply(void *context, const struct ask_reply *reply);

struct poller *
poller_new(const struct poller_config *config)
{
    struct poller *p = xcalloc(1, sizeof(*p));
    p->config = *config;
    p->asker = asker_new(config->rpc, on_event, on_reply, p);
    p->timer = loop_timer_new(config->loop, take_a_look, p);
    whom_final_init(&p->whom_final);
    p->wants = xcalloc(WANTS_MAX, sizeof(*p->wants));
    cadence_init(&p->cadence, config->block_time_ms ? config->block_time_ms : BLOCK_TIME_MS);
    retry_init(&p->retry, RETRY_FIRST_MS, RETRY_MOST_MS, 0);
    return p;
}

void
poller_free(struct poller *p)
{
    if (!p)
        return;
    asker_free(p->asker);
    loop_timer_close(p->timer);
    xfree(p->followed);
    xfree(p->asked);
    xfree(p->wants);
    xfree(p);
}

/* --- what is followed --------------------------------------------------------------- */

static struct followed *
find_followed(const struct poller *p, const struct hash *tx)
{
    for (size_t i = 0; i < p->followed_count; i++) {
        if (hash_equal(&p->followed[i].tx, tx))
            return &p->followed[i];
    }
    return NULL;
}

static void
be_quiet(struct poller *p, struct followed *f, unsigned blocks)
{
    f->quiet_until_ns = clock_monotonic_ns() + (int64_t)blocks * p->cadence.block_ns;
}

void
poller_follow(struct poller *p, const struct poller_follow_args *args)
{
    if (find_followed(p, &args->tx))
        return;
    void *array = p->followed;
    p->followed_capacity = xgrow(&array, p->followed_capacity, p->followed_count + 1,
                                 sizeof(*p->followed));
    p->followed = array;
    struct followed *f = &p->followed[p->followed_count++];
    *f = (struct followed){
        .tx = args->tx, .is_covered = args->is_pushed, .quiet_blocks = QUIET_BLOCKS};
    whom_init(&f->whom, args->is_being_sent);
    if (args->signer)
        f->signer = *args->signer;
    if (args->is_pushed)
        be_quiet(p, f, QUIET_BLOCKS);
    else if (args->is_being_sent)
        be_quiet(p, f, SENT_BLOCKS);
}

void
poller_unfollow(struct poller *p, const struct hash *tx)
{
    struct followed *f = find_followed(p, tx);
    if (f)
        *f = p->followed[--p->followed_count];
}

/* While nobody listened, or on another branch of the chain, anything may have happened. */
static void
forget_covers(struct poller *p)
{
    for (size_t i = 0; i < p->followed_count; i++) {
        p->followed[i].is_covered = false;
        p->followed[i].quiet_until_ns = 0;
    }
}

void
poller_set_push(struct poller *p, bool has_push)
{
    if (p->has_push == has_push)
        return;
    p->has_push = has_push;
    forget_covers(p);
    poller_poke(p);
}

void
poller_set_blocks(struct poller *p, bool has_blocks)
{
    p->has_blocks = has_blocks;
    p->blocks_heard_ns = clock_monotonic_ns();
}

static void
look_at(struct poller *p, int64_t when_ns)
{
    int64_t wait_ms = (when_ns - clock_monotonic_ns() + NS_PER_MS - 1) / NS_PER_MS;
    loop_timer_start(p->timer, wait_ms > 0 ? (uint64_t)wait_ms : 0, 0);
}

/* News from elsewhere: the next look comes now, unless one was just taken. */
static void
look_soon(struct poller *p)
{
    int64_t earliest = p->look_ns + p->cadence.block_ns / 4;
    if (!p->is_looking)
        look_at(p, earliest);
}

static void
hear_state(struct poller *p, struct followed *f, enum tx_state state)
{
    if (state == TX_SENT) {
        be_quiet(p, f, f->is_covered ? QUIET_BLOCKS : SENT_BLOCKS);
    } else if (state == TX_INCLUDED) {
        whom_taken(&f->whom);
        if (!f->is_covered) {
            f->quiet_until_ns = 0;
            look_soon(p);
        }
    }
}

void
poller_heard(struct poller *p, const struct event *ev)
{
    if (ev->kind == EVENT_BLOCK) {
        cadence_block(&p->cadence, ev->block.height, ev->block.time_ns);
        if (ev->source == SOURCE_FEED)
            p->blocks_heard_ns = clock_monotonic_ns();
        return;
    }
    if (ev->kind == EVENT_REPLACED) {
        forget_covers(p);
        /* What was in that block is on its way again: that takes as long as the first time. */
        for (size_t i = 0; i < p->followed_count; i++)
            whom_taken(&p->followed[i].whom);
        look_soon(p);
        return;
    }
    struct followed *f = find_followed(p, &ev->tx);
    if (!f)
        return;
    if (ev->source == SOURCE_PUSH)
        f->pushed_ns = clock_monotonic_ns();
    if (ev->source == SOURCE_PUSH && f->is_covered) {
        f->quiet_blocks = QUIET_BLOCKS;
        be_quiet(p, f, QUIET_BLOCKS);
    }
    if (ev->kind == EVENT_TX_STATE)
        hear_state(p, f, ev->tx_state.state);
    if (ev->kind == EVENT_EXECUTED)
        look_soon(p);
}

static void
on_event(void *context, const struct event *ev)
{
    struct poller *p = context;
    if (ev->kind == EVENT_BLOCK) {
        cadence_block(&p->cadence, ev->block.height, ev->block.time_ns);
        whom_final_saw(&p->whom_final, ev->block.height);
    }
    p->config.emit(p->config.context, ev);
}

/* --- what is wanted ----------------------------------------------------------------- */

static bool
is_wanted(const struct poller *p, const struct want *want)
{
    for (size_t i = 0; i < p->want_count; i++) {
        if (want_equal(&p->wants[i], want))
            return true;
    }
    return false;
}

static void
learn_wants(struct poller *p)
{
    size_t kept = 0;
    p->want_count = p->config.wants(p->config.context, p->wants, WANTS_MAX);
    for (size_t i = 0; i < p->asked_count; i++) {
        if (is_wanted(p, &p->asked[i].want))
            p->asked[kept++] = p->asked[i];
    }
    p->asked_count = kept;
}

static struct asked *
find_asked(const struct poller *p, const struct want *want)
{
    for (size_t i = 0; i < p->asked_count; i++) {
        if (want_equal(&p->asked[i].want, want))
            return &p->asked[i];
    }
    return NULL;
}

static void
note_asked(struct poller *p, const struct want *want)
{
    struct asked *a = find_asked(p, want);
    if (!a) {
        void *array = p->asked;
        p->asked_capacity = xgrow(&array, p->asked_capacity, p->asked_count + 1,
                                  sizeof(*p->asked));
        p->asked = array;
        a = &p->asked[p->asked_count++];
        *a = (struct asked){.want = *want};
    }
    a->look = p->look;
}

/* When a want may be asked at the earliest; 0: at once. */
static int64_t
held_until(const struct poller *p, const struct want *want)
{
    const struct followed *f = find_followed(p, &want->tx);
    if (want->kind == WANT_STATUS)
        return f ? f->quiet_until_ns : 0;
    if (want->kind == WANT_RECEIPT && f && p->has_push) {
        int64_t heard_ns = f->pushed_ns ? f->pushed_ns : f->whom.begun_ns;
        return heard_ns + RECEIPT_BLOCKS * p->cadence.block_ns;
    }
    if (want->kind == WANT_FINALITY && p->has_blocks)
        return p->blocks_heard_ns + QUIET_BLOCKS * p->cadence.block_ns;
    return 0;
}

/* Where to ask: what an endpoint did not have is asked of another one. */
static struct ask_how
how_to_ask(const struct poller *p, const struct want *want, const struct followed *f)
{
    const struct asked *a = find_asked(p, want);
    if (want->kind == WANT_RECEIPT || want->kind == WANT_BLOCK)
        return (struct ask_how){.refused_by = a ? a->refused_by : 0,
                                .is_of_the_past = a && a->refused_by};
    if (want->kind == WANT_FINALITY)
        return whom_final_to_ask(&p->whom_final);
    if (!f)
        return (struct ask_how){.plainly = false};
    struct ask_how how = whom_to_ask(&f->whom);
    how.plainly = f->is_plain;
    return how;
}

static void
ask(struct poller *p, const struct want *want)
{
    struct followed *f = find_followed(p, &want->tx);
    struct want complete = *want;
    if (f && !complete.signer.s[0])
        complete.signer = f->signer;
    note_asked(p, want);
    const struct ask_how how = how_to_ask(p, want, f);
    asker_ask(p->asker, &complete, &how);
}

/* When the first of the wants may be asked. */
static int64_t
first_askable(const struct poller *p)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < p->want_count; i++) {
        int64_t until = held_until(p, &p->wants[i]);
        first = until < first ? until : first;
    }
    return first;
}

/* In a look everything that may be asked now, once; between looks only what is new. */
static void
ask_wants(struct poller *p)
{
    int64_t now = clock_monotonic_ns();
    for (size_t i = 0; i < p->want_count; i++) {
        const struct want *want = &p->wants[i];
        const struct asked *a = find_asked(p, want);
        if (a && (!p->is_looking || a->look == p->look))
            continue;
        if (held_until(p, want) > now)
            continue;
        if (asker_in_flight(p->asker) >= IN_FLIGHT_MAX)
            break;
        ask(p, want);
    }
}

/* --- looks -------------------------------------------------------------------------- */

static void
tell_health(struct poller *p, enum source_state state, const struct diag *d, int64_t took_ns)
{
    const struct event ev = {
        .kind = EVENT_SOURCE, .source = SOURCE_RPC, .seen_ns = clock_monotonic_ns(),
        .health = {.state = state, .text = str_from(d ? diag_text(d) : ""),
                   .delay_ns = took_ns, .requests = rpc_request_count(p->config.rpc)}};
    p->state = state;
    p->config.emit(p->config.context, &ev);
}

static void
end_look(struct poller *p)
{
    p->is_looking = false;
    tell_health(p, SOURCE_LIVE, NULL, p->took_ns);
    learn_wants(p);
    if (p->want_count == 0) {
        loop_timer_stop(p->timer);
        return;
    }
    int64_t due = p->look_ns + cadence_after_look(&p->cadence, p->brought_news);
    int64_t held = first_askable(p);
    look_at(p, held > due ? held : due);
}

static void
take_a_look(void *context)
{
    struct poller *p = context;
    learn_wants(p);
    if (p->want_count == 0)
        return;
    int64_t held = first_askable(p);
    if (held > clock_monotonic_ns()) {
        look_at(p, held);
        return;
    }
    p->look++;
    p->look_ns = clock_monotonic_ns();
    p->is_looking = true;
    p->brought_news = false;
    ask_wants(p);
}

void
poller_poke(struct poller *p)
{
    if (p->is_looking || loop_timer_is_active(p->timer) || asker_in_flight(p->asker) > 0) {
        /* A node in trouble is left alone until the next look. */
        if (p->state != SOURCE_LIVE)
            return;
        learn_wants(p);
        ask_wants(p);
        return;
    }
    take_a_look(p);
}

static void
tell_unobserved(struct poller *p, const struct followed *f, const char *sentence)
{
    const struct event ev = {.kind = EVENT_TX_STATE, .source = SOURCE_RPC, .tx = f->tx,
                             .seen_ns = clock_monotonic_ns(),
                             .tx_state = {.state = TX_UNOBSERVED, .reason = str_from(sentence)}};
    p->config.emit(p->config.context, &ev);
}

static void
note_status(struct poller *p, const struct ask_reply *reply)
{
    struct followed *f = find_followed(p, &reply->want.tx);
    if (!f)
        return;
    char sentence[DIAG_MAX];
    if (reply->news != f->whom.news)
        p->brought_news = true;
    if (whom_heard(&f->whom, p->config.rpc, reply, p->cadence.block_ns, sentence))
        tell_unobserved(p, f, sentence);
    f->is_plain |= reply->lacks_receipts;
    if (!p->has_push)
        return;
    /* Push has been listening since before this answer: together they know all. If it is push
     * that is quiet, ask more and more rarely. */
    if (f->is_covered && f->quiet_blocks < QUIET_BLOCKS_MAX && reply->fault == RPC_FINE)
        f->quiet_blocks *= 2;
    f->is_covered = true;
    be_quiet(p, f, f->quiet_blocks);
}

static bool
wants_status(const struct poller *p)
{
    for (size_t i = 0; i < p->want_count; i++) {
        if (p->wants[i].kind == WANT_STATUS)
            return true;
    }
    return false;
}

/* The node answered, though perhaps that it does not know. */
static bool
is_answer(enum rpc_fault fault)
{
    return fault == RPC_FINE || fault == RPC_UNKNOWN_TRANSACTION ||
           fault == RPC_UNKNOWN_RECEIPT || fault == RPC_UNKNOWN_BLOCK ||
           fault == RPC_NOT_TRACKED || fault == RPC_GONE;
}

static void
on_trouble(struct poller *p, const struct ask_reply *reply)
{
    uint64_t wait_ms = 0;
    struct followed *f = find_followed(p, &reply->want.tx);
    p->is_looking = false;
    if (f && reply->lacks_receipts) {
        f->is_plain = true;
        look_at(p, 0);
        return;
    }
    tell_health(p, reply->fault == RPC_DENIED ? SOURCE_FAILED : SOURCE_RETRYING, &reply->diag,
                reply->took_ns);
    /* Several requests that fail together are one trouble. */
    if (p->failed_look == p->look && loop_timer_is_active(p->timer))
        return;
    p->failed_look = p->look;
    if (retry_next(&p->retry, reply->retry_after_ms, &wait_ms))
        loop_timer_start(p->timer, wait_ms, 0);
}

/* When all have refused, the round begins anew: what is not there yet may come. */
static void
note_refusal(struct poller *p, const struct ask_reply *reply)
{
    uint32_t all = rpc_all_endpoints(p->config.rpc);
    struct asked *a = find_asked(p, &reply->want);
    if (a)
        a->refused_by = (reply->refused_by & all) == all ? 0 : reply->refused_by;
}

static void
on_reply(void *context, const struct ask_reply *reply)
{
    struct poller *p = context;
    if (!is_answer(reply->fault)) {
        on_trouble(p, reply);
        return;
    }
    retry_succeeded(&p->retry);
    p->state = SOURCE_LIVE;
    p->took_ns = reply->took_ns;
    if (reply->want.kind == WANT_STATUS)
        note_status(p, reply);
    else if (reply->want.kind == WANT_FINALITY)
        whom_final_heard(&p->whom_final, p->config.rpc, reply);
    else
        note_refusal(p, reply);
    learn_wants(p);
    /* Finality has no phase of its own to find: one look a block. */
    if (reply->want.kind == WANT_FINALITY && !wants_status(p))
        p->brought_news = true;
    ask_wants(p);
    if (asker_in_flight(p->asker) == 0 && (p->is_looking || !loop_timer_is_active(p->timer)))
        end_look(p);
}
