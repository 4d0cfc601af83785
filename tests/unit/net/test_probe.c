/* What is found out of an endpoint, of which nothing else is asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/json.h"
#include "net/probe.h"
#include "tests/support/net_peer.h"
#include "tests/support/net_wait.h"

#define GENESIS "11111111111111111111111111111111"
#define LATER "8zzo1uhX8zZRiFd3wHHVtLYZTcmFYL1bV5QhPi219YDN"

struct scene {
    struct loop *loop;
    struct http *http;
    struct net_peer *peer;
    unsigned long long height;      /* of the final block */
    const char *earliest;           /* hash of the oldest block; NULL: not told */
    bool has_old_block, is_locked;
    int requests, done;
    struct endpoint_probe found;
};

static void
answer(struct net_link *link, const char *rest)
{
    char text[800];
    snprintf(text, sizeof(text), "{\"jsonrpc\":\"2.0\",\"id\":null,%s}", rest);
    net_link_answer(link, 200, NULL, str_from(text));
}

static void
answer_status(const struct scene *s, struct net_link *link)
{
    char text[600], earliest[100] = "";
    if (s->earliest)
        snprintf(earliest, sizeof(earliest), ",\"earliest_block_hash\":\"%s\"", s->earliest);
    snprintf(text, sizeof(text), "\"result\":{\"chain_id\":\"test\",\"genesis_hash\":\"%s\","
             "\"protocol_version\":79,\"version\":{\"version\":\"2.9.0\"},"
             "\"sync_info\":{\"syncing\":false%s}}", GENESIS, earliest);
    answer(link, text);
}

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct scene *s = context;
    char text[300];
    s->requests++;
    if (s->is_locked) {
        net_link_answer(link, 401, NULL, STR("{\"error\":\"no such key\"}"));
    } else if (str_find(request->body, STR("\"status\"")) >= 0) {
        answer_status(s, link);
    } else if (str_find(request->body, STR("\"final\"")) >= 0) {
        snprintf(text, sizeof(text), "\"result\":{\"header\":{\"height\":%llu,"
                 "\"timestamp_nanosec\":\"1700000000000000000\"}}", s->height);
        answer(link, text);
    } else if (str_find(request->body, STR("\"block_id\"")) >= 0 && s->has_old_block) {
        answer(link, "\"result\":{}");
    } else {
        bool is_block = str_find(request->body, STR("\"block_id\"")) >= 0;
        snprintf(text, sizeof(text), "\"error\":{\"cause\":{\"name\":\"%s\"},\"data\":\"words\"}",
                 is_block ? "UNKNOWN_BLOCK" : "UNKNOWN_TRANSACTION");
        answer(link, text);
    }
}

static int
set_up(void **state)
{
    struct scene *s = xcalloc(1, sizeof(*s));
    s->loop = loop_new();
    s->http = http_new(s->loop);
    s->peer = net_peer_new(s->loop, &(struct net_peer_script){.request = on_request, .context = s});
    *state = s;
    return 0;
}

static int
tear_down(void **state)
{
    struct scene *s = *state;
    http_free(s->http);
    net_peer_free(s->peer);
    loop_free(s->loop);
    xfree(s);
    return 0;
}

static void
on_done(void *context, const struct endpoint_probe *result)
{
    struct scene *s = context;
    s->found = *result;
    s->done++;
}

static void
probe(struct scene *s)
{
    const struct endpoint_config config = {.url = net_peer_url(s->peer, "http", "/")};
    int before = s->done;
    assert_non_null(probe_endpoint(s->loop, s->http, &config, 20000, on_done, s));
    net_wait_count(s->loop, &s->done, before + 1);
}

static void
probe_endpoint__says_whether_the_past_is_kept(void **state)
{
    struct scene *s = *state;
    static const struct {
        unsigned long long height;
        const char *earliest;
        bool has_old_block;
        enum probe_answer archival;
    } cases[] = {
        {7000, GENESIS, false, PROBE_UNKNOWN},      /* nothing was old enough to be forgotten */
        {7000, NULL, false, PROBE_UNKNOWN},
        {7000, LATER, false, PROBE_NO},
        {900000, LATER, false, PROBE_NO},
        {900000, LATER, true, PROBE_YES},           /* what can be had counts more than what is told */
        {900000, GENESIS, true, PROBE_YES},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        s->height = cases[i].height;
        s->earliest = cases[i].earliest;
        s->has_old_block = cases[i].has_old_block;
        probe(s);
        assert_true(s->found.works);
        assert_string_equal(s->found.sentence, "");
        assert_string_equal(s->found.chain_id, "test");
        assert_string_equal(s->found.version, "2.9.0");
        assert_int_equal(s->found.protocol_version, 79);
        assert_int_equal(s->found.head_height, cases[i].height);
        assert_int_equal(s->found.tx_status, PROBE_YES);
        if (s->found.archival != cases[i].archival)
            fail_msg("case %zu: %d", i, s->found.archival);
    }
}

static void
probe_endpoint__says_what_keeps_us_out(void **state)
{
    struct scene *s = *state;
    s->is_locked = true;
    probe(s);
    assert_false(s->found.works);
    assert_non_null(strstr(s->found.sentence, "does not let us in (HTTP status 401): no such key"));
    assert_int_equal(s->requests, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(probe_endpoint__says_whether_the_past_is_kept, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(probe_endpoint__says_what_keeps_us_out, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
