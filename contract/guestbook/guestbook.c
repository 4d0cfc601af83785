/* guestbook: messages of anybody, in the order in which they came. A message with at least
 * 0.1 NEAR attached is premium; the contract keeps the deposit. */
#include "contract/sdk/args.h"

#define TEXT_MAX 500                    /* bytes of one message */
#define LIMIT_MAX 100                   /* messages in one answer */
#define LIMIT_DEFAULT 10
#define PREMIUM_YOCTO "100000000000000000000000"
/* An escape takes up to six bytes for one; 64 for braces, names, and commas. */
#define ANSWER_MAX (LIMIT_MAX * (6 * TEXT_MAX + ACCOUNT_MAX + 64))

static struct text
count_key(void)
{
    return text_of("count");
}

static struct text
message_key(uint64_t index)
{
    struct writer w = heap_writer(24);
    write_c(&w, "m:");
    write_u64(&w, index);
    return writer_text(&w);
}

/* The record: '1' for premium or '0', the sender's length in a byte, the sender, the text. */
static void
store(uint64_t index, bool premium, struct text sender, struct text text)
{
    struct writer w = heap_writer(2 + sender.n + text.n);
    write_byte(&w, premium ? '1' : '0');
    write_byte(&w, (char)sender.n);
    write_text(&w, sender);
    write_text(&w, text);
    storage_put(message_key(index), writer_text(&w));
}

static void
put_message(struct json_writer *w, uint64_t index)
{
    struct text record;
    if (!storage_get(message_key(index), &record) || record.n < 2 ||
        (size_t)record.p[1] > record.n - 2)
        panic_about("the record ", message_key(index), " is damaged");
    size_t sender_size = (size_t)record.p[1];
    json_open(w, '{');
    json_key(w, "premium");
    json_put_bool(w, record.p[0] == '1');
    json_key(w, "sender");
    json_put_text(w, (struct text){record.p + 2, sender_size});
    json_key(w, "text");
    json_put_text(w, (struct text){record.p + 2 + sender_size, record.n - 2 - sender_size});
    json_close(w, '}');
}

NEAR_METHOD(add_message)
{
    struct args a = args_read();
    struct text text = args_text(&a, "text", TEXT_MAX);
    uint64_t count = storage_get_u64(count_key());
    struct u128 premium;
    u128_parse(text_of(PREMIUM_YOCTO), &premium);
    store(count, u128_compare(attached_deposit(), premium) >= 0, predecessor_account(), text);
    storage_put_u64(count_key(), count + 1);
}

NEAR_METHOD(get_messages)
{
    struct args a = args_read();
    uint64_t from = args_u64(&a, "from_index", 0);
    uint64_t limit = args_u64(&a, "limit", LIMIT_DEFAULT);
    if (limit > LIMIT_MAX)
        panic("argument limit must be at most 100");
    uint64_t count = storage_get_u64(count_key());
    struct json_writer w = json_writer_new(ANSWER_MAX);
    json_open(&w, '[');
    for (; from < count && limit > 0; from++, limit--) put_message(&w, from);
    json_close(&w, ']');
    answer(&w);
}

NEAR_METHOD(total_messages)
{
    struct json_writer w = json_writer_new(24);
    json_put_u64(&w, storage_get_u64(count_key()));
    answer(&w);
}
