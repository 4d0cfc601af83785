#include "tui/app/opts.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "net/base/redact.h"
#include "net/base/utf8.h"
#include "tui/app/near_cli.h"

enum { HELP_WIDTH = 80 };
enum takes { FLAG, TEXT, NUMBER };

static const struct {
    size_t offset;
    const char *name;
    enum takes takes;
    const char *commands, *argument, *help;
} options[] = {
#define X(field, name, takes, commands, argument, help)                                      \
    {offsetof(struct opts, field), name, takes, commands, argument, help},
#include "tui/app/opts.def"
#undef X
};

static const struct {
    enum command command;
    const char *name;
    char letter;
    size_t least, most;         /* arguments */
    const char *arguments, *help;
} commands[] = {
    {COMMAND_CALLS, "calls", 'n', 0, 0, "", "all calls of this run; so does \"neartop\" alone"},
    {COMMAND_DEMO, "demo", 'd', 0, 0, "", "a portfolio call on an embedded chain, live"},
    {COMMAND_COMPARE, "compare", 'p', 0, 3, "[CONTRACT METHODS [ARGS]]",
     "run methods in turn, compare their blocks, time and gas"},
    {COMMAND_CALL, "call", 'c', 2, 3, "CONTRACT METHOD [ARGS]", "sign a call, send it, follow it"},
    {COMMAND_VIEW, "view", 'v', 2, 3, "CONTRACT METHOD [ARGS]",
     "ask a contract without a transaction, and print what it says"},
    {COMMAND_WATCH, "watch", 'w', 1, 1, "TX",
     "follow a transaction: its hash, account:hash, a receipt, or an explorer's address"},
    {COMMAND_FOLLOW, "follow", 'a', 1, OPTS_MAX_ARGUMENTS, "ACCOUNT…",
     "follow every call that touches the accounts, as they happen"},
    {COMMAND_LOCALNET, "localnet", 'l', 0, 0, "", "the embedded chain alone, for any NEAR client"},
    {COMMAND_RELAY, "relay", 'r', 0, 0, "",
     "one poller of a network that serves the feed to many consoles"},
    {COMMAND_DOCTOR, "doctor", 'o', 0, 0, "", "test endpoints, feed, keys and terminal"},
    {COMMAND_FAULT, "fault", 'f', 0, 1, "[LIST]",
     "set the drills of a localnet that runs, or tell which are on"},
};

/* What stands instead of a command. --dump-tables is for the build alone and no word of help. */
static const struct {
    const char *name, *argument, *help;
} alone[] = {
    {"--help", "", "the commands, or the options of the one before it"},
    {"--version", "", "the version"},
    {"--print-config", "", "all settings, with their defaults and what they mean"},
    {"--list-calls", "", "the calls that the settings know, for \"call @NAME\""},
    {"--check-theme", "THEME", "judge a theme: unknown roles, colours, contrast"},
};

/* What near-cli calls some of them. */
static const struct {
    const char *alias, *name;
} aliases[] = {
    {"--useAccount", "--as"},       {"--use-account", "--as"},     {"--accountId", "--as"},
    {"--account-id", "--as"},       {"--networkId", "--network"},  {"--network-id", "--network"},
};

static int
find_command(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (strcmp(commands[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

/* --- a hint for what was misspelt --------------------------------------------------------- */

static size_t
distance(const char *a, const char *b)
{
    enum { MOST = 24 };
    size_t row[MOST + 1], n = strlen(a), m = strlen(b);
    if (n > MOST || m > MOST)
        return MOST;
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t above = row[j], best = diagonal + (a[i - 1] != b[j - 1]);
            best = above + 1 < best ? above + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diagonal = above;
            row[j] = best;
        }
    }
    return row[m];
}

static const char *
nearest_option(const char *name, char letter)
{
    const char *best = NULL;
    size_t least = 4;
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        size_t away = distance(name, options[i].name);
        if (strchr(options[i].commands, letter) && away < least) {
            least = away;
            best = options[i].name;
        }
    }
    return best;
}

/* --- parsing ------------------------------------------------------------------------------ */

static struct option_value *
value_of(struct opts *o, size_t index)
{
    return (struct option_value *)(void *)((char *)o + options[index].offset);
}

static enum err
unknown_option(const char *name, int command, struct diag *d)
{
    const char *near_one = nearest_option(name, commands[command].letter);
    int meant = name[0] == '-' && name[1] == '-' ? find_command(name + 2) : -1;
    if (meant >= 0)
        return diag_set(d, ERR_SYNTAX, "%s is no option of \"neartop %s\", but a command: \"neartop %s\"",
                        name, commands[command].name, commands[meant].name);
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        if (strcmp(options[i].name, name) == 0)
            return diag_set(d, ERR_SYNTAX, "%s is no option of \"neartop %s\"; \"neartop %s --help\" lists "
                            "them", name, commands[command].name, commands[command].name);
    }
    return diag_set(d, ERR_SYNTAX, "unknown option %.60s%s%s; \"neartop %s --help\" lists them",
                    name, near_one ? ": did you mean " : "", near_one ? near_one : "",
                    commands[command].name);
}

