/* The feed's filters: the first line is a filter, the rest an event. */
#include "net/serve/filter.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = str_of(data, size), text = {0};
    struct filter *filter = NULL;
    struct json *event = NULL;
    struct diag d = {0};
    bool takes;
    str_take_until(&rest, '\n', &text);
    if (filter_parse(text, &filter, &d))
        MUST(d.text[0] != '\0');
    else if (json_parse(rest, size + 1, &event, NULL) == OK)
        MUST(filter_check(filter, event, &takes, &d) == OK || d.text[0] != '\0');
    json_free(event);
    filter_free(filter);
    return 0;
}
