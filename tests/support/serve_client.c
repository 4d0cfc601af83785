#include "tests/support/serve_client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "contract/wasm/module.h"
#include "net/base/clock.h"
#include "net/base/file.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"

enum { DEADLINE_S = 60, REPLY_MAX = 64 * 1024 * 1024 };

/* --- the child ---------------------------------------------------------------------------- */

static void
run_child(const struct serve_config *config, int input, int output)
{
    static const int caught[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
    struct diag d = {0};
    /* The test library's handlers would go on with the tests, in here. */
    for (size_t i = 0; i < ARRAY_LEN(caught); i++)
        signal(caught[i], SIG_DFL);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    enum err e = serve_localnet(config, &d);
    if (e)
        fprintf(stderr, "%s\n", diag_text(&d));
    module_forget_all();
    /* exit() and not _exit(): the leak check runs there. */
    exit(e ? 70 : 0);
}

static int
read_port(int fd)
{
    char line[256];
    size_t n = 0;
    while (n + 1 < sizeof(line) && read(fd, line + n, 1) == 1 && line[n] != '\n')
        n++;
    line[n] = '\0';
    struct json *root = NULL;
    struct str event, url;
    uint64_t port = 0;
    if (json_parse(str_from(line), 1000, &root, NULL) ||
        json_get_string(root, "event", &event, NULL) || !str_equal(event, STR("ready")) ||
        json_get_string(root, "rpc", &url, NULL) ||
        !str_starts(url, STR("http://127.0.0.1:")) ||
        !str_to_u64(str_slice(url, 17, url.n), &port))
        fatal("the first line is no ready line: \"%s\"", line);
    json_free(root);
    return (int)port;
}

void
serve_child_start(struct serve_child *c, const struct serve_config *config)
{
    /* A test that dies takes its server along. */
    struct serve_config own = *config;
    int in[2], out[2];
    own.with_parent = true;
    if (pipe(in) || pipe(out))
        fatal("no pipes");
    fflush(NULL);
    c->pid = fork();
    if (c->pid == 0) {
        close(in[1]);
        close(out[0]);
        run_child(&own, in[0], out[1]);
    }
    close(in[0]);
    close(out[1]);
    c->input = in[1];
    c->output = out[0];
    c->port = read_port(c->output);
}

int
serve_child_end(struct serve_child *c)
{
    int status = 0;
    if (waitpid(c->pid, &status, 0) != c->pid)
        fatal("the child cannot be waited for");
    close(c->output);
    if (c->input >= 0)
        close(c->input);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int
serve_child_stop(struct serve_child *c, int signal_number)
{
    kill(c->pid, signal_number);
    return serve_child_end(c);
}

int
serve_child_tear_down(void **state)
{
    return serve_child_stop(*state, SIGTERM);
}

/* --- sockets ------------------------------------------------------------------------------ */

int
client_connect(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval deadline = {.tv_sec = DEADLINE_S};
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&a, sizeof(a)))
        fatal("port %d cannot be connected to", port);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof(deadline));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof(deadline));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return fd;
}

/* What the peer does not want to read any more is no failure: its answer says why. */
void
client_send(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        bytes = str_slice(bytes, (size_t)n, bytes.n);
    }
}

static bool
read_exactly(int fd, void *p, size_t n)
{
    for (size_t got = 0; got < n;) {
        ssize_t more = recv(fd, (char *)p + got, n - got, 0);
        if (more <= 0)
            return false;
        got += (size_t)more;
    }
    return true;
}

bool
client_is_closed(int fd)
{
    char byte;
    return recv(fd, &byte, 1, 0) <= 0;
}

/* --- HTTP --------------------------------------------------------------------------------- */

void
client_reply_release(struct client_reply *r)
{
    buf_release(&r->head);
    buf_release(&r->body);
}

static bool
receive_head(int fd, struct client_reply *r)
{
    char byte;
    while (!str_ends(buf_str(&r->head), STR("\r\n\r\n"))) {
        if (!read_exactly(fd, &byte, 1) || !buf_add_byte(&r->head, byte))
            return false;
    }
    return true;
}

