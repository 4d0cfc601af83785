/* What the doctor says of a neardata server: of one that works, of what is none, of one that lies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "tests/support/net_peer.h"
#include "tests/support/net_wait.h"
#include "tui/app/doctor_neardata.h"

#define HASH "11111111111111111111111111111111"

static const char block[] =
    "{\"block\":{\"author\":\"test.near\",\"header\":{\"hash\":\"" HASH "\",\"prev_hash\":\"" HASH "\","
    "\"last_final_block\":\"" HASH "\",\"height\":123,\"timestamp_nanosec\":\"1700000000000000000\"},"
    "\"chunks\":[]},\"shards\":[]}";

struct scene {
    struct loop *loop;
    struct http *http;
    struct net_peer *peer;
    int status;                 /* of the first answer */
    const char *body;           /* of the second */
    int keys, done;
};

static void
on_request(void *context, struct net_link *link, const struct net_request *request)
{
    struct scene *s = context;
    s->keys += str_find(request->head, STR("Authorization: Bearer a key")) >= 0;
    if (str_equal(request->path, STR("/v0/last_block/optimistic")))
        net_link_answer(link, s->status, "Location: /v0/block_opt/123\r\n", STR(""));
    else if (str_equal(request->path, STR("/v0/block_opt/123")))
        net_link_answer(link, 200, NULL, str_from(s->body));
    else
        net_link_answer(link, 404, NULL, STR(""));
}

static void
on_done(void *context)
{
    ((struct scene *)context)->done++;
}

static void
check(struct scene *s, int status, const char *body, struct doctor_neardata *out)
{
    *s = (struct scene){.loop = loop_new(), .status = status, .body = body};
    s->http = http_new(s->loop);
    s->peer = net_peer_new(s->loop, &(struct net_peer_script){.request = on_request, .context = s});
    *out = (struct doctor_neardata){.is_done = false};
    struct neardata_check *c = neardata_check_start(
        s->http, net_peer_url(s->peer, "http", "/"), "a key", 5000, out, on_done, s);
    net_wait_count(s->loop, &s->done, 1);
    neardata_check_free(c);
    net_peer_free(s->peer);
    http_free(s->http);
    loop_free(s->loop);
    assert_true(out->is_done);
}

static void
neardata_check__tells_the_newest_block__of_a_server_that_works(void **state)
{
    struct scene s;
    struct doctor_neardata n;
    (void)state;
    check(&s, 302, block, &n);
    assert_string_equal(n.sentence, "");
    assert_true(n.works);
    assert_int_equal(n.height, 123);
    assert_true(n.took_ns > 0);
    assert_int_equal(s.keys, 2);
}

static void
neardata_check__says_what_is_wrong__of_what_is_none(void **state)
{
    struct scene s;
    struct doctor_neardata n;
    (void)state;
    check(&s, 404, block, &n);
    assert_false(n.works);
    assert_non_null(strstr(n.sentence, "HTTP status 404"));
    check(&s, 302, "null", &n);
    assert_false(n.works);
    assert_non_null(strstr(n.sentence, "its block cannot be read"));
    check(&s, 302, "<html>", &n);
    assert_false(n.works);
    assert_non_null(strstr(n.sentence, "its block cannot be read"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neardata_check__tells_the_newest_block__of_a_server_that_works),
        cmocka_unit_test(neardata_check__says_what_is_wrong__of_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
