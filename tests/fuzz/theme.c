/* Theme files. */
#include "tests/fuzz/fuzz.h"
#include "tui/theme/theme.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct theme t;
    struct diag d = {0};
    theme_default(&t);
    MUST(theme_parse(str_of(data, size), "input", &t, &d) == OK || d.text[0] != '\0');
    for (int i = 0; i < ROLE_COUNT; i++)
        MUST(t.styles[i].foreground >= -1 && t.styles[i].foreground <= 255 &&
             t.styles[i].background >= -1 && t.styles[i].background <= 255);
    return 0;
}
