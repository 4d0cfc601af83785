#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "contract/chain/demo.h"
#include "contract/chain/keep.h"
#include "net/base/macros.h"
#include "net/base/map.h"
#include "net/base/xalloc.h"
#include "tests/support/demo_args.h"
#include "tests/unit/chain/fixture.h"

#define BLOCK_NS UINT64_C(600000000)
/* --- a store: what a database would hold -------------------------------------------------- */

struct stored {
    struct chain_record record;
    char key[];                     /* kind, key, value */
};

struct store {
    struct map map;                 /* kind and key -> struct stored, owned */
};

static void
store_clear(struct store *s)
{
    void *value;
    for (size_t i = 0; map_next(&s->map, &i, NULL, &value);)
        xfree(value);
    map_release(&s->map);
}

static void
store_apply(struct store *s, const struct chain_record *r)
{
    struct stored *kept = xmalloc(sizeof(*kept) + 1 + r->key.n + r->value.n);
    kept->key[0] = (char)r->kind;
    memcpy(kept->key + 1, r->key.p, r->key.n);
    if (r->value.n)
        memcpy(kept->key + 1 + r->key.n, r->value.p, r->value.n);
    kept->record = (struct chain_record){.kind = r->kind,
                                         .key = str_of(kept->key + 1, r->key.n),
                                         .value = str_of(kept->key + 1 + r->key.n, r->value.n)};
    struct str key = str_of(kept->key, 1 + r->key.n);
    xfree(map_remove(&s->map, key));
    if (r->is_gone)
        xfree(kept);
    else
        map_put(&s->map, key, kept);
}

static void
store_save(struct store *s, struct chain *c)
{
    const struct chain_record *records;
    size_t count = chain_keep_take(c, &records);
    for (size_t i = 0; i < count; i++)
        store_apply(s, &records[i]);
}

static struct chain_record *
store_records(const struct store *s)
{
    struct chain_record *records = xcalloc(s->map.live + 1, sizeof(*records));
    size_t count = 0;
    void *value;
    for (size_t i = 0; map_next(&s->map, &i, NULL, &value);)
        records[count++] = ((const struct stored *)value)->record;
    return records;
}

static enum err
store_wake(const struct store *s, uint64_t keep_blocks, struct chain **out, struct diag *d)
{
    struct chain_record *records = store_records(s);
    struct chain_config how = {.keep_blocks = keep_blocks};
    enum err e = chain_wake(records, s->map.live, &how, out, d);
    xfree(records);
    return e;
}

/* --- something happens -------------------------------------------------------------------- */

static uint64_t
draw(uint64_t *seed, uint64_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*seed >> 33) % below;
}

static void
open_chain(struct fixture *f, uint64_t keep_blocks)
{
    struct chain_config config;
    struct diag d = {0};
    uint64_t now = UINT64_C(1700000000000000000);
    *f = (struct fixture){.time_ns = now};
    arena_init(&f->arena);
    chain_default_config(&config, now - (DEMO_BLOCKS + 1) * BLOCK_NS);
    config.keep_blocks = keep_blocks;
    f->chain = chain_new(&config);
    if (demo_build(f->chain, now, BLOCK_NS, &d))
        fail_msg("%s", diag_text(&d));
    fixture_account(f, "program.test.near", "program");
    fixture_account(f, "zed.test.near", "leaf");
}

static void
send_yield(struct fixture *f)
{
    struct script s, callback;
    script_init(&s);
    script_init(&callback);
    script_results(&callback);
    script_return_promise(&s, script_yield(&s, script_str(&callback), "t", TERA_GAS * 20, 0));
    fixture_script(f, "alice.test.near", "program.test.near", &s);
    script_release(&s);
    script_release(&callback);
}

static void
send_resume(struct fixture *f)
{
    struct script s;
    script_init(&s);
    script_resume(&s, "t", "payload");
    fixture_script(f, "alice.test.near", "program.test.near", &s);
    script_release(&s);
}

