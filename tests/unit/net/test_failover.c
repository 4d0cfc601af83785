/* Several endpoints, each with a mind of its own: what one cannot answer, another does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/redact.h"
#include "net/base/xalloc.h"
#include "net/json.h"
#include "net/rpc.h"
#include "tests/support/net_peer.h"
#include "tests/support/net_wait.h"

enum deed {
    FINE, SILENT, LIMITED, BROKEN, GARBAGE, HANGS_UP, HALF, REDIRECTS, LOCKED, LOCKED_IN_JSON, NOT_FOUND,
    UNTRACKED, CHUNKLESS, GONE, SYNCING, UNKNOWN, ECHOES
};

enum { PEERS = 3 };

struct peer {
    struct scene *scene;
    struct net_peer *server;
    enum deed deed;
    int served;
};

struct scene {
    struct loop *loop;
    struct http *http;
    struct rpc *rpc;
    struct peer peers[PEERS];
    int answered, facts, silences;
    char order[8];                  /* of answers: the contexts' letters */
    struct net_link *unanswered;    /* that SILENT left so */
    int endpoint;
    enum rpc_fault fault;
    int64_t retry_after_ms;
    char sentence[DIAG_MAX], value[64];
    enum endpoint_state states[PEERS];
    char reasons[PEERS][DIAG_MAX];
    uint64_t sent, received;
};

static void
answer_error(struct net_link *link, const char *cause)
{
    char text[200];
    snprintf(text, sizeof(text), "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"name\":"
             "\"HANDLER_ERROR\",\"cause\":{\"name\":\"%s\"},\"data\":\"words\"}}", cause);
    net_link_answer(link, 200, NULL, str_from(text));
}

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct peer *p = context;
    char text[600];
    p->served++;
    switch (p->deed) {
    case FINE:
        snprintf(text, sizeof(text), "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":\"%d\"}",
                 (int)(p - p->scene->peers));
        net_link_answer(link, 200, NULL, str_from(text));
        break;
    case SILENT: p->scene->unanswered = link; break;
    case LIMITED: net_link_answer(link, 429, "Retry-After: 60\r\n", STR("slow down")); break;
    case BROKEN: net_link_answer(link, 502, NULL, STR("<html>")); break;
    case GARBAGE: net_link_answer(link, 200, NULL, STR("{\"jsonrpc\":")); break;
    case HANGS_UP: net_link_close(link); break;
    case HALF:
        net_link_raw(link, STR("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"json"));
        net_link_close(link);
        break;
    case REDIRECTS:
        net_link_answer(link, 301, "Location: https://new.example.org/rpc\r\n", STR(""));
        break;
    case LOCKED: net_link_answer(link, 401, NULL, STR("no")); break;
    case LOCKED_IN_JSON: net_link_answer(link, 401, NULL, STR("{\"error\":\"no\"}")); break;
    case NOT_FOUND: net_link_answer(link, 404, NULL, STR("no")); break;
    case UNTRACKED: answer_error(link, "UNAVAILABLE_SHARD"); break;
    case CHUNKLESS: answer_error(link, "UNKNOWN_CHUNK"); break;
    case GONE: answer_error(link, "GARBAGE_COLLECTED_BLOCK"); break;
    case SYNCING: answer_error(link, "NOT_SYNCED_YET"); break;
    case UNKNOWN: answer_error(link, "UNKNOWN_RECEIPT"); break;
    case ECHOES: {
        ptrdiff_t at = str_find(request->head, STR("Bearer "));
        assert_true(at >= 0);
        net_link_answer(link, 200, NULL, str_slice(request->head, (size_t)at, (size_t)at + 50));
        break;
    }
    }
}

static void
on_health(void *context, const struct endpoint_fact *fact)
{
    struct scene *s = context;
    s->facts++;
    s->states[fact->index] = fact->state;
    snprintf(s->reasons[fact->index], sizeof(s->reasons[0]), "%s", fact->reason);
    s->sent = fact->bytes_sent;
    s->received = fact->bytes_received;
}

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    s->loop = loop_new();
    s->http = http_new(s->loop);
    for (int i = 0; i < PEERS; i++) {
        s->peers[i].scene = s;
        s->peers[i].server = net_peer_new(
            s->loop, &(struct net_peer_script){.request = on_request, .context = &s->peers[i]});
    }
    *state = s;
    return 0;
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    rpc_free(s->rpc);
    http_free(s->http);
    for (int i = 0; i < PEERS; i++)
        net_peer_free(s->peers[i].server);
    loop_free(s->loop);
    redact_forget();
    xfree(s);
    return 0;
}

