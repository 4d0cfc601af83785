#include "tui/input/keymap.h"

#include <string.h>
#include "net/base/ini.h"

static bool
add(struct keymap *m, struct str name, enum action_id action, bool is_chosen)
{
    struct binding *b = &m->binding[m->count];
    if (m->count == KEYMAP_MAX || !key_named(name, &b->key) ||
        !str_copy(name, b->name, sizeof(b->name)))
        return false;
    b->action = action;
    b->is_chosen = is_chosen;
    m->count++;
    return true;
}

void
keymap_default(struct keymap *m)
{
    m->count = 0;
    for (int id = DO_NOTHING + 1; id < DO_COUNT; id++) {
        struct str rest = str_from(action_text_of((enum action_id)id)->keys), name;
        while (str_take_until(&rest, ' ', &name))
            add(m, name, (enum action_id)id, false);
    }
}

static struct binding *
find(struct keymap *m, const struct key *k)
{
    for (size_t i = 0; i < m->count; i++) {
        if (key_equal(&m->binding[i].key, k))
            return &m->binding[i];
    }
    return NULL;
}

enum action_id
keymap_action(const struct keymap *m, const struct key *k)
{
    for (size_t i = 0; i < m->count; i++) {
        if (key_equal(&m->binding[i].key, k))
            return m->binding[i].action;
    }
    return DO_NOTHING;
}

/* --- reading ---------------------------------------------------------------------------------- */

static void
unbind(struct keymap *m, enum action_id action)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->count; i++) {
        if (m->binding[i].action != action)
            m->binding[kept++] = m->binding[i];
    }
    m->count = kept;
}

static enum err
bind(struct keymap *m, struct str name, enum action_id action, struct diag *d)
{
    struct key k;
    int shown = (int)(name.n < 20 ? name.n : 20);
    if (!key_named(name, &k))
        return diag_set(d, ERR_SYNTAX, "\"%.*s\" is no key: a letter, ^A, Enter, Space, PgUp, F2 "
                                       "and so on are", shown, name.p);
    const char *same = key_ambiguous(&k);
    if (same)
        return diag_set(d, ERR_SYNTAX, "\"%.*s\" cannot be told from %s in a terminal", shown,
                        name.p, same);
    struct binding *taken = find(m, &k);
    if (taken && taken->is_chosen) {
        char other[ACTION_NAME_MAX];
        return diag_set(d, ERR_RANGE, "\"%.*s\" was already given to %s", shown, name.p,
                        action_name(taken->action, other));
    }
    if (taken) {
        *taken = m->binding[m->count - 1];
        m->count--;
    }
    if (!add(m, name, action, true))
        return diag_set(d, ERR_TOO_LARGE, "there are too many keys");
    return OK;
}

enum err
keymap_parse(struct keymap *m, struct str name, struct str keys, struct diag *d)
{
    struct keymap made = *m;
    struct str key;
    enum action_id action = action_named(name);
    if (action == DO_NOTHING)
        return diag_set(d, ERR_NOT_FOUND, "no action is called \"%.*s\"; \"man neartop\", KEYS, has "
                                          "them all", (int)(name.n < 40 ? name.n : 40), name.p);
    unbind(&made, action);
    while (!str_equal(keys, STR("none")) && str_take_until(&keys, ' ', &key)) {
        if (!key.n)
            continue;
        enum err e = bind(&made, key, action, d);
        if (e)
            return e;
    }
    *m = made;
    return OK;
}

enum err
keymap_check(const struct keymap *m, struct diag *d)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->binding[i].action == DO_QUIT)
            return OK;
    }
    return diag_set(d, ERR_RANGE, "no key would be left to quit");
}

static enum err
on_entry(void *context, const char *section, const char *name, const char *value, int line,
         struct diag *d)
{
    (void)line;
    if (strcmp(section, "keys") != 0)
        return diag_set(d, ERR_SYNTAX, "[%.40s]: expected the section [keys]", section);
    return name ? keymap_parse(context, str_from(name), str_from(value), d) : OK;
}

enum err
keymap_read_file(struct keymap *m, const char *path, struct diag *d)
{
    struct keymap made = *m;
    enum err e = ini_read_file(path, on_entry, &made, d);
    if (!e)
        e = keymap_check(&made, d);
    if (!e)
        *m = made;
    return e;
}

/* --- naming ----------------------------------------------------------------------------------- */

static struct str
shown_name(const struct binding *b, bool is_ascii)
{
    struct str name = str_from(b->name);
    return is_ascii ? key_name_ascii(name) : name;
}

void
keymap_keys(const struct keymap *m, enum action_id action, bool is_ascii, struct buf *out)
{
    size_t told = 0;
    for (size_t i = 0; i < m->count; i++) {
        if (m->binding[i].action != action)
            continue;
        if (told++)
            buf_add_byte(out, ' ');
        buf_add_str(out, shown_name(&m->binding[i], is_ascii));
    }
}

struct str
keymap_first_key(const struct keymap *m, enum action_id action, bool is_ascii)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->binding[i].action == action)
            return shown_name(&m->binding[i], is_ascii);
    }
    return STR("");
}
