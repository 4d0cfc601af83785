#include "contract/sdk/args.h"

_Noreturn static void
panic_argument(const char *name, const char *must)
{
    panic_about("argument ", text_of(name), must);
}

struct args
args_read(void)
{
    struct args a;
    struct json_error error;
    struct text input = call_input();
    if (input.n == 0)
        input = text_of("{}");
    if (!json_parse(input, &a.object, &error)) {
        struct writer w = heap_writer(200);
        write_c(&w, "the arguments are not valid JSON: ");
        write_c(&w, error.what);
        write_c(&w, " at byte ");
        write_u64(&w, error.at);
        panic_writer(&w);
    }
    if (a.object.type != JSON_OBJECT)
        panic("the arguments must be a JSON object like {\"name\":\"value\"}");
    return a;
}

static bool
find(const struct args *a, const char *name, struct json_value *value)
{
    return json_member(a->object, name, value) && value->type != JSON_NULL;
}

bool
args_has(const struct args *a, const char *name)
{
    struct json_value value;
    return find(a, name, &value);
}

static struct json_value
require(const struct args *a, const char *name)
{
    struct json_value value;
    if (!find(a, name, &value))
        panic_about("missing argument: ", text_of(name), "");
    return value;
}

static struct text
decoded(struct json_value string)
{
    char *p = heap_take(string.text.n);
    return (struct text){p, json_decode(string, p)};
}

struct text
args_text(const struct args *a, const char *name, size_t max)
{
    struct json_value value = require(a, name);
    if (value.type != JSON_STRING)
        panic_argument(name, " must be a string");
    struct text text = decoded(value);
    if (text.n > max) {
        struct writer w = heap_writer(200);
        write_c(&w, "argument ");
        write_c(&w, name);
        write_c(&w, " has ");
        write_u64(&w, text.n);
        write_c(&w, " bytes, at most ");
        write_u64(&w, max);
        write_c(&w, " are allowed");
        panic_writer(&w);
    }
    return text;
}

struct text
args_account(const struct args *a, const char *name)
{
    struct json_value value = require(a, name);
    if (value.type != JSON_STRING)
        panic_argument(name, " must be a string");
    struct text id = decoded(value);
    if (!account_is_valid(id))
        panic_argument(name, " must be an account id: 2 to 64 of a-z, 0-9 and, between them, "
                             ". - _");
    return id;
}

/* The digits of a whole number, or something that is none. */
static struct text
digits_of(struct json_value value)
{
    if (value.type == JSON_STRING)
        return decoded(value);
    return value.type == JSON_NUMBER ? value.text : (struct text){0};
}

struct u128
args_u128(const struct args *a, const char *name)
{
    struct u128 number;
    if (!u128_parse(digits_of(require(a, name)), &number))
        panic_argument(name, " must be a whole number below 2^128, like \"125\"");
    return number;
}

struct u128
args_amount(const struct args *a, const char *name)
{
    struct u128 amount = args_u128(a, name);
    if (u128_is_zero(amount))
        panic_argument(name, " must be more than 0");
    return amount;
}

uint64_t
args_u64(const struct args *a, const char *name, uint64_t if_missing)
{
    struct json_value value;
    struct u128 number;
    if (!find(a, name, &value))
        return if_missing;
    if (!u128_parse(digits_of(value), &number) || number.hi != 0)
        panic_argument(name, " must be a whole number below 2^64");
    return number.lo;
}

bool
args_flag(const struct args *a, const char *name, bool if_missing)
{
    struct json_value value;
    if (!find(a, name, &value))
        return if_missing;
    if (value.type != JSON_BOOL)
        panic_argument(name, " must be true or false");
    return text_is(value.text, "true");
}

struct json_value
args_array(const struct args *a, const char *name)
{
    struct json_value value = require(a, name);
    if (value.type != JSON_ARRAY)
        panic_argument(name, " must be an array");
    return value;
}
