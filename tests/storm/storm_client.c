#include "tests/storm/storm_client.h"

#include <stdio.h>
#include <stdlib.h>
#include "net/base/clock.h"
#include "net/near/base58.h"
#include "tui/model/verdict.h"
#include "tui/model/want.h"

enum { BLOCK_GUESS_MS = 25 };

void
storm_client_init(struct storm_client *c, struct loop *loop, const struct storm_call *call)
{
    *c = (struct storm_client){.call = call, .loop = loop, .store = store_new()};
}

struct call *
storm_client_call(const struct storm_client *c)
{
    return hash_is_zero(&c->tx) ? NULL : store_call(c->store, &c->tx);
}

static void
end(struct storm_client *c)
{
    if (c->is_over)
        return;
    c->is_over = true;
    c->over_ns = clock_monotonic_ns();
    loop_timer_stop(c->patience);
    if (!hash_is_zero(&c->tx))
        sources_unfollow(c->sources, &c->tx);
}

static void
say_node(struct storm_client *c, const struct node *n)
{
    char line[DIARY_LINE], id[HASH_TEXT], block[HASH_TEXT];
    snprintf(line, sizeof(line), "open: %.6s ran %d in block %.6s at %llu, certainty %d%s",
             hash_text(&n->id, id), n->has_outcome, hash_text(&n->outcome.block_hash, block),
             n->has_height ? (unsigned long long)n->height : 0ULL, (int)n->certainty,
             n->rivals ? ", and in others" : "");
    storm_diary_say(&c->diary, line);
}

/* What is not final, and what is still asked for. */
static void
say_what_is_open(struct storm_client *c)
{
    static const char *const kinds[] = {"status", "receipt", "block", "finality"};
    struct call *call = storm_client_call(c);
    struct want wants[16];
    char line[DIARY_LINE], id[HASH_TEXT];
    if (!call)
        return;
    size_t count = want_list(c->store, call, wants, 0, ARRAY_LEN(wants));
    for (size_t i = 0; i < count; i++) {
        snprintf(line, sizeof(line), "wanted: %s %.6s", kinds[wants[i].kind],
                 hash_text(&wants[i].id, id));
        storm_diary_say(&c->diary, line);
    }
    if (call->transaction_node && call->transaction_node->certainty != CERTAINTY_FINAL)
        say_node(c, call->transaction_node);
    for (size_t i = 0; i < call->order_count; i++) {
        if (call->order[i]->certainty != CERTAINTY_FINAL)
            say_node(c, call->order[i]);
    }
    snprintf(line, sizeof(line), "final is %llu, state %d, told %d",
             (unsigned long long)c->store->final_height, (int)call->state, (int)call->told_state);
    storm_diary_say(&c->diary, line);
}

static void
on_impatient(void *context)
{
    struct storm_client *c = context;
    c->has_no_patience_left = true;
    storm_diary_say(&c->diary, "no patience left");
    say_what_is_open(c);
    end(c);
}

static void
note_request(struct storm_client *c, const struct request_fact *f)
{
    for (unsigned i = 0; i < f->repeats; i++)
        rough_meter_note(&c->repeats);
    if (c->left_count < STORM_REQUESTS)
        c->left_ns[c->left_count++] = clock_monotonic_ns() - f->took_ns;
}

static int
by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

unsigned
storm_client_most(struct storm_client *c, int64_t within_ns)
{
    unsigned most = 0;
    qsort(c->left_ns, c->left_count, sizeof(c->left_ns[0]), by_time);
    for (unsigned from = 0, to = 0; to < c->left_count; to++) {
        while (c->left_ns[to] - c->left_ns[from] >= within_ns)
            from++;
        most = to - from + 1 > most ? to - from + 1 : most;
    }
    return most;
}

static void
on_event(void *context, const struct event *ev)
{
    struct storm_client *c = context;
    /* What comes after the end was not learnt in time. */
    if (c->is_over)
        return;
    storm_diary_note(&c->diary, ev);
    if (ev->kind == EVENT_REQUEST)
        note_request(c, &ev->request);
    if (!store_apply(c->store, ev))
        return;
    c->is_dirty = true;
    /* As the program: word of the call is news, word of a source is none. */
    if (hash_equal(&ev->tx, &c->tx) && ev->kind != EVENT_SOURCE &&
        ev->kind != EVENT_ENDPOINT)
        loop_timer_start(c->patience, STORM_PATIENCE_MS, 0);
}

static size_t
on_wants(void *context, struct want *out, size_t max)
{
    const struct storm_client *c = context;
    struct call *call = c->is_over ? NULL : storm_client_call(c);
    return call ? want_list(c->store, call, out, 0, max) : 0;
}

void
storm_client_connect(struct storm_client *c, int port, uint32_t faults, uint64_t seed)
{
    struct endpoint_config endpoints[STORM_ENDPOINTS];
    char urls[STORM_ENDPOINTS][64], ws[64];
    for (int i = 0; i < c->call->endpoints; i++) {
        c->wires[i] = net_rough_new(c->loop, &(struct rough_args){
            .port = port, .faults = faults, .seed = seed * STORM_ENDPOINTS + (unsigned)i,
            .meter = &c->meter});
        snprintf(urls[i], sizeof(urls[i]), "http://127.0.0.1:%d", net_rough_port(c->wires[i]));
        endpoints[i] = (struct endpoint_config){.url = urls[i], .is_archival = i > 0};
    }
    snprintf(ws, sizeof(ws), "ws://127.0.0.1:%d", net_rough_port(c->wires[0]));
    c->sources = sources_new(c->loop, &(struct sources_config){
        .endpoints = endpoints, .endpoint_count = (size_t)c->call->endpoints,
        .per_second = STORM_PER_SECOND, .timeout_ms = STORM_TIMEOUT_MS,
        .ws_url = c->call->has_feed ? ws : NULL, .block_time_ms = BLOCK_GUESS_MS,
        .wants = on_wants}, on_event, c);
    c->patience = loop_timer_new(c->loop, on_impatient, c);
}

