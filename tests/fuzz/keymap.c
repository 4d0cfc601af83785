/* Lines of the configuration that give actions other keys. */
#include "tests/fuzz/fuzz.h"
#include "tui/input/keymap.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct keymap m;
    struct str rest = str_of(data, size), line, name;
    struct diag d = {0};
    keymap_default(&m);
    while (str_take_until(&rest, '\n', &line)) {
        name = (struct str){0};
        str_take_until(&line, '=', &name);
        MUST(keymap_parse(&m, str_trim(name), str_trim(line), &d) == OK || d.text[0] != '\0');
        MUST(m.count <= KEYMAP_MAX);
    }
    MUST(keymap_check(&m, &d) == OK || d.text[0] != '\0');
    return 0;
}
