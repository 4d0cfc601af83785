/* Blocks of a neardata server: whole, with outcomes and the transactions they belong to; the server
 * holds an answer back until there is a block, so one request a block is enough. */
#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/relay/walk.h"

enum { ANSWER_MAX = JSON_BYTES_MAX, TIMEOUT_MS = 30000, URL_MAX = 600 };

struct by_neardata {
    struct walk *walk;
    struct http *http;
    struct http_request *request;
    char url[URL_MAX];
    char header[600];                   /* may hold a key: wiped by nobody else than free_self */
    const char *headers[2];
    uint64_t height;                    /* asked for, or to be asked for */
    struct hash wanted;                 /* the parent that is looked for; zero: none */
    bool is_final_try;
};

static void
get(struct by_neardata *s, const char *path, http_fn done)
{
    char url[URL_MAX + 64];
    snprintf(url, sizeof(url), "%s%s", s->url, path);
    s->request = http_start(s->http, &(struct http_args){
        .url = url, .headers = s->headers[0] ? s->headers : NULL, .answer_max = ANSWER_MAX,
        .timeout_ms = TIMEOUT_MS, .done = done, .context = s});
}

static void
failed(struct by_neardata *s, const struct http_answer *answer)
{
    struct diag d = {0};
    if (answer->error)
        d = answer->diag;
    else
        diag_set(&d, ERR_HTTP, "%s answers with HTTP status %ld", s->url, answer->status);
    walk_failed(s->walk, diag_text(&d), answer->retry_after_ms);
}

static void on_block(void *context, const struct http_answer *answer);

static void
ask_height(struct by_neardata *s, bool is_final)
{
    char path[64];
    snprintf(path, sizeof(path), "/v0/%s/%llu", is_final ? "block" : "block_opt",
             (unsigned long long)s->height);
    s->is_final_try = is_final;
    get(s, path, on_block);
}

/* "/v0/block_opt/123" */
static bool
height_of_path(const char *path, uint64_t *out)
{
    const char *last = strrchr(path, '/');
    return last && str_to_u64(str_from(last + 1), out);
}

static bool
is_redirect(const struct http_answer *answer, uint64_t *height)
{
    return answer->error == OK && answer->status >= 300 && answer->status < 400 &&
           height_of_path(answer->redirect_path, height);
}

static void
on_newest(void *context, const struct http_answer *answer)
{
    struct by_neardata *s = context;
    s->request = NULL;
    if (is_redirect(answer, &s->height))
        ask_height(s, false);
    else
        failed(s, answer);
}

/* There is no block of the height that was asked for: skipped, or not there yet? */
static void
on_newest_after_null(void *context, const struct http_answer *answer)
{
    struct by_neardata *s = context;
    uint64_t newest;
    s->request = NULL;
    if (!is_redirect(answer, &newest)) {
        failed(s, answer);
    } else if (newest > s->height) {
        s->height++;
        ask_height(s, false);
    } else {
        walk_nothing(s->walk);
    }
}

static void
take_block(struct by_neardata *s, const struct json *root)
{
    struct walk_block *b = walk_block_new();
    struct diag d = {0};
    static const struct hash none;
    if (walk_read_neardata(b, root, &d)) {
        walk_block_free(b);
        walk_failed(s->walk, diag_text(&d), -1);
        return;
    }
    bool is_other = !hash_equal(&s->wanted, &none) && !hash_equal(&s->wanted, &b->hash);
    if (is_other && !s->is_final_try) {
        walk_block_free(b);
        ask_height(s, true);
        return;
    }
    walk_got(s->walk, b);
}

static void
on_block(void *context, const struct http_answer *answer)
{
    struct by_neardata *s = context;
    struct json *root = NULL;
    struct diag d = {0};
    s->request = NULL;
    if (answer->error || (answer->status != 200 && answer->status != 404)) {
        failed(s, answer);
        return;
    }
    if (answer->status == 200 && json_parse(answer->body, ANSWER_MAX, &root, &d)) {
        walk_failed(s->walk, diag_text(&d), -1);
        return;
    }
    if (!root || json_is_null(root))
        get(s, "/v0/last_block/optimistic", on_newest_after_null);
    else
        take_block(s, root);
    json_free(root);
}

static void
next(void *self, const struct hash *tip, uint64_t height)
{
    struct by_neardata *s = self;
    (void)tip;
    s->wanted = (struct hash){{0}};
    if (height == 0) {
        get(s, "/v0/last_block/optimistic", on_newest);
        return;
    }
    s->height = height + 1;
    ask_height(s, false);
}

static void
before(void *self, const struct walk_block *later)
{
    struct by_neardata *s = self;
    s->wanted = later->prev_hash;
    s->height = later->prev_height;
    ask_height(s, false);
}

static void
free_self(void *self)
{
    struct by_neardata *s = self;
    http_cancel(s->request);
    memset(s->header, 0, sizeof(s->header));
    xfree(s);
}

struct walk *
walk_new_neardata(const struct walk_config *config, struct http *http, const char *url,
                  const char *bearer)
{
    struct by_neardata *s = xcalloc(1, sizeof(*s));
    struct str text = str_from(url);
    while (text.n && text.p[text.n - 1] == '/')
        text.n--;
    s->http = http;
    snprintf(s->url, sizeof(s->url), "%.*s", STR_ARG(text));
    if (bearer) {
        snprintf(s->header, sizeof(s->header), "Authorization: Bearer %s", bearer);
        s->headers[0] = s->header;
    }
    s->walk = walk_new(config, &(struct walk_source){.next = next, .before = before,
                                                     .free = free_self, .waits = true}, s);
    return s->walk;
}
