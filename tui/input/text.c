#include "tui/input/text.h"

#include <string.h>
#include "net/base/utf8.h"

bool
text_set(struct text *t, struct str bytes)
{
    if (bytes.n > TEXT_MAX_BYTES)
        return false;
    memcpy(t->bytes, bytes.p, bytes.n);
    t->bytes[bytes.n] = '\0';
    t->length = t->cursor = bytes.n;
    return true;
}

struct str
text_str(const struct text *t)
{
    return str_of(t->bytes, t->length);
}

static bool
is_inside(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

static size_t
line_begin(const struct text *t, size_t at)
{
    while (at > 0 && t->bytes[at - 1] != '\n')
        at--;
    return at;
}

static size_t
line_end(const struct text *t, size_t at)
{
    while (at < t->length && t->bytes[at] != '\n')
        at++;
    return at;
}

static size_t
before(const struct text *t, size_t at)
{
    if (at > 0)
        at--;
    while (at > 0 && is_inside(t->bytes[at]))
        at--;
    return at;
}

static size_t
after(const struct text *t, size_t at)
{
    if (at < t->length)
        at++;
    while (at < t->length && is_inside(t->bytes[at]))
        at++;
    return at;
}

/* As many scalars into the line that begins there, as far as it goes. */
static size_t
in_line(const struct text *t, size_t begin, size_t column)
{
    size_t end = line_end(t, begin);
    while (column-- > 0 && begin < end)
        begin = after(t, begin);
    return begin;
}

static size_t
column_of(const struct text *t)
{
    size_t column = 0;
    for (size_t at = line_begin(t, t->cursor); at < t->cursor; at = after(t, at))
        column++;
    return column;
}

static bool
move_line(struct text *t, bool is_up)
{
    size_t begin = line_begin(t, t->cursor), end = line_end(t, t->cursor), column = column_of(t);
    if (is_up ? begin == 0 : end == t->length)
        return false;
    t->cursor = in_line(t, is_up ? line_begin(t, begin - 1) : end + 1, column);
    return true;
}

static void
erase(struct text *t, size_t from, size_t to)
{
    memmove(t->bytes + from, t->bytes + to, t->length - to + 1);
    t->length -= to - from;
    t->cursor = from;
}

/* What finds no room is left out. */
static void
insert(struct text *t, uint32_t scalar)
{
    char bytes[8];
    size_t n = (size_t)utf8_put(bytes, scalar);
    if (t->length + n > TEXT_MAX_BYTES)
        return;
    memmove(t->bytes + t->cursor + n, t->bytes + t->cursor, t->length - t->cursor + 1);
    memcpy(t->bytes + t->cursor, bytes, n);
    t->length += n;
    t->cursor += n;
}

bool
text_key(struct text *t, const struct key *k)
{
    switch (k->special) {
    case KEY_ARROW_UP: return move_line(t, true);
    case KEY_ARROW_DOWN: return move_line(t, false);
    case KEY_ARROW_LEFT: t->cursor = before(t, t->cursor); return true;
    case KEY_ARROW_RIGHT: t->cursor = after(t, t->cursor); return true;
    case KEY_TOP: t->cursor = line_begin(t, t->cursor); return true;
    case KEY_BOTTOM: t->cursor = line_end(t, t->cursor); return true;
    case KEY_RETURN: insert(t, '\n'); return true;
    case KEY_ERASE: erase(t, before(t, t->cursor), t->cursor); return true;
    case KEY_REMOVE: {
        size_t at = t->cursor;
        erase(t, at, after(t, at));
        return true;
    }
    case KEY_PASTE:
    case KEY_CHARACTER: break;
    default: return false;
    }
    uint32_t scalar = k->scalar == '\r' ? '\n' : k->scalar;
    bool is_text = scalar >= 0x20 && scalar != 0x7F;
    if (!is_text && !(k->special == KEY_PASTE && (scalar == '\n' || scalar == '\t')))
        return false;
    insert(t, scalar == '\t' ? ' ' : scalar);
    return true;
}
