#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include "net/base/utf8.h"
#include "net/json.h"

/* Lets through what every terminal and every parser takes as itself. */
static bool
is_plain(uint32_t scalar)
{
    if (scalar < 0x20 || scalar == '"' || scalar == '\\')
        return false;
    if (scalar < 0x7f)
        return true;
    return scalar >= 0xA0 && scalar != 0x2028 && scalar != 0x2029 && scalar != 0x061C &&
           scalar != 0x200E && scalar != 0x200F && !(scalar >= 0x202A && scalar <= 0x202E) &&
           !(scalar >= 0x2066 && scalar <= 0x2069) && scalar != 0xFEFF;
}

static void
add_escaped(struct buf *out, uint32_t scalar)
{
    switch (scalar) {
    case '"': buf_add_c(out, "\\\""); return;
    case '\\': buf_add_c(out, "\\\\"); return;
    case '\n': buf_add_c(out, "\\n"); return;
    case '\r': buf_add_c(out, "\\r"); return;
    case '\t': buf_add_c(out, "\\t"); return;
    default: buf_addf(out, "\\u%04x", (unsigned)scalar);
    }
}

void
json_quote(struct str s, struct buf *out)
{
    buf_add_byte(out, '"');
    while (s.n) {
        /* Runs of plain ASCII are nearly everything there is. */
        size_t run = 0;
        while (run < s.n && (unsigned char)s.p[run] < 0x7f && is_plain((unsigned char)s.p[run]))
            run++;
        buf_add(out, s.p, run);
        s = str_slice(s, run, s.n);
        if (s.n == 0)
            break;
        char bytes[4];
        uint32_t scalar = utf8_take(&s);
        if (is_plain(scalar))
            buf_add(out, bytes, (size_t)utf8_put(bytes, scalar));
        else
            add_escaped(out, scalar);
    }
    buf_add_byte(out, '"');
}

void
json_write_begin(struct json_writer *w, struct buf *out)
{
    *w = (struct json_writer){.out = out};
}

static void
add_comma(struct json_writer *w)
{
    if (w->has_member[w->depth - 1])
        buf_add_byte(w->out, ',');
    w->has_member[w->depth - 1] = true;
}

/* What comes before any value: a comma, unless it is the first, or stands behind its key. */
static void
begin_value(struct json_writer *w)
{
    if (w->after_key) {
        w->after_key = false;
        return;
    }
    if (w->depth == 0)
        return;
    assert(!w->is_object[w->depth - 1]);
    add_comma(w);
}

static void
open_container(struct json_writer *w, bool is_object)
{
    begin_value(w);
    assert(w->depth < JSON_WRITE_DEPTH_MAX);
    w->has_member[w->depth] = false;
    w->is_object[w->depth++] = is_object;
    buf_add_byte(w->out, is_object ? '{' : '[');
}

static void
close_container(struct json_writer *w, bool is_object)
{
    assert(w->depth > 0 && !w->after_key);
    assert(w->is_object[w->depth - 1] == is_object);
    w->depth--;
    buf_add_byte(w->out, is_object ? '}' : ']');
}

void
json_write_object(struct json_writer *w)
{
    open_container(w, true);
}

void
json_write_object_end(struct json_writer *w)
{
    close_container(w, true);
}

void
json_write_array(struct json_writer *w)
{
    open_container(w, false);
}

void
json_write_array_end(struct json_writer *w)
{
    close_container(w, false);
}

void
json_write_key_str(struct json_writer *w, struct str key)
{
    assert(w->depth > 0 && w->is_object[w->depth - 1] && !w->after_key);
    add_comma(w);
    json_quote(key, w->out);
    buf_add_byte(w->out, ':');
    w->after_key = true;
}

void
json_write_key(struct json_writer *w, const char *key)
{
    json_write_key_str(w, str_from(key));
}

void
json_write_string(struct json_writer *w, struct str s)
{
    begin_value(w);
    json_quote(s, w->out);
}

void
json_write_c(struct json_writer *w, const char *s)
{
    if (s)
        json_write_string(w, str_from(s));
    else
        json_write_null(w);
}

void
json_write_u64(struct json_writer *w, uint64_t number)
{
    begin_value(w);
    buf_add_u64(w->out, number);
}

void
json_write_i64(struct json_writer *w, int64_t number)
{
    begin_value(w);
    buf_addf(w->out, "%" PRId64, number);
}

void
json_write_decimal(struct json_writer *w, uint64_t number)
{
    begin_value(w);
    buf_addf(w->out, "\"%" PRIu64 "\"", number);
}

void
json_write_bool(struct json_writer *w, bool truth)
{
    begin_value(w);
    buf_add_c(w->out, truth ? "true" : "false");
}

void
json_write_null(struct json_writer *w)
{
    begin_value(w);
    buf_add_c(w->out, "null");
}

void
json_write_raw(struct json_writer *w, struct str json)
{
    begin_value(w);
    buf_add_str(w->out, json);
}

void
json_put_string(struct json_writer *w, const char *key, struct str s)
{
    json_write_key(w, key);
    json_write_string(w, s);
}

void
json_put_c(struct json_writer *w, const char *key, const char *s)
{
    json_write_key(w, key);
    json_write_c(w, s);
}

void
json_put_u64(struct json_writer *w, const char *key, uint64_t number)
{
    json_write_key(w, key);
    json_write_u64(w, number);
}

void
json_put_decimal(struct json_writer *w, const char *key, uint64_t number)
{
    json_write_key(w, key);
    json_write_decimal(w, number);
}

void
json_put_bool(struct json_writer *w, const char *key, bool truth)
{
    json_write_key(w, key);
    json_write_bool(w, truth);
}

void
json_put_null(struct json_writer *w, const char *key)
{
    json_write_key(w, key);
    json_write_null(w);
}

void
json_put_known_u64(struct json_writer *w, const char *key, bool is_known, uint64_t value)
{
    if (is_known)
        json_put_u64(w, key, value);
    else
        json_put_null(w, key);
}

void
json_put_raw(struct json_writer *w, const char *key, struct str json)
{
    json_write_key(w, key);
    json_write_raw(w, json);
}

void
json_put_value(struct json_writer *w, const char *key, const struct json *v)
{
    json_write_key(w, key);
    json_write_value(w, v);
}

void
json_put_object(struct json_writer *w, const char *key)
{
    json_write_key(w, key);
    json_write_object(w);
}

void
json_put_array(struct json_writer *w, const char *key)
{
    json_write_key(w, key);
    json_write_array(w);
}
