/* conformance DATA-FOLDER: replays every recorded call on one embedded chain, in the order of
 * the recorded blocks, and prints a line a case. Fails when any of them differs, or when there is none. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "contract/chain/chain.h"
#include "net/base/file.h"
#include "net/base/xalloc.h"
#include "net/near/base58.h"
#include "tests/conformance/compare.h"

enum { MAX_CASES = 128, MAX_BLOCKS = 60, FILE_MAX = 1 << 24 };

struct recorded {
    char name[128];
    struct json *json;
    uint64_t height; /* of the transaction's block, for the order */
};

struct replay {
    struct chain *chain;
    uint64_t time_ns;
    uint64_t nonce; /* of every key alike: always far ahead */
    const char *folder;
};

static void
next_block(struct replay *r)
{
    r->time_ns += UINT64_C(600000000);
    chain_produce_block(r->chain, r->time_ns);
}

/* Signs with the well-known key of `signer` and puts it into the pool. */
static struct hash
submit(struct replay *r, const char *signer, const char *receiver, struct action *actions,
       size_t count)
{
    struct secret_key key;
    struct access_key_view *keys;
    struct arena arena;
    struct buf bytes;
    struct hash hash;
    struct invalid_tx why;
    enum err bad;
    struct diag d = {0};
    arena_init(&arena);
    buf_init(&bytes, FILE_MAX);
    secret_key_from_name(str_from(signer), &key);
    if (chain_view_keys(r->chain, str_from(signer), &arena, &keys) > 0 &&
        keys[0].access.nonce >= r->nonce)
        r->nonce = keys[0].access.nonce;
    struct transaction tx = {.signer = account_of(signer),
                             .receiver = account_of(receiver),
                             .key = secret_key_public(&key),
                             .nonce = ++r->nonce,
                             .block_hash = chain_final(r->chain)->hash,
                             .actions = actions,
                             .action_count = count};
    tx_sign(&tx, &key, &bytes, &hash);
    enum invalid_tx_kind kind = chain_submit(r->chain, buf_str(&bytes), &why, &hash, &bad, &d);
    if (bad || kind)
        fatal("a transaction of %s is refused (%d): %s", signer, (int)kind, diag_text(&d));
    secret_key_wipe(&key);
    buf_release(&bytes);
    arena_release(&arena);
    return hash;
}

static void
make_account(struct replay *r, const char *name, const char *wasm)
{
    struct secret_key key;
    struct action actions[3] = {
        {.kind = ACTION_CREATE_ACCOUNT}, {.kind = ACTION_TRANSFER}, {.kind = ACTION_ADD_KEY}};
    struct diag d = {0};
    if (amount_parse_units(STR("1000 NEAR"), &actions[1].deposit, &d))
        fatal("%s", diag_text(&d));
    secret_key_from_name(str_from(name), &key);
    actions[2].key = secret_key_public(&key);
    actions[2].access = (struct access_key){.is_full_access = true};
    submit(r, "test.near", name, actions, 3);
    for (int i = 0; i < 3; i++)
        next_block(r);
    if (!wasm)
        return;
    char path[512];
    struct buf code;
    buf_init(&code, FILE_MAX);
    snprintf(path, sizeof(path), "%s/wasm/%s.wasm", r->folder, wasm);
    if (file_read(path, &code, &d))
        fatal("%s", diag_text(&d));
    struct action deploy = {.kind = ACTION_DEPLOY_CONTRACT, .code = buf_str(&code)};
    submit(r, name, name, &deploy, 1);
    buf_release(&code);
    next_block(r);
    next_block(r);
}

static void
call(struct replay *r, const char *signer, const char *contract, const char *method,
     const char *args)
{
    struct action action = {.kind = ACTION_FUNCTION_CALL,
                            .method = str_from(method),
                            .args = str_from(args),
                            .gas = 100 * TERA_GAS};
    submit(r, signer, contract, &action, 1);
    for (int i = 0; i < 4; i++)
        next_block(r);
}

