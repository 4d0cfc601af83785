#include "tests/support/model_dump.h"

#include "net/near/base58.h"
#include "tui/model/verdict.h"

static const char *const roles[] = {"call",   "branch",   "callback",
                                    "refund", "transfer", "other"};
static const char *const statuses[] = {"unknown", "in_flight", "waiting", "done", "failed",
                                       "hole"};
static const char *const certainties[] = {"none", "optimistic", "final"};
static const char *const verdicts[] = {"running", "ok", "branch_failed", "failed", "unknown"};

static void
put_hash(struct buf *out, const char *name, const struct hash *h)
{
    char text[HASH_TEXT];
    buf_addf(out, " %s=%.8s", name, hash_text(h, text));
}

static void
put_id(struct buf *out, const char *name, const struct node *n)
{
    if (n)
        put_hash(out, name, &n->id);
    else
        buf_addf(out, " %s=-", name);
}

static void
put_number(struct buf *out, const char *name, bool is_known, uint64_t value)
{
    if (is_known)
        buf_addf(out, " %s=%llu", name, (unsigned long long)value);
}

static void
put_receipt(struct buf *out, const struct node *n)
{
    const struct receipt_fact *r = &n->receipt;
    char amount[AMOUNT_TEXT];
    if (!n->has_receipt)
        return;
    buf_addf(out, " from=%s to=%s signer=%s", r->predecessor.s, r->receiver.s, r->signer.s);
    if (r->has_gas_price)
        buf_addf(out, " price=%s", amount_text(r->gas_price, amount));
    for (size_t i = 0; i < r->action_count; i++)
        buf_addf(out, " %s:%.*s:%.*s:%llu:%s", action_kind_name(r->actions[i].kind),
                 STR_ARG(r->actions[i].method), STR_ARG(r->actions[i].args),
                 (unsigned long long)r->actions[i].gas,
                 amount_text(r->actions[i].deposit, amount));
    for (size_t i = 0; i < r->output_count; i++)
        put_hash(out, "out", &r->outputs[i].data_id);
}

static void
put_outcome(struct buf *out, const struct node *n)
{
    const struct outcome_fact *f = &n->outcome;
    char amount[AMOUNT_TEXT];
    if (!n->has_outcome)
        return;
    put_hash(out, "block", &f->block_hash);
    buf_addf(out, " gas=%llu tokens=%s profile=%zu value=%.*s failure=%.*s",
             (unsigned long long)f->gas_burnt, amount_text(f->tokens_burnt, amount),
             f->profile_count, STR_ARG(f->value), STR_ARG(f->failure.text));
    if (f->status == OUTCOME_RECEIPT)
        put_hash(out, "returns", &f->returns);
    for (size_t i = 0; i < f->log_count; i++)
        buf_addf(out, " log=%.*s", STR_ARG(f->logs[i]));
}

static void
put_node(struct buf *out, const struct node *n)
{
    put_hash(out, "id", &n->id);
    put_id(out, "parent", n->parent);
    buf_addf(out, " depth=%d %s %s %s", n->depth, roles[n->role], statuses[n->status],
             certainties[n->certainty]);
    put_number(out, "height", n->has_height, n->height);
    put_number(out, "time", n->has_time, n->time_ns);
    put_number(out, "created", n->has_created, n->created_height);
    put_number(out, "shard", n->has_shard, n->shard);
    put_number(out, "index", n->has_index, n->index);
    buf_addf(out, " attached=%llu critical=%d join_known=%d hole=%s",
             (unsigned long long)n->gas_attached, n->is_critical, n->is_join_known,
             n->status == NODE_HOLE ? n->hole_reason : "");
    for (size_t i = 0; i < n->input_count; i++)
        put_id(out, "in", n->inputs[i]);
    for (size_t i = 0; i < n->feed_count; i++) {
        put_id(out, "feeds", n->feeds[i].callback);
        buf_addf(out, ":%zu", n->feeds[i].index);
    }
    put_receipt(out, n);
    put_outcome(out, n);
    buf_add_byte(out, '\n');
}

static void
put_verdict(struct buf *out, const struct verdict *v)
{
    char burnt[AMOUNT_TEXT], refunded[AMOUNT_TEXT];
    buf_addf(out, "%s complete=%d final=%d receipts=%zu known=%zu holes=%zu", verdicts[v->kind],
             v->is_complete, v->is_final, v->receipts, v->known, v->holes);
    buf_addf(out, " branches=%zu/%zu/%zu", v->branches, v->branches_done, v->branches_failed);
    buf_addf(out, " failed=%zu refunds=%zu gas=%llu tokens=%s refunded=%s", v->failed,
             v->refunds, (unsigned long long)v->gas_burnt, amount_text(v->tokens_burnt, burnt),
             amount_text(v->tokens_refunded, refunded));
    put_number(out, "blocks", v->has_blocks, v->blocks);
    put_number(out, "one_by_one", v->has_blocks, v->sequential_blocks);
    if (v->has_ms)
        buf_addf(out, " ms=%.3f", v->ms);
    put_id(out, "result", v->result);
    put_id(out, "cause", v->first_failed);
    put_id(out, "straggler", v->straggler);
    for (size_t i = 0; i < v->critical_count; i++)
        put_id(out, "path", v->critical[i]);
    buf_add_byte(out, '\n');
}

void
model_dump(struct buf *out, struct store *s, struct call *c)
{
    const struct verdict *v = call_verdict(s, c);
    put_hash(out, "tx", &c->tx);
    buf_addf(out, " state=%d transaction=%d nodes=%zu\n", c->state, c->has_transaction,
             c->nodes.live);
    if (c->transaction_node)
        put_node(out, c->transaction_node);
    for (size_t i = 0; i < c->order_count; i++)
        put_node(out, c->order[i]);
    put_verdict(out, v);
}

void
model_dump_short(struct buf *out, struct store *s, struct call *c)
{
    call_update(s, c);
    for (size_t i = 0; i < c->order_count; i++) {
        const struct node *n = c->order[i];
        struct str method = n->has_receipt && n->receipt.action_count
            ? n->receipt.actions[0].method : (struct str){0};
        buf_addf(out, "%d %s %.*s %s %s %s\n", n->depth, roles[n->role],
                 method.n ? (int)method.n : 1, method.n ? method.p : "-",
                 n->has_receipt ? n->receipt.receiver.s : "-", statuses[n->status],
                 certainties[n->certainty]);
    }
}
