/* Who is at the other end: a server whose certificate does not hold gets nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/base/file.h"
#include "net/base/xalloc.h"
#include "net/http.h"
#include "net/rpc.h"
#include "net/ws.h"
#include "tests/support/net_wait.h"

struct scene {
    struct loop *loop;
    struct http *http;
    struct loop_child *server;
    struct ws *ws;
    char folder[64];
    int port, answered, ended, opened, said;
    enum err error;
    bool was_heard, is_untrusted;
    char sentence[DIAG_MAX], server_said[4096];
};

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    s->loop = loop_new();
    s->http = http_new(s->loop);
    unsetenv("SSL_CERT_FILE");
    snprintf(s->folder, sizeof(s->folder), "/tmp/neartop-tls-XXXXXX");
    *state = s;
    return mkdtemp(s->folder) ? 0 : -1;
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    char path[128];
    ws_close(s->ws);
    http_free(s->http);
    loop_child_close(s->server);
    loop_free(s->loop);
    static const char *const names[] = {"key.pem", "cert.pem", "page", ""};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", s->folder, names[i]);
        if (unlink(path))
            rmdir(path);
    }
    unsetenv("SSL_CERT_FILE");
    xfree(s);
    return 0;
}

static void
on_over(void *context, int status, int signal_number)
{
    int *code = context;
    *code = signal_number ? 1000 : status + 1;
}

static void
run(struct scene *s, const char *const *argv)
{
    int code = 0;
    struct loop_child *child;
    const struct loop_child_args args = {.argv = argv, .line_max = 1000, .exited = on_over,
                                         .context = &code};
    assert_int_equal(loop_spawn(s->loop, &args, &child, NULL), OK);
    net_wait_count(s->loop, &code, 1);
    loop_child_close(child);
    assert_int_equal(code, 1);
}

static void
on_line(void *context, struct str line)
{
    struct scene *s = context;
    uint64_t port;
    size_t used = strlen(s->server_said);
    snprintf(s->server_said + used, sizeof(s->server_said) - used, "%.*s\n", STR_ARG(line));
    s->said++;
    ptrdiff_t colon = str_find_byte(line, ':');
    while (colon >= 0 && str_find_byte(str_slice(line, (size_t)colon + 1, line.n), ':') >= 0)
        colon += 1 + str_find_byte(str_slice(line, (size_t)colon + 1, line.n), ':');
    if (str_starts(line, STR("ACCEPT ")) && colon >= 0 &&
        str_to_u64(str_trim(str_slice(line, (size_t)colon + 1, line.n)), &port))
        s->port = (int)port;
}

/* A server with a certificate for that name that only it itself has signed. */
static void
serve(struct scene *s, const char *name)
{
    char key[100], cert[100], extension[100];
    snprintf(key, sizeof(key), "%s/key.pem", s->folder);
    snprintf(cert, sizeof(cert), "%s/cert.pem", s->folder);
    snprintf(extension, sizeof(extension), "subjectAltName=%s", name);
    run(s, (const char *const[]){"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                                 "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=test",
                                 "-addext", extension, NULL});
    const char *const argv[] = {"openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", cert,
                                "-key", key, "-www", NULL};
    const struct loop_child_args args = {.argv = argv, .line_max = 1000, .hold_input = true,
                                         .output = on_line, .context = s};
    assert_int_equal(loop_spawn(s->loop, &args, &s->server, NULL), OK);
    net_wait_count(s->loop, &s->port, 1);
}

static void
on_answer(void *context, const struct http_answer *answer)
{
    struct scene *s = context;
    s->answered++;
    s->error = answer->error;
    s->was_heard = answer->was_heard;
    s->is_untrusted = answer->is_untrusted;
    snprintf(s->sentence, sizeof(s->sentence), "%s", diag_text(&answer->diag));
}

static void
get(struct scene *s, const char *host)
{
    char url[100];
    snprintf(url, sizeof(url), "https://%s:%d/", host, s->port);
    static const char *const headers[] = {"Authorization: Bearer nobody-may-see-this", NULL};
    assert_non_null(http_start(s->http, &(struct http_args){
        .url = url, .headers = headers, .answer_max = 65536, .timeout_ms = 10000,
        .done = on_answer, .context = s}));
    net_wait_count(s->loop, &s->answered, s->answered + 1);
}

