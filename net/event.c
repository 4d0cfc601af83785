#include "net/event.h"

#include "net/base/arena.h"

/* A list of plain values. NULL stays NULL: a list that is not told is not an empty one. */
static void *
copy_list(struct arena *arena, const void *list, size_t count, size_t size)
{
    return list ? arena_copy(arena, list, count * size) : NULL;
}

static struct str
copy_text(struct arena *arena, struct str text)
{
    return text.p ? arena_str(arena, text) : text;
}

static struct str *
copy_texts(struct arena *arena, const struct str *texts, size_t count)
{
    struct str *copy = copy_list(arena, texts, count, sizeof(*texts));
    for (size_t i = 0; copy && i < count; i++)
        copy[i] = copy_text(arena, texts[i]);
    return copy;
}

static struct action *
copy_actions(struct arena *arena, const struct action *actions, size_t count)
{
    struct action *copy = copy_list(arena, actions, count, sizeof(*actions));
    for (size_t i = 0; copy && i < count; i++) {
        struct action *a = &copy[i];
        a->method = copy_text(arena, a->method);
        a->args = copy_text(arena, a->args);
        a->code = copy_text(arena, a->code);
        a->access.receiver = copy_text(arena, a->access.receiver);
        a->access.methods = copy_texts(arena, a->access.methods, a->access.method_count);
    }
    return copy;
}

static void
own_receipt(struct arena *arena, struct receipt_fact *r)
{
    r->actions = copy_actions(arena, r->actions, r->action_count);
    r->inputs = copy_list(arena, r->inputs, r->input_count, sizeof(*r->inputs));
    r->outputs = copy_list(arena, r->outputs, r->output_count, sizeof(*r->outputs));
}

static void
own_outcome(struct arena *arena, struct outcome_fact *o)
{
    o->value = copy_text(arena, o->value);
    o->failure.text = copy_text(arena, o->failure.text);
    o->logs = copy_texts(arena, o->logs, o->log_count);
    o->children = copy_list(arena, o->children, o->child_count, sizeof(*o->children));
    o->profile = copy_list(arena, o->profile, o->profile_count, sizeof(*o->profile));
    for (size_t i = 0; o->profile && i < o->profile_count; i++) {
        o->profile[i].category = copy_text(arena, o->profile[i].category);
        o->profile[i].cost = copy_text(arena, o->profile[i].cost);
    }
}

struct event *
event_copy(struct arena *arena, const struct event *ev)
{
    struct event *copy = arena_copy(arena, ev, sizeof(*ev));
    switch (copy->kind) {
    case EVENT_TX:
        copy->transaction.view.actions = copy_actions(arena, copy->transaction.view.actions,
                                                      copy->transaction.view.action_count);
        break;
    case EVENT_RECEIPT: own_receipt(arena, &copy->receipt); break;
    case EVENT_OUTCOME: own_outcome(arena, &copy->outcome); break;
    case EVENT_BLOCK:
        copy->block.shard_ids = copy_list(arena, copy->block.shard_ids, copy->block.shard_count,
                                          sizeof(*copy->block.shard_ids));
        break;
    case EVENT_TX_STATE:
        copy->tx_state.reason = copy_text(arena, copy->tx_state.reason);
        copy->tx_state.error.text = copy_text(arena, copy->tx_state.error.text);
        break;
    case EVENT_HOLE: copy->hole.reason = copy_text(arena, copy->hole.reason); break;
    case EVENT_SOURCE: copy->health.text = copy_text(arena, copy->health.text); break;
    case EVENT_FINAL:
    case EVENT_EXECUTED: break;
    }
    return copy;
}
