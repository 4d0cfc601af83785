/* Random programs of promises, whatever they do: no token is lost or made, every receipt comes
 * to one end, every callback gets one result for each input, and the same seed gives the same
 * bytes. A few seeds; NEARTOP_PROGRAMS=n runs n, and NEARTOP_SEED=s starts at s. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "contract/host/fee.h"
#include "net/base/map.h"
#include "net/base/xalloc.h"
#include "tests/support/chance.h"
#include "tests/unit/chain/fixture.h"

enum {
    SEEDS = 16,                 /* unless the environment says otherwise */
    CALLS = 6,                  /* transactions a seed */
    MAX_DEPTH = 4,
    MAX_PROMISES = 6,
    MAX_BLOCKS = 3000
};

/* One on each shard and two more; the last one is never made. */
static const char *const accounts[] = {"ann.test.near", "bea.test.near", "nora.test.near",
                                       "sam.test.near", "zoe.test.near", "nobody.test.near"};
enum { PROGRAMS = ARRAY_LEN(accounts) - 1 };

/* --- chance ------------------------------------------------------------------------------- */

struct chance {
    uint64_t state;
};

static uint64_t
draw(struct chance *c, uint64_t below)
{
    return chance_next(&c->state) % below;
}

/* --- programs ----------------------------------------------------------------------------- */

static void write_program(struct chance *c, struct script *s, const char *self, int depth,
                          uint64_t gas);

static const char *
pick_account(struct chance *c)
{
    /* One that a program may have made. */
    if (draw(c, 8) == 0)
        return "a.ann.test.near";
    /* Seldom somebody who is not there. */
    return accounts[draw(c, 12) ? draw(c, PROGRAMS) : PROGRAMS];
}

static void
add_call(struct chance *c, struct script *s, uint16_t promise, const char *to, int depth,
         uint64_t gas)
{
    struct script inner;
    script_init(&inner);
    write_program(c, &inner, to, depth - 1, gas);
    struct script_call call = {.args = script_str(&inner),
                               .deposit = draw(c, 3) ? amount_of(0) : near(draw(c, 3)),
                               .gas = gas,
                               .weight = draw(c, 4) ? 0 : draw(c, 5)};
    script_call(s, promise, &call);
    script_release(&inner);
}

static void
add_batch(struct chance *c, struct script *s, uint16_t promise, const char *to, int depth,
          uint64_t gas)
{
    struct public_key key = fixture_key("random");
    for (uint64_t n = 1 + draw(c, 3); n > 0; n--) {
        switch (draw(c, 7)) {
        case 0: script_transfer(s, promise, amount_of(1 + draw(c, 1000000))); break;
        case 1: script_delete_key(s, promise, &key); break;
        case 2: script_transfer(s, promise, near(draw(c, 4))); break;
        default: add_call(c, s, promise, to, depth, gas / 3); break;
        }
    }
}

/* A name under the one who makes it: now and then it is there already, or somebody else's. */
static void
add_account(struct chance *c, struct script *s, const char *self)
{
    char name[ACCOUNT_MAX + 1];
    snprintf(name, sizeof(name), "%c.%s", (char)('a' + draw(c, 3)),
             draw(c, 4) ? self : accounts[0]);
    struct public_key key = fixture_key(name);
    uint16_t promise = script_create(s, name);
    script_make_account(s, promise);
    script_transfer(s, promise, near(1));
    if (draw(c, 2))
        script_add_key(s, promise, &key);
    if (draw(c, 3) == 0)
        script_use_global(s, promise, true, str_from(accounts[0]));
    /* What is left goes to somebody, or to nobody and is lost. */
    if (draw(c, 3) == 0)
        script_delete_account(s, promise, draw(c, 2) ? pick_account(c) : accounts[PROGRAMS]);
}

static void
add_yield(struct chance *c, struct script *s, uint64_t gas, uint8_t *yields)
{
    struct script callback;
    script_init(&callback);
    script_results(&callback);
    if (draw(c, 4) == 0)
        script_panic(&callback, "after waiting");
    script_yield(s, script_str(&callback), draw(c, 2) ? "y" : "", gas, draw(c, 5) == 0);
    script_release(&callback);
    if (draw(c, 3) == 0)
        script_resume_own(s, *yields, "at once");
    (*yields)++;
}

