#include "net/rpc.h"

#include <stdio.h>
#include <string.h>
#include "net/reason.h"

/* The node's causes. What is not here is RPC_OTHER. */
static const struct {
    const char *cause;
    enum rpc_fault fault;
    const char *words;              /* of which nodes say nothing but the name; or NULL */
} causes[] = {
    {"UNKNOWN_TRANSACTION", RPC_UNKNOWN_TRANSACTION, NULL},
    {"INVALID_TRANSACTION", RPC_INVALID_TRANSACTION, NULL},
    {"UNKNOWN_RECEIPT", RPC_UNKNOWN_RECEIPT, "it does not know that receipt"},
    {"UNKNOWN_BLOCK", RPC_UNKNOWN_BLOCK, NULL},
    {"UNKNOWN_ACCOUNT", RPC_UNKNOWN_ACCOUNT, NULL},
    {"INVALID_ACCOUNT", RPC_UNKNOWN_ACCOUNT, NULL},
    {"UNKNOWN_ACCESS_KEY", RPC_UNKNOWN_KEY, NULL},
    {"GARBAGE_COLLECTED_BLOCK", RPC_GONE, NULL},
    {"DOES_NOT_TRACK_SHARD", RPC_NOT_TRACKED, NULL},
    {"UNAVAILABLE_SHARD", RPC_NOT_TRACKED, NULL},
    {"UNKNOWN_CHUNK", RPC_NOT_TRACKED, NULL},       /* a node has those of its own shards */
    {"TIMEOUT_ERROR", RPC_AMBIGUOUS, NULL},
    {"REQUEST_ROUTED", RPC_AMBIGUOUS, NULL},
    {"INTERNAL_ERROR", RPC_AMBIGUOUS, NULL},
    {"NO_SYNCED_BLOCKS", RPC_SYNCING, NULL},
    {"NOT_SYNCED_YET", RPC_SYNCING, NULL},
    {"METHOD_NOT_FOUND", RPC_BAD_REQUEST, NULL},
    {"PARSE_ERROR", RPC_BAD_REQUEST, NULL},
};

static enum err
code_of(enum rpc_fault fault)
{
    switch (fault) {
    case RPC_FINE: return OK;
    case RPC_UNREACHABLE: return ERR_NET;
    case RPC_AMBIGUOUS: return ERR_TIMEOUT;
    case RPC_SYNCING: return ERR_NOT_NOW;
    case RPC_LIMITED:
    case RPC_DENIED: return ERR_HTTP;
    case RPC_GARBAGE: return ERR_SYNTAX;
    case RPC_INVALID_TRANSACTION: return ERR_REFUSED;
    case RPC_UNKNOWN_TRANSACTION:
    case RPC_UNKNOWN_RECEIPT:
    case RPC_UNKNOWN_BLOCK:
    case RPC_UNKNOWN_ACCOUNT:
    case RPC_UNKNOWN_KEY:
    case RPC_GONE:
    case RPC_NOT_TRACKED: return ERR_NOT_FOUND;
    case RPC_BAD_REQUEST:
    case RPC_OTHER: return ERR_RPC;
    }
    return ERR_RPC;
}

static void
judge_transport(const struct http_answer *answer, struct rpc_reply *reply)
{
    reply->diag = answer->diag;
    if (answer->error == ERR_TOO_LARGE)
        reply->fault = RPC_GARBAGE;
    else
        reply->fault = answer->was_heard ? RPC_AMBIGUOUS : RPC_UNREACHABLE;
}

/* What an HTTP status means when the body is no word of a node: gateways speak so, and nodes that
 * could not read the request at all. */
static enum rpc_fault
fault_of_status(long status)
{
    if (status == 429)
        return RPC_LIMITED;
    if (status == 408 || status >= 500)
        return RPC_AMBIGUOUS;
    return status == 400 || status == 413 ? RPC_BAD_REQUEST : RPC_DENIED;
}

static const char *
deed_of(enum rpc_fault fault, long status)
{
    if (fault == RPC_LIMITED)
        return "was asked too often";
    if (fault == RPC_AMBIGUOUS)
        return "is in trouble";
    if (fault == RPC_BAD_REQUEST)
        return "did not understand the request";
    bool is_locked = status == 401 || status == 403 || status == 200;
    return is_locked ? "does not let us in" : "is no JSON-RPC server";
}

/* Without a query, and without parts as long as keys are: they may stand in a path. */
static void
add_sayable_path(struct buf *out, const char *path)
{
    enum { KEY_LEAST = 16 };
    struct str rest = str_slice(str_from(path), 0, strcspn(path, "?#"));
    while (rest.n) {
        ptrdiff_t slash = str_find_byte(str_slice(rest, 1, rest.n), '/');
        size_t n = slash < 0 ? rest.n : (size_t)slash + 1;
        if (n > KEY_LEAST)
            buf_add_c(out, "/\xe2\x80\xa6");
        else
            buf_add_str(out, str_slice(rest, 0, n));
        rest = str_slice(rest, n, rest.n);
    }
}

