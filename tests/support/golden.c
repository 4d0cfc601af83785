#include "tests/support/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "net/base/file.h"

enum { FILE_MAX = 1 << 20 };

void
golden_check(const char *path, struct str now)
{
    struct buf expected;
    struct diag d = {0};
    if (getenv("UPDATE")) {
        if (file_write(path, now, 0644, &d))
            fail_msg("%s", diag_text(&d));
        return;
    }
    buf_init(&expected, FILE_MAX);
    if (file_read(path, &expected, &d))
        fail_msg("%s", diag_text(&d));
    if (!str_equal(buf_str(&expected), now)) {
        fprintf(stderr, "%s is now:\n%.*s", path, STR_ARG(now));
        fail_msg("%s differs: if it should, run with UPDATE=1 and read the diff", path);
    }
    buf_release(&expected);
}
