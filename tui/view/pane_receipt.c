/* Everything about one receipt, as lines that can be scrolled. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "net/base/clock.h"
#include "net/base/utf8.h"
#include "net/json.h"
#include "net/near/base58.h"
#include "tui/out/missing.h"
#include "tui/out/text.h"
#include "tui/view/pane.h"
#include "tui/view/pretty.h"
#include "tui/view/row_branch.h"

enum { LABEL_WIDE = 15, LABEL_NARROW = 12, NARROW = 50 };
enum { TEXT_MAX = 64 * 1024, VALUE_MOST = TEXT_MAX / 4, LINES_MOST = 1000, PROFILE_MOST = 64,
       COST_COLUMN = 30, GAS_COLUMN = 9, HANGING = 2, PROFILE_BAR = 24,
       EVENTS_MOST = 100, INPUTS_MOST = 100, LATE_FROM = 4 };

struct page {
    struct cells *c;
    struct box b;
    const struct frame *f;
    int line, skip;         /* of all lines; how many are above the box */
};

static int
label_width(const struct page *p)
{
    return p->b.width < NARROW ? LABEL_NARROW : LABEL_WIDE;
}

/* The row of the current line, or -1 when it is out of sight. */
static int
row_of(const struct page *p)
{
    int y = p->b.y + p->line - p->skip;
    return y >= p->b.y && y < p->b.y + p->b.height ? y : -1;
}

/* All that is seen is painted: what follows need not be looked at. */
static bool
is_past(const struct page *p)
{
    return p->b.height > 0 && p->line - p->skip >= p->b.height;
}

static void
put_label(struct page *p, const char *label)
{
    if (row_of(p) >= 0)
        cells_put_c(p->c, p->b.x, row_of(p), label, label_width(p) - 1, ROLE_MUTED);
}

/* One line of the text as it came, broken where it is too long; its own indent is kept, and what goes
 * on below it stands deeper. */
static void
put_wrapped(struct page *p, enum role role, struct str text)
{
    int indent = 0, width = p->b.width - label_width(p), lines = 0;
    struct buf clean;
    struct str line;
    while (indent < (int)text.n && text.p[indent] == ' ')
        indent++;
    if (indent > width / 2)
        indent = 0;
    buf_init(&clean, TEXT_MAX * 4);
    utf8_clean(&clean, str_slice(text, 0, TEXT_MAX));
    struct str rest = buf_str(&clean);
    while (lines < LINES_MOST && !is_past(p) && cells_take_line(&rest, width - indent, &line)) {
        int y = row_of(p);
        if (y >= 0)
            cells_put(p->c, p->b.x + label_width(p) + indent, y, line, width - indent, role);
        p->line++;
        lines++;
        if (lines == 1 && indent && indent + HANGING < width / 2)
            indent += HANGING;
    }
    if (lines == 0)
        p->line++;
    buf_release(&clean);
}

static void
put_text(struct page *p, const char *label, enum role role, struct str text)
{
    put_label(p, label);
    put_wrapped(p, role, text);
}

/* Text of several lines. */
static void
put_lines(struct page *p, const char *label, enum role role, struct str text)
{
    struct str line;
    put_label(p, label);
    for (int i = 0; i < LINES_MOST && str_take_until(&text, '\n', &line); i++)
        put_wrapped(p, role, line);
    if (text.n)
        put_wrapped(p, ROLE_MUTED, STR("and more"));
}

static void
putf(struct page *p, const char *label, enum role role, const char *format, ...)
    PRINTF_LIKE(4, 5);

static void
putf(struct page *p, const char *label, enum role role, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    put_text(p, label, role, str_from(text));
}

/* JSON is laid out, other text is as it is, bytes are counted. */
static void
put_value(struct page *p, const char *label, enum role role, struct str value)
{
    struct buf text;
    buf_init(&text, TEXT_MAX * 4);
    if (!pretty_json(&text, value, p->b.width - label_width(p)))
        text_value(&text, value, VALUE_MOST);
    put_lines(p, label, role, buf_str(&text));
    if (value.n > VALUE_MOST)
        putf(p, "", ROLE_MUTED, "%zu bytes in all", value.n);
    buf_release(&text);
}

/* --- how it went ------------------------------------------------------------------------------ */