static void
add_then(struct chance *c, struct script *s, int depth, uint64_t gas)
{
    const char *to = pick_account(c);
    uint16_t after = (uint16_t)draw(c, s->promises);
    if (draw(c, 2)) {
        uint16_t joined[4];
        uint8_t count = (uint8_t)(1 + draw(c, 4));
        for (uint8_t i = 0; i < count; i++)
            joined[i] = (uint16_t)draw(c, s->promises);
        after = script_join(s, joined, count);
    }
    add_call(c, s, script_then(s, after, to), to, depth, gas);
}

static void
add_promise(struct chance *c, struct script *s, const char *self, int depth, uint64_t gas,
            uint8_t *yields)
{
    const char *to = pick_account(c);
    uint64_t kind = draw(c, 10);
    if (kind < 4 || s->promises == 0)
        add_batch(c, s, script_create(s, to), to, depth, gas);
    else if (kind < 8)
        add_then(c, s, depth, gas);
    else if (kind == 8)
        add_account(c, s, self);
    else
        add_yield(c, s, gas / 2, yields);
}

static void
end_program(struct chance *c, struct script *s)
{
    switch (draw(c, 8)) {
    case 0: script_panic(s, "by chance"); return;
    case 1: script_burn(s, 100000000); return;
    case 2: script_value(s, STR("a value")); return;
    case 3: script_resume(s, "y", "later"); return;
    case 4: return;
    default:
        /* A joint one cannot be returned: that fails the call, which is as good. */
        if (s->promises)
            script_return_promise(s, (uint16_t)draw(c, s->promises));
    }
}

static void
write_program(struct chance *c, struct script *s, const char *self, int depth, uint64_t gas)
{
    uint8_t yields = 0;
    script_results(s);
    if (draw(c, 3) == 0)
        script_write(s, "key", STR("some bytes"));
    if (depth > 0 && gas > 6 * TERA_GAS) {
        uint64_t n = draw(c, MAX_PROMISES);
        for (uint64_t i = 0; i < n; i++)
            add_promise(c, s, self, depth, (gas - 4 * TERA_GAS) / (n + 1), &yields);
    }
    end_program(c, s);
}

/* --- what has happened -------------------------------------------------------------------- */

struct world {
    struct fixture f;
    struct map receipts;        /* id -> struct seen, of all action receipts */
    struct map data;            /* data id -> struct seen_data */
    struct map names;           /* of everybody who ever got a receipt */
    uint64_t checked;           /* blocks up to this one are in the maps */
    struct amount expected;     /* supply that the next header has to tell */
    bool has_expected;
    size_t callbacks, failures; /* to see that the programs do something */
};

struct seen {
    struct hash id;
    const struct chain_receipt *receipt;
    size_t outcomes;
};

struct seen_data {
    struct hash id;
    size_t deliveries;
    bool is_ok, is_resume;
};

static struct str
key_of(const struct hash *h)
{
    return str_of(h->b, sizeof(h->b));
}

static void
see_name(struct world *w, const struct account_id *id)
{
    if (map_get(&w->names, account_str(id)))
        return;
    struct account_id *kept = arena_copy(&w->f.arena, id, sizeof(*id));
    map_put(&w->names, account_str(kept), kept);
}

static struct seen *
see_receipt(struct world *w, const struct hash *id, const struct chain_receipt *r)
{
    struct seen *s = map_get(&w->receipts, key_of(id));
    if (!s) {
        s = arena_alloc(&w->f.arena, sizeof(*s));
        s->id = *id;
        map_put(&w->receipts, key_of(&s->id), s);
    }
    if (r) {
        s->receipt = r;
        see_name(w, &r->receiver);
    }
    return s;
}

static void
see_data(struct world *w, const struct chain_receipt *r)
{
    struct seen_data *d = map_get(&w->data, key_of(&r->data_id));
    if (!d) {
        d = arena_alloc(&w->f.arena, sizeof(*d));
        *d = (struct seen_data){r->data_id, 0, r->has_data, r->is_resume};
        map_put(&w->data, key_of(&d->id), d);
    }
    d->deliveries++;
    /* Only a resumption may be sent twice. */
    assert_true(d->deliveries == 1 || r->is_resume);
}

