/* Somebody takes as many of a relay's connections as there are to be had: the others still come in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/relay/relay.h"
#include "net/serve/server.h"
#include "tests/support/serve_client.h"

enum { SHARE = SERVER_MAX_CONNECTIONS / 4, MORE = 40, OVER = 4, TEXT_ROOM = 1024, TEAM = 20, OF_A_CONSOLE = 3,
       LONGEST_S = 120 };

static pid_t child;
static int port;

static void
on_trouble(void *context, const char *sentence)
{
    (void)context;
    (void)sentence;
}

/* Nobody is asked there. */
static void
run_relay(int report)
{
    static const struct endpoint_config nowhere = {.url = "http://127.0.0.1:1"};
    struct loop *loop = loop_new();
    struct relay *relay = NULL;
    if (relay_start(loop, &(struct relay_config){.address = "127.0.0.1", .endpoints = &nowhere,
                                                 .endpoint_count = 1, .trouble = on_trouble},
                    &relay, NULL))
        _exit(1);
    int taken = relay_port(relay);
    if (write(report, &taken, sizeof(taken)) != sizeof(taken))
        _exit(1);
    loop_run(loop);
    _exit(0);
}

static int
start(void **state)
{
    int report[2];
    struct rlimit files;
    (void)state;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (pipe(report))
        return -1;
    child = fork();
    if (child == 0) {
        close(report[0]);
        alarm(LONGEST_S);       /* should the test die */
        run_relay(report[1]);
    }
    close(report[1]);
    bool is_ready = read(report[0], &port, sizeof(port)) == sizeof(port);
    close(report[0]);
    return is_ready ? 0 : -1;
}

static int
stop(void **state)
{
    (void)state;
    kill(child, SIGKILL);
    return waitpid(child, NULL, 0) == child ? 0 : -1;
}

/* From one of this machine's own addresses. */
static int
connect_from(const char *address)
{
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
    struct timeval deadline = {.tv_sec = 30};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(inet_pton(AF_INET, address, &from.sin_addr), 1);
    assert_int_equal(bind(fd, (const struct sockaddr *)&from, sizeof(from)), 0);
    to.sin_port = htons((uint16_t)port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof(deadline));
    return fd;
}

static int
upgrade(int fd, struct client_reply *r)
{
    client_send(fd, STR("GET /events/block_info HTTP/1.1\r\nHost: relay\r\nConnection: Upgrade\r\n"
                         "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                         "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
    (void)client_receive(fd, r);
    return r->status;
}

/* The status of the upgrade; the connection is kept in *fd. */
static int
subscribe(const char *address, int *fd, struct client_reply *r)
{
    *fd = connect_from(address);
    return upgrade(*fd, r);
}

static int
status_of(const char *address, int *fd)
{
    struct client_reply r = {0};
    int status = subscribe(address, fd, &r);
    client_reply_release(&r);
    return status;
}

static void
relay__gives_an_address_its_share__and_no_more(void **state)
{
    static int fds[SHARE], more[MORE], team[TEAM * OF_A_CONSOLE];
    struct client_reply r = {0};
    struct rlimit files;
    size_t told = 0, closed = 0;
    int fd;
    (void)state;
    getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < SERVER_MAX_CONNECTIONS + 100)
        skip();
    for (size_t i = 0; i < SHARE; i++)
        assert_int_equal(status_of("127.0.0.1", &fds[i]), 101);
    assert_int_equal(subscribe("127.0.0.1", &fd, &r), 429);
    assert_string_equal(buf_c(&r.body), "this address has 250 connections here, which is all that one "
                                        "may have: the others are for others\n");
    client_reply_release(&r);
    close(fd);
    /* What asks for no feed is told the same; what says nothing is told nothing. */
    assert_true(client_http(port, "GET", "/health", NULL, (struct str){0}, &r));
    assert_int_equal(r.status, 429);
    client_reply_release(&r);
    for (size_t i = 0; i < MORE; i++)
        more[i] = connect_from("127.0.0.1");
    closed += client_is_closed(more[MORE - 1]);
    told += status_of("127.0.0.1", &fd) == 0;
    assert_int_equal(closed + told, 2);
    close(fd);
    /* A team of twenty behind one address, while that goes on. */
    for (size_t i = 0; i < TEAM * OF_A_CONSOLE; i++)
        assert_int_equal(status_of("127.0.0.2", &team[i]), 101);
    for (size_t i = 0; i < TEAM * OF_A_CONSOLE; i++)
        close(team[i]);
    /* Who leaves makes room for the next of the same address. */
    for (size_t i = 0; i < MORE; i++)
        close(more[i]);
    close(fds[0]);
    while (status_of("127.0.0.1", &fds[0]) != 101)
        close(fds[0]);
    for (size_t i = 0; i < SHARE; i++)
        close(fds[i]);
}

/* Who is one too many takes nothing from those who were there before. */
static void
relay__lets_a_share_in__when_more_come_at_once(void **state)
{
    static int fds[SHARE + OVER];
    struct rlimit files;
    (void)state;
    getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < SERVER_MAX_CONNECTIONS + 100)
        skip();
    for (size_t i = 0; i < SHARE + OVER; i++)
        fds[i] = connect_from("127.0.0.3");
    /* The last first: then all of them are known to be there. */
    for (size_t i = SHARE + OVER; i-- > 0;) {
        struct client_reply r = {0};
        assert_int_equal(upgrade(fds[i], &r), i < SHARE ? 101 : 429);
        client_reply_release(&r);
        if (i == SHARE + 1)
            i--;        /* one too many stays */
    }
    for (size_t i = 0; i < SHARE + OVER; i++)
        close(fds[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relay__gives_an_address_its_share__and_no_more),
        cmocka_unit_test(relay__lets_a_share_in__when_more_come_at_once),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