static void
failure(struct page *p, const struct node *n)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    text_reason(&text, n);
    put_text(p, text_status(n), ROLE_FAILED, buf_str(&text));
    buf_clear(&text);
    text_advice(&text, n);
    if (text.n)
        put_text(p, "advice", ROLE_TEXT, buf_str(&text));
    buf_clear(&text);
    text_failed_action(&text, n);
    if (text.n)
        put_text(p, "it was", ROLE_TEXT, buf_str(&text));
    if (n->status == NODE_FAILED && n->feed_count)
        put_text(p, "it means", ROLE_TEXT,
                 STR("Only this receipt was rolled back. The others went on, and the callback was "
                     "told of the failure."));
    else if (n->status == NODE_FAILED && n->role == RECEIPT_CALLBACK)
        put_text(p, "it means", ROLE_TEXT,
                 STR("Only this receipt was rolled back. What the branches did stands."));
    buf_release(&text);
}

static void
passed_on(struct page *p, const struct node *n)
{
    const struct node *to = call_node(p->f->call, &n->outcome.returns);
    struct buf text;
    buf_init(&text, 1024);
    buf_add_c(&text, "Its result is that of ");
    if (to)
        receipt_title(&text, to);
    else
        buf_add_c(&text, "a receipt it returned");
    buf_add_byte(&text, '.');
    put_text(p, text_status(n), ROLE_OK, buf_str(&text));
    buf_release(&text);
}

/* Blocks since it could run: since it was made, or since the last of its inputs was there. */
static uint64_t
blocks_in_flight(const struct page *p, const struct node *n)
{
    const struct store *s = p->f->s->store;
    uint64_t since = n->has_created ? n->created_height : 0;
    for (size_t i = 0; i < n->input_count; i++) {
        const struct node *in = n->inputs[i] ? call_deliverer(p->f->call, n->inputs[i]) : NULL;
        if (in && in->has_height && in->height > since)
            since = in->height;
    }
    return since && s->has_head && s->head_height > since ? s->head_height - since : 0;
}

static void
in_flight(struct page *p, const struct node *n)
{
    struct buf text;
    uint64_t blocks = blocks_in_flight(p, n);
    buf_init(&text, 1024);
    buf_add_c(&text, "On its way to its shard, or in the shard's queue");
    if (blocks >= LATE_FROM)
        buf_addf(&text, ", for %llu blocks: most run in the next one. Its shard may be congested, or may be "
                 "making no chunks", (unsigned long long)blocks);
    buf_add_byte(&text, '.');
    put_text(p, text_status(n), blocks >= LATE_FROM ? ROLE_WARNING : ROLE_RUNNING, buf_str(&text));
    buf_release(&text);
}

static void
how_it_went(struct page *p, const struct node *n)
{
    struct buf text;
    switch (n->status) {
    case NODE_FAILED:
    case NODE_HOLE: failure(p, n); return;
    case NODE_UNKNOWN:
        put_text(p, text_status(n), ROLE_MUTED,
                 STR("Its parent named it; what it is was not told yet."));
        return;
    case NODE_IN_FLIGHT:
        in_flight(p, n);
        return;
    case NODE_WAITING:
        buf_init(&text, 1024);
        buf_add_c(&text, "It runs when it has been told all results: ");
        waits_text(&text, p->f, n);
        buf_add_byte(&text, '.');
        put_text(p, text_status(n), ROLE_WAITING, buf_str(&text));
        buf_release(&text);
        return;
    case NODE_DONE: break;
    }
    if (n->outcome.status == OUTCOME_RECEIPT)
        passed_on(p, n);
    else
        put_value(p, n->role == RECEIPT_REFUND ? text_status(n) : "returned", ROLE_OK,
                  n->outcome.value);
}

/* --- what was asked --------------------------------------------------------------------------- */

static void
action(struct page *p, const char *label, const struct action *a)
{
    char gas[GAS_TEXT], amount[AMOUNT_NEAR_TEXT];
    struct buf text;
    buf_init(&text, TEXT_MAX);
    if (a->kind == ACTION_FUNCTION_CALL) {
        buf_add_str(&text, str_slice(a->method, 0, 256));
        buf_addf(&text, " with %s Tgas", gas_attached_text(a->gas, gas));
    } else {
        buf_add_c(&text, action_kind_name(a->kind));
    }
    if (!amount_is_zero(a->deposit))
        buf_addf(&text, "%s%s", a->kind == ACTION_FUNCTION_CALL ? " and " : " of ",
                 amount_near_text(a->deposit, 8, amount));
    put_text(p, label, ROLE_TEXT, buf_str(&text));
    buf_release(&text);
    if (a->kind == ACTION_FUNCTION_CALL && a->args.n)
        put_value(p, "arguments", ROLE_TEXT, a->args);
}

