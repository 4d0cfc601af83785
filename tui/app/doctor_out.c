/* What the doctor found, in words and as JSON. */
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "net/json.h"
#include "net/near/base58.h"
#include "tui/app/doctor_part.h"

enum { NAME_WIDTH = 24, STALE_MS = 30000 };

/* Why it does not work, though nothing was said. */
const char *
doctor_endpoint_reason(const struct doctor_endpoint *e)
{
    return e->probe.sentence[0] ? e->probe.sentence
           : !e->is_done        ? "no answer in time"
                                : "it answers, but tells of no block";
}

const char *
doctor_feed_reason(const struct doctor_feed *f)
{
    return f->probe.sentence[0] ? f->probe.sentence
           : f->is_done         ? "it offers no event"
                                : "no answer in time";
}

const char *
doctor_neardata_reason(const struct doctor_findings *f)
{
    return f->neardata.is_done ? f->neardata.sentence : "no answer in time";
}

bool
doctor_is_stale(const struct endpoint_probe *p)
{
    return p->head_age_ms > STALE_MS;
}

/* --- words -------------------------------------------------------------------------------- */

/* Text from a wire or a file: cleaned. */
static void
add_text(struct buf *out, const char *text)
{
    utf8_clean(out, str_from(text));
}

static void
begin_line(struct buf *out, const char *verdict, const char *name)
{
    buf_addf(out, "  %-5s ", verdict);
    size_t before = out->n;
    add_text(out, name);
    if (out->n - before < NAME_WIDTH)
        buf_add_repeat(out, ' ', NAME_WIDTH - (out->n - before));
    buf_add_byte(out, ' ');
}

static const char *
answer_text(enum probe_answer answer)
{
    return answer == PROBE_YES ? "yes" : answer == PROBE_NO ? "no" : "not known";
}

static void
add_budget(uint32_t per_second, uint32_t per_minute, struct buf *out)
{
    if (per_second)
        buf_addf(out, ", at most %u requests a second", per_second);
    if (per_minute)
        buf_addf(out, ", %s%u a minute", per_second ? "" : "at most ", per_minute);
}

static void
write_endpoint(const struct doctor_findings *f, size_t index, struct buf *out)
{
    const struct doctor_endpoint *e = &f->endpoints[index];
    const struct endpoint_probe *p = &e->probe;
    char host[URL_HOST_MAX + 8];
    bool is_fine = p->works && !e->is_other_chain;
    bool is_stale = is_fine && doctor_is_stale(p);
    doctor_endpoint_host(f->network, index, host);
    begin_line(out, !is_fine ? "FAIL" : is_stale ? "warn" : "ok",
               doctor_endpoint_name(f->network, index));
    if (!is_fine) {
        const char *reason = doctor_endpoint_reason(e);
        /* Most sentences name the host themselves. */
        if (!str_starts(str_from(reason), str_from(host))) {
            add_text(out, host);
            buf_add_c(out, ": ");
        }
        add_text(out, reason);
        buf_add_c(out, "\n");
        return;
    }
    add_text(out, host);
    buf_addf(out, ", %.1f ms, chain ", (double)p->took_ns / NS_PER_MS);
    add_text(out, p->chain_id[0] ? p->chain_id : "not told");
    buf_addf(out, ", protocol %llu", (unsigned long long)p->protocol_version);
    if (p->version[0]) {
        buf_add_c(out, " (node ");
        add_text(out, p->version);
        buf_add_c(out, ")");
    }
    if (f->network->endpoint_count)
        add_budget(f->network->endpoints[index].per_second,
                   f->network->endpoints[index].per_minute, out);
    buf_addf(out, "\n%*sfinal block %llu, %.1f s old%s; archival: %s; EXPERIMENTAL_tx_status: %s\n",
             NAME_WIDTH + 9, "", (unsigned long long)p->head_height,
             (double)p->head_age_ms / 1000,
             is_stale ? ": is it behind, or this machine's clock wrong?" : "",
             p->archival == PROBE_UNKNOWN && !p->sentence[0] ? "the chain is too young to tell"
                                                             : answer_text(p->archival),
             answer_text(p->tx_status));
}

