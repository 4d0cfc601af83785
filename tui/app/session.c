#include "tui/app/session.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net/base/clock.h"
#include "net/base/log.h"
#include "tui/app/confirm.h"
#include "tui/app/drill.h"
#include "tui/app/nonce_folder.h"
#include "tui/model/target.h"
#include "tui/app/token.h"
#include "tui/model/want.h"
#include "tui/out/out.h"

enum { MAX_WANTS = 64, EXIT_NOT_SENT = 3, EXIT_USAGE = 64, EXIT_CONFIG = 78, WS_TOKEN_ROOM = 1024 };

struct call *
session_call(struct session *s)
{
    return hash_is_zero(&s->current) ? NULL : store_call(s->store, &s->current);
}

bool
session_choose(struct session *s, const struct hash *tx)
{
    if (!store_call(s->store, tx))
        return false;
    s->current = *tx;
    s->is_dirty = true;
    return true;
}

void
session_quit(struct session *s, int exit_status)
{
    s->exit_status = exit_status;
    loop_stop(s->loop);
}

void
session_tell(struct session *s, const struct trouble *t)
{
    log_line(LOG_WARNING, "app", "%s: %s", t->where, t->text);
    if (s->front->trouble)
        s->front->trouble(s, t);
}

void
session_trouble(struct session *s, const char *code, const char *text, const char *where)
{
    session_tell(s, &(struct trouble){TROUBLE_ONCE, code, text, where});
}

static void
tell_word(struct session *s, const struct oddity_word *word)
{
    session_tell(s, &(struct trouble){word->kind, word->code, word->text, word->where});
}

/* --- facts -------------------------------------------------------------------------------- */

static void
on_event(void *context, const struct event *ev)
{
    struct session *s = context;
    watch_heard(s, ev);
    struct oddity_word word;
    if (store_apply(s->store, ev))
        s->is_dirty = true;
    /* That the embedded chain ended explains all the rest, and must not be hidden by it. */
    if (ev->kind == EVENT_SOURCE && !s->has_lost_chain && oddity_of_source(&s->oddity, ev, &word))
        tell_word(s, &word);
    if (ev->kind == EVENT_ENDPOINT && ev->endpoint.index < STORE_MAX_ENDPOINTS &&
        oddity_of_endpoint(&s->oddity, s->store, ev->endpoint.index, &word))
        tell_word(s, &word);
}

static void
tell_oddities(struct session *s)
{
    struct call *c = session_call(s);
    struct oddity_word word;
    while (c && oddity_of_call(&s->oddity, c, &word))
        tell_word(s, &word);
}

static size_t
on_wants(void *context, struct want *out, size_t max)
{
    struct session *s = context;
    size_t count = open_calls_wants(&s->open, s->store, out, max);
    return s->follow ? count + follow_wants(s->follow, out + count, max - count) : count;
}

static void
check_end(struct session *s)
{
    struct hash tx;
    if (s->follow)
        follow_update(s->follow);
    while (open_calls_take_over(&s->open, s->store, &tx)) {
        /* Refused while it is still being sent: it is signed anew, and goes on as another. */
        struct call *c = store_call(s->store, &tx);
        bool is_signed_anew = s->sending && c && c->state == TX_REFUSED;
        s->is_over |= hash_equal(&tx, &s->current) && !is_signed_anew;
        sources_unfollow(s->sources, &tx);
    }
}

void
session_tell_left(struct session *s)
{
    char text[160];
    size_t kept = s->follow ? follow_keep(s->follow) : STORE_MAX_CALLS;
    if (s->has_told_left || !s->store->left_count || s->front->left)
        return;
    s->has_told_left = true;
    if (s->follow)
        snprintf(text, sizeof(text), "%zu call%s ended %s kept (--keep): from now on the oldest leaves "
                 "when one ends", kept, kept == 1 ? " that has" : "s that have", kept == 1 ? "is" : "are");
    else
        snprintf(text, sizeof(text), "%zu calls are kept: from now on the oldest leaves when one comes",
                 kept);
    session_trouble(s, "calls_leave", text, "");
}

