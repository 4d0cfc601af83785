/* A chain in a folder: killed at any moment, it goes on with all that was told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "net/base/arena.h"
#include "net/base/file.h"
#include "net/near/base58.h"
#include "tests/support/serve_client.h"

enum { KILLS = 30, CALLS_MAX = 600, FILE_MAX = 1 << 26 };

static char folder[64], file[96];

static int
make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/neartop-data-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(file, sizeof(file), "%s/chain.sqlite", folder);
    return 0;
}

static int
remove_folder(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s%s", file, ends[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static struct serve_config
config_of(bool with_demo)
{
    return (struct serve_config){
        .block_time_ms = 10, .data = folder, .with_demo = with_demo, .keep_blocks = 200};
}

/* --- what a client sees ------------------------------------------------------------------- */

struct seen {
    uint64_t height;
    char hash[HASH_TEXT], genesis[HASH_TEXT];
};

static void
copy_text(const struct json *object, const char *key, char out[HASH_TEXT])
{
    struct str text = {0};
    assert_int_equal(json_get_string(object, key, &text, NULL), OK);
    assert_true(str_copy(text, out, HASH_TEXT));
}

static struct seen
look(int port)
{
    struct seen s;
    struct json *root;
    const struct json *result = client_result(port, "status", "[]", &root);
    const struct json *sync = json_find(result, "sync_info");
    copy_text(result, "genesis_hash", s.genesis);
    copy_text(sync, "latest_block_hash", s.hash);
    assert_int_equal(json_get_u64(sync, "latest_block_height", &s.height, NULL), OK);
    json_free(root);
    return s;
}

static void
assert_block_is(int port, const struct seen *s)
{
    char params[64], hash[HASH_TEXT];
    struct json *root;
    snprintf(params, sizeof(params), "{\"block_id\":%llu}", (unsigned long long)s->height);
    const struct json *block = client_result(port, "block", params, &root);
    copy_text(json_find(block, "header"), "hash", hash);
    assert_string_equal(hash, s->hash);
    json_free(root);
}

static uint64_t
nonce_of(int port, const char *account)
{
    char params[256], key[KEY_TEXT];
    struct secret_key secret;
    struct json *root;
    uint64_t nonce = 0;
    secret_key_from_name(str_from(account), &secret);
    struct public_key public = secret_key_public(&secret);
    secret_key_wipe(&secret);
    snprintf(params, sizeof(params),
             "{\"request_type\":\"view_access_key\",\"finality\":\"optimistic\","
             "\"account_id\":\"%s\",\"public_key\":\"%s\"}",
             account, public_key_text(&public, key));
    const struct json *result = client_result(port, "query", params, &root);
    assert_int_equal(json_get_u64(result, "nonce", &nonce, NULL), OK);
    json_free(root);
    return nonce;
}

/* --- killing ------------------------------------------------------------------------------ */

struct sent {
    char hash[HASH_TEXT];
};

static void
send_increment(int port, uint64_t nonce, struct sent *out)
{
    struct action action = {.kind = ACTION_FUNCTION_CALL,
                            .method = STR("increment"),
                            .args = STR("{}"),
                            .gas = 30 * TERA_GAS};
    struct buf base64, params;
    struct hash hash;
    struct json *root;
    buf_init(&base64, 8192);
    buf_init(&params, 8192);
    client_sign(port, "alice.test.near", "counter.test.near", &action, 1, nonce, &base64, &hash);
    buf_addf(&params, "[\"%s\"]", buf_c(&base64));
    client_result(port, "broadcast_tx_async", buf_c(&params), &root);
    hash_text(&hash, out->hash);
    json_free(root);
    buf_release(&base64);
    buf_release(&params);
}

/* Whatever it takes: known, and in the end executed. */
static void
assert_executed(int port, const struct sent *s)
{
    char params[256];
    struct json *root;
    struct str status = {0};
    snprintf(params, sizeof(params),
             "{\"tx_hash\":\"%s\",\"sender_account_id\":\"alice.test.near\","
             "\"wait_until\":\"EXECUTED\"}", s->hash);
    const struct json *result = client_result(port, "tx", params, &root);
    assert_int_equal(json_get_string(result, "final_execution_status", &status, NULL), OK);
    assert_non_null(json_find(json_find(result, "status"), "SuccessValue"));
    json_free(root);
}

