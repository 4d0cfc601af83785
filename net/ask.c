#include "net/ask.h"

#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/decode.h"
#include "net/near/base58.h"

enum { PARAMS_MAX = 1024 };

struct ask {
    struct asker *asker;
    struct ask *next, *previous;
    struct want want;
    struct rpc_request *request;
    struct ask_how how;
};

struct asker {
    struct rpc *rpc;        /* borrowed from the owner until asker_free */
    event_fn emit;
    ask_fn done;
    void *context;
    struct ask *first;
    size_t in_flight;
};

struct asker *
asker_new(struct rpc *rpc, event_fn emit, ask_fn done, void *context)
{
    struct asker *asker = xcalloc(1, sizeof(*asker));
    *asker = (struct asker){.rpc = rpc, .emit = emit, .done = done, .context = context};
    return asker;
}

static void
free_ask(struct ask *ask)
{
    if (ask->previous)
        ask->previous->next = ask->next;
    else
        ask->asker->first = ask->next;
    if (ask->next)
        ask->next->previous = ask->previous;
    ask->asker->in_flight--;
    xfree(ask);
}

void
asker_free(struct asker *asker)
{
    if (!asker)
        return;
    while (asker->first) {
        rpc_cancel(asker->first->request);
        free_ask(asker->first);
    }
    xfree(asker);
}

bool
want_equal(const struct want *a, const struct want *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case WANT_STATUS: return hash_equal(&a->tx, &b->tx);
    case WANT_RECEIPT:
    case WANT_BLOCK: return hash_equal(&a->id, &b->id);
    case WANT_FINALITY: return true;
    }
    return false;
}

bool
asker_is_asking(const struct asker *asker, const struct want *want)
{
    for (const struct ask *ask = asker->first; ask; ask = ask->next) {
        if (want_equal(&ask->want, want))
            return true;
    }
    return false;
}

size_t
asker_in_flight(const struct asker *asker)
{
    return asker->in_flight;
}

/* What changes in a status answer from look to look, in one number. */
static uint64_t
news_of(const struct event_list *list)
{
    uint64_t news = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (list->events[i].kind == EVENT_TX_STATE)
            news = news * 16 + list->events[i].tx_state.state;
    }
    return news;
}

static size_t
count_outcomes(const struct event_list *list)
{
    size_t n = 0;
    for (size_t i = 0; i < list->count; i++)
        n += list->events[i].kind == EVENT_OUTCOME;
    return n;
}

static uint64_t
final_height_of(const struct event_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->events[i].kind == EVENT_FINAL)
            return list->events[i].final.height;
    }
    return 0;
}

static enum err
decode_reply(const struct ask *ask, const struct json *result, struct event_list *list,
             struct diag *d)
{
    switch (ask->want.kind) {
    case WANT_STATUS: return decode_tx_status(result, &ask->want.tx, list, d);
    case WANT_RECEIPT: return decode_receipt(result, &ask->want.tx, list, d);
    case WANT_BLOCK: return decode_block(result, false, list, d);
    case WANT_FINALITY: return decode_block(result, true, list, d);
    }
    return ERR_INTERNAL;
}

static bool
is_refusal(enum rpc_fault fault)
{
    return fault == RPC_UNKNOWN_TRANSACTION || fault == RPC_UNKNOWN_RECEIPT ||
           fault == RPC_UNKNOWN_BLOCK || fault == RPC_NOT_TRACKED || fault == RPC_GONE;
}

/* What a refusal tells as a fact. Of a receipt or block it is one when all have refused. */
static void
add_refusal(const struct ask *ask, const struct rpc_reply *reply, uint32_t refused_by,
            struct event_list *list)
{
    uint32_t all = rpc_all_endpoints(ask->asker->rpc);
    if (reply->fault == RPC_UNKNOWN_TRANSACTION) {
        event_list_add(list, EVENT_TX_STATE, &ask->want.tx)->tx_state.state = TX_UNKNOWN;
    } else if (is_refusal(reply->fault) && (refused_by & all) == all &&
               (ask->want.kind == WANT_RECEIPT || ask->want.kind == WANT_BLOCK)) {
        struct event *event = event_list_add(list, EVENT_HOLE, &ask->want.tx);
        event->hole.id = ask->want.id;
        event->hole.reason = str_from(diag_text(&reply->diag));
        event->hole.asked = refused_by & all;
    }
}