static void
before_sleep(void *context)
{
    struct session *s = context;
    if (!s->is_dirty)
        return;
    s->is_dirty = false;
    tell_oddities(s);
    session_tell_left(s);
    check_end(s);
    comparison_step(s);
    if (s->sources)
        sources_poke(s->sources);
    if (s->front->update)
        s->front->update(s);
}

/* --- beginning ---------------------------------------------------------------------------- */

static enum err
begin_demo(struct session *s, struct diag *d)
{
    struct plan plan, fault;
    struct drill drill;
    enum plan_mode mode;
    enum err e = drill_of_opts(s->opts, &mode, &drill, d);
    if (!e && drill_plan(&drill, mode, &s->arena, &plan, &fault))
        session_send_with_fault(s, &fault, &plan);
    else if (!e)
        session_send(s, &plan);
    return e;
}

static enum err
begin(struct session *s, struct diag *d)
{
    switch (s->opts->command) {
    case COMMAND_DEMO: return begin_demo(s, d);
    case COMMAND_WATCH: return session_watch(s, s->opts->arguments[0], d);
    case COMMAND_CALLS: return OK;
    case COMMAND_COMPARE: comparison_step(s); return OK;
    case COMMAND_FOLLOW: s->follow = follow_start(s); return OK;
    case COMMAND_CALL: session_send(s, &s->plan); return OK;
    case COMMAND_NONE:
    case COMMAND_VIEW:
    case COMMAND_LOCALNET:
    case COMMAND_FAULT:
    case COMMAND_DOCTOR:
    case COMMAND_RELAY:
    case COMMAND_HELP:
    case COMMAND_PRINT_CONFIG:
    case COMMAND_LIST_CALLS:
    case COMMAND_CHECK_THEME:
    case COMMAND_TABLES:
    case COMMAND_VERSION: break;
    }
    return ERR_INTERNAL;
}

static void
share_nonces(struct session *s, const char *url)
{
    const char *folder = nonce_folder(&s->arena), *chain = nonce_chain(url, &s->arena);
    if (folder)
        sender_share_nonces(sources_sender(s->sources), folder, chain);
    /* A chain of this machine is this user's own, and its hashes are the same each time. */
    if (!chain[0])
        sender_spread_nonces(sources_sender(s->sources));
}

static enum err
connect_sources(struct session *s, struct diag *d)
{
    struct network_headers headers;
    struct endpoint_config endpoints[ENDPOINTS_MAX];
    struct feed_address feeds[FEEDS_MAX];
    const struct sources_config config = {
        .endpoints = endpoints,
        .endpoint_count = network_endpoints(&s->network, &headers, endpoints),
        .per_second = s->network.per_second,
        .per_minute = s->network.per_minute,
        .feeds = feeds,
        .feed_count = network_feeds(&s->network, s->ws_token.n ? buf_c(&s->ws_token) : NULL, feeds),
        .block_time_ms = s->opts->block_time.is_given ? (uint32_t)s->opts->block_time.number
                                                      : s->network.block_time_ms,
        .wants = on_wants,
    };
    s->sources = sources_new(s->loop, &config, on_event, s);
    share_nonces(s, endpoints[0].url);
    enum err e = begin(s, d);
    if (!e && s->is_waiting)
        session_send(s, &s->plan);
    return e;
}

static void
on_child_ready(void *context, const char *rpc, const char *ws)
{
    struct session *s = context;
    struct diag d = {0};
    bool has_no_ws = s->opts->ws.is_given && strcmp(s->opts->ws.text, "off") == 0;
    snprintf(s->network.rpc, sizeof(s->network.rpc), "%s", rpc);
    if (!has_no_ws && !s->network.ws[0])
        snprintf(s->network.ws, sizeof(s->network.ws), "%s", ws);
    enum err e = connect_sources(s, &d);
    if (e) {
        session_trouble(s, err_name(e), diag_text(&d), "demo");
        session_quit(s, EXIT_USAGE);
    }
}

