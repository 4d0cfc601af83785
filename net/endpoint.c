#include "net/endpoint.h"

#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"

enum {
    REST_FIRST_MS = 250,
    REST_MOST_MS = 30000,
    LIMITED_FIRST_MS = 1000,        /* a 429 that does not say how long */
    LIMITED_MOST_MS = 60000,
    LOCKED_OUT_MS = 300000,
    SYNCING_MS = 15000,
    BEHIND_MS = 15000,
    LATE_FLOOR_MS = 50,             /* a second request sooner would be no help */
    LATE_UNKNOWN_MS = 1000,
    LATE_IN_ROW = 3,                /* so often late is a failure */
    LATE_SAMPLES = 8,               /* fewer tell nothing of the slowest twentieth */
    HALF_WORTH_MS = 400             /* a round trip so long halves the score */
};

void
endpoint_init(struct endpoint *e, const struct endpoint_config *config)
{
    struct url url;
    *e = (struct endpoint){.url = xstrdup(config->url), .is_archival = config->is_archival};
    for (size_t i = 0; i < ENDPOINT_HEADERS_MAX && config->headers && config->headers[i]; i++)
        e->headers[i] = xstrdup(config->headers[i]);
    if (url_parse(str_from(config->url), &url, NULL) == OK)
        url_host_text(&url, e->host);
    else
        snprintf(e->host, sizeof(e->host), "%.100s", config->url);
    snprintf(e->name, sizeof(e->name), "%.63s", config->name ? config->name : e->host);
    e->weight = config->weight ? config->weight : ENDPOINT_WEIGHT;
    if (e->weight > ENDPOINT_WEIGHT_MAX)
        e->weight = ENDPOINT_WEIGHT_MAX;
    budget_init(&e->budget, config->per_second, config->per_minute);
}

/* Addresses and headers may hold an API key. */
static void
wipe_text(char *take_text)
{
    volatile char *p = take_text;
    while (p && *p)
        *p++ = '\0';
    xfree(take_text);
}

void
endpoint_release(struct endpoint *e)
{
    for (size_t i = 0; i < ENDPOINT_HEADERS_MAX; i++)
        wipe_text(e->headers[i]);
    wipe_text(e->url);
    budget_release(&e->budget);
}

/* --- what came of requests ---------------------------------------------------------- */

static int64_t
doubled_ms(int64_t first_ms, int64_t most_ms, unsigned times)
{
    int64_t ms = first_ms;
    while (times-- > 1 && ms < most_ms)
        ms *= 2;
    return ms < most_ms ? ms : most_ms;
}

static void
rest(struct endpoint *e, const struct endpoint_note *note, int64_t ms, enum endpoint_state state)
{
    e->failures++;
    e->failed_in_row++;
    e->state = state;
    e->rests_until_ns = note->now_ns + ms * NS_PER_MS;
    snprintf(e->reason, sizeof(e->reason), "%s", note->sentence ? note->sentence : "");
}

static void
add_sample(struct endpoint *e, int64_t took_ns)
{
    e->took_ns[e->took_next] = took_ns;
    e->took_next = (e->took_next + 1) % ENDPOINT_SAMPLES;
    if (e->took_count < ENDPOINT_SAMPLES)
        e->took_count++;
}

static void
note_answer(struct endpoint *e, const struct endpoint_note *note)
{
    e->answers++;
    add_sample(e, note->took_ns);
    e->failed_in_row = e->late_in_row = 0;
    /* One that is behind answers too. */
    if (e->has_been_behind && note->now_ns < e->rests_until_ns)
        return;
    e->has_been_behind = false;
    e->rests_until_ns = 0;
    e->state = ENDPOINT_WORKS;
    e->reason[0] = '\0';
}

void
endpoint_note(struct endpoint *e, const struct endpoint_note *note)
{
    int64_t ms;
    switch (note->result) {
    case ENDPOINT_ANSWERED: note_answer(e, note); return;
    case ENDPOINT_FAILED:
        rest(e, note, doubled_ms(REST_FIRST_MS, REST_MOST_MS, e->failed_in_row + 1),
             ENDPOINT_RESTS);
        return;
    case ENDPOINT_LIMITED:
        e->limited++;
        ms = note->retry_after_ms >= 0
                 ? note->retry_after_ms
                 : doubled_ms(LIMITED_FIRST_MS, LIMITED_MOST_MS, e->failed_in_row + 1);
        rest(e, note, ms, ENDPOINT_WAITS);
        if (note->retry_after_ms >= 0)
            e->asked_to_wait_until_ns = e->rests_until_ns;
        return;
    case ENDPOINT_LOCKED_OUT: rest(e, note, LOCKED_OUT_MS, ENDPOINT_OUT); return;
    case ENDPOINT_SYNCING: rest(e, note, SYNCING_MS, ENDPOINT_RESTS); return;
    }
}

