/* What a filter's fields are, of receipts and of calls. */
#include <string.h>
#include "net/near/base58.h"
#include "tui/model/pick.h"

enum { LOOKED_AT = 64 * 1024 };         /* bytes of one text that a bare word is looked for in */

static bool
text_in(const struct pick *f, const struct pick_term *t, struct str text)
{
    return pick_text_matches(f, t, str_slice(text, 0, LOOKED_AT));
}

static bool
number_is(const struct pick_term *t, bool is_known, uint64_t number)
{
    return is_known && pick_number_matches(t, amount_of(number));
}

/* An id is chosen by how it begins. */
static bool
id_begins(const struct pick *f, const struct pick_term *t, const struct hash *id)
{
    char text[HASH_TEXT];
    struct str value = str_of(f->text + t->at, t->length);
    hash_text(id, text);
    bool is = t->op == PICK_IS ? str_equal_c(value, text) : str_starts(str_from(text), value);
    return t->op == PICK_IS_NOT ? !str_equal_c(value, text) : is;
}

/* --- actions ---------------------------------------------------------------------------------- */

static bool
method_in(const struct pick *f, const struct pick_term *t, const struct action *a, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (a[i].kind == ACTION_FUNCTION_CALL && text_in(f, t, a[i].method))
            return true;
    }
    return false;
}

static bool
args_in(const struct pick *f, const struct pick_term *t, const struct action *a, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (a[i].kind == ACTION_FUNCTION_CALL && text_in(f, t, a[i].args))
            return true;
    }
    return false;
}

static bool
deposit_is(const struct pick_term *t, const struct action *a, size_t count)
{
    struct amount sum = amount_of(0), next;
    for (size_t i = 0; i < count; i++) {
        if (amount_add(sum, a[i].deposit, &next))
            sum = next;
    }
    return pick_number_matches(t, sum);
}

/* --- receipts --------------------------------------------------------------------------------- */

static const char *
status_word(const struct node *n)
{
    switch (n->status) {
    case NODE_UNKNOWN: return "named";
    case NODE_IN_FLIGHT: return "flight";
    case NODE_WAITING: return "waiting";
    case NODE_DONE: return "done";
    case NODE_FAILED: return "failed";
    case NODE_HOLE: return "lost";
    }
    return "";
}

static const char *
role_word(const struct node *n)
{
    switch (n->role) {
    case RECEIPT_CALL: return "call";
    case RECEIPT_BRANCH: return "branch";
    case RECEIPT_CALLBACK: return "callback";
    case RECEIPT_REFUND: return "refund";
    case RECEIPT_TRANSFER: return "transfer";
    case RECEIPT_OTHER: return "other";
    }
    return "";
}

static bool
log_in(const struct pick *f, const struct pick_term *t, const struct node *n)
{
    for (size_t i = 0; i < n->outcome.log_count; i++) {
        if (text_in(f, t, n->outcome.logs[i]))
            return true;
    }
    return false;
}

static bool
anything_in(const struct pick *f, const struct pick_term *t, const struct node *n)
{
    const struct receipt_fact *r = &n->receipt;
    if (id_begins(f, t, &n->id) || log_in(f, t, n))
        return true;
    if (n->has_receipt && (text_in(f, t, str_from(r->receiver.s)) ||
                           method_in(f, t, r->actions, r->action_count) ||
                           args_in(f, t, r->actions, r->action_count)))
        return true;
    return n->has_outcome &&
           (text_in(f, t, n->outcome.value) || text_in(f, t, n->outcome.failure.text));
}

static bool
node_number(const struct pick_term *t, const struct node *n)
{
    uint64_t burnt = n->outcome.gas_burnt, attached = n->gas_attached;
    bool is_known = n->has_outcome;
    if (t->field == PICK_GAS)
        return number_is(t, is_known, burnt);
    if (t->field == PICK_ATTACHED)
        return number_is(t, attached > 0, attached);
    if (t->field == PICK_USED)
        return number_is(t, is_known && attached,
                         attached ? (uint64_t)((double)burnt * 100 / (double)attached + 0.5) : 0);
    if (t->field == PICK_BLOCK)
        return number_is(t, n->has_height, n->height);
    if (t->field == PICK_BLOCKS)
        return number_is(t, n->has_height && n->has_created, n->height - n->created_height);
    if (t->field == PICK_SHARD)
        return number_is(t, n->has_shard, n->shard);
    if (t->field == PICK_DEPTH)
        return number_is(t, n->is_placed, (uint64_t)n->depth);
    return number_is(t, n->has_index, n->index);
}

