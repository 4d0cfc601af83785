/* What goes over the wire, whatever it means: HTTP, websockets, ports, the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "net/base/xalloc.h"
#include "tests/support/serve_client.h"

static struct serve_child child;

static int
start(void **state)
{
    (void)state;
    const struct serve_config config = {.block_time_ms = 20};
    serve_child_start(&child, &config);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    int status = serve_child_stop(&child, SIGTERM);
    if (status)
        print_error("the server ended with %d\n", status);
    return status;
}

static void
assert_still_answers(void)
{
    struct json *root;
    assert_true(json_is_object(client_result(child.port, "status", "[]", &root)));
    json_free(root);
}

static const char call[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"health\",\"params\":[]}";

static void
server_get__answers__by_path(void **state)
{
    static const struct {
        const char *method, *path;
        int status;
        const char *starts;
    } rows[] = {
        {"GET", "/health", 200, "null"},
        {"GET", "/status", 200, "{\"chain_id\":\"localnet\""},
        {"GET", "/", 405, ""},
        {"GET", "/nowhere", 404, ""},
        {"GET", "/events/block_info", 400, ""},
        {"GET", "/events/nothing", 404, ""},
        {"POST", "/elsewhere", 404, ""},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct client_reply r;
        struct str body = strcmp(rows[i].method, "POST") == 0 ? STR("{}") : (struct str){0};
        assert_true(client_http(child.port, rows[i].method, rows[i].path, "application/json",
                                body, &r));
        if (r.status != rows[i].status)
            fail_msg("%s %s: %d", rows[i].method, rows[i].path, r.status);
        assert_true(str_starts(buf_str(&r.body), str_from(rows[i].starts)));
        client_reply_release(&r);
    }
}

static void
server_head__sends_no_body(void **state)
{
    struct client_reply r;
    char byte;
    (void)state;
    int fd = client_connect(child.port);
    client_send(fd, STR("HEAD /status HTTP/1.1\r\nHost: x\r\n\r\n"
                        "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"));
    char head[4096];
    size_t n = 0;
    while (n < sizeof(head) - 1 && read(fd, &byte, 1) == 1) {
        head[n++] = byte;
        if (n >= 4 && memcmp(head + n - 4, "\r\n\r\n", 4) == 0)
            break;
    }
    head[n] = '\0';
    assert_true(str_starts(str_from(head), STR("HTTP/1.1 200")));
    /* The very next bytes are the next answer. */
    assert_true(client_receive(fd, &r));
    assert_string_equal(buf_c(&r.body), "null");
    client_reply_release(&r);
    close(fd);
}

static void
server_post__keeps_the_connection__between_requests(void **state)
{
    (void)state;
    int fd = client_connect(child.port);
    for (int i = 0; i < 5; i++) {
        struct client_reply r;
        struct buf request;
        buf_init(&request, 4096);
        buf_addf(&request,
                 "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                 "Content-Length: %zu\r\n\r\n%s",
                 strlen(call), call);
        client_send(fd, buf_str(&request));
        assert_true(client_receive(fd, &r));
        assert_int_equal(r.status, 200);
        assert_string_equal(buf_c(&r.body), "{\"jsonrpc\":\"2.0\",\"result\":null,\"id\":1}");
        client_reply_release(&r);
        buf_release(&request);
    }
    close(fd);
}

static void
server_post__refuses__what_it_cannot_read(void **state)
{
    static const struct {
        const char *request;
        int status;
        const char *body;
    } rows[] = {
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
         "Content-Length: 99999999\r\n\r\n{",
         413, NULL},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
         "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
         411, NULL},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
         400, "Content type error"},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", 400, "Content type error"},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
         "Content-Length: 1\r\n\r\n{",
         400, "Json deserialize error: "},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json; charset=utf-8\r\n"
         "Content-Length: 0\r\n\r\n",
         400, "Json deserialize error: "},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct client_reply r;
        int fd = client_connect(child.port);
        client_send(fd, str_from(rows[i].request));
        if (!client_receive(fd, &r) || r.status != rows[i].status)
            fail_msg("row %zu: HTTP %d", i, r.status);
        if (rows[i].body)
            assert_true(str_starts(buf_str(&r.body), str_from(rows[i].body)));
        client_reply_release(&r);
        close(fd);
    }
    assert_still_answers();
}

