#include "contract/sdk/json.h"

struct json_writer
json_writer_over(char *p, size_t max)
{
    return (struct json_writer){.to = writer_over(p, max)};
}

static void
begin_item(struct json_writer *w)
{
    if (w->comma)
        write_byte(&w->to, ',');
    w->comma = true;
}

void
json_open(struct json_writer *w, char bracket)
{
    begin_item(w);
    write_byte(&w->to, bracket);
    w->comma = false;
}

void
json_close(struct json_writer *w, char bracket)
{
    write_byte(&w->to, bracket);
    w->comma = true;
}

void
json_key(struct json_writer *w, const char *name)
{
    json_put_text(w, text_of(name));
    write_byte(&w->to, ':');
    w->comma = false;
}

void
json_put_raw(struct json_writer *w, struct text json)
{
    begin_item(w);
    write_text(&w->to, json);
}

void
json_put_null(struct json_writer *w)
{
    json_put_raw(w, text_of("null"));
}

void
json_put_bool(struct json_writer *w, bool value)
{
    json_put_raw(w, text_of(value ? "true" : "false"));
}

void
json_put_u64(struct json_writer *w, uint64_t value)
{
    begin_item(w);
    write_u64(&w->to, value);
}

void
json_put_i64(struct json_writer *w, int64_t value)
{
    begin_item(w);
    if (value < 0)
        write_byte(&w->to, '-');
    write_u64(&w->to, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void
json_put_u128(struct json_writer *w, struct u128 value)
{
    begin_item(w);
    write_byte(&w->to, '"');
    write_u128(&w->to, value);
    write_byte(&w->to, '"');
}

static void
write_escape(struct writer *w, unsigned char c)
{
    const char *hex = "0123456789abcdef";
    char u[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    switch (c) {
    case '"': write_c(w, "\\\""); return;
    case '\\': write_c(w, "\\\\"); return;
    case '\b': write_c(w, "\\b"); return;
    case '\f': write_c(w, "\\f"); return;
    case '\n': write_c(w, "\\n"); return;
    case '\r': write_c(w, "\\r"); return;
    case '\t': write_c(w, "\\t"); return;
    }
    write_bytes(w, u, sizeof(u));
}

void
json_put_text(struct json_writer *w, struct text value)
{
    begin_item(w);
    write_byte(&w->to, '"');
    size_t done = 0;
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
            continue;
        write_bytes(&w->to, value.p + done, i - done);
        write_escape(&w->to, c);
        done = i + 1;
    }
    write_bytes(&w->to, value.p + done, value.n - done);
    write_byte(&w->to, '"');
}
