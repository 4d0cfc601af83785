#include "tests/support/net_teller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { ANSWER_MAX = 65536 };

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct net_teller *t = context;
    struct json *root = NULL;
    struct str id, method;
    struct buf answer;
    assert_int_equal(json_parse(request->body, JSON_BYTES_MAX, &root, NULL), OK);
    assert_int_equal(json_get_string(root, "id", &id, NULL), OK);
    assert_int_equal(json_get_string(root, "method", &method, NULL), OK);
    t->served++;
    buf_init(&answer, ANSWER_MAX);
    buf_addf(&answer, "{\"jsonrpc\":\"2.0\",\"id\":\"%.*s\",%s}", STR_ARG(id),
             t->answer(t->context, method, json_find(root, "params")));
    assert_false(answer.overflowed);
    net_link_answer(link, 200, "Content-Type: application/json\r\n", buf_str(&answer));
    buf_release(&answer);
    json_free(root);
}

void
net_teller_open(struct net_teller *t, net_teller_fn answer, void *context)
{
    *t = (struct net_teller){.loop = loop_new(), .answer = answer, .context = context};
    t->peer = net_peer_new(t->loop, &(struct net_peer_script){.request = on_request, .context = t});
    t->http = http_new(t->loop);
    t->rpc = rpc_new(t->loop, t->http, &(struct rpc_config){
        .url = net_peer_url(t->peer, "http", "/"), .retry_first_ms = 1});
}

void
net_teller_close(struct net_teller *t)
{
    rpc_free(t->rpc);
    http_free(t->http);
    net_peer_free(t->peer);
    loop_free(t->loop);
}
