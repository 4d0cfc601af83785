/* What each source told, and when; how each endpoint does; what did not fit together. */
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "tui/out/text.h"
#include "tui/view/page.h"

enum { NAME = 12, STATE = 11, NUMBER = 8, HOST = 24, TEXT_MOST = 512 };

/* --- who told first ------------------------------------------------------------------------------ */

struct told {
    size_t outcomes, first;         /* of the call that is looked at */
    size_t ahead_of_others;         /* told first, and another source told it, too */
    int64_t lead_ns;                /* of those, in all */
};

/* The source that told this outcome first, and how much later the next one did; -1: none did. */
static enum source_id
first_of(const struct node *n, int64_t *lead_ns)
{
    enum source_id first = SOURCE_COUNT;
    int64_t second = 0;
    for (int i = 0; i < SOURCE_COUNT; i++) {
        int64_t at = n->told_ns[i];
        if (!at)
            continue;
        if (first == SOURCE_COUNT || at < n->told_ns[first]) {
            second = first == SOURCE_COUNT ? 0 : n->told_ns[first];
            first = (enum source_id)i;
        } else if (!second || at < second) {
            second = at;
        }
    }
    *lead_ns = first != SOURCE_COUNT && second ? second - n->told_ns[first] : -1;
    return first;
}

static void
count_told(const struct call *c, struct told told[SOURCE_COUNT])
{
    for (size_t i = 0; c && i < c->order_count; i++) {
        const struct node *n = c->order[i];
        int64_t lead_ns;
        enum source_id first = first_of(n, &lead_ns);
        for (int k = 0; k < SOURCE_COUNT; k++)
            told[k].outcomes += n->told_ns[k] != 0;
        if (first == SOURCE_COUNT)
            continue;
        told[first].first++;
        if (lead_ns < 0)
            continue;
        told[first].ahead_of_others++;
        told[first].lead_ns += lead_ns;
    }
}

/* --- sources --------------------------------------------------------------------------------- */

static void
cell_ms(struct page_cells *r, int64_t ns)
{
    if (ns < 0)
        page_cell(r, NUMBER, true, ROLE_MUTED, "-");
    else
        page_cell(r, NUMBER, true, ROLE_TEXT, "%.1f ms", (double)ns / NS_PER_MS);
}

static void
source(struct page *p, const struct source_record *s, enum source_id id, const struct told *told,
       const char *place)
{
    struct page_cells r = page_cells(p);
    page_cell(&r, NAME, false, ROLE_STRONG, "%s", text_source(id));
    page_cell(&r, STATE, false, source_role(s->state), "%s", text_source_state(s->state));
    cell_ms(&r, s->delay_ns);
    if (s->requests)
        page_cell(&r, NUMBER, true, ROLE_TEXT, "%llu", (unsigned long long)s->requests);
    else
        page_cell(&r, NUMBER, true, ROLE_MUTED, "-");
    page_cell(&r, NUMBER, true, ROLE_TEXT, "%zu", told->outcomes);
    page_cell(&r, NUMBER, true, ROLE_TEXT, "%zu", told->first);
    cell_ms(&r, told->ahead_of_others ? told->lead_ns / (int64_t)told->ahead_of_others : -1);
    if (s->text[0])
        page_words(p, s->text, ROLE_WARNING);
    if (*place)
        page_words(p, place, ROLE_MUTED);
}

static bool
is_shown(const struct source_record *s, const struct told *told)
{
    return s->state != SOURCE_OFF || s->requests || told->outcomes;
}

static void
sources(struct page *p, const struct frame *f)
{
    struct told told[SOURCE_COUNT] = {{0}};
    const char *place = "";
    static const char *const heads[] = {"delay", "asked", "told", "first", "ahead by"};
    size_t shown = 0;
    count_told(f->call, told);
    for (int i = 0; i < SOURCE_COUNT; i++)
        shown += is_shown(&f->s->store->sources[i], &told[i]);
    page_title(p, f->call ? "what they told of this call" : "what they told");
    if (!shown) {
        char words[128] = "Nothing yet: a source is asked when a call is sent or watched.";
        if (f->s->followed_count)
            snprintf(words, sizeof(words), "Nothing yet: no call of those who are followed was found%s%s.",
                     f->s->place ? " in " : "", f->s->place ? f->s->place : "");
        page_paragraph(p, words, ROLE_MUTED);
        return;
    }
    struct page_cells r = page_cells(p);
    page_cell(&r, NAME, false, ROLE_MUTED, "source");
    page_cell(&r, STATE, false, ROLE_MUTED, "state");
    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        page_cell(&r, NUMBER, true, ROLE_MUTED, "%s", heads[i]);
    for (int i = 0; i < SOURCE_COUNT; i++) {
        const struct source_record *s = &f->s->store->sources[i];
        if (!is_shown(s, &told[i]))
            continue;
        /* Two of them may come from one place. */
        bool is_said = strcmp(s->place, place) == 0;
        source(p, s, (enum source_id)i, &told[i], is_said ? "" : s->place);
        place = s->place;
    }
}

/* --- endpoints ------------------------------------------------------------------------------- */

static const char *
endpoint_word(enum endpoint_state state)
{
    switch (state) {
    case ENDPOINT_UNTRIED: return "untried";
    case ENDPOINT_WORKS: return "works";
    case ENDPOINT_RESTS: return "rests";
    case ENDPOINT_WAITS: return "waits";
    case ENDPOINT_OUT: return "out";
    }
    return "";
}