bool
client_receive(int fd, struct client_reply *r)
{
    uint64_t status = 0, length = 0;
    r->status = 0;
    buf_init(&r->head, 65536);
    buf_init(&r->body, REPLY_MAX);
    if (!receive_head(fd, r) || !str_starts(buf_str(&r->head), STR("HTTP/1.1 ")) ||
        !str_to_u64(str_slice(buf_str(&r->head), 9, 12), &status))
        return false;
    if (status == 100) {
        buf_clear(&r->head);
        if (!receive_head(fd, r) || !str_to_u64(str_slice(buf_str(&r->head), 9, 12), &status))
            return false;
    }
    r->status = (int)status;
    ptrdiff_t at = str_find(buf_str(&r->head), STR("content-length:"));
    if (at >= 0) {
        struct str rest = str_slice(buf_str(&r->head), (size_t)at + 15, r->head.n), line;
        if (!str_take_until(&rest, '\r', &line) || !str_to_u64(str_trim(line), &length))
            return false;
    }
    char *room = buf_reserve(&r->body, (size_t)length);
    if (!room || !read_exactly(fd, room, (size_t)length))
        return false;
    buf_grew(&r->body, (size_t)length);
    return true;
}

/* Connects and sends a request; body.p NULL: it has none. */
static int
begin(int port, const char *method, const char *path, const char *content_type, struct str body)
{
    struct buf head;
    int fd = client_connect(port);
    buf_init(&head, 4096);
    buf_addf(&head, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, path);
    if (content_type)
        buf_addf(&head, "Content-Type: %s\r\n", content_type);
    if (body.p)
        buf_addf(&head, "Content-Length: %zu\r\n", body.n);
    buf_add_c(&head, "\r\n");
    client_send(fd, buf_str(&head));
    client_send(fd, body);
    buf_release(&head);
    return fd;
}

bool
client_http(int port, const char *method, const char *path, const char *content_type,
            struct str body, struct client_reply *r)
{
    int fd = begin(port, method, path, content_type, body);
    bool is_whole = client_receive(fd, r);
    close(fd);
    return is_whole;
}

int
client_post(int port, struct str body)
{
    return begin(port, "POST", "/", "application/json", body);
}

struct str
client_text_at(const struct json *v, const char *key)
{
    struct str s = {0};
    return json_get_string(v, key, &s, NULL) == OK ? s : (struct str){0};
}

struct json *
client_call(int port, const char *method, const char *params, int *http_status)
{
    struct client_reply r;
    struct json *root = NULL;
    struct diag d = {0};
    struct buf body;
    buf_init(&body, REPLY_MAX);
    buf_addf(&body, "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"%s\",\"params\":", method);
    buf_add_c(&body, params);
    buf_add_byte(&body, '}');
    if (!client_http(port, "POST", "/", "application/json", buf_str(&body), &r))
        fatal("%s: no whole answer", method);
    if (json_parse(buf_str(&r.body), REPLY_MAX, &root, &d))
        fatal("%s: %s: %s", method, diag_text(&d), buf_c(&r.body));
    if (http_status)
        *http_status = r.status;
    buf_release(&body);
    client_reply_release(&r);
    return root;
}

const struct json *
client_result(int port, const char *method, const char *params, struct json **root)
{
    *root = client_call(port, method, params, NULL);
    const struct json *result = json_find(*root, "result");
    if (!result) {
        struct buf text;
        buf_init(&text, 4096);
        json_print(*root, &text);
        fatal("%s %s: %s", method, params, buf_c(&text));
    }
    return result;
}

/* --- websocket ---------------------------------------------------------------------------- */

int
client_ws_open(int port, const char *path)
{
    struct client_reply r;
    struct buf head;
    int fd = client_connect(port);
    buf_init(&head, 4096);
    buf_addf(&head,
             "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
             path);
    client_send(fd, buf_str(&head));
    buf_release(&head);
    client_receive(fd, &r);
    client_reply_release(&r);
    if (r.status == 101)
        return fd;
    close(fd);
    return -r.status;
}

