/* Which transactions touch an account, by blocks and chunks of a scripted node: what is sure is told
 * once, what may be meant is asked of the node, and what is known is not asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "net/near/base58.h"
#include "net/relay/finder.h"
#include "tests/support/net_teller.h"
#include "tests/support/net_wait.h"

enum { TEXT_MAX = 8000, MOST = 8, BLOCK_MS = 5 };

/* Hashes are numbers here: those of blocks, transactions and receipts are far apart. */
enum { BLOCK = 1, TX = 100, RECEIPT = 200 };

struct block {
    int number, parent, height;
    const char *transactions, *receipts;    /* "100 alice.test x.test, …": number, signer, receiver */
};

struct scene {
    struct net_teller node;
    struct finder *finder;
    const struct block *blocks;     /* the newest first */
    size_t count;
    int known;                      /* this transaction is known; 0: none */
    int mother;                     /* of RECEIPT */
    int chunk_failures;             /* to come */
    int lost_chunk;                 /* which the node never has */
    int troubles;
    char trouble[300];              /* the last one */
    int found[MOST], asked[MOST];
    int found_count, asked_count;
    char signer[MOST][ACCOUNT_MAX + 1];
    char text[TEXT_MAX];
};

static struct hash
hash_of(int number)
{
    struct hash h = {{0}};
    h.b[0] = 7;
    memcpy(h.b + 1, &number, sizeof(number));
    return h;
}

static int
number_of(const struct hash *h)
{
    int number;
    memcpy(&number, h->b + 1, sizeof(number));
    return number;
}

static const char *
text_of(int number, char out[HASH_TEXT])
{
    struct hash h = hash_of(number);
    return hash_text(&h, out);
}

static int
number_in(const struct json *params, const char *key)
{
    struct str text;
    struct hash h;
    if (json_get_string(params, key, &text, NULL) != OK || hash_parse(text, &h, NULL) != OK)
        return 0;
    return number_of(&h);
}

/* --- the node ----------------------------------------------------------------------------- */

static const struct block *
find_block(const struct scene *s, int number)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->blocks[i].number == number)
            return &s->blocks[i];
    }
    return NULL;
}

/* A block's only chunk has its hash. */
static void
write_block(const struct block *b, struct buf *out)
{
    char hash[HASH_TEXT], parent[HASH_TEXT];
    text_of(b->number, hash);
    text_of(b->parent, parent);
    buf_addf(out, "\"result\":{\"header\":{\"hash\":\"%s\",\"prev_hash\":\"%s\",\"last_final_block\":"
             "\"%s\",\"height\":%d,\"timestamp_nanosec\":\"%d000000\"},\"chunks\":[{\"chunk_hash\":"
             "\"%s\",\"height_included\":%d}]}", hash, parent, parent, b->height, b->height, hash,
             b->height);
}

static void
write_list(const char *list, bool is_receipts, struct buf *out)
{
    char hash[HASH_TEXT], from[ACCOUNT_MAX + 1], to[ACCOUNT_MAX + 1];
    int number, length;
    while (*list && sscanf(list, "%d %64s %64[a-z.]%n", &number, from, to, &length) == 3) {
        text_of(number, hash);
        if (is_receipts)
            buf_addf(out, "{\"receipt_id\":\"%s\",\"predecessor_id\":\"portfolio.test\",\"receiver_id\":"
                     "\"%s\",\"receipt\":{\"Action\":{\"signer_id\":\"%s\"}}}", hash, to, from);
        else
            buf_addf(out, "{\"hash\":\"%s\",\"signer_id\":\"%s\",\"receiver_id\":\"%s\"}", hash, from,
                     to);
        list += length;
        if (*list)
            buf_add_byte(out, ',');
        list += strspn(list, ", ");
    }
}

static void
write_chunk(const struct block *b, struct buf *out)
{
    buf_add_c(out, "\"result\":{\"transactions\":[");
    write_list(b->transactions, false, out);
    buf_add_c(out, "],\"receipts\":[");
    write_list(b->receipts, true, out);
    buf_add_c(out, "]}");
}

static void
write_status(struct scene *s, int tx, struct buf *out)
{
    char hash[HASH_TEXT];
    assert_true(s->asked_count < MOST);
    s->asked[s->asked_count++] = tx;
    text_of(tx == s->mother ? RECEIPT : RECEIPT + 1, hash);
    buf_addf(out, "\"result\":{\"transaction_outcome\":{\"outcome\":{\"receipt_ids\":[]}},"
             "\"receipts_outcome\":[{\"outcome\":{\"receipt_ids\":[\"%s\"]}}]}", hash);
}

