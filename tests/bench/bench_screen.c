/* How long an outcome takes to the screen: from the moment at which the embedded chain pushes
 * it, heard by a subscriber beside the program, to the moment at which the program's rows on a
 * pseudo-terminal show that the receipt has run. With the feed, and by polling alone; refunds
 * are folded away and do not count. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/json.h"
#include "net/ws.h"
#include "tests/support/demo_args.h"
#include "tests/support/demo_chain.h"
#include "tests/support/screen.h"

enum { CALLS = 25, BLOCK_MS = 100, FRAME_MS = 33, RECEIPTS_MAX = 64, OUTCOMES_MAX = 2000,
       GIVE_UP_MS = 30000, WIDTH = 120, HEIGHT = 40, MESSAGE_MAX = 16 * 1024 * 1024 };

struct bench {
    const char *program;
    struct loop *loop;
    struct demo_chain chain;
    struct ws *feed;
    struct screen *screen;
    bool is_open, is_too_late, has_final;
    int64_t ran_ns[RECEIPTS_MAX], shown_ns[RECEIPTS_MAX];       /* of this call, in order */
    size_t ran, shown;
    double ms[OUTCOMES_MAX];
    size_t count;
};

static void
on_opened(void *context)
{
    struct bench *b = context;
    b->is_open = ws_send(b->feed, STR("{\"And\":[]}"));
}

/* Neither the transaction's own outcome nor a refund: those have no row. */
static bool
has_row(const struct json *item)
{
    struct str from;
    const struct json *transaction = json_find(item, "transaction");
    return (!transaction || json_is_null(transaction)) &&
           json_get_string(json_find(item, "receipt"), "predecessor_id", &from, NULL) == OK &&
           !str_equal_c(from, "system");
}

static void
on_message(void *context, struct str text)
{
    struct bench *b = context;
    struct json *root = NULL;
    int64_t now = clock_monotonic_ns();
    if (json_parse(text, MESSAGE_MAX, &root, NULL))
        fatal("the feed told something else");
    for (const struct json *v = json_first(root); v; v = json_next(v)) {
        if (has_row(v) && b->ran < RECEIPTS_MAX)
            b->ran_ns[b->ran++] = now;
    }
    json_free(root);
}

static void
on_ended(void *context, const struct ws_end *end)
{
    (void)context;
    fatal("the feed ended: %s", diag_text(&end->diag));
}

/* Rows of the receipts' pane with the sign of something that has run. */
static size_t
count_shown(const struct screen *s)
{
    size_t n = 0;
    int first = screen_row_of(s, "── receipts");
    for (int y = first + 1; first >= 0 && y < HEIGHT; y++) {
        const char *row = screen_row(s, y);
        if (strncmp(row, "──", strlen("──")) == 0)
            break;
        n += strstr(row, "✓ ") != NULL || strstr(row, "✗ ") != NULL;
    }
    return n;
}

static void
on_screen(void *context, unsigned events)
{
    struct bench *b = context;
    (void)events;
    screen_take(b->screen);
    size_t n = count_shown(b->screen);
    int64_t now = clock_monotonic_ns();
    while (b->shown < n && b->shown < RECEIPTS_MAX)
        b->shown_ns[b->shown++] = now;
    b->has_final = screen_has(b->screen, "  final") && screen_has(b->screen, "✓ succeeded");
}

static void
on_give_up(void *context)
{
    *(bool *)context = true;
}

static void
follow(struct bench *b, bool has_feed)
{
    char rpc[64], ws[64], block_ms[16];
    snprintf(rpc, sizeof(rpc), "http://127.0.0.1:%d", b->chain.port);
    snprintf(ws, sizeof(ws), "ws://127.0.0.1:%d", b->chain.port);
    snprintf(block_ms, sizeof(block_ms), "%d", BLOCK_MS);
    const char *const argv[] = {b->program, "call", "portfolio.test.near",
                                "get_portfolio_sequential", DEMO_ARGS, "--as", "alice.test.near",
                                "--rpc", rpc, "--ws", has_feed ? ws : "off", "--block-time",
                                block_ms, NULL};
    struct loop_watch *watch;
    struct loop_timer *patience = loop_timer_new(b->loop, on_give_up, &b->is_too_late);
    b->ran = b->shown = 0;
    b->is_too_late = b->has_final = false;
    b->screen = screen_start(WIDTH, HEIGHT, argv, NULL);
    enum err e = loop_watch_fd(b->loop, screen_fd(b->screen), LOOP_READ, on_screen, b, &watch, NULL);
    assert(e == OK);
    loop_timer_start(patience, GIVE_UP_MS, 0);
    while (!b->is_too_late && !(b->has_final && b->ran && b->shown >= b->ran))
        loop_turn(b->loop);
    if (b->is_too_late)
        fatal("%zu receipts ran, %zu are shown", b->ran, b->shown);
    for (size_t i = 0; i < b->ran && b->count < OUTCOMES_MAX; i++)
        b->ms[b->count++] = (double)(b->shown_ns[i] - b->ran_ns[i]) / NS_PER_MS;
    loop_watch_close(watch);
    loop_timer_close(patience);
    screen_free(b->screen);
}

static int
by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void
measure(struct bench *b, bool has_feed)
{
    size_t within = 0;
    double bound_ms = has_feed ? FRAME_MS : BLOCK_MS;
    b->count = 0;
    for (int i = 0; i < CALLS; i++)
        follow(b, has_feed);
    qsort(b->ms, b->count, sizeof(*b->ms), by_size);
    while (within < b->count && b->ms[within] <= bound_ms)
        within++;
    printf("an outcome to the screen, %-16s p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, longest %.1f ms; "
           "%.1f %% within a %s of %.0f ms (%zu outcomes, blocks of %d ms)\n",
           has_feed ? "pushed:" : "polling alone:", b->ms[b->count / 2], b->ms[b->count * 9 / 10],
           b->ms[b->count * 99 / 100], b->ms[b->count - 1],
           100.0 * (double)within / (double)b->count, has_feed ? "frame" : "block", bound_ms,
           b->count, BLOCK_MS);
}

int
main(int argc, char **argv)
{
    static struct bench b;
    char url[80];
    b.program = argc > 1 ? argv[1] : "build/neartop";
    b.loop = loop_new();
    demo_chain_start(&b.chain, b.loop, b.program, BLOCK_MS);
    snprintf(url, sizeof(url), "ws://127.0.0.1:%d/events/outcome_optimistic", b.chain.port);
    const struct ws_args args = {.url = url, .message_max = MESSAGE_MAX, .open_timeout_ms = 5000,
                                 .opened = on_opened, .message = on_message, .ended = on_ended,
                                 .context = &b};
    enum err e = ws_open(b.loop, &args, &b.feed, NULL);
    assert(e == OK);
    while (!b.is_open && loop_turn(b.loop))
        ;
    measure(&b, true);
    measure(&b, false);
    ws_close(b.feed);
    demo_chain_stop(&b.chain);
    loop_free(b.loop);
    return 0;
}
