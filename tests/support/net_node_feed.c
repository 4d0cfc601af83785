#include "tests/support/net_node_feed.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "net/near/base58.h"

enum { FINAL_BLOCKS = NET_NODE_FINAL_BLOCKS };

static void
send_to_feed(struct node_feed *f, const char *feed, struct str text)
{
    for (size_t i = 0; i < ARRAY_LEN(f->subscribers); i++) {
        struct net_node_subscriber *s = &f->subscribers[i];
        if (!s->link || !s->has_filter || strcmp(s->feed, feed) != 0)
            continue;
        net_link_text(s->link, text);
        f->bytes += text.n;
        if (++f->messages == f->config->cut_after) {
            f->is_dead = f->config->dies_when_cut;
            net_node_feed_cut(f);
            return;
        }
    }
}

static void
write_place(struct json_writer *w, const struct json *block)
{
    const struct json *header = json_find(block, "header");
    json_put_value(w, "block_height", json_find(header, "height"));
    json_put_value(w, "block_timestamp_nanosec", json_find(header, "timestamp_nanosec"));
}

/* A value with the outcome's block in it; at fork_at that is another block. */
static void
write_moved(struct node_feed *f, struct json_writer *w, const struct json *v,
            const struct json *outcome)
{
    struct buf text;
    struct str hash;
    bool is_moved = f->config->fork_at && f->block == f->config->fork_at && !f->config->is_fork_polled;
    buf_init(&text, JSON_BYTES_MAX);
    assert(json_get_string(outcome, "block_hash", &hash, NULL) == OK);
    net_record_print(v, is_moved ? hash : STR(""), NET_NODE_OTHER_BLOCK, &text);
    json_write_raw(w, buf_str(&text));
    buf_release(&text);
}

static void
write_pushed(struct node_feed *f, struct json_writer *w, const struct json *outcome,
             const struct json *transaction, const struct json *block)
{
    char text[HASH_TEXT];
    const struct json *receipt = net_record_receipt(f->record, json_find(outcome, "id"));
    json_write_object(w);
    json_put_c(w, "transaction_id", hash_text(&f->record->tx.hash, text));
    write_place(w, block);
    json_write_key(w, "block_hash");
    write_moved(f, w, json_find(outcome, "block_hash"), outcome);
    json_put_u64(w, "shard_id", 0);
    json_write_key(w, "outcome");
    write_moved(f, w, outcome, outcome);
    json_put_value(w, "receipt", transaction ? NULL : receipt);
    json_put_value(w, "transaction", transaction);
    json_put_array(w, "new_receipts");
    const struct json *ids = json_find(json_find(outcome, "outcome"), "receipt_ids");
    for (const struct json *id = json_first(ids); id; id = json_next(id)) {
        if (net_record_receipt(f->record, id))
            json_write_value(w, net_record_receipt(f->record, id));
    }
    json_write_array_end(w);
    json_write_object_end(w);
}

static void
write_executed(struct node_feed *f, struct json_writer *w, const struct json *outcome,
               const struct json *block)
{
    char text[HASH_TEXT];
    const struct json *status = json_find(json_find(outcome, "outcome"), "status");
    json_write_object(w);
    json_put_c(w, "transaction_id", hash_text(&f->record->tx.hash, text));
    json_put_value(w, "receipt_id", json_find(outcome, "id"));
    json_put_bool(w, "success", !json_find(status, "Failure"));
    write_place(w, block);
    json_write_object_end(w);
}

