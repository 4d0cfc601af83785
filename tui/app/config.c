#include "tui/app/config.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/file.h"
#include "net/base/ini.h"

enum section { GENERAL, NETWORK, ENDPOINT, SOCKET, CALL };

#define OFFSET_GENERAL(field) offsetof(struct config_general, field)
#define OFFSET_NETWORK(field) offsetof(struct config_network, field)
#define OFFSET_ENDPOINT(field) offsetof(struct config_endpoint, field)
#define OFFSET_SOCKET(field) offsetof(struct config_feed, field)
#define OFFSET_CALL(field) offsetof(struct config_call, field)

static const struct row {
    enum section section;
    size_t offset;
    struct config_rule rule;
    const char *fallback, *help;
} rows[] = {
#define X(section, field, key, kind, least, most, fallback, help)                            \
    {section, OFFSET_##section(field), {key, CONFIG_##kind, least, most}, fallback, help},
#include "tui/app/config.def"
#undef X
};

static const char *const section_words[] = {"general", "network", "endpoint", "feed", "call"};

static struct config_value *
value_at(void *base, const struct row *row)
{
    return (struct config_value *)(void *)((char *)base + row->offset);
}

static void
set_defaults(void *base, enum section section)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct config_value *v = value_at(base, &rows[i]);
        if (rows[i].section != section)
            continue;
        *v = (struct config_value){.text = rows[i].fallback};
        if (rows[i].fallback[0])
            (void)!config_check_value(&rows[i].rule, rows[i].fallback, &v->number, NULL);
    }
}

/* What is being read. */
struct reading {
    struct config *config;
    enum config_origin origin;
    int line;
};

/* Empty is the way to say "nothing" where nothing is the default. Twice in a file is an accident:
 * a section that was copied, and its name left as it was. */
static enum err
take_value(const struct reading *r, struct config_value *v, const struct row *row, const char *text,
           struct diag *d)
{
    uint32_t number = 0;
    if (v->line)
        return diag_set(d, ERR_SYNTAX, "%s: line %d says it already, in a section of this name",
                        row->rule.key, v->line);
    enum err e = OK;
    if (text[0] || row->fallback[0])
        e = config_check_value(&row->rule, text, &number, d);
    if (!e)
        *v = (struct config_value){true, arena_c(&r->config->arena, str_from(text)), number,
                                   r->origin == CONFIG_FILE ? r->line : 0};
    return e;
}

/* key NULL: a heading, which sets nothing. */
static enum err
set_value(const struct reading *r, void *base, enum section section, const char *key,
          const char *text, struct diag *d)
{
    struct buf known;
    if (!key)
        return OK;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].section == section && strcmp(rows[i].rule.key, key) == 0)
            return take_value(r, value_at(base, &rows[i]), &rows[i], text, d);
    }
    buf_init(&known, DIAG_MAX);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].section == section)
            buf_addf(&known, "%s%s", known.n ? ", " : "", rows[i].rule.key);
    }
    (void)!diag_set(d, ERR_NOT_FOUND, "\"%.40s\" is no setting of [%s]: %s", key,
                    section_words[section], buf_c(&known));
    buf_release(&known);
    return ERR_NOT_FOUND;
}

static void
forget_lines_of(void *base, enum section section)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].section == section)
            value_at(base, &rows[i])->line = 0;
    }
}

static void
forget_lines(struct config *c)
{
    forget_lines_of(&c->general, GENERAL);
    for (size_t i = 0; i < c->network_count; i++)
        forget_lines_of(&c->networks[i], NETWORK);
    for (size_t i = 0; i < c->endpoint_count; i++)
        forget_lines_of(&c->endpoints[i], ENDPOINT);
    for (size_t i = 0; i < c->feed_count; i++)
        forget_lines_of(&c->feeds[i], SOCKET);
    for (size_t i = 0; i < c->call_count; i++) {
        forget_lines_of(&c->calls[i], CALL);
        c->calls[i].line = 0;
    }
}

