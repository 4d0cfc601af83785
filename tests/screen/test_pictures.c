/* Every screen of the real program at four sizes, in UTF-8 and ASCII, in colour and without,
 * compared with tests/data/screens/live/NAME.txt: the text, its roles (picture.h), and what
 * ASCII writes in another way than sign by sign. With UPDATE=1 in the environment the files are
 * written anew: read the diff.
 *
 * The program follows a recorded call on a node of the test's own, so that no two runs differ;
 * what only the embedded chain has is seen in a demo. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "net/base/file.h"
#include "net/base/macros.h"
#include "net/base/utf8.h"
#include "net/near/base58.h"
#include "tests/support/net_node.h"
#include "tests/support/net_wait.h"
#include "tests/support/picture.h"

#define RECORDED "tests/data/node/portfolio_lending_panics.json"
#define FOLDER "tests/data/screens/live"

enum { FILE_MAX = 1 << 20, SIZES = 4, VARIANTS = 3 };

static const int sizes[SIZES][2] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};

enum variant { UTF8_COLOUR, ASCII_COLOUR, UTF8_MONO };

/* What of a screen is compared. */
enum part { WHOLE, LAST_ROW, FRAME };

/* Which program is looked at: each is one of its own. In that of the form the price of gas is
 * known before anything is taken. */
enum run { WATCHED, DEMO, FORM, RUNS };

static const struct shown {
    const char *name;
    /* Keys from the call's screen, and back to it; behind Esc a control, else the two are one. */
    const char *there, *back;
    enum part part;
    enum run run;
} shown[] = {
    {"calls", "1", "2", WHOLE, WATCHED},
    {"watch_prompt", "1wnothing", "\0032", LAST_ROW, WATCHED},
    {"call", "!", "", WHOLE, WATCHED},
    {"receipt", "!3", "2", WHOLE, WATCHED},
    {"sources", "5", "2", WHOLE, WATCHED},
    {"help", "?", "?", WHOLE, WATCHED},
    {"help_search", "?/fold", "\003?", WHOLE, WATCHED},
    {"search", "/rew", "\003", WHOLE, WATCHED},
    {"search_nothing", "/zz", "\003", LAST_ROW, WATCHED},
    {"filter", "\\status:failed", "\025\r", WHOLE, WATCHED},
    {"filter_wrong", "\\gas>much", "\025\r", LAST_ROW, WATCHED},
    {"goto_nothing", ":zz", "\003", LAST_ROW, WATCHED},
    {"fault_menu", "fj", "\177", FRAME, DEMO},
    {"form", "1a\022empty\r", "\033\0142", WHOLE, FORM},
    {"form_list", "1a\022", "\t\033\0142", WHOLE, FORM},
    {"form_list_found", "1a\022the hello", "\t\033\0142", WHOLE, FORM},
    {"form_edit", "1e", "\033\0142", WHOLE, FORM},
    {"form_wrong", "1e{", "\033\0142", WHOLE, FORM},
    {"form_gas_wrong", "1e\t\025100", "\033\0142", WHOLE, FORM},
    {"form_ready", "1e\t\t\t\t", "\033\0142", WHOLE, FORM},
};

struct session {
    struct screen *screen;
    unsigned long keys;
};

static struct {
    pid_t pid;
    char url[64], tx[HASH_TEXT], theme[64];
    struct picture taken[ARRAY_LEN(shown)][SIZES][VARIANTS];
} all;

/* --- the node --------------------------------------------------------------------------------- */

static bool
is_over(const void *context)
{
    return net_node_is_over(context);
}

/* A process of its own: it has to answer while the test waits. */
static void
run_node(int end)
{
    char line[160], tx[HASH_TEXT];
    struct loop *loop = loop_new();
    struct net_node *node = net_node_new(loop, &(struct net_node_config){
        .file = RECORDED, .block_ms = 1, .has_recorded_times = true, .feed = NODE_FEED_NONE});
    struct hash hash = net_node_tx(node);
    net_node_begin(node);
    net_wait_until(loop, is_over, node);
    int n = snprintf(line, sizeof(line), "%s %s\n", net_node_rpc_url(node), hash_text(&hash, tx));
    if (write(end, line, (size_t)n) == n)
        loop_run(loop);
    _exit(EXIT_FAILURE);
}

static int
set_up(void **state)
{
    int ends[2];
    (void)state;
    snprintf(all.theme, sizeof(all.theme), "/tmp/neartop-pictures-%d.theme", (int)getpid());
    picture_theme(all.theme);
    assert_int_equal(pipe(ends), 0);
    all.pid = fork();
    assert_true(all.pid >= 0);
    if (all.pid == 0)
        run_node(ends[1]);
    close(ends[1]);
    FILE *from = fdopen(ends[0], "r");
    assert_non_null(from);
    assert_int_equal(fscanf(from, "%63s %63s", all.url, all.tx), 2);
    fclose(from);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    kill(all.pid, SIGKILL);
    waitpid(all.pid, NULL, 0);
    unlink(all.theme);
    return 0;
}

