/* What the public feed makes of the logs of tokens: NEP-141 (fungible) and NEP-171 (not). */
#include "net/serve/feed_events.h"
#include "net/json.h"
#include "net/near/account.h"
#include "net/near/amount.h"

struct token_log {
    const char *standard;
    bool is_fungible, is_transfer;
};

/* NULL: not of tokens. The kind's name is the event's. */
static const struct token_log *
log_of(enum feed_kind kind)
{
    static const struct token_log logs[FEED_COUNT] = {
        [FEED_ft_mint] = {"nep141", true, false},
        [FEED_ft_burn] = {"nep141", true, false},
        [FEED_ft_transfer] = {"nep141", true, true},
        [FEED_nft_mint] = {"nep171", false, false},
        [FEED_nft_burn] = {"nep171", false, false},
        [FEED_nft_transfer] = {"nep171", false, true},
    };
    return logs[kind].standard ? &logs[kind] : NULL;
}

/* --- is it one ---------------------------------------------------------------------------- */

static bool
has_account(const struct json *item, const char *key)
{
    struct str text;
    return json_get_string(item, key, &text, NULL) == OK && account_is_valid(text);
}

static bool
has_amount(const struct json *item)
{
    struct str text;
    struct amount amount;
    return json_get_string(item, "amount", &text, NULL) == OK &&
           amount_parse(text, &amount, NULL) == OK;
}

static bool
has_token_ids(const struct json *item)
{
    const struct json *list = json_find(item, "token_ids");
    if (!json_is_array(list))
        return false;
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        if (!json_is_string(v))
            return false;
    }
    return true;
}

static bool
is_item(const struct token_log *log, const struct json *item)
{
    const struct json *memo = json_find(item, "memo");
    bool has_owner = log->is_transfer
                         ? has_account(item, "old_owner_id") && has_account(item, "new_owner_id")
                         : has_account(item, "owner_id");
    return has_owner && (!memo || json_is_null(memo) || json_is_string(memo)) &&
           (log->is_fungible ? has_amount(item) : has_token_ids(item));
}

/* One that does not fit and the whole log is none, as on the feed. */
static const struct json *
items_of(const struct token_log *log, const char *name, const struct json *root)
{
    struct str standard, event;
    const struct json *data = json_find(root, "data");
    if (json_get_string(root, "standard", &standard, NULL) ||
        json_get_string(root, "event", &event, NULL) || !str_equal_c(standard, log->standard) ||
        !str_equal_c(event, name) || !json_is_array(data))
        return NULL;
    for (const struct json *item = json_first(data); item; item = json_next(item)) {
        if (!is_item(log, item))
            return NULL;
    }
    return data;
}

/* --- telling ------------------------------------------------------------------------------ */

static void
put_amount(struct json_writer *w, const struct json *item)
{
    struct str text;
    struct amount amount;
    char number[AMOUNT_TEXT];
    if (json_get_string(item, "amount", &text, NULL) == OK &&
        amount_parse(text, &amount, NULL) == OK)
        json_put_c(w, "amount", amount_text(amount, number));
}

/* Nothing is traded here, so that no price is known. */
static void
put_prices(struct json_writer *w, const struct json *item)
{
    json_put_array(w, "token_prices_near");
    for (size_t i = json_count(json_find(item, "token_ids")); i > 0; i--)
        json_write_null(w);
    json_write_array_end(w);
}

static void
add_item(struct feed_events *e, const struct token_log *log, const struct feed_place *p,
         const struct json *item)
{
    struct json_writer w;
    feed_events_begin(e, &w);
    if (log->is_fungible)
        put_amount(&w, item);
    feed_put_place(&w, p);
    if (!log->is_fungible)
        json_put_string(&w, "contract_id", p->executor);
    json_put_value(&w, "memo", json_find(item, "memo"));
    if (log->is_transfer) {
        json_put_value(&w, "new_owner_id", json_find(item, "new_owner_id"));
        json_put_value(&w, "old_owner_id", json_find(item, "old_owner_id"));
    } else {
        json_put_value(&w, "owner_id", json_find(item, "owner_id"));
    }
    feed_put_hash(&w, "receipt_id", &p->receipt);
    if (log->is_fungible)
        json_put_string(&w, "token_id", p->executor);
    else
        json_put_value(&w, "token_ids", json_find(item, "token_ids"));
    if (!log->is_fungible && log->is_transfer)
        put_prices(&w, item);
    feed_put_hash(&w, "transaction_id", &p->tx);
    feed_events_end(e, &w);
}

bool
feed_tokens_add(struct feed_events *e, enum feed_kind kind, const struct feed_place *p,
                const struct json *root)
{
    const struct token_log *log = log_of(kind);
    if (!log)
        return false;
    const struct json *items = items_of(log, feed_kind_name(kind), root);
    for (const struct json *item = json_first(items); item; item = json_next(item))
        add_item(e, log, p, item);
    return true;
}
