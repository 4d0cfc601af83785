#include "net/loop.h"

#include <assert.h>
#include <signal.h>
#include "net/base/xalloc.h"
#include "net/loop_private.h"

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
    assert(loop->guest_count < LOOP_GUESTS_MAX);
    loop->guests[loop->guest_count++] = (struct loop_guest){leave, gone, context};
}

/* In each struct below `data` of the handle is the struct itself. */
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