/* --- sections ----------------------------------------------------------------------------- */

static void
refuse_section(struct diag *d, const char *name, const char *what)
{
    if (config_is_name(str_from(name)))
        (void)!diag_set(d, ERR_RANGE, "too many %ss", what);
    else
        (void)!diag_set(d, ERR_SYNTAX, "\"%.40s\" cannot name a %s: expected letters, digits, '-', "
                        "'_' and '.'", name, what);
}

struct config_network *
config_made_network(struct config *c, const char *name, enum config_origin origin,
                    struct diag *d)
{
    for (size_t i = 0; i < c->network_count; i++) {
        if (strcmp(c->networks[i].name, name) == 0)
            return &c->networks[i];
    }
    if (c->network_count == CONFIG_MAX_NETWORKS || !config_is_name(str_from(name))) {
        refuse_section(d, name, "network");
        return NULL;
    }
    struct config_network *n = &c->networks[c->network_count++];
    *n = (struct config_network){.name = arena_c(&c->arena, str_from(name)), .origin = origin};
    set_defaults(n, NETWORK);
    return n;
}

struct config_endpoint *
config_made_endpoint(struct config *c, const char *name, enum config_origin origin,
                     struct diag *d)
{
    for (size_t i = 0; i < c->endpoint_count; i++) {
        if (strcmp(c->endpoints[i].name, name) == 0 && c->endpoints[i].origin == origin)
            return &c->endpoints[i];
    }
    if (c->endpoint_count == CONFIG_MAX_ENDPOINTS || !config_is_name(str_from(name))) {
        refuse_section(d, name, "endpoint");
        return NULL;
    }
    struct config_endpoint *e = &c->endpoints[c->endpoint_count++];
    *e = (struct config_endpoint){.name = arena_c(&c->arena, str_from(name)), .origin = origin};
    set_defaults(e, ENDPOINT);
    return e;
}

static struct config_feed *
made_feed(struct config *c, const char *name, struct diag *d)
{
    for (size_t i = 0; i < c->feed_count; i++) {
        if (strcmp(c->feeds[i].name, name) == 0)
            return &c->feeds[i];
    }
    if (c->feed_count == CONFIG_MAX_FEEDS || !config_is_name(str_from(name))) {
        refuse_section(d, name, "feed");
        return NULL;
    }
    struct config_feed *f = &c->feeds[c->feed_count++];
    *f = (struct config_feed){.name = arena_c(&c->arena, str_from(name))};
    set_defaults(f, SOCKET);
    return f;
}

static struct config_call *
made_call(struct config *c, const char *name, enum config_origin origin, struct diag *d)
{
    for (size_t i = 0; i < c->call_count; i++) {
        if (strcmp(c->calls[i].name, name) == 0)
            return &c->calls[i];
    }
    if (c->call_count == CONFIG_MAX_CALLS || !config_is_name(str_from(name))) {
        refuse_section(d, name, "call");
        return NULL;
    }
    struct config_call *call = &c->calls[c->call_count++];
    *call = (struct config_call){.name = arena_c(&c->arena, str_from(name)), .origin = origin};
    set_defaults(call, CALL);
    return call;
}

/* --- neartop.conf ------------------------------------------------------------------------- */

static enum err
on_named(struct reading *r, struct str kind, const char *of, const char *name, const char *value,
         int line, struct diag *d)
{
    struct config_call *c;
    struct config_feed *f;
    struct config_endpoint *e;
    if (str_equal_c(kind, "network")) {
        struct config_network *n = config_made_network(r->config, of, r->origin, d);
        if (n)
            return set_value(r, n, NETWORK, name, value, d);
    } else if (str_equal_c(kind, "call")) {
        if ((c = made_call(r->config, of, r->origin, d))) {
            c->line = c->line ? c->line : line;
            return set_value(r, c, CALL, name, value, d);
        }
    } else if (str_equal_c(kind, "feed")) {
        if ((f = made_feed(r->config, of, d))) {
            f->line = f->line ? f->line : line;
            return set_value(r, f, SOCKET, name, value, d);
        }
    } else if ((e = config_made_endpoint(r->config, of, r->origin, d))) {
        e->line = e->line ? e->line : line;
        return set_value(r, e, ENDPOINT, name, value, d);
    }
    return d ? d->code : ERR_RANGE;
}