static void
on_child_ended(void *context, const char *sentence)
{
    struct session *s = context;
    s->has_lost_chain = true;
    session_trouble(s, "chain_ended", sentence, "embedded chain");
    s->is_dirty = true;
    if (!s->is_over)
        s->is_over = s->is_unknown = true;
}

static void
on_child_refused(void *context, const char *sentence)
{
    struct session *s = context;
    session_trouble(s, err_name(ERR_SYNTAX), sentence, "");
    session_quit(s, EXIT_USAGE);
}

static enum err
start(struct session *s, struct diag *d)
{
    const struct child_handlers handlers = {.ready = on_child_ready, .ended = on_child_ended,
                                            .refused = on_child_refused, .context = s};
    if (!s->network.is_embedded)
        return connect_sources(s, d);
    return child_start(s->loop, s->opts, &handlers, &s->child, d);
}

static void
on_signal(void *context, int number)
{
    session_quit(context, 128 + number);
}

/* What was given, or what the pasted address says, or what the network module takes by itself.
 * A transaction that somebody sent is never on a chain that is only now started. */
/* A page that is known by its name, then one of the settings, where an explorer on this machine
 * has the address of a network of ours. */
static const char *
network_of_target(const struct config *config, const struct target *t, const char *text)
{
    bool is_known = t->network && strcmp(t->network, "localnet") != 0;
    const char *set = t->is_page && !is_known ? network_of_page(config, str_from(text)) : NULL;
    return set ? set : t->network;
}

/* An explorer of one chain, and a network of another. What the settings do not say is let pass, and so
 * is an explorer on this machine. */
static enum err
check_place(const struct session *s, const struct target *t, struct diag *d)
{
    const struct option_value *asked = &s->opts->network;
    const struct target_place here = {s->network.name, s->network.chain_id, s->network.explorer};
    bool is_sure = asked->is_given && s->network.chain_id[0] && t->network &&
                   strcmp(t->network, "localnet") != 0;
    if (!is_sure || !target_is_elsewhere(t, str_from(s->opts->arguments[0]), &here))
        return OK;
    return diag_set(d, ERR_SYNTAX, "that is an address of %s, and --network is %s: which of the two?",
                    t->network, asked->text);
}

static enum err
choose_network(struct session *s, struct diag *d)
{
    const struct opts *o = s->opts;
    struct target target = {0};
    const char *name = o->network.is_given ? o->network.text : NULL;
    bool is_demos = o->command == COMMAND_COMPARE && !o->argument_count && !o->rpc.is_given && !name;
    if (o->command == COMMAND_DEMO || is_demos)
        name = "demo";
    if (o->command == COMMAND_WATCH) {
        enum err e = target_read(o->arguments[0], &target, d);
        if (e)
            return e;
        if (!name && !o->rpc.is_given)
            name = network_of_target(s->config, &target, o->arguments[0]);
        bool is_said = name || o->rpc.is_given || s->config->general.network.text[0];
        if (!is_said && target.is_page)
            return diag_set(d, ERR_SYNTAX, "whose explorer is that? --network testnet, mainnet or "
                                           "localnet says it, or \"explorer = …\" in neartop.conf");
        if (!is_said)
            return diag_set(d, ERR_SYNTAX, "on which network? --network testnet, mainnet or "
                                           "localnet says it, and so does an explorer's address");
    }
    bool is_named = name || o->rpc.is_given || s->config->general.network.text[0];
    if (o->command == COMMAND_FOLLOW && !is_named)
        return diag_set(d, ERR_SYNTAX, "on which network? --network testnet, mainnet or localnet "
                                       "says it");
    enum err e = network_choose(s->config, name, o->rpc.is_given ? o->rpc.text : NULL,
                                o->ws.is_given ? o->ws.text : NULL, &s->network, d);
    return e || o->command != COMMAND_WATCH ? e : check_place(s, &target, d);
}