static void
write_feed(const struct doctor_findings *f, size_t index, struct buf *out)
{
    char text[DOCTOR_FEED_TEXT];
    const struct feed_probe *p = &f->feeds[index].probe;
    begin_line(out, p->works ? "ok" : "warn", "websocket");
    add_text(out, doctor_feed_text(f->network, index, text));
    if (!p->works) {
        buf_add_c(out, ": ");
        add_text(out, doctor_feed_reason(&f->feeds[index]));
        buf_add_c(out, doctor_feed_count(f->network) > 1 ? "; passed over\n" : "; polling alone\n");
        return;
    }
    buf_addf(out, ", %.1f ms", (double)p->took_ns / NS_PER_MS);
    for (int i = 0; i < PROBE_FEEDS; i++) {
        if (p->offers[i] == PROBE_YES)
            buf_addf(out, ", %s", feed_name((enum feed_id)i));
    }
    if (p->offers[FEED_OUTCOME_OPTIMISTIC] != PROBE_YES)
        buf_add_c(out, "; outcomes are not pushed: they are polled");
    buf_add_c(out, "\n");
}

/* Nothing depends on it but a relay. */
static void
write_neardata(const struct doctor_findings *f, struct buf *out)
{
    const struct doctor_neardata *n = &f->neardata;
    if (!f->network->neardata[0])
        return;
    buf_add_c(out, "blocks for a relay\n");
    begin_line(out, n->works ? "ok" : "warn", "neardata");
    add_text(out, f->network->neardata);
    if (n->works) {
        buf_addf(out, ", %.1f ms, newest block %llu\n", (double)n->took_ns / NS_PER_MS,
                 (unsigned long long)n->height);
        return;
    }
    buf_add_c(out, ": ");
    add_text(out, doctor_neardata_reason(f));
    buf_add_c(out, "\n");
}

static void
write_feeds(const struct doctor_findings *f, struct buf *out)
{
    size_t count = doctor_feed_count(f->network);
    buf_add_c(out, "feed\n");
    for (size_t i = 0; i < count; i++)
        write_feed(f, i, out);
    if (!count) {
        begin_line(out, "-", "none");
        buf_add_c(out, "polling alone\n");
    }
}

static void
write_key(const struct doctor_key *k, struct buf *out)
{
    char text[KEY_TEXT];
    bool is_fine = k->is_on_chain && !k->text[0];
    begin_line(out, is_fine ? "ok" : "warn", k->account.s);
    if (k->is_loaded)
        buf_addf(out, "%s%s", public_key_text(&k->key, text),
                 k->is_on_chain || k->text[0] ? ", " : "");
    if (k->is_on_chain && k->is_full)
        buf_add_c(out, "full access");
    else if (k->is_on_chain)
        buf_addf(out, "calls of %s only", k->receiver);
    if (k->text[0]) {
        buf_add_c(out, k->is_on_chain ? "; " : "");
        add_text(out, k->text);
    } else if (k->is_loaded && !k->is_asked) {
        buf_add_c(out, ": not asked in time");
    }
    buf_add_c(out, "\n");
}

static void
write_keys(const struct doctor_findings *f, struct buf *out)
{
    buf_add_c(out, "keys in ");
    add_text(out, f->key_folder);
    buf_add_c(out, "/");
    add_text(out, f->network->keys);
    buf_add_c(out, "\n");
    for (size_t i = 0; i < f->key_count; i++)
        write_key(&f->keys[i], out);
    if (f->keys_there > f->key_count)
        buf_addf(out, "        and %zu more\n", f->keys_there - f->key_count);
    if (!f->keys_there) {
        begin_line(out, "-", "none");
        buf_add_c(out, f->network->has_well_known_keys
                           ? "keys are made from the names of accounts here\n"
                           : "calls can be followed, not sent\n");
    }
}

static void
write_terminal(const struct doctor_findings *f, struct buf *out)
{
    bool is_known = f->term && f->colours >= 0;
    buf_add_c(out, "terminal\n");
    begin_line(out, is_known ? "ok" : "warn", f->term && f->term[0] ? f->term : "TERM is not set");
    if (!is_known)
        buf_add_c(out, "terminfo does not know it: there is no screen, --plain works");
    else if (f->colours > 0)
        buf_addf(out, "%d colours", f->colours);
    else
        buf_add_c(out, "no colours");
    buf_addf(out, ", %s", f->is_utf8 ? "UTF-8" : "no UTF-8: ASCII is drawn");
    if (f->width)
        buf_addf(out, ", %d x %d cells", f->width, f->height);
    if (!f->is_terminal)
        buf_add_c(out, "; standard output is no terminal now");
    buf_add_c(out, "\n");
}

