/* guestbook: messages, each kept as the JSON that will be handed out. */
#include "contract/sdk/sdk.h"

enum { MOST_AT_ONCE = 50 };

static struct text
number_name(uint64_t number, char room[24])
{
    struct out o = {room, 0, 24};
    out_u64(&o, number);
    return out_text(&o);
}

NEAR_METHOD(add_message)
{
    static char room[2048];
    char name[24];
    struct out o = OUT(room);
    struct text message = arg_string("text");
    require(message.n > 0 && message.n <= 256, "a message has 1 to 256 bytes");
    struct u128 total = state_get_u128("total", TEXT("")), deposit;
    /* A tenth of a NEAR makes a message a premium one. */
    const struct u128 premium = {UINT64_C(200376420520689664), 5421};
    near_attached_deposit((uint64_t)(uintptr_t)&deposit);
    out_c(&o, "{\"premium\":");
    out_c(&o, u128_compare(deposit, premium) >= 0 ? "true" : "false");
    out_c(&o, ",\"sender\":");
    json_quote(&o, predecessor());
    out_c(&o, ",\"text\":");
    json_quote(&o, message);
    out_c(&o, "}");
    state_set("m:", number_name(total.lo, name), out_text(&o));
    total.lo++;
    state_set_u128("total", TEXT(""), total);
}

NEAR_METHOD(get_messages)
{
    static char room[16384];
    char name[24];
    struct out o = OUT(room);
    uint64_t from = arg_u64_or("from_index", 0), limit = arg_u64_or("limit", 10);
    uint64_t total = state_get_u128("total", TEXT("")).lo;
    require(limit <= MOST_AT_ONCE, "at most 50 messages at once");
    out_byte(&o, '[');
    for (uint64_t i = from; i < total && i - from < limit; i++) {
        if (i > from)
            out_byte(&o, ',');
        out_add(&o, state_get("m:", number_name(i, name)));
    }
    out_byte(&o, ']');
    return_text(out_text(&o));
}

NEAR_METHOD(total_messages)
{
    static char room[48];
    struct out o = OUT(room);
    out_u128(&o, state_get_u128("total", TEXT("")));
    return_text(out_text(&o));
}
