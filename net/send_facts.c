#include "net/send_facts.h"

#include "net/base/xalloc.h"
#include "net/decode.h"
#include "net/near/base58.h"

enum { KEY_TRIES = 4, MONEY_TRIES = 1, PARAMS_MAX = 1024 };

struct send_facts_request {
    struct send_facts_args args;
    struct account_id signer;
    struct public_key key;
    struct send_facts facts;
    struct rpc_request *asking_key, *asking_balance, *asking_price, *asking_chain;
};

void
send_facts_cancel(struct send_facts_request *take_request)
{
    if (!take_request)
        return;
    rpc_cancel(take_request->asking_key);
    rpc_cancel(take_request->asking_balance);
    rpc_cancel(take_request->asking_price);
    rpc_cancel(take_request->asking_chain);
    xfree(take_request);
}

static void
finish(struct send_facts_request *r, enum err error, const struct diag *d)
{
    struct send_facts_args args = r->args;
    struct send_facts facts = r->facts;
    send_facts_cancel(r);
    args.done(args.context, error, &facts, d);
}

static void
finish_when_all_are_in(struct send_facts_request *r)
{
    if (!r->asking_key && !r->asking_balance && !r->asking_price && !r->asking_chain)
        finish(r, OK, NULL);
}

static void
on_key(void *context, const struct rpc_reply *reply)
{
    struct send_facts_request *r = context;
    struct access_key_answer answer;
    struct diag d = reply->diag;
    r->asking_key = NULL;
    if (reply->fault == RPC_UNKNOWN_KEY) {
        char text[KEY_TEXT];
        diag_set(&d, ERR_NOT_FOUND, "%s does not exist, or does not have the key %s: is it the right "
                 "network?", r->signer.s, public_key_text(&r->key, text));
    }
    if (reply->fault == RPC_FINE)
        (void)!decode_access_key(reply->result, r->args.arena, &answer, &d);
    if (d.code != OK) {
        finish(r, d.code, &d);
        return;
    }
    r->facts.known.has_key = true;
    r->facts.known.key = answer.key;
    r->facts.block_hash = answer.block_hash;
    finish_when_all_are_in(r);
}

static void
on_balance(void *context, const struct rpc_reply *reply)
{
    struct send_facts_request *r = context;
    struct preflight *known = &r->facts.known;
    r->asking_balance = NULL;
    known->has_balance = reply->fault == RPC_FINE &&
                         decode_balance(reply->result, &known->balance, NULL) == OK;
    finish_when_all_are_in(r);
}

static void
on_price(void *context, const struct rpc_reply *reply)
{
    struct send_facts_request *r = context;
    struct preflight *known = &r->facts.known;
    r->asking_price = NULL;
    known->has_price = reply->fault == RPC_FINE &&
                       decode_gas_price(reply->result, &known->gas_price, NULL) == OK;
    finish_when_all_are_in(r);
}

static void
on_chain(void *context, const struct rpc_reply *reply)
{
    struct send_facts_request *r = context;
    char *id = r->facts.known.chain_id;
    struct str text;
    r->asking_chain = NULL;
    if (reply->fault == RPC_FINE && json_get_string(reply->result, "chain_id", &text, NULL) == OK &&
        !str_copy(text, id, CHAIN_ID_MAX))
        id[0] = '\0';
    finish_when_all_are_in(r);
}

/* Final: another node behind the same address may not know a newer block. */
static struct rpc_request *
query(struct send_facts_request *r, const char *type, bool with_key, unsigned tries, rpc_fn done)
{
    char text[KEY_TEXT];
    struct buf params;
    struct json_writer w;
    buf_init(&params, PARAMS_MAX);
    json_write_begin(&w, &params);
    json_write_object(&w);
    json_put_c(&w, "request_type", type);
    json_put_c(&w, "finality", "final");
    json_put_c(&w, "account_id", r->signer.s);
    if (with_key)
        json_put_c(&w, "public_key", public_key_text(&r->key, text));
    json_write_object_end(&w);
    struct rpc_request *request =
        rpc_start(r->args.rpc, "query", buf_str(&params), tries, done, r);
    buf_release(&params);
    return request;
}

struct send_facts_request *
send_facts_ask(const struct send_facts_args *args)
{
    struct send_facts_request *r = xcalloc(1, sizeof(*r));
    r->args = *args;
    r->signer = *args->signer;
    r->key = *args->key;
    r->asking_key = query(r, "view_access_key", true, KEY_TRIES, on_key);
    if (args->with_money) {
        r->asking_balance = query(r, "view_account", false, MONEY_TRIES, on_balance);
        r->asking_price =
            rpc_start(args->rpc, "gas_price", STR("[null]"), MONEY_TRIES, on_price, r);
    }
    if (args->with_chain)
        r->asking_chain = rpc_start(args->rpc, "status", STR("[]"), MONEY_TRIES, on_chain, r);
    return r;
}
