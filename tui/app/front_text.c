/* The front without a screen: --plain and --json. Ends with the call. */
#include <stdio.h>
#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "net/base/xalloc.h"
#include "tui/app/attention.h"
#include "tui/app/compiling.h"
#include "tui/app/session.h"
#include "tui/out/out.h"
#include "tui/out/stage.h"

enum { TIMEOUT_S = 60, CLOCK_MS = 1000 };

struct text_front {
    struct out out;
    struct loop_timer *patience;        /* runs out when nothing new comes */
    struct loop_timer *clock;           /* is something compiled meanwhile? */
    struct compiling_watch compiling;
    bool is_told_of_compiling;
    uint64_t timeout_ms;
    bool is_done;
    /* Many calls at a time: */
    struct map begun;                   /* hash -> struct hash, owned: calls that were told */
    int worst;                          /* exit status of those that have ended */
};

/* What strangers wrote may be beyond what the terminal has. JSON is UTF-8 whatever it has. */
static void
make_ascii(struct buf *text)
{
    struct str rest = buf_str(text);
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    while (rest.n) {
        uint32_t scalar = utf8_take(&rest);
        if (scalar < 0x80)
            buf_add_byte(&out, (char)scalar);
        else
            buf_addf(&out, "<U+%04X>", (unsigned)scalar);
    }
    buf_clear(text);
    buf_add_str(text, buf_str(&out));
    buf_release(&out);
}

/* Standard output may be closed by who reads it; then there is nobody to tell. */
static void
put_out(struct session *s)
{
    struct text_front *t = s->front_data;
    if (t->out.is_ascii && t->out.ops == &out_plain)
        make_ascii(&t->out.text);
    const char *p = buf_c(&t->out.text);
    size_t left = t->out.text.n;
    while (left) {
        ssize_t n = write(STDOUT_FILENO, p, left);
        if (n <= 0)
            break;
        p += n;
        left -= (size_t)n;
    }
    if (left)
        session_quit(s, 3);
    buf_clear(&t->out.text);
}

static void
end(struct session *s, bool is_unknown)
{
    struct text_front *t = s->front_data;
    struct call *c = session_call(s);
    int status = s->is_refused ? 1 : 3;
    if (t->is_done)
        return;
    t->is_done = true;
    if (s->follow) {
        bool is_learnt = follow_ended(s->follow) && !follow_live(s->follow);
        status = is_unknown && !is_learnt ? 3 : t->worst;
    } else if (c) {
        t->out.ops->end(&t->out, s->store, c, clock_monotonic_ns(), is_unknown);
        status = out_exit_status(call_verdict(s->store, c), is_unknown);
    }
    put_out(s);
    if (!s->follow)
        attention_over(&(struct attention){.is_told = false}, s, c);
    session_quit(s, status);
}

static void
say_found(struct buf *out, const struct session *s, uint64_t timeout_ms)
{
    size_t live = follow_live(s->follow), all = follow_ended(s->follow) + live;
    buf_addf(out, "nothing new came for %llu s: ", (unsigned long long)(timeout_ms / 1000));
    if (!all)
        buf_add_c(out, "no call was found");
    else if (!live)
        buf_addf(out, "%zu call%s found, and ended", all, all == 1 ? " was" : "s were");
    else
        buf_addf(out, "%zu of %zu call%s %s not ended", live, all, all == 1 ? "" : "s",
                 live == 1 ? "has" : "have");
}

static void
on_impatient(void *context)
{
    struct session *s = context;
    struct text_front *t = s->front_data;
    struct call *c = session_call(s);
    struct buf words;
    buf_init(&words, 1024);
    if (s->follow)
        say_found(&words, s, t->timeout_ms);
    else
        stage_timeout(&words, c, c ? call_verdict(s->store, c) : NULL);
    t->out.ops->error(&t->out, clock_monotonic_ns(), "timeout", buf_c(&words), "");
    buf_release(&words);
    end(s, true);
}

/* Once each time that the chain waits; a long one is no silence. */
static void
on_compiling(void *context)
{
    struct session *s = context;
    struct text_front *t = s->front_data;
    bool is_new = t->compiling.text[0] && !t->is_told_of_compiling;
    t->is_told_of_compiling = t->compiling.text[0] != '\0';
    if (t->is_told_of_compiling && loop_timer_is_active(t->patience))
        loop_timer_start(t->patience, t->timeout_ms, 0);
    if (!is_new)
        return;
    t->out.ops->error(&t->out, clock_monotonic_ns(), "compiling", t->compiling.text, "chain");
    put_out(s);
}

static void
on_clock(void *context)
{
    struct session *s = context;
    struct text_front *t = s->front_data;
    compiling_look(&t->compiling, s);
}

