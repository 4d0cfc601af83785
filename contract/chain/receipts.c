/* One receipt, from its arrival to its outcome: waiting for data, the actions, refunds, and
 * what is sent on. Source of the order: the node's apply_action_receipt. */
#include <string.h>
#include "contract/chain/chain_private.h"
#include "net/base/xalloc.h"

/* --- waiting for data --------------------------------------------------------------------- */

static struct arrival *
arrival_of(struct application *app, const struct hash *data_id)
{
    struct map *arrivals = &app->chain->shards[app->shard].arrivals;
    struct arrival *a = map_get(arrivals, str_of(data_id->b, sizeof(data_id->b)));
    if (!a) {
        a = arena_alloc(&app->chain->arena, sizeof(*a));
        a->data_id = *data_id;
        a->segment = app->chain->history.open;
        map_put(arrivals, str_of(a->data_id.b, sizeof(a->data_id.b)), a);
    }
    return a;
}

void
arrival_restore(struct shard *s, const struct chain_receipt *data,
                const struct chain_receipt *waiting)
{
    const struct chain_receipt *r = data ? data : waiting;
    struct postponed *p = waiting ? arena_alloc(&r->segment->arena, sizeof(*p)) : NULL;
    for (size_t i = 0; i < (data ? 1 : waiting->input_count); i++) {
        const struct hash *id = data ? &data->data_id : &waiting->inputs[i];
        if (map_get(&s->arrivals, str_of(id->b, sizeof(id->b))))
            continue;
        struct arrival *a = arena_alloc(&r->segment->arena, sizeof(*a));
        *a = (struct arrival){.data = data, .waiting = p, .data_id = *id, .segment = r->segment};
        map_put(&s->arrivals, str_of(a->data_id.b, sizeof(a->data_id.b)), a);
        if (p)
            *p = (struct postponed){waiting, p->missing + 1};
    }
}

static void run_receipt(struct application *app, const struct chain_receipt *receipt);

static void
take_data(struct application *app, const struct chain_receipt *data)
{
    struct arrival *a = arrival_of(app, &data->data_id);
    a->data = data;
    if (a->waiting && --a->waiting->missing == 0)
        run_receipt(app, a->waiting->receipt);
}

static void
resume(struct application *app, const struct chain_receipt *data)
{
    const struct chain_receipt *waiting = yield_take(app, data);
    /* Somebody else has resumed it already: nothing happens. */
    if (!waiting)
        return;
    arrival_of(app, &data->data_id)->data = data;
    run_receipt(app, waiting);
}

void
receipt_process(struct application *app, const struct chain_receipt *receipt)
{
    if (receipt->is_distribution) {
        global_deliver(app, receipt);
        return;
    }
    if (receipt->is_yield) {
        yield_keep(app, receipt);
        return;
    }
    if (receipt->is_resume) {
        resume(app, receipt);
        return;
    }
    if (receipt->is_data) {
        take_data(app, receipt);
        return;
    }
    size_t missing = 0;
    for (size_t i = 0; i < receipt->input_count; i++)
        missing += arrival_of(app, &receipt->inputs[i])->data == NULL;
    if (missing == 0) {
        run_receipt(app, receipt);
        return;
    }
    struct postponed *p = arena_alloc(&app->chain->arena, sizeof(*p));
    *p = (struct postponed){receipt, missing};
    for (size_t i = 0; i < receipt->input_count; i++) {
        struct arrival *a = arrival_of(app, &receipt->inputs[i]);
        if (!a->data)
            a->waiting = p;
    }
}

/* The promise results of a callback, taken out of the shard's store. */
static struct promise_result *
take_results(struct application *app, const struct chain_receipt *r)
{
    struct promise_result *results =
        arena_array(&app->chain->arena, r->input_count, sizeof(*results));
    for (size_t i = 0; i < r->input_count; i++) {
        const struct chain_receipt *data = arrival_of(app, &r->inputs[i])->data;
        results[i] = (struct promise_result){data->has_data, data->data};
    }
    for (size_t i = 0; i < r->input_count; i++)
        map_remove(&app->chain->shards[app->shard].arrivals,
                   str_of(r->inputs[i].b, sizeof(r->inputs[i].b)));
    return results;
}

/* --- running ------------------------------------------------------------------------------ */

