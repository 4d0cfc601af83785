/* Peers that do harm, on purpose or not: many of them, slow ones, dead ones, and frames that no
 * client should send. The others must not feel any of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "net/serve/server.h"
#include "tests/support/serve_client.h"

enum {
    PING_MS = 400, MANY = 300, MESSAGE_MAX = 64 * 1024 * 1024,
    QUEUES_BYTES = 40 * 1024 * 1024 /* enough for two that do not read */
};

static struct serve_child child;
/* They send a request's head for ever; opened first, since they have five seconds. */
static int endless[3];

static int
start(void **state)
{
    static const char *const heads[] = {"", "GET /status HTTP/1.1\r\n", "GET /status HTTP/1.1\r\nX: "};
    const struct serve_config config = {.block_time_ms = 20, .ping_ms = PING_MS,
                                        .queues_bytes = QUEUES_BYTES};
    struct rlimit files;
    *state = &child;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    serve_child_start(&child, &config);
    client_make_account(child.port, "nobody.test.near", NULL);
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        endless[i] = client_connect(child.port);
        client_send(endless[i], str_from(heads[i]));
    }
    return 0;
}

static void
assert_still_answers(void)
{
    struct json *root;
    assert_true(json_is_object(client_result(child.port, "status", "[]", &root)));
    json_free(root);
}

static int
subscribe(const char *filter)
{
    int fd = client_ws_open(child.port, "/events/block_info");
    assert_true(fd >= 0);
    client_ws_send(fd, 1, true, str_from(filter));
    return fd;
}

static uint64_t
next_height(int fd)
{
    struct buf text;
    struct json *root = NULL;
    uint64_t height = 0;
    buf_init(&text, MESSAGE_MAX);
    client_ws_text(fd, &text);
    assert_int_equal(json_parse(buf_str(&text), MESSAGE_MAX, &root, NULL), OK);
    assert_int_equal(json_get_u64(json_at(root, 0), "block_height", &height, NULL), OK);
    json_free(root);
    buf_release(&text);
    return height;
}

/* The connection ends, with a Close frame or without, whatever came before. */
static void
assert_ends(int fd)
{
    struct buf payload;
    int opcode;
    buf_init(&payload, MESSAGE_MAX);
    do
        opcode = client_ws_next(fd, &payload, true);
    while (opcode == 1);
    assert_true(opcode == -1 || opcode == 8);
    buf_release(&payload);
    close(fd);
}

static void
server__tells_hundreds__the_same(void **state)
{
    static int fds[MANY];
    char filter[128];
    (void)state;
    for (int i = 0; i < MANY; i++)
        fds[i] = subscribe(i % 2 ? "{\"And\":[]}"
                                 : "{\"And\":[{\"path\":\"block_height\",\"operator\":"
                                   "{\"GreaterThan\":0}}]}");
    /* A block from which on all of them listen. */
    uint64_t from = next_height(fds[MANY - 1]) + 2;
    for (int i = 0; i < MANY; i++) {
        uint64_t height = next_height(fds[i]);
        while (height < from)
            height = next_height(fds[i]);
        assert_int_equal(height, from);
        assert_int_equal(next_height(fds[i]), from + 1);
    }
    /* One leaves, one wants nothing more, one is silent: nobody else notices. */
    close(fds[0]);
    client_ws_send(fds[1], 1, true, STR("{\"Or\":[]}"));
    snprintf(filter, sizeof(filter), "{\"Nonsense\":1}");
    client_ws_send(fds[2], 1, true, str_from(filter));
    uint64_t height = next_height(fds[3]);
    assert_int_equal(next_height(fds[3]), height + 1);
    for (int i = 1; i < MANY; i++)
        close(fds[i]);
    assert_still_answers();
}