static enum err
text_open(struct session *s, struct diag *d)
{
    struct text_front *t = xcalloc(1, sizeof(*t));
    (void)d;
    s->front_data = t;
    out_init(&t->out, s->opts->json.is_given ? &out_json : &out_plain, s->network.name,
             s->start_ns);
    t->out.is_teaching = s->opts->teach.is_given;
    t->out.is_ascii = s->opts->ascii.is_given || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    /* Which characters can be shown is asked of the locale; they are spelt out in any case. */
    if (t->out.is_ascii)
        setlocale(LC_CTYPE, "C.UTF-8");
    t->timeout_ms = 1000 * (s->opts->timeout.is_given ? s->opts->timeout.number : TIMEOUT_S);
    t->patience = loop_timer_new(s->loop, on_impatient, s);
    t->compiling = (struct compiling_watch){.changed = on_compiling, .context = s};
    t->clock = loop_timer_new(s->loop, on_clock, s);
    /* What is no trouble has no place in JSON. */
    if (t->out.ops == &out_plain && s->network.has_well_known_keys)
        loop_timer_start(t->clock, CLOCK_MS, CLOCK_MS);
    t->out.is_many = s->opts->command == COMMAND_FOLLOW;
    map_init(&t->begun);
    /* Who follows accounts may wait for days, unless --timeout says otherwise. */
    if (!t->out.is_many || s->opts->timeout.is_given)
        loop_timer_start(t->patience, t->timeout_ms, 0);
    return OK;
}

/* --- many calls --------------------------------------------------------------------------- */

static struct str
key_of(const struct hash *h)
{
    return str_of(h->b, sizeof(h->b));
}

static void
tell_begun(struct text_front *t, const struct call *c)
{
    if (!c->has_transaction || map_get(&t->begun, key_of(&c->tx)))
        return;
    struct hash *kept = xmemdup(&c->tx, sizeof(c->tx));
    map_put(&t->begun, key_of(kept), kept);
    t->out.ops->begun(&t->out, c, clock_monotonic_ns());
}

static void
tell_calls(struct session *s)
{
    struct text_front *t = s->front_data;
    for (size_t i = 0; i < s->store->recent_count; i++)
        tell_begun(t, s->store->recent[i]);
}

/* Worse from left to right: all well, a branch failed, the call failed, not learnt. */
static int
rank_of(int status)
{
    static const int order[] = {0, 2, 1, 3};
    int rank = 0;
    while (rank < 3 && order[rank] != status)
        rank++;
    return rank;
}

static void
text_ended(struct session *s, struct call *c)
{
    struct text_front *t = s->front_data;
    int status = out_exit_status(call_verdict(s->store, c), false);
    tell_begun(t, c);
    t->out.ops->ended(&t->out, s->store, c, clock_monotonic_ns(), s->opts->tree.is_given);
    attention_over(&(struct attention){.is_told = false}, s, c);
    if (rank_of(status) > rank_of(t->worst))
        t->worst = status;
}

static void
text_left(struct session *s, const struct hash *tx)
{
    struct text_front *t = s->front_data;
    t->out.ops->left(&t->out, tx, clock_monotonic_ns());
    xfree(map_remove(&t->begun, key_of(tx)));
}

static void
text_begun(struct session *s)
{
    struct text_front *t = s->front_data;
    out_restart(&t->out);
}

static void
text_update(struct session *s)
{
    struct text_front *t = s->front_data;
    struct call *c = session_call(s);
    if (t->is_done)
        return;
    if (s->follow)
        tell_calls(s);
    else if (c)
        t->out.ops->update(&t->out, s->store, c, clock_monotonic_ns());
    if (t->out.text.n && loop_timer_is_active(t->patience))
        loop_timer_start(t->patience, t->timeout_ms, 0);
    put_out(s);
    if (s->is_over)
        end(s, s->is_unknown);
}

static void
text_trouble(struct session *s, const struct trouble *w)
{
    struct text_front *t = s->front_data;
    t->out.ops->error(&t->out, clock_monotonic_ns(), w->code, w->text, w->where);
    put_out(s);
    /* Who hears both would hear it twice. */
    if (s->opts->json.is_given || !isatty(STDOUT_FILENO) || !isatty(STDERR_FILENO))
        fprintf(stderr, "neartop: %s%s%s\n", w->where, *w->where ? ": " : "", w->text);
}

static void
text_close(struct session *s)
{
    struct text_front *t = s->front_data;
    void *value;
    compiling_stop(&t->compiling);
    loop_timer_close(t->clock);
    loop_timer_close(t->patience);
    for (size_t i = 0; map_next(&t->begun, &i, NULL, &value);)
        xfree(value);
    map_release(&t->begun);
    out_release(&t->out);
    xfree(t);
}

const struct front front_text = {.open = text_open,
                                 .begun = text_begun,
                                 .update = text_update,
                                 .ended = text_ended,
                                 .left = text_left,
                                 .trouble = text_trouble,
                                 .close = text_close};