static enum err
on_entry(void *context, const char *section, const char *name, const char *value, int line,
         struct diag *d)
{
    struct reading *r = context;
    struct str rest = str_from(section), word = {0};
    r->line = line;
    if (!str_take_until(&rest, ' ', &word))
        return diag_set(d, ERR_SYNTAX, "\"%.40s\" stands before any section: expected [general], "
                        "[network NAME], [endpoint NAME], [feed NAME] or [call NAME] above it", name);
    rest = str_trim(rest);
    char of[64];
    bool fits = str_copy(rest, of, sizeof(of));
    if (str_equal_c(word, "general") && rest.n == 0)
        return set_value(r, &r->config->general, GENERAL, name, value, d);
    if (str_equal_c(word, "keys") && rest.n == 0)
        return name ? keymap_parse(&r->config->keymap, str_from(name), str_from(value), d) : OK;
    bool is_named = str_equal_c(word, "network") || str_equal_c(word, "endpoint") ||
                    str_equal_c(word, "feed") || str_equal_c(word, "call");
    if (!fits || !rest.n || !is_named)
        return diag_set(d, ERR_SYNTAX, "[%.60s]: expected [general], [keys], [network NAME], "
                        "[endpoint NAME], [feed NAME] or [call NAME]", section);
    return on_named(r, word, of, name, value, line, d);
}

static enum err
check_endpoints(const struct config *c, const char *origin, struct diag *d)
{
    for (size_t i = 0; i < c->endpoint_count; i++) {
        const struct config_endpoint *e = &c->endpoints[i];
        const char *missing = !e->url.text[0] ? "url" : !e->network.text[0] ? "network" : NULL;
        if (missing)
            return diag_set(d, ERR_MISSING, "%s line %d: [endpoint %s] needs \"%s = …\"", origin,
                            e->line, e->name, missing);
        if (strcmp(e->network.text, "demo") == 0)
            return diag_set(d, ERR_SYNTAX, "%s line %d: [endpoint %s]: the demo's network has the "
                            "embedded chain alone", origin, e->line, e->name);
        if (e->key_env.text[0] && e->key_file.text[0])
            return diag_set(d, ERR_SYNTAX, "%s line %d: [endpoint %s]: expected key_env or "
                            "key_file, not both", origin, e->line, e->name);
        if (!config_network(c, e->network.text))
            return diag_set(d, ERR_NOT_FOUND, "%s line %d: [endpoint %s]: there is no [network "
                            "%.40s]", origin, e->line, e->name, e->network.text);
    }
    return OK;
}

static enum err
check_feeds(const struct config *c, const char *origin, struct diag *d)
{
    for (size_t i = 0; i < c->feed_count; i++) {
        const struct config_feed *f = &c->feeds[i];
        bool has_key = f->key_env.text[0] || f->key_file.text[0];
        const char *missing = !f->url.text[0] ? "url" : !f->network.text[0] ? "network" : NULL;
        if (missing)
            return diag_set(d, ERR_MISSING, "%s line %d: [feed %s] needs \"%s = …\"", origin, f->line,
                            f->name, missing);
        if (strcmp(f->url.text, "off") == 0)
            return diag_set(d, ERR_SYNTAX, "%s line %d: [feed %s]: expected an address; \"feed = "
                            "off\" in [network %.40s] turns all of them off", origin, f->line,
                            f->name, f->network.text);
        if (f->key_env.text[0] && f->key_file.text[0])
            return diag_set(d, ERR_SYNTAX, "%s line %d: [feed %s]: expected key_env or key_file, "
                            "not both", origin, f->line, f->name);
        if (strstr(f->url.text, "{key}") && !has_key)
            return diag_set(d, ERR_MISSING, "%s line %d: [feed %s]: its address has {key} in it, but "
                            "neither key_env nor key_file is there", origin, f->line, f->name);
        if (!config_network(c, f->network.text))
            return diag_set(d, ERR_NOT_FOUND, "%s line %d: [feed %s]: there is no [network %.40s]",
                            origin, f->line, f->name, f->network.text);
    }
    return OK;
}

