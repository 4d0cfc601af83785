#include "tui/app/doctor_neardata.h"

#include <stdio.h>
#include <string.h>
#include "net/base/xalloc.h"
#include "net/relay/walk_block.h"

enum { URL_ROOM = NETWORK_URL_MAX + 64, HEADER_ROOM = 600 };

struct neardata_check {
    struct http *http;
    struct http_request *request;
    char url[URL_ROOM];
    char header[HEADER_ROOM];           /* may hold a key: wiped */
    const char *headers[2];
    uint32_t timeout_ms;
    struct doctor_neardata *out;
    void (*done)(void *context);
    void *context;
};

static void
get(struct neardata_check *c, const char *path, http_fn done)
{
    char url[URL_ROOM + 64];
    snprintf(url, sizeof(url), "%s%s", c->url, path);
    c->request = http_start(c->http, &(struct http_args){
        .url = url, .headers = c->headers[0] ? c->headers : NULL, .answer_max = JSON_BYTES_MAX,
        .timeout_ms = c->timeout_ms, .done = done, .context = c});
}

static void
finish(struct neardata_check *c)
{
    c->out->is_done = true;
    c->done(c->context);
}

static void
fail(struct neardata_check *c, const struct http_answer *answer)
{
    if (answer->error)
        snprintf(c->out->sentence, sizeof(c->out->sentence), "%s", diag_text(&answer->diag));
    else
        snprintf(c->out->sentence, sizeof(c->out->sentence),
                 "it answers with HTTP status %ld: is it a neardata server?", answer->status);
    finish(c);
}

static void
on_block(void *context, const struct http_answer *answer)
{
    struct neardata_check *c = context;
    struct json *root = NULL;
    struct diag d = {0};
    c->request = NULL;
    if (answer->error || answer->status != 200) {
        fail(c, answer);
        return;
    }
    struct walk_block *b = walk_block_new();
    enum err e = json_parse(answer->body, JSON_BYTES_MAX, &root, &d);
    if (!e)
        e = walk_read_neardata(b, root, &d);
    if (e)
        snprintf(c->out->sentence, sizeof(c->out->sentence), "its block cannot be read: %.200s",
                 diag_text(&d));
    c->out->works = !e;
    c->out->height = b->height;
    walk_block_free(b);
    json_free(root);
    finish(c);
}

/* "/v0/block_opt/123" */
static void
on_newest(void *context, const struct http_answer *answer)
{
    struct neardata_check *c = context;
    char path[64];
    uint64_t height = 0;
    const char *last = strrchr(answer->redirect_path, '/');
    c->request = NULL;
    bool is_redirect = !answer->error && answer->status >= 300 && answer->status < 400 && last &&
                       str_to_u64(str_from(last + 1), &height);
    if (!is_redirect) {
        fail(c, answer);
        return;
    }
    c->out->took_ns = answer->took_ns;
    snprintf(path, sizeof(path), "/v0/block_opt/%llu", (unsigned long long)height);
    get(c, path, on_block);
}

struct neardata_check *
neardata_check_start(struct http *http, const char *url, const char *key, uint32_t timeout_ms,
                     struct doctor_neardata *out, void (*done)(void *context), void *context)
{
    struct neardata_check *c = xcalloc(1, sizeof(*c));
    struct str text = str_from(url);
    while (text.n && text.p[text.n - 1] == '/')
        text.n--;
    snprintf(c->url, sizeof(c->url), "%.*s", STR_ARG(text));
    if (key) {
        snprintf(c->header, sizeof(c->header), "Authorization: Bearer %s", key);
        c->headers[0] = c->header;
    }
    c->http = http;
    c->timeout_ms = timeout_ms;
    c->out = out;
    c->done = done;
    c->context = context;
    out->took_ns = -1;
    get(c, "/v0/last_block/optimistic", on_newest);
    return c;
}

void
neardata_check_free(struct neardata_check *c)
{
    if (!c)
        return;
    http_cancel(c->request);
    wipe(c->header, sizeof(c->header));
    xfree(c);
}