/* Calls with large arguments, told to one that reads and to one that does not. */
static void
server__closes_the_slow_one__and_nobody_else(void **state)
{
    struct buf args, payload;
    (void)state;
    int slow = client_ws_open(child.port, "/events/outcome_optimistic");
    int quick = client_ws_open(child.port, "/events/outcome_optimistic");
    client_ws_send(slow, 1, true, STR("{\"And\":[]}"));
    client_ws_send(quick, 1, true, STR("{\"And\":[]}"));
    buf_init(&args, 2000000);
    buf_init(&payload, MESSAGE_MAX);
    buf_add_repeat(&args, 'a', 700000);
    for (int i = 0; i < 16; i++) {
        struct action action = {.kind = ACTION_FUNCTION_CALL,
                                .method = STR("x"),
                                .args = buf_str(&args),
                                .gas = TERA_GAS};
        json_free(client_transact(child.port, "test.near", "nobody.near", &action, 1, "NONE", NULL));
        /* The transaction, then its receipt; refunds come later. */
        for (size_t told = 0; told < 2;) {
            struct json *root = NULL;
            client_ws_text(quick, &payload);
            assert_int_equal(json_parse(buf_str(&payload), MESSAGE_MAX, &root, NULL), OK);
            told += json_count(root);
            json_free(root);
        }
    }
    assert_ends(slow);
    close(quick);
    buf_release(&args);
    buf_release(&payload);
    assert_still_answers();
}

/* So much waits for those who do not read, or read a byte now and then, that there is no room for
 * all: they leave, and not who reads. */
static void
server__closes_the_slowest__when_too_much_waits_for_all(void **state)
{
    enum { SLOW = 6 };
    int slow[SLOW];
    struct buf args, payload;
    char byte;
    (void)state;
    for (int i = 0; i < SLOW; i++) {
        slow[i] = client_ws_open(child.port, "/events/outcome_optimistic");
        client_ws_send(slow[i], 1, true, STR("{\"And\":[]}"));
    }
    int quick = client_ws_open(child.port, "/events/outcome_optimistic");
    client_ws_send(quick, 1, true, STR("{\"And\":[]}"));
    buf_init(&args, 2000000);
    buf_init(&payload, MESSAGE_MAX);
    buf_add_repeat(&args, 'a', 700000);
    for (int i = 0; i < 12; i++) {
        struct action action = {.kind = ACTION_FUNCTION_CALL, .method = STR("x"),
                                .args = buf_str(&args), .gas = TERA_GAS};
        json_free(client_transact(child.port, "test.near", "nobody.near", &action, 1, "NONE", NULL));
        for (size_t told = 0; told < 2;) {
            struct json *root = NULL;
            client_ws_text(quick, &payload);
            assert_int_equal(json_parse(buf_str(&payload), MESSAGE_MAX, &root, NULL), OK);
            told += json_count(root);
            json_free(root);
            for (int k = 0; k < SLOW / 2; k++)
                (void)!recv(slow[k], &byte, 1, MSG_DONTWAIT);
        }
    }
    for (int i = 0; i < SLOW; i++)
        close(slow[i]);
    close(quick);
    buf_release(&args);
    buf_release(&payload);
    assert_still_answers();
}

/* Two large calls in one block, sooner or later: not one message that is a burden to take apart. */
/* Bit k: an event of this message is about the k-th transaction. */
static unsigned
which_are_told(const struct json *events, const struct hash sent[2])
{
    unsigned bits = 0;
    char text[HASH_TEXT];
    for (size_t i = 0; i < json_count(events); i++) {
        for (unsigned k = 0; k < 2; k++) {
            struct str id = client_text_at(json_at(events, i), "transaction_id");
            bits |= (unsigned)str_equal_c(id, hash_text(&sent[k], text)) << k;
        }
    }
    return bits;
}

/* Two of this action, handed over so close to each other that one block often has both. */
static void
send_both(int port, struct action *action, struct hash sent[2])
{
    static const char *const signers[2] = {"nobody.test.near", "test.near"};
    struct buf bodies[2];
    int fds[2];
    for (int k = 0; k < 2; k++) {
        buf_init(&bodies[k], MESSAGE_MAX);
        buf_add_c(&bodies[k], "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"send_tx\",\"params\":"
                              "{\"wait_until\":\"NONE\",\"signed_tx_base64\":\"");
        client_sign(port, signers[k], "other.near", action, 1, 0, &bodies[k], &sent[k]);
        buf_add_c(&bodies[k], "\"}}");
    }
    for (int k = 0; k < 2; k++)
        fds[k] = client_post(port, buf_str(&bodies[k]));
    for (int k = 0; k < 2; k++) {
        struct client_reply r;
        assert_true(client_receive(fds[k], &r));
        assert_int_equal(r.status, 200);
        client_reply_release(&r);
        close(fds[k]);
        buf_release(&bodies[k]);
    }
}

