#include "tui/app/doctor.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "net/base/redact.h"
#include "net/base/xalloc.h"
#include "net/credentials.h"
#include "net/json.h"
#include "net/near/base58.h"
#include "net/rpc.h"
#include "tui/app/child.h"
#include "tui/app/doctor_neardata.h"
#include "tui/app/doctor_part.h"
#include "tui/term/term.h"

enum { TIMEOUT_S = 10, EXIT_UNKNOWN = 3, EXIT_USAGE = 64, EXIT_CONFIG = 78, OUT_MAX = 1024 * 1024 };

struct key_check {
    struct doctor *doctor;
    struct doctor_key *key;
    struct rpc_request *request;    /* NULL: over */
};

struct endpoint_check {
    struct doctor *doctor;
    struct probe *probe;            /* NULL: over */
    size_t index;
};

struct feed_check {
    struct doctor *doctor;
    size_t index;
    struct probe *probe;        /* NULL: over */
};

struct doctor {
    const struct opts *opts;
    struct network network;
    struct doctor_findings found;
    struct loop *loop;
    struct http *http;
    struct rpc *rpc;                /* all endpoints together, for the keys */
    struct child *child;
    struct neardata_check *neardata;
    struct endpoint_check endpoints[ENDPOINTS_MAX];
    struct feed_check feeds[FEEDS_MAX];
    struct key_check keys[DOCTOR_MAX_KEYS];
    size_t accounts;                    /* whose keys were looked at */
    struct loop_timer *patience;
    unsigned open;                  /* checks under way */
    char trouble[DIAG_MAX];
};

size_t
doctor_feed_count(const struct network *n)
{
    return n->feed_count ? n->feed_count : n->ws[0] != '\0';
}

const char *
doctor_feed_text(const struct network *n, size_t index, char out[DOCTOR_FEED_TEXT])
{
    struct url url;
    char host[URL_HOST_MAX + 8] = "";
    if (!n->feed_count) {
        snprintf(out, DOCTOR_FEED_TEXT, "%s", n->ws);
        return out;
    }
    if (url_parse(str_from(n->feeds[index].url), &url, NULL) == OK)
        url_host_text(&url, host);
    snprintf(out, DOCTOR_FEED_TEXT, "%s at %s", n->feeds[index].name, host);
    return out;
}

size_t
doctor_endpoint_count(const struct network *n)
{
    return n->endpoint_count ? n->endpoint_count : 1;
}

const char *
doctor_endpoint_name(const struct network *n, size_t index)
{
    return n->endpoint_count ? n->endpoints[index].name : n->name;
}

void
doctor_endpoint_host(const struct network *n, size_t index, char out[URL_HOST_MAX + 8])
{
    struct url url;
    const char *text = n->endpoint_count ? n->endpoints[index].url : n->rpc;
    out[0] = '\0';
    if (url_parse(str_from(text), &url, NULL) == OK)
        url_host_text(&url, out);
}

static void
check_is_over(struct doctor *doc)
{
    if (--doc->open == 0)
        loop_stop(doc->loop);
}

/* --- endpoints and feed ------------------------------------------------------------------- */

static void
on_endpoint(void *context, const struct endpoint_probe *result)
{
    struct endpoint_check *check = context;
    struct doctor *doc = check->doctor;
    struct doctor_endpoint *e = &doc->found.endpoints[check->index];
    const char *expected = doc->network.chain_id;
    check->probe = NULL;
    e->is_done = true;
    e->probe = *result;
    if (result->chain_id[0] && expected[0] && strcmp(result->chain_id, expected) != 0) {
        e->is_other_chain = true;
        snprintf(e->probe.sentence, sizeof(e->probe.sentence),
                 "it serves the chain %.60s, not %.60s", result->chain_id, expected);
    }
    check_is_over(doc);
}

static void
on_feed(void *context, const struct feed_probe *result)
{
    struct feed_check *check = context;
    check->probe = NULL;
    check->doctor->found.feeds[check->index] = (struct doctor_feed){true, *result};
    check_is_over(check->doctor);
}

static void
on_neardata(void *context)
{
    check_is_over(context);
}

static void
check_neardata(struct doctor *doc, uint32_t timeout_ms)
{
    const char *key = getenv("NEARTOP_NEARDATA_KEY");
    if (!doc->network.neardata[0])
        return;
    if (key && (!key[0] || redact_keep(str_from(key), NULL)))
        key = NULL;
    doc->open++;
    doc->neardata = neardata_check_start(doc->http, doc->network.neardata, key, timeout_ms,
                                         &doc->found.neardata, on_neardata, doc);
}

/* --- keys --------------------------------------------------------------------------------- */

static void
read_permission(struct doctor_key *key, const struct json *result)
{
    const struct json *permission = json_find(result, "permission");
    struct str text;
    key->is_on_chain = true;
    key->is_full = json_string(permission, &text, NULL) == OK;
    if (json_get_string(json_find(permission, "FunctionCall"), "receiver_id", &text, NULL) == OK)
        (void)!str_copy(text, key->receiver, sizeof(key->receiver));
}

