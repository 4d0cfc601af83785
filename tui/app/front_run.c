/* What keys send from the screen: the form, the same again, a way of the demo, a fault. */
#include <stdio.h>
#include <string.h>
#include "tui/app/drill.h"
#include "tui/app/front_part.h"
#include "tui/model/target.h"
#include "tui/view/form.h"

static bool
can_go(struct session *s)
{
    struct screen_front *f = s->front_data;
    const char *why = s->has_lost_chain                 ? "the embedded chain has ended"
                      : s->sending                      ? "the call before is still being sent"
                      : s->is_waiting                   ? "the call before waits for the chain"
                      : s->opts->read_only.is_given     ? "--read-only: nothing is signed or sent"
                      : s->open.count == OPEN_CALLS_MOST ? "as many calls as can be are under way"
                                                     : NULL;
    if (why)
        snprintf(f->trouble, sizeof(f->trouble), "%s", why);
    return why == NULL;
}

/* Where tokens are real, everything but the form is refused: it asks. */
static bool
may_send(struct session *s)
{
    struct screen_front *f = s->front_data;
    if (!can_go(s))
        return false;
    if (!session_can_send(s))
        snprintf(f->trouble, sizeof(f->trouble), "tokens here are worth something: the form of a "
                                                 "call asks before it is sent");
    return session_can_send(s);
}

void
front_send_form(struct session *s)
{
    struct screen_front *f = s->front_data;
    struct plan plan;
    struct diag d = {0};
    bool may_go = false;
    if (!can_go(s))
        return;
    struct form *form = form_of(&f->ui, &(struct snapshot){.store = s->store});
    if (front_form_plan(s, &f->form, form, &f->arena, &plan, &may_go, &d)) {
        snprintf(f->trouble, sizeof(f->trouble), "%s", diag_text(&d));
        return;
    }
    if (!may_go)
        return;
    f->form.is_written = true;
    session_send(s, &plan);
    /* Without a key nothing has begun: the form stays, to be mended. */
    if (!s->sending && !s->is_waiting) {
        f->form.is_written = false;
        return;
    }
    form_end(form);
    ui_back(&f->ui);
    ui_go(&f->ui, UI_CALL);
}

/* Where tokens are real: the form of that call, with its question. False: nobody has to be asked. */
static bool
ask_first(struct session *s, const struct plan *plan)
{
    struct screen_front *f = s->front_data;
    struct form *form = form_of(&f->ui, &(struct snapshot){.store = s->store});
    struct offers offers;
    if (session_can_send(s))
        return false;
    offers_init(&offers);
    front_form_offer(&offers, plan);
    bool is_taken = offers.count && form_take(form, &offers.item[0]);
    if (is_taken) {
        ui_go(&f->ui, UI_FORM);
        front_form_ask(s, &f->form, form, plan);
    }
    offers_release(&offers);
    return is_taken;
}

static void
send(struct session *s, const struct plan *plan)
{
    if (!ask_first(s, plan) && may_send(s))
        session_send(s, plan);
}

static struct call *
looked_at(struct session *s)
{
    struct screen_front *f = s->front_data;
    return hash_is_zero(&f->ui.looked_at) ? session_call(s) : store_call(s->store, &f->ui.looked_at);
}

/* The call that is looked at, when it can be made again; else what was sent last. */
void
front_again(struct session *s)
{
    struct screen_front *f = s->front_data;
    struct call *c = looked_at(s);
    struct plan plan = s->plan;
    if (!c && !s->has_plan)
        snprintf(f->trouble, sizeof(f->trouble), "there is no call yet that could be made again");
    else if (c && !plan_of_call(c, &f->arena, &plan) && !s->has_plan)
        snprintf(f->trouble, sizeof(f->trouble), "only a single function call is made again");
    else if (can_go(s))
        send(s, &plan);
}

