#include "tui/model/roster.h"

#include <stdlib.h>
#include <string.h>
#include "net/base/xalloc.h"

void
roster_init(struct roster *r)
{
    memset(r, 0, sizeof(*r));
    arena_init(&r->words);
}

void
roster_release(struct roster *r)
{
    xfree(r->all);
    xfree(r->row);
    arena_release(&r->words);
    memset(r, 0, sizeof(*r));
}

void
roster_set(struct roster *r, const struct pick *filter, enum roster_sort sort, bool is_reversed)
{
    r->filter = *filter;
    r->sort = sort;
    r->is_reversed = is_reversed;
    r->is_changed = true;
}

const char *
roster_sort_name(enum roster_sort sort)
{
    static const char *const names[ROSTER_SORTS] = {"age",     "contract", "method",
                                                    "verdict", "gas",      "time"};
    return names[sort];
}

const struct action *
call_method(const struct call *c)
{
    const struct transaction *t = &c->transaction;
    bool is_one = c->has_transaction && t->action_count == 1 &&
                  t->actions[0].kind == ACTION_FUNCTION_CALL;
    return is_one ? &t->actions[0] : NULL;
}

/* --- what is sorted by ---------------------------------------------------------------------- */

/* How urgently a person wants to see it. */
static uint64_t
badness(enum verdict_kind kind)
{
    switch (kind) {
    case VERDICT_FAILED: return 5;
    case VERDICT_BRANCH_FAILED: return 4;
    case VERDICT_UNKNOWN: return 3;
    case VERDICT_RUNNING: return 2;
    case VERDICT_OK: return 1;
    }
    return 0;
}

static void
set_key(struct roster_row *row, enum roster_sort sort)
{
    const struct call *c = row->call;
    const struct verdict *v = row->verdict;
    const struct action *method = call_method(c);
    row->word = STR("");
    row->number = 0;
    switch (sort) {
    case ROSTER_AGE: break;
    case ROSTER_CONTRACT:
        row->word = c->has_transaction ? account_str(&c->transaction.receiver) : STR("");
        break;
    case ROSTER_METHOD: row->word = method ? method->method : STR(""); break;
    case ROSTER_VERDICT: row->number = badness(v->kind); break;
    case ROSTER_GAS: row->number = v->gas_burnt; break;
    case ROSTER_TIME: row->number = v->has_ms && v->ms > 0 ? (uint64_t)(v->ms * 1000) : 0; break;
    case ROSTER_SORTS: break;
    }
}

static int
compare(const void *a, const void *b)
{
    const struct roster_row *left = a, *right = b;
    int by_word = str_compare(left->word, right->word);
    if (by_word)
        return by_word;
    if (left->number != right->number)
        return left->number > right->number ? -1 : 1;
    return left->arrival > right->arrival ? -1 : 1;
}

/* --- making it ------------------------------------------------------------------------------ */

/* The key under which runs of one method of one contract meet; empty: it has none. */
static struct str
run_key(struct roster *r, const struct call *c)
{
    const struct action *method = call_method(c);
    if (!method)
        return STR("");
    return str_from(arena_printf(&r->words, "%s %.*s", c->transaction.receiver.s,
                                 STR_ARG(method->method)));
}

static void
gather(struct roster *r, struct store *s)
{
    struct map runs = {0};
    void *all = r->all;
    r->all_room = xgrow(&all, r->all_room, s->recent_count, sizeof(*r->all));
    r->all = all;
    r->all_count = s->recent_count;
    r->gas_burnt = 0;
    memset(r->by_verdict, 0, sizeof(r->by_verdict));
    arena_reset(&r->words);
    for (size_t i = 0; i < s->recent_count; i++) {
        struct call *c = s->recent[i];
        struct roster_row row = {.call = c, .verdict = call_verdict(s, c), .arrival = i,
                                 .previous = -1};
        struct str key = run_key(r, c);
        /* Values of a map are not NULL: a place is kept with one added. */
        uintptr_t before = key.n ? (uintptr_t)map_put(&runs, key, (void *)(uintptr_t)(i + 1)) : 0;
        if (before)
            row.previous = (ptrdiff_t)before - 1;
        r->by_verdict[row.verdict->kind]++;
        r->gas_burnt += row.verdict->gas_burnt <= UINT64_MAX - r->gas_burnt
                            ? row.verdict->gas_burnt
                            : UINT64_MAX - r->gas_burnt;
        r->all[i] = row;
    }
    map_release(&runs);
}

static void
choose(struct roster *r, struct store *s)
{
    void *rows = r->row;
    r->room = xgrow(&rows, r->room, r->all_count, sizeof(*r->row));
    r->row = rows;
    r->count = 0;
    for (size_t i = 0; i < r->all_count; i++) {
        if (r->filter.count && !pick_call(&r->filter, s, r->all[i].call))
            continue;
        r->row[r->count] = r->all[i];
        set_key(&r->row[r->count++], r->sort);
    }
    if (r->count)
        qsort(r->row, r->count, sizeof(*r->row), compare);
    for (size_t i = 0; r->is_reversed && i < r->count / 2; i++) {
        struct roster_row row = r->row[i];
        r->row[i] = r->row[r->count - 1 - i];
        r->row[r->count - 1 - i] = row;
    }
}

void
roster_update(struct roster *r, struct store *s)
{
    if (r->store == s && r->generation == s->generation && !r->is_changed)
        return;
    gather(r, s);
    choose(r, s);
    r->store = s;
    r->generation = s->generation;
    r->is_changed = false;
}

ptrdiff_t
roster_find(const struct roster *r, const struct hash *tx)
{
    for (size_t i = 0; i < r->count; i++) {
        if (hash_equal(&r->row[i].call->tx, tx))
            return (ptrdiff_t)i;
    }
    return -1;
}