static void
data__loses_nothing_that_was_told__when_it_is_killed(void **state)
{
    (void)state;
    static struct sent sent[CALLS_MAX];
    const struct serve_config config = config_of(true);
    struct seen last = {0};
    uint64_t seed = 42, nonce = 0;
    size_t count = 0, first = 0;
    for (int round = 0; round < KILLS; round++) {
        struct serve_child child;
        serve_child_start(&child, &config);
        if (round) {
            struct seen now = look(child.port);
            assert_string_equal(now.genesis, last.genesis);
            assert_true(now.height >= last.height);
            assert_block_is(child.port, &last);
        } else {
            nonce = nonce_of(child.port, "alice.test.near");
        }
        /* All that the last life took in goes through in this one. */
        for (; first < count; first++)
            assert_executed(child.port, &sent[first]);
        for (int i = 0; i < 6; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            if (seed >> 62)
                send_increment(child.port, ++nonce, &sent[count++]);
            last = look(child.port);
        }
        assert_int_equal(serve_child_stop(&child, SIGKILL), -SIGKILL);
    }
    struct serve_child child;
    serve_child_start(&child, &config);
    for (; first < count; first++)
        assert_executed(child.port, &sent[first]);
    assert_int_equal(nonce_of(child.port, "alice.test.near"), nonce);
    assert_int_equal(serve_child_stop(&child, SIGTERM), 0);
    assert_true(count > KILLS);
}

/* A head that is told and then replaced is never stored; what became final is there. */
static void
data__holds_what_became_final__when_heads_were_replaced(void **state)
{
    (void)state;
    struct serve_config config = config_of(true);
    struct serve_child child;
    struct seen final = {0};
    struct json *root;
    config.fault = "fork=3,forksame=3";
    for (int round = 0; round < 4; round++) {
        serve_child_start(&child, &config);
        uint64_t begun = look(child.port).height;
        while (look(child.port).height < begun + 10)
            continue;
        if (round)
            assert_block_is(child.port, &final);
        const struct json *block =
            client_result(child.port, "block", "{\"finality\":\"final\"}", &root);
        const struct json *header = json_find(block, "header");
        copy_text(header, "hash", final.hash);
        assert_int_equal(json_get_u64(header, "height", &final.height, NULL), OK);
        json_free(root);
        assert_int_equal(serve_child_stop(&child, SIGKILL), -SIGKILL);
    }
}

/* --- refusals ----------------------------------------------------------------------------- */

/* Starts where it must not start; the sentence. */
static void
assert_refused(const struct serve_config *config, const char *part)
{
    struct diag d = {0};
    if (serve_localnet(config, &d) == OK)
        fail_msg("it has started, instead of saying: %s", part);
    if (str_find(str_from(diag_text(&d)), str_from(part)) < 0)
        fail_msg("\"%s\" does not say: %s", diag_text(&d), part);
}

static void
data__is_refused__to_a_second_process(void **state)
{
    (void)state;
    const struct serve_config config = config_of(false);
    struct serve_child child;
    serve_child_start(&child, &config);
    assert_refused(&config, "another neartop has this chain open");
    assert_int_equal(serve_child_stop(&child, SIGTERM), 0);
}

static void
begin_and_end(const struct serve_config *config)
{
    struct serve_child child;
    serve_child_start(&child, config);
    struct seen before = look(child.port);
    while (look(child.port).height < before.height + 3)
        continue;
    assert_int_equal(serve_child_stop(&child, SIGTERM), 0);
}

static void
read_file(struct buf *out)
{
    struct diag d = {0};
    buf_init(out, FILE_MAX);
    if (file_read(file, out, &d))
        fail_msg("%s", diag_text(&d));
}

static void
write_file(struct str bytes)
{
    struct diag d = {0};
    if (file_write(file, bytes, 0600, &d))
        fail_msg("%s", diag_text(&d));
}

static void
data__is_refused__when_the_file_is_not_ours(void **state)
{
    (void)state;
    const struct serve_config config = config_of(false);
    write_file(STR("this is a letter, not a chain, and long enough to be taken for something"));
    assert_refused(&config, "is no chain of neartop");
}

static void
data__is_refused__when_the_form_is_another(void **state)
{
    (void)state;
    enum { APPLICATION_AT = 68, FORM_AT = 60 };
    const struct serve_config config = config_of(false);
    struct buf bytes;
    begin_and_end(&config);
    read_file(&bytes);
    bytes.p[FORM_AT + 2] = 3;
    write_file(buf_str(&bytes));
    assert_refused(&config, "was made by another version of neartop");
    bytes.p[APPLICATION_AT] ^= 1;
    write_file(buf_str(&bytes));
    assert_refused(&config, "is no chain of neartop");
    buf_release(&bytes);
}