enum err
config_read_text(struct config *c, struct str text, const char *origin, struct diag *d)
{
    struct reading r = {c, CONFIG_FILE, 0};
    forget_lines(c);
    enum err e = ini_read_text(text, origin, on_entry, &r, d);
    if (!e)
        e = keymap_check(&c->keymap, d);
    if (!e)
        e = check_endpoints(c, origin, d);
    if (!e)
        e = check_feeds(c, origin, d);
    return e ? e : config_check_calls(c, origin, d);
}

void
config_init(struct config *c)
{
    struct reading r = {c, CONFIG_BUILT_IN, 0};
    struct diag d = {0};
    *c = (struct config){.network_count = 0};
    arena_init(&c->arena);
    keymap_default(&c->keymap);
    set_defaults(&c->general, GENERAL);
    if (ini_read_text(str_from(config_builtin_text), "built-in", on_entry, &r, &d) ||
        check_endpoints(c, "built-in", &d) || config_check_calls(c, "built-in", &d))
        abort();
}

void
config_release(struct config *c)
{
    for (size_t i = 0; i < c->endpoint_count; i++) {
        volatile char *p = (volatile char *)(uintptr_t)c->endpoints[i].secret;
        while (p && *p)
            *p++ = '\0';
    }
    arena_release(&c->arena);
}

/* --- where the files are ------------------------------------------------------------------ */

enum err
config_expand(const char *path, char out[CONFIG_PATH_MAX], struct diag *d)
{
    const char *home = getenv("HOME");
    int n;
    if (path[0] != '~' || (path[1] && path[1] != '/')) {
        n = snprintf(out, CONFIG_PATH_MAX, "%s", path);
    } else if (!home || !home[0]) {
        return diag_set(d, ERR_NOT_FOUND, "%.80s: HOME is not set", path);
    } else {
        n = snprintf(out, CONFIG_PATH_MAX, "%s%s", home, path + 1);
    }
    return n >= 0 && n < CONFIG_PATH_MAX ? OK
                                         : diag_set(d, ERR_TOO_LARGE, "%.80s…: a long path", path);
}

enum err
config_beside(const struct config *c, const char *path, char out[CONFIG_PATH_MAX], struct diag *d)
{
    const char *slash = strrchr(c->path, '/');
    if (path[0] == '/' || path[0] == '~' || !slash)
        return config_expand(path, out, d);
    int n = snprintf(out, CONFIG_PATH_MAX, "%.*s/%s", (int)(slash - c->path), c->path, path);
    return n >= 0 && n < CONFIG_PATH_MAX ? OK
                                         : diag_set(d, ERR_TOO_LARGE, "%.80s…: a long path", path);
}

/* Empty when there is neither $XDG_CONFIG_HOME nor $HOME. */
static void
find_path(const char *name, char out[CONFIG_PATH_MAX])
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int n = -1;
    /* The specification ignores what is not absolute. */
    if (xdg && xdg[0] == '/')
        n = snprintf(out, CONFIG_PATH_MAX, "%s/%s", xdg, name);
    else if (home && home[0])
        n = snprintf(out, CONFIG_PATH_MAX, "%s/.config/%s", home, name);
    if (n < 0 || n >= CONFIG_PATH_MAX)
        out[0] = '\0';
}

