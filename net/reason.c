#include "net/reason.h"

#include <string.h>
#include "net/json.h"
#include "net/near/amount.h"

enum { NEAR_DECIMALS = 5, RAW_MAX = 200, WRAPPERS_MAX = 16 };

static const struct {
    const char *tag, *before;
} wrappers[] = {
#define WRAPPER(tag, before) {tag, before},
#define REASON(tag, sentence, advice)
#define TEXT(prefix, sentence, advice)
#define PANIC(part, advice)
#include "net/reason.def"
#undef WRAPPER
#undef REASON
};

struct row {
    const char *key, *sentence, *advice;
};

static const struct row reasons[] = {
#define WRAPPER(tag, before)
#define REASON(tag, sentence, advice) {tag, sentence, advice},
#include "net/reason.def"
#undef REASON
#undef TEXT
};

static const struct row texts[] = {
#define REASON(tag, sentence, advice)
#define TEXT(prefix, sentence, advice) {prefix, sentence, advice},
#include "net/reason.def"
#undef TEXT
#undef PANIC
};

static const struct row panics[] = {
#define TEXT(prefix, sentence, advice)
#define PANIC(part, advice) {part, NULL, advice},
#include "net/reason.def"
#undef WRAPPER
#undef REASON
#undef TEXT
#undef PANIC
};

/* As much as fits, whole characters only. */
static void
add(struct buf *out, struct str text)
{
    if (!out)
        return;
    size_t room = out->max - out->n;
    if (text.n > room) {
        while (room && ((unsigned char)text.p[room] & 0xC0) == 0x80)
            room--;
        text = str_slice(text, 0, room);
    }
    buf_add_str(out, text);
}

static void
add_shortened(struct buf *out, struct str text, size_t most)
{
    size_t n = text.n < most ? text.n : most;
    while (n < text.n && n && ((unsigned char)text.p[n] & 0xC0) == 0x80)
        n--;
    add(out, str_slice(text, 0, n));
    if (n < text.n)
        add(out, STR("…"));
}

static void
add_json(struct buf *out, const struct json *v)
{
    struct buf text;
    struct str s;
    buf_init(&text, JSON_BYTES_MAX);
    if (json_string(v, &s, NULL) != OK) {
        json_print(v, &text);
        s = buf_str(&text);
    }
    add_shortened(out, s, RAW_MAX);
    buf_release(&text);
}

static void
add_near(struct buf *out, const struct json *v)
{
    struct str digits;
    struct amount amount;
    char text[AMOUNT_NEAR_TEXT];
    if (json_string(v, &digits, NULL) == OK && amount_parse(digits, &amount, NULL) == OK)
        add(out, str_from(amount_near_text(amount, NEAR_DECIMALS, text)));
    else
        add_json(out, v);
}

static void
add_gas(struct buf *out, const struct json *v)
{
    uint64_t gas;
    char text[GAS_TEXT];
    if (json_u64(v, &gas, NULL) != OK) {
        add_json(out, v);
        return;
    }
    add(out, str_from(gas_text_tera(gas, text)));
    add(out, STR(" Tgas"));
}

/* "a|b:near": the first member that is there, in the form asked for. */
static void
add_field(struct buf *out, struct str spec, const struct json *error)
{
    struct str names = spec, name;
    const struct json *v = NULL;
    str_take_until(&spec, ':', &names);
    while (!v && str_take_until(&names, '|', &name)) {
        for (const struct json *m = json_first(error); m && !v; m = json_next(m)) {
            if (str_equal(json_key(m), name))
                v = m;
        }
    }
    if (!v)
        add(out, STR("?"));
    else if (str_equal_c(spec, "near"))
        add_near(out, v);
    else if (str_equal_c(spec, "gas"))
        add_gas(out, v);
    else
        add_json(out, v);
}

/* `error` has the fields of {name}; `rest` is what {} stands for. */
static void
fill(struct buf *out, const char *template, const struct json *error, struct str rest)
{
    struct str text = str_from(template), piece;
    while (str_take_until(&text, '{', &piece)) {
        add(out, piece);
        struct str spec;
        if (!text.n || !str_take_until(&text, '}', &spec))
            continue;
        if (spec.n)
            add_field(out, spec, error);
        else
            add_shortened(out, rest, REASON_MAX);
    }
}

static bool
add_row(const struct row *row, const struct json *error, struct str rest,
        struct buf *sentence, struct buf *advice)
{
    fill(sentence, row->sentence, error, rest);
    add(advice, str_from(row->advice));
    return true;
}

