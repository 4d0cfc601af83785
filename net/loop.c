#include "net/loop.h"

#include <assert.h>
#include <netdb.h>
#include <signal.h>
#include <string.h>
#include <uv.h>
#include "net/base/buf.h"
#include "net/base/xalloc.h"

enum { GUESTS_MAX = 8, LINE_MAX_DEFAULT = 64 * 1024, LINE_CHUNK = 4096 };

struct guest {
    loop_fn leave, gone;
    void *context;
};

struct loop {
    uv_loop_t uv;
    uv_prepare_t prepare;
    bool is_turn, has_ticked;       /* one turn alone; a timer has fired in it */
    loop_fn before_sleep;
    void *before_sleep_context;
    struct guest guests[GUESTS_MAX];
    size_t guest_count;
    size_t open;            /* things made here whose owner has not closed them yet */
};

/* What the caller of a turn waits for may have been done by a timer, before libuv sleeps. */
static void
on_prepare(uv_prepare_t *handle)
{
    struct loop *loop = handle->data;
    if (loop->before_sleep)
        loop->before_sleep(loop->before_sleep_context);
    if (loop->is_turn && loop->has_ticked)
        uv_stop(&loop->uv);
}

struct loop *
loop_new(void)
{
    /* A peer that went away is an error of the write, not the end of the process. */
    signal(SIGPIPE, SIG_IGN);
    struct loop *loop = xcalloc(1, sizeof(*loop));
    int code = uv_loop_init(&loop->uv);
    if (code)
        fatal("the event loop cannot start: %s", uv_strerror(code));
    uv_prepare_init(&loop->uv, &loop->prepare);
    loop->prepare.data = loop;
    uv_prepare_start(&loop->prepare, on_prepare);
    uv_unref((uv_handle_t *)&loop->prepare);    /* drawing alone is no reason to go on */
    return loop;
}

void
loop_free(struct loop *loop)
{
    if (!loop)
        return;
    for (size_t i = loop->guest_count; i-- > 0;)
        loop->guests[i].leave(loop->guests[i].context);
    /* An open handle would keep the run below for ever: better to say so at once. */
    assert(loop->open == 0);
    uv_close((uv_handle_t *)&loop->prepare, NULL);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    int code = uv_loop_close(&loop->uv);
    assert(code == 0 || loop->guest_count);     /* a guest may leave a handle behind (see ws.c) */
    for (size_t i = loop->guest_count; code == 0 && i-- > 0;) {
        if (loop->guests[i].gone)
            loop->guests[i].gone(loop->guests[i].context);
    }
    if (code == 0)
        xfree(loop);
}