/* A node that has lost a receipt fails on the whole of EXPERIMENTAL_tx_status; others do not
 * have the method at all. Both still answer `tx`. */
static bool
lacks_receipts(const struct ask *ask, const struct rpc_reply *reply)
{
    return ask->want.kind == WANT_STATUS && !ask->how.plainly && reply->error &&
           (reply->fault == RPC_BAD_REQUEST ||
            (reply->fault == RPC_AMBIGUOUS &&
             str_find(str_from(diag_text(&reply->diag)), STR("is not found")) >= 0));
}

static void
on_reply(void *context, const struct rpc_reply *reply)
{
    struct ask *ask = context;
    struct asker *asker = ask->asker;
    struct arena arena;
    struct event_list list;
    struct ask_reply told = {.want = ask->want, .fault = reply->fault, .diag = reply->diag,
                             .took_ns = reply->took_ns, .endpoint = reply->endpoint,
                             .retry_after_ms = reply->retry_after_ms,
                             .lacking = reply->lacking};
    if (is_refusal(reply->fault) && reply->endpoint >= 0)
        told.refused_by = ask->how.refused_by | UINT32_C(1) << reply->endpoint;
    arena_init(&arena);
    event_list_init(&list, &arena, SOURCE_RPC, clock_monotonic_ns());
    if (reply->fault == RPC_FINE && decode_reply(ask, reply->result, &list, &told.diag)) {
        told.fault = RPC_GARBAGE;
        diag_prefix(&told.diag, "%s", reply->host);
        list.count = 0;
    }
    add_refusal(ask, reply, told.refused_by, &list);
    told.news = news_of(&list);
    told.outcomes = count_outcomes(&list);
    told.final_height = final_height_of(&list);
    told.lacks_receipts = lacks_receipts(ask, reply);
    free_ask(ask);
    event_list_emit(&list, asker->emit, asker->context);
    event_list_release(&list);
    arena_release(&arena);
    asker->done(asker->context, &told);
}

static const char *
write_params(const struct want *want, bool plainly, struct json_writer *w)
{
    char text[HASH_TEXT];
    switch (want->kind) {
    case WANT_STATUS:
        json_put_c(w, "tx_hash", hash_text(&want->tx, text));
        /* Only selects the shard to look in; a name that nobody owns does where all are. */
        json_put_c(w, "sender_account_id", want->signer.s[0] ? want->signer.s : "near");
        json_put_c(w, "wait_until", "NONE");
        return plainly ? "tx" : "EXPERIMENTAL_tx_status";
    case WANT_RECEIPT:
        json_put_c(w, "receipt_id", hash_text(&want->id, text));
        return "EXPERIMENTAL_receipt";
    case WANT_BLOCK: json_put_c(w, "block_id", hash_text(&want->id, text)); return "block";
    case WANT_FINALITY: json_put_c(w, "finality", "final"); return "block";
    }
    return "";
}

bool
asker_ask(struct asker *asker, const struct want *want, const struct ask_how *how)
{
    if (asker_is_asking(asker, want))
        return false;
    struct ask *ask = xcalloc(1, sizeof(*ask));
    struct buf params;
    struct json_writer w;
    ask->asker = asker;
    ask->want = *want;
    ask->how = *how;
    ask->next = asker->first;
    if (ask->next)
        ask->next->previous = ask;
    asker->first = ask;
    asker->in_flight++;
    buf_init(&params, PARAMS_MAX);
    json_write_begin(&w, &params);
    json_write_object(&w);
    const char *method = write_params(want, how->plainly, &w);
    json_write_object_end(&w);
    ask->request = rpc_ask(asker->rpc, &(struct rpc_ask){
        .method = method, .params = buf_str(&params), .tries = 1, .avoid = how->refused_by,
        .is_of_the_past = how->is_of_the_past, .done = on_reply, .context = ask});
    buf_release(&params);
    return true;
}