static void
server_post__closes__behind_a_body_that_it_did_not_read(void **state)
{
    struct client_reply r;
    (void)state;
    int fd = client_connect(child.port);
    client_send(fd, STR("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        "Content-Length: 20000000\r\n\r\n"));
    assert_true(client_receive(fd, &r));
    assert_int_equal(r.status, 413);
    client_reply_release(&r);
    assert_true(client_is_closed(fd));
    close(fd);
}

static void
server_post__takes_a_large_body(void **state)
{
    struct buf body;
    struct client_reply r;
    (void)state;
    buf_init(&body, 10 * 1024 * 1024);
    buf_add_c(&body, "{\"jsonrpc\":\"2.0\",\"method\":\"health\",\"id\":\"");
    buf_add_repeat(&body, 'i', 9 * 1024 * 1024);
    buf_add_c(&body, "\"}");
    assert_true(client_http(child.port, "POST", "/", "application/json", buf_str(&body), &r));
    assert_int_equal(r.status, 200);
    /* The id comes back whole. */
    assert_true(r.body.n > 9 * 1024 * 1024);
    client_reply_release(&r);
    buf_release(&body);
}

/* The library would go round for ever, or hand over wrong bytes: such a peer is dropped. */
static void
server_post__drops_a_peer__that_pipelines(void **state)
{
    (void)state;
    for (int gets = 0; gets < 2; gets++) {
        struct buf bytes;
        struct client_reply r;
        int fd = client_connect(child.port);
        buf_init(&bytes, 65536);
        if (gets)
            buf_add_c(&bytes, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        for (int i = 0; i < 3; i++)
            buf_addf(&bytes,
                     "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                     "Content-Length: %zu\r\n\r\n%s",
                     strlen(call), call);
        client_send(fd, buf_str(&bytes));
        int answers = 0;
        while (client_receive(fd, &r)) {
            answers++;
            client_reply_release(&r);
        }
        client_reply_release(&r);
        assert_true(answers < 4);
        buf_release(&bytes);
        close(fd);
        assert_still_answers();
    }
}

static void
server_upgrade__is_refused__for_an_unknown_event(void **state)
{
    (void)state;
    assert_int_equal(client_ws_open(child.port, "/events/unheard_of"), -404);
    assert_int_equal(client_ws_open(child.port, "/"), -404);
    int fd = client_ws_open(child.port, "/events/block_info");
    assert_true(fd >= 0);
    close(fd);
}

static void
server_message__ends_the_connection__when_too_big_or_binary(void **state)
{
    (void)state;
    struct buf big, payload;
    buf_init(&big, 100000);
    buf_init(&payload, 100000);
    buf_add_repeat(&big, ' ', 70000);
    for (int opcode = 1; opcode <= 2; opcode++) {
        int fd = client_ws_open(child.port, "/events/block_info");
        client_ws_send(fd, opcode, true, opcode == 1 ? buf_str(&big) : STR("{\"And\":[]}"));
        assert_int_equal(client_ws_next(fd, &payload, true) == 1, 0);
        close(fd);
    }
    buf_release(&big);
    buf_release(&payload);
    assert_still_answers();
}

static void
server_subscriber__is_pinged__while_silent(void **state)
{
    struct buf payload;
    (void)state;
    buf_init(&payload, 1000);
    int fd = client_ws_open(child.port, "/events/block_info");
    assert_int_equal(client_ws_next(fd, &payload, false), 9);
    assert_int_equal(payload.n, 1);
    buf_release(&payload);
    close(fd);
}

/* Calls with large arguments, told to a subscriber that does not read. */
static void
server_subscriber__is_closed__when_it_does_not_keep_up(void **state)
{
    struct buf args, payload;
    int opcode;
    (void)state;
    int fd = client_ws_open(child.port, "/events/outcome_optimistic");
    client_ws_send(fd, 1, true, STR("{\"And\":[]}"));
    buf_init(&args, 2000000);
    buf_init(&payload, 64 * 1024 * 1024);
    buf_add_repeat(&args, 'a', 1500000);
    for (int i = 0; i < 10; i++) {
        struct action action = {.kind = ACTION_FUNCTION_CALL,
                                .method = STR("x"),
                                .args = buf_str(&args),
                                .gas = TERA_GAS};
        json_free(client_transact(child.port, "test.near", "nobody.near", &action, 1, "FINAL",
                                  NULL));
    }
    do
        opcode = client_ws_next(fd, &payload, false);
    while (opcode == 1 || opcode == 9);
    assert_true(opcode == 8 || opcode == -1);
    buf_release(&args);
    buf_release(&payload);
    close(fd);
    assert_still_answers();
}

static void
serve_localnet__says_so__when_the_port_is_taken(void **state)
{
    const struct serve_config config = {.port = child.port, .block_time_ms = 100};
    struct diag d = {0};
    (void)state;
    assert_int_equal(serve_localnet(&config, &d), ERR_EXISTS);
    char port[16];
    snprintf(port, sizeof(port), "%d", child.port);
    assert_true(str_find(str_from(diag_text(&d)), str_from(port)) >= 0);
}

static void
serve_localnet__refuses__a_bad_configuration(void **state)
{
    static const struct serve_config configs[] = {
        {.block_time_ms = 9},
        {.block_time_ms = 60001},
        {.block_time_ms = 100, .shards = "Not A Name"},
        {.block_time_ms = 100, .shards = "t0,m0"},
        {.block_time_ms = 100, .fault = "flood"},
        {.block_time_ms = 100, .fault = "late=soon"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(configs); i++) {
        struct diag d = {0};
        assert_int_not_equal(serve_localnet(&configs[i], &d), OK);
        assert_true(strlen(diag_text(&d)) > 10);
    }
}

static void
serve_localnet__ends_in_order__with_everything_in_flight(void **state)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        const struct serve_config config = {.block_time_ms = 10, .fault = "late=60000"};
        struct serve_child c;
        struct buf payload;
        struct buf request;
        serve_child_start(&c, &config);
        int half = client_connect(c.port), late = client_connect(c.port);
        int head = client_connect(c.port);
        int feed = client_ws_open(c.port, "/events/block_info");
        client_send(half, STR("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                              "Content-Length: 50\r\n\r\n{\"jsonrpc\""));
        client_send(head, STR("GET /sta"));
        buf_init(&request, 4096);
        buf_addf(&request,
                 "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                 "Content-Length: %zu\r\n\r\n%s",
                 strlen(call), call);
        client_send(late, buf_str(&request));
        client_ws_send(feed, 1, true, STR("{\"And\":[]}"));
        buf_init(&payload, 65536);
        client_ws_text(feed, &payload);
        assert_int_equal(serve_child_stop(&c, numbers[i]), 0);
        buf_release(&payload);
        buf_release(&request);
        close(half);
        close(late);
        close(head);
        close(feed);
    }
}

static void
serve_localnet__ends__when_the_parent_has_gone(void **state)
{
    const struct serve_config config = {.block_time_ms = 100, .with_parent = true};
    struct serve_child c;
    (void)state;
    serve_child_start(&c, &config);
    close(c.input);
    c.input = -1;
    assert_int_equal(serve_child_end(&c), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server_get__answers__by_path),
        cmocka_unit_test(server_head__sends_no_body),
        cmocka_unit_test(server_post__keeps_the_connection__between_requests),
        cmocka_unit_test(server_post__refuses__what_it_cannot_read),
        cmocka_unit_test(server_post__closes__behind_a_body_that_it_did_not_read),
        cmocka_unit_test(server_post__takes_a_large_body),
        cmocka_unit_test(server_post__drops_a_peer__that_pipelines),
        cmocka_unit_test(server_upgrade__is_refused__for_an_unknown_event),
        cmocka_unit_test(server_message__ends_the_connection__when_too_big_or_binary),
        cmocka_unit_test(server_subscriber__is_pinged__while_silent),
        cmocka_unit_test(server_subscriber__is_closed__when_it_does_not_keep_up),
        cmocka_unit_test(serve_localnet__says_so__when_the_port_is_taken),
        cmocka_unit_test(serve_localnet__refuses__a_bad_configuration),
        cmocka_unit_test(serve_localnet__ends_in_order__with_everything_in_flight),
        cmocka_unit_test(serve_localnet__ends__when_the_parent_has_gone),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