/* Rust says "panicked at src/lib.rs:12:9:\nmessage": the message goes first. */
static void
add_panic(struct str words, struct buf *sentence, struct buf *advice)
{
    struct str message = words, place = {0};
    if (str_starts(words, STR("panicked at "))) {
        ptrdiff_t line_end = str_find(words, STR(":\n"));
        if (line_end > 0) {
            place = str_slice(words, sizeof("panicked at ") - 1, (size_t)line_end);
            message = str_slice(words, (size_t)line_end + 2, words.n);
        }
    }
    add(sentence, STR("the contract panicked: "));
    add_shortened(sentence, message, RAW_MAX);
    if (place.n) {
        add(sentence, STR(" (at "));
        add_shortened(sentence, place, RAW_MAX / 2);
        add(sentence, STR(")"));
    }
    for (size_t i = 0; i < ARRAY_LEN(panics); i++) {
        if (str_find(message, str_from(panics[i].key)) >= 0) {
            add(advice, str_from(panics[i].advice));
            return;
        }
    }
}

/* HostError(GuestPanic { panic_msg: "boom" }): what a view call says. */
static bool
add_view_panic(struct str text, struct buf *sentence, struct buf *advice)
{
    static const char head[] = "HostError(GuestPanic { panic_msg: \"";
    struct str tail = STR("\" })");
    if (!str_starts(text, STR(head)) || !str_ends(text, tail) ||
        text.n < sizeof(head) - 1 + tail.n)
        return false;
    add_panic(str_slice(text, sizeof(head) - 1, text.n - tail.n), sentence, advice);
    return true;
}

void
reason_of_execution(struct str text, struct buf *sentence, struct buf *advice)
{
    struct str view = STR("wasm execution failed with error: ");
    struct str panicked = STR("Smart contract panicked: ");
    if (str_starts(text, view))
        text = str_slice(text, view.n, text.n);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct str prefix = str_from(texts[i].key);
        if (str_starts(text, prefix)) {
            add_row(&texts[i], NULL, str_slice(text, prefix.n, text.n), sentence, advice);
            return;
        }
    }
    if (str_starts(text, panicked))
        add_panic(str_slice(text, panicked.n, text.n), sentence, advice);
    else if (!add_view_panic(text, sentence, advice))
        add_shortened(sentence, text, RAW_MAX);
}

/* The error's tag: the string itself, or an object's only key, whose value is *body. */
static bool
take_tag(const struct json *v, struct str *tag, const struct json **body)
{
    *body = NULL;
    if (json_string(v, tag, NULL) == OK)
        return true;
    if (!json_is_object(v) || json_count(v) != 1)
        return false;
    *body = json_first(v);
    *tag = json_key(*body);
    return true;
}

static const char *
wrapper_of(struct str tag)
{
    for (size_t i = 0; i < ARRAY_LEN(wrappers); i++) {
        if (str_equal_c(tag, wrappers[i].tag))
            return wrappers[i].before;
    }
    return NULL;
}

static bool
add_known(struct str tag, const struct json *whole, const struct json *body,
          struct buf *sentence, struct buf *advice)
{
    struct str text;
    if (str_equal_c(tag, "ExecutionError") && json_string(body, &text, NULL) == OK) {
        reason_of_execution(text, sentence, advice);
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
        if (!str_equal_c(tag, reasons[i].key))
            continue;
        /* {"PrepareError":"Memory"}: there the tag itself is the only field. */
        const struct json *fields = json_is_object(body) ? body : whole;
        return add_row(&reasons[i], fields, (struct str){0}, sentence, advice);
    }
    return false;
}

static void
add_reason(const struct json *v, struct buf *sentence, struct buf *advice)
{
    struct str tag;
    const struct json *body;
    for (int depth = 0; depth < WRAPPERS_MAX && take_tag(v, &tag, &body); depth++) {
        const char *before = body ? wrapper_of(tag) : NULL;
        if (before) {
            add(sentence, str_from(before));
            v = body;
        } else if (str_equal_c(tag, "ActionError") && json_find(body, "kind")) {
            v = json_find(body, "kind");
        } else if (add_known(tag, v, body, sentence, advice)) {
            return;
        } else {
            break;
        }
    }
    add_json(sentence, v);
}

void
reason_of_failure(struct str failure, struct buf *sentence, struct buf *advice)
{
    struct json *root = NULL;
    if (json_parse(failure, JSON_BYTES_MAX, &root, NULL) == OK)
        add_reason(root, sentence, advice);
    else
        add_shortened(sentence, failure, RAW_MAX);
    json_free(root);
}