static void
actions(struct page *p, const struct node *n)
{
    for (size_t i = 0; i < n->receipt.action_count; i++) {
        char label[32] = "calls";
        if (n->receipt.action_count > 1)
            snprintf(label, sizeof(label), "action %zu", i);
        else if (n->receipt.actions[i].kind != ACTION_FUNCTION_CALL)
            snprintf(label, sizeof(label), "action");
        action(p, label, &n->receipt.actions[i]);
    }
}

/* --- where and when --------------------------------------------------------------------------- */

static void
place(struct page *p, const struct node *n)
{
    struct buf text;
    if (!n->has_height)
        return;
    buf_init(&text, 1024);
    buf_addf(&text, "block %llu", (unsigned long long)n->height);
    if (n->has_shard)
        buf_addf(&text, ", shard %llu", (unsigned long long)n->shard);
    buf_add_c(&text, n->certainty == CERTAINTY_FINAL ? ", final" : ", not final yet");
    if (n->has_created && n->height > n->created_height)
        buf_addf(&text, ", %llu block%s after it was made",
                 (unsigned long long)(n->height - n->created_height),
                 n->height - n->created_height == 1 ? "" : "s");
    put_text(p, "ran in", ROLE_TEXT, buf_str(&text));
    buf_release(&text);
}

/* Which source told the outcome first, and how much later the others did. */
static void
heard(struct page *p, const struct node *n)
{
    int first = -1;
    struct buf text;
    for (int i = 0; i < SOURCE_COUNT; i++) {
        if (n->told_ns[i] && (first < 0 || n->told_ns[i] < n->told_ns[first]))
            first = i;
    }
    if (first < 0)
        return;
    buf_init(&text, 1024);
    buf_addf(&text, "first by %s", text_source((enum source_id)first));
    if (p->f->call->begun_ns && n->told_ns[first] >= p->f->call->begun_ns)
        buf_addf(&text, ", %.2f s into the call",
                 (double)(n->told_ns[first] - p->f->call->begun_ns) / NS_PER_S);
    for (int i = 0; i < SOURCE_COUNT; i++) {
        if (i != first && n->told_ns[i])
            buf_addf(&text, "; %s %lld ms later", text_source((enum source_id)i),
                     (long long)((n->told_ns[i] - n->told_ns[first]) / NS_PER_MS));
    }
    put_text(p, "heard", ROLE_TEXT, buf_str(&text));
    buf_release(&text);
}

static void
joins(struct page *p, const struct node *n)
{
    struct buf text;
    buf_init(&text, 1024);
    for (size_t i = 0; i < n->feed_count; i++) {
        buf_clear(&text);
        buf_addf(&text, "result %zu of ", n->feeds[i].index);
        receipt_title(&text, n->feeds[i].callback);
        put_text(p, i ? "" : "feeds", ROLE_JOIN, buf_str(&text));
    }
    for (size_t i = 0; i < n->input_count && i < INPUTS_MOST; i++) {
        const struct node *in = n->inputs[i];
        const char *label = i ? "" : "is told";
        buf_clear(&text);
        if (!in) {
            putf(p, label, ROLE_MUTED, "[%zu] not known yet", i);
            continue;
        }
        buf_addf(&text, "[%zu] ", i);
        text_what(&text, in);
        if (in->has_receipt) {
            buf_add_c(&text, " of ");
            buf_add_str(&text, text_short_account(p->f->call, &in->receipt.receiver));
        }
        buf_addf(&text, ": %s", text_status(in));
        put_text(p, label, in->status == NODE_FAILED ? ROLE_FAILED : ROLE_JOIN, buf_str(&text));
    }
    if (n->input_count > INPUTS_MOST)
        putf(p, "", ROLE_MUTED, "and %zu more", n->input_count - INPUTS_MOST);
    buf_release(&text);
}

/* --- gas, logs, names --------------------------------------------------------------------------- */