static void
fail_storage(struct receipt_run *run, struct amount missing)
{
    run->failure = (struct failure){
        .kind = FAILURE_LACK_BALANCE_FOR_STATE, .account = run->account->id, .amount = missing};
}

static void
run_actions(struct receipt_run *run)
{
    struct state *state = &run->app->chain->state;
    struct trie *trie = &run->app->chain->shards[run->app->shard].trie;
    struct str receiver = account_str(&run->receipt->receiver);
    run->gas_burnt = run->gas_used = fee_execution(FEE_NEW_ACTION_RECEIPT);
    state_begin(state, run->account);
    for (size_t i = 0; i < run->receipt->action_count; i++) {
        uint64_t fee = action_execution_fee(&run->receipt->actions[i], receiver);
        run->gas_burnt += fee;
        run->gas_used += fee;
        if (!action_apply(run, i)) {
            run->failure.has_index = true;
            run->failure.index = i;
            break;
        }
    }
    if (run->failure.kind == FAILURE_NONE && run->account->exists) {
        struct amount missing = storage_shortfall(run->account);
        if (!amount_is_zero(missing))
            fail_storage(run, missing);
    }
    if (run->failure.kind == FAILURE_NONE) {
        state_commit(state, CAUSE_RECEIPT, &run->receipt->id);
        trie_commit(trie);
        return;
    }
    state_roll_back(state);
    trie_roll_back(trie);
    list_clear(&run->made);
    run->returned = NULL;
    run->value = (struct str){0};
    run->lost = amount_of(0);
}

/* --- refunds ------------------------------------------------------------------------------ */

static void
make_refund(struct receipt_run *run, const struct account_id *receiver,
            const struct account_id *signer, const struct public_key *key, struct amount amount)
{
    struct arena *arena = &run->app->chain->arena;
    struct chain_receipt *r = arena_alloc(arena, sizeof(*r));
    r->predecessor = account_of("system");
    r->receiver = *receiver;
    r->signer = *signer;
    r->signer_key = *key;
    r->actions = arena_alloc(arena, sizeof(*r->actions));
    r->actions[0] = (struct action){.kind = ACTION_TRANSFER, .deposit = amount};
    r->action_count = 1;
    list_add(&run->made, r);
}

static void
make_refunds(struct receipt_run *run)
{
    const struct chain_receipt *r = run->receipt;
    if (account_is_system(&r->predecessor))
        return;
    uint64_t attached, gas = fee_execution(FEE_NEW_ACTION_RECEIPT);
    struct amount deposits;
    bool is_failed = run->failure.kind != FAILURE_NONE;
    if (!actions_attached_gas(r->actions, r->action_count, &attached) ||
        !actions_deposit(r->actions, r->action_count, &deposits))
        return;
    gas += attached;
    for (size_t i = 0; i < r->action_count; i++)
        gas += action_execution_fee(&r->actions[i], account_str(&r->receiver)) +
               action_prepaid_fees(&r->actions[i]);
    static const struct public_key no_key;
    struct account_id system = account_of("system");
    if (is_failed && !amount_is_zero(deposits))
        make_refund(run, &r->predecessor, &system, &no_key, deposits);
    gas -= is_failed ? run->gas_burnt : run->gas_used;
    struct amount refund;
    if (gas && amount_multiply(r->gas_price, gas, &refund) && !amount_is_zero(refund))
        make_refund(run, &r->signer, &r->signer, &r->signer_key, refund);
}

/* --- sending ------------------------------------------------------------------------------ */

static void
make_data(struct receipt_run *run)
{
    const struct chain_receipt *r = run->receipt;
    struct arena *arena = &run->app->chain->arena;
    if (run->returned) {
        /* Whoever waits for us now waits for the receipt that was returned. */
        struct chain_receipt *to = run->returned;
        struct chain_data_receiver *outputs =
            arena_array(arena, to->output_count + r->output_count, sizeof(*outputs));
        if (to->output_count)
            memcpy(outputs, to->outputs, to->output_count * sizeof(*outputs));
        if (r->output_count)
            memcpy(outputs + to->output_count, r->outputs, r->output_count * sizeof(*outputs));
        to->outputs = outputs;
        to->output_count += r->output_count;
        return;
    }
    for (size_t i = 0; i < r->output_count; i++) {
        struct chain_receipt *data = arena_alloc(arena, sizeof(*data));
        data->predecessor = r->receiver;
        data->receiver = r->outputs[i].receiver;
        data->signer = r->signer;
        data->is_data = true;
        data->data_id = r->outputs[i].data_id;
        data->has_data = run->failure.kind == FAILURE_NONE;
        data->data = run->value;
        list_add(&run->made, data);
    }
}

