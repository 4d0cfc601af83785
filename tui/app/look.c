#include "tui/app/look.h"

#include <string.h>

static enum err
read_theme(struct look *l, struct diag *d)
{
    struct theme made;
    struct theme_files files;
    theme_default(&made);
    enum err e = theme_read_files(l->path, &made, &files, d);
    if (e)
        return e;
    l->theme = made;
    l->files = files;
    return OK;
}

static enum err
read_color(const struct opts *o, enum term_colour *out, struct diag *d)
{
    static const char *const words[] = {
        [TERM_COLOUR_AUTO] = "auto", [TERM_COLOUR_ALWAYS] = "always", [TERM_COLOUR_NEVER] = "never"};
    *out = TERM_COLOUR_AUTO;
    for (size_t i = 0; o->color.is_given && i < ARRAY_LEN(words); i++) {
        if (strcmp(o->color.text, words[i]) == 0) {
            *out = (enum term_colour)i;
            return OK;
        }
    }
    return o->color.is_given ? diag_set(d, ERR_SYNTAX, "--color \"%.40s\": expected auto, always "
                                                       "or never", o->color.text)
                             : OK;
}

enum err
look_init(struct look *l, const struct opts *o, const struct config *config, struct diag *d)
{
    *l = (struct look){.keymap = config->keymap};
    theme_default(&l->theme);
    l->term = (struct term_options){.theme = &l->theme, .has_mouse = !o->no_mouse.is_given};
    enum err e = read_color(o, &l->term.colour, d);
    if (!e && o->theme.is_given) {
        e = themes_find(o->theme.text, l->path, d);
        if (!e)
            e = read_theme(l, d);
        if (e)
            diag_prefix(d, "--theme");
    }
    if (!e && o->keys.is_given) {
        e = keymap_read_file(&l->keymap, o->keys.text, d);
        if (e)
            diag_prefix(d, "--keys");
    }
    return e;
}

void
look_follow(struct look *l, struct loop *loop, themes_fn changed, void *context)
{
    if (l->path[0])
        l->watch = themes_watch_new(loop, &l->files, changed, context);
}

enum err
look_reload(struct look *l, struct diag *d)
{
    return read_theme(l, d);
}

void
look_release(struct look *l)
{
    themes_watch_close(l->watch);
    l->watch = NULL;
}
