/* One function call: its context out of the receipt, its receipts out of the outcome. */
#include <string.h>
#include "contract/chain/chain_private.h"

static struct trie *
trie_of(struct call_storage *s)
{
    return &s->app->chain->shards[s->app->shard].trie;
}

static bool
read_value(void *context, struct str key, struct str *value)
{
    struct call_storage *s = context;
    return account_read(s->account, key, value);
}

static bool
write_value(void *context, struct str key, struct str value, struct str *old)
{
    struct call_storage *s = context;
    return account_write(&s->app->chain->state, s->account, key, value, old);
}

static bool
remove_value(void *context, struct str key, struct str *old)
{
    struct call_storage *s = context;
    return account_erase(&s->app->chain->state, s->account, key, old);
}

static void
count_nodes(void *context, struct str key, uint64_t *touched, uint64_t *cached)
{
    struct call_storage *s = context;
    trie_visit(trie_of(s), account_str(&s->account->id), key, touched, cached);
}

static void
note_read(void *context, struct str key)
{
    struct call_storage *s = context;
    struct str value;
    if (s->app && account_read(s->account, key, &value))
        trie_note_read(trie_of(s), account_str(&s->account->id), key, value);
}

struct vm_storage
storage_of(struct call_storage *s)
{
    return (struct vm_storage){.context = s,
                               .read = read_value,
                               .write = write_value,
                               .remove = remove_value,
                               .count_nodes = count_nodes,
                               .note_read = note_read};
}

static bool
fail_call(struct receipt_run *run, const struct vm_outcome *out)
{
    run->failure.kind = FAILURE_FUNCTION_CALL;
    run->failure.account = run->account->id;
    run->failure.vm_error = out->error;
    run->failure.prepare = out->prepare;
    run->failure.text = arena_str(&run->app->chain->arena, out->error_text);
    return false;
}

static struct hash
seed_of(const struct hash *action_hash, const struct hash *random_value)
{
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, action_hash->b, sizeof(action_hash->b));
    hasher_add(&h, random_value->b, sizeof(random_value->b));
    return hasher_end(&h);
}

static void
run_contract(struct receipt_run *run, const struct action *action, bool is_last,
             const struct hash *action_hash, struct vm_outcome *out)
{
    struct application *app = run->app;
    const struct chain_receipt *r = run->receipt;
    struct account *a = run->account;
    *out = (struct vm_outcome){.balance = a->amount, .storage_usage = a->storage_usage};
    struct str code = a->code;
    struct hash code_hash = a->code_hash;
    if (a->global.kind)
        global_find(app->chain, app->shard, &a->global, &code, &code_hash);
    if (hash_is_zero(&code_hash)) {
        out->error = VM_CODE_DOES_NOT_EXIST;
        return;
    }
    struct diag d = {0};
    const struct module *m = module_of_code(code, &code_hash, &out->prepare, &d);
    if (!m) {
        out->error = VM_PREPARE;
        out->error_text = arena_str(&app->chain->scratch, str_from(diag_text(&d)));
        return;
    }
    struct call_storage own = {app, a};
    struct vm_storage storage = storage_of(&own);
    struct yield_context waiting = {app, a, action_hash};
    struct vm_yields yields = yields_of(&waiting);
    struct vm_context context = {
        .current = a->id,
        .signer = r->signer,
        .predecessor = r->predecessor,
        .signer_key = r->signer_key,
        .input = action->args,
        .block_height = app->block->height,
        .block_time_ns = app->block->time_ns,
        .epoch_height = app->block->epoch_height,
        .random_seed = seed_of(action_hash, &app->block->random_value),
        .balance = a->amount,
        .locked_balance = a->locked,
        .attached_deposit = action->deposit,
        .storage_usage = a->storage_usage,
        .prepaid_gas = action->gas,
        .results = run->results,
        .result_count = r->input_count,
        .storage = &storage,
        .yields = &yields,
    };
    struct account_id *receivers =
        arena_array(&app->chain->arena, r->output_count, sizeof(*receivers));
    for (size_t i = 0; i < r->output_count; i++)
        receivers[i] = r->outputs[i].receiver;
    if (is_last) {
        context.output_receivers = receivers;
        context.output_receiver_count = r->output_count;
    }
    vm_run(m, action->method, &context, &app->chain->scratch, out);
}

/* --- what stays of a run ------------------------------------------------------------------ */

static struct action
keep_action(struct arena *arena, const struct action *from)
{
    struct action kept = *from;
    kept.method = arena_str(arena, from->method);
    kept.args = arena_str(arena, from->args);
    kept.code = arena_str(arena, from->code);
    kept.access.receiver = arena_str(arena, from->access.receiver);
    kept.access.methods = arena_array(arena, from->access.method_count, sizeof(struct str));
    for (size_t i = 0; i < from->access.method_count; i++)
        kept.access.methods[i] = arena_str(arena, from->access.methods[i]);
    return kept;
}

struct action *
actions_keep(struct arena *arena, const struct action *from, size_t count)
{
    struct action *kept = arena_array(arena, count, sizeof(*kept));
    for (size_t i = 0; i < count; i++)
        kept[i] = keep_action(arena, &from[i]);
    return kept;
}

static void
keep_logs(struct receipt_run *run, const struct vm_outcome *out)
{
    struct arena *arena = &run->app->chain->arena;
    for (size_t i = 0; i < out->log_count; i++) {
        struct str text = arena_str(arena, out->logs[i]);
        list_add(&run->logs, arena_copy(arena, &text, sizeof(text)));
    }
}

