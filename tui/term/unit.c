#include "tui/term/unit.h"

#include "net/base/macros.h"

enum { ESCAPE = 27, INTERRUPT = 3, BACKSPACE = 8, DELETE = 127 };

static struct key
special(struct units *u, enum key_special kind)
{
    u->keys++;
    return (struct key){.special = kind};
}

/* What stands behind an escape: nothing, a sequence of the other form, or a letter with Alt. A
 * control, Esc too, is a key of its own that came at once: typed ahead, or over a slow line. */
static struct key
escape_sequence(struct units *u)
{
    static const struct {
        uint32_t final;
        enum key_special kind;
    } finals[] = {{'A', KEY_ARROW_UP},   {'B', KEY_ARROW_DOWN}, {'C', KEY_ARROW_RIGHT},
                  {'D', KEY_ARROW_LEFT}, {'H', KEY_TOP},        {'F', KEY_BOTTOM},
                  {'Z', KEY_BACK_TAB}};
    struct unit next = u->next();
    if (next.kind == UNIT_NONE)
        return special(u, KEY_ESCAPE);
    if (next.kind == UNIT_TEXT && next.scalar < 0x20 && u->put_back(next.scalar))
        return special(u, KEY_ESCAPE);
    if (next.kind != UNIT_TEXT || (next.scalar != '[' && next.scalar != 'O'))
        return special(u, KEY_OTHER);       /* Alt and a letter */
    while ((next = u->next()).kind != UNIT_NONE) {
        if (next.kind != UNIT_TEXT || next.scalar < 0x40 || next.scalar > 0x7E)
            continue;
        for (size_t i = 0; i < ARRAY_LEN(finals); i++) {
            if (finals[i].final == next.scalar)
                return special(u, finals[i].kind);
        }
        break;
    }
    /* An unknown sequence is swallowed whole: its letters are no keys. */
    return special(u, KEY_OTHER);
}

/* The rest of a report, as far as it is there; it goes on with the next call. */
static struct key
mouse_key(struct units *u)
{
    struct unit next;
    while ((next = u->next()).kind != UNIT_NONE) {
        uint32_t c = next.kind == UNIT_TEXT ? next.scalar : '?';
        bool goes_on = (c >= '0' && c <= '9') || c == ';';
        u->report[u->report_size++] = c < 0x80 ? (char)c : '?';
        if (goes_on && u->report_size < sizeof(u->report))
            continue;
        struct key k = {.special = KEY_POINTER};
        u->is_reporting = false;
        u->keys++;
        return mouse_report(str_of(u->report, u->report_size), &k.mouse)
                   ? k : (struct key){.special = KEY_OTHER};
    }
    return (struct key){.special = KEY_NONE};
}

/* What looks like a key inside is part of no text. */
static struct key
pasted(const struct unit *unit)
{
    if (unit->kind != UNIT_TEXT)
        return (struct key){.special = KEY_OTHER};
    return (struct key){.special = KEY_PASTE, .scalar = unit->scalar};
}

static struct key
text_key(struct units *u, uint32_t scalar)
{
    switch (scalar) {
    case ESCAPE: return escape_sequence(u);
    case '\r':
    case '\n': return special(u, KEY_RETURN);
    case DELETE:
    case BACKSPACE: return special(u, KEY_ERASE);
    case '\t': return special(u, KEY_TAB);
    }
    u->keys++;
    return (struct key){.special = KEY_CHARACTER, .scalar = scalar};
}

struct key
units_key(struct units *u)
{
    if (u->is_reporting)
        return mouse_key(u);
    struct unit unit = u->next();
    if (unit.kind == UNIT_NONE)
        return (struct key){.special = KEY_NONE};
    /* The end of a paste may get lost behind bytes that are no text: Esc and ^C end one, too. */
    if (unit.kind == UNIT_TEXT && (unit.scalar == ESCAPE || unit.scalar == INTERRUPT))
        u->is_pasting = false;
    if (u->is_pasting && unit.kind != UNIT_PASTE_END)
        return pasted(&unit);
    switch (unit.kind) {
    case UNIT_NONE:
    case UNIT_KEY: return special(u, unit.special);
    case UNIT_TEXT: return text_key(u, unit.scalar);
    case UNIT_MOUSE:
        u->is_reporting = true;
        u->report_size = 0;
        return mouse_key(u);
    case UNIT_PASTE:
    case UNIT_PASTE_END: u->is_pasting = unit.kind == UNIT_PASTE; break;
    }
    return (struct key){.special = KEY_OTHER};
}

void
units_forget(struct units *u)
{
    u->is_pasting = u->is_reporting = false;
}
