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
#define X(name, text, need) text,
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
parse_rgb(struct str word, int *out)
{
    int rgb = 0;
    if (word.n != 7 || word.p[0] != '#')
        return false;
    for (size_t i = 1; i < word.n; i++) {
        static const char digits[] = "0123456789abcdef";
        char c = word.p[i] >= 'A' && word.p[i] <= 'F' ? (char)(word.p[i] - 'A' + 'a') : word.p[i];
        const char *at = c ? strchr(digits, c) : NULL;
        if (!at)
            return false;
        rgb = rgb * 16 + (int)(at - digits);
    }
    *out = DEPTH_RGB | rgb;
    return true;
}

static bool
parse_colour(struct str word, int *out)
{
    uint64_t number;
    struct str bright = STR("bright-");
    int base = 0;
    if (parse_rgb(word, out))
        return true;
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
            return diag_set(d, ERR_SYNTAX, "\"%.*s\" is no colour: a name, 0 to 255, #rrggbb, "
                                           "default, bold, underline or reverse are",
                            (int)(word.n < 40 ? word.n : 40), word.p);
    }
    *out = s;
    return OK;
}

/* A file being read; `folder` is where it may inherit from. */
struct reading {
    struct theme theme;
    const char *path;
    struct str folder;          /* with its last slash, or empty */
    bool is_file, has_roles;
    int depth;                  /* of inheritance */
    struct theme_files *files;  /* may be NULL */
    struct checking *check;     /* NULL: the first error ends it */
};

static enum err read_file(const char *path, const struct reading *by, struct theme *t,
                          struct diag *d);

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
    return read_file(path, r, &r->theme, d);
}

static enum err
set_background(struct theme *t, const char *value, struct diag *d)
{
    static const char *const words[] = {"any", "dark", "light"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strcmp(value, words[i]) == 0) {
            t->background = (enum theme_background)i;
            return OK;
        }
    }
    return diag_set(d, ERR_SYNTAX, "background = \"%.40s\": expected dark, light or any", value);
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
take_entry(struct reading *r, const char *section, const char *name, const char *value,
           struct diag *d)
{
    if (strcmp(section, "theme") == 0 && strcmp(name, "inherit") == 0)
        return inherit(r, value, d);
    if (strcmp(section, "theme") == 0 && strcmp(name, "background") == 0)
        return set_background(&r->theme, value, d);
    if (strcmp(section, "roles") != 0)
        return diag_set(d, ERR_SYNTAX, "%.40s in section [%.40s]: expected [roles], or inherit and "
                                       "background in [theme]", name, section);
    struct style *style = style_called(&r->theme, name);
    r->has_roles = true;
    if (!style)
        return diag_set(d, ERR_NOT_FOUND, "no role is called \"%.40s\"; themes/TEMPLATE.theme has "
                                          "them all", name);
    return parse_style(str_from(value), style, d);
}

/* What a check wants to know beside the theme itself. */
struct checking {
    theme_report_fn report;
    void *context;
    size_t wrong;
    int line[ROLE_COUNT], selection_line[SELECTION_COUNT];  /* in the file itself; 0: inherited */
};

static void
note_line(struct reading *r, const char *name, int line)
{
    const struct style *style = style_called(&r->theme, name);
    for (int i = 0; i < ROLE_COUNT; i++) {
        if (style == &r->theme.styles[i])
            r->check->line[i] = line;
    }
    for (int i = 0; i < SELECTION_COUNT; i++) {
        if (style == &r->theme.selection[i])
            r->check->selection_line[i] = line;
    }
}

