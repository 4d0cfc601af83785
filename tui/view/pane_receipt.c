/* Everything about one receipt, as lines that can be scrolled. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "net/json.h"
#include "net/near/base58.h"
#include "tui/out/text.h"
#include "tui/view/screens.h"

enum { LABEL = 15, TEXT_MAX = 64 * 1024, ARGS_LINES = 12, PROFILE_BAR = 20 };

struct lines {
    struct cells *c;
    struct box b;
    int line, skip;         /* of all lines; how many are above the box */
};

/* The row of the next line, or -1 when it is out of sight. */
static int
row_of(struct lines *l)
{
    int y = l->b.y + l->line - l->skip;
    return y >= l->b.y && y < l->b.y + l->b.height ? y : -1;
}

static void
put_line(struct lines *l, const char *label, enum role role, struct str text)
{
    int width = l->b.width - LABEL, y = row_of(l);
    if (y >= 0)
        cells_put_c(l->c, l->b.x, y, label, LABEL - 1, ROLE_MUTED);
    /* Long text is broken; lines above or below the box are only counted. */
    struct cells scratch;
    cells_init(&scratch, width > 0 ? width : 1, ARGS_LINES * 4, l->c->is_ascii);
    int used = cells_wrap(&scratch, 0, 0, width, ARGS_LINES * 4, text, role);
    for (int i = 0; i < used || i == 0; i++) {
        y = row_of(l);
        for (int x = 0; y >= 0 && x < width && i < used; x++) {
            const struct cell *from = cells_at(&scratch, x, i);
            struct cell *to = (struct cell *)(uintptr_t)cells_at(l->c, l->b.x + LABEL + x, y);
            if (from && to)
                *to = *from;
        }
        l->line++;
    }
    cells_release(&scratch);
}

static void
linef(struct lines *l, const char *label, enum role role, const char *format, ...)
    PRINTF_LIKE(4, 5);

static void
linef(struct lines *l, const char *label, enum role role, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    put_line(l, label, role, str_from(text));
}

static void
blank(struct lines *l)
{
    l->line++;
}

/* --- the parts ---------------------------------------------------------------------------- */

static void
how_it_went(struct lines *l, const struct node *n)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    if (n->status == NODE_FAILED || n->status == NODE_HOLE) {
        text_reason(&text, n);
        put_line(l, text_status(n), ROLE_FAILED, buf_str(&text));
        buf_clear(&text);
        text_advice(&text, n);
        if (text.n)
            put_line(l, "look at", ROLE_TEXT, buf_str(&text));
        if (n->status == NODE_FAILED && n->role != RECEIPT_CALL)
            put_line(l, "what it means", ROLE_TEXT,
                     STR("only this receipt was rolled back; the others went on, and the callback "
                         "was told of the failure"));
    } else if (n->status == NODE_WAITING) {
        put_line(l, "waits", ROLE_WAITING, STR("for the results of its branches"));
    } else if (n->has_outcome) {
        text_value(&text, n->outcome.value, 4096);
        linef(l, n->role == RECEIPT_REFUND ? "refunded" : "done", ROLE_OK, "%s",
              n->outcome.status == OUTCOME_RECEIPT ? "its result is that of the receipt it returned"
                                                   : buf_c(&text));
    } else {
        put_line(l, text_status(n), status_role(n), STR("its outcome is not known yet"));
    }
    buf_release(&text);
}

static void
arguments(struct lines *l, const struct node *n)
{
    for (size_t i = 0; i < n->receipt.action_count; i++) {
        const struct action *a = &n->receipt.actions[i];
        char label[32] = "action", amount[AMOUNT_NEAR_TEXT], gas[GAS_TEXT];
        struct buf text;
        buf_init(&text, TEXT_MAX);
        if (n->receipt.action_count > 1)
            snprintf(label, sizeof(label), "action %zu", i);
        if (a->kind == ACTION_FUNCTION_CALL) {
            buf_add_str(&text, a->method);
            buf_add_byte(&text, ' ');
            text_value(&text, a->args, 4096);
            buf_addf(&text, " with %s Tgas", gas_text_tera(a->gas, gas));
        } else {
            buf_add_c(&text, action_kind_name(a->kind));
        }
        if (!amount_is_zero(a->deposit))
            buf_addf(&text, " and %s", amount_near_text(a->deposit, 8, amount));
        put_line(l, label, ROLE_TEXT, buf_str(&text));
        buf_release(&text);
    }
}

static void
place(struct lines *l, const struct node *n)
{
    if (n->has_height)
        linef(l, "ran in", ROLE_TEXT, "block %llu%s%s%s", (unsigned long long)n->height,
              n->has_shard ? ", shard " : "",
              n->has_shard ? (char[]){(char)('0' + n->shard % 10), '\0'} : "",
              n->certainty == CERTAINTY_FINAL ? ", final" : ", not final yet");
    if (n->has_created && n->has_height)
        linef(l, "after", ROLE_TEXT, "%llu block%s from where it was made",
              (unsigned long long)(n->height - n->created_height),
              n->height - n->created_height == 1 ? "" : "s");
}