static void
begin(struct storm_client *c)
{
    c->is_begun = true;
    c->begun_ns = clock_monotonic_ns();
    loop_timer_start(c->patience, STORM_PATIENCE_MS, 0);
}

static void
on_signed(void *context, const struct hash *tx)
{
    struct storm_client *c = context;
    const struct account_id signer = account_of(c->call->signer);
    c->tx = *tx;
    c->signatures++;
    c->is_dirty = true;
    sources_follow(c->sources, tx, &signer);
}

static void
on_sent(void *context, enum err error, const struct hash *tx, const struct diag *d)
{
    struct storm_client *c = context;
    (void)tx;
    c->sending = NULL;
    storm_diary_say(&c->diary, error ? diag_text(d) : "sending is over");
    c->is_sent = true;
    c->is_dirty = true;
    c->error = error;
    c->diag = *d;
    /* Refused or never sent: nothing will ever come. Otherwise it may still run. */
    if (error && error != ERR_TIMEOUT && error != ERR_NET)
        end(c);
    if (error && hash_is_zero(&c->tx))
        end(c);
}

void
storm_client_send(struct storm_client *c)
{
    struct secret_key key;
    struct action action = {.kind = ACTION_FUNCTION_CALL, .method = str_from(c->call->method),
                            .args = str_from(c->call->args), .gas = 100 * TERA_GAS};
    secret_key_from_name(str_from(c->call->signer), &key);
    begin(c);
    c->sending = send_start(sources_sender(c->sources), &(struct send_args){
        .signer = account_of(c->call->signer), .receiver = account_of(c->call->receiver),
        .key = &key, .actions = &action, .action_count = 1, .signed_ = on_signed,
        .done = on_sent, .context = c});
    secret_key_wipe(&key);
}

void
storm_client_watch(struct storm_client *c, const struct hash *tx, const struct account_id *signer)
{
    const struct event known = {.kind = EVENT_TX_STATE, .source = SOURCE_RPC,
                                .seen_ns = clock_monotonic_ns(), .tx = *tx,
                                .tx_state = {.state = TX_SENT}};
    begin(c);
    c->tx = *tx;
    store_apply(c->store, &known);
    sources_follow(c->sources, tx, signer);
    c->is_dirty = true;
}

void
storm_client_update(struct storm_client *c)
{
    struct call *call = storm_client_call(c);
    if (!c->is_dirty)
        return;
    c->is_dirty = false;
    /* Refused while it is still being sent: it is signed anew. */
    bool wants_nothing = call && want_nothing(c->store, call);
    bool is_signed_anew = c->sending && call && call->state == TX_REFUSED;
    if (wants_nothing && !is_signed_anew)
        end(c);
    if (c->sources)
        sources_poke(c->sources);
}

void
storm_client_release(struct storm_client *c)
{
    send_cancel(c->sending);
    sources_free(c->sources);
    loop_timer_close(c->patience);
    for (int i = 0; i < STORM_ENDPOINTS; i++)
        net_rough_free(c->wires[i]);
    store_free(c->store);
}

bool
storm_client_is_complete(const struct storm_client *c)
{
    struct call *call = storm_client_call(c);
    if (!call)
        return false;
    const struct verdict *v = call_verdict(c->store, call);
    return v->is_complete && v->is_final;
}

static void
say_when(const struct node *n, struct buf *out)
{
    char id[HASH_TEXT];
    if (n->block_gone)
        buf_addf(out, "%s ran, nobody knows when: %s; ", hash_text(&n->id, id), n->block_gone);
    else if (n->has_outcome && !n->outcome.has_block_time)
        buf_addf(out, "%s ran, when was not to be learnt; ", hash_text(&n->id, id));
}

static void
say_call(const struct storm_client *c, struct call *call, struct buf *out)
{
    char id[HASH_TEXT];
    call_update(c->store, call);
    if (call->refused_reason && call->state == TX_REFUSED)
        buf_addf(out, "refused: %s; ", call->refused_reason);
    if (call->unobserved_reason && call->state == TX_UNOBSERVED)
        buf_addf(out, "%s; ", call->unobserved_reason);
    if (call->transaction_node)
        say_when(call->transaction_node, out);
    for (size_t i = 0; i < call->order_count; i++) {
        const struct node *n = call->order[i];
        say_when(n, out);
        if (n->hole_reason && !(n->has_outcome && n->has_receipt))
            buf_addf(out, "%s: %s; ", hash_text(&n->id, id), n->hole_reason);
    }
}

void
storm_client_say(const struct storm_client *c, struct buf *out)
{
    struct call *call = storm_client_call(c);
    if (c->error)
        buf_addf(out, "sending: %s; ", diag_text(&c->diag));
    if (call)
        say_call(c, call, out);
    if (c->has_no_patience_left)
        buf_addf(out, "nothing new came for too long; %s", c->store->sources[SOURCE_RPC].text);
}