static void
on_key(void *context, const struct rpc_reply *reply)
{
    struct key_check *check = context;
    struct doctor_key *key = check->key;
    check->request = NULL;
    key->is_asked = reply->fault == RPC_FINE || reply->fault == RPC_UNKNOWN_KEY ||
                    reply->fault == RPC_UNKNOWN_ACCOUNT;
    if (reply->fault == RPC_FINE)
        read_permission(key, reply->result);
    else if (reply->fault == RPC_UNKNOWN_KEY)
        snprintf(key->text, sizeof(key->text), "the account does not have this key");
    else if (reply->fault == RPC_UNKNOWN_ACCOUNT)
        snprintf(key->text, sizeof(key->text), "there is no such account on this network");
    else
        snprintf(key->text, sizeof(key->text), "%s", diag_text(&reply->diag));
    check_is_over(check->doctor);
}

static void
ask_for_key(struct doctor *doc, size_t index)
{
    struct doctor_key *key = &doc->found.keys[index];
    char text[KEY_TEXT];
    struct buf buf;
    struct json_writer w;
    if (!key->is_loaded)
        return;
    buf_init(&buf, 512);
    json_write_begin(&w, &buf);
    json_write_object(&w);
    json_put_c(&w, "request_type", "view_access_key");
    json_put_c(&w, "finality", "final");
    json_put_c(&w, "account_id", key->account.s);
    json_put_c(&w, "public_key", public_key_text(&key->key, text));
    json_write_object_end(&w);
    doc->keys[index] = (struct key_check){.doctor = doc, .key = key};
    doc->open++;
    doc->keys[index].request =
        rpc_start(doc->rpc, "query", buf_str(&buf), 1, on_key, &doc->keys[index]);
    buf_release(&buf);
}

/* near-cli-rs writes one key into two files. */
static bool
is_there(const struct doctor_findings *f, const struct account_id *account,
         const struct public_key *key)
{
    for (size_t i = 0; i < f->key_count; i++) {
        if (f->keys[i].is_loaded && account_equal(&f->keys[i].account, account) &&
            public_key_equal(&f->keys[i].key, key))
            return true;
    }
    return false;
}

static void
on_account(void *context, const struct account_id *account)
{
    struct doctor *doc = context;
    struct doctor_findings *f = &doc->found;
    struct credentials found = {.path = ""};
    char after[CREDENTIALS_PATH_MAX] = "";
    doc->accounts += f->key_count < DOCTOR_MAX_KEYS;
    while (f->key_count < DOCTOR_MAX_KEYS) {
        struct diag d = {0};
        struct doctor_key *key = &f->keys[f->key_count];
        enum err e = credentials_load_next(f->key_folder, doc->network.keys, account, after, &found,
                                           &d);
        if (e == ERR_NOT_FOUND && after[0])
            return;
        *key = (struct doctor_key){.account = *account, .is_loaded = !e, .key = found.public_key};
        snprintf(key->text, sizeof(key->text), "%s", e ? diag_text(&d) : found.warning);
        bool is_new = e || !is_there(f, account, &key->key);
        f->key_count += is_new;
        if (e)
            return;
        snprintf(after, sizeof(after), "%s", found.path);
        credentials_wipe(&found);
    }
}

static enum err
find_keys(struct doctor *doc, struct diag *d)
{
    struct doctor_findings *f = &doc->found;
    enum err e = OK;
    if (doc->opts->key_dir.is_given)
        snprintf(f->key_folder, sizeof(f->key_folder), "%s", doc->opts->key_dir.text);
    else
        e = credentials_home(f->key_folder, d);
    if (!e) {
        size_t accounts = credentials_list(f->key_folder, doc->network.keys, DOCTOR_MAX_KEYS,
                                           on_account, doc);
        f->keys_there = f->key_count + accounts - doc->accounts;
    }
    return e;
}

/* --- the terminal ------------------------------------------------------------------------- */

static void
look_at_terminal(struct doctor_findings *f)
{
    struct winsize size = {0};
    f->term = getenv("TERM");
    f->is_terminal = isatty(STDOUT_FILENO);
    f->is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    f->colours = f->term && f->term[0] ? term_count_colours() : -1;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
        f->width = size.ws_col;
        f->height = size.ws_row;
    }
}

/* --- all together ------------------------------------------------------------------------- */

