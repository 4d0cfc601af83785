/* The front without a screen: --plain and --json. Ends with the call. */
#include <stdio.h>
#include <langinfo.h>
#include <string.h>
#include <unistd.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "tui/app/session.h"
#include "tui/out/out.h"

enum { TIMEOUT_S = 60 };

struct text_front {
    struct out out;
    struct loop_timer *patience;        /* runs out when nothing new comes */
    uint64_t timeout_ms;
    bool is_done;
};

/* Standard output may be closed by who reads it; then there is nobody to tell. */
static void
put_out(struct session *s)
{
    struct text_front *t = s->front_data;
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
    int status = 3;
    if (t->is_done)
        return;
    t->is_done = true;
    if (c) {
        t->out.ops->end(&t->out, s->store, c, clock_monotonic_ns(), is_unknown);
        status = out_exit_status(call_verdict(s->store, c), is_unknown);
    }
    put_out(s);
    session_quit(s, status);
}

static void
on_impatient(void *context)
{
    struct session *s = context;
    struct text_front *t = s->front_data;
    t->out.ops->error(&t->out, clock_monotonic_ns(), "timeout",
                      "nothing new came for too long: the outcome could not be learnt", "");
    end(s, true);
}

static enum err
text_open(struct session *s, struct diag *d)
{
    struct text_front *t = xcalloc(1, sizeof(*t));
    (void)d;
    s->front_data = t;
    out_init(&t->out, s->opts->json.is_given ? &out_json : &out_plain, s->network.name,
             s->start_ns);
    t->out.is_ascii = s->opts->ascii.is_given || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    t->timeout_ms = 1000 * (s->opts->timeout.is_given ? s->opts->timeout.number : TIMEOUT_S);
    t->patience = loop_timer_new(s->loop, on_impatient, s);
    loop_timer_start(t->patience, t->timeout_ms, 0);
    return OK;
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
    if (c) {
        t->out.ops->update(&t->out, s->store, c, clock_monotonic_ns());
        if (t->out.text.n)
            loop_timer_start(t->patience, t->timeout_ms, 0);
    }
    put_out(s);
    if (s->is_over)
        end(s, s->is_unknown);
}

static void
text_trouble(struct session *s, const char *code, const char *text, const char *where)
{
    struct text_front *t = s->front_data;
    t->out.ops->error(&t->out, clock_monotonic_ns(), code, text, where);
    put_out(s);
    fprintf(stderr, "neartop: %s%s%s\n", where, *where ? ": " : "", text);
}

static void
text_close(struct session *s)
{
    struct text_front *t = s->front_data;
    loop_timer_close(t->patience);
    out_release(&t->out);
    xfree(t);
}

const struct front front_text = {.open = text_open,
                                 .begun = text_begun,
                                 .update = text_update,
                                 .trouble = text_trouble,
                                 .close = text_close};
