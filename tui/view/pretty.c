#include "tui/view/pretty.h"

#include "net/base/utf8.h"
#include "net/json.h"

enum { INDENT = 2, DEEPEST = 16 };

static void put_value(struct buf *out, const struct json *v, int indent, int taken, int width);

static void
put_members(struct buf *out, const struct json *v, int indent, int width)
{
    for (const struct json *m = json_first(v); m; m = json_next(m)) {
        size_t begin = out->n + 1;
        buf_add_byte(out, '\n');
        buf_add_repeat(out, ' ', (size_t)indent);
        if (json_is_object(v)) {
            json_quote(json_key(m), out);
            buf_add_c(out, ": ");
        }
        struct str line = begin < out->n ? str_slice(buf_str(out), begin, out->n) : STR("");
        put_value(out, m, indent, utf8_str_width(line), width);
        if (json_next(m))
            buf_add_byte(out, ',');
    }
}

/* `taken` cells of the line are used already. */
static void
put_value(struct buf *out, const struct json *v, int indent, int taken, int width)
{
    struct buf compact;
    buf_init(&compact, PRETTY_MAX * 8);
    json_print(v, &compact);
    bool fits = taken + utf8_str_width(buf_str(&compact)) < width;
    bool can_open = (json_is_object(v) || json_is_array(v)) && json_count(v) > 0;
    if (fits || !can_open || indent >= DEEPEST * INDENT) {
        buf_add_str(out, buf_str(&compact));
    } else {
        buf_add_byte(out, json_is_object(v) ? '{' : '[');
        put_members(out, v, indent + INDENT, width);
        buf_add_byte(out, '\n');
        buf_add_repeat(out, ' ', (size_t)indent);
        buf_add_byte(out, json_is_object(v) ? '}' : ']');
    }
    buf_release(&compact);
}

bool
pretty_json(struct buf *out, struct str text, int width)
{
    struct json *root;
    if (text.n == 0 || text.n > PRETTY_MAX || json_parse(text, PRETTY_MAX, &root, NULL))
        return false;
    bool is_whole = json_is_object(root) || json_is_array(root);
    if (is_whole)
        put_value(out, root, 0, 0, width);
    json_free(root);
    return is_whole;
}