/* The last of them keeps the past. */
static void
begin(struct scene *s, enum deed first, enum deed second, enum deed third)
{
    static const char *const headers[] = {"Authorization: Bearer very-secret-key", NULL};
    char urls[PEERS][64];
    struct endpoint_config configs[PEERS];
    const enum deed deeds[PEERS] = {first, second, third};
    for (int i = 0; i < PEERS; i++) {
        s->peers[i].deed = deeds[i];
        snprintf(urls[i], sizeof(urls[i]), "http://127.0.0.1:%d",
                 net_peer_port(s->peers[i].server));
        configs[i] = (struct endpoint_config){
            .url = urls[i], .weight = (uint32_t)(300 - 100 * i), .is_archival = i == 2,
            .headers = headers};
    }
    s->rpc = rpc_new(s->loop, s->http, &(struct rpc_config){
        .endpoints = configs, .endpoint_count = PEERS, .retry_first_ms = 1,
        .timeout_ms = 5000, .health = on_health, .health_context = s});
}

static void
on_reply(void *context, const struct rpc_reply *reply)
{
    struct scene *s = context;
    struct str value = {0};
    s->answered++;
    s->fault = reply->fault;
    s->endpoint = reply->endpoint;
    s->retry_after_ms = reply->retry_after_ms;
    snprintf(s->sentence, sizeof(s->sentence), "%s", diag_text(&reply->diag));
    if (reply->fault == RPC_FINE)
        assert_int_equal(json_string(reply->result, &value, NULL), OK);
    snprintf(s->value, sizeof(s->value), "%.*s", STR_ARG(value));
}

static void
ask(struct scene *s, unsigned tries, uint32_t avoid)
{
    assert_non_null(rpc_ask(s->rpc, &(struct rpc_ask){
        .method = "block", .params = STR("[]"), .tries = tries, .avoid = avoid,
        .done = on_reply, .context = s}));
    net_wait_count(s->loop, &s->answered, s->answered + 1);
}

static void
rpc_ask__goes_to_the_next_endpoint__whatever_the_first_does_wrong(void **state)
{
    static const struct {
        enum deed deed;
        enum endpoint_state state;
        const char *part;
    } wrongs[] = {
        {LIMITED, ENDPOINT_WAITS, "was asked too often"},
        {BROKEN, ENDPOINT_RESTS, "is in trouble (HTTP status 502)"},
        {GARBAGE, ENDPOINT_RESTS, "answered with something else"},
        {HANGS_UP, ENDPOINT_RESTS, "hung up without an answer"},
        {HALF, ENDPOINT_RESTS, "broke off in the middle"},
        {REDIRECTS, ENDPOINT_OUT, "redirects to new.example.org (HTTP status 301)"},
        {LOCKED, ENDPOINT_OUT, "does not let us in"},
        {LOCKED_IN_JSON, ENDPOINT_OUT, "does not let us in (HTTP status 401): no"},
        {NOT_FOUND, ENDPOINT_OUT, "is no JSON-RPC server"},
        {SYNCING, ENDPOINT_RESTS, "words"},
        {UNTRACKED, ENDPOINT_WORKS, ""},
        {CHUNKLESS, ENDPOINT_WORKS, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrongs); i++) {
        set_up(state);
        struct scene *s = *state;
        begin(s, wrongs[i].deed, FINE, FINE);
        ask(s, 1, 0);
        assert_int_equal(s->fault, RPC_FINE);
        assert_string_equal(s->value, "1");
        assert_int_equal(s->endpoint, 1);
        assert_int_equal(s->states[0], wrongs[i].state);
        assert_non_null(strstr(s->reasons[0], wrongs[i].part));
        /* It rests: the next request does not even try it. */
        ask(s, 1, 0);
        assert_int_equal(s->peers[0].served, wrongs[i].state == ENDPOINT_WORKS ? 2 : 1);
        assert_true(s->sent > 0 && s->received > 0);
        tear_down(state);
    }
    *state = NULL;
}

static void
rpc_ask__asks_the_archive__when_the_past_is_gone(void **state)
{
    struct scene *s = *state;
    begin(s, GONE, FINE, FINE);
    ask(s, 1, 0);
    assert_string_equal(s->value, "2");
    assert_int_equal(s->peers[1].served, 0);
    assert_int_equal(s->states[0], ENDPOINT_WORKS);
}