/* zed's code for everybody, and somebody who uses it; delegated by alice. */
static void
send_contract_of_all(struct fixture *f)
{
    struct action deploy = {.kind = ACTION_DEPLOY_GLOBAL_CONTRACT, .by_account = true,
                            .code = fixture_wasm(f, "leaf")};
    struct action use = {.kind = ACTION_USE_GLOBAL_CONTRACT, .by_account = true,
                         .owner = account_of("zed.test.near")};
    fixture_send(f, "zed.test.near", "zed.test.near", &deploy, 1);
    fixture_send(f, "xcc.test.near", "xcc.test.near", &use, 1);
}

static void
send_something(struct fixture *f, uint64_t *seed)
{
    struct action actions[2] = {action_transfer_of(amount_of(draw(seed, 1000))),
                                action_key_of("somebody")};
    switch (draw(seed, 14)) {
    case 0: send_yield(f); return;
    case 1: send_resume(f); return;
    case 2: fixture_send(f, "alice.test.near", "nobody.near", actions, 1); return;
    case 3: fixture_send(f, "zed.test.near", "zed.test.near", actions, 2); return;
    case 4: send_contract_of_all(f); return;
    case 5:
        fixture_call(f, "alice.test.near", "guestbook.test.near", "add_message",
                     "{\"text\":\"kept\"}");
        return;
    default:
        fixture_call(f, "alice.test.near", "portfolio.test.near", "get_portfolio_data",
                     DEMO_ARGS);
        return;
    }
}

static void
some_blocks(struct fixture *f, uint64_t *seed, struct store *s, int count)
{
    for (int i = 0; i < count; i++) {
        for (uint64_t n = draw(seed, 7); n > 0; n--) {
            send_something(f, seed);
            if (s && draw(seed, 2))
                store_save(s, f->chain);
        }
        fixture_blocks(f, 1);
        if (s)
            store_save(s, f->chain);
    }
}

/* --- the same chain ----------------------------------------------------------------------- */

static void
assert_same_history(const struct chain *a, const struct chain *b)
{
    assert_true(hash_equal(&chain_head(a)->hash, &chain_head(b)->hash));
    assert_true(hash_equal(&chain_final(a)->hash, &chain_final(b)->hash));
    assert_true(hash_equal(&chain_genesis(a)->hash, &chain_genesis(b)->hash));
    assert_int_equal(chain_earliest(a)->height, chain_earliest(b)->height);
    for (uint64_t h = chain_earliest(a)->height; h <= chain_head(a)->height; h++) {
        const struct chain_block *x = chain_block_at(a, h), *y = chain_block_at(b, h);
        assert_true(hash_equal(&x->hash, &y->hash));
        for (size_t i = 0; i < x->chunk_count; i++) {
            const struct chain_chunk *p = &x->chunks[i], *q = &y->chunks[i];
            assert_ptr_equal(chain_chunk_by_hash(b, &p->hash), q);
            assert_int_equal(p->receipt_count, q->receipt_count);
            assert_int_equal(p->outcome_count, q->outcome_count);
            for (size_t j = 0; j < p->outcome_count; j++) {
                const struct chain_outcome *o = p->outcomes[j], *r = q->outcomes[j];
                assert_true(hash_equal(&o->id, &r->id));
                assert_true(str_equal(o->value, r->value));
                assert_int_equal(o->profile_count, r->profile_count);
                assert_int_equal(o->failure.kind, r->failure.kind);
                assert_ptr_equal(chain_outcome_of(b, &o->id), r);
                if (o->receipt)
                    assert_int_equal(o->receipt->action_count, r->receipt->action_count);
            }
        }
    }
}

/* Goes on with both, and with the same transactions; every block has the same bytes. */
static void
go_on_together(struct fixture *f, struct chain *woken, uint64_t seed, int blocks)
{
    struct fixture twin = *f;
    uint64_t twin_seed = seed;
    twin.chain = woken;
    arena_init(&twin.arena);
    for (int i = 0; i < blocks; i++) {
        some_blocks(f, &seed, NULL, 1);
        some_blocks(&twin, &twin_seed, NULL, 1);
        assert_true(hash_equal(&chain_head(f->chain)->hash, &chain_head(woken)->hash));
    }
    assert_same_history(f->chain, woken);
    arena_release(&twin.arena);
}

