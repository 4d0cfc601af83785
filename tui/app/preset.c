#include "tui/app/preset.h"

#include <stdio.h>
#include <string.h>
#include "net/base/file.h"
#include "net/json.h"
#include "tui/input/text.h"

const struct config_call *
preset_find(const struct config *c, struct str name)
{
    for (size_t i = 0; i < c->call_count; i++) {
        if (str_equal_c(name, c->calls[i].name))
            return &c->calls[i];
    }
    return NULL;
}

bool
preset_is_for(const struct config_call *p, const char *network)
{
    struct str rest = str_from(p->network.text), name;
    bool is_named = false;
    while (str_take_until(&rest, ' ', &name)) {
        is_named |= name.n > 0;
        if (str_equal_c(name, network))
            return true;
    }
    return !is_named;
}

const char *
preset_method(const struct config_call *p, enum plan_mode mode)
{
    switch (mode) {
    case PLAN_PARALLEL: break;
    case PLAN_SEQUENTIAL: return p->sequential.text;
    case PLAN_BATCH: return p->batch.text;
    }
    return p->method.text;
}

enum plan_mode
preset_mode(const struct config_call *p)
{
    return strcmp(p->mode.text, "sequential") == 0 ? PLAN_SEQUENTIAL
           : strcmp(p->mode.text, "batch") == 0    ? PLAN_BATCH
                                                   : PLAN_PARALLEL;
}

const struct config_call *
preset_of(const struct config *c, const char *network, struct str contract, struct str method)
{
    for (size_t i = 0; i < c->call_count; i++) {
        const struct config_call *p = &c->calls[i];
        if (!str_equal_c(contract, p->contract.text) || !preset_is_for(p, network))
            continue;
        if (str_equal_c(method, p->method.text) || str_equal_c(method, p->sequential.text) ||
            str_equal_c(method, p->batch.text))
            return p;
    }
    return NULL;
}

/* --- arguments -------------------------------------------------------------------------------- */

/* Lines of the settings have lost what they were indented by: they become one. */
static enum err
args_joined(const char *text, struct buf *out, struct diag *d)
{
    struct json *root;
    if (!strchr(text, '\n'))
        return buf_add_c(out, text) ? OK : diag_set(d, ERR_TOO_LARGE, "too long");
    enum err e = json_parse(str_from(text), TEXT_MAX_BYTES, &root, d);
    if (e)
        return e;
    json_print(root, out);
    json_free(root);
    return OK;
}

enum err
preset_args(const struct config_call *p, const struct config *c, struct buf *out, struct diag *d)
{
    char path[CONFIG_PATH_MAX];
    if (p->args.text[0] != '@')
        return args_joined(p->args.text, out, d);
    enum err e = config_beside(c, p->args.text + 1, path, d);
    if (!e)
        e = file_read(path, out, d);
    if (e)
        diag_prefix(d, "[call %s] args", p->name);
    return e;
}

/* --- the command line --------------------------------------------------------------------------- */

/* Where it is sent: what was said, what is set, or the first network that it is for. */
static enum err
choose_network(struct opts *o, const struct config_call *p, struct config *c, struct diag *d)
{
    const char *set = c->general.network.text[0] ? c->general.network.text : "demo";
    const char *name = o->network.is_given ? o->network.text : set;
    struct str rest = str_from(p->network.text), first = {0};
    if (preset_is_for(p, name) || (o->rpc.is_given && !o->network.is_given))
        return OK;
    if (o->network.is_given)
        return diag_set(d, ERR_SYNTAX, "@%s is for %s, not for %s", p->name, p->network.text, name);
    while (!first.n && str_take_until(&rest, ' ', &first))
        ;
    o->network = (struct option_value){true, arena_c(&c->arena, first), 0};
    return OK;
}

static enum err
choose_method(struct opts *o, const struct config_call *p, struct config *c, struct diag *d)
{
    enum plan_mode mode = o->sequential.is_given ? PLAN_SEQUENTIAL
                          : o->batch.is_given    ? PLAN_BATCH
                                                 : preset_mode(p);
    const char *method = preset_method(p, mode);
    if (!method[0])
        return diag_set(d, ERR_SYNTAX, "@%s has no method for that: expected \"%s = METHOD\" in [call "
                        "%s]", p->name, mode == PLAN_BATCH ? "batch" : "sequential", p->name);
    if (o->command == COMMAND_COMPARE) {
        const char *one = p->sequential.text, *other = p->batch.text;
        method = arena_printf(&c->arena, "%s%s%s%s%s", p->method.text, one[0] ? "," : "", one,
                              other[0] ? "," : "", other);
    }
    o->arguments[1] = method;
    return OK;
}

static void
use(struct option_value *option, const struct config_value *of_preset)
{
    if (!option->is_given && of_preset->text[0])
        *option = (struct option_value){true, of_preset->text, 0};
}

/* ARGS of the command line, or those of the preset. */
static enum err
choose_args(struct opts *o, const struct config_call *p, struct config *c, struct diag *d)
{
    struct buf text;
    struct diag why = {0};
    size_t at;
    if (o->argument_count == 2) {
        o->arguments[2] = o->arguments[1];
        o->argument_count = 3;
        return OK;
    }
    buf_init(&text, TEXT_MAX_BYTES);
    enum err e = preset_args(p, c, &text, &why);
    struct str args = str_trim(buf_str(&text));
    /* "@x" or "-" in it is not to be taken for the name of a file again. */
    if (!e && p->args.text[0] == '@' && json_check_typed(args, &at, &why)) {
        diag_prefix(&why, "[call %s] args: %.80s is not JSON", p->name, p->args.text + 1);
        e = why.code;
    }
    if (e)
        e = diag_set(d, ERR_SETTINGS, "%s", diag_text(&why));
    o->arguments[2] = arena_c(&c->arena, args);
    o->argument_count = 3;
    o->args_form = ARGS_JSON;
    buf_release(&text);
    return e;
}

enum err
preset_expand(struct opts *o, struct config *c, struct diag *d)
{
    bool is_named = opts_names_preset(o);
    if (!is_named && o->command == COMMAND_CALL && (o->sequential.is_given || o->batch.is_given))
        return diag_set(d, ERR_SYNTAX, "--sequential and --batch are for a call that the settings "
                        "know: neartop call @NAME");
    if (!is_named)
        return OK;
    struct str name = str_from(o->arguments[0] + 1);
    const struct config_call *p = preset_find(c, name);
    if (!p) {
        struct buf known;
        buf_init(&known, DIAG_MAX);
        for (size_t i = 0; i < c->call_count; i++)
            buf_addf(&known, "%s@%s", i ? ", " : "", c->calls[i].name);
        (void)!diag_set(d, ERR_NOT_FOUND, "there is no [call %.40s] in the settings: %s", name.p,
                        buf_c(&known));
        buf_release(&known);
        return ERR_NOT_FOUND;
    }
    enum err e = choose_args(o, p, c, d);
    if (!e)
        e = choose_method(o, p, c, d);
    if (!e)
        e = choose_network(o, p, c, d);
    o->arguments[0] = p->contract.text;
    if (o->command == COMMAND_VIEW)
        return e;
    use(&o->gas, &p->gas);
    use(&o->deposit, &p->deposit);
    use(&o->as, &p->signer);
    return e;
}

void
preset_list(const struct config *c, struct buf *out)
{
    for (size_t i = 0; i < c->call_count; i++)
        buf_addf(out, "@%s\t%s\n", c->calls[i].name,
                 c->calls[i].description.text[0] ? c->calls[i].description.text
                                                 : c->calls[i].method.text);
}