static bool
node_term(const struct pick *f, const struct pick_term *t, const struct node *n)
{
    const struct receipt_fact *r = &n->receipt;
    switch (t->field) {
    case PICK_ANY: return anything_in(f, t, n);
    case PICK_STATUS: return pick_text_matches(f, t, str_from(status_word(n)));
    case PICK_ROLE: return pick_text_matches(f, t, str_from(role_word(n)));
    case PICK_CONTRACT:
        return n->has_receipt ? text_in(f, t, str_from(r->receiver.s)) : false;
    case PICK_FROM:
        return n->has_receipt ? text_in(f, t, str_from(r->predecessor.s)) : false;
    case PICK_METHOD: return method_in(f, t, r->actions, r->action_count);
    case PICK_ID: return id_begins(f, t, &n->id);
    case PICK_LOG: return log_in(f, t, n);
    case PICK_ERROR:
        return n->status == NODE_FAILED && text_in(f, t, n->outcome.failure.text);
    case PICK_DEPOSIT:
        return n->has_receipt ? deposit_is(t, r->actions, r->action_count) : false;
    case PICK_GAS: case PICK_ATTACHED: case PICK_USED: case PICK_BLOCK:
    case PICK_BLOCKS: case PICK_SHARD: case PICK_DEPTH: case PICK_INDEX:
        return node_number(t, n);
    case PICK_FIELD_COUNT: return false;
    }
    return false;
}

bool
pick_node(const struct pick *f, const struct call *c, const struct node *n)
{
    (void)c;
    for (size_t i = 0; i < f->count; i++) {
        if (node_term(f, &f->term[i], n) == f->term[i].is_negated)
            return false;
    }
    return true;
}

/* --- calls ------------------------------------------------------------------------------------ */

static const char *
verdict_word(enum verdict_kind kind)
{
    switch (kind) {
    case VERDICT_RUNNING: return "running";
    case VERDICT_OK: return "ok";
    case VERDICT_BRANCH_FAILED: return "partly";
    case VERDICT_FAILED: return "failed";
    case VERDICT_UNKNOWN: return "lost";
    }
    return "";
}

/* Whatever is told of one of its receipts is told of the call. */
static bool
any_receipt(const struct pick *f, const struct pick_term *t, const struct call *c)
{
    for (size_t i = 0; i < c->order_count; i++) {
        if (node_term(f, t, c->order[i]))
            return true;
    }
    return false;
}

static bool
call_any(const struct pick *f, const struct pick_term *t, const struct call *c)
{
    const struct transaction *x = &c->transaction;
    if (id_begins(f, t, &c->tx))
        return true;
    if (c->has_transaction &&
        (text_in(f, t, str_from(x->receiver.s)) || text_in(f, t, str_from(x->signer.s)) ||
         method_in(f, t, x->actions, x->action_count)))
        return true;
    return any_receipt(f, t, c);
}

static bool
call_term(const struct pick *f, const struct pick_term *t, const struct call *c,
          const struct verdict *v)
{
    const struct transaction *x = &c->transaction;
    switch (t->field) {
    case PICK_ANY: return call_any(f, t, c);
    case PICK_STATUS: return pick_text_matches(f, t, str_from(verdict_word(v->kind)));
    case PICK_CONTRACT:
        return c->has_transaction ? text_in(f, t, str_from(x->receiver.s)) : false;
    case PICK_FROM:
        return c->has_transaction ? text_in(f, t, str_from(x->signer.s)) : false;
    case PICK_METHOD: return method_in(f, t, x->actions, x->action_count);
    case PICK_ID: return id_begins(f, t, &c->tx);
    case PICK_GAS: return number_is(t, v->gas_burnt > 0, v->gas_burnt);
    case PICK_ATTACHED: return c->root ? node_number(t, c->root) : false;
    case PICK_DEPOSIT:
        return c->has_transaction ? deposit_is(t, x->actions, x->action_count) : false;
    case PICK_BLOCKS: return number_is(t, v->has_blocks, v->blocks);
    case PICK_ROLE: case PICK_LOG: case PICK_ERROR: case PICK_USED: case PICK_BLOCK:
    case PICK_SHARD: case PICK_DEPTH: case PICK_INDEX: return any_receipt(f, t, c);
    case PICK_FIELD_COUNT: return false;
    }
    return false;
}

bool
pick_call(const struct pick *f, struct store *s, struct call *c)
{
    const struct verdict *v = call_verdict(s, c);
    for (size_t i = 0; i < f->count; i++) {
        if (call_term(f, &f->term[i], c, v) == f->term[i].is_negated)
            return false;
    }
    return true;
}
