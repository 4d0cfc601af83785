#include "tests/support/net_follower.h"

#include <assert.h>
#include <stdio.h>

static struct follower_node *
node_of(struct net_follower *f, const struct hash *id)
{
    for (size_t i = 0; i < f->count; i++) {
        if (hash_equal(&f->nodes[i].id, id))
            return &f->nodes[i];
    }
    assert(f->count < FOLLOWER_MAX);
    f->nodes[f->count] = (struct follower_node){.id = *id};
    return &f->nodes[f->count++];
}

static void
hear_outcome(struct net_follower *f, const struct outcome_fact *o)
{
    struct follower_node *n = node_of(f, &o->id);
    n->has_outcome = true;
    n->block = o->block_hash;
    n->gas = o->is_transaction ? 0 : o->gas_burnt;
    n->is_failure = o->status == OUTCOME_FAILURE;
    if (o->has_block_height) {
        n->has_height = true;
        n->height = o->block_height;
    }
    for (size_t i = 0; i < o->child_count; i++)
        node_of(f, &o->children[i])->is_last_child = i + 1 == o->child_count;
}

static void
hear_block(struct net_follower *f, const struct block_fact *b)
{
    for (size_t i = 0; i < f->count; i++) {
        if (f->nodes[i].has_outcome && hash_equal(&f->nodes[i].block, &b->hash)) {
            f->nodes[i].has_height = true;
            f->nodes[i].height = b->height;
        }
    }
}

static void
take_back(struct net_follower *f, const struct hash *block)
{
    f->replaced++;
    for (size_t i = 0; i < f->count; i++) {
        if (f->nodes[i].has_outcome && hash_equal(&f->nodes[i].block, block))
            f->nodes[i].has_outcome = f->nodes[i].has_height = false;
    }
}

static void
hear_health(struct net_follower *f, const struct event *ev)
{
    f->health++;
    f->source_state[ev->source] = ev->health.state;
    snprintf(f->source_place[ev->source], sizeof(f->source_place[0]), "%.*s",
             STR_ARG(ev->health.place));
    if (!ev->health.text.n)
        return;
    f->had_trouble[ev->source] = true;
    snprintf(f->source_text[ev->source], DIAG_MAX, "%.*s", STR_ARG(ev->health.text));
}

void
net_follower_event(struct net_follower *f, const struct event *ev)
{
    f->events++;
    f->by_source[ev->source]++;
    switch (ev->kind) {
    case EVENT_TX: node_of(f, &ev->tx)->has_receipt = true; break;
    case EVENT_RECEIPT: node_of(f, &ev->receipt.id)->has_receipt = true; break;
    case EVENT_OUTCOME: hear_outcome(f, &ev->outcome); break;
    case EVENT_BLOCK: hear_block(f, &ev->block); break;
    case EVENT_FINAL:
        if (ev->final.height > f->final_height)
            f->final_height = ev->final.height;
        break;
    case EVENT_TX_STATE:
        f->state = ev->tx_state.state;
        f->unknown += ev->tx_state.state == TX_UNKNOWN;
        f->unobserved += ev->tx_state.state == TX_UNOBSERVED;
        f->refused += ev->tx_state.state == TX_REFUSED;
        if (ev->tx_state.state == TX_REFUSED || ev->tx_state.state == TX_UNOBSERVED) {
            snprintf(f->reason, sizeof(f->reason), "%.*s", STR_ARG(ev->tx_state.reason));
        }
        break;
    case EVENT_SOURCE: hear_health(f, ev); break;
    case EVENT_HOLE:
        f->holes++;
        f->hole_asked = ev->hole.asked;
        snprintf(f->hole_text, sizeof(f->hole_text), "%.*s", STR_ARG(ev->hole.reason));
        break;
    case EVENT_ENDPOINT:
        if (ev->endpoint.index >= f->endpoints)
            f->endpoints = ev->endpoint.index + 1;
        f->bytes_sent = ev->endpoint.bytes_sent;
        f->bytes_received = ev->endpoint.bytes_received;
        f->endpoint_state[ev->endpoint.index] = ev->endpoint.state;
        snprintf(f->endpoint_reason[ev->endpoint.index], DIAG_MAX, "%s", ev->endpoint.reason);
        break;
    case EVENT_REPLACED: take_back(f, &ev->replaced.block); break;
    case EVENT_REQUEST:
    case EVENT_EXECUTED: break;
    }
}

bool
net_follower_is_complete(const struct net_follower *f)
{
    for (size_t i = 0; i < f->count; i++) {
        if (!f->nodes[i].has_outcome)
            return false;
    }
    return f->count > 1;
}

bool
net_follower_is_final(const struct net_follower *f)
{
    for (size_t i = 0; i < f->count; i++) {
        if (!f->nodes[i].has_height || f->nodes[i].height > f->final_height)
            return false;
    }
    return net_follower_is_complete(f);
}

size_t
net_follower_wants(const struct net_follower *f, struct want *out, size_t max)
{
    struct want base = {.tx = f->tx, .signer = f->signer};
    size_t count = 0;
    if (!f->is_on || net_follower_is_final(f) || f->state == TX_REFUSED)
        return 0;
    out[count] = base;
    out[count++].kind = net_follower_is_complete(f) ? WANT_FINALITY : WANT_STATUS;
    for (size_t i = 0; i < f->count && count < max; i++) {
        const struct follower_node *n = &f->nodes[i];
        bool wants_receipt = !n->has_receipt && !n->has_outcome && !n->is_last_child;
        if (!wants_receipt && !(n->has_outcome && !n->has_height))
            continue;
        out[count] = base;
        out[count].kind = wants_receipt ? WANT_RECEIPT : WANT_BLOCK;
        out[count++].id = wants_receipt ? n->id : n->block;
    }
    return count;
}

uint64_t
net_follower_gas(const struct net_follower *f)
{
    uint64_t gas = 0;
    for (size_t i = 0; i < f->count; i++)
        gas += f->nodes[i].gas;
    return gas;
}