static void
data__is_refused__when_it_is_not_the_chain_that_was_asked_for(void **state)
{
    (void)state;
    struct serve_config config = config_of(false);
    begin_and_end(&config);
    config.with_demo = true;
    assert_refused(&config, "--demo: the chain in");
    config.with_demo = false;
    config.shards = "k0";
    assert_refused(&config, "--shards: the chain in");
    config.shards = "m0,r0,t0";
    begin_and_end(&config);
}

/* A bit that fell over is found wherever a record has it; nothing else happens than a word. */
static void
data__is_refused__when_bits_have_changed(void **state)
{
    (void)state;
    const struct serve_config config = config_of(true);
    struct buf bytes;
    size_t refused = 0, tried = 0;
    begin_and_end(&config);
    read_file(&bytes);
    for (size_t at = 5000; at < bytes.n; at += bytes.n / 12) {
        char before = bytes.p[at];
        bytes.p[at] ^= 0x10;
        write_file(buf_str(&bytes));
        struct serve_config none = config;
        struct diag d = {0};
        /* A fault that there is none of: where the damage is in no record it ends there. */
        none.fault = "nonsense";
        assert_true(serve_localnet(&none, &d) != OK);
        refused += str_find(str_from(diag_text(&d)), STR("damaged")) >= 0;
        tried++;
        bytes.p[at] = before;
    }
    assert_true(refused * 2 > tried);
    write_file(buf_str(&bytes));
    begin_and_end(&config);
    buf_release(&bytes);
}

/* --- the sandbox -------------------------------------------------------------------------- */

static uint64_t
head_time(int port)
{
    struct json *root;
    uint64_t time_ns = 0;
    const struct json *header = json_find(
        client_result(port, "block", "{\"finality\":\"optimistic\"}", &root), "header");
    assert_int_equal(json_get_u64(header, "timestamp", &time_ns, NULL), OK);
    json_free(root);
    return time_ns;
}

/* Time goes on from where it was sent, a block's time a block; what was put in is there. */
static void
data__keeps_what_the_sandbox_did(void **state)
{
    static const char records[] =
        "{\"records\":[{\"Account\":{\"account_id\":\"put.near\",\"account\":{\"amount\":\"5\","
        "\"locked\":\"0\",\"code_hash\":\"11111111111111111111111111111111\","
        "\"storage_usage\":100}}}]}";
    const struct serve_config config = config_of(false);
    struct serve_child child;
    struct json *root;
    (void)state;
    serve_child_start(&child, &config);
    client_result(child.port, "sandbox_patch_state", records, &root);
    json_free(root);
    client_result(child.port, "sandbox_fast_forward", "{\"delta_height\":100000}", &root);
    json_free(root);
    uint64_t before_ns = head_time(child.port);
    serve_child_stop(&child, SIGKILL);
    serve_child_start(&child, &config);
    const struct json *account = client_result(
        child.port, "query",
        "{\"finality\":\"optimistic\",\"request_type\":\"view_account\",\"account_id\":\"put.near\"}",
        &root);
    struct str amount = {0};
    assert_int_equal(json_get_string(account, "amount", &amount, NULL), OK);
    assert_true(str_equal(amount, STR("5")));
    json_free(root);
    struct seen first = look(child.port), later = first;
    uint64_t first_ns = head_time(child.port);
    assert_true(first_ns >= before_ns);
    while (later.height < first.height + 4)
        later = look(child.port);
    assert_true(head_time(child.port) > first_ns + UINT64_C(5000000));
    serve_child_stop(&child, SIGTERM);
}

/* --- a full disk -------------------------------------------------------------------------- */

static void
data__stops_the_chain__when_the_disk_is_full(void **state)
{
    (void)state;
    const struct serve_config config = config_of(false);
    struct serve_child child;
    struct rlimit former, small;
    begin_and_end(&config);
    struct stat st;
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &former), 0);
    small = former;
    /* The log beside the file may grow no further than this. */
    small.rlim_cur = (rlim_t)st.st_size + 64 * 1024;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    serve_child_start(&child, &config);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &former), 0);
    assert_int_equal(serve_child_end(&child), 70);
    begin_and_end(&config);
}

#define in_folder(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_folder(data__loses_nothing_that_was_told__when_it_is_killed),
        in_folder(data__holds_what_became_final__when_heads_were_replaced),
        in_folder(data__is_refused__to_a_second_process),
        in_folder(data__is_refused__when_the_file_is_not_ours),
        in_folder(data__is_refused__when_the_form_is_another),
        in_folder(data__is_refused__when_it_is_not_the_chain_that_was_asked_for),
        in_folder(data__is_refused__when_bits_have_changed),
        in_folder(data__keeps_what_the_sandbox_did),
        in_folder(data__stops_the_chain__when_the_disk_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
