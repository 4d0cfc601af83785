/* The last requests: what was asked of whom, how long it took, what came back. */
#include <stdio.h>
#include "net/base/clock.h"
#include "tui/view/page.h"

enum { METHOD = 26, METHOD_NARROW = 12, NARROW = 60, ENDPOINT = 16, NUMBER = 7 };

static int
method_width(const struct page *p)
{
    return p->b.width < NARROW ? METHOD_NARROW : METHOD;
}

static void
head(struct page *p)
{
    struct page_cells r = page_cells(p);
    page_cell(&r, NUMBER, true, ROLE_MUTED, "ago");
    page_cell(&r, method_width(p), false, ROLE_MUTED, "method");
    page_cell(&r, NUMBER, true, ROLE_MUTED, "ms");
    page_cell(&r, NUMBER - 1, true, ROLE_MUTED, "status");
    page_cell(&r, NUMBER, true, ROLE_MUTED, "sent");
    page_cell(&r, NUMBER + 1, true, ROLE_MUTED, "received");
    page_cell(&r, ENDPOINT, false, ROLE_MUTED, "endpoint");
}

static void
request(struct page *p, const struct frame *f, const struct request_record *q)
{
    const struct request_fact *fact = &q->fact;
    const struct store *s = f->s->store;
    struct page_cells r = page_cells(p);
    const char *host = fact->endpoint < s->endpoint_count ? s->endpoints[fact->endpoint].name : "";
    page_cell(&r, NUMBER, true, ROLE_MUTED, "%.1f s",
              (double)(f->s->now_ns - q->seen_ns) / NS_PER_S);
    page_cell(&r, method_width(p), false, ROLE_STRONG, "%s", fact->method);
    page_cell(&r, NUMBER, true, ROLE_TEXT, "%.1f", (double)fact->took_ns / NS_PER_MS);
    if (fact->status)
        page_cell(&r, NUMBER - 1, true, fact->status == 200 ? ROLE_TEXT : ROLE_WARNING, "%ld",
                  fact->status);
    else
        page_cell(&r, NUMBER - 1, true, ROLE_FAILED, "none");
    page_cell(&r, NUMBER, true, ROLE_MUTED, "%llu", (unsigned long long)fact->bytes_sent);
    page_cell(&r, NUMBER + 1, true, ROLE_MUTED, "%llu", (unsigned long long)fact->bytes_received);
    page_cell(&r, ENDPOINT, false, ROLE_TEXT, "%s", host);
    if (!fact->is_fine)
        page_cell(&r, REQUEST_WORDS_MAX, false, ROLE_WARNING, "%s", fact->words);
}

static void
text(struct page *p, const struct frame *f)
{
    const struct store *s = f->s->store;
    uint64_t kept = s->request_count < STORE_MAX_REQUESTS ? s->request_count : STORE_MAX_REQUESTS;
    if (!kept) {
        page_paragraph(p, "Nothing was asked yet: requests begin when a call is sent or watched.",
                  ROLE_MUTED);
        return;
    }
    head(p);
    for (uint64_t i = 1; i <= kept; i++)
        request(p, f, &s->requests[(s->request_count - i) % STORE_MAX_REQUESTS]);
}

static void
lines(struct cells *c, struct box b, const struct frame *f, int skip)
{
    page_text(c, b, f, skip, text);
}

static void
adapt(struct ui *ui, const struct frame *f, int width, int height)
{
    page_adapt(ui, f, width, height, text);
}

static void
paint(struct cells *c, const struct frame *f)
{
    char title[64];
    uint64_t all = f->s->store->request_count;
    snprintf(title, sizeof(title), all ? "%llu request%s%s" : "requests", (unsigned long long)all,
             all == 1 ? "" : "s", all > STORE_MAX_REQUESTS ? ", the last 256" : "");
    page_paint(c, f, title, screen_requests.footer, text);
}

static int64_t
youngest(const struct frame *f)
{
    const struct store *s = f->s->store;
    return s->request_count ? s->requests[(s->request_count - 1) % STORE_MAX_REQUESTS].seen_ns : 0;
}

static const enum action_id footer[] = {DO_BACK, DO_QUIT, DO_SHOW_SOURCES, DO_SHOW_CALLS, DO_SEARCH,
                                        DO_HELP, DO_NOTHING};

const struct screen_ops screen_requests = {
    .name = "requests", .footer = footer, .youngest = youngest,
    .text_box = page_box, .text = lines, .layout = adapt, .paint = paint, .acts = text_acts};