/* "results:" and one digit for each input: what the branch it came from had to say. */
static void
check_results(struct world *w, const struct chain_outcome *o)
{
    static const char head[] = "results:";
    const struct chain_receipt *r = o->receipt;
    if (r->action_count == 0 || r->actions[0].kind != ACTION_FUNCTION_CALL ||
        o->log_count == 0 || !str_starts(o->logs[0], STR("results:")))
        return;
    struct str digits = str_slice(o->logs[0], sizeof(head) - 1, o->logs[0].n);
    assert_int_equal(digits.n, r->input_count);
    for (size_t i = 0; i < digits.n; i++) {
        const struct seen_data *d = map_get(&w->data, key_of(&r->inputs[i]));
        assert_non_null(d);
        assert_int_equal(digits.p[i], d->is_ok ? '1' : '2');
    }
    w->callbacks += r->input_count > 0;
}

static void
see_outcome(struct world *w, const struct chain_outcome *o)
{
    for (size_t i = 0; i < o->child_count; i++)
        see_receipt(w, &o->children[i], chain_receipt_of(w->f.chain, &o->children[i]));
    if (o->is_transaction)
        return;
    struct seen *s = see_receipt(w, &o->id, o->receipt);
    s->outcomes++;
    assert_int_equal(s->outcomes, 1);
    w->failures += o->status == CHAIN_FAILED;
    check_results(w, o);
}

static void
see_block(struct world *w, const struct chain_block *b)
{
    for (size_t i = 0; i < b->chunk_count; i++) {
        for (size_t j = 0; j < b->chunks[i].receipt_count; j++) {
            if (b->chunks[i].receipts[j]->is_data)
                see_data(w, b->chunks[i].receipts[j]);
        }
    }
    for (size_t i = 0; i < b->chunk_count; i++) {
        for (size_t j = 0; j < b->chunks[i].outcome_count; j++)
            see_outcome(w, b->chunks[i].outcomes[j]);
    }
}

/* --- tokens ------------------------------------------------------------------------------- */

static void
add_to(struct amount *sum, struct amount more)
{
    assert_true(amount_add(*sum, more, sum));
}

/* What a receipt carries while it is on its way or waits. */
static struct amount
carried(const struct chain_receipt *r)
{
    struct amount sum, gas_value;
    uint64_t gas = fee_execution(FEE_NEW_ACTION_RECEIPT), attached;
    assert_true(actions_deposit(r->actions, r->action_count, &sum));
    if (account_is_system(&r->predecessor))
        return sum;
    assert_true(actions_attached_gas(r->actions, r->action_count, &attached));
    for (size_t i = 0; i < r->action_count; i++)
        gas += action_execution_fee(&r->actions[i], account_str(&r->receiver)) +
               action_prepaid_fees(&r->actions[i]);
    assert_true(amount_multiply(r->gas_price, gas + attached, &gas_value));
    add_to(&sum, gas_value);
    return sum;
}

static struct amount
all_tokens(struct world *w)
{
    struct amount sum = amount_of(0);
    struct account_view view;
    void *value;
    for (size_t i = 0; map_next(&w->names, &i, NULL, &value);) {
        if (chain_view_account(w->f.chain, account_str(value), &view)) {
            add_to(&sum, view.amount);
            add_to(&sum, view.locked);
        }
    }
    for (size_t i = 0; map_next(&w->receipts, &i, NULL, &value);) {
        const struct seen *s = value;
        if (s->outcomes == 0)
            add_to(&sum, carried(s->receipt));
    }
    return sum;
}

/* A header tells the supply as it was before its own block ran. */
static void
step(struct world *w)
{
    fixture_blocks(&w->f, 1);
    const struct chain_block *b = chain_head(w->f.chain);
    if (w->has_expected && amount_compare(b->total_supply, w->expected) != 0) {
        char told[AMOUNT_TEXT], counted[AMOUNT_TEXT];
        fail_msg("block %llu: the header says %s tokens, counted were %s",
                 (unsigned long long)b->height, amount_text(b->total_supply, told),
                 amount_text(w->expected, counted));
    }
    see_block(w, b);
    w->expected = all_tokens(w);
    w->has_expected = true;
}

/* --- one seed ----------------------------------------------------------------------------- */

static void
begin(struct world *w, uint64_t seed)
{
    static const struct account_id root = {"test.near"};
    static const size_t shards[] = {4, 1, 2, 3};
    *w = (struct world){.checked = 0};
    fixture_init_shards(&w->f, shards[seed % ARRAY_LEN(shards)]);
    for (size_t i = 0; i < PROGRAMS; i++)
        fixture_account(&w->f, accounts[i], "program");
    struct action shared = {.kind = ACTION_DEPLOY_GLOBAL_CONTRACT,
                            .code = fixture_wasm(&w->f, "program"),
                            .by_account = true};
    fixture_send_one(&w->f, accounts[0], accounts[0], shared);
    fixture_settle(&w->f);
    see_name(w, &root);
    for (size_t i = 0; i < PROGRAMS; i++) {
        struct account_id id = account_of(accounts[i]);
        see_name(w, &id);
    }
}

