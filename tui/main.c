/* neartop: reads the command line and hands over. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "contract/serve/serve.h"
#include "net/base/log.h"
#include "net/base/redact.h"
#include "tui/app/config.h"
#include "tui/app/doctor.h"
#include "tui/app/drill.h"
#include "tui/app/fault.h"
#include "tui/app/opts.h"
#include "tui/app/preset.h"
#include "tui/app/relay_command.h"
#include "tui/app/session.h"
#include "tui/app/themes.h"
#include "tui/app/view_call.h"

enum { EXIT_USAGE = 64, EXIT_CONFIG = 78, BLOCK_TIME_MS = 600, LOCALNET_PORT = 3030, CACHE_PATH = 1024 };

/* Where compiled contracts are kept; false: nowhere. */
static bool
cache_folder(char out[CACHE_PATH])
{
    const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int n = -1;
    if (base && base[0] == '/')
        n = snprintf(out, CACHE_PATH, "%s/neartop/contracts", base);
    else if (home && home[0] == '/')
        n = snprintf(out, CACHE_PATH, "%s/.cache/neartop/contracts", home);
    return n > 0 && n < CACHE_PATH;
}

static int
run_localnet(const struct opts *o)
{
    struct diag d = {0};
    char cache[CACHE_PATH];
    const struct serve_config config = {
        .port = o->port.is_given ? (int)o->port.number : o->with_parent.is_given ? 0 : LOCALNET_PORT,
        .block_time_ms = o->block_time.is_given ? (unsigned)o->block_time.number : BLOCK_TIME_MS,
        .shards = o->shards.is_given ? o->shards.text : NULL,
        .with_demo = o->demo.is_given,
        .with_parent = o->with_parent.is_given,
        .cache = cache_folder(cache) ? cache : NULL,
        .data = o->data.is_given ? o->data.text : NULL,
        .keep_blocks = o->keep_blocks.is_given ? (uint64_t)o->keep_blocks.number : 0,
        .keep_mib = o->keep_mb.is_given ? (size_t)o->keep_mb.number : 0,
        .fault = o->fault.is_given ? o->fault.text : NULL,
        .seed = o->seed.number,
    };
    if (o->port.is_given && o->port.number > 65535) {
        fprintf(stderr, "neartop: --port %s: expected 0 to 65535\n", o->port.text);
        return EXIT_USAGE;
    }
    enum err e = serve_localnet(&config, &d);
    if (!e)
        return 0;
    fprintf(stderr, "neartop: %s\n", diag_text(&d));
    return e == ERR_SYNTAX || e == ERR_RANGE || e == ERR_NOT_FOUND ? EXIT_USAGE : 1;
}

static int
print(struct buf *take_text)
{
    fputs(buf_c(take_text), stdout);
    buf_release(take_text);
    return 0;
}

static int
print_help(enum command of)
{
    struct buf text;
    buf_init(&text, 64 * 1024);
    opts_help(of, &text);
    if (of == COMMAND_LOCALNET || of == COMMAND_DEMO || of == COMMAND_FAULT) {
        buf_add_c(&text, "\nDrills, as in --fault late=200,http429=3@50%,cut=5%,stall=2:10. N is a "
                         "number,\na chance or both; \"off\" ends one, \"none\" all:\n");
        serve_help_faults(&text);
    }
    return print(&text);
}

static int
print_config(void)
{
    struct buf text;
    buf_init(&text, 64 * 1024);
    config_print(&text);
    return print(&text);
}

/* What the completions of shells are made of. */
static int
print_tables(void)
{
    struct config config;
    struct buf text;
    buf_init(&text, 64 * 1024);
    opts_table(&text);
    drill_table(&text);
    serve_faults_table(&text);
    config_init(&config);
    for (size_t i = 0; i < config.network_count; i++)
        buf_addf(&text, "network\t%s\n", config.networks[i].name);
    config_release(&config);
    return print(&text);
}

static int
list_calls(const struct config *config)
{
    struct buf text;
    buf_init(&text, 64 * 1024);
    preset_list(config, &text);
    return print(&text);
}

/* A setting stands where the command line is silent. */
static enum err
use(struct option_value *option, const struct config_value *setting, bool is_path,
    struct config *c, struct diag *d)
{
    char path[CONFIG_PATH_MAX];
    enum err e = OK;
    if (option->is_given || !setting->is_given || !setting->text[0])
        return OK;
    *option = (struct option_value){true, setting->text, setting->number};
    if (is_path)
        e = config_expand(setting->text, path, d);
    if (is_path && !e)
        option->text = arena_c(&c->arena, str_from(path));
    return e;
}