static void
gas(struct page *p, const struct node *n)
{
    char burnt[GAS_TEXT], attached[GAS_TEXT], part[GAS_TEXT], tokens[AMOUNT_NEAR_TEXT];
    if (!n->has_outcome)
        return;
    percent_text(gas_part(n), part);
    gas_text_tera(n->outcome.gas_burnt, burnt);
    amount_near_text(n->outcome.tokens_burnt, 8, tokens);
    if (n->gas_attached && n->outcome.gas_burnt > n->gas_attached)
        putf(p, "gas", ROLE_TEXT, "%s Tgas burnt with the receipt's own cost, %s attached (%s), %s", burnt,
             gas_attached_text(n->gas_attached, attached), part, tokens);
    else if (n->gas_attached)
        putf(p, "gas", ROLE_TEXT, "%s of %s Tgas burnt (%s), %s", burnt,
             gas_attached_text(n->gas_attached, attached), part, tokens);
    else
        putf(p, "gas", ROLE_TEXT, "%s Tgas burnt, %s", burnt, tokens);
}

/* "EVENT_JSON:" of NEP-297: standard and event by name, then its data. */
static bool
event(struct page *p, const char *label, struct str log)
{
    const struct str head = STR("EVENT_JSON:");
    struct json *root;
    struct str standard, name;
    struct buf text;
    if (!str_starts(log, head) ||
        json_parse(str_slice(log, head.n, log.n), PRETTY_MAX, &root, NULL))
        return false;
    bool is_event = !json_get_string(root, "standard", &standard, NULL) &&
                    !json_get_string(root, "event", &name, NULL);
    if (is_event) {
        buf_init(&text, TEXT_MAX);
        buf_add_str(&text, str_slice(standard, 0, 64));
        buf_add_byte(&text, ' ');
        buf_add_str(&text, str_slice(name, 0, 64));
        size_t head_end = text.n;
        if (json_find(root, "data")) {
            buf_add_c(&text, "  ");
            json_print(json_find(root, "data"), &text);
        }
        bool is_short = utf8_str_width(buf_str(&text)) <= p->b.width - label_width(p);
        put_text(p, label, ROLE_JOIN, str_slice(buf_str(&text), 0, is_short ? text.n : head_end));
        if (!is_short)
            put_value(p, "", ROLE_JOIN, str_slice(buf_str(&text), head_end + 2, text.n));
        buf_release(&text);
    }
    json_free(root);
    return is_event;
}

static void
logs(struct page *p, const struct node *n)
{
    const char *last = "";
    for (size_t i = 0; i < n->outcome.log_count && i < EVENTS_MOST; i++) {
        struct str log = n->outcome.logs[i];
        const char *label = str_starts(log, STR("EVENT_JSON:")) ? "event" : "log";
        if (!event(p, strcmp(label, last) ? label : "", log))
            put_text(p, strcmp(label, last) ? label : "", ROLE_TEXT, log);
        last = label;
    }
    if (n->outcome.log_count > EVENTS_MOST)
        putf(p, "", ROLE_MUTED, "and %zu more", n->outcome.log_count - EVENTS_MOST);
    if (n->has_outcome && n->outcome.log_count == 0)
        put_text(p, "log", ROLE_MUTED, STR("empty"));
}

/* Of what has run: why no more of it is known. */
static void
put_holes(struct page *p, const struct node *n)
{
    struct hole holes[MISSING_PARTS];
    size_t count = missing_holes(p->f->call, n, holes);
    for (size_t i = 0; i < count; i++) {
        struct buf why;
        buf_init(&why, 4096);
        missing_say_why(&why, holes[i].reason, holes[i].asked);
        put_text(p, holes[i].part == MISSING_BLOCK ? "its time" : "what it is", ROLE_MUTED,
                 buf_str(&why));
        buf_release(&why);
    }
}

/* In a pane of the call's screen one line is enough: Enter shows it whole, and y copies it. */
static void
put_hash(struct page *p, const char *label, enum role role, const struct hash *h)
{
    char text[HASH_TEXT];
    bool is_pane = p->f->ui->stack[p->f->ui->depth].screen == UI_CALL;
    int width = p->b.width - label_width(p);
    hash_text(h, text);
    if (!is_pane || (int)strlen(text) <= width) {
        put_text(p, label, role, str_from(text));
        return;
    }
    put_label(p, label);
    if (row_of(p) >= 0)
        cells_put_middle(p->c, p->b.x + label_width(p), row_of(p), str_from(text), width, role);
    p->line++;
}