/* What ran in the block of that height, from the last answer, which has all. */
static void
push_block(struct node_feed *f, uint64_t height, bool is_final)
{
    struct buf text;
    struct json_writer w;
    const struct json *result = json_find(net_record_at(f->record, INT_MAX), "result");
    const struct json *transaction = json_find(result, "transaction_outcome");
    const struct json *outcomes = json_first(json_find(result, "receipts_outcome"));
    size_t told = 0;
    buf_init(&text, JSON_BYTES_MAX);
    json_write_begin(&w, &text);
    json_write_array(&w);
    for (const struct json *v = transaction; v;
         v = v == transaction ? outcomes : json_next(v)) {
        struct str hash;
        assert(json_get_string(v, "block_hash", &hash, NULL) == OK);
        const struct json *block = net_record_find_block(f->record, hash);
        if (net_record_height(block) != height || (is_final && v == transaction))
            continue;
        if (is_final)
            write_executed(f, &w, v, block);
        else
            write_pushed(f, &w, v, v == transaction ? json_find(result, "transaction") : NULL,
                         block);
        told++;
    }
    json_write_array_end(&w);
    if (told)
        send_to_feed(f, is_final ? "tx_receipt" : "outcome_optimistic", buf_str(&text));
    buf_release(&text);
}

static void
tell_final(struct node_feed *f, uint64_t height)
{
    char text[300], hash[HASH_TEXT];
    snprintf(text, sizeof(text),
             "[{\"block_height\":%llu,\"block_timestamp_nanosec\":\"%llu\","
             "\"block_hash\":\"%s\"}]",
             (unsigned long long)height,
             (unsigned long long)net_record_time_ns(height, f->config->block_ms),
             net_record_hash_at(f->record, height, hash));
    send_to_feed(f, "block_info", str_from(text));
    push_block(f, height, true);
}

void
net_node_feed_block(struct node_feed *f, int block)
{
    f->block = block;
    push_block(f, f->record->first_height + (uint64_t)block - 1, false);
    tell_final(f, f->record->first_height + (uint64_t)block - 1 - FINAL_BLOCKS);
}

/* --- its links ---------------------------------------------------------------------- */

static bool
has_feed(const struct node_feed *f, struct str feed)
{
    if (f->config->feed == NODE_FEED_NONE)
        return false;
    if (str_equal_c(feed, "outcome_optimistic"))
        return f->config->feed == NODE_FEED_PUSH;
    return str_equal_c(feed, "tx_receipt") || str_equal_c(feed, "block_info");
}

void
net_node_feed_accept(struct node_feed *f, struct net_link *link,
                     const struct net_request *request)
{
    struct str feed = request->path;
    feed = str_slice(feed, sizeof("/events/") - 1, feed.n);
    if (f->is_dead) {
        net_link_reset(link);
        return;
    }
    if (!has_feed(f, feed)) {
        net_link_answer(link, 404, NULL, STR("no such feed"));
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(f->subscribers); i++) {
        if (f->subscribers[i].link)
            continue;
        f->subscribers[i] = (struct net_node_subscriber){.link = link};
        assert(str_copy(feed, f->subscribers[i].feed, sizeof(f->subscribers[i].feed)));
        net_link_upgrade(link, request);
        return;
    }
}

void
net_node_feed_filter(struct node_feed *f, struct net_link *link)
{
    for (size_t i = 0; i < ARRAY_LEN(f->subscribers); i++) {
        if (f->subscribers[i].link != link || f->subscribers[i].has_filter)
            continue;
        f->subscribers[i].has_filter = true;
        f->listeners++;
    }
}

void
net_node_feed_gone(struct node_feed *f, struct net_link *link)
{
    for (size_t i = 0; i < ARRAY_LEN(f->subscribers); i++) {
        if (f->subscribers[i].link == link)
            f->subscribers[i].link = NULL;
    }
}

void
net_node_feed_cut(struct node_feed *f)
{
    for (size_t i = 0; i < ARRAY_LEN(f->subscribers); i++) {
        if (f->subscribers[i].link)
            net_link_reset(f->subscribers[i].link);
    }
}

void
net_node_feed_say(struct node_feed *f, struct str text)
{
    for (size_t i = 0; i < ARRAY_LEN(f->subscribers); i++) {
        if (f->subscribers[i].link)
            net_link_text(f->subscribers[i].link, text);
    }
}
