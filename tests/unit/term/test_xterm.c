/* What goes out beside the picture, byte by byte: the clipboard, the title. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "net/base/file.h"
#include "net/base/macros.h"
#include "tui/term/xterm.h"

enum { SENT_MOST = 1 << 20, PIECE_MOST = 768 };     /* what screen takes of one string */

/* What is written to standard output between the two. */
static int saved = -1;
static char path[] = "/tmp/neartop-xterm-XXXXXX";

static void
begin(void)
{
    memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
    int file = mkstemp(path);
    assert_true(file >= 0);
    saved = dup(STDOUT_FILENO);
    dup2(file, STDOUT_FILENO);
    close(file);
}

static void
end(struct buf *out)
{
    dup2(saved, STDOUT_FILENO);
    close(saved);
    buf_init(out, SENT_MOST);
    assert_int_equal(file_read(path, out, NULL), OK);
    unlink(path);
}

static void
check_copy(const char *text, const char *expected)
{
    struct buf sent;
    begin();
    bool is_taken = xterm_copy(str_from(text));
    end(&sent);
    assert_true(is_taken);
    assert_string_equal(buf_c(&sent), expected);
    buf_release(&sent);
}

static void
copy__is_what_each_takes(void **state)
{
    (void)state;
    unsetenv("TMUX");
    unsetenv("STY");
    check_copy("aGk=", "\033]52;c;aGk=\a");
    setenv("TMUX", "/tmp/t,1,0", 1);
    check_copy("aGk=", "\033]52;c;aGk=\a\033Ptmux;\033\033]52;c;aGk=\a\033\\");
    /* Of the two the inner one is not known: tmux speaks to this program. */
    setenv("STY", "1.host", 1);
    check_copy("aGk=", "\033]52;c;aGk=\a\033Ptmux;\033\033]52;c;aGk=\a\033\\");
    unsetenv("TMUX");
    check_copy("aGk=", "\033P\033]52;c;aGk=\a\033\\");
    unsetenv("STY");
}

/* Through screen in pieces that it takes; put together they are the sequence. */
static void
copy__goes_through_screen__in_pieces(void **state)
{
    struct buf sent, text, whole;
    (void)state;
    buf_init(&text, SENT_MOST);
    buf_add_repeat(&text, 'Q', 70000);
    setenv("STY", "1.host", 1);
    begin();
    bool is_taken = xterm_copy(buf_str(&text));
    end(&sent);
    unsetenv("STY");
    assert_true(is_taken);
    buf_init(&whole, SENT_MOST);
    for (struct str rest = buf_str(&sent); rest.n;) {
        ptrdiff_t piece = str_find(rest, STR("\033\\"));
        assert_true(str_starts(rest, STR("\033P")));
        assert_in_range(piece, 3, PIECE_MOST);
        buf_add_str(&whole, str_slice(rest, 2, (size_t)piece));
        rest = str_slice(rest, (size_t)piece + 2, rest.n);
    }
    assert_int_equal(whole.n, text.n + strlen("\033]52;c;\a"));
    assert_true(str_starts(buf_str(&whole), STR("\033]52;c;QQ")));
    assert_true(str_ends(buf_str(&whole), STR("QQ\a")));
    buf_release(&whole);
    buf_release(&sent);
    buf_release(&text);
}

/* Nothing of it is written, rather than half. */
static void
copy__is_refused__when_it_is_too_much(void **state)
{
    struct buf sent, text;
    (void)state;
    buf_init(&text, SENT_MOST);
    buf_add_repeat(&text, 'Q', 300 * 1024);
    begin();
    bool is_taken = xterm_copy(buf_str(&text));
    end(&sent);
    assert_false(is_taken);
    assert_int_equal(sent.n, 0);
    buf_release(&sent);
    buf_release(&text);
}

static void
title__is_one_sequence(void **state)
{
    struct buf sent;
    (void)state;
    begin();
    xterm_title("neartop: get 1/3");
    end(&sent);
    assert_string_equal(buf_c(&sent), "\033]2;neartop: get 1/3\a");
    buf_release(&sent);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copy__is_what_each_takes),
        cmocka_unit_test(copy__goes_through_screen__in_pieces),
        cmocka_unit_test(copy__is_refused__when_it_is_too_much),
        cmocka_unit_test(title__is_one_sequence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