static void
add_output(struct arena *arena, struct chain_receipt *r, const struct chain_data_receiver *to)
{
    struct chain_data_receiver *outputs =
        arena_array(arena, r->output_count + 1, sizeof(*outputs));
    if (r->output_count)
        memcpy(outputs, r->outputs, r->output_count * sizeof(*outputs));
    outputs[r->output_count] = *to;
    r->outputs = outputs;
    r->output_count++;
}

/* One data id for each awaited receipt, in the order in which they were asked for. */
static void
make_joins(struct receipt_run *run, struct chain_receipt *r, const struct vm_receipt *from,
           size_t first, const struct hash *action_hash, uint64_t *data_ids)
{
    struct arena *arena = &run->app->chain->arena;
    size_t count = from->has_own_data ? 1 : from->input_count;
    r->inputs = arena_array(arena, count, sizeof(*r->inputs));
    r->input_count = count;
    for (size_t j = 0; j < count; j++) {
        struct chain_data_receiver to = {
            .data_id = id_derive(action_hash, run->app->block->height, (*data_ids)++),
            .receiver = r->receiver};
        r->inputs[j] = to.data_id;
        if (!from->has_own_data)
            add_output(arena, list_receipt(&run->made, first + from->inputs[j]), &to);
    }
}

static void
make_resumes(struct receipt_run *run, const struct vm_outcome *out)
{
    struct arena *arena = &run->app->chain->arena;
    for (size_t i = 0; i < out->resume_count; i++) {
        const struct vm_resume *from = &out->resumes[i];
        struct chain_receipt *r = arena_alloc(arena, sizeof(*r));
        r->predecessor = r->receiver = run->account->id;
        r->signer = run->receipt->signer;
        r->is_data = r->has_data = true;
        r->is_resume = !from->is_own;
        r->data_id = from->data_id;
        r->data = arena_str(arena, from->payload);
        list_add(&run->made, r);
    }
}

static void
make_receipts(struct receipt_run *run, const struct vm_outcome *out,
              const struct hash *action_hash)
{
    struct arena *arena = &run->app->chain->arena;
    uint64_t data_ids = 0;
    size_t first = run->made.count;
    for (size_t i = 0; i < out->receipt_count; i++) {
        const struct vm_receipt *from = &out->receipts[i];
        struct chain_receipt *r = arena_alloc(arena, sizeof(*r));
        r->predecessor = run->account->id;
        r->receiver = from->receiver;
        r->signer = run->receipt->signer;
        r->signer_key = run->receipt->signer_key;
        r->gas_price = run->receipt->gas_price;
        r->actions = actions_keep(arena, from->actions, from->action_count);
        r->action_count = from->action_count;
        r->is_yield = from->is_yield;
        make_joins(run, r, from, first, action_hash, &data_ids);
        list_add(&run->made, r);
    }
    make_resumes(run, out);
    if (out->returns == VM_RETURN_RECEIPT)
        run->returned = list_receipt(&run->made, first + out->receipt);
}

static bool
take_receipts(struct receipt_run *run, const struct vm_outcome *out,
              const struct hash *action_hash)
{
    struct failure *f = &run->failure;
    size_t first = run->made.count;
    make_receipts(run, out, action_hash);
    for (size_t i = 0; i < out->receipt_count; i++) {
        struct validation v =
            receipt_validate(list_receipt(&run->made, first + i), &out->receipts[i]);
        if (v.kind) {
            f->kind = FAILURE_NEW_RECEIPT;
            f->validation = v.kind;
            f->a = v.a;
            f->b = v.b;
            f->key = v.key;
            f->text = arena_str(&run->app->chain->arena, v.text);
            return false;
        }
    }
    return true;
}

/* Calls of one receipt share its profile. */
static void
merge_profile(struct receipt_run *run, const struct vm_outcome *out)
{
    struct vm_cost *all = arena_array(&run->app->chain->arena,
                                      run->profile_count + out->profile_count, sizeof(*all));
    size_t n = 0, i = 0, j = 0;
    while (i < run->profile_count || j < out->profile_count) {
        const struct vm_cost *a = i < run->profile_count ? &run->profile[i] : NULL;
        const struct vm_cost *b = j < out->profile_count ? &out->profile[j] : NULL;
        int order = !a ? 1 : !b ? -1 : strcmp(a->category, b->category);
        if (a && b && order == 0)
            order = strcmp(a->name, b->name);
        all[n] = order <= 0 ? *a : *b;
        if (order == 0)
            all[n].gas += b->gas;
        n++;
        i += order <= 0;
        j += order >= 0;
    }
    run->profile = all;
    run->profile_count = n;
}

static bool
take_result(struct receipt_run *run, const struct vm_outcome *out,
            const struct hash *action_hash)
{
    run->account->amount = out->balance;
    run->account->storage_usage = out->storage_usage;
    if (out->returns == VM_RETURN_VALUE)
        run->value = arena_str(&run->app->chain->arena, out->value);
    return take_receipts(run, out, action_hash);
}

bool
action_call(struct receipt_run *run, const struct action *action, bool is_last)
{
    struct application *app = run->app;
    struct account *a = run->account;
    struct vm_outcome out;
    struct hash action_hash =
        id_of_action(&run->receipt->id, app->block->height, run->action_index);
    account_pay(a, action->deposit);
    run_contract(run, action, is_last, &action_hash, &out);
    run->gas_burnt += out.gas_burnt;
    run->gas_used += out.gas_used;
    run->vm_burnt += out.gas_burnt;
    run->vm_compute += out.compute;
    keep_logs(run, &out);
    merge_profile(run, &out);
    bool is_good =
        out.error == VM_OK ? take_result(run, &out, &action_hash) : fail_call(run, &out);
    arena_reset(&app->chain->scratch);
    return is_good;
}