/* --- taking ----------------------------------------------------------------------------------- */

static void
press(struct session *s, const char *keys)
{
    for (const char *k = keys; *k; k++) {
        char one[2] = {*k, '\0'};
        screen_press(s->screen, one);
        s->keys++;
    }
}

/* A frame behind all that was pressed. */
static void
settle(struct session *s)
{
    press(s, "\014");
    screen_wait_frame(s->screen, s->keys);
}

static struct session
start(enum variant variant, enum run run)
{
    static const char *const mono[] = {"NEARTOP_TEST_SENTINEL=1", "NO_COLOR=1", NULL};
    static const char *const colour[] = {"NEARTOP_TEST_SENTINEL=1", NULL};
    const char *program = getenv("NEARTOP"), *argv[16];
    size_t n = 0;
    bool is_demo = run == DEMO;
    argv[n++] = program ? program : "build/neartop";
    argv[n++] = is_demo ? "demo" : "watch";
    argv[n++] = is_demo ? "--block-time" : all.tx;
    argv[n++] = is_demo ? "60" : "--rpc";
    if (!is_demo)
        argv[n++] = all.url;
    if (variant == ASCII_COLOUR)
        argv[n++] = "--ascii";
    if (variant != UTF8_MONO) {
        argv[n++] = "--theme";
        argv[n++] = all.theme;
    }
    argv[n] = NULL;
    struct session s = {
        .screen = screen_start(120, 40, argv, variant == UTF8_MONO ? mono : colour)};
    screen_wait(s.screen, "all of it is final");
    if (run == FORM) {
        press(&s, "1a");
        screen_wait(s.screen, "at the node's 0.00012 NEAR a Tgas");
        press(&s, "\033\0142");
    }
    return s;
}

static void
take_all(enum variant variant, enum run run)
{
    struct session s = start(variant, run);
    for (size_t size = 0; size < SIZES; size++) {
        screen_resize(s.screen, sizes[size][0], sizes[size][1]);
        for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
            if (shown[i].run != run)
                continue;
            press(&s, shown[i].there);
            settle(&s);
            screen_check_clean(s.screen);
            picture_take(s.screen, &all.taken[i][size][variant]);
            press(&s, shown[i].back);
        }
    }
    press(&s, "q");
    assert_true(screen_wait_end(s.screen) <= 2);
    screen_free(s.screen);
}

/* --- comparing -------------------------------------------------------------------------------- */

static void
compare(const char *name, struct str now)
{
    char path[128];
    struct buf expected;
    struct diag d = {0};
    snprintf(path, sizeof(path), FOLDER "/%s.txt", name);
    if (getenv("UPDATE")) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(now.p, 1, now.n, file), now.n);
        assert_int_equal(fclose(file), 0);
        return;
    }
    buf_init(&expected, FILE_MAX);
    if (file_read(path, &expected, &d) != OK)
        fail_msg("%s", diag_text(&d));
    if (!str_equal(buf_str(&expected), now)) {
        fprintf(stderr, "%s is now:\n%.*s", path, STR_ARG(now));
        fail_msg("%s differs: if it should, run with UPDATE=1 and read the diff", path);
    }
    buf_release(&expected);
}

static void
cut(struct picture *taken, enum part what)
{
    const struct picture *p = &taken[UTF8_COLOUR];
    struct picture_part part = {0, p->height - 1, p->width, 1};
    if (what == FRAME)
        part = picture_frame(p);
    for (int variant = 0; what != WHOLE && variant < VARIANTS; variant++)
        picture_crop(&taken[variant], &part);
}

static void
write_golden(size_t i, struct buf *out)
{
    for (size_t size = 0; size < SIZES; size++) {
        struct picture *taken = all.taken[i][size];
        const struct picture *p = &taken[UTF8_COLOUR];
        buf_addf(out, "=== %dx%d\n", sizes[size][0], sizes[size][1]);
        picture_text(p, out);
        buf_add_c(out, "--- roles\n");
        picture_roles(p, out);
        buf_add_c(out, "--- ascii, where it is not the same sign by sign\n");
        picture_ascii_differences(p, &taken[ASCII_COLOUR], out);
    }
}

static void
screens__are_as_they_were__at_every_size(void **state)
{
    struct theme theme;
    (void)state;
    theme_default(&theme);
    for (int variant = 0; variant < VARIANTS; variant++) {
        for (int run = 0; run < RUNS; run++)
            take_all((enum variant)variant, (enum run)run);
    }
    for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
        struct buf golden;
        buf_init(&golden, FILE_MAX);
        for (size_t size = 0; size < SIZES; size++) {
            struct picture *taken = all.taken[i][size];
            cut(taken, shown[i].part);
            picture_check_mono(&taken[UTF8_COLOUR], &taken[UTF8_MONO], &theme);
        }
        write_golden(i, &golden);
        compare(shown[i].name, buf_str(&golden));
        buf_release(&golden);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screens__are_as_they_were__at_every_size)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