static enum err
set_value(struct opts *o, size_t index, const char *text, struct diag *d)
{
    struct option_value *v = value_of(o, index);
    v->is_given = true;
    v->text = text;
    if (options[index].takes == NUMBER && !str_to_u64(str_from(text), &v->number))
        return diag_set(d, ERR_SYNTAX, "%s \"%.40s\": expected a whole number", options[index].name,
                        text);
    return OK;
}

/* "--name value", "--name=value" or a flag; *at moves past what was used. */
static enum err
take_option(int argc, char **argv, int *at, int command, struct opts *o, struct diag *d)
{
    const char *arg = argv[*at], *equals = strchr(arg, '=');
    char name[64];
    size_t n = equals ? (size_t)(equals - arg) : strlen(arg);
    snprintf(name, sizeof(name), "%.*s", (int)(n < sizeof(name) ? n : sizeof(name) - 1), arg);
    for (size_t i = 0; i < ARRAY_LEN(aliases); i++) {
        if (strcmp(name, aliases[i].alias) == 0)
            snprintf(name, sizeof(name), "%s", aliases[i].name);
    }
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        if (strcmp(options[i].name, name) != 0 ||
            !strchr(options[i].commands, commands[command].letter))
            continue;
        if (options[i].takes == FLAG) {
            if (equals)
                return diag_set(d, ERR_SYNTAX, "%s takes no value", name);
            value_of(o, i)->is_given = true;
            return OK;
        }
        if (equals)
            return set_value(o, i, equals + 1, d);
        if (*at + 1 >= argc)
            return diag_set(d, ERR_SYNTAX, "%s: expected %s behind it", name, options[i].argument);
        return set_value(o, i, argv[++*at], d);
    }
    return unknown_option(name, command, d);
}

/* Which of the three a word like --base64 makes it. */
static void
set_form(struct opts *o)
{
    if (o->base64.is_given)
        o->args_form = ARGS_BASE64;
    else if (o->text.is_given)
        o->args_form = ARGS_TEXT;
}

/* What would be refused only when something has been started, or would end it at once. */
static enum err
check_ranges(const struct opts *o, struct diag *d)
{
    const struct {
        const struct option_value *value;
        const char *name, *unit;
        uint64_t least, most;
    } ranges[] = {{&o->block_time, "--block-time", " milliseconds", 10, 60000},
                  {&o->timeout, "--timeout", " seconds", 1, 86400},
                  {&o->calls, "--calls", "", 1, 1000000000},
                  {&o->port, "--port", "", 0, 65535}};
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
        uint64_t number = ranges[i].value->number;
        if (ranges[i].value->is_given && (number < ranges[i].least || number > ranges[i].most))
            return diag_set(d, ERR_RANGE, "%s %.40s: expected %llu to %llu%s", ranges[i].name,
                            ranges[i].value->text, (unsigned long long)ranges[i].least,
                            (unsigned long long)ranges[i].most, ranges[i].unit);
    }
    return OK;
}

enum err
opts_check(const struct opts *o, struct diag *d)
{
    if (o->plain.is_given && o->json.is_given)
        return diag_set(d, ERR_SYNTAX, "--plain and --json cannot both be");
    if (o->sequential.is_given && o->batch.is_given)
        return diag_set(d, ERR_SYNTAX, "--sequential and --batch cannot both be");
    if (o->base64.is_given && o->text.is_given)
        return diag_set(d, ERR_SYNTAX, "--base64 and --text cannot both be");
    return check_ranges(o, d);
}

enum err
opts_take_option(int argc, char **argv, int *at, struct opts *out, struct diag *d)
{
    size_t command = 0;
    while (commands[command].command != out->command)
        command++;
    return take_option(argc, argv, at, (int)command, out, d);
}

bool
opts_names_preset(const struct opts *o)
{
    bool can = o->command == COMMAND_CALL || o->command == COMMAND_VIEW ||
               o->command == COMMAND_COMPARE;
    return can && o->argument_count && o->arguments[0][0] == '@';
}

