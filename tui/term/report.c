#include "tui/term/report.h"

enum { BUTTON = 3, SHIFT = 4, ALT = 8, CONTROL = 16, MOTION = 32, WHEEL = 64, COORDINATE_MOST = 10000 };

bool
mouse_report(struct str text, struct mouse *out)
{
    uint64_t number[3];
    if (text.n < 6 || text.n > REPORT_MAX)
        return false;
    char last = text.p[text.n - 1];
    struct str rest = str_slice(text, 0, text.n - 1), one;
    for (int i = 0; i < 3; i++) {
        if (!str_take_until(&rest, ';', &one) || !str_to_u64(one, &number[i]) ||
            number[i] > COORDINATE_MOST)
            return false;
    }
    if (rest.n || (last != 'M' && last != 'm') || !number[1] || !number[2])
        return false;
    unsigned bits = (unsigned)number[0];
    *out = (struct mouse){.button = (int)(bits & BUTTON),
                          .x = (int)number[1] - 1,
                          .y = (int)number[2] - 1};
    if (bits & WHEEL)
        out->what = out->button == 0 ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN;
    else if (last == 'm')
        out->what = MOUSE_RELEASE;
    else
        out->what = bits & MOTION ? MOUSE_DRAG : MOUSE_PRESS;
    return (bits & ~(unsigned)(BUTTON | SHIFT | ALT | CONTROL | MOTION | WHEEL)) == 0 &&
           (!(bits & WHEEL) || out->button < 2);
}
