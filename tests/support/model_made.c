#include "tests/support/model_made.h"

#include <assert.h>
#include <string.h>
#include "net/base/xalloc.h"

struct hash
made_id(unsigned number)
{
    struct hash h = {{0}};
    memcpy(h.b, &number, sizeof(number));
    h.b[31] = 1;
    return h;
}

struct event
made_event(enum event_kind kind)
{
    return (struct event){
        .kind = kind, .source = SOURCE_RPC, .seen_ns = 5, .tx = made_id(MADE_TX)};
}

void
made_ran(struct store *s, unsigned number, uint64_t height, unsigned first, unsigned count)
{
    struct event ev = made_event(EVENT_OUTCOME);
    struct hash *children = xcalloc(count + 1, sizeof(*children));
    for (unsigned i = 0; i < count; i++)
        children[i] = made_id(first + i);
    ev.outcome = (struct outcome_fact){.id = made_id(number),
                                       .is_transaction = number == MADE_TX,
                                       .status = OUTCOME_VALUE,
                                       .gas_burnt = 1,
                                       .children = children,
                                       .child_count = count,
                                       .block_hash = made_id(MADE_BLOCK + (unsigned)height),
                                       .has_block_height = true,
                                       .block_height = height,
                                       .has_block_time = true,
                                       .block_time_ns = height * 1000};
    if (number == MADE_TX || (number == MADE_ROOT && count)) {
        ev.outcome.status = OUTCOME_RECEIPT;
        ev.outcome.returns = children[count - 1];
    }
    store_apply(s, &ev);
    xfree(children);
}

void
made_returned(struct store *s, unsigned number, uint64_t height, unsigned child)
{
    struct event ev = made_event(EVENT_OUTCOME);
    struct hash children[1] = {made_id(child)};
    ev.outcome = (struct outcome_fact){.id = made_id(number), .status = OUTCOME_RECEIPT,
                                       .returns = made_id(child), .children = children,
                                       .child_count = 1,
                                       .block_hash = made_id(MADE_BLOCK + (unsigned)height),
                                       .has_block_height = true, .block_height = height};
    store_apply(s, &ev);
}

void
made_failed(struct store *s, unsigned number, uint64_t height)
{
    struct event ev = made_event(EVENT_OUTCOME);
    ev.outcome = (struct outcome_fact){.id = made_id(number),
                                       .is_transaction = number == MADE_TX,
                                       .status = OUTCOME_FAILURE,
                                       .failure = {STR("{\"ActionError\":{}}")},
                                       .block_hash = made_id(MADE_BLOCK + (unsigned)height),
                                       .has_block_height = true, .block_height = height,
                                       .has_block_time = true, .block_time_ns = height * 1000};
    store_apply(s, &ev);
}

void
made_exists(struct store *s, unsigned number, const unsigned *inputs, unsigned input_count,
       unsigned output)
{
    struct event ev = made_event(EVENT_RECEIPT);
    struct hash *ids = xcalloc(input_count + 1, sizeof(*ids));
    struct action action = {.kind = ACTION_FUNCTION_CALL, .method = STR("go"), .gas = 10};
    struct data_receiver receiver = {made_id(output), account_of("a.near")};
    for (unsigned i = 0; i < input_count; i++)
        ids[i] = made_id(inputs[i]);
    ev.receipt = (struct receipt_fact){.id = made_id(number),
                                       .predecessor = account_of("a.near"),
                                       .receiver = account_of("b.near"), .actions = &action,
                                       .action_count = 1, .inputs = ids,
                                       .input_count = input_count, .outputs = &receiver,
                                       .output_count = output ? 1 : 0};
    store_apply(s, &ev);
    xfree(ids);
}

void
made_state(struct store *s, enum tx_state state)
{
    struct event ev = made_event(EVENT_TX_STATE);
    ev.tx_state.state = state;
    ev.tx_state.reason = STR("a reason");
    store_apply(s, &ev);
}

void
made_hole(struct store *s, unsigned number)
{
    struct event endpoint = made_event(EVENT_ENDPOINT), ev = made_event(EVENT_HOLE);
    for (uint32_t i = 0; i < 2; i++) {
        endpoint.endpoint = (struct endpoint_fact){.index = i, .name = i ? "b.test" : "a.test",
                                                   .host = "x.test", .reason = ""};
        store_apply(s, &endpoint);
    }
    ev.seen_ns = INT64_MAX;
    ev.hole.id = made_id(number);
    ev.hole.reason = STR("b.test:  pruned");
    ev.hole.asked = 3;
    store_apply(s, &ev);
}

struct call *
made_call(struct store *s)
{
    struct hash tx = made_id(MADE_TX);
    struct call *c = store_call(s, &tx);
    assert(c);
    call_update(s, c);
    return c;
}

struct node *
made_node(struct call *c, unsigned number)
{
    struct hash h = made_id(number);
    struct node *n = call_node(c, &h);
    assert(n);
    return n;
}