static void
chain_wake__makes_the_same_blocks__whenever_it_was_stored(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct fixture f;
        struct store s = {0};
        struct diag d = {0};
        uint64_t random = seed, keep = seed % 2 ? 0 : CHAIN_KEEP_LEAST;
        open_chain(&f, keep);
        chain_keep(f.chain);
        /* More than a chunk takes: some are delayed for a while. */
        for (int i = 0; i < 9 && seed == 1; i++)
            fixture_send_one(&f, "alice.test.near", "zed.test.near",
                             action_call_of("burn", "{\"n\":\"100000000\"}", 290 * TERA_GAS));
        for (int round = 0; round < 4; round++) {
            struct chain *woken;
            some_blocks(&f, &random, &s, 1 + (int)draw(&random, 12));
            if (store_wake(&s, keep, &woken, &d))
                fail_msg("%s", diag_text(&d));
            assert_same_history(f.chain, woken);
            go_on_together(&f, woken, random, 5);
            chain_free(woken);
            /* The five blocks have not been stored: they are now. */
            store_save(&s, f.chain);
        }
        store_clear(&s);
        fixture_release(&f);
    }
}

static void
chain_wake__keeps_transactions__that_came_after_the_last_block(void **state)
{
    (void)state;
    struct fixture f;
    struct store s = {0};
    struct chain *woken;
    struct diag d = {0};
    bool is_included;
    open_chain(&f, 0);
    chain_keep(f.chain);
    store_save(&s, f.chain);
    struct hash tx = fixture_call(&f, "alice.test.near", "portfolio.test.near",
                                  "get_portfolio_data", DEMO_ARGS);
    store_save(&s, f.chain);
    if (store_wake(&s, 0, &woken, &d))
        fail_msg("%s", diag_text(&d));
    assert_non_null(chain_transaction(woken, &tx, &is_included));
    assert_false(is_included);
    struct fixture twin = f;
    twin.chain = woken;
    fixture_settle(&twin);
    assert_int_equal(fixture_outcome(&twin, &tx)->status, CHAIN_RECEIPT);
    chain_free(woken);
    store_clear(&s);
    fixture_release(&f);
}

/* A promise that waits much longer than the history reaches back is there, and times out when
 * it would have. */
static void
chain_wake__keeps_what_waits__past_the_history(void **state)
{
    (void)state;
    struct fixture f;
    struct store s = {0};
    struct chain *woken;
    struct diag d = {0};
    uint64_t seed = 3;
    open_chain(&f, CHAIN_KEEP_LEAST);
    chain_keep(f.chain);
    send_yield(&f);
    fixture_settle(&f);
    fixture_blocks(&f, 150);
    store_save(&s, f.chain);
    if (store_wake(&s, CHAIN_KEEP_LEAST, &woken, &d))
        fail_msg("%s", diag_text(&d));
    go_on_together(&f, woken, seed, 60);
    chain_free(woken);
    store_clear(&s);
    fixture_release(&f);
}

/* --- nothing is forgotten ----------------------------------------------------------------- */

/* What was told bit by bit is what is told when all counts as changed. */
static void
chain_keep_take__tells_every_change__of_state_and_pool(void **state)
{
    (void)state;
    struct fixture f;
    struct store s = {0}, all = {0};
    uint64_t seed = 11;
    open_chain(&f, CHAIN_KEEP_LEAST);
    chain_keep(f.chain);
    some_blocks(&f, &seed, &s, 40);
    fixture_send_one(&f, "zed.test.near", "zed.test.near",
                     (struct action){.kind = ACTION_DELETE_ACCOUNT,
                                     .beneficiary = account_of("alice.test.near")});
    some_blocks(&f, &seed, &s, 1);
    fixture_call(&f, "alice.test.near", "counter.test.near", "increment", "{}");
    store_save(&s, f.chain);
    chain_keep(f.chain);
    store_save(&all, f.chain);
    size_t compared = 0;
    void *value;
    for (size_t i = 0; map_next(&s.map, &i, NULL, &value);) {
        const struct chain_record *r = &((const struct stored *)value)->record;
        if (r->kind != RECORD_ACCOUNT && r->kind != RECORD_DATUM && r->kind != RECORD_POOL)
            continue;
        const struct stored *full = map_get(&all.map, str_of(r->key.p - 1, r->key.n + 1));
        assert_non_null(full);
        assert_true(str_equal(full->record.value, r->value));
        compared++;
    }
    size_t told = 0;
    for (size_t i = 0; map_next(&all.map, &i, NULL, &value);)
        told++;
    assert_int_equal(compared, told);
    assert_true(compared > 20);
    store_clear(&s);
    store_clear(&all);
    fixture_release(&f);
}