static void
judge_redirect(const struct http_answer *answer, const char *host, struct rpc_reply *reply)
{
    struct buf path;
    buf_init(&path, HTTP_REDIRECT_PATH_MAX);
    /* Within one host it is the path that says where to. */
    if (strcmp(answer->redirect, host) == 0)
        add_sayable_path(&path, answer->redirect_path);
    diag_set(&reply->diag, ERR_HTTP, "%s redirects to %s%.80s (HTTP status %ld), which is not "
             "followed: give that address instead", host,
             answer->redirect[0] ? answer->redirect : "another address", buf_c(&path),
             answer->status);
    reply->diag.origin = (int)answer->status;
    buf_release(&path);
}

static void
judge_status(const struct http_answer *answer, const char *host, struct rpc_reply *reply)
{
    char wish[64] = "";
    long status = answer->status;
    reply->fault = fault_of_status(status);
    if (status >= 300 && status < 400) {
        judge_redirect(answer, host, reply);
        return;
    }
    if (status == 429 && answer->retry_after_ms > 0)
        snprintf(wish, sizeof(wish), ", and is to be left alone for %lld s",
                 (long long)((answer->retry_after_ms + 999) / 1000));
    diag_set(&reply->diag, code_of(reply->fault), "%s %s (HTTP status %ld)%s", host,
             deed_of(reply->fault, status), status, wish);
    reply->diag.origin = (int)status;
}

static void
judge_garbage(const struct http_answer *answer, const char *host, const char *why,
              struct rpc_reply *reply)
{
    reply->fault = RPC_GARBAGE;
    diag_set(&reply->diag, code_of(RPC_GARBAGE), "%s answered with something else (%s): %.*s",
             host, why, STR_ARG(str_slice(answer->body, 0, 60)));
}

/* Its place in `causes`, or the end of them. */
static size_t
cause_of(const struct json *error)
{
    struct str name;
    size_t i = 0;
    if (json_get_string(json_find(error, "cause"), "name", &name, NULL) != OK)
        return ARRAY_LEN(causes);
    while (i < ARRAY_LEN(causes) && !str_equal_c(name, causes[i].cause))
        i++;
    return i;
}

static enum rpc_fault
fault_of(const struct json *error)
{
    size_t cause = cause_of(error);
    return cause < ARRAY_LEN(causes) ? causes[cause].fault : RPC_OTHER;
}

/* The useful words are in different places: `data` when it is a string, else the cause's own
 * message, else ours for the cause, else its name, else the general message; some gateways have
 * nothing else. */
static void
tell_error(const struct json *error, struct buf *out)
{
    const struct json *cause = json_find(error, "cause");
    size_t known = cause_of(error);
    const char *ours = known < ARRAY_LEN(causes) ? causes[known].words : NULL;
    struct str words;
    if (json_get_string(error, "data", &words, NULL) == OK ||
        json_get_string(json_find(cause, "info"), "error_message", &words, NULL) == OK)
        buf_add_str(out, str_slice(words, 0, REASON_MAX / 2));
    else if (ours)
        buf_add_c(out, ours);
    else if (json_get_string(cause, "name", &words, NULL) == OK ||
        json_get_string(error, "message", &words, NULL) == OK ||
        json_string(error, &words, NULL) == OK)
        buf_add_str(out, str_slice(words, 0, REASON_MAX / 2));
    else
        buf_add_c(out, "an error without words");
}

/* --- gateways that answer in JSON ------------------------------------------------------ */

/* The codes of JSON-RPC itself, and those that gateways have taken for too many requests. */
static const struct {
    const char *code;
    enum rpc_fault fault;
} codes[] = {
    {"-32700", RPC_BAD_REQUEST}, {"-32600", RPC_BAD_REQUEST}, {"-32601", RPC_BAD_REQUEST},
    {"-32602", RPC_BAD_REQUEST}, {"-32005", RPC_LIMITED},     {"-32029", RPC_LIMITED},
    {"-429", RPC_LIMITED},       {"429", RPC_LIMITED},
};

static const struct {
    const char *words;          /* in lower case */
    enum rpc_fault fault;
} telling[] = {
    {"rate limit", RPC_LIMITED},    {"too many requests", RPC_LIMITED},
    {"request limit", RPC_LIMITED}, {"api key", RPC_DENIED},
    {"unauthorized", RPC_DENIED},   {"forbidden", RPC_DENIED},
};

static bool
says(struct str text, const char *lower)
{
    struct str wanted = str_from(lower);
    for (size_t i = 0; i + wanted.n <= text.n; i++) {
        if (str_equal_nocase(str_slice(text, i, i + wanted.n), wanted))
            return true;
    }
    return false;
}