void
client_ws_send(int fd, int opcode, bool is_final, struct str payload)
{
    static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    struct buf frame;
    buf_init(&frame, payload.n + 16);
    buf_add_byte(&frame, (char)((is_final ? 0x80 : 0) | opcode));
    if (payload.n < 126) {
        buf_add_byte(&frame, (char)(0x80 | payload.n));
    } else {
        buf_add_byte(&frame, (char)(0x80 | 127));
        for (int i = 7; i >= 0; i--)
            buf_add_byte(&frame, (char)((uint64_t)payload.n >> (8 * i)));
    }
    buf_add(&frame, mask, 4);
    for (size_t i = 0; i < payload.n; i++)
        buf_add_byte(&frame, (char)(payload.p[i] ^ mask[i % 4]));
    client_send(fd, buf_str(&frame));
    buf_release(&frame);
}

/* Appends the payload. */
static int
next_frame(int fd, struct buf *payload, bool *is_final)
{
    unsigned char head[2], more[8];
    uint64_t n;
    if (!read_exactly(fd, head, 2))
        return -1;
    n = head[1] & 127;
    size_t extra = n == 126 ? 2 : n == 127 ? 8 : 0;
    if (extra && !read_exactly(fd, more, extra))
        return -1;
    for (size_t i = 0; i < extra; i++)
        n = (i ? n << 8 : 0) | more[i];
    char *room = buf_reserve(payload, (size_t)n);
    if (!room || !read_exactly(fd, room, (size_t)n))
        return -1;
    buf_grew(payload, (size_t)n);
    *is_final = head[0] & 0x80;
    return head[0] & 15;
}

int
client_ws_next(int fd, struct buf *payload, bool answers_pings)
{
    int64_t end_ns = clock_monotonic_ns() + (int64_t)DEADLINE_S * NS_PER_S;
    bool is_final = false;
    int first = 0;
    buf_clear(payload);
    while (clock_monotonic_ns() < end_ns) {
        size_t before = payload->n;
        int opcode = next_frame(fd, payload, &is_final);
        bool is_ping_between = opcode == 9 && (answers_pings || first);
        if (is_ping_between && answers_pings)
            client_ws_send(fd, 10, true, str_slice(buf_str(payload), before, payload->n));
        if (is_ping_between) {
            payload->n = before;
            continue;
        }
        if (opcode < 0 || opcode > 2)
            return opcode;
        first = first ? first : opcode;
        if (is_final)
            return first;
    }
    return -1;
}

void
client_ws_text(int fd, struct buf *payload)
{
    int opcode = client_ws_next(fd, payload, true);
    if (opcode != 1)
        fatal("a text message was expected, opcode %d came: %.*s", opcode,
              STR_ARG(opcode == 8 && payload->n > 2 ? str_slice(buf_str(payload), 2, payload->n)
                                                    : STR("")));
}

/* --- transactions ------------------------------------------------------------------------- */

static struct hash
final_block(int port)
{
    struct json *root;
    const struct json *block = client_result(port, "block", "{\"finality\":\"final\"}", &root);
    struct hash h = {0};
    struct str text;
    if (json_get_string(json_find(block, "header"), "hash", &text, NULL) ||
        hash_parse(text, &h, NULL))
        fatal("no final block");
    json_free(root);
    return h;
}

static uint64_t
key_nonce(int port, const char *account, const struct public_key *key)
{
    char params[512], text[KEY_TEXT];
    struct json *root;
    uint64_t nonce;
    snprintf(params, sizeof(params),
             "{\"request_type\":\"view_access_key\",\"finality\":\"optimistic\",\"account_id\":\"%s\","
             "\"public_key\":\"%s\"}",
             account, public_key_text(key, text));
    if (json_get_u64(client_result(port, "query", params, &root), "nonce", &nonce, NULL))
        nonce = 0;      /* no such account: the test wants to see the refusal */
    json_free(root);
    return nonce;
}

