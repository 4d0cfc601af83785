/* The embedded chain's JSON-RPC: the body of a request, and one answer to it or none yet. What
 * goes over the socket is not here: server.c is replaced, by all that server.h declares. */
#include <string.h>
#include "contract/chain/demo.h"
#include "contract/serve/node.h"
#include "net/base/clock.h"
#include "tests/fuzz/fuzz.h"

#define START_NS UINT64_C(1700000000000000000)
#define BLOCK_NS UINT64_C(600000000)

static struct node node;
static int answers;

void
server_answer(struct server_request *r, int status, const char *content_type,
              const char *extra_header, struct str body, enum server_answer_kind kind)
{
    (void)r, (void)content_type, (void)extra_header, (void)body, (void)kind;
    MUST(status >= 200 && status < 600);
    answers++;
}

enum err
server_start(struct loop *loop, int port, const struct server_handlers *handlers,
             struct server **out, int *taken, struct diag *d)
{
    (void)loop, (void)port, (void)handlers, (void)out, (void)taken;
    return diag_set(d, ERR_UNSUPPORTED, "no sockets here");
}

void
server_set_ping(struct server *s, unsigned ms)
{
    (void)s, (void)ms;
}

void
server_set_queues(struct server *s, size_t bytes)
{
    (void)s, (void)bytes;
}

void
server_stop(struct server *take_s)
{
    (void)take_s;
}

void
subscriber_send(struct subscriber *s, struct str text)
{
    (void)s, (void)text;
}

void
subscriber_close(struct subscriber *s, int code, const char *reason)
{
    (void)s, (void)code, (void)reason;
}

void
subscriber_drop(struct subscriber *s)
{
    (void)s;
}

void
subscriber_set_data(struct subscriber *s, void *data)
{
    (void)s, (void)data;
}

void *
subscriber_data(const struct subscriber *s)
{
    (void)s;
    return NULL;
}

static void
start(void)
{
    struct chain_config config;
    struct diag d = {0};
    if (node.chain)
        return;
    chain_default_config(&config, START_NS);
    node.chain = chain_new(&config);
    MUST(demo_build(node.chain, START_NS + 100 * BLOCK_NS, BLOCK_NS, &d) == OK);
    node.block_time_ms = 600;
    node.loop = loop_new();
    node.feed = feed_open(&node);
    node.compiling = compiling_open(&node, false);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int request;
    struct server_request *r = (struct server_request *)(void *)&request;
    struct server_call call = {.method = SERVER_POST,
                               .path = STR("/"),
                               .content_type = STR("application/json"),
                               .body = str_of(data, size)};
    start();
    answers = 0;
    faults_init(&node.faults, 1, chain_shard_count(node.chain));
    MUST(tick_set_faults(&node, STR("none"), NULL) == OK);
    rpc_handle(&node, r, &call);
    MUST(answers <= 1);
    rpc_gone(&node, r);
    rpc_release(&node);
    return 0;
}
