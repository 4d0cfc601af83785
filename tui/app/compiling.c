#include "tui/app/compiling.h"

#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "tui/app/session.h"

enum { TRIES = 1, NAME_MOST = 64, QUIET_MS = 900 };

static void
write_text(char out[COMPILING_TEXT], const struct json *list)
{
    const struct json *first = json_first(list);
    struct str account;
    uint64_t bytes, ms;
    size_t more = 0;
    out[0] = '\0';
    if (!first || json_get_string(first, "account_id", &account, NULL) ||
        json_get_u64(first, "code_size", &bytes, NULL) ||
        json_get_u64(first, "elapsed_ms", &ms, NULL))
        return;
    for (const struct json *v = json_next(first); v; v = json_next(v))
        more++;
    account = str_slice(account, 0, NAME_MOST);
    /* What is cut on a narrow screen is what matters least. */
    int n = snprintf(out, COMPILING_TEXT, "compiling %.*s since %.1f s", STR_ARG(account),
                     (double)ms / 1000);
    if (more)
        n += snprintf(out + n, COMPILING_TEXT - (size_t)n, ", and %zu more", more);
    snprintf(out + n, COMPILING_TEXT - (size_t)n, ": the chain waits for its %.0f kB",
             (double)bytes / 1000);
}

static void
on_reply(void *context, const struct rpc_reply *reply)
{
    struct compiling_watch *w = context;
    char text[COMPILING_TEXT] = "";
    w->request = NULL;
    w->is_unknown = reply->fault == RPC_BAD_REQUEST || reply->fault == RPC_DENIED;
    if (reply->fault == RPC_FINE)
        write_text(text, reply->result);
    if (strcmp(text, w->text) == 0)
        return;
    snprintf(w->text, sizeof(w->text), "%s", text);
    w->changed(w->context);
}

void
compiling_ask(struct compiling_watch *w, struct rpc *rpc)
{
    if (!w->request && !w->is_unknown)
        w->request = rpc_start(rpc, "neartop_compiling", STR("[]"), TRIES, on_reply, w);
}

bool
compiling_is_due(const struct session *s, int64_t now_ns)
{
    int64_t since_ms = (now_ns - s->store->head_seen_ns) / NS_PER_MS;
    bool is_awaited = s->sending || s->is_waiting || s->open.count ||
                      (s->follow && follow_live(s->follow));
    return is_awaited && !s->is_over && since_ms >= QUIET_MS + (int64_t)s->network.block_time_ms;
}

void
compiling_look(struct compiling_watch *w, struct session *s)
{
    if (!s->sources || !s->network.has_well_known_keys)
        return;
    if (compiling_is_due(s, clock_monotonic_ns()))
        compiling_ask(w, sources_rpc(s->sources));
    else
        compiling_stop(w);
}

void
compiling_stop(struct compiling_watch *w)
{
    rpc_cancel(w->request);
    w->request = NULL;
    w->text[0] = '\0';
}
