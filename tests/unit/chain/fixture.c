#include "tests/unit/chain/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/base/file.h"

enum { FILE_MAX = 1 << 23, SETTLE_MAX = 1000 };

void
fixture_init(struct fixture *f)
{
    fixture_init_shards(f, 4);
}

void
fixture_init_shards(struct fixture *f, size_t shards)
{
    struct chain_config config;
    *f = (struct fixture){.time_ns = UINT64_C(1700000000000000000)};
    arena_init(&f->arena);
    chain_default_config(&config, f->time_ns);
    assert_in_range(shards, 1, config.boundary_count + 1);
    config.boundary_count = shards - 1;
    f->chain = chain_new(&config);
    fixture_blocks(f, 2);
}

void
fixture_release(struct fixture *f)
{
    chain_free(f->chain);
    arena_release(&f->arena);
    module_forget_all();
}

void
fixture_blocks(struct fixture *f, int count)
{
    for (int i = 0; i < count; i++) {
        f->time_ns += UINT64_C(600000000);
        chain_produce_block(f->chain, f->time_ns);
    }
}

static bool
is_quiet(const struct chain_block *b)
{
    for (size_t i = 0; i < b->chunk_count; i++) {
        if (b->chunks[i].outcome_count || b->chunks[i].transaction_count ||
            b->chunks[i].receipt_count)
            return false;
    }
    return true;
}

void
fixture_settle(struct fixture *f)
{
    /* One block takes a transaction in, the next runs it: two quiet ones in a row are over. */
    int quiet = 0;
    for (int i = 0; i < SETTLE_MAX && quiet < 2; i++) {
        fixture_blocks(f, 1);
        quiet = is_quiet(chain_head(f->chain)) ? quiet + 1 : 0;
    }
    assert_int_equal(quiet, 2);
}

struct public_key
fixture_key(const char *name)
{
    struct secret_key key;
    secret_key_from_name(str_from(name), &key);
    struct public_key public = secret_key_public(&key);
    secret_key_wipe(&key);
    return public;
}

struct amount
near(uint64_t whole)
{
    struct amount a;
    char text[48];
    snprintf(text, sizeof(text), "%llu NEAR", (unsigned long long)whole);
    assert_int_equal(amount_parse_units(str_from(text), &a, NULL), OK);
    return a;
}

struct transaction
fixture_tx(struct fixture *f, const char *signer, const char *receiver, struct action *actions,
           size_t count)
{
    const struct chain_block *head = chain_head(f->chain);
    if (f->nonce < head->height * 1000000)
        f->nonce = head->height * 1000000;
    return (struct transaction){.signer = account_of(signer),
                                .receiver = account_of(receiver),
                                .key = fixture_key(signer),
                                .nonce = ++f->nonce,
                                .block_hash = chain_final(f->chain)->hash,
                                .actions = actions,
                                .action_count = count};
}

enum invalid_tx_kind
fixture_submit(struct fixture *f, const struct transaction *tx, const char *key_of,
               struct invalid_tx *why, struct hash *hash)
{
    struct secret_key key;
    struct buf bytes;
    enum err bad;
    struct diag d = {0};
    secret_key_from_name(str_from(key_of), &key);
    buf_init(&bytes, FILE_MAX);
    tx_sign(tx, &key, &bytes, hash);
    enum invalid_tx_kind kind = chain_submit(f->chain, buf_str(&bytes), why, hash, &bad, &d);
    assert_int_equal(bad, OK);
    secret_key_wipe(&key);
    buf_release(&bytes);
    return kind;
}

struct hash
fixture_send(struct fixture *f, const char *signer, const char *receiver,
             struct action *actions, size_t count)
{
    struct transaction tx = fixture_tx(f, signer, receiver, actions, count);
    struct invalid_tx why;
    struct hash hash;
    assert_int_equal(fixture_submit(f, &tx, signer, &why, &hash), TX_VALID);
    return hash;
}

struct hash
fixture_send_one(struct fixture *f, const char *signer, const char *receiver,
                 struct action action)
{
    return fixture_send(f, signer, receiver, &action, 1);
}

struct hash
fixture_script(struct fixture *f, const char *signer, const char *contract,
               const struct script *s)
{
    struct str steps = script_str(s);
    struct action action = {
        .kind = ACTION_FUNCTION_CALL, .method = STR("run"), .args = steps, .gas = 300 * TERA_GAS};
    return fixture_send_one(f, signer, contract, action);
}

struct hash
fixture_call(struct fixture *f, const char *signer, const char *contract, const char *method,
             const char *args)
{
    return fixture_send_one(f, signer, contract, action_call_of(method, args, 100 * TERA_GAS));
}

static struct str
read_file(struct fixture *f, const char *path)
{
    struct buf bytes;
    struct diag d = {0};
    buf_init(&bytes, FILE_MAX);
    if (file_read(path, &bytes, &d))
        fail_msg("%s", diag_text(&d));
    struct str kept = arena_str(&f->arena, buf_str(&bytes));
    buf_release(&bytes);
    return kept;
}

struct str
fixture_wasm(struct fixture *f, const char *name)
{
    char path[128];
    if (strcmp(name, "program") == 0)
        return read_file(f, TEST_PROGRAM);
    snprintf(path, sizeof(path), "tests/data/wasm/%s.wasm", name);
    return read_file(f, path);
}

void
fixture_account(struct fixture *f, const char *name, const char *wasm)
{
    struct action actions[4] = {{.kind = ACTION_CREATE_ACCOUNT},
                                action_transfer_of(near(1000)),
                                action_key_of(name),
                                {.kind = ACTION_DEPLOY_CONTRACT}};
    if (wasm)
        actions[3].code = fixture_wasm(f, wasm);
    struct hash hash = fixture_send(f, "test.near", name, actions, wasm ? 4 : 3);
    fixture_settle(f);
    assert_int_equal(fixture_first(f, &hash)->status, CHAIN_VALUE);
}

struct action
action_transfer_of(struct amount amount)
{
    return (struct action){.kind = ACTION_TRANSFER, .deposit = amount};
}

struct action
action_call_of(const char *method, const char *args, uint64_t gas)
{
    return (struct action){.kind = ACTION_FUNCTION_CALL,
                           .method = str_from(method),
                           .args = str_from(args),
                           .gas = gas};
}

struct action
action_key_of(const char *name)
{
    return (struct action){
        .kind = ACTION_ADD_KEY, .key = fixture_key(name), .access = {.is_full_access = true}};
}

const struct chain_outcome *
fixture_outcome(const struct fixture *f, const struct hash *id)
{
    const struct chain_outcome *o = chain_outcome_of(f->chain, id);
    assert_non_null(o);
    return o;
}

const struct chain_outcome *
fixture_child(const struct fixture *f, const struct chain_outcome *o, size_t index)
{
    assert_true(index < o->child_count);
    return fixture_outcome(f, &o->children[index]);
}

const struct chain_outcome *
fixture_first(const struct fixture *f, const struct hash *tx)
{
    return fixture_child(f, fixture_outcome(f, tx), 0);
}

struct amount
fixture_balance(const struct fixture *f, const char *account)
{
    struct account_view view;
    if (!chain_view_account(f->chain, str_from(account), &view))
        return amount_of(0);
    return view.amount;
}

void
assert_amount(struct amount a, const char *digits)
{
    char text[AMOUNT_TEXT];
    assert_string_equal(amount_text(a, text), digits);
}
