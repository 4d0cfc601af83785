#include "tui/theme/theme.h"

#include <assert.h>
#include <string.h>
#include "net/base/buf.h"
#include "net/base/file.h"
#include "net/base/ini.h"

/* The text of themes/default.theme, put in by the build. */
extern const unsigned char default_theme_text[];
extern const size_t default_theme_text_size;

static const char *const names[ROLE_COUNT] = {
#define X(name, text) text,
#include "tui/theme/role.def"
#undef X
};

const char *
role_name(enum role role)
{
    return names[role];
}

static const char *const colours[] = {"black", "red", "green", "yellow",
                                      "blue", "magenta", "cyan", "white"};

static bool
parse_colour(struct str word, int *out)
{
    uint64_t number;
    struct str bright = STR("bright-");
    int base = 0;
    if (str_equal(word, STR("default"))) {
        *out = -1;
        return true;
    }
    if (str_to_u64(word, &number) && number < 256) {
        *out = (int)number;
        return true;
    }
    if (str_starts(word, bright)) {
        word = str_slice(word, bright.n, word.n);
        base = 8;
    }
    for (int i = 0; i < 8; i++) {
        if (str_equal_c(word, colours[i])) {
            *out = base + i;
            return true;
        }
    }
    return false;
}

static enum err
parse_style(struct str value, struct style *out, struct diag *d)
{
    struct style s = {.foreground = -1, .background = -1};
    struct str word;
    bool is_background = false;
    while (str_take_until(&value, ' ', &word)) {
        if (word.n == 0)
            continue;
        if (str_equal(word, STR("on")))
            is_background = true;
        else if (str_equal(word, STR("bold")))
            s.is_bold = true;
        else if (str_equal(word, STR("underline")))
            s.is_underlined = true;
        else if (str_equal(word, STR("reverse")))
            s.is_reversed = true;
        else if (!parse_colour(word, is_background ? &s.background : &s.foreground))
            return diag_set(d, ERR_SYNTAX, "\"%.*s\" is no colour: a name, 0 to 255, default, bold, "
                                           "underline or reverse are",
                            (int)(word.n < 40 ? word.n : 40), word.p);
    }
    *out = s;
    return OK;
}

static enum err
on_entry(void *context, const char *section, const char *name, const char *value, int line,
         struct diag *d)
{
    struct theme *t = context;
    (void)line;
    if (strcmp(section, "roles") != 0)
        return diag_set(d, ERR_SYNTAX, "section [%.40s]: expected [roles]", section);
    if (strcmp(name, "selection") == 0)
        return parse_style(str_from(value), &t->selection, d);
    for (int i = 0; i < ROLE_COUNT; i++) {
        if (strcmp(names[i], name) == 0)
            return parse_style(str_from(value), &t->styles[i], d);
    }
    return diag_set(d, ERR_NOT_FOUND, "no role is called \"%.40s\"; themes/TEMPLATE.theme has them "
                                      "all", name);
}

enum err
theme_parse(struct str text, const char *origin, struct theme *t, struct diag *d)
{
    struct theme copy = *t;
    enum err e = ini_read_text(text, origin, on_entry, &copy, d);
    if (!e)
        *t = copy;
    return e;
}

enum err
theme_read_file(const char *path, struct theme *t, struct diag *d)
{
    struct buf text;
    buf_init(&text, INI_MAX_BYTES);
    enum err e = file_read(path, &text, d);
    if (!e)
        e = theme_parse(buf_str(&text), path, t, d);
    buf_release(&text);
    return e;
}

void
theme_default(struct theme *t)
{
    struct diag d = {0};
    for (int i = 0; i < ROLE_COUNT; i++)
        t->styles[i] = (struct style){.foreground = -1, .background = -1};
    t->selection = (struct style){.foreground = -1, .background = -1, .is_reversed = true};
    enum err e = theme_parse(str_of(default_theme_text, default_theme_text_size),
                             "themes/default.theme", t, &d);
    assert(e == OK);
    (void)e;
}