static void
set_mode(struct replay *r, const char *contract, const char *mode)
{
    char args[64];
    snprintf(args, sizeof(args), "{\"mode\":\"%s\"}", mode);
    call(r, contract, contract, "set_mode", args);
}

static void
build_state(struct replay *r)
{
    static const char *const accounts[][2] = {{"alice.test.near", NULL},
                                              {"zed.test.near", NULL},
                                              {"nocode.test.near", NULL},
                                              {"portfolio.test.near", "portfolio"},
                                              {"token.test.near", "leaf"},
                                              {"lending.test.near", "leaf"},
                                              {"staking.test.near", "leaf"},
                                              {"probe.test.near", "probe"},
                                              {"badimport.test.near", "badimport"},
                                              {"segments.test.near", "segments"}};
    next_block(r);
    next_block(r);
    for (size_t i = 0; i < ARRAY_LEN(accounts); i++)
        make_account(r, accounts[i][0], accounts[i][1]);
    call(r, "token.test.near", "token.test.near", "mint",
         "{\"account_id\":\"alice.test.near\",\"amount\":1250000000}");
}

/* What the recorder had set on the leaf contracts before this case. */
static void
set_modes(struct replay *r, const char *name)
{
    static const struct {
        const char *in_name, *mode;
    } lending[] = {{"lending_panics", "panic"},     {"lending_traps", "trap"},
                   {"lending_memory", "oob"},       {"lending_logs", "log"},
                   {"lending_not_json", "garbage"}, {"lending_out_of_gas", "burn"},
                   {"all_branches_fail", "panic"}};
    const char *mode = "none", *others = "none";
    for (size_t i = 0; i < ARRAY_LEN(lending); i++) {
        if (strstr(name, lending[i].in_name))
            mode = lending[i].mode;
    }
    if (strstr(name, "all_branches_fail"))
        others = "panic";
    set_mode(r, "token.test.near", others);
    set_mode(r, "lending.test.near", mode);
    set_mode(r, "staking.test.near", others);
}

/* The transaction as it was signed: every action in whole, code too. */
static bool
read_transaction(const struct json *recorded, struct arena *arena, struct transaction *out)
{
    struct str text;
    struct buf bytes;
    struct signed_transaction t;
    buf_init(&bytes, FILE_MAX);
    bool good = !json_get_string(recorded, "signed_tx_base64", &text, NULL) &&
                !base64_decode(text, &bytes, NULL) &&
                !tx_decode_signed(arena_str(arena, buf_str(&bytes)), arena, &t, NULL);
    if (good)
        *out = t.tx;
    buf_release(&bytes);
    return good;
}

/* Thirty-four calls that keep the staking shard busy. The recorded chunks show them in the
 * block before the call's. */
static void
congest(struct replay *r)
{
    struct action burn = {.kind = ACTION_FUNCTION_CALL,
                          .method = STR("burn"),
                          .args = STR("{\"n\":\"100000000\"}"),
                          .gas = 280 * TERA_GAS};
    for (int i = 0; i < 34; i++)
        submit(r, "zed.test.near", "staking.test.near", &burn, 1);
    next_block(r);
}

/* The call that resumes what was yielded is not in the file, but the chunks beside it show when
 * it was included: six blocks after the transaction, signed by somebody on another shard. */
static void
resume(struct replay *r)
{
    enum { BLOCKS = 6 };
    struct action action = {.kind = ACTION_FUNCTION_CALL,
                            .method = STR("resume"),
                            .args = STR("{}"),
                            .gas = 100 * TERA_GAS};
    for (int i = 0; i < BLOCKS; i++)
        next_block(r);
    submit(r, "lending.test.near", "portfolio.test.near", &action, 1);
}

