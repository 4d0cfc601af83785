#include "tui/theme/theme.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "net/base/ini.h"

enum { PATH_LONGEST = 4096, DEEPEST = 2 };

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

/* A file being read; `folder` is where it may inherit from. */
struct reading {
    struct theme theme;
    struct str folder;          /* with its last slash, or empty */
    bool is_file, has_roles;
    int depth;                  /* of inheritance */
};

static enum err read_file(const char *path, int depth, struct theme *t, struct diag *d);

static enum err
inherit(struct reading *r, const char *name, struct diag *d)
{
    char path[PATH_LONGEST];
    if (!r->is_file)
        return diag_set(d, ERR_UNSUPPORTED, "inherit: only a theme in a file can");
    if (r->has_roles)
        return diag_set(d, ERR_SYNTAX, "inherit has to come before [roles]");
    if (strchr(name, '/') || !*name)
        return diag_set(d, ERR_SYNTAX, "inherit = \"%.40s\": expected the name of a theme in the "
                                       "same folder", name);
    int n = snprintf(path, sizeof(path), "%.*s%s.theme", STR_ARG(r->folder), name);
    if (n < 0 || (size_t)n >= sizeof(path))
        return diag_set(d, ERR_TOO_LARGE, "inherit = \"%.40s\": the path is too long", name);
    return read_file(path, r->depth + 1, &r->theme, d);
}

static struct style *
style_called(struct theme *t, const char *name)
{
    if (strcmp(name, "selection") == 0)
        return &t->selection[SELECTION_NAME];
    if (strcmp(name, "selection.row") == 0)
        return &t->selection[SELECTION_ROW];
    for (int i = 0; i < ROLE_COUNT; i++) {
        if (strcmp(names[i], name) == 0)
            return &t->styles[i];
    }
    return NULL;
}

static enum err
on_entry(void *context, const char *section, const char *name, const char *value, int line,
         struct diag *d)
{
    struct reading *r = context;
    (void)line;
    if (strcmp(section, "theme") == 0 && strcmp(name, "inherit") == 0)
        return inherit(r, value, d);
    if (strcmp(section, "roles") != 0)
        return diag_set(d, ERR_SYNTAX, "%.40s in section [%.40s]: expected [roles], or inherit in "
                                       "[theme]", name, section);
    struct style *style = style_called(&r->theme, name);
    r->has_roles = true;
    if (!style)
        return diag_set(d, ERR_NOT_FOUND, "no role is called \"%.40s\"; themes/TEMPLATE.theme has "
                                          "them all", name);
    return parse_style(str_from(value), style, d);
}

enum err
theme_parse(struct str text, const char *origin, struct theme *t, struct diag *d)
{
    struct reading r = {.theme = *t};
    enum err e = ini_read_text(text, origin, on_entry, &r, d);
    if (!e)
        *t = r.theme;
    return e;
}

static struct str
folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? str_of(path, (size_t)(slash - path) + 1) : STR("");
}

static enum err
read_file(const char *path, int depth, struct theme *t, struct diag *d)
{
    struct reading r = {.theme = *t, .folder = folder_of(path), .is_file = true, .depth = depth};
    if (depth > DEEPEST)
        return diag_set(d, ERR_RANGE, "themes inherit in a circle, or too deep");
    enum err e = ini_read_file(path, on_entry, &r, d);
    if (!e)
        *t = r.theme;
    return e;
}

enum err
theme_read_file(const char *path, struct theme *t, struct diag *d)
{
    return read_file(path, 0, t, d);
}

void
theme_default(struct theme *t)
{
    static const struct style plain = {.foreground = -1, .background = -1};
    struct diag d = {0};
    for (int i = 0; i < ROLE_COUNT; i++)
        t->styles[i] = plain;
    for (int i = 0; i < SELECTION_COUNT; i++)
        t->selection[i] = plain;
    enum err e = theme_parse(str_of(default_theme_text, default_theme_text_size),
                             "themes/default.theme", t, &d);
    assert(e == OK);
    (void)e;
}

struct style
theme_style(const struct theme *t, enum role role, enum selection selection)
{
    struct style s = t->styles[role];
    const struct style *over = &t->selection[selection];
    if (selection == SELECTION_NONE)
        return s;
    /* One bar, not a patchwork of reversed colours. */
    if (over->foreground >= 0 || over->is_reversed) {
        s.foreground = over->foreground;
        s.background = over->background;
    } else if (over->background >= 0) {
        s.background = over->background;
    }
    s.is_reversed = over->is_reversed || (s.is_reversed && over->foreground < 0);
    s.is_bold = s.is_bold || over->is_bold;
    s.is_underlined = s.is_underlined || over->is_underlined;
    return s;
}
