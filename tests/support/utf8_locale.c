#include "tests/support/utf8_locale.h"

#include <locale.h>
#include <stddef.h>

int
utf8_locale(void **state)
{
    (void)state;
    return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}