/* Every error of a node has a cause with a name. */
static bool
is_of_a_node(const struct json *error)
{
    struct str name;
    return json_get_string(json_find(error, "cause"), "name", &name, NULL) == OK;
}

static enum rpc_fault
fault_of_gateway(const struct json *error, struct str words)
{
    struct buf code;
    const struct json *told = json_find(error, "code");
    enum rpc_fault fault = RPC_AMBIGUOUS;
    for (size_t i = 0; i < ARRAY_LEN(telling); i++) {
        if (says(words, telling[i].words))
            fault = telling[i].fault;
    }
    buf_init(&code, JSON_BYTES_MAX);
    if (told)
        json_print(told, &code);
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        if (str_equal_c(buf_str(&code), codes[i].code))
            fault = codes[i].fault;
    }
    buf_release(&code);
    return fault;
}

static void
judge_gateway(const struct http_answer *answer, const struct json *error, const char *host,
              struct rpc_reply *reply)
{
    struct buf words;
    char status[40] = "";
    bool is_fine = answer->status == 200;
    buf_init(&words, REASON_MAX);
    tell_error(error, &words);
    reply->error = error;
    reply->fault = is_fine ? fault_of_gateway(error, buf_str(&words))
                           : fault_of_status(answer->status);
    if (!is_fine)
        snprintf(status, sizeof(status), " (HTTP status %ld)", answer->status);
    diag_set(&reply->diag, code_of(reply->fault), "%s %s%s: %s", host,
             deed_of(reply->fault, answer->status), status, buf_c(&words));
    reply->diag.origin = is_fine ? 0 : (int)answer->status;
    buf_release(&words);
}

/* --- answers of nodes -------------------------------------------------------------------- */

static void
judge_error(const struct json *error, const char *host, struct rpc_reply *reply)
{
    struct buf words;
    const struct json *data = json_find(error, "data");
    buf_init(&words, REASON_MAX);
    reply->error = error;
    reply->fault = fault_of(error);
    if (reply->fault == RPC_INVALID_TRANSACTION && json_is_object(data)) {
        struct buf json;
        buf_init(&json, JSON_BYTES_MAX);
        json_print(data, &json);
        reason_of_failure(buf_str(&json), &words, NULL);
        buf_release(&json);
        diag_set(&reply->diag, ERR_REFUSED, "%s", buf_c(&words));
    } else {
        tell_error(error, &words);
        diag_set(&reply->diag, code_of(reply->fault), "%s: %s", host, buf_c(&words));
    }
    buf_release(&words);
}

/* A missing key, and a view call that failed, come as a result with an "error" inside. */
static void
judge_result(const struct json *result, const char *host, struct rpc_reply *reply)
{
    struct str words;
    reply->result = result;
    if (json_get_string(result, "error", &words, NULL) != OK)
        return;
    struct buf sentence;
    buf_init(&sentence, REASON_MAX);
    bool is_key = str_starts(words, STR("access key ")) &&
                  str_find(words, STR("does not exist")) >= 0;
    reply->fault = is_key ? RPC_UNKNOWN_KEY : RPC_OTHER;
    reply->result = NULL;
    reply->failed_view = words;
    reason_of_execution(words, &sentence, NULL);
    diag_set(&reply->diag, code_of(reply->fault), "%s: %s", host, buf_c(&sentence));
    buf_release(&sentence);
}

static bool
is_answer_to(const struct json *root, const char *id)
{
    struct str text;
    const struct json *v = json_find(root, "id");
    /* A request that could not be read is answered with a null id. */
    return !v || json_is_null(v) ||
           (json_string(v, &text, NULL) == OK && str_equal_c(text, id));
}

void
rpc_judge(const struct http_answer *answer, const char *host, const char *id,
          struct rpc_reply *reply, struct json **root)
{
    struct diag why = {0};
    *reply = (struct rpc_reply){.took_ns = answer->took_ns,
                                .retry_after_ms = answer->retry_after_ms};
    *root = NULL;
    if (answer->error) {
        judge_transport(answer, reply);
        return;
    }
    if (answer->status == 429) {
        judge_status(answer, host, reply);
        return;
    }
    enum err e = json_parse(answer->body, JSON_BYTES_MAX, root, &why);
    const struct json *error = json_find(*root, "error"), *result = json_find(*root, "result");
    /* Servers of JSON-RPC 1.0 have both. */
    if (result && json_is_null(error))
        error = NULL;
    if (!e && !error && !result)
        e = diag_set(&why, ERR_MISSING, "neither result nor error");
    if (e && answer->status != 200)
        judge_status(answer, host, reply);
    else if (e)
        judge_garbage(answer, host, diag_text(&why), reply);
    else if ((reply->is_of_another = !is_answer_to(*root, id)))
        judge_garbage(answer, host, "the answer to another request", reply);
    else if (error && !is_of_a_node(error))
        judge_gateway(answer, error, host, reply);
    else if (error)
        judge_error(error, host, reply);
    else
        judge_result(result, host, reply);
}
