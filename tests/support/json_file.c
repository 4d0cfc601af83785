#include "tests/support/json_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "net/base/file.h"

struct json *
json_file_read(const char *path)
{
    struct buf text;
    struct json *root = NULL;
    struct diag d = {0};
    buf_init(&text, JSON_BYTES_MAX);
    if (file_read(path, &text, &d) || json_parse(buf_str(&text), JSON_BYTES_MAX, &root, &d))
        fail_msg("%s: %s", path, diag_text(&d));
    buf_release(&text);
    return root;
}
