#include "contract/sdk/sdk.h"

#include "contract/sdk/memory.h"

/* Registers are free to use again as soon as their bytes were copied out. */
enum { REGISTER = 0, OLD_VALUE = 1 };

#define SENTENCE_MAX 600                /* bytes */
#define WHAT_MAX 160                    /* bytes of a stranger's text in a sentence */
#define EVENT_MAX 4096                  /* bytes; a node takes 16384 of logs in all */

/* --- memory ------------------------------------------------------------------------------ */

static _Alignas(8) unsigned char heap[HEAP_SIZE];
static size_t heap_used;

void *
heap_take(size_t size)
{
    if (size > HEAP_SIZE - heap_used)
        panic("the call needs more memory than the contract has");
    void *p = heap + heap_used;
    heap_used += (size + 7) & ~(size_t)7;
    return p;
}

struct writer
heap_writer(size_t max)
{
    return writer_over(heap_take(max), max);
}

void
heap_reset(void)
{
    memset(heap, 0, heap_used);
    heap_used = 0;
}

static struct text
register_text(uint64_t reg)
{
    size_t n = (size_t)near_register_len(reg);
    char *p = heap_take(n);
    near_read_register(reg, near_ptr(p));
    return (struct text){p, n};
}

struct text
call_input(void)
{
    near_input(REGISTER);
    return register_text(REGISTER);
}

/* --- panics and logs --------------------------------------------------------------------- */

void
panic_writer(const struct writer *sentence)
{
    near_panic_utf8(sentence->n, near_ptr(sentence->p));
}

void
panic(const char *sentence)
{
    near_panic_utf8(strlen(sentence), near_ptr(sentence));
}

/* Cut between characters: the node takes UTF-8 only. */
static struct text
shortened(struct text what)
{
    if (what.n <= WHAT_MAX)
        return what;
    what.n = WHAT_MAX;
    while (what.n > 0 && ((unsigned char)what.p[what.n] & 0xc0) == 0x80) what.n--;
    return what;
}

void
panic_about(const char *before, struct text what, const char *after)
{
    /* On the stack: what is wrong may be the heap. */
    char room[SENTENCE_MAX];
    struct writer w = writer_over(room, sizeof(room));
    struct text shown = shortened(what);
    write_c(&w, before);
    write_text(&w, shown);
    if (shown.n < what.n)
        write_c(&w, "...");
    write_c(&w, after);
    panic_writer(&w);
}

void
panic_less(struct text account, const char *verb, struct u128 has, struct u128 needed)
{
    char room[SENTENCE_MAX];
    struct writer w = writer_over(room, sizeof(room));
    write_text(&w, shortened(account));
    write_byte(&w, ' ');
    write_c(&w, verb);
    write_byte(&w, ' ');
    write_u128(&w, has);
    write_c(&w, ", less than ");
    write_u128(&w, needed);
    panic_writer(&w);
}

void
log_writer(const struct writer *line)
{
    near_log_utf8(line->n, near_ptr(line->p));
}

/* --- who --------------------------------------------------------------------------------- */

struct text
current_account(void)
{
    near_current_account_id(REGISTER);
    return register_text(REGISTER);
}

struct text
predecessor_account(void)
{
    near_predecessor_account_id(REGISTER);
    return register_text(REGISTER);
}

bool
account_is_valid(struct text id)
{
    if (id.n < 2 || id.n > ACCOUNT_MAX)
        return false;
    bool after_separator = true;
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        bool separator = c == '.' || c == '-' || c == '_';
        if (separator ? after_separator : !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            return false;
        after_separator = separator;
    }
    return !after_separator;
}

void
require_private(const char *method)
{
    if (!text_equal(predecessor_account(), current_account()))
        panic_about("Method ", text_of(method), " is private");
}

struct u128
attached_deposit(void)
{
    struct u128 deposit = {0};
    near_attached_deposit(near_ptr(&deposit));
    return deposit;
}

void
require_no_deposit(const char *method)
{
    if (!u128_is_zero(attached_deposit()))
        panic_about("Method ", text_of(method), " takes no deposit");
}

/* --- storage ----------------------------------------------------------------------------- */

struct text
storage_key(const char *prefix, struct text name)
{
    struct writer w = heap_writer(strlen(prefix) + name.n);
    write_c(&w, prefix);
    write_text(&w, name);
    return writer_text(&w);
}

