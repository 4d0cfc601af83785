/* What the feed makes of logs of tokens: the shapes of the public feed, and what is no such log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "contract/serve/feed_chain.h"

/* The events that a receipt with this log gives. */
static void
events_of(enum feed_kind kind, const char *line, enum chain_status status, struct buf *out)
{
    struct str logs[] = {STR("a word before"), str_from(line)};
    struct chain_receipt receipt = {.predecessor = account_of("alice.test")};
    struct chain_outcome outcome = {.executor = account_of("token.test"),
                                    .status = status,
                                    .logs = logs,
                                    .log_count = ARRAY_LEN(logs),
                                    .receipt = &receipt};
    const struct chain_outcome *outcomes[] = {&outcome};
    struct chain_chunk chunk = {.height_included = 7, .outcomes = outcomes, .outcome_count = 1};
    struct chain_block block = {.height = 7, .time_ns = 8, .chunks = &chunk, .chunk_count = 1};
    struct feed_events e;
    feed_events_init(&e);
    feed_chain_events(&(struct feed_block){.block = &block}, kind, &e);
    for (size_t i = 0; i < e.count; i++) {
        buf_add_str(out, feed_events_at(&e, i));
        buf_add_byte(out, '\n');
    }
    feed_events_release(&e);
}

static void
assert_events(enum feed_kind kind, const char *line, const char *expected)
{
    struct buf out;
    buf_init(&out, 65536);
    events_of(kind, line, CHAIN_VALUE, &out);
    assert_string_equal(buf_c(&out), expected);
    buf_clear(&out);
    events_of(kind, line, CHAIN_FAILED, &out);
    assert_int_equal(out.n, 0);
    buf_release(&out);
}

#define PLACE "\"block_height\":7,\"block_timestamp_nanosec\":\"8\""
#define ZERO "11111111111111111111111111111111"
#define RECEIPT "\"receipt_id\":\"" ZERO "\""
#define TX "\"transaction_id\":\"" ZERO "\""

static void
feed_tokens_add__tells_every_item__in_the_feeds_shape(void **state)
{
    (void)state;
    assert_events(FEED_ft_transfer,
                  "EVENT_JSON:{\"standard\":\"nep141\",\"version\":\"1.0.0\",\"event\":\"ft_transfer\","
                  "\"data\":[{\"old_owner_id\":\"a.test\",\"new_owner_id\":\"b.test\",\"amount\":\"12\","
                  "\"memo\":\"hi\"},{\"old_owner_id\":\"b.test\",\"new_owner_id\":\"a.test\","
                  "\"amount\":\"340282366920938463463374607431768211455\"}]}",
                  "{\"amount\":\"12\"," PLACE ",\"memo\":\"hi\",\"new_owner_id\":\"b.test\","
                  "\"old_owner_id\":\"a.test\"," RECEIPT ",\"token_id\":\"token.test\"," TX "}\n"
                  "{\"amount\":\"340282366920938463463374607431768211455\"," PLACE
                  ",\"memo\":null,\"new_owner_id\":\"a.test\",\"old_owner_id\":\"b.test\"," RECEIPT
                  ",\"token_id\":\"token.test\"," TX "}\n");
    assert_events(FEED_ft_mint,
                  "EVENT_JSON: {\"standard\":\"nep141\",\"version\":\"1.0.0\",\"event\":\"ft_mint\","
                  "\"data\":[{\"owner_id\":\"a.test\",\"amount\":\"007\",\"memo\":null}]}",
                  "{\"amount\":\"7\"," PLACE ",\"memo\":null,\"owner_id\":\"a.test\"," RECEIPT
                  ",\"token_id\":\"token.test\"," TX "}\n");
    assert_events(FEED_ft_burn,
                  "EVENT_JSON:{\"standard\":\"nep141\",\"version\":\"1.0.0\",\"event\":\"ft_burn\","
                  "\"data\":[{\"owner_id\":\"a.test\",\"amount\":\"1\"}]}",
                  "{\"amount\":\"1\"," PLACE ",\"memo\":null,\"owner_id\":\"a.test\"," RECEIPT
                  ",\"token_id\":\"token.test\"," TX "}\n");
    assert_events(FEED_nft_mint,
                  "EVENT_JSON:{\"standard\":\"nep171\",\"version\":\"1.0.0\",\"event\":\"nft_mint\","
                  "\"data\":[{\"owner_id\":\"a.test\",\"token_ids\":[\"1\",\"x\"]}]}",
                  "{" PLACE ",\"contract_id\":\"token.test\",\"memo\":null,\"owner_id\":\"a.test\"," RECEIPT
                  ",\"token_ids\":[\"1\",\"x\"]," TX "}\n");
    assert_events(FEED_nft_burn,
                  "EVENT_JSON:{\"standard\":\"nep171\",\"version\":\"1.0.0\",\"event\":\"nft_burn\","
                  "\"data\":[{\"owner_id\":\"a.test\",\"token_ids\":[],\"authorized_id\":\"c.test\"}]}",
                  "{" PLACE ",\"contract_id\":\"token.test\",\"memo\":null,\"owner_id\":\"a.test\"," RECEIPT
                  ",\"token_ids\":[]," TX "}\n");
    assert_events(FEED_nft_transfer,
                  "EVENT_JSON:{\"standard\":\"nep171\",\"version\":\"1.0.0\",\"event\":\"nft_transfer\","
                  "\"data\":[{\"old_owner_id\":\"a.test\",\"new_owner_id\":\"b.test\","
                  "\"token_ids\":[\"1\",\"2\"]}]}",
                  "{" PLACE ",\"contract_id\":\"token.test\",\"memo\":null,\"new_owner_id\":\"b.test\","
                  "\"old_owner_id\":\"a.test\"," RECEIPT ",\"token_ids\":[\"1\",\"2\"],"
                  "\"token_prices_near\":[null,null]," TX "}\n");
}