static void
chain_keep_take__tells_nothing__when_nothing_has_changed(void **state)
{
    (void)state;
    struct fixture f;
    const struct chain_record *records;
    open_chain(&f, 0);
    assert_int_equal(chain_keep_take(f.chain, &records), 0);
    chain_keep(f.chain);
    assert_true(chain_keep_take(f.chain, &records) > 20);
    assert_int_equal(chain_keep_take(f.chain, &records), 0);
    fixture_blocks(&f, 1);
    assert_int_equal(chain_keep_take(f.chain, &records), 2);
    fixture_release(&f);
}

/* --- damage ------------------------------------------------------------------------------- */

static void
damage(struct chain_record *r, uint64_t *seed, struct arena *arena)
{
    char *copy = arena_c(arena, r->value);
    switch (draw(seed, 3)) {
    case 0: r->value.n = (size_t)draw(seed, r->value.n); break;
    case 1: copy[draw(seed, r->value.n)] ^= (char)(1 << draw(seed, 8)); break;
    default: copy[draw(seed, r->value.n < 64 ? r->value.n : 64)] = (char)0xFF; break;
    }
    r->value.p = copy;
}

static void
chain_wake__refuses_with_a_word__what_was_damaged(void **state)
{
    (void)state;
    struct fixture f;
    struct store s = {0};
    uint64_t seed = 5;
    struct chain_config how = {.keep_blocks = 0};
    open_chain(&f, CHAIN_KEEP_LEAST);
    chain_keep(f.chain);
    some_blocks(&f, &seed, &s, 10);
    struct chain_record *records = store_records(&s);
    size_t count = s.map.live, refused = 0;
    for (size_t i = 0; i < count; i++) {
        for (int round = 0; round < 3; round++) {
            struct arena arena;
            struct chain *woken = NULL;
            struct diag d = {0};
            struct chain_record before = records[i];
            arena_init(&arena);
            if (before.value.n)
                damage(&records[i], &seed, &arena);
            if (chain_wake(records, count, &how, &woken, &d)) {
                assert_true(str_starts(str_from(diag_text(&d)), STR("the stored chain is damaged: ")));
                refused++;
            }
            chain_free(woken);
            records[i] = before;
            arena_release(&arena);
        }
    }
    assert_true(refused > count);
    xfree(records);
    store_clear(&s);
    fixture_release(&f);
}

static void
chain_wake__refuses__when_a_record_is_missing(void **state)
{
    (void)state;
    struct fixture f;
    struct store s = {0};
    uint64_t seed = 6;
    struct chain_config how = {.keep_blocks = 0};
    open_chain(&f, CHAIN_KEEP_LEAST);
    chain_keep(f.chain);
    some_blocks(&f, &seed, &s, 6);
    struct chain_record *records = store_records(&s);
    for (size_t i = 0; i < s.map.live; i++) {
        enum chain_record_kind kind = records[i].kind;
        if (kind != RECORD_HEAD && kind != RECORD_BLOCK)
            continue;
        struct chain *woken = NULL;
        struct diag d = {0};
        struct chain_record before = records[i];
        records[i] = records[s.map.live - 1];
        enum err e = chain_wake(records, s.map.live - 1, &how, &woken, &d);
        if (i + 1 < s.map.live && e == OK)
            fail_msg("a chain without record %zu of kind %d is taken", i, kind);
        chain_free(woken);
        records[i] = before;
    }
    xfree(records);
    store_clear(&s);
    fixture_release(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chain_wake__makes_the_same_blocks__whenever_it_was_stored),
        cmocka_unit_test(chain_wake__keeps_transactions__that_came_after_the_last_block),
        cmocka_unit_test(chain_wake__keeps_what_waits__past_the_history),
        cmocka_unit_test(chain_keep_take__tells_every_change__of_state_and_pool),
        cmocka_unit_test(chain_keep_take__tells_nothing__when_nothing_has_changed),
        cmocka_unit_test(chain_wake__refuses_with_a_word__what_was_damaged),
        cmocka_unit_test(chain_wake__refuses__when_a_record_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