static void
server__tells_a_block_in_parts__when_it_is_large(void **state)
{
    struct buf args, payload;
    uint64_t height = 0, before = 0;
    bool is_in_parts = false;
    (void)state;
    /* One that does not ask so often for a sign of life: here nobody reads for a while. */
    const struct serve_config config = {.block_time_ms = 20};
    struct serve_child calm;
    serve_child_start(&calm, &config);
    client_make_account(calm.port, "nobody.test.near", NULL);
    int fd = client_ws_open(calm.port, "/events/outcome_optimistic");
    client_ws_send(fd, 1, true, STR("{\"And\":[]}"));
    buf_init(&args, 2000000);
    buf_init(&payload, MESSAGE_MAX);
    buf_add_repeat(&args, 'a', 600000);
    for (int i = 0; i < 60 && !is_in_parts; i++) {
        struct action action = {.kind = ACTION_FUNCTION_CALL, .method = STR("x"),
                                .args = buf_str(&args), .gas = TERA_GAS};
        struct hash sent[2];
        send_both(calm.port, &action, sent);
        /* Not further behind than one round: who reads slowly is closed. */
        for (unsigned told = 0; told != 3;) {
            struct json *root = NULL;
            client_ws_text(fd, &payload);
            assert_int_equal(json_parse(buf_str(&payload), MESSAGE_MAX, &root, NULL), OK);
            told |= which_are_told(root, sent);
            assert_int_equal(json_get_u64(json_at(root, 0), "block_height", &height, NULL), OK);
            is_in_parts |= height == before;
            before = height;
            json_free(root);
        }
    }
    assert_true(is_in_parts);
    close(fd);
    assert_int_equal(serve_child_stop(&calm, SIGTERM), 0);
    buf_release(&args);
    buf_release(&payload);
}

static void
server__drops_the_dead__and_keeps_those_that_answer(void **state)
{
    struct buf payload;
    (void)state;
    buf_init(&payload, MESSAGE_MAX);
    int dead = subscribe("{\"Or\":[]}"), alive = subscribe("{\"Or\":[]}");
    /* Text is no sign of life. */
    client_ws_send(dead, 1, true, STR("{\"Or\":[]}"));
    for (int pings = 0; pings < 5;) {
        /* The server asks both at once; this one answers. */
        int opcode = client_ws_next(alive, &payload, false);
        assert_int_equal(opcode, 9);
        client_ws_send(alive, 10, true, buf_str(&payload));
        pings++;
    }
    int opcode;
    do
        opcode = client_ws_next(dead, &payload, false);
    while (opcode == 9);
    /* Without a word. */
    assert_int_equal(opcode, -1);
    close(dead);
    close(alive);
    buf_release(&payload);
}

static void
server__hangs_up__on_frames_that_nobody_should_send(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
    } frames[] = {
        /* 2^62 bytes are announced; 2 MiB; a length with its highest bit set. */
        {"\x81\xff\x40\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04xxxx", 18},
        {"\x81\xff\x00\x00\x00\x00\x00\x20\x00\x00\x01\x02\x03\x04xxxx", 18},
        {"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04xxxx", 18},
        /* Reserved bits; opcodes that there are not; a long ping; one in parts. */
        {"\xf1\x82\x01\x02\x03\x04zz", 8},
        {"\x83\x82\x01\x02\x03\x04zz", 8},
        {"\x8f\x82\x01\x02\x03\x04zz", 8},
        {"\x89\xfe\x01\x00\x01\x02\x03\x04", 8},
        {"\x09\x80\x01\x02\x03\x04", 6},
        /* A continuation of nothing; text that is no UTF-8. */
        {"\x80\x82\x01\x02\x03\x04zz", 8},
        {"\x81\x82\x00\x00\x00\x00\xff\xfe", 8},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(frames); i++) {
        int fd = client_ws_open(child.port, "/events/block_info");
        struct buf filler;
        client_send(fd, str_of(frames[i].bytes, frames[i].n));
        /* Whoever believes the length is fed until it is too much. */
        buf_init(&filler, 1 << 20);
        buf_add_repeat(&filler, 'x', i < 3 ? 70000 : 0);
        if (filler.n)
            (void)!write(fd, filler.p, filler.n);
        buf_release(&filler);
        assert_ends(fd);
    }
    assert_still_answers();
}

