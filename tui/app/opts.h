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

enum { OPTS_MAX_ARGUMENTS = 8 };

enum command { COMMAND_NONE, COMMAND_DEMO, COMMAND_CALL, COMMAND_WATCH, COMMAND_LOCALNET,
               COMMAND_HELP, COMMAND_VERSION };

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
#define X(field, name, takes, commands, argument, help) struct option_value field;
#include "tui/app/opts.def"
#undef X
};

/* Wrong usage gives ERR_SYNTAX with a sentence: what was wrong, what would be right. */
enum err opts_parse(int argc, char **argv, struct opts *out, struct diag *d) MUST_USE;

void opts_help(enum command command, struct buf *out);

#endif
