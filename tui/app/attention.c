#include "tui/app/attention.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/near/base58.h"
#include "tui/out/out.h"
#include "tui/out/text.h"
#include "tui/term/term.h"

enum { LINE_MOST = 1024, HEADLINE_MOST = 1024 };

void
attention_begun(struct attention *a)
{
    a->is_told = false;
}

void
attention_release(struct attention *a)
{
    loop_child_close(a->command);
    a->command = NULL;
}

/* What the command may want to say, in its environment. */
static void
tell_environment(struct session *s, struct call *c)
{
    const struct verdict *v = call_verdict(s->store, c);
    char text[HASH_TEXT], status[16];
    struct buf headline;
    buf_init(&headline, HEADLINE_MOST);
    text_headline(&headline, c, v);
    snprintf(status, sizeof(status), "%d", out_exit_status(v, s->is_unknown));
    setenv("NEARTOP_TX", hash_text(&c->tx, text), 1);
    setenv("NEARTOP_VERDICT", text_verdict(v->kind), 1);
    setenv("NEARTOP_HEADLINE", buf_c(&headline), 1);
    setenv("NEARTOP_STATUS", status, 1);
    buf_release(&headline);
}

static void
run_command(struct attention *a, struct session *s, struct call *c)
{
    const char *const argv[] = {"/bin/sh", "-c", s->opts->notify.text, NULL};
    const struct loop_child_args args = {.argv = argv, .line_max = LINE_MOST};
    struct diag d = {0};
    attention_release(a);
    tell_environment(s, c);
    if (loop_spawn(s->loop, &args, &a->command, &d) && s->front->trouble)
        s->front->trouble(s, "notify_failed", diag_text(&d), "--notify");
}

void
attention_over(struct attention *a, struct session *s)
{
    const struct opts *o = s->opts;
    struct call *c = session_call(s);
    if (a->is_told || !c || !c->begun_ns)
        return;
    a->is_told = true;
    int64_t took_s = (clock_monotonic_ns() - c->begun_ns) / NS_PER_S;
    int64_t least = o->bell.is_given ? (int64_t)o->bell.number : ATTENTION_AFTER_S;
    if (took_s < least)
        return;
    if (o->bell.is_given && o->bell.number)
        term_bell();
    if (o->notify.is_given && o->notify.text[0])
        run_command(a, s, c);
}