static enum role
endpoint_role(enum endpoint_state state)
{
    switch (state) {
    case ENDPOINT_UNTRIED: return ROLE_MUTED;
    case ENDPOINT_WORKS: return ROLE_OK;
    case ENDPOINT_RESTS:
    case ENDPOINT_WAITS: return ROLE_WARNING;
    case ENDPOINT_OUT: return ROLE_FAILED;
    }
    return ROLE_MUTED;
}

static void
cell_budget(struct page_cells *r, uint32_t used, uint32_t most)
{
    if (most)
        page_cell(r, NUMBER, true, used >= most ? ROLE_WARNING : ROLE_TEXT, "%u/%u", used, most);
    else
        page_cell(r, NUMBER, true, ROLE_MUTED, "-");
}

static void
endpoint(struct page *p, const struct endpoint_record *e)
{
    const struct endpoint_fact *x = &e->fact;
    struct page_cells r = page_cells(p);
    page_cell(&r, HOST, false, ROLE_STRONG, "%s", x->host);
    page_cell(&r, STATE, false, endpoint_role(x->state), "%s", endpoint_word(x->state));
    page_cell(&r, NUMBER, true, ROLE_TEXT, "%llu", (unsigned long long)x->requests);
    page_cell(&r, NUMBER, true, x->failures ? ROLE_WARNING : ROLE_MUTED, "%llu",
              (unsigned long long)x->failures);
    cell_ms(&r, x->median_ns);
    cell_ms(&r, x->p95_ns);
    cell_budget(&r, x->second_used, x->second_most);
    cell_budget(&r, x->minute_used, x->minute_most);
    page_cell(&r, NUMBER, true, x->limited ? ROLE_WARNING : ROLE_MUTED, "%llu",
              (unsigned long long)x->limited);
    page_cell(&r, NUMBER, true, ROLE_MUTED, "%llu", (unsigned long long)(x->bytes_sent / 1024));
    page_cell(&r, NUMBER, true, ROLE_MUTED, "%llu", (unsigned long long)(x->bytes_received / 1024));
    if (x->reason[0])
        page_words(p, x->reason, ROLE_WARNING);
}

static void
endpoints(struct page *p, const struct frame *f)
{
    static const char *const heads[] = {"asked", "failed", "median", "95 %", "a second",
                                        "a minute", "429s", "kB out", "kB in"};
    const struct store *s = f->s->store;
    page_title(p, "endpoints");
    if (!s->endpoint_count) {
        page_words(p, "none was asked yet", ROLE_MUTED);
        return;
    }
    struct page_cells r = page_cells(p);
    page_cell(&r, HOST, false, ROLE_MUTED, "host");
    page_cell(&r, STATE, false, ROLE_MUTED, "state");
    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        page_cell(&r, NUMBER, true, ROLE_MUTED, "%s", heads[i]);
    for (size_t i = 0; i < s->endpoint_count; i++)
        endpoint(p, &s->endpoints[i]);
}

/* --- what does not fit together ------------------------------------------------------------------ */

static void
contradictions(struct page *p, const struct frame *f)
{
    struct buf text;
    size_t count = 0;
    if (!f->call)
        return;
    page_title(p, "contradictions in this call");
    buf_init(&text, TEXT_MOST);
    for (const struct contradiction *x = f->call ? f->call->contradictions : NULL; x; x = x->next) {
        buf_clear(&text);
        text_short_hash(&text, &x->id);
        buf_addf(&text, "  %s: %s told it first, %s otherwise, %.0f s ago", x->what,
                 text_source(x->first), text_source(x->other),
                 (double)(f->s->now_ns - x->seen_ns) / NS_PER_S);
        page_words(p, buf_c(&text), ROLE_WARNING);
        count++;
    }
    buf_release(&text);
    if (!count)
        page_words(p, "none: all sources agree", ROLE_MUTED);
}

static void
replaced(struct page *p, const struct frame *f)
{
    const struct store *s = f->s->store;
    size_t kept = s->replaced_count < STORE_MAX_REPLACED ? s->replaced_count : STORE_MAX_REPLACED;
    struct buf text;
    page_title(p, "blocks that were replaced");
    if (!kept)
        page_words(p, "none", ROLE_MUTED);
    buf_init(&text, TEXT_MOST);
    for (size_t i = 1; i <= kept; i++) {
        buf_clear(&text);
        text_short_hash(&text, &s->replaced[(s->replaced_count - i) % STORE_MAX_REPLACED]);
        page_words(p, buf_c(&text), ROLE_WARNING);
    }
    buf_release(&text);
}

static void
text(struct page *p, const struct frame *f)
{
    sources(p, f);
    endpoints(p, f);
    contradictions(p, f);
    replaced(p, f);
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
    page_paint(c, f, "sources", screen_sources.footer, text);
}

static int64_t
youngest(const struct frame *f)
{
    const struct contradiction *k = f->call ? f->call->contradictions : NULL;
    return k ? k->seen_ns : 0;
}

static const enum action_id footer[] = {DO_BACK, DO_QUIT, DO_SHOW_REQUESTS, DO_SHOW_CALLS, DO_SEARCH,
                                        DO_HELP, DO_NOTHING};

const struct screen_ops screen_sources = {
    .name = "sources", .footer = footer, .youngest = youngest,
    .text_box = page_box, .text = lines, .layout = adapt, .paint = paint, .acts = text_acts};
