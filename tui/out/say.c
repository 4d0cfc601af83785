#include "tui/out/say.h"

#include <string.h>
#include "net/base/utf8.h"
#include "net/near/base58.h"
#include "tui/out/missing.h"
#include "tui/out/text.h"

enum { DEPTH_MOST = 24, ACTIONS_MOST = 4, VALUE_MOST = 200, LOG_MOST = 400, ACTION_MOST = 1024 };

/* --- names -------------------------------------------------------------------------------- */

static size_t
place_of(const struct node *n)
{
    size_t i = 0;
    while (n->parent->children[i] != n)
        i++;
    return i + 1;
}

void
say_number(struct buf *out, const struct node *n)
{
    const struct node *up[DEPTH_MOST], *p = n;
    char id[HASH_TEXT];
    int depth = 0;
    for (; p->parent && depth < DEPTH_MOST; p = p->parent)
        up[depth++] = p;
    if (p->parent || !n->is_placed) {
        buf_addf(out, "receipt %s", hash_text(&n->id, id));
        return;
    }
    buf_add_byte(out, '1');
    while (depth-- > 0)
        buf_addf(out, ".%zu", place_of(up[depth]));
}

void
say_what(struct buf *out, const struct node *n)
{
    const struct receipt_fact *r = &n->receipt;
    bool goes_to = n->role == RECEIPT_REFUND || n->role == RECEIPT_TRANSFER;
    if (!n->has_receipt) {
        buf_add_c(out, n->has_outcome && n->hole_reason ? "a receipt of which no more can be had"
                                                        : "a receipt of which nothing is told yet");
        return;
    }
    if (r->action_count > 1)
        buf_addf(out, "batch of %zu actions (", r->action_count);
    for (size_t i = 0; i < r->action_count && i < ACTIONS_MOST; i++) {
        buf_add_c(out, i ? ", " : "");
        text_action(out, &r->actions[i]);
    }
    if (r->action_count > ACTIONS_MOST)
        buf_addf(out, " and %zu more", r->action_count - ACTIONS_MOST);
    buf_add_c(out, r->action_count > 1 ? ")" : r->action_count ? "" : "nothing");
    buf_add_c(out, goes_to ? " to " : " on ");
    utf8_clean(out, account_str(&r->receiver));
}

/* Which of its parent's branches it is; of how many, once all of them are known. */
static void
say_branch(struct buf *out, const struct node *n)
{
    size_t at = 0, count = 0;
    bool is_known = n->parent != NULL;
    for (size_t i = 0; n->parent && i < n->parent->child_count; i++) {
        const struct node *sibling = n->parent->children[i];
        count += sibling->role == RECEIPT_BRANCH;
        at = sibling == n ? count : at;
        is_known &= sibling->role != RECEIPT_OTHER || sibling->has_receipt;
    }
    if (at)
        buf_addf(out, "branch %zu", at);
    else
        buf_add_c(out, "a branch");
    if (at && is_known)
        buf_addf(out, " of %zu", count);
}

void
say_name(struct buf *out, const struct node *n)
{
    say_number(out, n);
    buf_add_c(out, ", ");
    switch (n->role) {
    case RECEIPT_CALL: buf_add_c(out, "the call"); break;
    case RECEIPT_BRANCH: say_branch(out, n); break;
    case RECEIPT_CALLBACK: buf_add_c(out, "the callback"); break;
    case RECEIPT_REFUND: buf_add_c(out, "a refund"); break;
    case RECEIPT_TRANSFER:
    case RECEIPT_OTHER: buf_add_c(out, "beside the branches"); break;
    }
    buf_add_c(out, ": ");
    say_what(out, n);
}

/* --- values ------------------------------------------------------------------------------- */

void
say_value(struct buf *out, struct str value, size_t most)
{
    struct str head = str_slice(value, 0, most);
    if (value.n == 0) {
        buf_add_c(out, "nothing");
    } else if (!utf8_is_valid(value)) {
        buf_addf(out, "%zu bytes that are no text", value.n);
    } else if (head.n == value.n) {
        utf8_clean(out, value);
    } else {
        /* No character is cut in two. */
        while (head.n && ((unsigned char)value.p[head.n] & 0xC0) == 0x80)
            head.n--;
        utf8_clean(out, head);
        buf_addf(out, " and so on, %zu bytes in all", value.n);
    }
}

void
say_log(struct buf *out, const struct node *n, struct str log)
{
    say_number(out, n);
    buf_add_c(out, ": ");
    say_what(out, n);
    buf_add_c(out, " logged: ");
    say_value(out, log, LOG_MOST);
    buf_add_c(out, ".");
}

/* --- how it stands ------------------------------------------------------------------------ */

