/* serve_client: the embedded chain as a child process, and a plain client to talk to it.
 *
 * Blocking sockets, one request at a time: what goes over the wire is what the test wrote, byte
 * for byte. Nothing waits for a time; a deadline only ends what would never end, as a failure. */
#ifndef TESTS_SUPPORT_SERVE_CLIENT_H
#define TESTS_SUPPORT_SERVE_CLIENT_H

#include <stdbool.h>
#include <sys/types.h>
#include "contract/serve/serve.h"
#include "net/base/buf.h"
#include "net/json.h"
#include "net/near/crypto.h"
#include "net/near/tx.h"

struct serve_child {
    pid_t pid;
    int output;             /* its standard output */
    int input;              /* its standard input: closing it tells that the parent has gone */
    int port;
};

/* Starts it and waits for the ready line. */
void serve_child_start(struct serve_child *c, const struct serve_config *config);
/* Waits for the end; returns the exit status, or minus the signal. 0 in good order. */
int serve_child_end(struct serve_child *c);
/* The same after this signal. */
int serve_child_stop(struct serve_child *c, int signal_number);
/* cmocka's tear-down of a group whose state is a serve_child: it has to end in good order. */
int serve_child_tear_down(void **state);

/* --- HTTP --------------------------------------------------------------------------------- */

struct client_reply {
    int status;
    struct buf head, body;      /* release with client_reply_release */
};
void client_reply_release(struct client_reply *r);

int client_connect(int port);
void client_send(int fd, struct str bytes);
/* One whole answer; false when the peer closed before its end. */
bool client_receive(int fd, struct client_reply *r);
/* True when the peer closes without another byte. */
bool client_is_closed(int fd);
/* Connects and posts this JSON to "/"; the answer is for client_receive. */
int client_post(int port, struct str body);
/* A connection for one request. */
bool client_http(int port, const char *method, const char *path, const char *content_type,
                 struct str body, struct client_reply *r);

/* A call; `params` is JSON. The tree of the answer is the caller's. */
struct json *client_call(int port, const char *method, const char *params, int *http_status);
/* The same, which must have a result; it is borrowed from *root. */
const struct json *client_result(int port, const char *method, const char *params,
                                 struct json **root);

/* The text of this member, borrowed; empty where there is none. */
struct str client_text_at(const struct json *v, const char *key);

/* --- websocket ---------------------------------------------------------------------------- */

/* The descriptor, or minus the HTTP status of the refusal. */
int client_ws_open(int port, const char *path);
void client_ws_send(int fd, int opcode, bool is_final, struct str payload);
/* The next frame's opcode, a message's with all its frames; -1 when the connection has ended. Pings
 * are answered when asked. */
int client_ws_next(int fd, struct buf *payload, bool answers_pings);
/* The next text message, which must come. */
void client_ws_text(int fd, struct buf *payload);

/* --- transactions ------------------------------------------------------------------------- */

/* Signs with the well-known key of the signer, on the final block, and sends it; waits for the
 * level. The answer's tree is the caller's. */
struct json *client_transact(int port, const char *signer, const char *receiver,
                             struct action *actions, size_t count, const char *level,
                             struct hash *hash);
/* The signed bytes of such a transaction in base64. nonce 0: the key's next one. */
void client_sign(int port, const char *signer, const char *receiver, struct action *actions,
                 size_t count, uint64_t nonce, struct buf *base64, struct hash *hash);
/* An account with 1000 NEAR, and a recorded contract of tests/data/wasm unless NULL. */
void client_make_account(int port, const char *name, const char *wasm);
/* A call that must succeed. */
void client_do(int port, const char *signer, const char *contract, const char *method,
               const char *args);
/* portfolio.test.near and the three contracts it asks, with recorded contracts. modes: what
 * token, lending and staking do when they are asked ("none", "log", "panic"); NULL: all "none". */
void client_make_portfolio(int port, const char *const modes[3]);

#endif
