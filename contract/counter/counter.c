/* counter: one number, 0 at first, from -2^63 to 2^63 - 1. Anybody may move it. */
#include "contract/sdk/args.h"

static struct text
number_key(void)
{
    return text_of("number");
}

static int64_t
number(void)
{
    return (int64_t)storage_get_u64(number_key());
}

static void
change(int64_t to, const char *said)
{
    storage_put_u64(number_key(), (uint64_t)to);
    /* The JSON writer is what knows about signs. */
    struct json_writer line = json_writer_new(60);
    write_c(&line.to, said);
    json_put_i64(&line, to);
    log_writer(&line.to);
}

NEAR_METHOD(get_num)
{
    struct json_writer w = json_writer_new(24);
    json_put_i64(&w, number());
    answer(&w);
}

NEAR_METHOD(increment)
{
    require_no_deposit("increment");
    if (number() == INT64_MAX)
        panic("the number cannot grow past 2^63 - 1");
    change(number() + 1, "Increased number to ");
}

NEAR_METHOD(decrement)
{
    require_no_deposit("decrement");
    if (number() == INT64_MIN)
        panic("the number cannot shrink below -2^63");
    change(number() - 1, "Decreased number to ");
}

NEAR_METHOD(reset)
{
    require_no_deposit("reset");
    change(0, "Reset number to ");
}
