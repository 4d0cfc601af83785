/* What the doctor found, in sentences: a line is one thing and whether it works. */
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "net/near/base58.h"
#include "tui/app/doctor_part.h"
#include "tui/out/say.h"

static void
say_text(struct buf *out, const char *text)
{
    utf8_clean(out, str_from(text));
}

static void
end_line(struct buf *out)
{
    say_stop(out);
    buf_add_byte(out, '\n');
}

static void
say_settings(const struct doctor_findings *f, struct buf *out)
{
    const struct config *c = f->config;
    buf_add_c(out, "The network is ");
    say_text(out, f->network->name);
    end_line(out);
    if (c->path[0]) {
        buf_add_c(out, c->has_file ? "The settings are those of "
                                   : "The settings are the built-in ones: there is no ");
        say_text(out, c->path);
        end_line(out);
    }
    if (c->warning[0]) {
        buf_add_c(out, "A warning about near-cli's settings: ");
        say_text(out, c->warning);
        end_line(out);
    } else if (c->has_near_cli) {
        buf_add_c(out, "The networks of near-cli are known too, from ");
        say_text(out, c->near_cli_path);
        end_line(out);
    }
    if (f->network->warning[0]) {
        buf_add_c(out, "A warning about the endpoints: ");
        say_text(out, f->network->warning);
        end_line(out);
    }
}

static void
say_chain(const struct endpoint_probe *p, struct buf *out)
{
    buf_addf(out, ". It answered in %.1f ms from chain ", (double)p->took_ns / NS_PER_MS);
    say_text(out, p->chain_id[0] ? p->chain_id : "without a name");
    buf_addf(out, ", protocol %llu", (unsigned long long)p->protocol_version);
    if (p->version[0]) {
        buf_add_c(out, ", node ");
        say_text(out, p->version);
    }
    buf_addf(out, ". Its final block %llu is %.1f s old",
             (unsigned long long)p->head_height, (double)p->head_age_ms / 1000);
    if (doctor_is_stale(p))
        buf_add_c(out, ", so it is behind, or this machine's clock is wrong");
}

static void
say_abilities(const struct endpoint_probe *p, struct buf *out)
{
    static const char *const keeps[] = {[PROBE_YES] = "It keeps old blocks",
                                        [PROBE_NO] = "It does not keep old blocks",
                                        [PROBE_UNKNOWN] = "Whether it keeps old blocks is not known"};
    static const char *const knows[] = {[PROBE_YES] = "it knows",
                                        [PROBE_NO] = "it does not know",
                                        [PROBE_UNKNOWN] = "it does not tell whether it knows"};
    buf_addf(out, ". %s; %s EXPERIMENTAL_tx_status", keeps[p->archival], knows[p->tx_status]);
}

static void
say_endpoint(const struct doctor_findings *f, size_t index, struct buf *out)
{
    const struct doctor_endpoint *e = &f->endpoints[index];
    char host[URL_HOST_MAX + 8];
    bool is_fine = e->probe.works && !e->is_other_chain;
    doctor_endpoint_host(f->network, index, host);
    buf_add_c(out, "The endpoint ");
    say_text(out, doctor_endpoint_name(f->network, index));
    buf_add_c(out, " at ");
    say_text(out, host);
    if (is_fine) {
        buf_add_c(out, " works");
        say_chain(&e->probe, out);
        say_abilities(&e->probe, out);
    } else {
        buf_add_c(out, " does not work: ");
        say_text(out, doctor_endpoint_reason(e));
    }
    end_line(out);
}

static void
say_feed(const struct doctor_findings *f, size_t index, struct buf *out)
{
    const struct feed_probe *p = &f->feeds[index].probe;
    char text[DOCTOR_FEED_TEXT];
    size_t told = 0;
    buf_add_c(out, f->network->feed_count ? "The feed " : "The feed at ");
    say_text(out, doctor_feed_text(f->network, index, text));
    if (!p->works) {
        buf_add_c(out, doctor_feed_count(f->network) > 1
                           ? " does not work: "
                           : " does not work, so everything is asked for: ");
        say_text(out, doctor_feed_reason(&f->feeds[index]));
        end_line(out);
        return;
    }
    buf_addf(out, " works. It answered in %.1f ms and offers", (double)p->took_ns / NS_PER_MS);
    for (int i = 0; i < PROBE_FEEDS; i++) {
        if (p->offers[i] == PROBE_YES)
            buf_addf(out, "%s %s", told++ ? "," : "", feed_name((enum feed_id)i));
    }
    if (p->offers[FEED_OUTCOME_OPTIMISTIC] != PROBE_YES)
        buf_add_c(out, ". Outcomes are not pushed, they are asked for");
    end_line(out);
}