static void
rpc_ask__tells_what_the_best_informed_said__when_all_refuse(void **state)
{
    struct scene *s = *state;
    begin(s, GONE, UNTRACKED, UNKNOWN);
    ask(s, 5, 0);
    assert_int_equal(s->fault, RPC_UNKNOWN_RECEIPT);
    assert_int_equal(s->endpoint, 2);
    assert_int_equal(rpc_request_count(s->rpc), 2);
}

static void
rpc_ask__avoids_who_has_said_no(void **state)
{
    struct scene *s = *state;
    begin(s, UNKNOWN, FINE, FINE);
    ask(s, 1, 0);
    assert_int_equal(s->fault, RPC_UNKNOWN_RECEIPT);
    ask(s, 1, UINT32_C(1) << s->endpoint);
    assert_string_equal(s->value, "1");
    ask(s, 1, 3);
    assert_string_equal(s->value, "2");
}

static void
rpc_ask__races_a_late_answer(void **state)
{
    struct scene *s = *state;
    begin(s, FINE, FINE, FINE);
    for (int i = 0; i < 10; i++)
        ask(s, 1, 0);
    uint64_t before = rpc_request_count(s->rpc);
    s->peers[0].deed = SILENT;
    ask(s, 1, 0);
    assert_string_equal(s->value, "1");
    /* One more, not more. */
    assert_int_equal(rpc_request_count(s->rpc), before + 2);
    assert_int_equal(s->peers[2].served, 0);
    /* Late again and again: then it is passed over, and one request is enough. */
    ask(s, 1, 0);
    ask(s, 1, 0);
    assert_int_equal(rpc_request_count(s->rpc), before + 6);
    assert_int_equal(s->states[0], ENDPOINT_RESTS);
    assert_non_null(strstr(s->reasons[0], "its answers are late"));
    ask(s, 1, 0);
    assert_int_equal(rpc_request_count(s->rpc), before + 7);
    assert_string_equal(s->value, "1");
}

/* What is heard by one alone is not given to one that was late just now, where another answered. */
static void
rpc_ask__is_heard_by_another__when_the_first_was_late(void **state)
{
    struct scene *s = *state;
    begin(s, FINE, FINE, FINE);
    for (int i = 0; i < 10; i++)
        ask(s, 1, 0);
    ask(s, RPC_ONCE, 0);
    assert_string_equal(s->value, "0");
    s->peers[0].deed = SILENT;
    ask(s, 1, 0);
    assert_string_equal(s->value, "1");
    assert_int_equal(s->states[0], ENDPOINT_WORKS);
    int served = s->peers[0].served;
    ask(s, RPC_ONCE, 0);
    assert_string_equal(s->value, "1");
    assert_int_equal(s->peers[0].served, served);
    /* In time again: it is the first again. */
    s->peers[0].deed = FINE;
    ask(s, 1, 0);
    assert_string_equal(s->value, "0");
    ask(s, RPC_ONCE, 0);
    assert_string_equal(s->value, "0");
}

/* Who was late once is better than those who want to be left alone for a minute. */
static void
rpc_ask__is_heard_by_who_was_late__when_nobody_else_is_ready(void **state)
{
    struct scene *s = *state;
    begin(s, FINE, FINE, LIMITED);
    for (int i = 0; i < 10; i++)
        ask(s, 1, 0);
    s->peers[0].deed = SILENT;
    ask(s, 1, 0);
    assert_string_equal(s->value, "1");
    s->peers[1].deed = LIMITED;
    int served = s->peers[0].served;
    struct rpc_request *others_first = rpc_ask(s->rpc, &(struct rpc_ask){
        .method = "block", .params = STR("[]"), .tries = 1, .avoid = 1, .done = on_reply, .context = s});
    net_wait_count(s->loop, &s->peers[0].served, served + 1);
    rpc_cancel(others_first);
    assert_int_equal(s->states[1], ENDPOINT_WAITS);
    assert_int_equal(s->states[2], ENDPOINT_WAITS);
    s->peers[0].deed = FINE;
    ask(s, RPC_ONCE, 0);
    assert_int_equal(s->fault, RPC_FINE);
    assert_string_equal(s->value, "0");
}

