#include <signal.h>
#include "net/base/buf.h"
#include "net/base/xalloc.h"
#include "net/loop_private.h"

enum { LINE_MAX_DEFAULT = 64 * 1024, LINE_CHUNK = 4096 };

/* A pipe from a child, cut into lines. */
struct line_pipe {
    uv_pipe_t uv;
    struct loop_child *child;
    struct buf line;        /* begun, not ended yet */
    loop_line_fn fn;
};

struct loop_child {
    uv_process_t process;
    uv_pipe_t input;
    struct line_pipe output, errors;
    struct loop *loop;
    struct loop_child_args args;
    unsigned holders;       /* handles not closed yet, and the owner; the last one frees it */
    unsigned running;       /* process and pipes that may still bring something */
    bool is_closed;         /* by its owner: no callbacks any more */
    bool has_exited;
    int status, signal_number;
    char chunk[LINE_CHUNK];
};

static void
drop_child(struct loop_child *c)
{
    if (--c->holders > 0)
        return;
    buf_release(&c->output.line);
    buf_release(&c->errors.line);
    xfree(c);
}

static void
on_child_handle_closed(uv_handle_t *handle)
{
    drop_child(handle->data);
}

static void
close_child_handle(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, on_child_handle_closed);
}

/* When both the process and its pipes have ended, nothing more can come. */
static void
one_ended(struct loop_child *c)
{
    if (--c->running == 0 && !c->is_closed && c->args.exited)
        c->args.exited(c->args.context, c->status, c->signal_number);
}

static void
on_exit_status(uv_process_t *process, int64_t status, int signal_number)
{
    struct loop_child *c = process->data;
    c->has_exited = true;
    c->status = (int)status;
    c->signal_number = signal_number;
    close_child_handle((uv_handle_t *)process);
    one_ended(c);
}

static void
give_line(struct line_pipe *pipe)
{
    struct loop_child *c = pipe->child;
    if (!c->is_closed)
        pipe->fn(c->args.context, buf_str(&pipe->line));
    buf_clear(&pipe->line);
}

static void
on_pipe_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
    (void)suggested;
    *room = uv_buf_init(((struct loop_child *)handle->data)->chunk, LINE_CHUNK);
}

static void
on_pipe_bytes(uv_stream_t *stream, ssize_t n, const uv_buf_t *bytes)
{
    struct loop_child *c = stream->data;
    struct line_pipe *pipe = (uv_pipe_t *)stream == &c->output.uv ? &c->output : &c->errors;
    for (ssize_t i = 0; i < n; i++) {
        if (bytes->base[i] == '\n' || pipe->line.n == pipe->line.max)
            give_line(pipe);
        if (bytes->base[i] != '\n')
            buf_add_byte(&pipe->line, bytes->base[i]);
    }
    if (n >= 0)
        return;
    if (pipe->line.n)
        give_line(pipe);
    close_child_handle((uv_handle_t *)stream);
    one_ended(c);
}

static void
init_pipe(struct loop_child *c, struct line_pipe *pipe, loop_line_fn fn)
{
    uv_pipe_init(&c->loop->uv, &pipe->uv, 0);
    pipe->uv.data = c;
    pipe->child = c;
    pipe->fn = fn;
    buf_init(&pipe->line, c->args.line_max ? c->args.line_max : LINE_MAX_DEFAULT);
    c->holders++;
}

static struct loop_child *
child_new(struct loop *loop, const struct loop_child_args *args)
{
    struct loop_child *c = xcalloc(1, sizeof(*c));
    c->loop = loop;
    c->args = *args;
    c->process.data = c;
    c->holders = 2;     /* the process, the owner */
    if (args->hold_input) {
        uv_pipe_init(&loop->uv, &c->input, 0);
        c->input.data = c;
        c->holders++;
    }
    if (args->output)
        init_pipe(c, &c->output, args->output);
    if (args->errors)
        init_pipe(c, &c->errors, args->errors);
    return c;
}

static void
close_pipes(struct loop_child *c)
{
    if (c->args.hold_input)
        close_child_handle((uv_handle_t *)&c->input);
    if (c->args.output)
        close_child_handle((uv_handle_t *)&c->output.uv);
    if (c->args.errors)
        close_child_handle((uv_handle_t *)&c->errors.uv);
}

static uv_stdio_container_t
stdio_of(bool wanted, uv_pipe_t *pipe, int direction)
{
    uv_stdio_container_t stdio = {.flags = UV_IGNORE};
    if (wanted) {
        stdio.flags = (uv_stdio_flags)(UV_CREATE_PIPE | direction);
        stdio.data.stream = (uv_stream_t *)pipe;
    }
    return stdio;
}

enum err
loop_spawn(struct loop *loop, const struct loop_child_args *args, struct loop_child **out,
           struct diag *d)
{
    struct loop_child *c = child_new(loop, args);
    uv_stdio_container_t stdio[3] = {
        stdio_of(args->hold_input, &c->input, UV_READABLE_PIPE),
        stdio_of(args->output != NULL, &c->output.uv, UV_WRITABLE_PIPE),
        stdio_of(args->errors != NULL, &c->errors.uv, UV_WRITABLE_PIPE),
    };
    union {
        const char *const *given;
        char **wanted;          /* execvp's type; nobody writes to it */
    } argv = {.given = args->argv};
    uv_process_options_t options = {
        .exit_cb = on_exit_status,
        .file = args->argv[0],
        .args = argv.wanted,
        .stdio = stdio, .stdio_count = 3,
        /* A session of its own: ^C in the terminal is for us, who will end it in order. */
        .flags = args->hold_input ? UV_PROCESS_DETACHED : 0,
    };
    int code = uv_spawn(&loop->uv, &c->process, &options);
    if (code) {
        close_pipes(c);
        close_child_handle((uv_handle_t *)&c->process);
        drop_child(c);
        return diag_set(d, ERR_IO, "%s cannot be started: %s", args->argv[0], uv_strerror(code));
    }
    c->running = 1;
    if (args->output && uv_read_start(stdio[1].data.stream, on_pipe_room, on_pipe_bytes) == 0)
        c->running++;
    if (args->errors && uv_read_start(stdio[2].data.stream, on_pipe_room, on_pipe_bytes) == 0)
        c->running++;
    loop->open++;
    *out = c;
    return OK;
}

int
loop_child_pid(const struct loop_child *c)
{
    return c->process.pid;
}

bool
loop_child_is_running(const struct loop_child *c)
{
    return !c->has_exited;
}

void
loop_child_kill(struct loop_child *c, int signal_number)
{
    if (!c->has_exited)
        uv_process_kill(&c->process, signal_number);
}

void
loop_child_close(struct loop_child *take_c)
{
    struct loop_child *c = take_c;
    if (!c)
        return;
    c->is_closed = true;
    c->loop->open--;
    close_pipes(c);
    /* Its exit has to be seen, or it stays a zombie: that handle closes in on_exit_status. */
    loop_child_kill(c, SIGKILL);
    drop_child(c);
}