static void
write_settings(const struct doctor_findings *f, struct buf *out)
{
    const struct config *c = f->config;
    buf_add_c(out, "network ");
    add_text(out, f->network->name);
    add_budget(f->network->per_second, f->network->per_minute, out);
    buf_add_c(out, "\nsettings\n");
    if (c->path[0]) {
        begin_line(out, c->has_file ? "ok" : "-", "neartop.conf");
        add_text(out, c->path);
        buf_add_c(out, c->has_file ? "\n" : " (is not there: the built-in settings)\n");
    }
    if (c->has_near_cli || c->warning[0]) {
        begin_line(out, c->warning[0] ? "warn" : "ok", "near-cli");
        add_text(out, c->warning[0] ? c->warning : c->near_cli_path);
        buf_add_c(out, "\n");
    }
    if (f->network->warning[0]) {
        begin_line(out, "warn", "endpoints");
        add_text(out, f->network->warning);
        buf_add_c(out, "\n");
    }
}

void
doctor_write_text(const struct doctor_findings *f, struct buf *out)
{
    write_settings(f, out);
    buf_add_c(out, "endpoints\n");
    for (size_t i = 0; i < doctor_endpoint_count(f->network); i++)
        write_endpoint(f, i, out);
    write_feeds(f, out);
    write_neardata(f, out);
    write_keys(f, out);
    write_terminal(f, out);
    bool is_here = f->network->has_well_known_keys && !f->network->is_embedded;
    buf_add_c(out, f->is_ok ? "calls can be followed\n"
                            : "calls cannot be followed: see FAIL above\n");
    if (!f->is_ok && is_here)
        buf_add_c(out, "is \"neartop localnet\" running there?\n");
}

/* --- JSON --------------------------------------------------------------------------------- */

static void
put_text(struct json_writer *w, const char *key, const char *text)
{
    if (text && text[0])
        json_put_c(w, key, text);
    else
        json_put_null(w, key);
}

static void
put_answer(struct json_writer *w, const char *key, enum probe_answer answer)
{
    if (answer == PROBE_UNKNOWN)
        json_put_null(w, key);
    else
        json_put_bool(w, key, answer == PROBE_YES);
}

/* Microseconds, so that no fraction is needed; null when not known. */
static void
put_took(struct json_writer *w, int64_t ns)
{
    json_write_key(w, "took_us");
    if (ns < 0)
        json_write_null(w);
    else
        json_write_i64(w, ns / 1000);
}

static void
put_endpoint(const struct doctor_findings *f, size_t index, struct json_writer *w)
{
    const struct doctor_endpoint *e = &f->endpoints[index];
    const struct endpoint_probe *p = &e->probe;
    char host[URL_HOST_MAX + 8];
    bool is_fine = p->works && !e->is_other_chain;
    doctor_endpoint_host(f->network, index, host);
    json_write_object(w);
    json_put_c(w, "name", doctor_endpoint_name(f->network, index));
    json_put_c(w, "host", host);
    json_put_u64(w, "requests_per_second",
                 f->network->endpoint_count ? f->network->endpoints[index].per_second : 0);
    json_put_u64(w, "requests_per_minute",
                 f->network->endpoint_count ? f->network->endpoints[index].per_minute : 0);
    json_put_bool(w, "works", is_fine);
    put_text(w, "error", is_fine ? p->sentence : doctor_endpoint_reason(e));
    put_took(w, e->is_done ? p->took_ns : -1);
    json_put_u64(w, "requests", p->requests);
    put_text(w, "chain_id", p->chain_id);
    put_text(w, "node_version", p->version);
    json_put_known_u64(w, "protocol_version", p->has_status, p->protocol_version);
    if (p->has_head) {
        json_put_u64(w, "final_height", p->head_height);
        json_write_key(w, "final_age_ms");
        json_write_i64(w, p->head_age_ms);
    } else {
        json_put_null(w, "final_height");
        json_put_null(w, "final_age_ms");
    }
    json_put_bool(w, "syncing", p->is_syncing);
    put_answer(w, "archival", p->archival);
    put_answer(w, "experimental_tx_status", p->tx_status);
    json_write_object_end(w);
}

