/* Contracts that are being compiled while the server goes on: blocks and view calls that have to
 * wait for one, and who is told. */
#include <stdio.h>
#include <string.h>
#include "contract/serve/node.h"
#include "contract/wasm/module.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"

enum { LOOK_MS = 5, WORTH_TELLING_MS = 100 };

struct parked {
    struct parked *next;
    struct server_request *request;     /* NULL: the peer left */
    struct buf body;                    /* the whole request again, as JSON */
};

struct compiling {
    struct node *node;
    struct loop_timer *timer;           /* runs while something is being compiled */
    struct parked *parked;              /* the newest first */
    bool is_block_held;
    bool has_news;                      /* one has ended since the last look */
    bool tells;                         /* on standard error */
    struct hash told[MODULE_MAX_WORKERS + 1];
    size_t told_count;
};

/* --- telling ------------------------------------------------------------------------------ */

static const char *
size_text(uint64_t bytes, char out[32])
{
    snprintf(out, 32, bytes < 10000 ? "%.1f kB" : "%.0f kB", (double)bytes / 1000);
    return out;
}

static bool
was_told(const struct compiling *c, const struct hash *code_hash)
{
    for (size_t i = 0; i < ARRAY_LEN(c->told) && i < c->told_count; i++) {
        if (hash_equal(&c->told[i], code_hash))
            return true;
    }
    return false;
}

static void
tell_slow_ones(struct compiling *c)
{
    struct module_progress p;
    char size[32];
    for (size_t i = 0; c->tells && module_progress(i, &p); i++) {
        if (p.elapsed_ms < WORTH_TELLING_MS || was_told(c, &p.code_hash))
            continue;
        c->told[c->told_count++ % ARRAY_LEN(c->told)] = p.code_hash;
        fprintf(stderr, "neartop: compiling the contract of %s, %s …\n", p.who,
                size_text(p.code_size, size));
    }
}

static void
on_end(void *context, const struct module_end *end)
{
    struct compiling *c = context;
    char size[32];
    c->has_news = true;
    if (!c->tells)
        return;
    if (end->problem)
        fprintf(stderr, "neartop: the contract of %s, %s, is refused: %s\n", end->who,
                size_text(end->code_size, size), end->problem);
    else if (end->elapsed_ms >= WORTH_TELLING_MS)
        fprintf(stderr, "neartop: the contract of %s, %s, is ready after %.2f s\n", end->who,
                size_text(end->code_size, size), (double)end->elapsed_ms / 1000);
}

void
rpc_compiling(struct rpc_call *call)
{
    struct module_progress p;
    char hash[HASH_TEXT];
    json_write_array(call->w);
    for (size_t i = 0; module_progress(i, &p); i++) {
        json_write_object(call->w);
        json_put_c(call->w, "account_id", p.who);
        json_put_c(call->w, "code_hash", hash_text(&p.code_hash, hash));
        json_put_u64(call->w, "code_size", p.code_size);
        json_put_u64(call->w, "elapsed_ms", p.elapsed_ms);
        json_put_c(call->w, "stage", p.is_running ? "compiling" : "waiting");
        json_write_object_end(call->w);
    }
    json_write_array_end(call->w);
}

/* --- waiting ------------------------------------------------------------------------------ */

static void
parked_free(struct parked *p)
{
    buf_release(&p->body);
    xfree(p);
}

/* Those that came meanwhile wait anew. */
static void
ask_again(struct compiling *c)
{
    struct parked *all = c->parked, *oldest_first = NULL;
    c->parked = NULL;
    while (all) {
        struct parked *next = all->next;
        all->next = oldest_first;
        oldest_first = all;
        all = next;
    }
    while (oldest_first) {
        struct parked *p = oldest_first;
        oldest_first = p->next;
        if (p->request)
            rpc_ask_again(c->node, p->request, buf_str(&p->body));
        parked_free(p);
    }
}

static void
look(void *context)
{
    struct compiling *c = context;
    size_t left = module_poll();
    tell_slow_ones(c);
    if (!left)
        loop_timer_stop(c->timer);
    if (!c->has_news)
        return;
    c->has_news = false;
    ask_again(c);
    if (c->is_block_held) {
        c->is_block_held = false;
        node_tick(c->node);
    }
}

void
compiling_watch(struct compiling *c)
{
    if (!loop_timer_is_active(c->timer) && module_poll())
        loop_timer_start(c->timer, LOOK_MS, LOOK_MS);
}

bool
compiling_holds_block(struct compiling *c)
{
    c->is_block_held = !chain_is_ready(c->node->chain);
    compiling_watch(c);
    return c->is_block_held;
}

void
compiling_park(struct compiling *c, struct rpc_call *call)
{
    struct parked *p = xcalloc(1, sizeof(*p));
    p->next = c->parked;
    c->parked = p;
    p->request = call->request;
    buf_init(&p->body, SERVER_MAX_BODY * 2);
    json_print(call->root, &p->body);
    call->is_later = true;
    compiling_watch(c);
}

void
compiling_gone(struct compiling *c, const struct server_request *r)
{
    for (struct parked *p = c ? c->parked : NULL; p; p = p->next) {
        if (p->request == r)
            p->request = NULL;
    }
}

/* --- the whole ---------------------------------------------------------------------------- */

struct compiling *
compiling_open(struct node *n, bool tells)
{
    struct compiling *c = xcalloc(1, sizeof(*c));
    c->node = n;
    c->tells = tells;
    c->timer = loop_timer_new(n->loop, look, c);
    module_on_end(on_end, c);
    return c;
}

void
compiling_shut(struct compiling *take_c)
{
    if (!take_c)
        return;
    module_on_end(NULL, NULL);
    while (take_c->parked) {
        struct parked *next = take_c->parked->next;
        parked_free(take_c->parked);
        take_c->parked = next;
    }
    loop_timer_close(take_c->timer);
    xfree(take_c);
}