static bool
run_case(struct replay *r, const struct recorded *c, struct buf *difference)
{
    struct arena arena;
    arena_init(&arena);
    struct transaction tx;
    if (!read_transaction(c->json, &arena, &tx)) {
        buf_add_c(difference, "the recorded transaction is not understood");
        arena_release(&arena);
        return false;
    }
    if (strncmp(c->name, "portfolio_", 10) == 0)
        set_modes(r, c->name);
    if (strstr(c->name, "congested"))
        congest(r);
    struct hash hash = submit(r, tx.signer.s, tx.receiver.s, tx.actions, tx.action_count);
    if (strstr(c->name, "yield_resumed"))
        resume(r);
    for (int i = 0; i < MAX_BLOCKS / 3; i++)
        next_block(r);
    bool same = compare_call(r->chain, c->json, &hash, difference);
    arena_release(&arena);
    return same;
}

static int
by_height(const void *a, const void *b)
{
    const struct recorded *x = a, *y = b;
    return (x->height > y->height) - (x->height < y->height);
}

/* Only files that hold one recorded call; the others in the folder are something else. */
static bool
load_case(const char *folder, const char *file, struct recorded *out)
{
    char path[512];
    struct buf text;
    struct diag d = {0};
    buf_init(&text, FILE_MAX);
    snprintf(path, sizeof(path), "%s/node/%s", folder, file);
    if (file_read(path, &text, &d) || json_parse(buf_str(&text), FILE_MAX, &out->json, &d))
        fatal("%s: %s", path, diag_text(&d));
    buf_release(&text);
    snprintf(out->name, sizeof(out->name), "%.*s", (int)(strlen(file) - 5), file);
    const struct json *timeline = json_find(out->json, "timeline");
    const struct json *last = json_find(json_at(timeline, json_count(timeline) - 1), "result");
    const struct json *blocks = json_find(out->json, "blocks");
    struct str hash;
    if (json_is_object(out->json) && last &&
        !json_get_string(json_find(last, "transaction_outcome"), "block_hash", &hash, NULL)) {
        for (const struct json *b = json_first(blocks); b; b = json_next(b)) {
            if (str_equal(json_key(b), hash) &&
                !json_get_u64(json_find(b, "header"), "height", &out->height, NULL))
                return true;
        }
    }
    json_free(out->json);
    return false;
}

static size_t
load_cases(const char *folder, struct recorded *cases)
{
    char path[512];
    size_t count = 0;
    snprintf(path, sizeof(path), "%s/node", folder);
    DIR *dir = opendir(path);
    if (!dir)
        fatal("%s cannot be opened", path);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        if (str_ends(str_from(e->d_name), STR(".json")) && count < MAX_CASES &&
            load_case(folder, e->d_name, &cases[count]))
            count++;
    }
    closedir(dir);
    qsort(cases, count, sizeof(*cases), by_height);
    return count;
}

int
main(int argc, char **argv)
{
    struct replay r = {.folder = argc > 1 ? argv[1] : "tests/data", .time_ns = 1};
    static struct recorded cases[MAX_CASES];
    struct chain_config config;
    size_t agreed = 0, count = load_cases(r.folder, cases);
    r.time_ns = UINT64_C(1700000000000000000);
    chain_default_config(&config, r.time_ns);
    r.chain = chain_new(&config);
    build_state(&r);
    for (size_t i = 0; i < count; i++) {
        struct buf difference;
        buf_init(&difference, 4096);
        bool same = run_case(&r, &cases[i], &difference);
        printf("%s %s%s%s\n", same ? "ok     " : "differs", cases[i].name, same ? "" : ": ",
               buf_c(&difference));
        agreed += same;
        buf_release(&difference);
        json_free(cases[i].json);
    }
    chain_free(r.chain);
    module_forget_all();
    printf("%zu of %zu recorded calls agree\n", agreed, count);
    return count > 0 && agreed == count ? 0 : 1;
}
