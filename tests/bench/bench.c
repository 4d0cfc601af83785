/* bench: how long the way from an answer to the picture takes, stage by stage, as ratios.
 *
 * Every stage works on the same recorded call, and each is told against the one before it, in
 * the same process on the same machine: the ratios are what to compare between two versions of
 * the program, the times only say where they were taken. Judges nothing, exits with 0. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include "net/base/clock.h"
#include "net/base/macros.h"
#include "tests/support/model_case.h"
#include "tui/model/verdict.h"

enum { ROUNDS = 7, REPEATS = 200 };

struct bench {
    struct model_case recorded;
    struct buf text;            /* the last answer, as it came */
    struct json *answer;
    unsigned long sink;         /* what was computed, so that nothing is left out */
};

static void
must(enum err e, const struct diag *d)
{
    if (e) {
        fprintf(stderr, "bench: %s\n", diag_text(d));
        exit(EXIT_FAILURE);
    }
}

static void
parse_answer(struct bench *b)
{
    struct diag d = {0};
    struct json *root = NULL;
    must(json_parse(buf_str(&b->text), JSON_BYTES_MAX, &root, &d), &d);
    b->sink += json_first(root) != NULL;
    json_free(root);
}

static void
decode_answer(struct bench *b)
{
    struct diag d = {0};
    struct arena arena;
    struct event_list list;
    arena_init(&arena);
    event_list_init(&list, &arena, SOURCE_RPC, 0);
    must(decode_tx_status(b->answer, &b->recorded.tx, &list, &d), &d);
    b->sink += list.count;
    event_list_release(&list);
    arena_release(&arena);
}

static void
apply_facts(struct bench *b)
{
    struct store *s = model_case_store(&b->recorded);
    b->sink += s->generation;
    store_free(s);
}

static void
apply_and_judge(struct bench *b)
{
    struct store *s = model_case_store(&b->recorded);
    struct call *c = model_case_call(&b->recorded, s);
    b->sink += (unsigned long)call_verdict(s, c)->kind;
    store_free(s);
}

/* Nanoseconds of one repeat: the best of some rounds. */
static int64_t
measure(struct bench *b, void (*stage)(struct bench *b))
{
    int64_t best = INT64_MAX;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t start = clock_monotonic_ns();
        for (int i = 0; i < REPEATS; i++)
            stage(b);
        int64_t took = (clock_monotonic_ns() - start) / REPEATS;
        if (took < best)
            best = took;
    }
    return best;
}

static const struct {
    const char *name, *against;
    void (*stage)(struct bench *b);
} stages[] = {
    {"parse the last answer", "itself", parse_answer},
    {"decode it to facts", "parsing it", decode_answer},
    {"join all facts of the call", "decoding one answer", apply_facts},
    {"join them and derive the tree", "joining alone", apply_and_judge},
};

int
main(void)
{
    struct bench b = {.sink = 0};
    model_case_load(&b.recorded, "portfolio_ok");
    const struct json *last = net_record_at(&b.recorded.record, INT_MAX);
    struct diag d = {0};
    buf_init(&b.text, JSON_BYTES_MAX);
    json_print(json_find(last, "result"), &b.text);
    must(json_parse(buf_str(&b.text), JSON_BYTES_MAX, &b.answer, &d), &d);

    printf("portfolio call: %zu facts, an answer of %zu bytes\n", b.recorded.facts.count, b.text.n);
    int64_t before = 0;
    for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
        int64_t took = measure(&b, stages[i].stage);
        printf("%-30s %7.1f us  %5.2f x %s\n", stages[i].name, (double)took / 1e3,
               before ? (double)took / (double)before : 1.0, stages[i].against);
        before = took;
    }
    json_free(b.answer);
    buf_release(&b.text);
    model_case_release(&b.recorded);
    return b.sink ? EXIT_SUCCESS : EXIT_FAILURE;
}
