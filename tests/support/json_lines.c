#include "tests/support/json_lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "net/near/base58.h"
#include "tests/support/json_file.h"
#include "tests/support/json_schema.h"

static struct json *schema;

int
json_lines_load_schema(void **state)
{
    (void)state;
    schema = json_file_read("tests/data/json-v1.schema.json");
    return 0;
}

int
json_lines_free_schema(void **state)
{
    (void)state;
    json_free(schema);
    return 0;
}

const struct json *
json_lines_schema(void)
{
    return schema;
}

void
json_lines_parse(struct json_lines *l, struct str text)
{
    struct str line;
    struct buf why;
    buf_init(&why, 65536);
    l->count = 0;
    while (str_take_until(&text, '\n', &line)) {
        assert_true(l->count < JSON_LINES_MOST);
        assert_int_equal(json_parse(line, JSON_BYTES_MAX, &l->all[l->count], NULL), OK);
        if (!json_schema_fits(schema, l->all[l->count], &why))
            fail_msg("%.*s\n%s", STR_ARG(line), buf_c(&why));
        l->count++;
    }
    buf_release(&why);
}

void
json_lines_free(struct json_lines *l)
{
    for (size_t i = 0; i < l->count; i++)
        json_free(l->all[i]);
}

bool
json_lines_is(const struct json *line, const char *event)
{
    struct str name;
    return json_get_string(line, "event", &name, NULL) == OK && str_equal_c(name, event);
}

struct str
json_lines_text(const struct json *line, const char *key)
{
    struct str text = {0};
    if (json_get_string(line, key, &text, NULL))
        fail_msg("no string %s", key);
    return text;
}

uint64_t
json_lines_number(const struct json *line, const char *key)
{
    uint64_t number = 0;
    if (json_get_u64(line, key, &number, NULL))
        fail_msg("no number %s", key);
    return number;
}

const struct json *
json_lines_last(const struct json_lines *l, const char *event, const struct hash *id)
{
    char text[HASH_TEXT];
    if (id)
        hash_text(id, text);
    for (size_t i = l->count; i-- > 0;) {
        if (json_lines_is(l->all[i], event) && (!id || str_equal_c(json_lines_text(l->all[i], "id"), text)))
            return l->all[i];
    }
    fail_msg("no %s", event);
    return NULL;
}

size_t
json_lines_count(const struct json_lines *l, const char *event)
{
    size_t count = 0;
    for (size_t i = 0; i < l->count; i++)
        count += json_lines_is(l->all[i], event);
    return count;
}
