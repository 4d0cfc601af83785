/* Every drill alone and with every other, while a client asks what clients ask and a subscriber
 * listens. Answers may be anything; the server must live, give everything back, and be well
 * again afterwards. Worth most under the sanitizers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "tests/support/drill_case.h"

enum { PATIENCE_US = 6000 };

static const char *const drills[] = {
#define TIMES "50%"
#define VALUE "3"
#define SHARD "2:3"
#define X(name, takes, unit, help) #name "=" takes,
#include "contract/serve/fault.def"
#undef X
#undef TIMES
#undef VALUE
#undef SHARD
};

/* Whatever comes back, or nothing. */
static void
ask(const char *method, const char *params)
{
    struct buf body;
    struct client_reply r;
    buf_init(&body, DRILL_MESSAGE_MAX);
    buf_addf(&body, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}", method, params);
    client_http(drill_child.port, "POST", "/", "application/json", buf_str(&body), &r);
    client_reply_release(&r);
    buf_release(&body);
}

static int
listen_to(const char *kind)
{
    char path[64];
    struct timeval patience = {.tv_usec = PATIENCE_US};
    snprintf(path, sizeof(path), "/events/%s", kind);
    int fd = client_ws_open(drill_child.port, path);
    if (fd < 0)
        return fd;
    client_ws_send(fd, 1, true, STR("{\"And\":[]}"));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    return fd;
}

/* Until it is silent for a moment, or ends. */
static void
hear_out(int fd)
{
    struct buf payload;
    buf_init(&payload, DRILL_MESSAGE_MAX);
    for (int i = 0; fd >= 0 && i < 2 && client_ws_next(fd, &payload, true) == 1; i++)
        ;
    buf_release(&payload);
    if (fd >= 0)
        close(fd);
}

static void
be_a_client(const char *faults)
{
    struct action call = {.kind = ACTION_FUNCTION_CALL,
                          .method = STR("get_position"),
                          .args = STR("{\"account_id\":\"alice.test.near\"}"),
                          .gas = 10 * TERA_GAS};
    struct buf signed_tx, params;
    struct hash tx;
    char text[HASH_TEXT], status[256];
    buf_init(&signed_tx, 100000);
    buf_init(&params, 100000);
    client_sign(drill_child.port, "alice.test.near", "staking.test.near", &call, 1, 0, &signed_tx,
                &tx);
    drill_set(faults);
    int outcomes = listen_to("outcome_optimistic"), blocks = listen_to("block_info");
    buf_addf(&params, "[\"%s\"]", buf_c(&signed_tx));
    ask("broadcast_tx_async", buf_c(&params));
    ask("block", "{\"finality\":\"optimistic\"}");
    ask("status", "[]");
    ask("query", "{\"request_type\":\"view_access_key_list\",\"finality\":\"final\","
                 "\"account_id\":\"staking.test.near\"}");
    status_params(&tx, "NONE", status);
    ask("EXPERIMENTAL_tx_status", status);
    snprintf(status, sizeof(status), "[\"%s\"]", hash_text(&tx, text));
    ask("EXPERIMENTAL_receipt", status);
    ask("chunk", "{\"block_id\":1,\"shard_id\":2}");
    hear_out(outcomes);
    hear_out(blocks);
    buf_release(&signed_tx);
    buf_release(&params);
}

static void
assert_well(void)
{
    struct hash tx;
    drill_set("none");
    /* What was sent last has the nonce that comes next, unless it was lost. */
    wait_for_height(height_of("optimistic") + 10);
    pay_one("staking.test.near", &tx);
    assert_comes_through(&tx);
}

static void
drills__do_no_harm__alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(drills); i++) {
        be_a_client(drills[i]);
        drill_set("none");
    }
    assert_well();
}

static void
drills__do_no_harm__in_pairs(void **state)
{
    char both[128];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(drills); i++) {
        for (size_t j = i + 1; j < ARRAY_LEN(drills); j++) {
            snprintf(both, sizeof(both), "%s,%s", drills[i], drills[j]);
            be_a_client(both);
            drill_set("none");
        }
    }
    assert_well();
}

static void
drills__do_no_harm__all_at_once(void **state)
{
    struct buf all;
    (void)state;
    buf_init(&all, 4096);
    for (size_t i = 0; i < ARRAY_LEN(drills); i++)
        buf_addf(&all, "%s%s", i ? "," : "", drills[i]);
    for (int i = 0; i < 10; i++) {
        be_a_client(buf_c(&all));
        drill_set("none");
    }
    buf_release(&all);
    assert_well();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drills__do_no_harm__alone),
        cmocka_unit_test(drills__do_no_harm__in_pairs),
        cmocka_unit_test(drills__do_no_harm__all_at_once),
    };
    return cmocka_run_group_tests(tests, drill_start_quick, drill_stop);
}
