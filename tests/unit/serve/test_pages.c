/* What is asked for without JSON-RPC, and what a browser asks for first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <unistd.h>
#include "net/base/xalloc.h"
#include "tests/support/serve_client.h"

static struct serve_child child;

static int
start(void **state)
{
    const struct serve_config config = {.block_time_ms = 50};
    *state = &child;
    serve_child_start(&child, &config);
    return 0;
}

static void
ask(const char *request, struct client_reply *r)
{
    int fd = client_connect(child.port);
    client_send(fd, str_from(request));
    assert_true(client_receive(fd, r));
    close(fd);
}

static bool
has(const struct buf *text, const char *part)
{
    return str_find(buf_str(text), str_from(part)) >= 0;
}

static void
pages__answer_the_bare_result(void **state)
{
    static const struct {
        const char *request;
        int status;
        const char *type, *part;
    } rows[] = {
        {"GET /status HTTP/1.1\r\nHost: x\r\n\r\n", 200, "application/json", "{\"chain_id\":"},
        {"GET /health HTTP/1.1\r\nHost: x\r\n\r\n", 200, "application/json", "null"},
        {"GET /network_info HTTP/1.1\r\nHost: x\r\n\r\n", 200, "application/json",
         "\"num_active_peers\":0"},
        {"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", 200, "text/plain",
         "\nnear_block_height_head "},
        {"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", 404, "text/plain", ""},
        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 405, "text/plain", ""},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct client_reply r;
        ask(rows[i].request, &r);
        assert_int_equal(r.status, rows[i].status);
        assert_true(has(&r.head, rows[i].type));
        assert_true(has(&r.body, rows[i].part));
        client_reply_release(&r);
    }
}

static void
browsers__may_ask__from_any_page(void **state)
{
    struct client_reply r;
    (void)state;
    ask("OPTIONS / HTTP/1.1\r\nHost: x\r\nOrigin: http://page\r\n"
        "Access-Control-Request-Method: POST\r\n"
        "Access-Control-Request-Headers: content-type\r\n\r\n",
        &r);
    assert_int_equal(r.status, 200);
    assert_true(has(&r.head, "access-control-allow-origin: *"));
    assert_true(has(&r.head, "access-control-allow-methods: GET, POST"));
    assert_true(has(&r.head, "content-type\r\n"));
    client_reply_release(&r);
    ask("GET /health HTTP/1.1\r\nHost: x\r\nOrigin: http://page\r\n\r\n", &r);
    assert_true(has(&r.head, "access-control-allow-origin: *"));
    assert_false(has(&r.head, "access-control-allow-methods"));
    client_reply_release(&r);
    /* Nobody but browsers is told. */
    ask("GET /health HTTP/1.1\r\nHost: x\r\n\r\n", &r);
    assert_false(has(&r.head, "access-control"));
    client_reply_release(&r);
    ask("OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n", &r);
    assert_int_equal(r.status, 405);
    client_reply_release(&r);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages__answer_the_bare_result),
        cmocka_unit_test(browsers__may_ask__from_any_page),
    };
    return cmocka_run_group_tests(tests, start, serve_child_tear_down);
}