static enum err
on_entry(void *context, const char *section, const char *name, const char *value, int line,
         struct diag *d)
{
    struct reading *r = context;
    struct diag own = {0};
    if (!name)
        return OK;
    if (!r->check)
        return take_entry(r, section, name, value, d);
    if (take_entry(r, section, name, value, &own) == OK) {
        if (r->depth == 0)
            note_line(r, name, line);
        return OK;
    }
    r->check->wrong++;
    r->check->report(r->check->context, r->path, line, diag_text(&own));
    return OK;
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
read_file(const char *path, const struct reading *by, struct theme *t, struct diag *d)
{
    struct reading r = {.theme = *t,
                        .path = path,
                        .folder = folder_of(path),
                        .is_file = true,
                        .depth = by->depth + 1,
                        .files = by->files,
                        .check = by->check};
    if (r.depth > DEEPEST)
        return diag_set(d, ERR_RANGE, "themes inherit in a circle, or too deep");
    if (r.files && r.files->count < THEME_FILES_MAX &&
        str_copy(str_from(path), r.files->path[r.files->count], sizeof(r.files->path[0])))
        r.files->count++;
    enum err e = ini_read_file(path, on_entry, &r, d);
    if (!e)
        *t = r.theme;
    return e;
}

enum err
theme_read_files(const char *path, struct theme *t, struct theme_files *files, struct diag *d)
{
    struct reading none = {.depth = -1, .files = files};
    if (files)
        files->count = 0;
    return read_file(path, &none, t, d);
}

enum err
theme_read_file(const char *path, struct theme *t, struct diag *d)
{
    return theme_read_files(path, t, NULL, d);
}

/* --- checking --------------------------------------------------------------------------------- */

enum need { QUIET, SEE, READ };

static double
needed(enum need need)
{
    return need == READ ? 4.5 : need == SEE ? 3.0 : 1.0;
}

static enum need
need_of(int role)
{
    static const enum need needs[ROLE_COUNT] = {
#define X(name, text, need) need,
#include "tui/theme/role.def"
#undef X
    };
    return needs[role];
}

/* The worst that a style can look like. What the first sixteen colours and the terminal's own
 * look like beside each other is the terminal's affair: that is not judged. */
static double
worst_contrast(const struct theme *t, const struct style *s)
{
    bool is_own = s->background < 0;
    if (s->foreground < 0 || (is_own && s->foreground < 16))
        return 21;
    double worst = 21, other;
    uint32_t front = depth_rgb(s->foreground);
    if (!is_own)
        return depth_contrast(front, depth_rgb(s->background));
    if (t->background != BACKGROUND_LIGHT)
        worst = depth_contrast(front, 0x000000);
    other = t->background != BACKGROUND_DARK ? depth_contrast(front, 0xFFFFFF) : 21;
    return other < worst ? other : worst;
}

static void
judge(struct checking *k, const struct theme *t, const char *path, int role, int selection)
{
    struct style s = theme_style(t, (enum role)role, (enum selection)selection);
    double contrast = worst_contrast(t, &s), least = needed(need_of(role));
    /* Where nobody can know the background, what suits neither is judged by what suits both. */
    if (t->background == BACKGROUND_ANY && s.background < 0 && least > 3)
        least = 3;
    if (contrast >= least - 0.005)
        return;
    char text[160];
    const char *where = selection == SELECTION_NAME  ? " when selected"
                        : selection == SELECTION_ROW ? " in the selected row"
                                                     : "";
    snprintf(text, sizeof(text), "%s%s: contrast %.1f to its background, %.1f is needed",
             names[role], where, contrast, least);
    k->wrong++;
    k->report(k->context, path, selection ? k->selection_line[selection] : k->line[role], text);
}

size_t
theme_check(const char *path, theme_report_fn report, void *context)
{
    struct checking k = {.report = report, .context = context};
    struct reading none = {.depth = -1, .check = &k};
    struct theme t;
    struct diag d = {0};
    theme_default(&t);
    if (read_file(path, &none, &t, &d)) {
        report(context, path, 0, diag_text(&d));
        return k.wrong + 1;
    }
    for (int selection = 0; selection < SELECTION_COUNT; selection++) {
        for (int role = 0; role < ROLE_COUNT; role++) {
            /* A selection is judged for all roles that read through it. */
            judge(&k, &t, path, role, selection);
        }
    }
    return k.wrong;
}

void
theme_default(struct theme *t)
{
    static const struct style plain = {.foreground = -1, .background = -1};
    struct diag d = {0};
    t->background = BACKGROUND_ANY;
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
    } else if (over->background >= 0 &&
               (selection == SELECTION_NAME || s.background == t->styles[ROLE_TEXT].background)) {
        /* What shouts in a colour of its own does so in the selected row, too. */
        s.background = over->background;
    }
    s.is_reversed = over->is_reversed || (s.is_reversed && over->foreground < 0);
    s.is_bold = s.is_bold || over->is_bold;
    s.is_underlined = s.is_underlined || over->is_underlined;
    return s;
}