static enum err
check_arguments(const struct opts *o, int command, struct diag *d)
{
    bool is_preset = opts_names_preset(o);
    size_t least = is_preset ? 1 : commands[command].least;
    size_t most = is_preset ? 2 : commands[command].most;
    if (o->argument_count < least)
        return diag_set(d, ERR_SYNTAX, "%s: expected %s%s", commands[command].name,
                        commands[command].arguments,
                        commands[command].command == COMMAND_CALL ? ", or @NAME [ARGS]" : "");
    if (o->argument_count > most)
        return diag_set(d, ERR_SYNTAX, "%s: \"%.60s\" is one argument too many",
                        commands[command].name, o->arguments[most]);
    return opts_check(o, d);
}

/* A private key among the words, in its place or in a wrong one, is read out by no sentence: not
 * whole, and not the part that one would have shown. */
static void
hide_keys(int argc, char **argv)
{
    enum { SECRET_LEAST = 80 };
    for (int i = 1; i < argc; i++) {
        const char *at = strstr(argv[i], "ed25519:");
        struct str secret = str_from(at ? at + strlen("ed25519:") : NULL);
        if (secret.n >= SECRET_LEAST)
            redact_watch(secret);
    }
}

static enum err
no_command(const char *name, struct diag *d)
{
    if (near_cli_has_command(name))
        return diag_set(d, ERR_SYNTAX, "\"%.40s\" is a command of near-cli's that is not here: of those "
                        "there are \"contract call-function\" and \"transaction view-status\"", name);
    return diag_set(d, ERR_SYNTAX, "\"%.40s\" is no command: calls, demo, compare, call, view, watch, "
                    "follow, localnet, relay, fault, doctor, contract, transaction and help are", name);
}

/* Of a command, or of all; the words of near-cli-rs have theirs at what they come to. */
static enum err
parse_help(const char *of, struct opts *out, struct diag *d)
{
    int command = of ? find_command(of) : -1;
    out->command = COMMAND_HELP;
    if (command >= 0)
        out->help_of = commands[command].command;
    else if (of && strcmp(of, "contract") == 0)
        out->help_of = COMMAND_CALL;
    else if (of && strcmp(of, "transaction") == 0)
        out->help_of = COMMAND_WATCH;
    else if (of && of[0] != '-')
        return no_command(of, d);
    return OK;
}

