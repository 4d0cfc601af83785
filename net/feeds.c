#include "net/feeds.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/xalloc.h"
#include "net/near/crypto.h"

static void
take(struct feeds *f, uint32_t i, const struct feed_address *a)
{
    struct url url;
    char host[URL_HOST_MAX + 8] = "";
    struct str text = str_from(a->url);
    while (text.n && text.p[text.n - 1] == '/')
        text.n--;
    f->at[i].url = xstrndup(text.p, text.n);
    f->at[i].bearer = a->bearer ? xstrdup(a->bearer) : NULL;
    if (url_parse(text, &url, NULL) == OK)
        url_host_text(&url, host);
    snprintf(f->at[i].name, sizeof(f->at[i].name), "%.63s", a->name ? a->name : host);
}

void
feeds_init(struct feeds *f, const struct feed_address *addresses, size_t count, uint32_t first_ms,
           uint32_t most_ms)
{
    assert(count > 0 && count <= FEEDS_MAX);
    *f = (struct feeds){.count = (uint32_t)count};
    for (uint32_t i = 0; i < f->count; i++) {
        take(f, i, &addresses[i]);
        retry_init(&f->at[i].retry, first_ms, most_ms, 0);
    }
}

void
feeds_release(struct feeds *f)
{
    for (uint32_t i = 0; i < f->count; i++) {
        secret_text_free(f->at[i].url);
        secret_text_free(f->at[i].bearer);
    }
    f->count = 0;
}

const char *
feeds_url(const struct feeds *f)
{
    return f->at[f->current].url;
}

const char *
feeds_bearer(const struct feeds *f)
{
    return f->at[f->current].bearer;
}

static bool
is_resting(const struct feeds *f, uint32_t i, int64_t now_ns)
{
    return f->at[i].rests_until_ns > now_ns;
}

void
feeds_choose(struct feeds *f, int64_t now_ns)
{
    uint32_t best = 0;
    for (uint32_t i = 0; i < f->count; i++) {
        if (!is_resting(f, i, now_ns)) {
            f->current = i;
            return;
        }
        if (f->at[i].rests_until_ns < f->at[best].rests_until_ns)
            best = i;
    }
    f->current = best;
}

bool
feeds_failed(struct feeds *f, const char *why, int64_t now_ns, uint64_t *wait_ms)
{
    uint32_t before = f->current;
    uint64_t rest_ms = 0;
    retry_next(&f->at[before].retry, -1, &rest_ms);
    f->at[before].rests_until_ns = now_ns + (int64_t)rest_ms * NS_PER_MS;
    snprintf(f->at[before].reason, sizeof(f->at[before].reason), "%s", why);
    feeds_choose(f, now_ns);
    int64_t left_ns = f->at[f->current].rests_until_ns - now_ns;
    *wait_ms = left_ns > 0 ? (uint64_t)(left_ns / NS_PER_MS) + 1 : 0;
    return f->current != before;
}

void
feeds_worked(struct feeds *f)
{
    retry_succeeded(&f->at[f->current].retry);
    f->at[f->current].rests_until_ns = 0;
    f->at[f->current].reason[0] = '\0';
}

const char *
feeds_place(const struct feeds *f, int64_t now_ns, char out[FEEDS_PLACE_MAX])
{
    static const char *const ordinals[FEEDS_MAX] = {"1st", "2nd", "3rd", "4th",
                                                    "5th", "6th", "7th", "8th"};
    size_t n = (size_t)snprintf(out, FEEDS_PLACE_MAX, "%s", f->at[f->current].name);
    if (f->count > 1)
        n += (size_t)snprintf(out + n, FEEDS_PLACE_MAX - n, ", the %s of %u", ordinals[f->current],
                              f->count);
    for (uint32_t i = 0; i < f->count && n < FEEDS_PLACE_MAX; i++) {
        if (i != f->current && f->at[i].reason[0])
            n += (size_t)snprintf(out + n, FEEDS_PLACE_MAX - n, "; %s%s: %.120s", f->at[i].name,
                                  is_resting(f, i, now_ns) ? " rests" : "", f->at[i].reason);
    }
    return out;
}