static void
http_start__sends_nothing__to_a_self_signed_server(void **state)
{
    struct scene *s = *state;
    serve(s, "IP:127.0.0.1");
    get(s, "127.0.0.1");
    assert_int_equal(s->error, ERR_NET);
    assert_true(s->is_untrusted);
    assert_false(s->was_heard);
    assert_non_null(strstr(s->sentence, "cannot be trusted, nothing was sent: its certificate is "
                                        "refused: it is self-signed"));
    assert_null(strstr(s->server_said, "nobody-may-see-this"));
}

static void
trust(struct scene *s)
{
    char path[100];
    snprintf(path, sizeof(path), "%s/cert.pem", s->folder);
    setenv("SSL_CERT_FILE", path, 1);
}

static void
http_start__says_what_is_missing__when_there_are_no_authorities(void **state)
{
    struct scene *s = *state;
    setenv("SSL_CERT_FILE", "/nonexistent/authorities.pem", 1);
    serve(s, "IP:127.0.0.1");
    get(s, "127.0.0.1");
    assert_int_equal(s->error, ERR_NET);
    assert_true(s->is_untrusted);
    assert_false(s->was_heard);
    assert_non_null(strstr(s->sentence, "no list of authorities: install ca-certificates"));
}

static void
http_start__works__when_the_certificate_is_trusted(void **state)
{
    struct scene *s = *state;
    serve(s, "IP:127.0.0.1");
    trust(s);
    get(s, "127.0.0.1");
    assert_int_equal(s->error, OK);
}

static void
http_start__refuses__another_ones_certificate(void **state)
{
    struct scene *s = *state;
    serve(s, "DNS:somebody.example.org");
    trust(s);
    get(s, "127.0.0.1");
    assert_true(s->is_untrusted);
    assert_non_null(strstr(s->sentence, "cannot be trusted, nothing was sent"));
}

static void
on_message(void *context, struct str text)
{
    (void)context;
    (void)text;
}

static void
on_opened(void *context)
{
    ((struct scene *)context)->opened++;
}

static void
on_ended(void *context, const struct ws_end *end)
{
    struct scene *s = context;
    s->ended++;
    s->error = end->error;
    snprintf(s->sentence, sizeof(s->sentence), "%s", diag_text(&end->diag));
}

static void
open_feed(struct scene *s)
{
    char url[100];
    snprintf(url, sizeof(url), "wss://127.0.0.1:%d/events/block_info", s->port);
    const struct ws_args args = {
        .url = url, .message_max = 1000, .open_timeout_ms = 10000, .opened = on_opened,
        .message = on_message, .ended = on_ended, .context = s};
    assert_int_equal(ws_open(s->loop, &args, &s->ws, NULL), OK);
    net_wait_count(s->loop, &s->ended, 1);
}

static void
ws_open__is_refused__by_a_self_signed_server(void **state)
{
    struct scene *s = *state;
    serve(s, "IP:127.0.0.1");
    open_feed(s);
    assert_int_equal(s->opened, 0);
    assert_int_equal(s->error, ERR_NET);
    assert_non_null(strstr(s->sentence, "cannot be trusted, nothing was sent"));
    assert_non_null(strstr(s->sentence, "self"));
}

/* The server is none of websockets: that it says so shows that TLS was fine. */
static void
ws_open__gets_through_tls__when_the_certificate_is_trusted(void **state)
{
    struct scene *s = *state;
    serve(s, "IP:127.0.0.1");
    trust(s);
    open_feed(s);
    assert_null(strstr(s->sentence, "trusted"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(http_start__sends_nothing__to_a_self_signed_server),
        TEST(http_start__says_what_is_missing__when_there_are_no_authorities),
        TEST(http_start__works__when_the_certificate_is_trusted),
        TEST(http_start__refuses__another_ones_certificate),
        TEST(ws_open__is_refused__by_a_self_signed_server),
        TEST(ws_open__gets_through_tls__when_the_certificate_is_trusted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
