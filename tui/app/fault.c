#include "tui/app/fault.h"

#include <stdio.h>
#include "net/http.h"
#include "net/json.h"

enum { ANSWER_MAX = 64 * 1024, TIMEOUT_MS = 5000, REFUSED = 64, UNREACHED = 3 };

struct conversation {
    struct loop *loop;
    uint64_t port;
    int status;                 /* of the program */
};

/* The sentence that an error has in its data, without the front that all of them have. */
static void
print_refusal(const struct json *error)
{
    const struct str front = STR("Failed parsing args: ");
    struct str text = {0};
    const struct json *data = json_find(error, "data");
    if (json_is_string(data) && json_string(data, &text, NULL) == OK && str_starts(text, front))
        text = str_slice(text, front.n, text.n);
    else
        text = STR("what listens there is no embedded chain of neartop");
    fprintf(stderr, "neartop: fault: %.*s\n", STR_ARG(text));
}

static void
on_answer(void *context, const struct http_answer *answer)
{
    struct conversation *c = context;
    struct json *root = NULL;
    struct str faults;
    loop_stop(c->loop);
    if (answer->error) {
        c->status = UNREACHED;
        fprintf(stderr, "neartop: fault: port %llu: %s; is \"neartop localnet\" running there?\n",
                (unsigned long long)c->port, diag_text(&answer->diag));
        return;
    }
    c->status = REFUSED;
    if (json_parse(answer->body, ANSWER_MAX, &root, NULL) == OK &&
        json_get_string(json_find(root, "result"), "faults", &faults, NULL) == OK) {
        c->status = 0;
        printf("%.*s\n", STR_ARG(faults.n ? faults : STR("none")));
    } else {
        print_refusal(json_find(root, "error"));
    }
    json_free(root);
}

int
fault_run(const char *list, uint64_t port)
{
    char url[64];
    struct buf body;
    struct json_writer w;
    struct conversation c = {.loop = loop_new(), .port = port};
    snprintf(url, sizeof(url), "http://127.0.0.1:%llu", (unsigned long long)port);
    buf_init(&body, ANSWER_MAX);
    json_write_begin(&w, &body);
    json_write_object(&w);
    json_put_c(&w, "jsonrpc", "2.0");
    json_put_u64(&w, "id", 1);
    json_put_c(&w, "method", "neartop_fault");
    json_put_object(&w, "params");
    json_put_c(&w, "faults", list ? list : "");
    json_write_object_end(&w);
    json_write_object_end(&w);
    struct http *http = http_new(c.loop);
    const struct http_args args = {.url = url, .body = buf_str(&body), .answer_max = ANSWER_MAX,
                                   .timeout_ms = TIMEOUT_MS, .done = on_answer, .context = &c};
    struct http_request *request = http_start(http, &args);
    (void)request;
    loop_run(c.loop);
    http_free(http);
    loop_free(c.loop);
    buf_release(&body);
    return c.status;
}
