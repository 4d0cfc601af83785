/* The front of `compare` without a screen: a line a run, and a line a method at the end. */
#include <stdio.h>
#include <unistd.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "net/base/xalloc.h"
#include "net/json.h"
#include "net/near/base58.h"
#include "tui/app/session.h"
#include "tui/model/compare.h"
#include "tui/out/compared.h"
#include "tui/out/out.h"
#include "tui/out/text.h"

enum { TIMEOUT_S = 60, TEXT_MOST = 64 * 1024 };

struct compare_front {
    struct hash told;                   /* the last run that was told */
    struct loop_timer *patience;
    uint64_t timeout_ms;
    size_t runs;
    int status;                         /* the worst of them */
};

static void
add_method(struct buf *out, const struct call *c)
{
    utf8_clean(out, str_slice(call_method(c)->method, 0, 64));
}

/* What every event has, as in tui/out/out_json.c. */
static void
begin_json(struct json_writer *w, struct buf *out, const struct session *s, const char *event)
{
    json_write_begin(w, out);
    json_write_object(w);
    json_put_u64(w, "v", 1);
    json_put_c(w, "event", event);
    json_put_decimal(w, "t", (uint64_t)(clock_monotonic_ns() - s->start_ns));
}

static void
put_json_run(struct json_writer *w, const struct compare_front *t, const struct call *c,
             const struct verdict *v)
{
    char hash[HASH_TEXT];
    json_put_u64(w, "run", t->runs);
    json_put_c(w, "tx", hash_text(&c->tx, hash));
    json_put_c(w, "contract", c->transaction.receiver.s);
    json_put_string(w, "method", call_method(c)->method);
    json_put_c(w, "verdict", text_verdict(v->kind));
    json_put_known_u64(w, "blocks", v->has_blocks, v->blocks);
    json_put_known_u64(w, "ms", v->has_ms, (uint64_t)v->ms);
    json_put_decimal(w, "gas_burnt", v->gas_burnt);
}

static const char *
how_it_went(enum verdict_kind kind)
{
    switch (kind) {
    case VERDICT_OK: return "succeeded";
    case VERDICT_BRANCH_FAILED: return "succeeded, but a branch failed,";
    case VERDICT_FAILED: return "failed";
    case VERDICT_RUNNING:
    case VERDICT_UNKNOWN: break;
    }
    return "did not tell its outcome";
}

static void
tell_run(struct session *s, const struct call *c, const struct verdict *v)
{
    struct compare_front *t = s->front_data;
    struct buf text;
    struct json_writer w;
    char gas[GAS_TEXT];
    buf_init(&text, TEXT_MOST);
    if (s->opts->json.is_given) {
        begin_json(&w, &text, s, "run");
        put_json_run(&w, t, c, v);
        json_write_object_end(&w);
    } else {
        buf_addf(&text, "Run %zu of %zu: ", t->runs, s->comparison.runs);
        add_method(&text, c);
        buf_addf(&text, " %s", how_it_went(v->kind));
        if (v->has_blocks && v->has_ms)
            buf_addf(&text, " after %llu block%s and %.2f s", (unsigned long long)v->blocks,
                     v->blocks == 1 ? "" : "s", v->ms / 1000);
        buf_addf(&text, " and burnt %s Tgas.", gas_text_tera(v->gas_burnt, gas));
    }
    puts(buf_c(&text));
    fflush(stdout);
    buf_release(&text);
}

/* --- the methods ---------------------------------------------------------------------------------- */

static void
put_json_methods(struct buf *out, const struct session *s, const struct compared *list, size_t count)
{
    struct json_writer w;
    begin_json(&w, out, s, "comparison");
    compared_json(&w, list, count);
    json_write_object_end(&w);
    buf_add_byte(out, '\n');
}

static void
end(struct session *s)
{
    struct compare_front *t = s->front_data;
    struct compared list[COMPARE_MOST];
    struct roster roster;
    struct buf text;
    roster_init(&roster);
    roster_update(&roster, s->store);
    size_t count = compare_list(&roster, list, COMPARE_MOST);
    buf_init(&text, TEXT_MOST);
    if (s->opts->json.is_given)
        put_json_methods(&text, s, list, count);
    else
        compared_text(&text, list, count);
    fputs(buf_c(&text), stdout);
    fflush(stdout);
    buf_release(&text);
    roster_release(&roster);
    session_quit(s, s->is_unknown ? 3 : t->status);
}

/* --- the front -------------------------------------------------------------------------------------- */

static void
on_impatient(void *context)
{
    struct session *s = context;
    session_trouble(s, "timeout", "nothing new came for too long: the comparison is not complete", "");
    s->is_unknown = true;
    end(s);
}

static enum err
compare_open(struct session *s, struct diag *d)
{
    struct compare_front *t = xcalloc(1, sizeof(*t));
    (void)d;
    s->front_data = t;
    t->timeout_ms = 1000 * (s->opts->timeout.is_given ? s->opts->timeout.number : TIMEOUT_S);
    t->patience = loop_timer_new(s->loop, on_impatient, s);
    loop_timer_start(t->patience, t->timeout_ms, 0);
    return OK;
}

static void
compare_update(struct session *s)
{
    struct compare_front *t = s->front_data;
    struct call *c = session_call(s);
    const struct verdict *v = c ? call_verdict(s->store, c) : NULL;
    if (c && (v->is_complete || s->is_over) && call_method(c) && !hash_equal(&t->told, &c->tx)) {
        int status = out_exit_status(v, false);
        t->told = c->tx;
        t->runs++;
        t->status = status > t->status ? status : t->status;
        tell_run(s, c, v);
        loop_timer_start(t->patience, t->timeout_ms, 0);
    }
    if (comparison_is_done(s))
        end(s);
}

static void
compare_trouble(struct session *s, const struct trouble *t)
{
    if (s->opts->json.is_given) {
        struct out out;
        out_init(&out, &out_json, s->network.name, s->start_ns);
        out.ops->error(&out, clock_monotonic_ns(), t->code, t->text, t->where);
        fputs(buf_c(&out.text), stdout);
        fflush(stdout);
        out_release(&out);
    }
    fprintf(stderr, "neartop: %s%s%s\n", t->where, *t->where ? ": " : "", t->text);
}

static void
compare_close(struct session *s)
{
    struct compare_front *t = s->front_data;
    loop_timer_close(t->patience);
    xfree(t);
}

const struct front front_compare = {.open = compare_open,
                                    .update = compare_update,
                                    .trouble = compare_trouble,
                                    .close = compare_close};
