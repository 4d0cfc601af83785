/* config: the settings, from built-in ones, neartop.conf, and near-cli's own file.
 *
 * In that order: neartop.conf (ini: "[network NAME]", "[endpoint NAME]", "[feed NAME]",
 * "[call NAME]", the rest in "[general]") says what differs from the built-in networks
 * (config_builtin.c). A network that it names endpoints, or feeds, for has those alone.
 * near-cli's config.toml adds networks that nobody else has named, and its endpoint as the last
 * one of those that were named built in.
 *
 * API keys are not read here, only where they are (network.h reads those that are used), but
 * for the ones that stand in near-cli's file itself; they are known to redact.h at once. */
#ifndef TUI_APP_CONFIG_H
#define TUI_APP_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include "net/base/arena.h"
#include "net/base/buf.h"
#include "net/base/err.h"
#include "tui/input/keymap.h"

enum { CONFIG_MAX_NETWORKS = 64, CONFIG_MAX_ENDPOINTS = 128, CONFIG_MAX_CALLS = 128, CONFIG_MAX_FEEDS = 64,
       CONFIG_PATH_MAX = 512 };

/* Where a section comes from: later ones replace earlier ones. */
enum config_origin { CONFIG_BUILT_IN, CONFIG_NEAR_CLI, CONFIG_FILE };

struct config_value {
    bool is_given;              /* else the default of its row */
    const char *text;           /* in the arena, never NULL */
    uint32_t number;            /* NUMBER; YESNO as 1 and 0 */
    int line;                   /* in the file that is being read; 0: not in that one */
};

struct config_general {
#define X(section, field, ...) CONFIG_IF_##section(field)
#define CONFIG_IF_GENERAL(field) struct config_value field;
#define CONFIG_IF_NETWORK(field)
#define CONFIG_IF_ENDPOINT(field)
#define CONFIG_IF_SOCKET(field)
#define CONFIG_IF_CALL(field)
#include "tui/app/config.def"
#undef CONFIG_IF_GENERAL
#undef CONFIG_IF_NETWORK
};

struct config_network {
    const char *name;
    enum config_origin origin;
#define CONFIG_IF_GENERAL(field)
#define CONFIG_IF_NETWORK(field) struct config_value field;
#include "tui/app/config.def"
#undef CONFIG_IF_NETWORK
#undef CONFIG_IF_ENDPOINT
};

struct config_endpoint {
    const char *name;
    enum config_origin origin;
    int line;                   /* of its heading in its file, for sentences */
    const char *secret;         /* near-cli's file holds the API key itself; else NULL */
#define CONFIG_IF_NETWORK(field)
#define CONFIG_IF_ENDPOINT(field) struct config_value field;
#include "tui/app/config.def"
#undef CONFIG_IF_ENDPOINT
#undef CONFIG_IF_SOCKET
};

/* "[feed NAME]": of one network there may be several, the preferred first. */
struct config_feed {
    const char *name;
    int line;                   /* of its heading in its file, for sentences */
#define CONFIG_IF_ENDPOINT(field)
#define CONFIG_IF_SOCKET(field) struct config_value field;
#include "tui/app/config.def"
#undef CONFIG_IF_ENDPOINT
#undef CONFIG_IF_SOCKET
#undef CONFIG_IF_CALL
};

/* A call that is known by name (preset.h). */
struct config_call {
    const char *name;
    enum config_origin origin;
    int line;                   /* of its heading in its file, for sentences */
#define CONFIG_IF_ENDPOINT(field)
#define CONFIG_IF_SOCKET(field)
#define CONFIG_IF_CALL(field) struct config_value field;
#include "tui/app/config.def"
#undef CONFIG_IF_GENERAL
#undef CONFIG_IF_NETWORK
#undef CONFIG_IF_ENDPOINT
#undef CONFIG_IF_SOCKET
#undef CONFIG_IF_CALL
#undef X
};

struct config {
    struct arena arena;
    struct config_general general;
    struct keymap keymap;                   /* "[keys]", over those of the table */
    struct config_network networks[CONFIG_MAX_NETWORKS];
    size_t network_count;
    struct config_endpoint endpoints[CONFIG_MAX_ENDPOINTS];
    size_t endpoint_count;
    struct config_feed feeds[CONFIG_MAX_FEEDS];     /* in order of their first line */
    size_t feed_count;
    struct config_call calls[CONFIG_MAX_CALLS];     /* in order of their first line */
    size_t call_count;
    char path[CONFIG_PATH_MAX];             /* of neartop.conf, whether it is there or not */
    char near_cli_path[CONFIG_PATH_MAX];
    bool has_file, has_near_cli;
    char warning[DIAG_MAX];                 /* near-cli's file could not be used: why; or empty */
};

/* Built-in settings only. */
void config_init(struct config *c);
void config_release(struct config *c);      /* wipes the secrets */

/* `path`: of --config, must be there; NULL: $XDG_CONFIG_HOME/neartop/neartop.conf, which may be
 * missing. Errors name file, line and what was expected. */
enum err config_load(struct config *c, const char *path, struct diag *d) MUST_USE;
/* The same from texts, for tests. */
enum err config_read_text(struct config *c, struct str text, const char *origin,
                          struct diag *d) MUST_USE;
enum err config_read_near_cli(struct config *c, struct str text, const char *origin,
                              struct diag *d) MUST_USE;

const struct config_network *config_network(const struct config *c, const char *name);
/* "demo, localnet, testnet, mainnet …", for error sentences. */
void config_network_names(const struct config *c, struct buf *out);
/* All settings with their defaults and what they mean: a file that can be read again. */
void config_print(struct buf *out);
/* "~/x" becomes "$HOME/x". */
enum err config_expand(const char *path, char out[CONFIG_PATH_MAX], struct diag *d) MUST_USE;
/* A file that the settings name: "x" is beside them, "~/x" and "/x" are where they say. */
enum err config_beside(const struct config *c, const char *path, char out[CONFIG_PATH_MAX],
                       struct diag *d) MUST_USE;

/* Private to config_*.c. */
extern const char config_builtin_text[];
enum config_kind {
    CONFIG_TEXT, CONFIG_NAME, CONFIG_NAMES, CONFIG_HTTP, CONFIG_FEED, CONFIG_PAGE, CONFIG_HEADER,
    CONFIG_WHEN, CONFIG_NUMBER, CONFIG_YESNO, CONFIG_ACCOUNT, CONFIG_ARGS, CONFIG_GAS,
    CONFIG_DEPOSIT, CONFIG_MODE
};
/* What a value has to be. */
struct config_rule {
    const char *key;
    enum config_kind kind;
    uint32_t least, most;
};
/* config_value.c; *number is set for NUMBER and YESNO. */
enum err config_check_value(const struct config_rule *rule, const char *text, uint32_t *number,
                            struct diag *d) MUST_USE;
bool config_is_name(struct str text);
/* config_call.c: a value of those kinds that calls have. */
enum err config_check_call_value(enum config_kind kind, const char *text, struct diag *d) MUST_USE;
/* What must stand in each section of a call. */
enum err config_check_calls(const struct config *c, const char *origin, struct diag *d) MUST_USE;

struct config_network *config_made_network(struct config *c, const char *name,
                                           enum config_origin origin, struct diag *d);
struct config_endpoint *config_made_endpoint(struct config *c, const char *name,
                                             enum config_origin origin, struct diag *d);

#endif