static void
send_all(struct receipt_run *run, struct chain_outcome *o)
{
    struct application *app = run->app;
    o->children = arena_array(&app->chain->arena, run->made.count, sizeof(*o->children));
    for (size_t i = 0; i < run->made.count; i++) {
        struct chain_receipt *made = (struct chain_receipt *)(uintptr_t)run->made.items[i];
        made->id = id_derive(&run->receipt->id, app->block->height, i);
        made->parent = run->receipt->id;
        made->tx = run->receipt->tx;
        made->created_height = app->block->height;
        if (!made->is_data && !made->is_distribution)
            o->children[o->child_count++] = made->id;
        if (made->is_yield)
            yield_set_deadline(app, made);
        receipt_made(app->chain, made);
        application_send(app, made);
    }
}

/* --- the outcome -------------------------------------------------------------------------- */

/* 30 % of what the contract burnt goes to its account. */
static struct amount
reward(struct receipt_run *run)
{
    struct amount amount;
    if (!run->account->exists || run->vm_burnt == 0 ||
        !amount_multiply(run->receipt->gas_price, run->vm_burnt * 3 / 10, &amount))
        return amount_of(0);
    struct state *state = &run->app->chain->state;
    state_begin(state, run->account);
    account_pay(run->account, amount);
    state_commit(state, CAUSE_GAS_REWARD, &run->receipt->id);
    return amount;
}

static void
fill_outcome(struct receipt_run *run, struct chain_outcome *o)
{
    struct arena *arena = &run->app->chain->arena;
    o->receipt = run->receipt;
    o->executor = run->receipt->receiver;
    o->gas_burnt = run->gas_burnt;
    o->profile = run->profile;
    o->profile_count = run->profile_count;
    o->failure = run->failure;
    o->value = run->value;
    o->logs = arena_array(arena, run->logs.count, sizeof(*o->logs));
    o->log_count = run->logs.count;
    for (size_t i = 0; i < run->logs.count; i++)
        o->logs[i] = *(const struct str *)run->logs.items[i];
    o->status = run->failure.kind != FAILURE_NONE ? CHAIN_FAILED
                : run->returned                   ? CHAIN_RECEIPT
                                                  : CHAIN_VALUE;
    if (!account_is_system(&run->receipt->predecessor) &&
        !amount_multiply(run->receipt->gas_price, run->gas_burnt, &o->tokens_burnt))
        o->tokens_burnt = amount_of(0);
}

static void
count_burnt(struct receipt_run *run, const struct chain_outcome *o, struct amount rewarded)
{
    struct application *app = run->app;
    struct amount net, lost = run->lost;
    /* A refund that finds nobody is lost, and so are the tokens it carried. */
    if (account_is_system(&run->receipt->predecessor) && o->status == CHAIN_FAILED)
        lost = run->receipt->actions[0].deposit;
    if (!amount_sub(o->tokens_burnt, rewarded, &net) || !amount_add(net, lost, &net) ||
        !amount_add(app->burnt, net, &app->burnt))
        fatal("more tokens burnt than there are");
}

static void
run_receipt(struct application *app, const struct chain_receipt *receipt)
{
    struct receipt_run run = {
        .app = app,
        .receipt = receipt,
        .account = state_record(&app->chain->state, account_str(&receipt->receiver)),
        .actor = receipt->predecessor,
        .results = take_results(app, receipt),
    };
    run_actions(&run);
    struct chain_outcome *o = application_outcome(app, &receipt->id, &receipt->tx);
    fill_outcome(&run, o);
    make_refunds(&run);
    make_data(&run);
    send_all(&run, o);
    if (run.returned)
        o->returns = run.returned->id;
    count_burnt(&run, o, reward(&run));
    app->gas_used += o->gas_burnt;
    app->compute_used += o->gas_burnt - run.vm_burnt + run.vm_compute;
    receipt_told(app->chain, receipt);
    list_release(&run.made);
    list_release(&run.logs);
}