static void
keep_key(struct session *s, struct plan_key *found)
{
    s->key = secret_key_keep(&found->key);
    snprintf(s->key_warning, sizeof(s->key_warning), "%s", found->warning);
    secret_key_wipe(&found->key);
}

static enum err
keep_key_of_text(struct session *s, struct diag *d)
{
    struct plan_key found = {.path = ""};
    enum err e = plan_key_of_text(s->opts->key_text, &found.key, d);
    if (!e)
        keep_key(s, &found);
    return e;
}

/* It cannot be had twice, nor waited for when a screen is there. Others are read when needed. */
static enum err
keep_key_of_pipe(struct session *s, struct diag *d)
{
    struct plan_key found;
    if (s->opts->read_only.is_given || !plan_key_is_piped(s->opts))
        return OK;
    enum err e = plan_key_of_pipe(s->opts, &found, d);
    if (!e)
        keep_key(s, &found);
    return e;
}

/* Only for an address that was given: no other server shall see it. */
static enum err
read_ws_token(struct session *s, struct diag *d)
{
    char warning[DIAG_MAX];
    const struct opts *o = s->opts;
    if (!o->ws.is_given)
        return o->token_file.is_given
                   ? diag_set(d, ERR_SYNTAX, "--token-file: it is for a relay, which --ws names")
                   : OK;
    return token_read(o->token_file.is_given ? o->token_file.text : NULL, &s->ws_token, warning, d);
}

/* What can be said about the command line before anything is started. */
static enum err
check(struct session *s, struct diag *d)
{
    const struct opts *o = s->opts;
    struct drill drill;
    enum plan_mode mode;
    enum err e = choose_network(s, d);
    if (!e && o->command == COMMAND_FOLLOW)
        e = follow_check(o, d);
    if (!e && o->command == COMMAND_CALL)
        e = plan_call(o, &s->network, &s->arena, &s->plan, d);
    if (!e && o->command == COMMAND_COMPARE)
        e = comparison_plan(o, &s->network, &s->arena, &s->comparison, d);
    if (!e && o->key_text)
        e = keep_key_of_text(s, d);
    if (!e)
        e = read_ws_token(s, d);
    if (!e)
        e = drill_of_opts(o, &mode, &drill, d);
    return e;
}

/* What was passed over in the settings, so that nobody wonders later. */
static void
tell_warnings(struct session *s)
{
    if (s->opts->key_text)
        session_trouble(s, "settings", "a private key on the command line stays in the shell's history, "
                        "and others could read it in the list of processes until just now; "
                        "sign-with-access-key-file FILE keeps it out of both", "keys");
    if (s->key_warning[0])
        session_trouble(s, "key_permissions", s->key_warning, "keys");
    if (s->network.warning[0])
        session_trouble(s, "settings", s->network.warning, "settings");
    if (s->config->warning[0] && !s->network.is_embedded)
        session_trouble(s, "settings", s->config->warning, "settings");
}

static void
finish(struct session *s)
{
    if (s->front->close)
        s->front->close(s);
    loop_before_sleep(s->loop, NULL, NULL);
    if (s->sending)
        send_cancel(s->sending);
    watch_end(&s->watching);
    follow_stop(s->follow);
    sources_free(s->sources);
    child_stop(s->child);
}

bool
session_can_send(const struct session *s)
{
    return !s->opts->read_only.is_given &&
           (s->opts->yes.is_given || !confirm_is_needed(&s->network));
}

/* Before anything is shown or started: ERR_REFUSED when it shall not be sent. */
static enum err
confirm(const struct session *s, struct diag *d)
{
    const struct opts *o = s->opts;
    bool is_asked = !o->yes.is_given && confirm_is_needed(&s->network);
    if (o->command == COMMAND_COMPARE && is_asked)
        return diag_set(d, ERR_SYNTAX, "tokens on %s are worth something, and this sends %zu calls: "
                        "--yes says that it shall", s->network.name, s->comparison.runs);
    if (o->command != COMMAND_CALL)
        return OK;
    if (o->read_only.is_given)
        return diag_set(d, ERR_SYNTAX, "--read-only: a call has to be signed; \"neartop view\" asks "
                                       "without signing");
    return is_asked ? confirm_ask(&s->plan, &s->network, o->plain.is_given, d) : OK;
}

