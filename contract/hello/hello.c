/* hello: keeps a greeting, "Hello" at first. Anybody may change it. */
#include "contract/sdk/args.h"

#define GREETING_MAX 500                /* bytes */

static struct text
greeting_key(void)
{
    return text_of("greeting");
}

NEAR_METHOD(get_greeting)
{
    struct text greeting = text_of("Hello");
    storage_get(greeting_key(), &greeting);
    answer_text(greeting);
}

NEAR_METHOD(set_greeting)
{
    struct args a = args_read();
    require_no_deposit("set_greeting");
    struct text greeting = args_text(&a, "greeting", GREETING_MAX);
    storage_put(greeting_key(), greeting);
    struct writer line = heap_writer(GREETING_MAX + 20);
    write_c(&line, "Saving greeting: ");
    write_text(&line, greeting);
    log_writer(&line);
}