/* One of several requests that are under way. */
struct waiting {
    struct scene *scene;
    char letter;
};

static void
on_one_of_several(void *context, const struct rpc_reply *reply)
{
    struct waiting *w = context;
    assert_int_equal(reply->fault, RPC_AMBIGUOUS);
    w->scene->order[w->scene->answered++] = w->letter;
}

/* The letters of a request that is heard once, and of another by an rpc of this one alone, in the
 * order in which they are given up. */
static void
hang(struct scene *s, size_t endpoints)
{
    char urls[PEERS][64];
    struct endpoint_config configs[PEERS];
    struct waiting once = {s, 'o'}, alone = {s, 'a'};
    for (int i = 0; i < PEERS; i++) {
        s->peers[i].deed = i == 0 ? SILENT : FINE;
        snprintf(urls[i], sizeof(urls[i]), "http://127.0.0.1:%d", net_peer_port(s->peers[i].server));
        configs[i] = (struct endpoint_config){.url = urls[i], .weight = (uint32_t)(300 - 100 * i)};
    }
    struct rpc_config config = {.endpoints = configs, .endpoint_count = 1, .timeout_ms = 500};
    struct rpc *single = rpc_new(s->loop, s->http, &config);
    config.endpoint_count = endpoints;
    config.timeout_ms = 750;
    s->rpc = rpc_new(s->loop, s->http, &config);
    assert_non_null(rpc_start(single, "block", STR("[]"), 1, on_one_of_several, &alone));
    assert_non_null(rpc_start(s->rpc, "send_tx", STR("[]"), RPC_ONCE, on_one_of_several, &once));
    net_wait_count(s->loop, &s->answered, 2);
    rpc_free(single);
}

static void
rpc_ask__waits_less__where_somebody_else_can_be_asked(void **state)
{
    struct scene *s = *state;
    hang(s, PEERS);
    assert_string_equal(s->order, "oa");
    assert_int_equal(s->peers[1].served + s->peers[2].served, 0);
}

static void
rpc_ask__waits_its_time__where_nobody_else_can_be_asked(void **state)
{
    struct scene *s = *state;
    hang(s, 1);
    assert_string_equal(s->order, "ao");
}

static void
on_silence(void *context, const char *host, int64_t waited_ns)
{
    struct scene *s = context;
    s->silences++;
    assert_true(str_starts(str_from(host), STR("127.0.0.1:")));
    assert_true(waited_ns > 0);
}

static void
begin_one(struct scene *s, uint32_t timeout_ms, uint32_t silence_ms)
{
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", net_peer_port(s->peers[0].server));
    const struct endpoint_config config = {.url = url};
    s->rpc = rpc_new(s->loop, s->http, &(struct rpc_config){
        .endpoints = &config, .endpoint_count = 1, .timeout_ms = timeout_ms,
        .silence_ms = silence_ms, .silence = on_silence, .health_context = s});
}

static void
rpc_ask__tells_of_silence__once_and_goes_on_waiting(void **state)
{
    struct scene *s = *state;
    begin_one(s, 20000, 1);
    s->peers[0].deed = SILENT;
    assert_non_null(rpc_start(s->rpc, "block", STR("[]"), 1, on_reply, s));
    net_wait_count(s->loop, &s->silences, 1);
    while (!s->unanswered)
        net_wait_count(s->loop, &s->peers[0].served, 1);
    assert_int_equal(s->answered, 0);
    net_link_answer(s->unanswered, 200, NULL, STR("{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":\"0\"}"));
    net_wait_count(s->loop, &s->answered, 1);
    assert_int_equal(s->fault, RPC_FINE);
    assert_int_equal(s->silences, 1);
}

static void
rpc_ask__tells_of_no_silence__of_what_a_node_may_keep(void **state)
{
    struct scene *s = *state;
    begin_one(s, 50, 1);
    s->peers[0].deed = SILENT;
    ask(s, RPC_ONCE, 0);
    assert_int_equal(s->fault, RPC_AMBIGUOUS);
    assert_int_equal(s->silences, 0);
}

static void
rpc_ask__leaves_alone__who_asked_for_it(void **state)
{
    struct scene *s = *state;
    begin(s, LIMITED, LIMITED, LIMITED);
    ask(s, 1, 0);
    assert_int_equal(s->fault, RPC_LIMITED);
    assert_int_equal(rpc_request_count(s->rpc), 3);
    /* All asked for a minute: nothing goes out, and that is said at once. */
    ask(s, 1, 0);
    assert_int_equal(s->fault, RPC_LIMITED);
    assert_int_equal(rpc_request_count(s->rpc), 3);
    assert_non_null(strstr(s->sentence, "it asked us to wait (HTTP status 429)"));
    assert_true(s->retry_after_ms > 50000);
}

