/* The feed is killed at every single message of every recorded call, one run each, and the tree in
 * the end is the one that the recorded node told in the end: the server comes back while the
 * call runs, or never. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "tests/support/net_record.h"
#include "tests/support/net_scene.h"
#include "tests/support/net_wait.h"

#define FOLDER "tests/data/node"

/* `RETRY_MS`: soon enough to be there again before the next block is told. `AT_ONCE`: runs that go
 * on side by side, as many as there are descriptors for. */
enum { BLOCK_MS = 10, RETRY_MS = 4, AT_ONCE = 24, FILES_MAX = 100,
       RUNS_MAX = 4000 };

/* One call, followed to its end. */
struct run {
    const char *name;
    const struct net_record *record;
    int cut;                    /* the message that it is killed at; 0: it is left in peace */
    bool is_for_good;
    struct net_scene *scene;    /* NULL before it has begun, and after it has ended */
};

struct runs {
    struct loop *loop;
    struct net_record records[FILES_MAX];
    int record_count;
    struct run list[RUNS_MAX];
    int count, begun, ended;
};

static void
end(struct run *r)
{
    if (r->scene)
        net_scene_end(r->scene);
    xfree(r->scene);
    r->scene = NULL;
}

static int
set_up(void **state)
{
    struct runs *runs = xcalloc(1, sizeof(*runs));
    runs->loop = loop_new();
    *state = runs;
    return 0;
}

static int
tear_down(void **state)
{
    struct runs *runs = *state;
    for (int i = 0; i < runs->count; i++)
        end(&runs->list[i]);
    for (int i = 0; i < runs->record_count; i++)
        net_record_release(&runs->records[i]);
    loop_free(runs->loop);
    xfree(runs);
    return 0;
}

/* The sum of all that a tree says: the same ids, blocks, heights, gas. */
static uint64_t
digest(const struct net_follower *f)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < f->count; i++) {
        const struct follower_node *n = &f->nodes[i];
        uint64_t one = n->gas * 31 + n->height * 1009 + n->is_failure + n->has_outcome * 7u;
        for (size_t k = 0; k < sizeof(n->id.b); k++)
            one = one * 131 + n->id.b[k] + n->block.b[k] * UINT64_C(257);
        sum += one;
    }
    return sum;
}

static void
hear_truth(void *context, const struct event *ev)
{
    net_follower_event(context, ev);
}

static void
assert_truth(const struct run *r)
{
    static struct net_follower truth;
    const struct net_scene *s = r->scene;
    truth = (struct net_follower){.count = 0};
    net_node_tell_truth(s->node, hear_truth, &truth);
    assert_true(net_follower_is_complete(&truth));
    if (s->follower.count != truth.count || digest(&s->follower) != digest(&truth))
        fail_msg("%s, killed at message %d: another tree than the node told", r->name, r->cut);
    assert_int_equal(s->done, 1);
    assert_int_equal(s->error, OK);
    /* An answer that is late on a busy machine lets it be handed over again: the very same. */
    struct hash tx = net_node_tx(s->node);
    assert_true(net_node_handed_count(s->node) >= 1);
    for (int i = 0; i < net_node_handed_count(s->node); i++) {
        struct hash handed = net_node_handed(s->node, i);
        assert_true(hash_equal(&handed, &tx));
    }
}

static void
begin(struct run *r, struct loop *loop)
{
    r->scene = xcalloc(1, sizeof(*r->scene));
    r->scene->loop = loop;
    r->scene->ws_retry_first_ms = RETRY_MS;
    net_scene_begin(r->scene, &(struct net_node_config){
        .record = r->record, .block_ms = BLOCK_MS, .awaits_listeners = true,
        .cut_after = r->cut, .dies_when_cut = r->is_for_good}, true);
    net_scene_send(r->scene);
}

static void
add(struct runs *runs, const struct run *run)
{
    assert_true(runs->count < RUNS_MAX);
    runs->list[runs->count++] = *run;
}

static bool
is_over(const void *context)
{
    const struct run *r = context;
    return net_scene_is_final(r->scene) && net_node_messages(r->scene->node) >= r->cut;
}

/* One left in peace tells how many messages a call has: then as many runs more, twice. */
static void
end_first(struct runs *runs)
{
    struct run *r = &runs->list[runs->ended++];
    net_wait_until(runs->loop, is_over, r);
    assert_truth(r);
    int messages = r->cut ? 0 : net_node_messages(r->scene->node);
    end(r);
    for (int i = 1; i <= messages; i++) {
        add(runs, &(struct run){.name = r->name, .record = r->record, .cut = i});
        add(runs, &(struct run){r->name, r->record, i, .is_for_good = true});
    }
}

/* A recorded call; the folder has a few other answers too. */
static int
is_call(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return end && strcmp(end, ".json") == 0 && strcmp(entry->d_name, "rpc_answers.json") != 0 &&
           strcmp(entry->d_name, "send_tx_wait_levels.json") != 0;
}

static void
sources__show_the_same_tree__when_the_feed_is_killed_at_any_message(void **state)
{
    struct runs *runs = *state;
    struct dirent **entries;
    int files = scandir(FOLDER, &entries, is_call, alphasort);
    assert_in_range(files, 1, FILES_MAX);
    for (int i = 0; i < files; i++) {
        char path[512];
        struct net_record *record = &runs->records[runs->record_count++];
        snprintf(path, sizeof(path), FOLDER "/%s", entries[i]->d_name);
        net_record_load_at_pace(record, path, BLOCK_MS);
        add(runs, &(struct run){.name = entries[i]->d_name, .record = record});
    }
    while (runs->ended < runs->count) {
        if (runs->begun < runs->count && runs->begun - runs->ended < AT_ONCE)
            begin(&runs->list[runs->begun++], runs->loop);
        else
            end_first(runs);
    }
    print_message("%d recorded calls, the feed killed at each of %d messages, to come back or for "
                  "good: as often the tree that the node told\n", files, (runs->count - files) / 2);
    for (int i = 0; i < files; i++)
        free(entries[i]);
    free(entries);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(sources__show_the_same_tree__when_the_feed_is_killed_at_any_message),
    };
    crypto_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
