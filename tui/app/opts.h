/* opts: the command line, from one table (opts.def).
 *
 * The table makes the parser, the help and the check that the manual page knows every option.
 * Values are kept as they stand; whoever uses one says what is wrong with it. */
#ifndef TUI_APP_OPTS_H
#define TUI_APP_OPTS_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/buf.h"
#include "net/base/err.h"

enum { OPTS_MAX_ARGUMENTS = 32 };

enum command { COMMAND_NONE, COMMAND_CALLS, COMMAND_DEMO, COMMAND_CALL, COMMAND_VIEW,
               COMMAND_WATCH, COMMAND_LOCALNET, COMMAND_FAULT, COMMAND_DOCTOR, COMMAND_RELAY,
               COMMAND_FOLLOW, COMMAND_COMPARE, COMMAND_HELP, COMMAND_VERSION,
               COMMAND_PRINT_CONFIG, COMMAND_LIST_CALLS,
               COMMAND_CHECK_THEME, COMMAND_TABLES };

/* What the third argument of call and view is. */
enum args_form {
    ARGS_JSON,                  /* JSON text, @FILE of it, or - for standard input */
    ARGS_TEXT,                  /* these bytes */
    ARGS_BASE64,                /* bytes, in base64 */
    ARGS_FILE                   /* the bytes of that file */
};

struct option_value {
    bool is_given;
    const char *text;           /* borrowed from argv */
    uint64_t number;
};

struct opts {
    enum command command;
    enum command help_of;       /* COMMAND_HELP: whose; COMMAND_NONE: all */
    const char *arguments[OPTS_MAX_ARGUMENTS];
    size_t argument_count;
    enum args_form args_form;
    const char *block_text;         /* view after this block, likewise; NULL: after the newest */
    bool is_block_height;           /* block_text is one; else a hash */
    const char *public_key_text;    /* which of the signer's keys, likewise; NULL: any */
    char *key_text;             /* a private key on the command line, in near-cli-rs's grammar;
                                 * wiped in argv itself by whoever has read it */
#define X(field, name, takes, commands, argument, help) struct option_value field;
#include "tui/app/opts.def"
#undef X
};

/* Wrong usage gives ERR_SYNTAX with a sentence: what was wrong, what would be right. */
enum err opts_parse(int argc, char **argv, struct opts *out, struct diag *d) MUST_USE;

/* For another grammar (near_cli.h): one option of `out->command` at argv[*at], which moves past
 * its value; and what must hold of them all. */
enum err opts_take_option(int argc, char **argv, int *at, struct opts *out, struct diag *d)
    MUST_USE;
enum err opts_check(const struct opts *o, struct diag *d) MUST_USE;

/* Its first argument is "@NAME", a call of the settings, in the place of contract and method. */
bool opts_names_preset(const struct opts *o);

void opts_help(enum command command, struct buf *out);

/* The tables for programs (tui/share/completion.awk), a row a line, tabs between the fields:
 *     command NAME LETTER ARGUMENTS HELP
 *     option --NAME FLAG|TEXT|NUMBER LETTERS ARGUMENT HELP
 *     alone --NAME ARGUMENT HELP          instead of a command */
void opts_table(struct buf *out);

#endif
