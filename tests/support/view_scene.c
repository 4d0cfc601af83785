#include "tests/support/view_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "net/decode.h"
#include "net/near/base58.h"
#include "tests/support/json_file.h"
#include "tests/support/model_made.h"

enum { TEXT_MAX = 512 * 1024 };

static const char *const branches[] = {"token", "lending", "staking"};
static const struct snapshot_fault faults[] = {{"panic", "refuses with a message"},
                                               {"trap", "does what wasm forbids"}};

static const char *const signers[] = {"alice.test.near", "bob.test.near"};

static struct snapshot
snapshot_of(struct store *store, struct call *call)
{
    return (struct snapshot){.store = store,
                             .call = call,
                             .network = "test",
                             .is_embedded = true,
                             .can_run = true,
                             .now_ns = 3 * (int64_t)NS_PER_S,
                             .clock_ns = 3 * (int64_t)NS_PER_S,
                             .trouble = "",
                             .explorer = "https://explorer.test/{tx}",
                             .note = "starting the embedded chain",
                             .branches = branches,
                             .branch_count = ARRAY_LEN(branches),
                             .faults = faults,
                             .fault_count = ARRAY_LEN(faults),
                             .signers = signers,
                             .signer_count = ARRAY_LEN(signers)};
}

static void
apply_all(struct store *store, const struct event_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        store_apply(store, &list->events[i]);
}

static struct json *
read_recorded(const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "tests/data/node/%s.json", name);
    return json_file_read(path);
}

static void
add_recorded(struct scene *s, const char *name, size_t answers)
{
    struct json *root = read_recorded(name);
    struct arena arena;
    struct event_list list;
    struct str text;
    struct hash tx;
    struct diag d = {0};
    assert_int_equal(json_get_string(root, "tx_hash", &text, &d), OK);
    assert_int_equal(hash_parse(text, &tx, &d), OK);
    arena_init(&arena);
    size_t taken = 0;
    for (const struct json *v = json_first(json_find(root, "timeline")); v && taken < answers;
         v = json_next(v), taken++) {
        const struct json *result = json_find(v, "result");
        event_list_init(&list, &arena, SOURCE_RPC, 1);
        if (result && decode_tx_status(result, &tx, &list, &d) == OK)
            apply_all(s->store, &list);
        event_list_release(&list);
    }
    for (const struct json *b = json_first(json_find(root, "blocks")); b; b = json_next(b)) {
        event_list_init(&list, &arena, SOURCE_RPC, 1);
        assert_int_equal(decode_block(b, false, &list, &d), OK);
        apply_all(s->store, &list);
        event_list_release(&list);
    }
    s->snapshot = snapshot_of(s->store, store_call(s->store, &tx));
    assert_non_null(s->snapshot.call);
    s->store->head_seen_ns = s->snapshot.now_ns;
    arena_release(&arena);
    json_free(root);
}

void
scene_open(struct scene *s, const char *name, size_t answers)
{
    scene_open_empty(s);
    add_recorded(s, name, answers);
}

