/* counter: a number that goes up and down. */
#include "contract/sdk/sdk.h"

static struct u128
number(void)
{
    return state_get_u128("n", TEXT(""));
}

NEAR_METHOD(get_num)
{
    static char room[48];
    struct out o = OUT(room);
    out_u128(&o, number());
    return_text(out_text(&o));
}

NEAR_METHOD(increment)
{
    struct u128 n = number();
    require(u128_add(n, (struct u128){1, 0}, &n), "the counter is at its end");
    state_set_u128("n", TEXT(""), n);
}

NEAR_METHOD(decrement)
{
    struct u128 n = number();
    require(u128_sub(n, (struct u128){1, 0}, &n), "the counter is at zero");
    state_set_u128("n", TEXT(""), n);
}

NEAR_METHOD(reset)
{
    state_set_u128("n", TEXT(""), (struct u128){0, 0});
}