static void
rpc_ask__is_heard_once__when_it_must_be(void **state)
{
    static const enum deed not_taken[] = {LIMITED, LOCKED, REDIRECTS, SYNCING};
    static const enum deed perhaps_taken[] = {BROKEN, HANGS_UP, HALF, GARBAGE};
    for (size_t i = 0; i < ARRAY_LEN(not_taken); i++) {
        set_up(state);
        struct scene *s = *state;
        begin(s, not_taken[i], FINE, FINE);
        ask(s, RPC_ONCE, 0);
        assert_string_equal(s->value, "1");
        tear_down(state);
        set_up(state);
        s = *state;
        begin(s, perhaps_taken[i], FINE, FINE);
        ask(s, RPC_ONCE, 0);
        assert_int_not_equal(s->fault, RPC_FINE);
        assert_int_equal(rpc_request_count(s->rpc), 1);
        tear_down(state);
    }
    *state = NULL;
}

static void
rpc_ask__waits_for_its_turn__in_the_budget(void **state)
{
    struct scene *s = *state;
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", net_peer_port(s->peers[0].server));
    s->peers[0].deed = FINE;
    const struct endpoint_config config = {.url = url, .per_second = 4};
    s->rpc = rpc_new(s->loop, s->http, &(struct rpc_config){
        .endpoints = &config, .endpoint_count = 1});
    int64_t begun = clock_monotonic_ns();
    for (int i = 0; i < 9; i++)
        assert_non_null(rpc_start(s->rpc, "block", STR("[]"), 1, on_reply, s));
    net_wait_count(s->loop, &s->answered, 9);
    /* Not a measure of speed: fewer than two seconds would break the promise. */
    assert_true(clock_monotonic_ns() - begun >= 2 * (int64_t)NS_PER_S);
    /* Cancelled while it waits: nobody is called. */
    for (int i = 0; i < 4; i++)
        assert_non_null(rpc_start(s->rpc, "block", STR("[]"), 1, on_reply, s));
    rpc_cancel(rpc_start(s->rpc, "block", STR("[]"), 1, on_reply, s));
    net_wait_count(s->loop, &s->answered, 13);
    assert_int_equal(s->peers[0].served, 13);
}

static void
rpc_ask__never_repeats_a_key__that_a_server_repeats(void **state)
{
    struct scene *s = *state;
    assert_int_equal(redact_keep(STR("very-secret-key"), NULL), OK);
    begin(s, ECHOES, ECHOES, ECHOES);
    ask(s, 1, 0);
    assert_int_equal(s->fault, RPC_GARBAGE);
    assert_null(strstr(s->sentence, "secret"));
    assert_non_null(strstr(s->sentence, "Bearer ***"));
    for (int i = 0; i < PEERS; i++)
        assert_null(strstr(s->reasons[i], "secret"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        cmocka_unit_test(rpc_ask__goes_to_the_next_endpoint__whatever_the_first_does_wrong),
        TEST(rpc_ask__asks_the_archive__when_the_past_is_gone),
        TEST(rpc_ask__tells_what_the_best_informed_said__when_all_refuse),
        TEST(rpc_ask__avoids_who_has_said_no),
        TEST(rpc_ask__races_a_late_answer),
        TEST(rpc_ask__is_heard_by_another__when_the_first_was_late),
        TEST(rpc_ask__is_heard_by_who_was_late__when_nobody_else_is_ready),
        TEST(rpc_ask__waits_less__where_somebody_else_can_be_asked),
        TEST(rpc_ask__waits_its_time__where_nobody_else_can_be_asked),
        TEST(rpc_ask__tells_of_silence__once_and_goes_on_waiting),
        TEST(rpc_ask__tells_of_no_silence__of_what_a_node_may_keep),
        TEST(rpc_ask__leaves_alone__who_asked_for_it),
        cmocka_unit_test(rpc_ask__is_heard_once__when_it_must_be),
        TEST(rpc_ask__waits_for_its_turn__in_the_budget),
        TEST(rpc_ask__never_repeats_a_key__that_a_server_repeats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
