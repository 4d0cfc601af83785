/* What the embedded chain says of contracts that it compiles, and nodes that know nothing of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/macros.h"
#include "tests/support/net_peer.h"
#include "tests/support/net_wait.h"
#include "tui/app/compiling.h"

struct scene {
    struct loop *loop;
    struct http *http;
    struct net_peer *peer;
    struct rpc *rpc;
    struct compiling_watch watch;
    const char *result;             /* or NULL: there is no such method */
    int served, changes;
};

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct scene *s = context;
    struct json *root = NULL;
    struct str id, method;
    struct buf answer;
    assert_int_equal(json_parse(request->body, JSON_BYTES_MAX, &root, NULL), OK);
    assert_int_equal(json_get_string(root, "id", &id, NULL), OK);
    assert_int_equal(json_get_string(root, "method", &method, NULL), OK);
    assert_true(str_equal_c(method, "neartop_compiling"));
    buf_init(&answer, 4096);
    buf_addf(&answer, "{\"jsonrpc\":\"2.0\",\"id\":\"%.*s\",", STR_ARG(id));
    if (s->result)
        buf_addf(&answer, "\"result\":%s}", s->result);
    else
        buf_add_c(&answer, "\"error\":{\"name\":\"REQUEST_VALIDATION_ERROR\",\"cause\":{\"name\":"
                           "\"METHOD_NOT_FOUND\"},\"code\":-32601,\"message\":\"Method not found\"}}");
    net_link_answer(link, 200, "Content-Type: application/json\r\n", buf_str(&answer));
    buf_release(&answer);
    json_free(root);
    s->served++;
}

static void
on_changed(void *context)
{
    ((struct scene *)context)->changes++;
}

static void
open(struct scene *s)
{
    *s = (struct scene){.loop = loop_new()};
    s->peer = net_peer_new(s->loop, &(struct net_peer_script){.request = on_request, .context = s});
    s->http = http_new(s->loop);
    s->rpc = rpc_new(s->loop, s->http,
                     &(struct rpc_config){.url = net_peer_url(s->peer, "http", "/")});
    s->watch = (struct compiling_watch){.changed = on_changed, .context = s};
}

static void
close_all(struct scene *s)
{
    compiling_stop(&s->watch);
    rpc_free(s->rpc);
    http_free(s->http);
    net_peer_free(s->peer);
    loop_free(s->loop);
}

static bool
has_reply(const void *context)
{
    return ((const struct scene *)context)->watch.request == NULL;
}

static const char *
ask(struct scene *s, const char *result)
{
    s->result = result;
    compiling_ask(&s->watch, s->rpc);
    compiling_ask(&s->watch, s->rpc);       /* no second one meanwhile */
    net_wait_until(s->loop, has_reply, s);
    return s->watch.text;
}

static void
compiling__tells__what_holds_up_the_chain(void **state)
{
    (void)state;
    struct scene s;
    open(&s);
    assert_string_equal(ask(&s, "[]"), "");
    assert_int_equal(s.changes, 0);
    assert_string_equal(ask(&s, "[{\"account_id\":\"bob.near\",\"code_size\":412345,"
                                "\"elapsed_ms\":1260,\"stage\":\"compiling\"}]"),
                        "compiling bob.near since 1.3 s: the chain waits for its 412 kB");
    assert_string_equal(ask(&s, "[{\"account_id\":\"a\",\"code_size\":1000,\"elapsed_ms\":0},{},{}]"),
                        "compiling a since 0.0 s, and 2 more: the chain waits for its 1 kB");
    assert_string_equal(ask(&s, "[{\"account_id\":7}]"), "");
    assert_string_equal(ask(&s, "{}"), "");
    assert_int_equal(s.changes, 3);
    assert_int_equal(s.served, 5);
    close_all(&s);
}

static void
compiling__asks_no_more__where_nobody_knows(void **state)
{
    (void)state;
    struct scene s;
    open(&s);
    assert_string_equal(ask(&s, NULL), "");
    assert_string_equal(ask(&s, "[]"), "");
    assert_int_equal(s.served, 1);
    assert_int_equal(s.changes, 0);
    close_all(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compiling__tells__what_holds_up_the_chain),
        cmocka_unit_test(compiling__asks_no_more__where_nobody_knows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
