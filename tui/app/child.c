#include "tui/app/child.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/json.h"

enum { LINE_MAX_BYTES = 4096, MAX_ARGUMENTS = 16, EXIT_USAGE = 64 };

struct child {
    struct child_handlers handlers;
    struct loop_child *process;
    char last_error[DIAG_MAX];
    bool is_ready, is_stopping;
};

static void
on_output(void *context, struct str line)
{
    struct child *c = context;
    struct json *root = NULL;
    struct str event, rpc, ws;
    char rpc_url[NETWORK_URL_MAX], ws_url[NETWORK_URL_MAX];
    if (c->is_ready || json_parse(line, LINE_MAX_BYTES, &root, NULL) != OK)
        return;
    if (json_get_string(root, "event", &event, NULL) == OK && str_equal(event, STR("ready")) &&
        json_get_string(root, "rpc", &rpc, NULL) == OK &&
        json_get_string(root, "ws", &ws, NULL) == OK &&
        str_copy(rpc, rpc_url, sizeof(rpc_url)) && str_copy(ws, ws_url, sizeof(ws_url))) {
        c->is_ready = true;
        c->handlers.ready(c->handlers.context, rpc_url, ws_url);
    }
    json_free(root);
}

static void
on_error_line(void *context, struct str line)
{
    struct child *c = context;
    snprintf(c->last_error, sizeof(c->last_error), "%.*s",
             (int)(line.n < sizeof(c->last_error) - 1 ? line.n : sizeof(c->last_error) - 1),
             line.p);
}

static void
on_exit(void *context, int status, int signal_number)
{
    struct child *c = context;
    char text[DIAG_MAX * 2];
    if (c->is_stopping)
        return;
    struct str said = str_from(c->last_error);
    const char *error = c->last_error + (str_starts(said, STR("neartop: ")) ? strlen("neartop: ") : 0);
    if (!c->is_ready && status == EXIT_USAGE && *error && c->handlers.refused) {
        c->handlers.refused(c->handlers.context, error);
        return;
    }
    if (signal_number)
        snprintf(text, sizeof(text), "the embedded chain was ended by signal %d%s%s", signal_number,
                 *error ? "; it said: " : "", error);
    else if (*error)
        snprintf(text, sizeof(text), "the embedded chain ended: %s", error);
    else
        snprintf(text, sizeof(text), "the embedded chain ended with status %d", status);
    c->handlers.ended(c->handlers.context, text);
}

enum err
child_start(struct loop *loop, const struct opts *o, const struct child_handlers *handlers,
            struct child **out, struct diag *d)
{
    const char *argv[MAX_ARGUMENTS] = {"/proc/self/exe", "localnet", "--demo", "--with-parent"};
    size_t n = 4;
    struct child *c = xcalloc(1, sizeof(*c));
    c->handlers = *handlers;
    const struct {
        const struct option_value *value;
        const char *name;
    } passed[] = {{&o->port, "--port"},
                  {&o->block_time, "--block-time"},
                  {&o->shards, "--shards"},
                  {&o->fault, "--fault"},
                  {&o->seed, "--seed"}};
    for (size_t i = 0; i < ARRAY_LEN(passed); i++) {
        if (passed[i].value->is_given) {
            argv[n++] = passed[i].name;
            argv[n++] = passed[i].value->text;
        }
    }
    argv[n] = NULL;
    const struct loop_child_args args = {.argv = argv,
                                         .line_max = LINE_MAX_BYTES,
                                         .hold_input = true,
                                         .output = on_output,
                                         .errors = on_error_line,
                                         .exited = on_exit,
                                         .context = c};
    enum err e = loop_spawn(loop, &args, &c->process, d);
    if (e) {
        diag_prefix(d, "the embedded chain cannot be started");
        xfree(c);
        return e;
    }
    *out = c;
    return OK;
}

void
child_stop(struct child *take_child)
{
    if (!take_child)
        return;
    take_child->is_stopping = true;
    if (loop_child_is_running(take_child->process))
        loop_child_kill(take_child->process, SIGTERM);
    loop_child_close(take_child->process);
    xfree(take_child);
}
