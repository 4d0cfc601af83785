/* http: one request, one whole answer. The only user of libcurl.
 *
 * curl's multi interface as a guest of the loop; connections are kept and used again. curl
 * itself starts with the first request, so that a program that makes none pays nothing.
 * The environment says by which proxy a request goes (proxy.h). An answer is given whole or not at
 * all: a broken or oversized one is an error. HTTP statuses are answers, not errors; who judges
 * them knows more (rpc.h). No retries here (retry.h), redirects are told and not followed, http and
 * https only. Certificates are verified, always: what the system trusts, or $SSL_CERT_FILE. */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/base/err.h"
#include "net/base/str.h"
#include "net/loop.h"

struct http;
struct http_request;

enum { HTTP_REDIRECT_MAX = 264, HTTP_REDIRECT_PATH_MAX = 128 };

struct http_answer {
    enum err error;             /* OK: an HTTP answer came in full. ERR_NET, ERR_TIMEOUT,
                                 * ERR_TOO_LARGE: then diag says what happened and where */
    struct diag diag;
    bool was_heard;             /* the peer may have got the request, or part of it */
    bool is_untrusted;          /* its certificate did not hold: trying again is no use */
    long status;                /* 200; 0 when there was no answer */
    struct str body;            /* borrowed until the callback returns */
    int64_t retry_after_ms;     /* -1: the header was not there; at most an hour */
    int64_t took_ns;
    int connection;             /* for http_spoil; -1: there is none, or others use it too */
    unsigned repeats;           /* times that curl sent it again by itself: see `once` */
    uint64_t bytes_sent, bytes_received;    /* headers and bodies, as they went over the wire */
    char redirect[HTTP_REDIRECT_MAX];       /* the host that a redirect names; else empty */
    char redirect_path[HTTP_REDIRECT_PATH_MAX]; /* and its path, if it is so short */
};

typedef void (*http_fn)(void *context, const struct http_answer *answer);

struct http_args {
    const char *url;
    const char *const *headers; /* "Name: value", ended by NULL; may be NULL */
    struct str body;            /* copied. With .p NULL it is a GET, else a POST of JSON */
    size_t answer_max;          /* bytes of the answer's body */
    uint32_t timeout_ms;        /* for all of it, from now on */
    bool once;                  /* curl repeats a request by itself when a kept connection
                                 * turns out to be dead: not this one, it gets a new one */
    http_fn done;               /* exactly once, never before http_start has returned */
    void *context;
};

struct http *http_new(struct loop *loop) MUST_USE;
/* Cancels what is under way: no callbacks any more. Not inside `done`. NULL is fine. */
void http_free(struct http *http);

/* The handle is good until `done` begins or http_cancel. */
struct http_request *http_start(struct http *http, const struct http_args *args) MUST_USE;
/* Inside `done`: this was no answer to what was asked. What else comes on the connection would be
 * taken for the answer to the next request, and so on for ever: it is not used again. */
void http_spoil(const struct http_answer *answer);
void http_cancel(struct http_request *take_request);    /* NULL is fine; no callback any more */

#endif