void
loop_run(struct loop *loop)
{
    uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void
loop_stop(struct loop *loop)
{
    uv_stop(&loop->uv);
}

bool
loop_turn(struct loop *loop)
{
    loop->is_turn = true;
    loop->has_ticked = false;
    bool is_alive = uv_run(&loop->uv, UV_RUN_ONCE) != 0;
    loop->is_turn = false;
    return is_alive;
}

void *
loop_native(struct loop *loop)
{
    return &loop->uv;
}

void
loop_before_sleep(struct loop *loop, loop_fn fn, void *context)
{
    loop->before_sleep = fn;
    loop->before_sleep_context = context;
}

void
loop_add_guest(struct loop *loop, loop_fn leave, loop_fn gone, void *context)
{
    assert(loop->guest_count < GUESTS_MAX);
    loop->guests[loop->guest_count++] = (struct guest){leave, gone, context};
}

/* The owner's pointer is the handle's first field in every struct below. */
static void
free_handle(uv_handle_t *handle)
{
    xfree(handle->data);
}

static void
close_handle(struct loop *loop, uv_handle_t *handle)
{
    loop->open--;
    uv_close(handle, free_handle);
}

/* --- timers ------------------------------------------------------------------------- */

struct loop_timer {
    uv_timer_t uv;
    struct loop *loop;
    loop_fn fn;
    void *context;
};

struct loop_timer *
loop_timer_new(struct loop *loop, loop_fn fn, void *context)
{
    struct loop_timer *t = xcalloc(1, sizeof(*t));
    uv_timer_init(&loop->uv, &t->uv);
    t->uv.data = t;
    t->loop = loop;
    t->fn = fn;
    t->context = context;
    loop->open++;
    return t;
}

static void
on_timer(uv_timer_t *handle)
{
    struct loop_timer *t = handle->data;
    t->loop->has_ticked = true;
    t->fn(t->context);
}

void
loop_timer_start(struct loop_timer *t, uint64_t after_ms, uint64_t repeat_ms)
{
    /* libuv counts from the start of this turn, which may have been a long one. */
    uv_update_time(&t->loop->uv);
    uv_timer_start(&t->uv, on_timer, after_ms, repeat_ms);
}

void
loop_timer_stop(struct loop_timer *t)
{
    uv_timer_stop(&t->uv);
}

bool
loop_timer_is_active(const struct loop_timer *t)
{
    return uv_is_active((const uv_handle_t *)&t->uv) != 0;
}

void
loop_timer_close(struct loop_timer *take_t)
{
    if (take_t)
        close_handle(take_t->loop, (uv_handle_t *)&take_t->uv);
}

/* --- descriptors -------------------------------------------------------------------- */

struct loop_watch {
    uv_poll_t uv;
    struct loop *loop;
    loop_watch_fn fn;
    void *context;
};

static void
on_poll(uv_poll_t *handle, int status, int uv_events)
{
    struct loop_watch *w = handle->data;
    w->fn(w->context, (status < 0 ? LOOP_ERROR : 0u) |
                          (uv_events & UV_READABLE ? LOOP_READ : 0u) |
                          (uv_events & UV_WRITABLE ? LOOP_WRITE : 0u) |
                          (uv_events & UV_DISCONNECT ? LOOP_HANGUP : 0u));
}

enum err
loop_watch_fd(struct loop *loop, int fd, unsigned events, loop_watch_fn fn, void *context,
              struct loop_watch **out, struct diag *d)
{
    struct loop_watch *w = xcalloc(1, sizeof(*w));
    int code = uv_poll_init(&loop->uv, &w->uv, fd);
    if (code) {
        xfree(w);
        return diag_set(d, ERR_UNSUPPORTED, "descriptor %d cannot be waited for: %s", fd,
                        uv_strerror(code));
    }
    w->uv.data = w;
    w->loop = loop;
    w->fn = fn;
    w->context = context;
    loop->open++;
    loop_watch_set(w, events);
    *out = w;
    return OK;
}

void
loop_watch_set(struct loop_watch *w, unsigned events)
{
    int uv_events = (events & LOOP_READ ? UV_READABLE : 0) |
                    (events & LOOP_WRITE ? UV_WRITABLE : 0) |
                    (events & LOOP_HANGUP ? UV_DISCONNECT : 0);
    if (uv_events)
        uv_poll_start(&w->uv, uv_events, on_poll);
    else
        uv_poll_stop(&w->uv);
}

void
loop_watch_close(struct loop_watch *take_w)
{
    if (take_w)
        close_handle(take_w->loop, (uv_handle_t *)&take_w->uv);
}

/* --- signals ------------------------------------------------------------------------ */

struct loop_signal {
    uv_signal_t uv;
    struct loop *loop;
    loop_signal_fn fn;
    void *context;
};

static void
on_signal(uv_signal_t *handle, int number)
{
    struct loop_signal *s = handle->data;
    s->fn(s->context, number);
}

struct loop_signal *
loop_signal_new(struct loop *loop, int number, loop_signal_fn fn, void *context)
{
    struct loop_signal *s = xcalloc(1, sizeof(*s));
    uv_signal_init(&loop->uv, &s->uv);
    s->uv.data = s;
    s->loop = loop;
    s->fn = fn;
    s->context = context;
    uv_signal_start(&s->uv, on_signal, number);
    uv_unref((uv_handle_t *)&s->uv);
    loop->open++;
    return s;
}

void
loop_signal_close(struct loop_signal *take_s)
{
    if (take_s)
        close_handle(take_s->loop, (uv_handle_t *)&take_s->uv);
}

/* --- children ----------------------------------------------------------------------- */

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

/* --- names -------------------------------------------------------------------------- */

struct loop_resolve {
    uv_getaddrinfo_t uv;
    struct loop *loop;
    loop_resolved_fn fn;    /* NULL: closed by its owner */
    void *context;
    struct loop_timer *refusal;     /* the look-up could not even begin: says so a turn later */
    int code;
    char host[256];
};

static void
give_address(struct loop_resolve *r, int code, const struct addrinfo *list)
{
    char address[INET6_ADDRSTRLEN] = "";
    struct diag d = {0};
    if (code == 0 && list && list->ai_family == AF_INET)
        code = uv_ip4_name((const struct sockaddr_in *)(const void *)list->ai_addr, address,
                           sizeof(address));
    else if (code == 0 && list)
        code = uv_ip6_name((const struct sockaddr_in6 *)(const void *)list->ai_addr, address,
                           sizeof(address));
    if (code == 0) {
        r->fn(r->context, OK, address, &d);
        return;
    }
    diag_set(&d, ERR_NET, "the address of %s cannot be found: %s", r->host, uv_strerror(code));
    r->fn(r->context, ERR_NET, NULL, &d);
}

static void
on_refusal(void *context)
{
    struct loop_resolve *r = context;
    loop_timer_close(r->refusal);
    r->loop->open--;
    give_address(r, r->code, NULL);
    xfree(r);
}

static void
on_resolved(uv_getaddrinfo_t *request, int code, struct addrinfo *list)
{
    struct loop_resolve *r = request->data;
    if (r->fn) {
        r->loop->open--;
        give_address(r, code, list);
    }
    uv_freeaddrinfo(list);
    xfree(r);
}

struct loop_resolve *
loop_resolve_name(struct loop *loop, const char *host, loop_resolved_fn fn, void *context)
{
    struct loop_resolve *r = xcalloc(1, sizeof(*r));
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    r->uv.data = r;
    r->loop = loop;
    r->fn = fn;
    r->context = context;
    if (!str_copy(str_from(host), r->host, sizeof(r->host)))
        r->code = UV_ENAMETOOLONG;
    loop->open++;
    if (!r->code)
        r->code = uv_getaddrinfo(&loop->uv, &r->uv, on_resolved, r->host, NULL, &hints);
    if (r->code) {
        r->refusal = loop_timer_new(loop, on_refusal, r);
        loop_timer_start(r->refusal, 0, 0);
    }
    return r;
}

void
loop_resolve_close(struct loop_resolve *take_r)
{
    if (!take_r)
        return;
    take_r->fn = NULL;
    take_r->loop->open--;
    if (!take_r->refusal) {
        uv_cancel((uv_req_t *)&take_r->uv);
        return;
    }
    loop_timer_close(take_r->refusal);
    xfree(take_r);
}
