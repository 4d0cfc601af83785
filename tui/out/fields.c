#include "tui/out/fields.h"

#include "net/json.h"

enum { MAX_FIELDS = 256, MAX_CHAIN = 64 };

/* What a branch delivered in the end. */
static const struct node *
delivery(const struct call *c, const struct node *n)
{
    for (int i = 0; n && i < MAX_CHAIN && n->has_outcome && n->outcome.status == OUTCOME_RECEIPT;
         i++)
        n = call_node(c, &n->outcome.returns);
    return n && n->has_outcome ? n : NULL;
}

/* The callback whose inputs the result speaks of: the one that returned it. */
static const struct node *
join_of(const struct verdict *v)
{
    return v->result && v->result->input_count ? v->result : NULL;
}

static size_t
split(const struct json *root, struct arena *arena, struct field *fields)
{
    size_t count = 0;
    for (const struct json *m = json_first(root); m && count < MAX_FIELDS; m = json_next(m)) {
        struct buf text;
        buf_init(&text, JSON_BYTES_MAX);
        json_print(m, &text);
        fields[count] = (struct field){.value = arena_str(arena, buf_str(&text))};
        fields[count].path = json_is_object(root)
            ? arena_str(arena, json_key(m))
            : str_from(arena_printf(arena, "[%zu]", count));
        buf_release(&text);
        count++;
    }
    return count;
}

static bool
same_value(struct str json_value, const struct node *delivered)
{
    struct json *a = NULL, *b = NULL;
    bool same = json_parse(json_value, JSON_BYTES_MAX, &a, NULL) == OK &&
                json_parse(delivered->outcome.value, JSON_BYTES_MAX, &b, NULL) == OK &&
                !json_is_null(a) && json_equal(a, b);
    json_free(a);
    json_free(b);
    return same;
}

static void
tie_equal(const struct call *c, const struct node *join, struct field *fields, size_t count,
          bool *taken)
{
    for (size_t i = 0; i < join->input_count; i++) {
        const struct node *delivered = join->inputs[i] ? delivery(c, join->inputs[i]) : NULL;
        if (!delivered || delivered->outcome.status != OUTCOME_VALUE)
            continue;
        for (size_t j = 0; j < count && !taken[i]; j++) {
            if (fields[j].branch || !same_value(fields[j].value, delivered))
                continue;
            fields[j].branch = join->inputs[i];
            fields[j].index = i;
            taken[i] = true;
        }
    }
}

static bool
is_null(const struct field *f)
{
    return !f->branch && str_equal(f->value, STR("null"));
}

static void
tie_failed(const struct call *c, const struct node *join, struct field *fields, size_t count,
           bool *taken)
{
    size_t nulls = 0, left = 0, next = 0;
    for (size_t j = 0; j < count; j++)
        nulls += is_null(&fields[j]);
    for (size_t i = 0; i < join->input_count; i++)
        left += !taken[i];
    if (nulls == 0 || nulls != left)
        return;
    for (size_t i = 0; i < join->input_count; i++) {
        if (taken[i] || !join->inputs[i] || !delivery(c, join->inputs[i]))
            continue;
        while (next < count && !is_null(&fields[next]))
            next++;
        if (next == count)
            return;
        fields[next].branch = join->inputs[i];
        fields[next].index = i;
    }
}

size_t
fields_of_result(const struct call *c, const struct verdict *v, struct arena *arena,
                 struct field **out)
{
    struct json *root = NULL;
    *out = NULL;
    if (!v->has_result || v->result->outcome.status != OUTCOME_VALUE ||
        json_parse(v->result->outcome.value, JSON_BYTES_MAX, &root, NULL) != OK)
        return 0;
    struct field *fields = arena_array(arena, MAX_FIELDS, sizeof(*fields));
    size_t count = split(root, arena, fields);
    json_free(root);
    const struct node *join = join_of(v);
    if (join) {
        bool *taken = arena_array(arena, join->input_count, sizeof(*taken));
        tie_equal(c, join, fields, count, taken);
        tie_failed(c, join, fields, count, taken);
    }
    *out = fields;
    return count;
}