void
front_watch(struct session *s)
{
    struct screen_front *f = s->front_data;
    struct target target;
    struct diag d = {0};
    enum err e = target_parse(str_from(f->ui.asked), &target, NULL, &d);
    if (!e && !s->sources)
        e = diag_set(&d, ERR_NET, "the chain is not ready yet");
    const struct target_place here = {s->network.name, s->network.chain_id, s->network.explorer};
    if (!e && target_is_elsewhere(&target, str_from(f->ui.asked), &here))
        e = diag_set(&d, ERR_SYNTAX, "that is an address of %s, and this is %s: neartop watch "
                     "follows it there", target.network, s->network.name);
    if (!e)
        e = session_watch(s, f->ui.asked, &d);
    if (e)
        snprintf(f->trouble, sizeof(f->trouble), "%s", diag_text(&d));
}

/* --- another way -------------------------------------------------------------------------------- */

void
front_run_demo(struct session *s, enum plan_mode mode)
{
    struct screen_front *f = s->front_data;
    struct plan plan;
    if (!may_send(s))
        return;
    if (!s->network.is_embedded) {
        snprintf(f->trouble, sizeof(f->trouble), "only the demo has these contracts");
        return;
    }
    plan_demo(mode, &f->arena, &plan);
    session_send(s, &plan);
}

struct ways
front_ways(struct session *s)
{
    struct call *c = looked_at(s);
    const struct action *method = c ? call_method(c) : NULL;
    if (!method)
        return (struct ways){.known = WAYS_NONE, .method = {"", "", ""}};
    return ways_of(s->config, s->network.name, account_str(&c->transaction.receiver), method->method);
}

static void
on_way(void *context, bool has_method)
{
    struct session *s = context;
    struct screen_front *f = s->front_data;
    const struct plan *p = &f->way.plan;
    if (has_method && can_go(s))
        send(s, p);
    else if (!has_method)
        snprintf(f->trouble, sizeof(f->trouble), "%s has no method %.*s: nothing was sent", p->receiver.s,
                 STR_ARG(p->action.method));
    s->is_dirty = true;
}

/* The call that is looked at, by the method that does the same so. */
void
front_run_way(struct session *s, enum plan_mode mode)
{
    struct screen_front *f = s->front_data;
    struct ways ways = front_ways(s);
    struct call *c = looked_at(s);
    struct plan plan;
    bool has_way = ways.known != WAYS_NONE && ways.method[mode][0];
    if (!has_way && s->network.is_embedded) {
        front_run_demo(s, mode);
        return;
    }
    if (!has_way || !plan_of_call(c, &f->arena, &plan)) {
        snprintf(f->trouble, sizeof(f->trouble), "no other way of this call is known: \"%s = METHOD\" in "
                 "a [call NAME] of the settings tells it", mode == PLAN_BATCH ? "batch" : "sequential");
        return;
    }
    if (!can_go(s) || f->way.request)
        return;
    plan.action.method = str_from(ways.method[mode]);
    if (ways.known == WAYS_TOLD || s->network.is_embedded || !s->sources) {
        send(s, &plan);
        return;
    }
    f->way = (struct ways_question){.plan = plan, .answered = on_way, .context = s};
    ways_ask(&f->way, sources_rpc(s->sources));
}

/* The menu's choice. The branch that failed before is not mended by it: "none" does that. */
void
front_fail_branch(struct session *s)
{
    struct screen_front *f = s->front_data;
    struct plan fault, plan;
    struct diag d = {0};
    if (!may_send(s))
        return;
    if (!s->network.is_embedded) {
        snprintf(f->trouble, sizeof(f->trouble), "faults can be set on the embedded chain only");
        return;
    }
    if (!s->sources) {
        snprintf(f->trouble, sizeof(f->trouble), "the chain is not ready yet");
        return;
    }
    const struct drill drill = {(enum drill_part)f->ui.branch, (enum drill_kind)f->ui.fault};
    if (drill_check(&drill, PLAN_PARALLEL, &d))
        snprintf(f->trouble, sizeof(f->trouble), "%s", diag_text(&d));
    else if (drill_plan(&drill, PLAN_PARALLEL, &f->arena, &plan, &fault))
        session_send_with_fault(s, &fault, &plan);
    else
        session_send(s, &plan);
}
