#include "net/relay/walk.h"

#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/cadence.h"
#include "net/retry.h"

enum { BLOCK_TIME_MS = 600, RETRY_FIRST_MS = 250, RETRY_MOST_MS = 10000, LEAST_MS = 5, PAUSE_BLOCKS = 16 };

struct told {
    struct hash hash;
    uint64_t height;
};

struct walk {
    struct walk_config config;
    struct walk_source source;
    void *self;
    struct loop_timer *timer;
    struct cadence cadence;
    struct retry retry;
    struct told told[WALK_KEEP];        /* the chain's end, the newest last */
    size_t told_count;
    struct walk_block *ahead[WALK_GAP_MAX];     /* each is the child of the one behind it */
    size_t ahead_count;
    int64_t asked_ns;
    int64_t back_ns;            /* so long a time before the first one is told too */
    bool is_on, is_asking, is_in_trouble;
};

static void
say(struct walk *w, const char *sentence)
{
    if (*sentence || w->is_in_trouble)
        w->config.trouble(w->config.context, sentence);
    w->is_in_trouble = *sentence != '\0';
}

static const struct told *
tip_of(const struct walk *w)
{
    return w->told_count ? &w->told[w->told_count - 1] : NULL;
}

/* --- asking ------------------------------------------------------------------------------- */

static void
ask(void *context)
{
    struct walk *w = context;
    static const struct hash none;
    const struct told *tip = tip_of(w);
    if (!w->is_on || w->is_asking)
        return;
    w->is_asking = true;
    w->asked_ns = clock_monotonic_ns();
    if (w->ahead_count)
        w->source.before(w->self, w->ahead[w->ahead_count - 1]);
    else
        w->source.next(w->self, tip ? &tip->hash : &none, tip ? tip->height : 0);
}

static void
ask_in(struct walk *w, uint64_t ms)
{
    if (w->is_on)
        loop_timer_start(w->timer, ms, 0);
}

static void
ask_when_due(struct walk *w, bool brought_news)
{
    int64_t due = w->asked_ns + cadence_after_look(&w->cadence, brought_news);
    int64_t ms = (due - clock_monotonic_ns()) / NS_PER_MS;
    ask_in(w, w->source.waits && brought_news ? LEAST_MS : ms > LEAST_MS ? (uint64_t)ms : LEAST_MS);
}

/* --- order -------------------------------------------------------------------------------- */

/* How many of the blocks told lie at or below this one; 0: it is not among them. */
static size_t
place_of(const struct walk *w, const struct hash *hash)
{
    for (size_t i = w->told_count; i > 0; i--) {
        if (hash_equal(&w->told[i - 1].hash, hash))
            return i;
    }
    return 0;
}

static void
tell(struct walk *w, struct walk_block *take_b)
{
    size_t parent = place_of(w, &take_b->prev_hash);
    if (parent)
        w->told_count = parent;
    if (w->told_count == WALK_KEEP) {
        memmove(w->told, w->told + 1, (WALK_KEEP - 1) * sizeof(w->told[0]));
        w->told_count--;
    }
    w->told[w->told_count++] = (struct told){take_b->hash, take_b->height};
    cadence_block(&w->cadence, take_b->height, take_b->time_ns);
    w->config.block(w->config.context, take_b);
}

static void
tell_ahead(struct walk *w)
{
    while (w->ahead_count)
        tell(w, w->ahead[--w->ahead_count]);
}

static void
jump(struct walk *w, const char *why)
{
    char text[DIAG_MAX];
    const struct told *tip = tip_of(w);
    const struct walk_block *to = w->ahead[w->ahead_count - 1];
    snprintf(text, sizeof(text), "%s: blocks between %llu and %llu are left out", why,
             (unsigned long long)(tip ? tip->height : 0), (unsigned long long)to->height);
    say(w, text);
    w->told_count = 0;
    w->back_ns = 0;
    tell_ahead(w);
}

/* Of a walk that has told nothing yet and goes back in time first. */
static bool
is_far_enough(struct walk *w)
{
    const struct walk_block *top = w->ahead[0], *lowest = w->ahead[w->ahead_count - 1];
    static const struct hash none;
    if (lowest->time_ns + (uint64_t)w->back_ns <= top->time_ns || lowest->height == 0 ||
        hash_equal(&lowest->prev_hash, &none))
        return true;
    if (w->ahead_count < WALK_GAP_MAX)
        return false;
    char text[DIAG_MAX];
    snprintf(text, sizeof(text), "the gap is too wide: blocks before %llu are left out",
             (unsigned long long)lowest->height);
    say(w, text);
    return true;
}