/* How sources do, and what they were asked. */
static void
add_sources(struct store *s)
{
    struct event ev = {.kind = EVENT_SOURCE, .source = SOURCE_RPC, .seen_ns = 1};
    ev.health.state = SOURCE_LIVE;
    ev.health.delay_ns = 2500000;
    ev.health.requests = 12;
    store_apply(s, &ev);
    ev.source = SOURCE_FEED;
    ev.health.state = SOURCE_RETRYING;
    ev.health.text = STR("feed.test: no answer for 5 s");
    ev.health.delay_ns = -1;
    store_apply(s, &ev);
    ev = (struct event){.kind = EVENT_ENDPOINT, .source = SOURCE_RPC, .seen_ns = 1};
    ev.endpoint = (struct endpoint_fact){
        .score = 800, .name = "first", .host = "rpc.test", .state = ENDPOINT_WORKS, .reason = "",
        .requests = 10, .bytes_sent = 9000, .bytes_received = 70000, .median_ns = 2500000,
        .p95_ns = 9000000, .second_used = 2, .second_most = 5};
    store_apply(s, &ev);
    ev.endpoint = (struct endpoint_fact){
        .index = 1, .name = "second", .host = "slow.test", .state = ENDPOINT_RESTS, .requests = 2,
        .failures = 2, .reason = "slow.test: no answer within 5 s", .median_ns = -1, .p95_ns = -1};
    store_apply(s, &ev);
    ev = (struct event){.kind = EVENT_REQUEST, .source = SOURCE_RPC, .seen_ns = 1000000000};
    ev.request = (struct request_fact){.method = "EXPERIMENTAL_tx_status", .took_ns = 2500000,
                                       .status = 200, .bytes_sent = 551, .bytes_received = 9145,
                                       .is_fine = true};
    store_apply(s, &ev);
    ev.seen_ns = 2000000000;
    ev.request = (struct request_fact){.method = "block", .endpoint = 1, .took_ns = 5000000000,
                                       .bytes_sent = 320, .words = "slow.test: no answer within 5 s"};
    store_apply(s, &ev);
}

void
scene_open_calls(struct scene *s)
{
    scene_open(s, "portfolio_ok", SCENE_ALL);
    add_recorded(s, "portfolio_lending_panics", SCENE_ALL);
    add_recorded(s, "portfolio_sequential", SCENE_ALL);
    add_recorded(s, "portfolio_batch_fails", SCENE_ALL);
    add_recorded(s, "portfolio_fan_8", SCENE_ALL);
    add_recorded(s, "transfer", SCENE_ALL);
    add_recorded(s, "portfolio_congested", 4);
    add_sources(s->store);
    scene_add_offers(s);
    ui_begin(&s->ui, UI_CALLS);
}

void
scene_add_offers(struct scene *s)
{
    static const struct offer presets[] = {
        {OFFER_PRESET, "@portfolio", "three contracts at once, joined by a callback", "",
         "portfolio.test.near", "get_portfolio_data", "{\"user\":\"alice.test.near\"}", "100 Tgas", "0 NEAR",
         "alice.test.near"},
        {OFFER_PRESET, "@balance", "what bob has", "", "token.test.near", "ft_balance_of",
         "{\"account_id\": \"bob.test.near\"}", "5 Tgas", "1 yoctoNEAR", ""}};
    offers_clear(&s->offers);
    for (size_t i = 0; i < ARRAY_LEN(presets); i++)
        offers_add(&s->offers, &presets[i]);
    for (size_t i = s->store->recent_count; i-- > 0;)
        offers_add_call(&s->offers, s->store->recent[i]);
    s->snapshot.offers = &s->offers;
    s->snapshot.has_gas_price = true;
    s->snapshot.gas_price = amount_of(150000000);
}

void
scene_open_empty(struct scene *s)
{
    *s = (struct scene){.store = store_new()};
    offers_init(&s->offers);
    ui_init(&s->ui);
    ui_begin(&s->ui, UI_CALL);
    s->snapshot = snapshot_of(s->store, NULL);
}

void
scene_open_fan(struct scene *s, unsigned count)
{
    enum { DATA = 3000000 };
    scene_open_empty(s);
    unsigned *inputs = test_calloc(count, sizeof(*inputs));
    made_ran(s->store, MADE_TX, 10, MADE_ROOT, 1);
    for (unsigned i = 0; i < count; i++) {
        inputs[i] = DATA + i;
        made_exists(s->store, 1 + i, NULL, 0, inputs[i]);
    }
    made_exists(s->store, MADE_ROOT, NULL, 0, 0);
    made_exists(s->store, count + 1, inputs, count, 0);
    made_ran(s->store, MADE_ROOT, 11, 1, count + 1);
    for (unsigned i = 0; i < count; i++) {
        if (i % 3 == 1)
            made_failed(s->store, 1 + i, 12);
        else if (i % 3 == 0)
            made_ran(s->store, 1 + i, 12, 0, 0);
    }
    test_free(inputs);
    s->snapshot.call = made_call(s->store);
}

