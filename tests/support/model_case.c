#include "tests/support/model_case.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include "net/base/macros.h"
#include "net/near/base58.h"
#include "tui/model/want.h"

enum { WANTS_MAX = 128, FINAL_AFTER = 2 };

static void
must(enum err e, const struct diag *d)
{
    if (!e)
        return;
    fprintf(stderr, "a recorded answer was not understood: %s\n", diag_text(d));
    abort();
}

static void
add_status(struct model_case *m, const struct json *entry, struct event_list *out)
{
    struct diag d = {0};
    const struct json *result = json_find(entry, "result");
    if (result)
        must(decode_tx_status(result, &m->tx, out, &d), &d);
    else
        event_list_add(out, EVENT_TX_STATE, &m->tx)->tx_state.state = TX_UNKNOWN;
}

/* Seen one after another, a millisecond apart. */
static void
add_all(struct model_case *m)
{
    struct diag d = {0};
    struct event_list *out = &m->facts;
    const struct json *v = json_first(json_find(m->record.root, "timeline"));
    for (; v; v = json_next(v)) {
        out->seen_ns += 1000000;
        m->blocks = net_record_block(v);
        add_status(m, v, out);
    }
    for (v = json_first(json_find(m->record.root, "receipts")); v; v = json_next(v)) {
        if (json_find(v, "receipt_id"))
            must(decode_receipt(v, &m->tx, out, &d), &d);
    }
    for (v = json_first(json_find(m->record.root, "blocks")); v; v = json_next(v))
        must(decode_block(v, false, out, &d), &d);
}

void
model_case_load(struct model_case *m, const char *file)
{
    char path[256];
    *m = (struct model_case){.blocks = 0};
    snprintf(path, sizeof(path), "tests/data/node/%s.json", file);
    net_record_load(&m->record, path);
    arena_init(&m->arena);
    m->tx = m->record.tx.hash;
    event_list_init(&m->facts, &m->arena, SOURCE_RPC, 0);
    add_all(m);
}

void
model_case_release(struct model_case *m)
{
    event_list_release(&m->facts);
    arena_release(&m->arena);
    net_record_release(&m->record);
}

struct store *
model_case_store(const struct model_case *m)
{
    struct store *s = store_new();
    for (size_t i = 0; i < m->facts.count; i++)
        store_apply(s, &m->facts.events[i]);
    return s;
}

struct call *
model_case_call(const struct model_case *m, const struct store *s)
{
    struct call *c = store_call(s, &m->tx);
    assert(c);
    return c;
}

/* --- a node, asked ------------------------------------------------------------------------ */

static void
answer_receipt(struct model_case *m, const struct want *w, struct event_list *out)
{
    struct diag d = {0};
    char text[HASH_TEXT];
    const struct json *v = json_first(json_find(m->record.root, "receipts"));
    hash_text(&w->id, text);
    while (v && !(str_equal_c(json_key(v), text) && json_find(v, "receipt_id")))
        v = json_next(v);
    if (v) {
        must(decode_receipt(v, &m->tx, out, &d), &d);
    } else {
        struct event *ev = event_list_add(out, EVENT_HOLE, &m->tx);
        ev->hole.id = w->id;
        ev->hole.reason = STR("the node does not know it");
    }
}

static void
answer(struct model_case *m, const struct want *w, int block, struct event_list *out)
{
    struct diag d = {0};
    char text[HASH_TEXT];
    const struct json *v;
    switch (w->kind) {
    case WANT_STATUS:
        v = net_record_at(&m->record, block);
        if (v)
            add_status(m, v, out);
        return;
    case WANT_RECEIPT: answer_receipt(m, w, out); return;
    case WANT_BLOCK:
        v = net_record_find_block(&m->record, str_from(hash_text(&w->id, text)));
        assert(v);
        must(decode_block(v, false, out, &d), &d);
        return;
    case WANT_FINALITY: {
        uint64_t head = m->record.first_height + (uint64_t)block;
        event_list_add(out, EVENT_FINAL, &m->tx)->final.height = head - FINAL_AFTER;
        return;
    }
    }
}

void
model_case_answer(struct model_case *m, struct store *s, const struct want *w, int block)
{
    struct arena arena;
    struct event_list list;
    arena_init(&arena);
    event_list_init(&list, &arena, SOURCE_RPC, 1 + block);
    answer(m, w, block, &list);
    for (size_t i = 0; i < list.count; i++)
        store_apply(s, &list.events[i]);
    event_list_release(&list);
    arena_release(&arena);
}

int
model_case_look(struct model_case *m, struct store *s, int block)
{
    struct want asked[WANTS_MAX], wants[WANTS_MAX];
    size_t asked_count = 0, i, j;
    bool is_new = true;
    while (is_new) {
        size_t count = want_list(s, model_case_call(m, s), wants, 0, WANTS_MAX);
        is_new = false;
        for (i = 0; i < count; i++) {
            for (j = 0; j < asked_count; j++) {
                if (asked[j].kind == wants[i].kind && hash_equal(&asked[j].id, &wants[i].id))
                    break;
            }
            if (j < asked_count || asked_count == WANTS_MAX)
                continue;
            asked[asked_count++] = wants[i];
            model_case_answer(m, s, &wants[i], block);
            is_new = true;
        }
    }
    return (int)asked_count;
}