static void
start_checks(struct doctor *doc)
{
    uint32_t timeout_ms = doc->found.timeout_s * 1000;
    struct network_headers headers;
    struct endpoint_config configs[ENDPOINTS_MAX];
    size_t count = network_endpoints(&doc->network, &headers, configs);
    doc->rpc = rpc_new(doc->loop, doc->http, &(struct rpc_config){
        .endpoints = configs, .endpoint_count = count, .timeout_ms = timeout_ms});
    for (size_t i = 0; i < count; i++) {
        doc->endpoints[i] = (struct endpoint_check){.doctor = doc, .index = i};
        doc->open++;
        doc->endpoints[i].probe = probe_endpoint(doc->loop, doc->http, &configs[i], timeout_ms,
                                                 on_endpoint, &doc->endpoints[i]);
    }
    struct feed_address feeds[FEEDS_MAX];
    size_t feed_count = network_feeds(&doc->network, NULL, feeds);
    for (size_t i = 0; i < feed_count; i++) {
        doc->feeds[i] = (struct feed_check){.doctor = doc, .index = i};
        doc->open++;
        doc->feeds[i].probe =
            probe_feed(doc->loop, &feeds[i], timeout_ms, on_feed, &doc->feeds[i]);
    }
    check_neardata(doc, timeout_ms);
    for (size_t i = 0; i < doc->found.key_count; i++)
        ask_for_key(doc, i);
}

static void
on_child_ready(void *context, const char *rpc, const char *ws)
{
    struct doctor *doc = context;
    snprintf(doc->network.rpc, sizeof(doc->network.rpc), "%s", rpc);
    if (!doc->network.ws[0] && !doc->opts->ws.is_given)
        snprintf(doc->network.ws, sizeof(doc->network.ws), "%s", ws);
    start_checks(doc);
}

static void
on_child_ended(void *context, const char *sentence)
{
    struct doctor *doc = context;
    snprintf(doc->trouble, sizeof(doc->trouble), "%s", sentence);
    loop_stop(doc->loop);
}

static void
on_impatient(void *context)
{
    struct doctor *doc = context;
    loop_stop(doc->loop);
}

static void
judge(struct doctor *doc)
{
    struct doctor_findings *f = &doc->found;
    bool is_mixed = false;
    for (size_t i = 0; i < doctor_endpoint_count(&doc->network); i++) {
        f->is_ok |= f->endpoints[i].probe.works && !f->endpoints[i].is_other_chain;
        is_mixed |= f->endpoints[i].is_other_chain;
    }
    f->is_ok &= !is_mixed;
}

static void
release(struct doctor *doc)
{
    for (size_t i = 0; i < ENDPOINTS_MAX; i++)
        probe_cancel(doc->endpoints[i].probe);
    for (size_t i = 0; i < FEEDS_MAX; i++)
        probe_cancel(doc->feeds[i].probe);
    neardata_check_free(doc->neardata);
    rpc_free(doc->rpc);
    http_free(doc->http);
    child_stop(doc->child);
    loop_timer_close(doc->patience);
    loop_free(doc->loop);
    network_release(&doc->network);
}

static enum err
examine(struct doctor *doc, struct diag *d)
{
    const struct child_handlers handlers = {.ready = on_child_ready, .ended = on_child_ended,
                                            .context = doc};
    enum err e = find_keys(doc, d);
    look_at_terminal(&doc->found);
    doc->loop = loop_new();
    doc->http = http_new(doc->loop);
    doc->patience = loop_timer_new(doc->loop, on_impatient, doc);
    /* Each check has its time-out; several requests follow each other in one. */
    loop_timer_start(doc->patience, (uint64_t)doc->found.timeout_s * 2000, 0);
    if (!e && doc->network.is_embedded)
        e = child_start(doc->loop, doc->opts, &handlers, &doc->child, d);
    else if (!e)
        start_checks(doc);
    if (!e)
        loop_run(doc->loop);
    if (!e && doc->trouble[0])
        e = diag_set(d, ERR_IO, "%s", doc->trouble);
    return e;
}

int
doctor_run(const struct opts *o, const struct config *config)
{
    struct doctor *doc = xcalloc(1, sizeof(*doc));
    struct diag d = {0};
    struct buf out;
    int status = EXIT_USAGE;
    doc->opts = o;
    crypto_start();
    enum err e = network_choose(config, o->network.is_given ? o->network.text : NULL,
                                o->rpc.is_given ? o->rpc.text : NULL,
                                o->ws.is_given ? o->ws.text : NULL, &doc->network, &d);
    if (e == ERR_SETTINGS)
        status = EXIT_CONFIG;
    if (!e && o->timeout.is_given && (o->timeout.number < 1 || o->timeout.number > 600))
        e = diag_set(&d, ERR_RANGE, "--timeout: expected 1 to 600 seconds");
    doc->found.config = config;
    doc->found.network = &doc->network;
    doc->found.timeout_s = o->timeout.is_given ? (unsigned)o->timeout.number : TIMEOUT_S;
    if (!e) {
        status = EXIT_UNKNOWN;
        e = examine(doc, &d);
    }
    if (e) {
        fprintf(stderr, "neartop: %s\n", diag_text(&d));
    } else {
        judge(doc);
        buf_init(&out, OUT_MAX);
        if (o->json.is_given)
            doctor_write_json(&doc->found, &out);
        else if (o->plain.is_given)
            doctor_write_sentences(&doc->found, &out);
        else
            doctor_write_text(&doc->found, &out);
        fputs(buf_c(&out), stdout);
        buf_release(&out);
        status = doc->found.is_ok ? 0 : EXIT_UNKNOWN;
    }
    release(doc);
    xfree(doc);
    return status;
}
