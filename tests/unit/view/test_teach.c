/* What the teaching strip says, at every step of every recorded call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "net/base/macros.h"
#include "tests/support/utf8_locale.h"
#include "tests/support/view_scene.h"
#include "tui/view/teach.h"

enum { STEPS = 12, WIDTH = 80, HEIGHT = 24 };

/* A locale with UTF-8 is what tells how wide characters are. */
/* What the strip shows, down to the rule above the keys; blanks at line ends and the lines'
 * breaks taken away. */
static void
read_strip(struct scene *s, char *out, size_t size)
{
    const char *at = strstr(scene_text(s, WIDTH, HEIGHT, false), " what happens ");
    size_t n = 0;
    assert_non_null(at);
    at = strchr(at, '\n') + 1;
    const char *end = strstr(at, "────");
    for (; *at && at != end && n + 2 < size; at++) {
        if (*at == '\n' || (*at == ' ' && (n == 0 || out[n - 1] == ' ')))
            continue;
        if (n && at[-1] == ' ' && at[-2] == ' ' && out[n - 1] != ' ')
            out[n++] = ' ';
        out[n++] = *at;
    }
    out[n] = '\0';
}

static void
strip_of(const char *file, size_t answers, char *out, size_t size)
{
    struct scene s;
    scene_open(&s, file, answers);
    s.ui.is_teaching = true;
    read_strip(&s, out, size);
    scene_close(&s);
}

/* Whole sentences that fit: nothing is cut, and the last one ends. */
static void
teach__says_whole_sentences__at_every_step(void **state)
{
    static const char *const files[] = {
        "portfolio_ok", "portfolio_all_branches_fail", "portfolio_call_private_callback",
        "portfolio_deposit", "portfolio_detached", "portfolio_fan_8", "portfolio_lending_logs",
        "portfolio_lending_not_json", "portfolio_lending_out_of_gas", "portfolio_lending_panics",
        "portfolio_lending_traps", "portfolio_method_missing", "portfolio_missing_account",
        "portfolio_missing_argument", "portfolio_no_code", "portfolio_sequential",
        "portfolio_too_little_gas", "portfolio_batch_fails",
        "portfolio_congested"};
    char text[1024], last[1024];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        last[0] = '\0';
        for (size_t step = 2; step <= STEPS; step++) {
            strip_of(files[i], step, text, sizeof(text));
            size_t n = strlen(text);
            if (n < 10 || text[n - 1] != '.' || strstr(text, "  ") || text[0] < 'A' || text[0] > 'Z')
                fail_msg("%s, step %zu: \"%s\"", files[i], step, text);
            snprintf(last, sizeof(last), "%s", text);
        }
        assert_null(strstr(last, "waits"));
    }
}

static void
teach__tells_the_story_of_a_failure(void **state)
{
    static const struct {
        const char *file;
        const char *end;
    } cases[] = {
        {"portfolio_ok", "The call succeeded. It took 2 blocks; one after another its calls would take "
                         "about 6. All of it is final."},
        {"portfolio_lending_panics", "The call succeeded though get_position failed: \"insufficient "
                                     "liquidity: pool is paused\". What the others did stays done. It took "
                                     "2 blocks; one after another its calls would take about 6. All of it "
                                     "is final."},
        {"portfolio_sequential", "The call succeeded. It took 6 blocks, since each call waited for the one "
                                 "before. All of it is final."},
        {"portfolio_missing_argument", "The call failed: \"missing argument\". All of it is final."},
    };
    char text[1024];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        strip_of(cases[i].file, SCENE_ALL, text, sizeof(text));
        assert_string_equal(text, cases[i].end);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(teach__says_whole_sentences__at_every_step),
        cmocka_unit_test(teach__tells_the_story_of_a_failure),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
