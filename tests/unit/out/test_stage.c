/* How far a call has come: states that are easily taken for each other, and their advice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "tests/support/model_made.h"
#include "tui/model/replaced.h"
#include "tui/out/say.h"
#include "tui/out/stage.h"

static void
say_state(struct store *s, enum tx_state state, int64_t seen_ns)
{
    struct event ev = made_event(EVENT_TX_STATE);
    ev.seen_ns = seen_ns;
    ev.tx_state.state = state;
    ev.tx_state.reason = STR("none of 2 endpoints has seen it in 12 s");
    store_apply(s, &ev);
}

static void
sign(struct store *s)
{
    struct event ev = made_event(EVENT_TX);
    ev.transaction.view = (struct transaction){.signer = account_of("a.near"),
                                               .receiver = account_of("b.near")};
    store_apply(s, &ev);
}

static void
take_back(struct store *s, unsigned height)
{
    struct event ev = made_event(EVENT_REPLACED);
    ev.seen_ns = 50;
    ev.replaced.block = made_id(MADE_BLOCK + height);
    ev.replaced.height = height;
    store_apply(s, &ev);
}

/* What a call goes through, one after another. */
enum step { SIGNED, TOLD_SENT, TOLD_UNKNOWN, TOLD_UNOBSERVED, TOLD_INCLUDED, RAN, ROOT_RAN, TAKEN_BACK,
            TOLD_REFUSED, END };

static void
take(struct store *s, enum step step)
{
    switch (step) {
    case SIGNED: sign(s); break;
    case TOLD_SENT: say_state(s, TX_SENT, 1); break;
    case TOLD_UNKNOWN: say_state(s, TX_UNKNOWN, 2); break;
    case TOLD_UNOBSERVED: say_state(s, TX_UNOBSERVED, 3); break;
    case TOLD_INCLUDED: say_state(s, TX_INCLUDED, 4); break;
    case RAN: made_ran(s, MADE_TX, 10, MADE_ROOT, 1); break;
    case ROOT_RAN: made_ran(s, MADE_ROOT, 11, 1, 2); break;
    case TAKEN_BACK: take_back(s, 10); break;
    case TOLD_REFUSED: say_state(s, TX_REFUSED, 60); break;
    case END: break;
    }
}

static void
stage_of__tells_them_apart(void **state)
{
    static const struct {
        enum step steps[8];
        enum stage stage;
    } cases[] = {
        {{SIGNED, TOLD_SENT, END}, STAGE_SENT},
        {{SIGNED, TOLD_SENT, TOLD_UNKNOWN, END}, STAGE_UNKNOWN},
        {{SIGNED, TOLD_SENT, TOLD_UNKNOWN, TOLD_UNOBSERVED, END}, STAGE_UNOBSERVED},
        {{TOLD_UNKNOWN, END}, STAGE_SOUGHT},
        {{TOLD_UNKNOWN, TOLD_UNOBSERVED, END}, STAGE_NOT_FOUND},
        {{SIGNED, TOLD_SENT, TOLD_INCLUDED, END}, STAGE_INCLUDED},
        {{SIGNED, TOLD_SENT, TOLD_INCLUDED, RAN, END}, STAGE_RUNNING},
        {{SIGNED, TOLD_SENT, TOLD_INCLUDED, RAN, TAKEN_BACK, END}, STAGE_TAKEN_BACK},
        {{SIGNED, TOLD_SENT, TOLD_UNKNOWN, TOLD_REFUSED, END}, STAGE_REFUSED},
        {{SIGNED, TOLD_SENT, TOLD_INCLUDED, RAN, ROOT_RAN, END}, STAGE_RUNNING},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct store *s = store_new();
        for (size_t k = 0; cases[i].steps[k] != END; k++)
            take(s, cases[i].steps[k]);
        struct call *c = made_call(s);
        enum stage stage = stage_of(c, call_verdict(s, c));
        if (stage != cases[i].stage)
            fail_msg("case %zu: %s", i, stage_word(stage));
        store_free(s);
    }
}

static void
stages__have_words_of_their_own(void **state)
{
    (void)state;
    for (int i = 0; i < STAGE_COUNT; i++) {
        assert_true(stage_advice((enum stage)i)[0] != '\0');
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(stage_word((enum stage)i), stage_word((enum stage)k));
            assert_string_not_equal(stage_advice((enum stage)i), stage_advice((enum stage)k));
        }
    }
}

static void
stage_sentence__has_the_reason__and_the_verdict_its_advice(void **state)
{
    struct store *s = store_new();
    struct buf text;
    (void)state;
    take(s, SIGNED);
    take(s, TOLD_SENT);
    take(s, TOLD_UNOBSERVED);
    buf_init(&text, 4096);
    struct call *c = made_call(s);
    say_verdict(&text, c, call_verdict(s, c));
    assert_string_equal(buf_c(&text),
                        "The call was not observed: none of 2 endpoints has seen it in 12 s. What to "
                        "do: it may have been dropped, or may still run; the same bytes go out "
                        "again: look once more before you send another.");
    buf_clear(&text);
    stage_timeout(&text, c, call_verdict(s, c));
    assert_non_null(strstr(buf_c(&text), "it may still run: \"neartop watch a.near:"));
    buf_clear(&text);
    stage_timeout(&text, NULL, NULL);
    assert_non_null(strstr(buf_c(&text), "nothing was sent"));
    buf_release(&text);
    store_free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stage_of__tells_them_apart),
        cmocka_unit_test(stages__have_words_of_their_own),
        cmocka_unit_test(stage_sentence__has_the_reason__and_the_verdict_its_advice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