static void
joins(struct lines *l, const struct snapshot *s, const struct node *n)
{
    for (size_t i = 0; i < n->feed_count; i++) {
        const struct node *to = n->feeds[i].callback;
        struct buf what;
        buf_init(&what, 1024);
        text_what(&what, to);
        linef(l, i ? "" : "feeds", ROLE_JOIN, "result %zu of %s", n->feeds[i].index, buf_c(&what));
        buf_release(&what);
    }
    for (size_t i = 0; i < n->input_count; i++) {
        const struct node *in = n->inputs[i];
        struct buf what;
        buf_init(&what, 1024);
        if (in)
            text_what(&what, in);
        struct str account = in ? text_short_account(s->call, &in->receipt.receiver)
                                : STR("not known yet");
        linef(l, i ? "" : "waits for", ROLE_JOIN, "[%zu] %s %.*s: %s", i, buf_c(&what),
              STR_ARG(account), in ? text_status(in) : "");
        buf_release(&what);
    }
}

static void
logs(struct lines *l, const struct node *n)
{
    for (size_t i = 0; i < n->outcome.log_count; i++) {
        struct str log = n->outcome.logs[i], head = STR("EVENT_JSON:");
        bool is_event = str_starts(log, head);
        put_line(l, i ? "" : is_event ? "events, logs" : "logs", is_event ? ROLE_JOIN : ROLE_TEXT,
                 is_event ? str_slice(log, head.n, log.n) : log);
    }
    if (n->has_outcome && n->outcome.log_count == 0)
        put_line(l, "logs", ROLE_MUTED, STR("none"));
}

static void
gas(struct lines *l, const struct node *n)
{
    char burnt[GAS_TEXT], attached[GAS_TEXT], tokens[AMOUNT_NEAR_TEXT];
    if (!n->has_outcome)
        return;
    linef(l, "gas", ROLE_TEXT, "%s Tgas burnt%s%s%s, %s", gas_text_tera(n->outcome.gas_burnt, burnt),
          n->gas_attached ? " of " : "",
          n->gas_attached ? gas_text_tera(n->gas_attached, attached) : "",
          n->gas_attached ? " attached" : "",
          amount_near_text(n->outcome.tokens_burnt, 8, tokens));
}

static void
profile(struct lines *l, const struct node *n)
{
    uint64_t most = 1;
    for (size_t i = 0; i < n->outcome.profile_count; i++)
        most = n->outcome.profile[i].gas > most ? n->outcome.profile[i].gas : most;
    for (size_t i = 0; i < n->outcome.profile_count; i++) {
        const struct gas_profile_entry *e = &n->outcome.profile[i];
        char text[GAS_TEXT];
        int y = row_of(l), x = l->b.x + LABEL;
        if (y >= 0) {
            cells_put_c(l->c, l->b.x, y, i ? "" : "gas profile", LABEL - 1, ROLE_MUTED);
            cells_put(l->c, x, y, e->cost, 30, ROLE_TEXT);
            cells_put_right(l->c, x + 30, y, 8, str_from(gas_text_tera(e->gas, text)), ROLE_TEXT);
            cells_bar(l->c, x + 40, y, l->b.width - LABEL - 41 < PROFILE_BAR
                                           ? l->b.width - LABEL - 41
                                           : PROFILE_BAR,
                      (double)e->gas / (double)most, ROLE_GAS, ROLE_GAS_REST);
        }
        l->line++;
    }
}

static void
names(struct lines *l, const struct node *n)
{
    char text[HASH_TEXT];
    linef(l, "receipt", ROLE_TEXT, "%s", hash_text(&n->id, text));
    linef(l, "from, to", ROLE_TEXT, "%s to %s", n->receipt.predecessor.s, n->receipt.receiver.s);
    linef(l, "role", ROLE_TEXT, "%s", text_role(n->role));
    if (n->has_outcome)
        linef(l, "block hash", ROLE_MUTED, "%s", hash_text(&n->outcome.block_hash, text));
    if (n->has_outcome && n->outcome.status == OUTCOME_RECEIPT)
        linef(l, "returns", ROLE_TEXT, "%s", hash_text(&n->outcome.returns, text));
}

int
receipt_paint(struct cells *c, struct box b, const struct snapshot *s, const struct node *n,
              int skip, bool is_whole)
{
    struct lines l = {.c = c, .b = b, .skip = skip};
    how_it_went(&l, n);
    if (is_whole)
        blank(&l);
    if (n->has_receipt)
        arguments(&l, n);
    place(&l, n);
    joins(&l, s, n);
    gas(&l, n);
    logs(&l, n);
    if (!is_whole)
        return l.line;
    blank(&l);
    names(&l, n);
    if (n->status == NODE_FAILED) {
        put_line(&l, "the node says", ROLE_MUTED, n->outcome.failure.text);
    }
    if (n->has_outcome && n->outcome.profile_count) {
        blank(&l);
        profile(&l, n);
    }
    return l.line;
}