static void
feed_tokens_add__is_silent__for_what_is_no_such_log(void **state)
{
    static const char *const lines[] = {
        "EVENT_JSON:{\"standard\":\"nep141\",\"version\":\"1\",\"event\":\"ft_burn\",\"data\":[{\"owner_id\":"
        "\"a.test\",\"amount\":\"1\"}]}",
        "EVENT_JSON:{\"standard\":\"nep171\",\"version\":\"1\",\"event\":\"ft_mint\",\"data\":[{\"owner_id\":"
        "\"a.test\",\"amount\":\"1\"}]}",
        "{\"standard\":\"nep141\",\"event\":\"ft_mint\",\"data\":[]}",
        "EVENT_JSON:{\"standard\":\"nep141\",\"event\":\"ft_mint\"}",
        "EVENT_JSON:{\"standard\":\"nep141\",\"event\":\"ft_mint\",\"data\":{}}",
        "EVENT_JSON:{\"standard\":\"nep141\",\"event\":\"ft_mint\",\"data\":[1]}",
        "EVENT_JSON:{\"standard\":\"nep141\",\"event\":\"ft_mint\",\"data\":[{\"owner_id\":\"a.test\"}]}",
        "EVENT_JSON:{\"standard\":\"nep141\",\"event\":\"ft_mint\",\"data\":[{\"owner_id\":\"a.test\","
        "\"amount\":1}]}",
        "EVENT_JSON:{\"standard\":\"nep141\",\"event\":\"ft_mint\",\"data\":[{\"owner_id\":\"a.test\","
        "\"amount\":\"-1\"}]}",
        "EVENT_JSON:{\"standard\":\"nep141\",\"event\":\"ft_mint\",\"data\":[{\"owner_id\":\"A!\","
        "\"amount\":\"1\"}]}",
        "EVENT_JSON:{\"standard\":\"nep141\",\"event\":\"ft_mint\",\"data\":[{\"owner_id\":\"a.test\","
        "\"amount\":\"1\",\"memo\":5}]}",
        /* The second spoils the first. */
        "EVENT_JSON:{\"standard\":\"nep141\",\"event\":\"ft_mint\",\"data\":[{\"owner_id\":\"a.test\","
        "\"amount\":\"1\"},{\"owner_id\":\"a.test\",\"amount\":\"x\"}]}",
        "EVENT_JSON:not JSON",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        assert_events(FEED_ft_mint, lines[i], "");
    assert_events(FEED_nft_mint,
                  "EVENT_JSON:{\"standard\":\"nep171\",\"event\":\"nft_mint\",\"data\":[{\"owner_id\":"
                  "\"a.test\",\"token_ids\":[1]}]}",
                  "");
}

static void
feed_kind_of__knows_the_kinds_and_no_others(void **state)
{
    static const char *const others[] = {
        "",           "price_token",        "trade_swap",     "trade_pool",   "trade_pool_change",
        "price_pool", "liquidity_pool",     "newcontract_nep141", "potlock_donation",
        "socialdb_index", "aurora_transaction", "block_info2", "Block_info"};
    (void)state;
    for (int kind = 0; kind < FEED_COUNT; kind++)
        assert_int_equal(feed_kind_of(str_from(feed_kind_name((enum feed_kind)kind))), kind);
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        assert_int_equal(feed_kind_of(str_from(others[i])), FEED_COUNT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feed_tokens_add__tells_every_item__in_the_feeds_shape),
        cmocka_unit_test(feed_tokens_add__is_silent__for_what_is_no_such_log),
        cmocka_unit_test(feed_kind_of__knows_the_kinds_and_no_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