void
scene_open_chain(struct scene *s, unsigned count)
{
    scene_open_empty(s);
    made_ran(s->store, MADE_TX, 10, MADE_ROOT, 1);
    for (unsigned i = 0; i < count; i++)
        made_returned(s->store, MADE_ROOT + i, 11 + i, MADE_ROOT + i + 1);
    s->snapshot.call = made_call(s->store);
}

void
scene_close(struct scene *s)
{
    ui_release(&s->ui);
    offers_release(&s->offers);
    store_free(s->store);
}

/* --- keys ------------------------------------------------------------------------------------- */

enum ui_effect
scene_press(struct scene *s, enum key_special special, uint32_t scalar)
{
    const struct key k = {.special = special, .scalar = scalar};
    return ui_key(&s->ui, &s->snapshot, &k);
}

static enum key_special
special_of(uint32_t scalar)
{
    switch (scalar) {
    case '\n':
    case '\r': return KEY_RETURN;
    case '\t': return KEY_TAB;
    case '\033': return KEY_ESCAPE;
    default: return KEY_CHARACTER;
    }
}

void
scene_type(struct scene *s, const char *text)
{
    struct str rest = str_from(text);
    while (rest.n) {
        uint32_t scalar = utf8_take(&rest);
        enum key_special special = special_of(scalar);
        scene_press(s, special, special == KEY_CHARACTER ? scalar : 0);
    }
}

/* --- pictures --------------------------------------------------------------------------------- */

const char *
cells_text(const struct cells *c)
{
    static char text[TEXT_MAX];
    size_t n = 0;
    for (int y = 0; y < c->height; y++) {
        size_t end = n;
        for (int x = 0; x < c->width; x++) {
            const struct cell *at = cells_at(c, x, y);
            if (!at->width)
                continue;
            n += (size_t)utf8_put(text + n, at->scalar);
            for (int i = 0; i < CELL_MARKS && at->mark[i]; i++)
                n += (size_t)utf8_put(text + n, at->mark[i]);
            end = at->scalar == ' ' ? end : n;
        }
        n = end;
        text[n++] = '\n';
    }
    text[n] = '\0';
    return text;
}

const char *
cells_roles(const struct cells *c)
{
    static char text[TEXT_MAX];
    size_t n = 0;
    for (int y = 0; y < c->height; y++) {
        size_t end = n;
        for (int x = 0; x < c->width; x++) {
            const struct cell *at = cells_at(c, x, y);
            bool is_plain = at->scalar == ' ' || at->role == ROLE_TEXT;
            char letter = is_plain ? '.' : (char)('a' + at->role);
            text[n++] = at->selection == SELECTION_NAME ? '@' : letter;
            end = text[n - 1] == '.' ? end : n;
        }
        n = end;
        text[n++] = '\n';
    }
    text[n] = '\0';
    return text;
}

const char *
scene_text(struct scene *s, int width, int height, bool is_ascii)
{
    struct cells c;
    cells_init(&c, width, height, is_ascii);
    ui_paint(&c, &s->ui, &s->snapshot);
    cells_check(&c);
    const char *text = cells_text(&c);
    cells_release(&c);
    return text;
}

void
cells_check(const struct cells *c)
{
    for (int y = 0; y < c->height; y++) {
        for (int x = 0; x < c->width; x++) {
            const struct cell *at = cells_at(c, x, y);
            assert_true(at->role < ROLE_COUNT);
            assert_true(at->selection < SELECTION_COUNT);
            for (int i = 0; i < CELL_MARKS && at->mark[i]; i++)
                assert_true(at->scalar > ' ' && !c->is_ascii && utf8_is_mark(at->mark[i]));
            if (at->width == 0) {
                assert_true(x > 0 && cells_at(c, x - 1, y)->width == 2);
                continue;
            }
            assert_int_equal(at->width, utf8_width(at->scalar));
            if (at->width == 2)
                assert_int_equal(cells_at(c, x + 1, y)->width, 0);
            if (c->is_ascii)
                assert_true(at->scalar >= 0x20 && at->scalar < 0x7F);
        }
    }
}
