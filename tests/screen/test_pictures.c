/* Every screen of the real program at four sizes, in UTF-8 and ASCII, each in colour and without,
 * compared with tests/data/screens/live/NAME.txt: the text, its roles (picture.h), and what
 * ASCII writes in another way than sign by sign. Without colours the characters are the same,
 * and each role has its style of the theme. With UPDATE=1 in the environment the files are
 * written anew: read the diff.
 *
 * The program follows recorded calls on a node of the test's own, so that no two runs differ;
 * what only the embedded chain has is seen in a demo, and what there is when nothing was done
 * in a program that only knows its node. */
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
#include "net/base/macros.h"
#include "net/base/utf8.h"
#include "net/near/base58.h"
#include "tests/support/golden.h"
#include "tests/support/net_node.h"
#include "tests/support/net_record.h"
#include "tests/support/net_wait.h"
#include "tests/support/picture.h"
#include "tests/support/tested.h"

#define FOLDER "tests/data/screens/live"

enum { FILE_MAX = 1 << 20, SIZES = 4, VARIANTS = 4 };

static const int sizes[SIZES][2] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};

enum variant { UTF8_COLOUR, ASCII_COLOUR, UTF8_MONO, ASCII_MONO };

/* The calls that the node knows, in the order in which they are watched: the last one is seen.
 * The first was made last, so that the head of the chain is behind them all. */
static const char *const calls[] = {"portfolio_fan_8", "portfolio_ok", "portfolio_sequential",
                                    "portfolio_batch_fails", "portfolio_lending_panics"};
enum { CALLS = ARRAY_LEN(calls) };

/* What is started: each is a program of its own. In that of the form the price of gas is known
 * before anything is taken. */
enum scene { RECORDED, FORM, NOTHING, DEMO, SCENES };

/* What of a screen is compared. */
enum part { WHOLE, LAST_ROW, FRAME };

static const struct shown {
    const char *name;
    enum scene scene;
    /* Keys from the call's screen, or that of none; and back to it. Behind Esc a control, else the
     * two are one. */
    const char *there, *back;
    enum part part;
} shown[] = {
    {"calls", RECORDED, "1jj", "kk2", WHOLE},
    {"calls_filter", RECORDED, "1\\status:failed|partly", "\025\r2", WHOLE},
    {"calls_none_fits", RECORDED, "1\\gas>5000T\r", "\1772", WHOLE},
    {"watch", RECORDED, "1w", "\0032", LAST_ROW},
    {"watch_wrong", RECORDED, "1walice.near:8p0f", "\0032", LAST_ROW},
    {"call", RECORDED, "!", "", WHOLE},
    {"call_ms", RECORDED, "ut", "tuu", WHOLE},
    {"call_zoom", RECORDED, "\t\tz", "\177\177", WHOLE},
    {"teach", RECORDED, "T", "T", WHOLE},
    {"receipt", RECORDED, "!3", "2", WHOLE},
    {"compare", RECORDED, "4", "2", WHOLE},
    {"sources", RECORDED, "5", "2", WHOLE},
    {"requests", RECORDED, "6", "2", WHOLE},
    {"help", RECORDED, "?", "?", WHOLE},
    {"help_search", RECORDED, "?/fold", "\003?", WHOLE},
    {"search", RECORDED, "/rew", "\003", WHOLE},
    {"receipt_search", RECORDED, "!3/paused\rn", "\1772", WHOLE},
    {"sources_search", RECORDED, "5/contradictions\r", "\1772", WHOLE},
    {"requests_search", RECORDED, "6/BLOCK", "\0032", WHOLE},
    {"receipt_search_nothing", RECORDED, "!3/zz\r", "\0032", LAST_ROW},
    {"search_nothing", RECORDED, "/zz", "\003", LAST_ROW},
    {"filter", RECORDED, "\\status:failed", "\025\r", WHOLE},
    {"filter_wrong", RECORDED, "\\gas>much", "\025\r", LAST_ROW},
    {"goto", RECORDED, ":[1]", "\003", LAST_ROW},
    {"goto_nothing", RECORDED, ":zz", "\003", LAST_ROW},
    {"copy_no_link", RECORDED, "L", "", LAST_ROW},
    {"no_calls", NOTHING, "1", "", WHOLE},
    {"no_call", NOTHING, "2", "1", WHOLE},
    {"no_receipt", NOTHING, "3", "1", WHOLE},
    {"no_compare", NOTHING, "4", "1", WHOLE},
    {"no_sources", NOTHING, "5", "1", WHOLE},
    {"no_requests", NOTHING, "6", "1", WHOLE},
    {"fault_menu", DEMO, "fj", "\177", FRAME},
    {"form", FORM, "1a\022empty\r", "\033\0142", WHOLE},
    {"form_list", FORM, "1a\022", "\t\033\0142", WHOLE},
    {"form_list_found", FORM, "1a\022the hello", "\t\033\0142", WHOLE},
    {"form_edit", FORM, "1e", "\033\0142", WHOLE},
    {"form_wrong", FORM, "1e{", "\033\0142", WHOLE},
    {"form_gas_wrong", FORM, "1e\t\025100", "\033\0142", WHOLE},
    {"form_ready", FORM, "1e\t\t\t\t", "\033\0142", WHOLE},
};

