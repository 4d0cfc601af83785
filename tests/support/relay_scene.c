#include "tests/support/relay_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "net/near/base58.h"
#include "tests/support/demo_args.h"
#include "tests/support/net_wait.h"

struct serve_child relay_chain;

/* --- consoles ----------------------------------------------------------------------------- */



static void
on_opened(void *context)
{
    struct console *c = context;
    if (c->filter[0])
        ws_send(c->ws, str_from(c->filter));
    c->opened++;
}

static void
note(struct console *c, const struct json *event)
{
    struct str text;
    struct hash id;
    const struct json *outcome = json_find(event, "outcome");
    if (!outcome)
        return;
    assert_int_equal(json_get_string(outcome, "id", &text, NULL), OK);
    assert_int_equal(hash_parse(text, &id, NULL), OK);
    int i = 0;
    while (i < c->outcomes && !hash_equal(&c->told[i].id, &id))
        i++;
    assert_true(i < OUTCOMES_MAX);
    c->outcomes += i == c->outcomes;
    c->told[i].id = id;
    c->told[i].children = json_count(json_find(json_find(outcome, "outcome"), "receipt_ids"));
    c->told[i].new_receipts = json_count(json_find(event, "new_receipts"));
}

static void
on_message(void *context, struct str text)
{
    struct console *c = context;
    struct json *root = NULL;
    c->messages++;
    snprintf(c->last, sizeof(c->last), "%.*s", (int)(text.n < sizeof(c->last) ? text.n : 4000), text.p);
    /* Anything else is a complaint. */
    if (str_starts(text, STR("[")))
        assert_int_equal(json_parse(text, TEXT_MAX, &root, NULL), OK);
    for (const struct json *v = json_first(root); v; v = json_next(v))
        note(c, v);
    json_free(root);
}

static void
on_ended(void *context, const struct ws_end *end)
{
    struct console *c = context;
    c->ended++;
    c->http_status = end->http_status;
}

void
console_open(struct loop *loop, struct console *c, int port, const char *kind, const char *bearer)
{
    char url[100];
    snprintf(url, sizeof(url), "ws://127.0.0.1:%d/events/%s", port, kind);
    assert_int_equal(ws_open(loop, &(struct ws_args){
        .url = url, .bearer = bearer, .message_max = TEXT_MAX, .open_timeout_ms = 10000,
        .opened = on_opened, .message = on_message, .ended = on_ended, .context = c}, &c->ws, NULL),
        OK);
}

void
console_filter_by(struct console *c, const char *path, const char *value)
{
    snprintf(c->filter, sizeof(c->filter),
             "{\"Or\":[{\"path\":\"%s\",\"operator\":{\"Equals\":\"%s\"}}]}", path, value);
}

/* --- the scene ---------------------------------------------------------------------------- */


void
relay_scene_trouble(void *context, const char *sentence)
{
    struct relay_scene *s = context;
    snprintf(s->trouble, sizeof(s->trouble), "%s", sentence);
}

void
relay_scene_begin(struct relay_scene *s)
{
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", relay_chain.port);
    const struct endpoint_config endpoint = {.url = url};
    s->loop = loop_new();
    assert_int_equal(relay_start(s->loop, &(struct relay_config){
        .address = "127.0.0.1", .endpoints = &endpoint, .endpoint_count = 1,
        .block_time_ms = BLOCK_MS, .trouble = relay_scene_trouble, .context = s}, &s->relay, NULL), OK);
}

void
relay_scene_end(struct relay_scene *s)
{
    for (size_t i = 0; i < s->count; i++)
        ws_close(s->consoles[i].ws);
    relay_stop(s->relay);
    if (s->peer)
        net_peer_free(s->peer);
    loop_free(s->loop);
    relay_free(s->relay);
}

bool
relay_scene_have_opened(const void *context)
{
    const struct relay_scene *s = context;
    for (size_t i = 0; i < s->count; i++) {
        if (!s->consoles[i].opened)
            return false;
    }
    return true;
}

bool
relay_scene_have_heard(const void *context)
{
    const struct relay_scene *s = context;
    for (size_t i = 0; i < s->count; i++) {
        const struct console *c = &s->consoles[i];
        if (c->outcomes < s->wanted)
            return false;
        for (int j = 0; j < c->outcomes; j++) {
            if (c->told[j].new_receipts != c->told[j].children)
                return false;
        }
    }
    return true;
}

bool
relay_scene_has_heard(const void *context)
{
    return ((const struct relay_scene *)context)->consoles[0].messages > 0;
}

/* Signs the portfolio's call; send_signed sends it. */
void
relay_scene_sign(struct buf *base64, struct hash *hash)
{
    struct action call = {.kind = ACTION_FUNCTION_CALL, .method = STR("get_portfolio_data"),
                          .args = STR(DEMO_ARGS), .gas = UINT64_C(100000000000000)};
    buf_init(base64, 100000);
    client_sign(relay_chain.port, "alice.test.near", "portfolio.test.near", &call, 1, 0, base64, hash);
}

void
relay_scene_send(struct buf *take_base64)
{
    struct buf params;
    struct json *root = NULL;
    buf_init(&params, 200000);
    buf_addf(&params, "{\"signed_tx_base64\":\"%s\",\"wait_until\":\"NONE\"}", buf_c(take_base64));
    client_result(relay_chain.port, "send_tx", buf_c(&params), &root);
    json_free(root);
    buf_release(&params);
    buf_release(take_base64);
}

/* How many outcomes the call has in the relay_scene_end, and that each was told. */
void
relay_scene_assert_truth(const struct relay_scene *s, const struct hash *tx)
{
    char params[300], text[HASH_TEXT];
    struct json *root = NULL;
    snprintf(params, sizeof(params),
             "{\"tx_hash\":\"%s\",\"sender_account_id\":\"alice.test.near\",\"wait_until\":\"FINAL\"}",
             hash_text(tx, text));
    const struct json *result = client_result(relay_chain.port, "EXPERIMENTAL_tx_status", params, &root);
    const struct json *outcomes = json_find(result, "receipts_outcome");
    assert_int_equal(json_count(outcomes) + 1, s->wanted);
    for (size_t i = 0; i < s->count; i++) {
        for (const struct json *v = json_first(outcomes); v; v = json_next(v)) {
            struct str id;
            bool is_told = false;
            assert_int_equal(json_get_string(v, "id", &id, NULL), OK);
            for (int j = 0; j < s->consoles[i].outcomes; j++)
                is_told |= str_equal_c(id, hash_text(&s->consoles[i].told[j].id, text));
            assert_true(is_told);
        }
    }
    json_free(root);
}


uint64_t
relay_scene_head(void)
{
    struct json *root;
    uint64_t height = 0;
    const struct json *block =
        client_result(relay_chain.port, "block", "{\"finality\":\"optimistic\"}", &root);
    assert_int_equal(json_get_u64(json_find(block, "header"), "height", &height, NULL), OK);
    json_free(root);
    return height;
}

int
relay_chain_start(void **state)
{
    (void)state;
    serve_child_start(&relay_chain, &(struct serve_config){.block_time_ms = BLOCK_MS, .with_demo = true});
    return 0;
}

int
relay_chain_stop(void **state)
{
    (void)state;
    return serve_child_stop(&relay_chain, SIGTERM);
}
