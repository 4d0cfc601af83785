#include "tui/app/ways.h"

#include "net/near/base58.h"
#include "tui/app/preset.h"

enum { TRIES = 2, PARAMS_MAX = 64 * 1024 };

static const char *const reference[] = {"get_portfolio_data", "get_portfolio_sequential", "batch"};

struct ways
ways_of(const struct config *c, const char *network, struct str contract, struct str method)
{
    struct ways w = {.known = WAYS_NONE, .method = {"", "", ""}};
    const struct config_call *p = preset_of(c, network, contract, method);
    for (int mode = 0; p && mode < 3; mode++)
        w.method[mode] = preset_method(p, (enum plan_mode)mode);
    if (p && (w.method[PLAN_SEQUENTIAL][0] || w.method[PLAN_BATCH][0])) {
        w.known = WAYS_TOLD;
        return w;
    }
    /* "batch" alone is a name that others use, too. */
    if (!str_equal_c(method, reference[0]) && !str_equal_c(method, reference[1]))
        return (struct ways){.known = WAYS_NONE, .method = {"", "", ""}};
    for (size_t i = 0; i < ARRAY_LEN(reference); i++)
        w.method[i] = reference[i];
    w.known = WAYS_GUESSED;
    return w;
}

/* --- asking ------------------------------------------------------------------------------------- */

/* A contract that has the method is stopped when it calls others, which a view may not. */
static bool
says_missing(struct str text)
{
    static const char *const words[] = {"MethodNotFound", "MethodEmptyName", "CodeDoesNotExist",
                                        "NO_CONTRACT_CODE", "UNKNOWN_ACCOUNT"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (str_find(text, str_from(words[i])) >= 0)
            return true;
    }
    return false;
}

static void
on_reply(void *context, const struct rpc_reply *reply)
{
    struct ways_question *q = context;
    struct buf text;
    q->request = NULL;
    buf_init(&text, PARAMS_MAX);
    if (reply->error)
        json_print(reply->error, &text);
    bool is_missing = says_missing(buf_str(&text)) || says_missing(reply->failed_view);
    buf_release(&text);
    q->answered(q->context, !is_missing);
}

void
ways_ask(struct ways_question *q, struct rpc *rpc)
{
    struct buf params, base64;
    struct json_writer w;
    if (q->request)
        return;
    buf_init(&params, PARAMS_MAX);
    buf_init(&base64, PARAMS_MAX);
    base64_encode(q->plan.action.args, &base64);
    json_write_begin(&w, &params);
    json_write_object(&w);
    json_put_c(&w, "request_type", "call_function");
    json_put_c(&w, "finality", "optimistic");
    json_put_c(&w, "account_id", q->plan.receiver.s);
    json_put_string(&w, "method_name", q->plan.action.method);
    json_put_string(&w, "args_base64", buf_str(&base64));
    json_write_object_end(&w);
    if (params.overflowed || base64.overflowed)
        q->answered(q->context, true);
    else
        q->request = rpc_start(rpc, "query", buf_str(&params), TRIES, on_reply, q);
    buf_release(&base64);
    buf_release(&params);
}

void
ways_stop(struct ways_question *q)
{
    rpc_cancel(q->request);
    q->request = NULL;
}