static void
dry_run(const struct session *s)
{
    struct buf text;
    buf_init(&text, 64 * 1024);
    if (s->opts->plain.is_given)
        confirm_say(&s->plan, &s->network, NULL, &text);
    else
        confirm_describe(&s->plan, &s->network, NULL, &text);
    fputs(buf_c(&text), stdout);
    buf_release(&text);
}

static int
complain(const struct diag *d, int status)
{
    fprintf(stderr, "neartop: %s\n", diag_text(d));
    return status;
}

static void
release(struct session *s)
{
    secret_key_drop(s->key);
    if (s->ws_token.n)
        wipe(s->ws_token.p, s->ws_token.n);
    buf_release(&s->ws_token);
    arena_release(&s->arena);
    network_release(&s->network);
}

/* All that there is to see of no call is a screen. */
static void
say_no_screen(struct diag *d)
{
    struct diag why = *d;
    diag_set(d, ERR_UNSUPPORTED, "%.120s, and the list of calls is a screen: \"neartop help\" tells "
             "what writes lines", diag_text(&why));
}

/* No terminal to paint on: the same, in lines. Who would have seen a screen is told. */
static enum err
open_lines(struct session *s, const struct front *lines, struct diag *d)
{
    const char *term = getenv("TERM");
    bool is_dumb = term && strcmp(term, "dumb") == 0;
    if (!is_dumb && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
        fprintf(stderr, "neartop: %s: lines instead of a screen.\n", diag_text(d));
    s->front = lines;
    return s->front->open(s, d);
}

int
session_run(const struct opts *o, const struct config *config)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    struct loop_signal *signals[ARRAY_LEN(numbers)];
    struct diag d = {0};
    struct session s = {.opts = o, .config = config, .start_ns = clock_monotonic_ns()};
    arena_init(&s.arena);
    buf_init(&s.ws_token, WS_TOKEN_ROOM);
    crypto_start();
    enum err e = check(&s, &d);
    bool is_dry = !e && o->dry_run.is_given;
    if (is_dry)
        dry_run(&s);
    else if (!e && !(e = confirm(&s, &d)))
        e = keep_key_of_pipe(&s, &d);
    if (e || is_dry) {
        release(&s);
        return !e ? 0 : complain(&d, e == ERR_REFUSED    ? EXIT_NOT_SENT
                                : e == ERR_SETTINGS ? EXIT_CONFIG
                                                    : EXIT_USAGE);
    }
    const struct front *lines = o->command == COMMAND_COMPARE ? &front_compare : &front_text;
    s.front = o->plain.is_given || o->json.is_given ? lines : &front_screen;
    s.store = store_new();
    s.loop = loop_new();
    e = s.front->open(&s, &d);
    if (e == ERR_UNSUPPORTED && o->command == COMMAND_CALLS)
        say_no_screen(&d);
    else if (e == ERR_UNSUPPORTED)
        e = open_lines(&s, lines, &d);
    int status = e ? complain(&d, EXIT_CONFIG) : 0;
    if (!e) {
        for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
            signals[i] = loop_signal_new(s.loop, numbers[i], on_signal, &s);
        loop_before_sleep(s.loop, before_sleep, &s);
        tell_warnings(&s);
        e = start(&s, &d);
        if (!e)
            loop_run(s.loop);
        status = s.exit_status;
        finish(&s);
        if (e)
            status = complain(&d, e == ERR_SYNTAX ? EXIT_USAGE : 3);
        for (size_t i = 0; i < ARRAY_LEN(signals); i++)
            loop_signal_close(signals[i]);
    }
    loop_free(s.loop);
    store_free(s.store);
    release(&s);
    return status;
}
