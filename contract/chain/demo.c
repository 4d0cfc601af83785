#include "contract/chain/demo.h"

#include <string.h>
#include "contract/wasm/builtin.h"
#include "net/near/base58.h"

struct build {
    struct chain *chain;
    uint64_t time_ns, block_ns, nonce;
    struct diag *d;
    enum err failed;
};

static void
next_block(struct build *b)
{
    b->time_ns += b->block_ns;
    chain_produce_block(b->chain, b->time_ns);
}

static void
submit(struct build *b, const char *signer, const char *receiver, struct action *actions,
       size_t count)
{
    struct secret_key key;
    struct buf bytes;
    struct hash hash;
    struct invalid_tx why = {0};
    if (b->failed)
        return;
    secret_key_from_name(str_from(signer), &key);
    struct transaction tx = {.signer = account_of(signer),
                             .receiver = account_of(receiver),
                             .key = secret_key_public(&key),
                             .nonce = chain_head(b->chain)->height * 1000000 + ++b->nonce,
                             .block_hash = chain_head(b->chain)->hash,
                             .actions = actions,
                             .action_count = count};
    buf_init(&bytes, TX_MAX_BYTES + 128);
    tx_sign(&tx, &key, &bytes, &hash);
    enum err bad;
    enum invalid_tx_kind kind =
        chain_submit(b->chain, buf_str(&bytes), &why, &hash, &bad, b->d);
    if (bad || kind)
        b->failed =
            diag_set(b->d, ERR_INTERNAL, "the demo's transaction from %s to %s is refused",
                     signer, receiver);
    secret_key_wipe(&key);
    buf_release(&bytes);
}

/* An account with its key, 1000 NEAR, and perhaps a contract that is told to start. */
static void
make_account(struct build *b, const char *name, const char *contract, const char *init)
{
    struct secret_key key;
    struct action actions[5] = {{.kind = ACTION_CREATE_ACCOUNT},
                                {.kind = ACTION_TRANSFER},
                                {.kind = ACTION_ADD_KEY},
                                {.kind = ACTION_DEPLOY_CONTRACT},
                                {.kind = ACTION_FUNCTION_CALL}};
    size_t count = 3;
    actions[1].deposit =
        amount_product(1000 * UINT64_C(1000000000000), UINT64_C(1000000000000));
    secret_key_from_name(str_from(name), &key);
    actions[2].key = secret_key_public(&key);
    actions[2].access = (struct access_key){.is_full_access = true};
    secret_key_wipe(&key);
    if (contract) {
        const struct builtin_contract *built = builtin_find(contract);
        if (!built) {
            b->failed =
                diag_set(b->d, ERR_NOT_FOUND, "the contract %s is not built in", contract);
            return;
        }
        actions[3].code = str_of(built->wasm, built->wasm_size);
        count = 4;
    }
    if (init) {
        actions[4].method = STR("new");
        actions[4].args = str_from(init);
        actions[4].gas = 30 * TERA_GAS;
        count = 5;
    }
    submit(b, "test.near", name, actions, count);
}

static const struct {
    const char *name, *contract, *init;
} accounts[] = {
    {"alice.test.near", NULL, NULL},
    {"portfolio.test.near", "portfolio", NULL},
    {"token.test.near", "token", "{\"owner_id\":\"token.test.near\",\"total_supply\":\"0\"}"},
    {"lending.test.near", "lending", "{\"owner_id\":\"lending.test.near\"}"},
    {"staking.test.near", "staking", "{\"owner_id\":\"staking.test.near\"}"},
    {"xcc.test.near", "xcc", NULL},
    {"hello.test.near", "hello", NULL},
    {"counter.test.near", "counter", NULL},
    {"guestbook.test.near", "guestbook", NULL},
};

static const struct {
    const char *signer, *contract, *method, *args;
} calls[] = {
    {"token.test.near", "token.test.near", "mint",
     "{\"account_id\":\"alice.test.near\",\"amount\":\"1250000000\"}"},
    {"token.test.near", "token.test.near", "mint",
     "{\"account_id\":\"portfolio.test.near\",\"amount\":\"1000000\"}"},
    {"alice.test.near", "lending.test.near", "deposit", "{\"amount\":\"5000000\"}"},
    {"alice.test.near", "lending.test.near", "borrow", "{\"amount\":\"2000000\"}"},
    {"alice.test.near", "staking.test.near", "stake", "{\"amount\":\"400000000\"}"},
    {"staking.test.near", "staking.test.near", "add_rewards",
     "{\"account_id\":\"alice.test.near\",\"amount\":\"31415926\"}"},
    {"alice.test.near", "hello.test.near", "set_greeting", "{\"greeting\":\"Hello, NEAR\"}"},
    {"alice.test.near", "counter.test.near", "increment", "{}"},
    {"alice.test.near", "guestbook.test.near", "add_message",
     "{\"text\":\"Three calls, one answer\"}"},
};

/* Every one of the transactions so far, and what it made, must have gone well. */
static void
check_outcomes(struct build *b)
{
    for (uint64_t h = 0; h <= chain_head(b->chain)->height; h++) {
        const struct chain_block *block = chain_block_at(b->chain, h);
        for (size_t i = 0; i < block->chunk_count; i++) {
            for (size_t j = 0; j < block->chunks[i].outcome_count; j++) {
                const struct chain_outcome *o = block->chunks[i].outcomes[j];
                if (o->status == CHAIN_FAILED && !b->failed)
                    b->failed =
                        diag_set(b->d, ERR_INTERNAL, "the demo cannot be set up on %s: %.*s",
                                 o->executor.s, STR_ARG(o->failure.text));
            }
        }
    }
}

enum err
demo_build(struct chain *c, uint64_t end_ns, uint64_t block_ns, struct diag *d)
{
    struct build b = {
        .chain = c, .time_ns = end_ns - DEMO_BLOCKS * block_ns, .block_ns = block_ns, .d = d};
    next_block(&b);
    next_block(&b);
    for (size_t i = 0; i < ARRAY_LEN(accounts); i++)
        make_account(&b, accounts[i].name, accounts[i].contract, accounts[i].init);
    for (int i = 0; i < 5; i++)
        next_block(&b);
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
        struct action action = {.kind = ACTION_FUNCTION_CALL,
                                .method = str_from(calls[i].method),
                                .args = str_from(calls[i].args),
                                .gas = 30 * TERA_GAS};
        submit(&b, calls[i].signer, calls[i].contract, &action, 1);
        if (strcmp(calls[i].method, "deposit") == 0)
            next_block(&b);
    }
    for (int i = 0; i < 6; i++)
        next_block(&b);
    if (!b.failed)
        check_outcomes(&b);
    return b.failed;
}