static enum err
use_settings(struct opts *o, struct config *c, struct diag *d)
{
    enum err e = config_load(c, o->config.is_given ? o->config.text : NULL, d);
    if (!e)
        e = use(&o->theme, &c->general.theme, true, c, d);
    if (!e)
        e = use(&o->color, &c->general.color, false, c, d);
    if (!e)
        e = use(&o->bell, &c->general.bell, false, c, d);
    if (!e)
        e = use(&o->notify, &c->general.notify, false, c, d);
    if (c->general.mouse.is_given && !c->general.mouse.number)
        o->no_mouse.is_given = true;
    if (c->general.plain.is_given && c->general.plain.number)
        o->plain.is_given = true;
    /* The doctor's patience is of another kind, and who follows accounts may wait for days. */
    if (!e && o->command != COMMAND_DOCTOR && o->command != COMMAND_FOLLOW)
        e = use(&o->timeout, &c->general.timeout, false, c, d);
    if (!e)
        e = use(&o->key_dir, &c->general.key_dir, true, c, d);
    return e;
}

static int
run_command(const struct opts *o, const struct config *config)
{
    if (o->command == COMMAND_LIST_CALLS)
        return list_calls(config);
    if (o->command == COMMAND_CALLS && o->plain.is_given)
        return print_help(COMMAND_NONE);        /* there is nothing to say of no call */
    if (o->command == COMMAND_DOCTOR)
        return doctor_run(o, config);
    if (o->command == COMMAND_RELAY)
        return relay_run(o, config);
    return o->command == COMMAND_VIEW ? view_call_run(o, config) : session_run(o, config);
}

static int
run_with_settings(struct opts *o)
{
    struct config config;
    struct diag d = {0};
    int status = EXIT_CONFIG;
    enum err e;
    config_init(&config);
    if (use_settings(o, &config, &d)) {
        fprintf(stderr, "neartop: %s\n", diag_text(&d));
    } else if ((e = preset_expand(o, &config, &d))) {
        fprintf(stderr, "neartop: %s\n", diag_text(&d));
        status = e == ERR_SETTINGS ? EXIT_CONFIG : EXIT_USAGE;
    } else {
        status = run_command(o, &config);
    }
    config_release(&config);
    redact_forget();
    return status;
}

int
main(int argc, char **argv)
{
    struct opts o;
    struct diag d = {0};
    setlocale(LC_ALL, "");
    signal(SIGPIPE, SIG_IGN);
    if (opts_parse(argc, argv, &o, &d)) {
        fprintf(stderr, "neartop: %s\n", diag_text(&d));
        return EXIT_USAGE;
    }
    if (o.log.is_given && !log_open(o.log.text, LOG_DEBUG)) {
        fprintf(stderr, "neartop: --log %s: %s\n", o.log.text, strerror(errno));
        return EXIT_CONFIG;
    }
    int status = 0;
    switch (o.command) {
    case COMMAND_HELP: status = print_help(o.help_of); break;
    case COMMAND_NONE:
        /* Whoever sees a screen gets one. */
        o.command = COMMAND_CALLS;
        status = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) ? run_with_settings(&o)
                                                              : print_help(COMMAND_NONE);
        break;
    case COMMAND_VERSION: puts("neartop " NEARTOP_VERSION); break;
    case COMMAND_LOCALNET: status = run_localnet(&o); break;
    case COMMAND_FAULT:
        status = fault_run(o.argument_count ? o.arguments[0] : NULL,
                           o.port.is_given ? o.port.number : LOCALNET_PORT);
        break;
    case COMMAND_CALLS:
    case COMMAND_COMPARE:
    case COMMAND_DEMO:
    case COMMAND_CALL:
    case COMMAND_VIEW:
    case COMMAND_WATCH:
    case COMMAND_RELAY:
    case COMMAND_FOLLOW:
    case COMMAND_LIST_CALLS:
    case COMMAND_DOCTOR: status = run_with_settings(&o); break;
    case COMMAND_CHECK_THEME: status = themes_check(o.arguments[0]); break;
    case COMMAND_TABLES: status = print_tables(); break;
    case COMMAND_PRINT_CONFIG: status = print_config(); break;
    }
    log_close();
    return status;
}
