#include "tui/input/line.h"

#include <string.h>
#include "net/base/utf8.h"
#include "net/base/xalloc.h"

void
line_clear(struct line *l)
{
    l->text[0] = '\0';
    l->length = l->cursor = l->back = 0;
}

bool
line_set(struct line *l, struct str text)
{
    if (text.n > LINE_MAX_BYTES)
        return false;
    memmove(l->text, text.p ? text.p : "", text.n);
    l->text[text.n] = '\0';
    l->length = l->cursor = text.n;
    return true;
}

struct str
line_str(const struct line *l)
{
    return str_of(l->text, l->length);
}

/* --- editing ---------------------------------------------------------------------------------- */

static bool
is_rest_of_scalar(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

static size_t
before(const struct line *l, size_t at)
{
    while (at > 0 && is_rest_of_scalar(l->text[--at]))
        ;
    return at;
}

static size_t
after(const struct line *l, size_t at)
{
    at += at < l->length;
    while (at < l->length && is_rest_of_scalar(l->text[at]))
        at++;
    return at;
}

static void
cut(struct line *l, size_t from, size_t to)
{
    memmove(l->text + from, l->text + to, l->length - to + 1);
    l->length -= to - from;
    l->cursor = from;
}

static size_t
word_before(const struct line *l)
{
    size_t at = l->cursor;
    while (at > 0 && l->text[at - 1] == ' ')
        at--;
    while (at > 0 && l->text[at - 1] != ' ')
        at--;
    return at;
}

static void
insert(struct line *l, uint32_t scalar)
{
    char bytes[4];
    /* What has no width of its own would not be seen: it does not go in. */
    if (utf8_width(scalar) == 0)
        return;
    size_t n = (size_t)utf8_put(bytes, scalar);
    if (l->length + n > LINE_MAX_BYTES)
        return;
    memmove(l->text + l->cursor + n, l->text + l->cursor, l->length - l->cursor + 1);
    memcpy(l->text + l->cursor, bytes, n);
    l->length += n;
    l->cursor += n;
}

static void
recall(struct line *l, const struct line_history *h, int step)
{
    size_t most = h ? h->count : 0;
    if ((step > 0 && l->back >= most) || (step < 0 && l->back == 0))
        return;
    if (l->back == 0)
        memcpy(l->written, l->text, l->length + 1);
    l->back = step > 0 ? l->back + 1 : l->back - 1;
    size_t back = l->back;
    const char *text = back ? h->text[h->count - back] : l->written;
    bool fits = line_set(l, str_from(text));
    (void)fits;             /* what is in a history has been a line */
}

/* As in a shell. */
static bool
control(struct line *l, uint32_t scalar)
{
    switch (scalar) {
    case 1: l->cursor = 0; return true;
    case 2: l->cursor = before(l, l->cursor); return true;
    case 4: cut(l, l->cursor, after(l, l->cursor)); return true;
    case 5: l->cursor = l->length; return true;
    case 6: l->cursor = after(l, l->cursor); return true;
    case 11: cut(l, l->cursor, l->length); return true;
    case 21: cut(l, 0, l->cursor); return true;
    case 23: cut(l, word_before(l), l->cursor); return true;
    default: return false;
    }
}

static bool
move(struct line *l, enum key_special key)
{
    if (key == KEY_ARROW_LEFT)
        l->cursor = before(l, l->cursor);
    else if (key == KEY_ARROW_RIGHT)
        l->cursor = after(l, l->cursor);
    else if (key == KEY_TOP)
        l->cursor = 0;
    else if (key == KEY_BOTTOM)
        l->cursor = l->length;
    else
        return false;
    return true;
}

bool
line_key(struct line *l, const struct line_history *h, const struct key *k)
{
    bool is_up = k->special == KEY_ARROW_UP, is_down = k->special == KEY_ARROW_DOWN;
    if (k->special == KEY_CHARACTER && k->scalar < ' ')
        return control(l, k->scalar);
    if (k->special == KEY_CHARACTER || k->special == KEY_PASTE)
        insert(l, k->scalar < ' ' ? ' ' : k->scalar);
    else if (k->special == KEY_ERASE)
        cut(l, before(l, l->cursor), l->cursor);
    else if (k->special == KEY_REMOVE)
        cut(l, l->cursor, after(l, l->cursor));
    else if (is_up || is_down)
        recall(l, h, is_up ? 1 : -1);
    else
        return move(l, k->special);
    return true;
}

/* --- history ---------------------------------------------------------------------------------- */

static void
drop(struct line_history *h, size_t at)
{
    xfree(h->text[at]);
    memmove(&h->text[at], &h->text[at + 1], (h->count - at - 1) * sizeof(h->text[0]));
    h->count--;
}

void
line_history_add(struct line_history *h, struct str text)
{
    if (!text.n || text.n > LINE_MAX_BYTES)
        return;
    for (size_t i = 0; i < h->count; i++) {
        if (str_equal_c(text, h->text[i])) {
            drop(h, i);
            break;
        }
    }
    if (h->count == LINE_HISTORY)
        drop(h, 0);
    char *copy = xmalloc(text.n + 1);
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    h->text[h->count++] = copy;
}

void
line_history_release(struct line_history *h)
{
    while (h->count)
        xfree(h->text[--h->count]);
}