static void
put_feed(const struct doctor_findings *f, size_t index, struct json_writer *w)
{
    const struct doctor_feed *feed = &f->feeds[index];
    char text[DOCTOR_FEED_TEXT];
    json_put_c(w, "url", doctor_feed_text(f->network, index, text));
    json_put_bool(w, "works", feed->probe.works);
    put_text(w, "error", feed->is_done ? feed->probe.sentence : "no answer in time");
    put_took(w, feed->is_done ? feed->probe.took_ns : -1);
    json_put_object(w, "events");
    for (int i = 0; i < PROBE_FEEDS; i++)
        put_answer(w, feed_name((enum feed_id)i), feed->probe.offers[i]);
    json_write_object_end(w);
    json_write_object_end(w);
}

/* The preferred one, and all of them. */
static void
put_feeds(const struct doctor_findings *f, struct json_writer *w)
{
    size_t count = doctor_feed_count(f->network);
    if (count) {
        json_put_object(w, "feed");
        put_feed(f, 0, w);
    } else {
        json_put_null(w, "feed");
    }
    json_put_array(w, "feeds");
    for (size_t i = 0; i < count; i++) {
        json_write_object(w);
        put_feed(f, i, w);
    }
    json_write_array_end(w);
}

static void
put_neardata(const struct doctor_findings *f, struct json_writer *w)
{
    const struct doctor_neardata *n = &f->neardata;
    if (!f->network->neardata[0]) {
        json_put_null(w, "neardata");
        return;
    }
    json_put_object(w, "neardata");
    json_put_c(w, "url", f->network->neardata);
    json_put_bool(w, "works", n->works);
    put_text(w, "error", n->works ? NULL : doctor_neardata_reason(f));
    put_took(w, n->took_ns);
    json_put_known_u64(w, "height", n->works, n->height);
    json_write_object_end(w);
}

static void
put_key(const struct doctor_key *k, struct json_writer *w)
{
    char text[KEY_TEXT];
    json_write_object(w);
    json_put_c(w, "account", k->account.s);
    put_text(w, "public_key", k->is_loaded ? public_key_text(&k->key, text) : NULL);
    if (k->is_asked)
        json_put_bool(w, "on_chain", k->is_on_chain);
    else
        json_put_null(w, "on_chain");
    put_text(w, "permission", !k->is_on_chain ? NULL : k->is_full ? "full" : "function_call");
    put_text(w, "receiver", k->receiver);
    put_text(w, "text", k->text);
    json_write_object_end(w);
}

static void
put_terminal(const struct doctor_findings *f, struct json_writer *w)
{
    json_put_object(w, "terminal");
    put_text(w, "term", f->term);
    json_put_known_u64(w, "colours", f->colours >= 0, (uint64_t)f->colours);
    json_put_bool(w, "utf8", f->is_utf8);
    json_put_bool(w, "is_terminal", f->is_terminal);
    json_put_u64(w, "width", (uint64_t)f->width);
    json_put_u64(w, "height", (uint64_t)f->height);
    json_write_object_end(w);
}

void
doctor_write_json(const struct doctor_findings *f, struct buf *out)
{
    struct json_writer w;
    json_write_begin(&w, out);
    json_write_object(&w);
    json_put_u64(&w, "v", 1);
    json_put_c(&w, "event", "doctor");
    json_put_bool(&w, "ok", f->is_ok);
    json_put_c(&w, "network", f->network->name);
    put_text(&w, "settings", f->config->has_file ? f->config->path : NULL);
    put_text(&w, "warning", f->network->warning[0] ? f->network->warning : f->config->warning);
    json_put_array(&w, "endpoints");
    for (size_t i = 0; i < doctor_endpoint_count(f->network); i++)
        put_endpoint(f, i, &w);
    json_write_array_end(&w);
    put_feeds(f, &w);
    put_neardata(f, &w);
    json_put_array(&w, "keys");
    for (size_t i = 0; i < f->key_count; i++)
        put_key(&f->keys[i], &w);
    json_write_array_end(&w);
    put_terminal(f, &w);
    json_write_object_end(&w);
    buf_add_c(out, "\n");
}