void
client_sign(int port, const char *signer, const char *receiver, struct action *actions,
            size_t count, uint64_t nonce, struct buf *base64, struct hash *hash)
{
    struct secret_key key;
    struct buf bytes;
    struct hash own;
    secret_key_from_name(str_from(signer), &key);
    struct transaction tx = {.signer = account_of(signer),
                             .receiver = account_of(receiver),
                             .key = secret_key_public(&key),
                             .nonce = nonce,
                             .block_hash = final_block(port),
                             .actions = actions,
                             .action_count = count};
    if (!nonce)
        tx.nonce = key_nonce(port, signer, &tx.key) + 1;
    buf_init(&bytes, 8 * 1024 * 1024);
    tx_sign(&tx, &key, &bytes, hash ? hash : &own);
    base64_encode(buf_str(&bytes), base64);
    secret_key_wipe(&key);
    buf_release(&bytes);
}

struct json *
client_transact(int port, const char *signer, const char *receiver, struct action *actions,
                size_t count, const char *level, struct hash *hash)
{
    struct buf params;
    buf_init(&params, 16 * 1024 * 1024);
    buf_add_c(&params, "{\"signed_tx_base64\":\"");
    client_sign(port, signer, receiver, actions, count, 0, &params, hash);
    buf_addf(&params, "\",\"wait_until\":\"%s\"}", level);
    struct json *root = client_call(port, "send_tx", buf_c(&params), NULL);
    buf_release(&params);
    return root;
}

static void
must_succeed(struct json *take_root, const char *what)
{
    const struct json *status = json_find(json_find(take_root, "result"), "status");
    if (!json_find(status, "SuccessValue")) {
        struct buf text;
        buf_init(&text, REPLY_MAX);
        json_print(take_root, &text);
        fatal("%s: %s", what, buf_c(&text));
    }
    json_free(take_root);
}

void
client_make_account(int port, const char *name, const char *wasm)
{
    struct secret_key key;
    struct buf code;
    char path[256];
    struct diag d = {0};
    struct action actions[4] = {{.kind = ACTION_CREATE_ACCOUNT},
                                {.kind = ACTION_TRANSFER},
                                {.kind = ACTION_ADD_KEY},
                                {.kind = ACTION_DEPLOY_CONTRACT}};
    buf_init(&code, MODULE_MAX_BYTES);
    if (amount_parse_units(STR("1000 NEAR"), &actions[1].deposit, &d))
        fatal("%s", diag_text(&d));
    secret_key_from_name(str_from(name), &key);
    actions[2].key = secret_key_public(&key);
    actions[2].access.is_full_access = true;
    secret_key_wipe(&key);
    if (wasm) {
        snprintf(path, sizeof(path), "tests/data/wasm/%s.wasm", wasm);
        if (file_read(path, &code, &d))
            fatal("%s", diag_text(&d));
        actions[3].code = buf_str(&code);
    }
    must_succeed(client_transact(port, "test.near", name, actions, wasm ? 4 : 3, "EXECUTED", NULL),
                 name);
    buf_release(&code);
}

void
client_do(int port, const char *signer, const char *contract, const char *method,
          const char *args)
{
    struct action call = {.kind = ACTION_FUNCTION_CALL,
                          .method = str_from(method),
                          .args = str_from(args),
                          .gas = 100 * TERA_GAS};
    must_succeed(client_transact(port, signer, contract, &call, 1, "EXECUTED", NULL), method);
}

void
client_make_portfolio(int port, const char *const modes[3])
{
    static const char *const leaves[] = {"token.test.near", "lending.test.near",
                                         "staking.test.near"};
    char args[64];
    client_make_account(port, "portfolio.test.near", "portfolio");
    for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
        snprintf(args, sizeof(args), "{\"mode\":\"%s\"}", modes ? modes[i] : "none");
        client_make_account(port, leaves[i], "leaf");
        client_do(port, leaves[i], leaves[i], "set_mode", args);
    }
}