/* "1.1, 1.2 and 1.3": whose results have not come yet. */
static void
say_waits(struct buf *out, const struct call *c, const struct node *n)
{
    size_t left = 0, told = 0;
    if (n->receipt.is_promise_yield) {
        buf_add_c(out, " is waiting to be resumed.");
        return;
    }
    buf_add_c(out, " is waiting");
    for (size_t i = 0; i < n->input_count; i++)
        left += !call_input_arrived(c, n, i);
    for (size_t i = 0; i < n->input_count; i++) {
        if (call_input_arrived(c, n, i))
            continue;
        told++;
        buf_add_c(out, told == 1 ? " for " : told == left ? " and " : ", ");
        if (n->inputs[i])
            say_number(out, n->inputs[i]);
        else
            buf_addf(out, "result %zu", i);
    }
    buf_add_c(out, ".");
}

static void
say_cost(struct buf *out, const struct node *n)
{
    char burnt[GAS_TEXT], attached[GAS_TEXT];
    gas_text_tera(n->outcome.gas_burnt, burnt);
    gas_text_tera(n->gas_attached, attached);
    /* What the receipt itself costs is burnt, too, and was not attached. */
    bool is_more = n->gas_attached && n->outcome.gas_burnt > n->gas_attached;
    if (is_more)
        buf_addf(out, " It burnt %s Tgas with the receipt's own cost, where %s were attached", burnt,
                 attached);
    else if (n->gas_attached)
        buf_addf(out, " It burnt %s of %s Tgas", burnt, attached);
    else
        buf_addf(out, " It burnt %s Tgas", burnt);
    if (n->has_height)
        buf_addf(out, "%s in block %llu", is_more ? "," : "", (unsigned long long)n->height);
}

/* What it made, and which result of a callback that is. */
static void
say_result(struct buf *out, const struct call *c, const struct node *n)
{
    const struct outcome_fact *f = &n->outcome;
    const struct node *other = f->status == OUTCOME_RECEIPT ? call_node(c, &f->returns) : NULL;
    if (f->status == OUTCOME_VALUE) {
        buf_add_c(out, " and returned ");
        say_value(out, f->value, VALUE_MOST);
    } else if (other) {
        buf_add_c(out, " and left its result to ");
        say_number(out, other);
    }
    buf_add_c(out, ".");
    if (!n->has_index || n->feed_count != 1)
        return;
    buf_addf(out, " This is result %zu of ", n->feeds[0].index);
    say_number(out, n->feeds[0].callback);
    buf_add_c(out, ".");
}

void
say_stop(struct buf *out)
{
    struct str so_far = buf_str(out);
    if (so_far.n && !strchr(".!?", so_far.p[so_far.n - 1]))
        buf_add_c(out, ".");
}

static void
say_reason(struct buf *out, const struct node *n)
{
    text_reason(out, n);
    say_stop(out);
}

static void
say_failed_action(struct buf *out, const struct node *n)
{
    struct buf text;
    buf_init(&text, ACTION_MOST);
    text_failed_action(&text, n);
    if (text.n)
        buf_addf(out, " It was %s.", buf_c(&text));
    buf_release(&text);
}

void
say_holes(struct buf *out, const struct call *c, const struct node *n)
{
    struct hole holes[MISSING_PARTS];
    size_t count = missing_holes(c, n, holes);
    for (size_t i = 0; i < count; i++) {
        if (n->status == NODE_HOLE)     /* what it stands for says so already */
            continue;
        buf_add_c(out, holes[i].part == MISSING_BLOCK ? " When it ran" : " What it is");
        buf_add_c(out, " cannot be had: ");
        missing_say_why(out, holes[i].reason, holes[i].asked);
        say_stop(out);
    }
}

void
say_receipt(struct buf *out, const struct call *c, const struct node *n)
{
    char gas[GAS_TEXT];
    say_name(out, n);
    switch (n->status) {
    case NODE_UNKNOWN: buf_add_c(out, ", is on its way."); return;
    case NODE_IN_FLIGHT:
        buf_add_c(out, " is on its way");
        if (n->gas_attached)
            buf_addf(out, " with %s Tgas", gas_text_tera(n->gas_attached, gas));
        buf_add_c(out, ".");
        return;
    case NODE_WAITING: say_waits(out, c, n); return;
    case NODE_HOLE:
        buf_add_c(out, n->has_receipt ? ": its outcome cannot be had: " : " cannot be had: ");
        say_reason(out, n);
        return;
    case NODE_DONE: buf_add_c(out, " is done."); break;
    case NODE_FAILED:
        buf_add_c(out, " failed: ");
        say_reason(out, n);
        say_failed_action(out, n);
        break;
    }
    say_cost(out, n);
    say_result(out, c, n);
    say_holes(out, c, n);
}
