#include "contract/sdk/branch.h"

static void
log_replaced(const char *name, const char *why, const struct json_error *error,
             const char *instead)
{
    struct writer w = heap_writer(400);
    write_c(&w, name);
    write_c(&w, ": ");
    write_c(&w, why);
    if (error) {
        write_c(&w, " (");
        write_c(&w, error->what);
        write_c(&w, " at byte ");
        write_u64(&w, error->at);
        write_byte(&w, ')');
    }
    write_c(&w, ", ");
    write_c(&w, instead);
    write_c(&w, " stands for it");
    log_writer(&w);
}

struct text
branch_value(const char *name, uint64_t index, const char *instead)
{
    struct result result = promise_result_read(index, BRANCH_RESULT_MAX);
    struct json_value value;
    struct json_error error;
    if (result.failed) {
        log_replaced(name, result.failed, NULL, instead);
        return text_of(instead);
    }
    if (!json_parse(result.value, &value, &error)) {
        log_replaced(name, "the result is not valid JSON", &error, instead);
        return text_of(instead);
    }
    return value.text;
}

void
branches_join(const uint64_t *promises, size_t count, const char *callback, struct text args,
              uint64_t gas)
{
    struct call self = {
        .account = current_account(), .method = callback, .args = args, .gas = gas};
    uint64_t all = count == 1 ? promises[0] : near_promise_and(near_ptr(promises), count);
    near_promise_return(promise_call_then(all, &self));
}
