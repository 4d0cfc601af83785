/* hello: keeps a greeting. */
#include "contract/sdk/sdk.h"

NEAR_METHOD(get_greeting)
{
    static char room[1024];
    struct out o = OUT(room);
    struct text greeting = state_get("greeting", TEXT(""));
    json_quote(&o, greeting.n ? greeting : TEXT("Hello"));
    return_text(out_text(&o));
}

NEAR_METHOD(set_greeting)
{
    struct text greeting = arg_string("greeting");
    require(greeting.n > 0 && greeting.n <= 128, "a greeting has 1 to 128 bytes");
    state_set("greeting", TEXT(""), greeting);
}
