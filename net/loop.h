/* loop: the one event loop of the process. The only user of libuv.
 *
 * Everything else hangs on it: timers, descriptors, signals, children, names to resolve. One
 * thread; callbacks run from loop_run only. Nothing here polls: an idle loop sleeps.
 *
 * Whatever is made here has one owner, who ends it with its `_close`: from then on its callback
 * is never called again, and the memory is given back by the loop when libuv is done with it,
 * so a close inside the very callback is fine. loop_free asserts that all was closed.
 *
 * Guests are libraries with handles of their own on the loop (curl, libwebsockets): they are
 * asked to leave when the loop ends, and told when it is gone. */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/err.h"
#include "net/base/str.h"

struct loop;

typedef void (*loop_fn)(void *context);

struct loop *loop_new(void) MUST_USE;
/* Guests leave (last come, first gone), close callbacks drain, uv_loop_close() is asserted to
 * be 0, then guests are told that the loop is gone. One that a guest has left behind keeps its
 * memory, for good. NULL is fine. */
void loop_free(struct loop *loop);

void loop_run(struct loop *loop);       /* until loop_stop, or nothing is left to wait for */
void loop_stop(struct loop *loop);
/* One turn: sleeps until something happened, be it a timer, and handles it. False: nothing is
 * left. */
bool loop_turn(struct loop *loop);
void *loop_native(struct loop *loop);   /* uv_loop_t *, for guests */

/* Runs each time before the loop sleeps: where a frame is drawn. One function; NULL ends it. */
void loop_before_sleep(struct loop *loop, loop_fn fn, void *context);

/* `leave` starts the closing of everything the guest has on the loop; `gone` (may be NULL) runs
 * when the loop has been closed, with the loop no longer usable. */
void loop_add_guest(struct loop *loop, loop_fn leave, loop_fn gone, void *context);

/* --- timers ------------------------------------------------------------------------- */

struct loop_timer;
struct loop_timer *loop_timer_new(struct loop *loop, loop_fn fn, void *context) MUST_USE;
/* (Re)starts it: once after after_ms, then each repeat_ms (0: only once). */
void loop_timer_start(struct loop_timer *t, uint64_t after_ms, uint64_t repeat_ms);
void loop_timer_stop(struct loop_timer *t);
bool loop_timer_is_active(const struct loop_timer *t);
void loop_timer_close(struct loop_timer *take_t);           /* NULL is fine */

/* --- descriptors -------------------------------------------------------------------- */

enum { LOOP_READ = 1, LOOP_WRITE = 2, LOOP_HANGUP = 4, LOOP_ERROR = 8 };

typedef void (*loop_watch_fn)(void *context, unsigned events);

struct loop_watch;
/* Regular files and /dev/null cannot be watched: ERR_UNSUPPORTED. The descriptor stays the
 * caller's and may be closed right after loop_watch_close. */
enum err loop_watch_fd(struct loop *loop, int fd, unsigned events, loop_watch_fn fn,
                       void *context, struct loop_watch **out, struct diag *d) MUST_USE;
void loop_watch_set(struct loop_watch *w, unsigned events);     /* 0: none for now */
void loop_watch_close(struct loop_watch *take_w);               /* NULL is fine */

/* --- signals ------------------------------------------------------------------------ */

typedef void (*loop_signal_fn)(void *context, int number);

struct loop_signal;
/* Does not keep the loop running by itself. */
struct loop_signal *loop_signal_new(struct loop *loop, int number, loop_signal_fn fn,
                                    void *context) MUST_USE;
void loop_signal_close(struct loop_signal *take_s);             /* NULL is fine */

/* --- children ----------------------------------------------------------------------- */

typedef void (*loop_line_fn)(void *context, struct str line);
typedef void (*loop_exit_fn)(void *context, int status, int signal_number);

struct loop_child_args {
    const char *const *argv;    /* terminated by NULL; argv[0] is looked up in PATH */
    size_t line_max;            /* a longer line comes in pieces of this size */
    bool hold_input;            /* the child's stdin ends when we do; else it is /dev/null */
    loop_line_fn output;        /* a line of its stdout, without the newline; may be NULL */
    loop_line_fn errors;        /* a line of its stderr; NULL sends that to /dev/null */
    loop_exit_fn exited;        /* once, after the last line; may be NULL */
    void *context;
};

struct loop_child;
enum err loop_spawn(struct loop *loop, const struct loop_child_args *args,
                    struct loop_child **out, struct diag *d) MUST_USE;
int loop_child_pid(const struct loop_child *c);
bool loop_child_is_running(const struct loop_child *c);
void loop_child_kill(struct loop_child *c, int signal_number);
/* One that still runs is killed (SIGKILL) and reaped by the loop. NULL is fine. */
void loop_child_close(struct loop_child *take_c);

/* --- names -------------------------------------------------------------------------- */

/* `address` is numeric ("127.0.0.1", "::1"), NULL when error is not OK; then d says why. */
typedef void (*loop_resolved_fn)(void *context, enum err error, const char *address,
                                 const struct diag *d);

struct loop_resolve;
/* In libuv's own thread pool, never on the loop's thread. Calls back exactly once, later. */
struct loop_resolve *loop_resolve_name(struct loop *loop, const char *host, loop_resolved_fn fn,
                                       void *context) MUST_USE;
/* No call any more. Not needed after the callback has begun, where it is not allowed. */
void loop_resolve_close(struct loop_resolve *take_r);           /* NULL is fine */

#endif