static void
server__hangs_up__on_a_message_in_several_frames(void **state)
{
    (void)state;
    int fd = client_ws_open(child.port, "/events/block_info");
    client_ws_send(fd, 1, false, STR("{\"And\":"));
    assert_ends(fd);
}

static void
server__goes_without_an_answer__when_a_client_closes(void **state)
{
    struct buf payload;
    (void)state;
    buf_init(&payload, 1000);
    int fd = client_ws_open(child.port, "/events/block_info");
    client_ws_send(fd, 8, true, STR("\x03\xe8"));
    assert_int_equal(client_ws_next(fd, &payload, true), -1);
    buf_release(&payload);
    close(fd);
}

static void
server__refuses_a_head__that_is_too_long(void **state)
{
    struct buf head;
    struct client_reply r;
    (void)state;
    buf_init(&head, 1 << 20);
    buf_add_c(&head, "GET /status HTTP/1.1\r\n");
    for (int i = 0; i < 40; i++) {
        buf_addf(&head, "X-%d: ", i);
        buf_add_repeat(&head, 'x', 2000);
        buf_add_c(&head, "\r\n");
    }
    buf_add_c(&head, "\r\n");
    int fd = client_connect(child.port);
    (void)!write(fd, head.p, head.n);
    assert_false(client_receive(fd, &r) && r.status == 200);
    client_reply_release(&r);
    close(fd);
    buf_release(&head);
    assert_still_answers();
}

static void
server__closes_what_is_too_many__and_takes_others_later(void **state)
{
    enum { MORE = 100 };
    static int fds[SERVER_MAX_CONNECTIONS + MORE];
    struct rlimit files;
    size_t open = 0, turned_away = 0;
    (void)state;
    getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < SERVER_MAX_CONNECTIONS + MORE + 100)
        skip();
    int first = subscribe("{\"And\":[]}");
    for (; open < ARRAY_LEN(fds); open++)
        fds[open] = client_connect(child.port);
    for (size_t i = SERVER_MAX_CONNECTIONS; i < open; i++)
        turned_away += client_is_closed(fds[i]);
    assert_int_equal(turned_away, MORE);
    /* Who is in stays in. */
    uint64_t height = next_height(first);
    assert_int_equal(next_height(first), height + 1);
    for (size_t i = 0; i < open; i++)
        close(fds[i]);
    close(first);
    for (bool is_in = false; !is_in;) {
        struct client_reply r;
        is_in = client_http(child.port, "GET", "/health", NULL, (struct str){0}, &r);
        client_reply_release(&r);
    }
}

static void
server__ends_a_head__that_never_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(endless); i++) {
        assert_true(client_is_closed(endless[i]));
        close(endless[i]);
    }
    assert_still_answers();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server__tells_hundreds__the_same),
        cmocka_unit_test(server__closes_the_slow_one__and_nobody_else),
        cmocka_unit_test(server__closes_the_slowest__when_too_much_waits_for_all),
        cmocka_unit_test(server__tells_a_block_in_parts__when_it_is_large),
        cmocka_unit_test(server__drops_the_dead__and_keeps_those_that_answer),
        cmocka_unit_test(server__hangs_up__on_frames_that_nobody_should_send),
        cmocka_unit_test(server__hangs_up__on_a_message_in_several_frames),
        cmocka_unit_test(server__goes_without_an_answer__when_a_client_closes),
        cmocka_unit_test(server__refuses_a_head__that_is_too_long),
        cmocka_unit_test(server__closes_what_is_too_many__and_takes_others_later),
        cmocka_unit_test(server__ends_a_head__that_never_ends),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, start, serve_child_tear_down);
}
