#include "tui/app/compare.h"

#include "tui/app/session.h"

/* One plan for each name of the list. */
static enum err
plan_methods(const struct opts *o, const struct network *n, struct arena *arena,
             struct comparison *out, struct diag *d)
{
    struct str rest = str_from(o->arguments[1]);
    struct opts one = *o;
    bool is_last = false;
    while (!is_last) {
        ptrdiff_t at = str_find_byte(rest, ',');
        is_last = at < 0;
        struct str name = is_last ? rest : str_slice(rest, 0, (size_t)at);
        rest = is_last ? rest : str_slice(rest, (size_t)at + 1, rest.n);
        if (out->count == COMPARE_PLANS)
            return diag_set(d, ERR_TOO_LARGE, "METHODS: at most %d are compared", COMPARE_PLANS);
        one.arguments[1] = arena_c(arena, name);
        enum err e = plan_call(&one, n, arena, &out->plan[out->count], d);
        if (e)
            return e;
        out->count++;
    }
    return out->count > 1 ? OK
                          : diag_set(d, ERR_SYNTAX, "METHODS: expected several with commas between");
}

enum err
comparison_plan(const struct opts *o, const struct network *n, struct arena *arena,
                struct comparison *out, struct diag *d)
{
    uint64_t rounds = o->rounds.is_given ? o->rounds.number : COMPARE_ROUNDS;
    enum err e = OK;
    *out = (struct comparison){.count = 0};
    if (rounds < 1 || rounds > COMPARE_ROUNDS_MOST)
        return diag_set(d, ERR_RANGE, "--rounds: expected 1 to %d", COMPARE_ROUNDS_MOST);
    if (o->argument_count > 1) {
        e = plan_methods(o, n, arena, out, d);
    } else if (o->argument_count == 1) {
        e = diag_set(d, ERR_SYNTAX, "METHODS are missing behind CONTRACT");
    } else if (!n->is_embedded) {
        e = diag_set(d, ERR_MISSING, "on %s: expected CONTRACT METHOD,METHOD… [ARGS], or @NAME of "
                     "the settings; the demo's contracts are on the embedded chain", n->name);
    } else {
        for (; out->count < 3; out->count++)
            plan_demo((enum plan_mode)out->count, arena, &out->plan[out->count]);
    }
    out->runs = out->count * (size_t)rounds;
    return e;
}

static bool
current_is_complete(struct session *s)
{
    struct call *c = session_call(s);
    return s->is_over || (c && call_verdict(s->store, c)->is_complete);
}

void
comparison_step(struct session *s)
{
    struct comparison *c = &s->comparison;
    bool is_first = c->begun == 0;
    if (c->begun == c->runs || s->sending || s->is_unknown || (!is_first && !current_is_complete(s)))
        return;
    session_send(s, &c->plan[c->begun++ % c->count]);
}

bool
comparison_is_done(struct session *s)
{
    struct comparison *c = &s->comparison;
    return s->is_unknown || (c->begun == c->runs && !s->sending && current_is_complete(s));
}

size_t
comparison_runs_over(struct session *s)
{
    const struct comparison *c = &s->comparison;
    bool is_under_way = c->begun && (s->sending || !current_is_complete(s));
    return c->begun - is_under_way;
}