enum err
opts_parse(int argc, char **argv, struct opts *out, struct diag *d)
{
    *out = (struct opts){0};
    hide_keys(argc, argv);
    if (argc < 2) {
        out->command = COMMAND_NONE;
        return OK;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        return parse_help(argc > 2 ? argv[2] : NULL, out, d);
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
        out->command = COMMAND_VERSION;
        return OK;
    }
    if (strcmp(argv[1], "--print-config") == 0) {
        out->command = COMMAND_PRINT_CONFIG;
        return OK;
    }
    if (strcmp(argv[1], "--list-calls") == 0) {
        out->command = COMMAND_LIST_CALLS;
        return OK;
    }
    if (strcmp(argv[1], "--dump-tables") == 0) {
        out->command = COMMAND_TABLES;
        return OK;
    }
    if (strcmp(argv[1], "--check-theme") == 0) {
        if (argc != 3)
            return diag_set(d, ERR_SYNTAX, "--check-theme: expected one theme behind it");
        out->command = COMMAND_CHECK_THEME;
        out->arguments[out->argument_count++] = argv[2];
        return OK;
    }
    if (near_cli_knows(argc, argv))
        return near_cli_parse(argc, argv, out, d);
    /* Options alone are those of the calls. */
    int command = find_command(argv[1][0] == '-' && argv[1][1] ? "calls" : argv[1]);
    if (command < 0)
        return no_command(argv[1], d);
    out->command = commands[command].command;
    bool is_plain_argument = false;
    for (int i = argv[1][0] == '-' ? 1 : 2; i < argc; i++) {
        if (!is_plain_argument && strcmp(argv[i], "--") == 0) {
            is_plain_argument = true;
        } else if (!is_plain_argument &&
                   (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
            out->help_of = out->command;
            out->command = COMMAND_HELP;
            return OK;
        } else if (!is_plain_argument && argv[i][0] == '-' && argv[i][1]) {
            enum err e = take_option(argc, argv, &i, command, out, d);
            if (e)
                return e;
        } else if (out->argument_count < OPTS_MAX_ARGUMENTS) {
            out->arguments[out->argument_count++] = argv[i];
        }
    }
    set_form(out);
    return check_arguments(out, command, d);
}

/* --- help --------------------------------------------------------------------------------- */

/* What stands at the left, then words in the rest of a line of HELP_WIDTH, and in the next ones. */
static void
help_row(struct buf *out, const char *left, int column, const char *words)
{
    struct str rest = str_from(words), word;
    int x = utf8_str_width(str_from(left));
    buf_add_c(out, left);
    if (x > column)
        buf_add_c(out, "\n");
    buf_addf(out, "%*s", x > column ? column : column - x, "");
    x = column;
    while (str_take_until(&rest, ' ', &word)) {
        int width = utf8_str_width(word) + 1;
        if (x + width > HELP_WIDTH) {
            buf_addf(out, "\n%*s", column, "");
            x = column;
        }
        buf_addf(out, " %.*s", STR_ARG(word));
        x += width;
    }
    buf_add_c(out, "\n");
}

static void
help_command(size_t index, struct buf *out)
{
    char left[64];
    buf_addf(out, "neartop %s%s%s [OPTIONS]\n", commands[index].name,
             commands[index].arguments[0] ? " " : "", commands[index].arguments);
    help_row(out, " ", 1, commands[index].help);
    buf_add_c(out, "\n");
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        if (!strchr(options[i].commands, commands[index].letter))
            continue;
        snprintf(left, sizeof(left), "  %s %s", options[i].name, options[i].argument);
        help_row(out, left, 26, options[i].help);
    }
    if (commands[index].command == COMMAND_CALL || commands[index].command == COMMAND_VIEW)
        buf_add_c(out, "\nARGS is JSON text, @FILE, or - for standard input; bytes by --base64 or --text.\n"
                       "@NAME in the place of CONTRACT and METHOD is a call of the settings:\n"
                       "\"neartop --list-calls\". near-cli-rs's own words are understood too:\n");
    if (commands[index].command == COMMAND_CALL)
        buf_add_c(out, "  neartop contract call-function as-transaction CONTRACT METHOD json-args ARGS\n"
                       "      prepaid-gas '100.0 Tgas' attached-deposit '0 NEAR' sign-as ACCOUNT\n"
                       "      network-config NETWORK sign-with-keychain send\n");
    if (commands[index].command == COMMAND_CALL || commands[index].command == COMMAND_VIEW)
        buf_add_c(out, "  neartop contract call-function as-read-only CONTRACT METHOD json-args ARGS\n"
                       "      network-config NETWORK now\n");
    if (commands[index].command == COMMAND_WATCH)
        buf_add_c(out, "\nnear-cli-rs's own words are understood too:\n"
                       "  neartop transaction view-status HASH network-config NETWORK\n");
}

void
opts_help(enum command command, struct buf *out)
{
    char left[64];
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (commands[i].command == command) {
            help_command(i, out);
            return;
        }
    }
    buf_add_c(out, "neartop follows a NEAR contract call while it runs.\n\n");
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        snprintf(left, sizeof(left), "  neartop %s%s%s", commands[i].name,
                 commands[i].arguments[0] ? " " : "", commands[i].arguments);
        help_row(out, left, 38, commands[i].help);
    }
    buf_add_c(out, "\nIn near-cli-rs's own words, with \"neartop\" in the place of \"near\":\n");
    help_row(out, "  neartop contract call-function …", 38, "as \"neartop call --help\" has it");
    help_row(out, "  neartop transaction view-status …", 38, "as \"neartop watch --help\" has it");
    buf_add_c(out, "\n\"neartop COMMAND --help\" tells its options, \"man neartop\" the rest;\n"
                   "\"neartop --print-config\" prints the settings, \"neartop --check-theme FILE\"\n"
                   "judges colours. New here? Try \"neartop demo\".\n");
}

void
opts_table(struct buf *out)
{
    static const char *const takes[] = {[FLAG] = "FLAG", [TEXT] = "TEXT", [NUMBER] = "NUMBER"};
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        buf_addf(out, "command\t%s\t%c\t%s\t%s\n", commands[i].name, commands[i].letter,
                 commands[i].arguments, commands[i].help);
    for (size_t i = 0; i < ARRAY_LEN(options); i++)
        buf_addf(out, "option\t%s\t%s\t%s\t%s\t%s\n", options[i].name, takes[options[i].takes],
                 options[i].commands, options[i].argument, options[i].help);
    for (size_t i = 0; i < ARRAY_LEN(alone); i++)
        buf_addf(out, "alone\t%s\t%s\t%s\n", alone[i].name, alone[i].argument, alone[i].help);
}