static void
names(struct page *p, const struct node *n)
{
    put_hash(p, "receipt", ROLE_TEXT, &n->id);
    if (n->has_receipt)
        putf(p, "from", ROLE_TEXT, "%s to %s", n->receipt.predecessor.s, n->receipt.receiver.s);
    putf(p, "role", ROLE_TEXT, "%s", text_role(n->role));
    if (n->has_outcome)
        put_hash(p, "block hash", ROLE_MUTED, &n->outcome.block_hash);
    if (n->status != NODE_HOLE)
        put_holes(p, n);
    if (n->has_outcome && n->outcome.status == OUTCOME_RECEIPT)
        put_hash(p, "returns", ROLE_TEXT, &n->outcome.returns);
    if (n->status == NODE_FAILED)
        put_value(p, "node says", ROLE_MUTED, n->outcome.failure.text);
}

/* Dearest first. */
static void
profile(struct page *p, const struct node *n)
{
    const struct gas_profile_entry *sorted[PROFILE_MOST];
    size_t count = 0;
    for (size_t i = 0; i < n->outcome.profile_count; i++) {
        const struct gas_profile_entry *e = &n->outcome.profile[i];
        size_t at = count < PROFILE_MOST ? count++ : PROFILE_MOST - 1;
        while (at > 0 && sorted[at - 1]->gas < e->gas) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        if (at + 1 < PROFILE_MOST || count < PROFILE_MOST || sorted[at]->gas < e->gas)
            sorted[at] = e;
    }
    int room = p->b.width - label_width(p) - GAS_COLUMN;
    int cost = room < COST_COLUMN ? room : COST_COLUMN, bar = room - cost - 2;
    for (size_t i = 0; i < count; i++, p->line++) {
        char text[GAS_TEXT], gas[GAS_TEXT + 2];
        int y = row_of(p), x = p->b.x + label_width(p);
        if (y < 0)
            continue;
        put_label(p, i ? "" : "profile");
        cells_put(p->c, x, y, sorted[i]->cost, cost, ROLE_TEXT);
        snprintf(gas, sizeof(gas), "%s T", gas_text_tera(sorted[i]->gas, text));
        cells_put_right(p->c, x + cost, y, GAS_COLUMN, str_from(gas), ROLE_TEXT);
        cells_bar(p->c, x + cost + GAS_COLUMN + 1, y, bar < PROFILE_BAR ? bar : PROFILE_BAR,
                  (double)sorted[i]->gas / (double)(sorted[0]->gas ? sorted[0]->gas : 1), ROLE_GAS,
                  ROLE_GAS_REST);
    }
}

/* --- the page ----------------------------------------------------------------------------------- */

void
receipt_title(struct buf *out, const struct node *n)
{
    if (n->has_index)
        buf_addf(out, "[%zu] ", n->index);
    text_what(out, n);
}

static int
receipt_fill(struct cells *c, struct box b, const struct frame *f, const struct node *n, int skip,
              bool is_whole)
{
    struct page p = {.c = c, .b = b, .f = f, .skip = skip};
    how_it_went(&p, n);
    if (n->has_receipt)
        actions(&p, n);
    place(&p, n);
    joins(&p, n);
    gas(&p, n);
    logs(&p, n);
    if (!is_whole || is_past(&p))
        return p.line;
    heard(&p, n);
    p.line++;
    names(&p, n);
    if (n->has_outcome && n->outcome.profile_count) {
        p.line++;
        profile(&p, n);
    }
    return p.line;
}

int
receipt_paint(struct cells *c, struct box b, const struct frame *f, const struct node *n, int skip,
              bool is_whole)
{
    struct box before = cells_clip(c, b);
    int lines = receipt_fill(c, b, f, n, skip, is_whole);
    cells_unclip(c, before);
    return lines;
}

int
receipt_lines(struct ui *ui, const struct frame *f, int width, bool is_whole)
{
    const struct ui_lines now = {.id = f->selected->id, .generation = f->s->store->generation,
                                 .width = width, .is_whole = is_whole};
    struct ui_lines *known = &ui->receipt_lines;
    struct cells none;
    if (hash_equal(&known->id, &now.id) && known->generation == now.generation &&
        known->width == width && known->is_whole == is_whole)
        return known->count;
    *known = now;
    cells_init(&none, 0, 0, false);
    known->count = receipt_paint(&none, (struct box){0, 0, width, 0}, f, f->selected, 0, is_whole);
    cells_release(&none);
    return known->count;
}