static void
end(struct world *w)
{
    map_release(&w->receipts);
    map_release(&w->data);
    map_release(&w->names);
    fixture_release(&w->f);
}

/* The same call in the name of somebody who signed it, now and then for too long ago. */
static void
send_delegated(struct world *w, struct chance *c, const struct script *s, const char *to)
{
    const char *sender = accounts[draw(c, PROGRAMS)];
    struct action call = action_call_of("run", "", 250 * TERA_GAS);
    struct secret_key key;
    uint64_t height = chain_head(w->f.chain)->height;
    call.args = script_str(s);
    call.deposit = near(draw(c, 3));
    struct delegate d = {.sender = account_of(sender),
                         .receiver = account_of(to),
                         .actions = &call,
                         .action_count = 1,
                         .nonce = height * 1000000 + 999999,
                         .max_block_height = draw(c, 4) ? height + 100 : 1,
                         .key = fixture_key(sender)};
    secret_key_from_name(str_from(sender), &key);
    delegate_sign(&d, &key);
    secret_key_wipe(&key);
    fixture_send_one(&w->f, accounts[draw(c, PROGRAMS)], sender,
                     (struct action){.kind = ACTION_DELEGATE, .delegate = &d});
}

static bool
has_more(const struct world *w)
{
    void *value;
    for (size_t i = 0; map_next(&w->receipts, &i, NULL, &value);) {
        if (((const struct seen *)value)->outcomes == 0)
            return true;
    }
    return false;
}

static struct hash
run_seed(uint64_t seed, size_t *callbacks, size_t *failures)
{
    struct world w;
    struct chance c = {.state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
    begin(&w, seed);
    for (int i = 0; i < CALLS; i++) {
        struct script s;
        const char *to = accounts[draw(&c, PROGRAMS)];
        script_init(&s);
        write_program(&c, &s, to, MAX_DEPTH, 300 * TERA_GAS);
        if (draw(&c, 4) == 0)
            send_delegated(&w, &c, &s, to);
        else
            fixture_script(&w.f, accounts[draw(&c, PROGRAMS)], to, &s);
        script_release(&s);
        for (uint64_t n = draw(&c, 3); n > 0; n--)
            step(&w);
    }
    /* What waits may wait for something that waits. */
    do
        step(&w);
    while (has_more(&w) && chain_head(w.f.chain)->height < MAX_BLOCKS);
    assert_false(has_more(&w));
    struct hash head = chain_head(w.f.chain)->hash;
    *callbacks += w.callbacks;
    *failures += w.failures;
    end(&w);
    return head;
}

static uint64_t
number_from(const char *name, uint64_t otherwise)
{
    uint64_t n;
    const char *text = getenv(name);
    return text && str_to_u64(str_from(text), &n) ? n : otherwise;
}

static void
programs__lose_no_token_and_no_receipt__whatever_they_do(void **state)
{
    (void)state;
    uint64_t first = number_from("NEARTOP_SEED", 1);
    uint64_t count = number_from("NEARTOP_PROGRAMS", SEEDS);
    size_t callbacks = 0, failures = 0;
    for (uint64_t seed = first; seed < first + count; seed++) {
        print_message("seed %llu\r", (unsigned long long)seed);
        run_seed(seed, &callbacks, &failures);
    }
    print_message("%zu callbacks, %zu failures\n", callbacks, failures);
    /* Programs that do nothing would prove nothing. */
    assert_true(callbacks > count && failures > count);
}

static void
programs__give_the_same_bytes__from_the_same_seed(void **state)
{
    (void)state;
    size_t ignored = 0;
    struct hash one = run_seed(7, &ignored, &ignored), again = run_seed(7, &ignored, &ignored);
    struct hash other = run_seed(11, &ignored, &ignored);
    assert_true(hash_equal(&one, &again));
    assert_false(hash_equal(&one, &other));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs__lose_no_token_and_no_receipt__whatever_they_do),
        cmocka_unit_test(programs__give_the_same_bytes__from_the_same_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