struct session {
    struct screen *screen;
    unsigned long keys;
};

static struct {
    pid_t pid;
    char url[64], tx[CALLS][HASH_TEXT], theme[64];
    struct picture taken[ARRAY_LEN(shown)][SIZES][VARIANTS];
} all;

/* --- the node --------------------------------------------------------------------------------- */

static bool
is_over(const void *context)
{
    return net_node_is_over(context);
}

static const char *
file_of(const char *call, char out[128])
{
    snprintf(out, 128, "tests/data/node/%s.json", call);
    return out;
}

/* A process of its own: it has to answer while the test waits. */
static void
run_node(int end)
{
    static struct net_record others[CALLS - 1];
    char line[64 + CALLS * HASH_TEXT], tx[HASH_TEXT], file[128];
    struct loop *loop = loop_new();
    for (size_t i = 1; i < CALLS; i++)
        net_record_load(&others[i - 1], file_of(calls[i], file));
    struct net_node *node = net_node_new(loop, &(struct net_node_config){
        .file = file_of(calls[0], file), .others = others, .other_count = CALLS - 1,
        .block_ms = 1, .has_recorded_times = true, .feed = NODE_FEED_NONE});
    struct hash hash = net_node_tx(node);
    net_node_begin(node);
    net_wait_until(loop, is_over, node);
    int n = snprintf(line, sizeof(line), "%s %s", net_node_rpc_url(node), hash_text(&hash, tx));
    for (size_t i = 1; i < CALLS; i++)
        n += snprintf(line + n, sizeof(line) - (size_t)n, " %s",
                      hash_text(&others[i - 1].tx.hash, tx));
    line[n++] = '\n';
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
    assert_int_equal(fscanf(from, "%63s", all.url), 1);
    for (size_t i = 0; i < CALLS; i++)
        assert_int_equal(fscanf(from, "%44s", all.tx[i]), 1);
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

static struct screen *
begin(enum variant variant, enum scene scene)
{
    static const char *const mono[] = {"NEARTOP_TEST_SENTINEL=1", "NO_COLOR=1", NULL};
    static const char *const colour[] = {"NEARTOP_TEST_SENTINEL=1", NULL};
    const char *argv[16];
    bool is_mono = variant == UTF8_MONO || variant == ASCII_MONO;
    size_t n = 0;
    argv[n++] = tested_path();
    if (scene == RECORDED || scene == FORM) {
        argv[n++] = "watch";
        argv[n++] = all.tx[scene == FORM ? CALLS - 1 : 0];
    } else if (scene == DEMO) {
        argv[n++] = "demo";
    }
    argv[n++] = scene == DEMO ? "--block-time" : "--rpc";
    argv[n++] = scene == DEMO ? "60" : all.url;
    if (variant == ASCII_COLOUR || variant == ASCII_MONO)
        argv[n++] = "--ascii";
    if (!is_mono) {
        argv[n++] = "--theme";
        argv[n++] = all.theme;
    }
    argv[n] = NULL;
    return screen_start(120, 40, argv, is_mono ? mono : colour);
}

/* The others, one after another: the next is asked for when one is there in full. */
static void
watch_others(struct session sessions[VARIANTS])
{
    for (size_t i = 1; i < CALLS; i++) {
        char keys[HASH_TEXT + 4], begins[8];
        snprintf(keys, sizeof(keys), "w%s\r", all.tx[i]);
        snprintf(begins, sizeof(begins), "%.6s", all.tx[i]);
        for (int v = 0; v < VARIANTS; v++)
            press(&sessions[v], keys);
        for (int v = 0; v < VARIANTS; v++) {
            screen_wait(sessions[v].screen, begins);
            screen_wait(sessions[v].screen, "all of it is final");
        }
    }
}

/* Then a frame behind all of them. In all four at once: each waits for its frame while the others
 * paint theirs. */
static void
press_all(struct session sessions[VARIANTS], const char *keys)
{
    for (int v = 0; v < VARIANTS; v++)
        press(&sessions[v], keys);
    for (int v = 0; v < VARIANTS; v++)
        screen_wait_frame(sessions[v].screen, sessions[v].keys);
}

static void
begin_all(struct session sessions[VARIANTS], enum scene scene)
{
    for (int v = 0; v < VARIANTS; v++)
        sessions[v] = (struct session){.screen = begin((enum variant)v, scene)};
    for (int v = 0; v < VARIANTS; v++)
        screen_wait(sessions[v].screen, scene == NOTHING ? "No calls yet" : "all of it is final");
    if (scene == RECORDED)
        watch_others(sessions);
    if (scene != FORM)
        return;
    for (int v = 0; v < VARIANTS; v++) {
        press(&sessions[v], "1a");
        screen_wait(sessions[v].screen, "at the node's 0.00012 NEAR a Tgas");
    }
    press_all(sessions, "\033\0142");
}

/* What is scrolled depends on the frame before: each begins at one of where all begin. */
static void
take_one(struct session sessions[VARIANTS], size_t index, size_t size)
{
    const struct shown *what = &shown[index];
    press_all(sessions, what->there);
    for (int v = 0; v < VARIANTS; v++) {
        screen_check_clean(sessions[v].screen);
        picture_take(sessions[v].screen, &all.taken[index][size][v]);
    }
    press_all(sessions, what->back);
}

static void
take_all(enum scene scene)
{
    struct session sessions[VARIANTS];
    begin_all(sessions, scene);
    for (size_t size = 0; size < SIZES; size++) {
        for (int v = 0; v < VARIANTS; v++)
            screen_resize(sessions[v].screen, sizes[size][0], sizes[size][1]);
        for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
            if (shown[i].scene == scene)
                take_one(sessions, i, size);
        }
    }
    for (int v = 0; v < VARIANTS; v++) {
        press(&sessions[v], "q");
        assert_true(screen_wait_end(sessions[v].screen) <= 2);
        screen_free(sessions[v].screen);
    }
}

/* --- comparing -------------------------------------------------------------------------------- */

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
    for (int scene = 0; scene < SCENES; scene++)
        take_all((enum scene)scene);
    for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
        struct buf golden;
        char path[128];
        buf_init(&golden, FILE_MAX);
        for (size_t size = 0; size < SIZES; size++) {
            struct picture *taken = all.taken[i][size];
            cut(taken, shown[i].part);
            picture_check_mono(&taken[UTF8_COLOUR], &taken[UTF8_MONO], &theme);
            picture_check_mono(&taken[ASCII_COLOUR], &taken[ASCII_MONO], &theme);
        }
        write_golden(i, &golden);
        snprintf(path, sizeof(path), FOLDER "/%s.txt", shown[i].name);
        golden_check(path, buf_str(&golden));
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