void
endpoint_note_late(struct endpoint *e, int64_t waited_ns, int64_t now_ns)
{
    add_sample(e, waited_ns);
    if (++e->late_in_row < LATE_IN_ROW)
        return;
    e->late_in_row = 0;
    endpoint_note(e, &(struct endpoint_note){
        .result = ENDPOINT_FAILED, .now_ns = now_ns, .retry_after_ms = -1,
        .sentence = "its answers are late: others gave theirs first"});
}

void
endpoint_note_behind(struct endpoint *e, const char *other, int64_t now_ns)
{
    e->has_been_behind = true;
    e->state = ENDPOINT_RESTS;
    e->rests_until_ns = now_ns + (int64_t)BEHIND_MS * NS_PER_MS;
    snprintf(e->reason, sizeof(e->reason), "it is behind: %.64s knew more", other);
}

/* --- what follows from it ----------------------------------------------------------- */

bool
endpoint_is_resting(const struct endpoint *e, int64_t now_ns)
{
    return e->rests_until_ns > now_ns;
}

int64_t
endpoint_wait_ns(const struct endpoint *e, int64_t now_ns)
{
    int64_t asked = e->asked_to_wait_until_ns - now_ns;
    int64_t budget = budget_wait_ns(&e->budget, now_ns);
    return asked > budget ? asked : budget;
}

int64_t
endpoint_percentile_ns(const struct endpoint *e, unsigned percent)
{
    int64_t sorted[ENDPOINT_SAMPLES];
    uint32_t n = 0;
    if (!e->took_count)
        return -1;
    for (uint32_t i = 0; i < e->took_count; i++) {
        uint32_t at = n++;
        for (; at > 0 && sorted[at - 1] > e->took_ns[i]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = e->took_ns[i];
    }
    return sorted[(n - 1) * percent / 100];
}

int64_t
endpoint_late_after_ns(const struct endpoint *e)
{
    int64_t floor_ns = (int64_t)LATE_FLOOR_MS * NS_PER_MS;
    if (e->took_count < LATE_SAMPLES)
        return (int64_t)LATE_UNKNOWN_MS * NS_PER_MS;
    int64_t p95 = endpoint_percentile_ns(e, 95);
    return p95 > floor_ns ? p95 : floor_ns;
}

uint32_t
endpoint_score(const struct endpoint *e, int64_t now_ns)
{
    uint64_t score = e->weight, half_ns = (uint64_t)HALF_WORTH_MS * NS_PER_MS;
    int64_t median = endpoint_percentile_ns(e, 50);
    if (median > 0)
        score = score * half_ns / (half_ns + (uint64_t)median);
    score >>= e->failed_in_row < 8 ? e->failed_in_row : 8;
    if (endpoint_is_resting(e, now_ns))
        score /= 10;
    return (uint32_t)score;
}

void
endpoint_tell(const struct endpoint *e, uint32_t index, int64_t now_ns, struct endpoint_fact *out)
{
    int64_t ready = e->rests_until_ns > e->asked_to_wait_until_ns ? e->rests_until_ns
                                                                  : e->asked_to_wait_until_ns;
    *out = (struct endpoint_fact){
        .index = index, .score = endpoint_score(e, now_ns), .name = e->name, .host = e->host,
        .state = e->state, .reason = e->reason, .is_archival = e->is_archival,
        .requests = e->requests, .failures = e->failures, .limited = e->limited,
        .bytes_sent = e->bytes_sent, .bytes_received = e->bytes_received,
        .median_ns = endpoint_percentile_ns(e, 50), .p95_ns = endpoint_percentile_ns(e, 95),
        .ready_in_ns = ready > now_ns ? ready - now_ns : 0,
        .second_used = budget_used(&e->budget.second, now_ns),
        .second_most = e->budget.second.most,
        .minute_used = budget_used(&e->budget.minute, now_ns),
        .minute_most = e->budget.minute.most};
}