static const char *
answer(void *context, struct str method, const struct json *params)
{
    struct scene *s = context;
    struct buf out;
    buf_init(&out, TEXT_MAX - 1);
    if (str_equal(method, STR("block"))) {
        const struct block *b = find_block(s, number_in(params, "block_id"));
        write_block(b ? b : &s->blocks[0], &out);
    } else if (str_equal(method, STR("chunk")) && s->chunk_failures) {
        s->chunk_failures--;
        buf_add_c(&out, "\"error\":{\"cause\":{\"name\":\"INTERNAL_ERROR\"},\"data\":\"busy\"}");
    } else if (str_equal(method, STR("chunk")) && s->lost_chunk == number_in(params, "chunk_id")) {
        buf_add_c(&out, "\"error\":{\"cause\":{\"name\":\"UNKNOWN_CHUNK\"},\"data\":\"no such\"}");
    } else if (str_equal(method, STR("chunk"))) {
        write_chunk(find_block(s, number_in(params, "chunk_id")), &out);
    } else {
        write_status(s, number_in(params, "tx_hash"), &out);
    }
    assert_false(out.overflowed);
    snprintf(s->text, sizeof(s->text), "%s", buf_c(&out));
    buf_release(&out);
    return s->text;
}

/* --- who looks ---------------------------------------------------------------------------- */

static void
on_found(void *context, const struct hash *tx, const struct account_id *signer)
{
    struct scene *s = context;
    assert_true(s->found_count < MOST);
    snprintf(s->signer[s->found_count], sizeof(s->signer[0]), "%s", signer ? signer->s : "");
    s->found[s->found_count++] = number_of(tx);
}

static bool
on_knows(void *context, const struct hash *tx)
{
    const struct scene *s = context;
    return number_of(tx) == s->known;
}

static void
on_looks(void *context, const char *where, const char *why)
{
    struct scene *s = context;
    assert_string_equal(where, "blocks and chunks");
    if (why[0])
        snprintf(s->trouble, sizeof(s->trouble), "%s", why);
    s->troubles += why[0] != '\0';
}

static void
begin(struct scene *s, const struct block *blocks, size_t count)
{
    static const struct account_id staking = {.s = "staking.test"};
    s->blocks = blocks;
    s->count = count;
    net_teller_open(&s->node, answer, s);
    s->finder = finder_new(&(struct finder_config){
        .loop = s->node.loop, .rpc = s->node.rpc, .accounts = &staking, .account_count = 1,
        .block_time_ms = BLOCK_MS, .found = on_found, .knows = on_knows, .looks = on_looks,
        .context = s});
}

static void
end(struct scene *s)
{
    assert_int_equal(s->troubles, s->trouble[0] != '\0');
    finder_free(s->finder);
    net_teller_close(&s->node);
}

/* --- tests -------------------------------------------------------------------------------- */

/* Two of the receipt's signer, one of somebody else; the newest is asked for first. */
static const struct block maybe[] = {
    {BLOCK, BLOCK + 99, 10, "100 alice.test a.test, 101 bob.test b.test, 102 alice.test c.test",
     "200 alice.test staking.test"}};

static void
finder__asks_the_node__which_transaction_a_receipt_is_of(void **state)
{
    struct scene s = {.mother = TX};
    (void)state;
    begin(&s, maybe, 1);
    net_wait_count(s.node.loop, &s.found_count, 1);
    net_wait_count(s.node.loop, &s.asked_count, 2);
    assert_int_equal(s.found[0], TX);
    assert_string_equal(s.signer[0], "alice.test");
    assert_int_equal(s.asked[0] + s.asked[1], TX + TX + 2);
    end(&s);
}

static void
finder__asks_nothing__of_what_is_known(void **state)
{
    struct scene s = {.mother = TX, .known = TX + 2};
    (void)state;
    begin(&s, maybe, 1);
    net_wait_count(s.node.loop, &s.found_count, 1);
    assert_int_equal(s.found[0], TX);
    /* The known one would have been asked for before. */
    assert_int_equal(s.asked_count, 1);
    assert_int_equal(s.asked[0], TX);
    end(&s);
}