/* Whether the last of `ahead` stands on what was told. */
static void
settle(struct walk *w)
{
    const struct walk_block *lowest = w->ahead[w->ahead_count - 1];
    const struct told *tip = tip_of(w);
    if (!tip && w->back_ns && !is_far_enough(w))
        return;
    w->back_ns = 0;
    if (!tip || place_of(w, &lowest->prev_hash))
        tell_ahead(w);
    else if (lowest->height <= w->told[0].height || lowest->height == 0)
        jump(w, "the chain is another one");
    else if (w->ahead_count == WALK_GAP_MAX)
        jump(w, "the gap is too wide");
}

void
walk_got(struct walk *w, struct walk_block *take_block)
{
    walk_got_without(w, take_block, "");
}

void
walk_got_without(struct walk *w, struct walk_block *take_block, const char *missing)
{
    const struct told *tip = tip_of(w);
    struct walk_block *b = take_block;
    w->is_asking = false;
    retry_succeeded(&w->retry);
    bool is_gap = w->ahead_count > 0;
    if (is_gap && !hash_equal(&b->hash, &w->ahead[w->ahead_count - 1]->prev_hash)) {
        /* The server is on another branch by now: begin at the top again. */
        while (w->ahead_count)
            walk_block_free(w->ahead[--w->ahead_count]);
        is_gap = false;
    }
    bool is_old = !is_gap && tip && (place_of(w, &b->hash) || b->height < tip->height);
    if (is_old) {
        walk_block_free(b);
        walk_nothing(w);
        return;
    }
    w->ahead[w->ahead_count++] = b;
    if (!missing[0] || !w->is_in_trouble)
        say(w, missing);
    settle(w);
    if (w->ahead_count)
        ask_in(w, 0);
    else
        ask_when_due(w, true);
}

void
walk_nothing(struct walk *w)
{
    w->is_asking = false;
    retry_succeeded(&w->retry);
    say(w, "");
    ask_when_due(w, false);
}

void
walk_failed(struct walk *w, const char *sentence, int64_t retry_after_ms)
{
    uint64_t wait_ms = RETRY_MOST_MS;
    w->is_asking = false;
    retry_next(&w->retry, retry_after_ms, &wait_ms);
    /* A parent that cannot be had for so long is not going to be. */
    if (w->ahead_count && w->retry.tries > 4)
        jump(w, sentence);
    else if (!w->is_in_trouble)
        say(w, sentence);
    ask_in(w, wait_ms);
}

/* --- life --------------------------------------------------------------------------------- */

struct walk *
walk_new(const struct walk_config *config, const struct walk_source *source, void *take_self)
{
    struct walk *w = xcalloc(1, sizeof(*w));
    w->config = *config;
    w->source = *source;
    w->self = take_self;
    w->timer = loop_timer_new(config->loop, ask, w);
    cadence_init(&w->cadence, config->block_time_ms ? config->block_time_ms : BLOCK_TIME_MS);
    retry_init(&w->retry, RETRY_FIRST_MS, RETRY_MOST_MS, 0);
    return w;
}

void
walk_free(struct walk *w)
{
    if (!w)
        return;
    w->source.free(w->self);
    loop_timer_close(w->timer);
    while (w->ahead_count)
        walk_block_free(w->ahead[--w->ahead_count]);
    xfree(w);
}

void
walk_set_on(struct walk *w, bool is_on)
{
    if (w->is_on == is_on)
        return;
    w->is_on = is_on;
    /* After a pause it goes on at the top: nobody listened. */
    if (is_on && clock_monotonic_ns() - w->asked_ns > PAUSE_BLOCKS * w->cadence.block_ns)
        w->told_count = 0;
    if (is_on)
        ask_in(w, 0);
    else
        loop_timer_stop(w->timer);
}

void
walk_go_back(struct walk *w, int64_t age_ns)
{
    w->told_count = 0;
    w->back_ns = age_ns;
}

bool
walk_is_at_top(const struct walk *w, int64_t since_ns)
{
    return w->ahead_count == 0 && w->asked_ns >= since_ns;
}

bool
walk_wants_chunks(const struct walk *w)
{
    return w->config.wants_chunks && w->config.wants_chunks(w->config.context);
}
