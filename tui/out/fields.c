#include "tui/out/fields.h"

#include "net/json.h"

/* A result and the callback that made it, while they are compared. */
struct tie {
    const struct call *call;
    const struct node *join;        /* its inputs are what the result was made of */
    struct field *fields;
    const struct json **values;     /* of the fields */
    size_t count;
    bool *is_taken;                 /* by index of input */
};

static size_t
split(const struct json *root, struct arena *arena, struct tie *t)
{
    bool is_object = json_is_object(root);
    if (!is_object && !json_is_array(root))
        return 0;
    for (const struct json *m = json_first(root); m && t->count < FIELDS_MAX; m = json_next(m)) {
        struct field *f = &t->fields[t->count];
        struct buf text;
        buf_init(&text, FIELDS_BYTES_MAX * 8);
        json_print(m, &text);
        f->value = arena_str(arena, buf_str(&text));
        f->path = is_object ? arena_str(arena, json_key(m))
                            : str_from(arena_printf(arena, "[%zu]", t->count));
        buf_release(&text);
        t->values[t->count++] = m;
    }
    return t->count;
}

static void
bind_field(struct tie *t, size_t field, size_t input)
{
    t->fields[field].branch = t->join->inputs[input];
    t->fields[field].index = input;
    t->is_taken[input] = true;
}

/* What an input was as JSON, or NULL: nothing, a failure, something else. */
static struct json *
input_value(const struct tie *t, size_t i)
{
    struct json *value = NULL;
    if (!call_input_arrived(t->call, t->join, i))
        return NULL;
    const struct outcome_fact *f = &call_deliverer(t->call, t->join->inputs[i])->outcome;
    if (f->status != OUTCOME_VALUE || json_parse(f->value, FIELDS_BYTES_MAX, &value, NULL))
        return NULL;
    return value;
}

static void
bind_equal(struct tie *t)
{
    for (size_t i = 0; i < t->join->input_count; i++) {
        struct json *value = input_value(t, i);
        for (size_t f = 0; value && !json_is_null(value) && f < t->count; f++) {
            if (t->fields[f].branch || !json_equal(t->values[f], value))
                continue;
            bind_field(t, f, i);
            break;
        }
        json_free(value);
    }
}

static bool
is_free_null(const struct tie *t, size_t field)
{
    return !t->fields[field].branch && json_is_null(t->values[field]);
}

/* With the free nulls paired with the inputs that are left, fields are in the inputs' order. */
static bool
is_in_order(const struct tie *t)
{
    size_t next = 0, input = 0;
    for (size_t f = 0; f < t->count; f++) {
        size_t at = t->fields[f].index;
        if (is_free_null(t, f)) {
            while (t->is_taken[input])
                input++;
            at = input++;
        } else if (!t->fields[f].branch) {
            continue;
        }
        if (at < next)
            return false;
        next = at + 1;
    }
    return true;
}

static void
bind_nulls(struct tie *t)
{
    size_t nulls = 0, left = 0, input = 0;
    for (size_t f = 0; f < t->count; f++)
        nulls += is_free_null(t, f);
    for (size_t i = 0; i < t->join->input_count; i++)
        left += !t->is_taken[i];
    if (nulls == 0 || nulls != left || (nulls > 1 && !is_in_order(t)))
        return;
    for (size_t f = 0; f < t->count; f++) {
        if (!is_free_null(t, f))
            continue;
        while (t->is_taken[input])
            input++;
        bind_field(t, f, input);
    }
}

static bool
parse_result(const struct verdict *v, struct json **out)
{
    return v->has_result && v->result->outcome.status == OUTCOME_VALUE &&
           json_parse(v->result->outcome.value, FIELDS_BYTES_MAX, out, NULL) == OK;
}

bool
field_is_unreadable(const struct field *f)
{
    return f->branch && f->branch->status == NODE_DONE && f->branch->outcome.value.n &&
           str_equal_c(f->value, "null") && !json_is_valid(f->branch->outcome.value);
}

size_t
fields_all(const struct verdict *v)
{
    struct json *root = NULL;
    if (!parse_result(v, &root))
        return 0;
    size_t count = json_is_object(root) || json_is_array(root) ? json_count(root) : 0;
    json_free(root);
    return count;
}

size_t
fields_of_result(const struct call *c, const struct verdict *v, struct arena *arena,
                 struct field **out)
{
    struct json *root = NULL;
    struct tie t = {.call = c, .join = v->result};
    *out = NULL;
    if (!parse_result(v, &root))
        return 0;
    t.fields = arena_array(arena, FIELDS_MAX, sizeof(*t.fields));
    t.values = arena_array(arena, FIELDS_MAX, sizeof(*t.values));
    t.is_taken = arena_array(arena, v->result->input_count, sizeof(*t.is_taken));
    if (split(root, arena, &t) && v->result->input_count) {
        bind_equal(&t);
        bind_nulls(&t);
    }
    json_free(root);
    *out = t.fields;
    return t.count;
}