static void
say_feeds(const struct doctor_findings *f, struct buf *out)
{
    size_t count = doctor_feed_count(f->network);
    for (size_t i = 0; i < count; i++)
        say_feed(f, i, out);
    if (!count)
        buf_add_c(out, "There is no feed, so everything is asked for.\n");
}

static void
say_neardata(const struct doctor_findings *f, struct buf *out)
{
    const struct doctor_neardata *n = &f->neardata;
    if (!f->network->neardata[0])
        return;
    buf_add_c(out, "The neardata server at ");
    say_text(out, f->network->neardata);
    if (n->works) {
        buf_addf(out, " works. It answered in %.1f ms, its newest block is %llu",
                 (double)n->took_ns / NS_PER_MS, (unsigned long long)n->height);
    } else {
        buf_add_c(out, " does not work: ");
        say_text(out, doctor_neardata_reason(f));
    }
    end_line(out);
}

static void
say_key(const struct doctor_key *k, struct buf *out)
{
    char text[KEY_TEXT];
    bool is_fine = k->is_on_chain && !k->text[0];
    buf_addf(out, "The key of %s", k->account.s);
    if (k->is_loaded)
        buf_addf(out, ", %s,", public_key_text(&k->key, text));
    buf_add_c(out, is_fine ? " works" : " has a warning");
    if (k->is_on_chain && k->is_full)
        buf_add_c(out, ": it has full access");
    else if (k->is_on_chain)
        buf_addf(out, ": it may call %s only", k->receiver);
    if (k->text[0]) {
        buf_add_c(out, k->is_on_chain ? "; " : ": ");
        say_text(out, k->text);
    } else if (k->is_loaded && !k->is_asked) {
        buf_add_c(out, ": the chain was not asked for it in time");
    }
    end_line(out);
}

static void
say_keys(const struct doctor_findings *f, struct buf *out)
{
    for (size_t i = 0; i < f->key_count; i++)
        say_key(&f->keys[i], out);
    if (f->keys_there > f->key_count)
        buf_addf(out, "There are %zu more keys, which were not looked at.\n",
                 f->keys_there - f->key_count);
    if (f->keys_there)
        return;
    buf_add_c(out, "There are no keys in ");
    say_text(out, f->key_folder);
    buf_add_c(out, "/");
    say_text(out, f->network->keys);
    buf_add_c(out, f->network->has_well_known_keys
                       ? ", but here keys are made from the names of accounts.\n"
                       : ", so calls can be followed and not sent.\n");
}

static void
say_terminal(const struct doctor_findings *f, struct buf *out)
{
    bool is_known = f->term && f->colours >= 0;
    buf_add_c(out, "The terminal");
    if (f->term && f->term[0]) {
        buf_add_c(out, " ");
        say_text(out, f->term);
    }
    if (!is_known)
        buf_add_c(out, " is not known, so there is no screen and lines are written");
    else if (f->colours > 0)
        buf_addf(out, " has %d colours", f->colours);
    else
        buf_add_c(out, " has no colours");
    buf_addf(out, "%s takes %s", f->width ? "," : " and", f->is_utf8 ? "UTF-8" : "ASCII");
    if (f->width)
        buf_addf(out, " and is %d cells wide and %d high", f->width, f->height);
    end_line(out);
}

void
doctor_write_sentences(const struct doctor_findings *f, struct buf *out)
{
    say_settings(f, out);
    for (size_t i = 0; i < doctor_endpoint_count(f->network); i++)
        say_endpoint(f, i, out);
    say_feeds(f, out);
    say_neardata(f, out);
    say_keys(f, out);
    say_terminal(f, out);
    buf_add_c(out, f->is_ok ? "Calls can be followed.\n"
                            : "Calls cannot be followed, because of what does not work.\n");
    if (!f->is_ok && f->network->has_well_known_keys && !f->network->is_embedded)
        buf_add_c(out, "Is \"neartop localnet\" running there?\n");
}