bool
storage_get(struct text key, struct text *value)
{
    if (!near_storage_read(key.n, near_ptr(key.p), REGISTER))
        return false;
    *value = register_text(REGISTER);
    return true;
}

void
storage_put(struct text key, struct text value)
{
    near_storage_write(key.n, near_ptr(key.p), value.n, near_ptr(value.p), OLD_VALUE);
}

bool
storage_has(struct text key)
{
    return near_storage_has_key(key.n, near_ptr(key.p)) == 1;
}

void
storage_drop(struct text key)
{
    near_storage_remove(key.n, near_ptr(key.p), OLD_VALUE);
}

struct u128
storage_get_u128(struct text key)
{
    struct u128 value = {0};
    struct text bytes;
    if (!storage_get(key, &bytes))
        return value;
    if (bytes.n != sizeof(value))
        panic_about("the number stored under ", key, " is damaged");
    memcpy(&value, bytes.p, sizeof(value));
    return value;
}

void
storage_put_u128(struct text key, struct u128 value)
{
    if (!u128_is_zero(value))
        storage_put(key, (struct text){(const char *)&value, sizeof(value)});
    else if (storage_has(key))
        storage_drop(key);
}

uint64_t
storage_get_u64(struct text key)
{
    return storage_get_u128(key).lo;
}

void
storage_put_u64(struct text key, uint64_t value)
{
    storage_put_u128(key, u128_of(value));
}

/* --- answers and events ------------------------------------------------------------------ */

struct json_writer
json_writer_new(size_t max)
{
    return json_writer_over(heap_take(max), max);
}

struct text
json_text(const struct json_writer *w)
{
    if (w->to.full)
        panic("the answer is longer than this contract can write");
    return writer_text(&w->to);
}

void
answer(const struct json_writer *w)
{
    struct text json = json_text(w);
    near_value_return(json.n, near_ptr(json.p));
}

void
answer_text(struct text value)
{
    /* The longest escape takes six bytes for one. */
    struct json_writer w = json_writer_new(6 * value.n + 2);
    json_put_text(&w, value);
    answer(&w);
}

void
answer_u128(struct u128 value)
{
    struct json_writer w = json_writer_new(U128_DIGITS_MAX + 2);
    json_put_u128(&w, value);
    answer(&w);
}

struct json_writer
event_begin(const char *standard, const char *event)
{
    struct json_writer w = json_writer_new(EVENT_MAX);
    write_c(&w.to, "EVENT_JSON:");
    json_open(&w, '{');
    json_key(&w, "standard");
    json_put_text(&w, text_of(standard));
    json_key(&w, "version");
    json_put_text(&w, text_of("1.0.0"));
    json_key(&w, "event");
    json_put_text(&w, text_of(event));
    json_key(&w, "data");
    json_open(&w, '[');
    json_open(&w, '{');
    return w;
}

void
event_end(struct json_writer *w)
{
    json_close(w, '}');
    json_close(w, ']');
    json_close(w, '}');
    if (w->to.full)
        panic("the event is longer than this contract can write");
    log_writer(&w->to);
}

/* --- promises ---------------------------------------------------------------------------- */

uint64_t
promise_call(const struct call *c)
{
    return near_promise_create(c->account.n, near_ptr(c->account.p), strlen(c->method),
                               near_ptr(c->method), c->args.n, near_ptr(c->args.p),
                               near_ptr(&c->deposit), c->gas);
}

uint64_t
promise_call_then(uint64_t promise, const struct call *c)
{
    return near_promise_then(promise, c->account.n, near_ptr(c->account.p), strlen(c->method),
                             near_ptr(c->method), c->args.n, near_ptr(c->args.p),
                             near_ptr(&c->deposit), c->gas);
}

void
promise_add_call(uint64_t batch, const struct call *c)
{
    near_promise_batch_action_function_call(batch, strlen(c->method), near_ptr(c->method),
                                            c->args.n, near_ptr(c->args.p),
                                            near_ptr(&c->deposit), c->gas);
}

struct result
promise_result_read(uint64_t index, size_t max)
{
    struct result r = {0};
    if (near_promise_result(index, REGISTER) != NEAR_RESULT_OK)
        r.failed = "the call failed";
    else if (near_register_len(REGISTER) > max)
        r.failed = "the result is too long";
    else
        r.value = register_text(REGISTER);
    return r;
}

void
require_results(const char *method, uint64_t count)
{
    if (near_promise_results_count() != count)
        panic_about("Method ", text_of(method), " is a callback and got no results to work on");
}
