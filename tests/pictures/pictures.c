/* make pictures: the README's pictures, made by the program itself on a pseudo-terminal. A row
 * of the table a picture: what is started, what is awaited, which keys are pressed.
 *   pictures NEARTOP FOLDER */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "tests/pictures/svg.h"

enum { STEPS = 8, ARGUMENTS = 6 };

struct step {
    const char *wait;               /* until this is there */
    const char *press;              /* then these keys */
};

static const struct picture {
    const char *name;
    int width, height;
    const char *arguments[ARGUMENTS];
    struct step steps[STEPS];       /* the picture is taken when the last one is done */
} pictures[] = {
    {"demo", 120, 40, {"demo", "--fail", "lending=panic"},
     {{"all of it is final", "!"}, {"panicked:", NULL}}},
    {"calls", 100, 12, {"demo"},
     {{"Tgas  final", "r"}, {"running", NULL}, {"Tgas  final", "s"},
      {"get_portfolio_sequential", NULL}, {"Tgas  final", "1"}, {"3 ok", NULL}}},
    {"flight", 100, 30, {"demo", "--block-time", "1500"}, {{"0 of 3 branches are back", NULL}}},
    {"success", 100, 30, {"demo"}, {{"all of it is final", NULL}}},
    {"compare", 100, 20, {"demo", "--block-time", "200"},
     {{"Tgas  final", "s"}, {"get_portfolio_sequential", NULL}, {"Tgas  final", "b"},
      {"calls › batch", NULL}, {"Tgas  final", "4"}, {"Medians", NULL}}},
};

static struct {
    const char *program, *folder;
} given;

static void
take(const struct picture *p)
{
    const char *argv[ARGUMENTS + 4] = {given.program};
    char path[512], words[256] = "neartop";
    size_t n = 1;
    for (size_t i = 0; i < ARGUMENTS && p->arguments[i]; i++) {
        argv[n++] = p->arguments[i];
        snprintf(words + strlen(words), sizeof(words) - strlen(words), " %s", p->arguments[i]);
    }
    struct screen *s = screen_start(p->width, p->height, argv, NULL);
    for (size_t i = 0; i < STEPS && p->steps[i].wait; i++) {
        screen_wait(s, p->steps[i].wait);
        if (p->steps[i].press)
            screen_press(s, p->steps[i].press);
    }
    assert_true(screen_settle(s));
    snprintf(path, sizeof(path), "%s/%s.svg", given.folder, p->name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    svg_write(s, words, out);
    assert_int_equal(fclose(out), 0);
    printf("  %s\n", path);
    screen_press(s, "q");
    screen_wait_end(s);
    screen_free(s);
}

static void
pictures__are_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++)
        take(&pictures[i]);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pictures__are_taken)};
    if (argc != 3) {
        fputs("usage: pictures NEARTOP FOLDER\n", stderr);
        return 64;
    }
    given.program = argv[1];
    given.folder = argv[2];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
