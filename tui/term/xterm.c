#include "tui/term/xterm.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net/base/buf.h"

enum { COPY_MOST = 256 * 1024, SCREEN_PIECE = 240 };

/* One by one: some terminals take only the first of several. Screen keeps no stack of titles:
 * there an empty one is better than a call's that has ended. */
const char xterm_leaving[] = "\033]2;\a\033[?1000l\033[?1002l\033[?1006l\033[?2004l\033[?2026l\033[23;0t";

bool
xterm_is_like(const char *terminal)
{
    static const char *const plain[] = {"linux", "vt", "ansi", "dumb", "cons"};
    for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
        if (strncmp(terminal, plain[i], strlen(plain[i])) == 0)
            return false;
    }
    return true;
}

static void
put(struct str bytes)
{
    while (bytes.n) {
        ssize_t n = write(STDOUT_FILENO, bytes.p, bytes.n);
        if (n <= 0)
            return;
        bytes = str_slice(bytes, (size_t)n, bytes.n);
    }
}

void
xterm_put(const char *bytes)
{
    put(str_from(bytes));
}

void
xterm_enter(bool has_mouse)
{
    xterm_put("\033[22;0t\033[?2004h");
    if (has_mouse)
        xterm_put("\033[?1000h\033[?1002h\033[?1006h");
}

/* Screen takes no clipboard itself, but hands strings on to the terminal outside, short ones. */
static void
add_for_screen(struct buf *out, struct str sequence)
{
    for (size_t at = 0; at < sequence.n; at += SCREEN_PIECE) {
        buf_add_c(out, "\033P");
        buf_add_str(out, str_slice(sequence, at, at + SCREEN_PIECE));
        buf_add_c(out, "\033\\");
    }
}

bool
xterm_copy(struct str base64)
{
    struct buf out, sequence;
    bool is_tmux = getenv("TMUX") != NULL, is_screen = !is_tmux && getenv("STY");
    buf_init(&out, COPY_MOST);
    buf_init(&sequence, COPY_MOST);
    buf_add_c(&sequence, "\033]52;c;");
    buf_add_str(&sequence, base64);
    buf_add_c(&sequence, "\a");
    if (is_screen)
        add_for_screen(&out, buf_str(&sequence));
    else
        buf_add_str(&out, buf_str(&sequence));
    if (is_tmux) {
        /* One that passes things on, but does not take them itself. */
        buf_add_c(&out, "\033Ptmux;\033");
        buf_add_str(&out, buf_str(&sequence));
        buf_add_c(&out, "\033\\");
    }
    bool fits = !sequence.overflowed && !out.overflowed;
    buf_release(&sequence);
    if (fits)
        put(buf_str(&out));
    buf_release(&out);
    return fits;
}

void
xterm_title(const char *text)
{
    struct buf out;
    buf_init(&out, 1024);
    buf_addf(&out, "\033]2;%s\a", text);
    put(buf_str(&out));
    buf_release(&out);
}