static void
finder__does_not_tell_again__what_is_known_to_be_the_mother(void **state)
{
    static const struct block blocks[] = {
        {BLOCK + 1, BLOCK, 11, "103 dan.test staking.test", ""},
        {BLOCK, BLOCK + 99, 10, "100 alice.test a.test", "200 alice.test staking.test"}};
    struct scene s = {.mother = TX, .known = TX};
    (void)state;
    begin(&s, blocks + 1, 1);
    /* The first block has been looked at when the second one is. */
    net_wait_count(s.node.loop, &s.node.served, 3);
    s.blocks = blocks;
    s.count = 2;
    net_wait_count(s.node.loop, &s.found_count, 1);
    assert_int_equal(s.found[0], TX + 3);
    assert_string_equal(s.signer[0], "dan.test");
    assert_int_equal(s.asked_count, 0);
    end(&s);
}

/* A block is replaced, and the transaction is in the one that comes instead, too. */
static void
finder__tells_once__what_is_in_two_blocks(void **state)
{
    static const struct block blocks[] = {
        {BLOCK + 2, BLOCK, 12, "104 dan.test staking.test, 103 dan.test staking.test", ""},
        {BLOCK + 1, BLOCK, 11, "103 dan.test staking.test", ""},
        {BLOCK, BLOCK + 99, 10, "", ""}};
    struct scene s = {.mother = 0};
    (void)state;
    begin(&s, blocks + 2, 1);
    net_wait_count(s.node.loop, &s.node.served, 3);
    s.blocks = blocks + 1;
    s.count = 2;
    net_wait_count(s.node.loop, &s.found_count, 1);
    s.blocks = blocks;
    s.count = 3;
    net_wait_count(s.node.loop, &s.found_count, 2);
    int served = s.node.served;
    net_wait_count(s.node.loop, &s.node.served, served + 2);
    assert_int_equal(s.found_count, 2);
    assert_int_equal(s.found[0], TX + 3);
    assert_int_equal(s.found[1], TX + 4);
    end(&s);
}

/* The node has it, and failed to tell: the next block is no reason to pass it over. */
static void
finder__asks_again__for_a_chunk_that_was_not_told(void **state)
{
    static const struct block blocks[] = {
        {BLOCK + 2, BLOCK + 1, 12, "", ""},
        {BLOCK + 1, BLOCK, 11, "103 dan.test staking.test", ""},
        {BLOCK, BLOCK + 99, 10, "", ""}};
    struct scene s = {.mother = 0};
    (void)state;
    begin(&s, blocks + 2, 1);
    net_wait_count(s.node.loop, &s.node.served, 3);
    s.chunk_failures = 5;
    s.blocks = blocks + 1;
    s.count = 2;
    net_wait_count(s.node.loop, &s.troubles, 1);
    assert_non_null(strstr(s.trouble, "busy"));
    s.blocks = blocks;
    s.count = 3;
    net_wait_count(s.node.loop, &s.found_count, 1);
    assert_int_equal(s.found[0], TX + 3);
    assert_int_equal(s.chunk_failures, 0);
    end(&s);
}

static void
finder__says_once__that_chunks_cannot_be_had__and_goes_on(void **state)
{
    static const struct block blocks[] = {
        {BLOCK + 1, BLOCK, 11, "103 dan.test staking.test", ""},
        {BLOCK, BLOCK + 99, 10, "", ""}};
    struct scene s = {.lost_chunk = BLOCK};
    (void)state;
    begin(&s, blocks + 1, 1);
    net_wait_count(s.node.loop, &s.troubles, 1);
    assert_non_null(strstr(s.trouble, "a chunk cannot be had, and calls in it are not seen: "));
    assert_non_null(strstr(s.trouble, "no such"));
    s.blocks = blocks;
    s.count = 2;
    net_wait_count(s.node.loop, &s.found_count, 1);
    assert_int_equal(s.found[0], TX + 3);
    end(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finder__asks_the_node__which_transaction_a_receipt_is_of),
        cmocka_unit_test(finder__asks_nothing__of_what_is_known),
        cmocka_unit_test(finder__does_not_tell_again__what_is_known_to_be_the_mother),
        cmocka_unit_test(finder__tells_once__what_is_in_two_blocks),
        cmocka_unit_test(finder__asks_again__for_a_chunk_that_was_not_told),
        cmocka_unit_test(finder__says_once__that_chunks_cannot_be_had__and_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