static enum err
load_own(struct config *c, const char *path, struct diag *d)
{
    struct buf text;
    if (path && strlen(path) >= sizeof(c->path))
        return diag_set(d, ERR_TOO_LARGE, "%.80s…: a long path", path);
    if (path)
        snprintf(c->path, sizeof(c->path), "%s", path);
    else
        find_path("neartop/neartop.conf", c->path);
    if (!c->path[0])
        return OK;
    buf_init(&text, INI_MAX_BYTES);
    enum err e = file_read(c->path, &text, d);
    c->has_file = e == OK;
    if (!e)
        e = config_read_text(c, buf_str(&text), c->path, d);
    else if (e == ERR_NOT_FOUND && !path)
        e = OK;
    buf_release(&text);
    return e;
}

/* It is another program's file: what is wrong with it is a warning here. */
static void
load_near_cli(struct config *c)
{
    struct buf text;
    struct diag d = {0};
    find_path("near-cli/config.toml", c->near_cli_path);
    if (!c->general.near_cli.number || !c->near_cli_path[0])
        return;
    buf_init(&text, INI_MAX_BYTES);
    enum err e = file_read(c->near_cli_path, &text, &d);
    c->has_near_cli = e == OK;
    if (!e)
        e = config_read_near_cli(c, buf_str(&text), c->near_cli_path, &d);
    if (e && e != ERR_NOT_FOUND)
        snprintf(c->warning, sizeof(c->warning), "%s", diag_text(&d));
    if (text.p)
        buf_wipe(&text);
    buf_release(&text);
}

enum err
config_load(struct config *c, const char *path, struct diag *d)
{
    enum err e = load_own(c, path, d);
    if (!e)
        load_near_cli(c);
    return e;
}

/* --- for others to see -------------------------------------------------------------------- */

const struct config_network *
config_network(const struct config *c, const char *name)
{
    for (size_t i = 0; i < c->network_count; i++) {
        if (strcmp(c->networks[i].name, name) == 0)
            return &c->networks[i];
    }
    return NULL;
}

void
config_network_names(const struct config *c, struct buf *out)
{
    for (size_t i = 0; i < c->network_count; i++)
        buf_addf(out, "%s%s", i ? ", " : "", c->networks[i].name);
}

static void
print_section(enum section section, const char *heading, struct buf *out)
{
    buf_addf(out, "%s\n", heading);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].section == section)
            buf_addf(out, "# %s\n%s%s = %s\n", rows[i].help, section == GENERAL ? "" : "# ",
                     rows[i].rule.key, rows[i].fallback);
    }
    buf_add_c(out, "\n");
}

static void
print_keys(struct buf *out)
{
    char name[ACTION_NAME_MAX];
    buf_add_c(out, "[keys]\n");
    for (int id = DO_NOTHING + 1; id < DO_COUNT; id++) {
        const struct action_text *t = action_text_of((enum action_id)id);
        buf_addf(out, "# %s\n%s = %s\n", t->help, action_name((enum action_id)id, name), t->keys);
    }
    buf_add_byte(out, '\n');
}

void
config_print(struct buf *out)
{
    buf_add_c(out, "# neartop.conf: all settings with their defaults. Lines that are taken out\n"
                   "# keep them. Endpoints, and feeds, named here for a network replace those that\n"
                   "# are built in. API keys do not belong into this file: key_env, key_file.\n\n");
    print_section(GENERAL, "[general]", out);
    print_keys(out);
    print_section(NETWORK, "# Of each [network NAME]:", out);
    print_section(ENDPOINT, "# Of each [endpoint NAME]:", out);
    print_section(SOCKET, "# Of each [feed NAME]; the preferred of a network stands first:", out);
    print_section(CALL, "# Of each [call NAME], which \"neartop call @NAME\" sends and the form of a "
                        "new call offers:", out);
    buf_add_c(out, config_builtin_text);
}
