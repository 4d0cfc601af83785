#include "net/event.h"

#include "net/base/arena.h"
#include "net/base/words.h"

static struct str
copy_str(struct arena *arena, struct str s)
{
    return s.p ? arena_str(arena, s) : s;
}

static void *
copy_array(struct arena *arena, const void *p, size_t count, size_t size)
{
    return count ? arena_copy(arena, p, count * size) : NULL;
}

static void
copy_action(struct arena *arena, struct action *action)
{
    struct access_key *access = &action->access;
    action->method = copy_str(arena, action->method);
    action->args = copy_str(arena, action->args);
    action->code = copy_str(arena, action->code);
    access->receiver = copy_str(arena, access->receiver);
    access->methods = copy_array(arena, access->methods, access->method_count,
                                 sizeof(*access->methods));
    for (size_t i = 0; i < access->method_count; i++)
        access->methods[i] = copy_str(arena, access->methods[i]);
}

struct action *
event_keep_actions(struct arena *arena, const struct action *actions, size_t count)
{
    struct action *copy = copy_array(arena, actions, count, sizeof(*copy));
    for (size_t i = 0; i < count; i++)
        copy_action(arena, &copy[i]);
    return copy;
}

void
receipt_fact_keep(struct arena *arena, struct receipt_fact *r)
{
    r->actions = event_keep_actions(arena, r->actions, r->action_count);
    r->inputs = copy_array(arena, r->inputs, r->input_count, sizeof(*r->inputs));
    r->outputs = copy_array(arena, r->outputs, r->output_count, sizeof(*r->outputs));
}

static struct str
keep_word(struct arena *arena, struct str s)
{
    return words_keep(&s) ? s : copy_str(arena, s);
}

void
profile_keep(struct arena *arena, struct outcome_fact *o)
{
    o->profile = copy_array(arena, o->profile, o->profile_count, sizeof(*o->profile));
    for (size_t i = 0; i < o->profile_count; i++) {
        o->profile[i].category = keep_word(arena, o->profile[i].category);
        o->profile[i].cost = keep_word(arena, o->profile[i].cost);
    }
}

void
outcome_fact_keep(struct arena *arena, struct outcome_fact *o)
{
    o->value = copy_str(arena, o->value);
    o->failure.text = copy_str(arena, o->failure.text);
    o->logs = copy_array(arena, o->logs, o->log_count, sizeof(*o->logs));
    for (size_t i = 0; i < o->log_count; i++)
        o->logs[i] = copy_str(arena, o->logs[i]);
    o->children = copy_array(arena, o->children, o->child_count, sizeof(*o->children));
    profile_keep(arena, o);
}

struct event *
event_copy(struct arena *arena, const struct event *ev)
{
    struct event *copy = arena_copy(arena, ev, sizeof(*ev));
    switch (copy->kind) {
    case EVENT_TX:
        copy->transaction.view.actions = event_keep_actions(arena, ev->transaction.view.actions,
                                                      ev->transaction.view.action_count);
        break;
    case EVENT_RECEIPT: receipt_fact_keep(arena, &copy->receipt); break;
    case EVENT_OUTCOME: outcome_fact_keep(arena, &copy->outcome); break;
    case EVENT_BLOCK:
        copy->block.shard_ids = copy_array(arena, ev->block.shard_ids, ev->block.shard_count,
                                           sizeof(*ev->block.shard_ids));
        break;
    case EVENT_TX_STATE:
        copy->tx_state.reason = copy_str(arena, ev->tx_state.reason);
        copy->tx_state.error.text = copy_str(arena, ev->tx_state.error.text);
        break;
    case EVENT_HOLE: copy->hole.reason = copy_str(arena, ev->hole.reason); break;
    case EVENT_SOURCE: copy->health.text = copy_str(arena, ev->health.text); break;
    case EVENT_ENDPOINT:
        copy->endpoint.name = arena_c(arena, str_from(ev->endpoint.name));
        copy->endpoint.host = arena_c(arena, str_from(ev->endpoint.host));
        copy->endpoint.reason = arena_c(arena, str_from(ev->endpoint.reason));
        break;
    case EVENT_REQUEST:
    case EVENT_FINAL:
    case EVENT_EXECUTED:
    case EVENT_REPLACED: break;
    }
    return copy;
}
