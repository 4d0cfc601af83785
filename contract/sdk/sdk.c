#include "contract/sdk/sdk.h"

enum { SCRATCH_REGISTER = 0, MAX_INPUT = 16384, MAX_VALUE = 8192, MAX_TEXTS = 16384 };

static uint64_t
place(const void *p)
{
    return (uint64_t)(uintptr_t)p;
}

/* Room for the texts that are handed out; given back with the call. */
static char texts[MAX_TEXTS];
static struct out kept = OUT(texts);

static struct text
keep(struct text t)
{
    uint32_t start = kept.n;
    out_add(&kept, t);
    return (struct text){texts + start, t.n};
}

void
fail(const char *sentence)
{
    struct text t = text_of(sentence);
    near_panic_utf8(t.n, place(t.p));
}

void
fail_with(const char *before, struct text what, const char *after)
{
    static char sentence[512];
    struct out o = OUT(sentence);
    out_c(&o, before);
    out_add(&o, (struct text){what.p, what.n < 128 ? what.n : 128});
    out_c(&o, after);
    near_panic_utf8(o.n, place(o.p));
}

void
require(bool condition, const char *sentence)
{
    if (!condition)
        fail(sentence);
}

/* --- arguments ---------------------------------------------------------------------------------- */

static struct text
register_text(uint64_t reg, char *room, uint32_t most, const char *what)
{
    uint64_t n = near_register_len(reg);
    if (n == UINT64_MAX)
        n = 0;
    if (n > most)
        fail_with("too long: ", text_of(what), "");
    if (n)
        near_read_register(reg, place(room));
    return (struct text){room, (uint32_t)n};
}

static struct text
arguments(void)
{
    static char room[MAX_INPUT];
    static struct text args;
    static bool is_read;
    if (is_read)
        return args;
    near_input(SCRATCH_REGISTER);
    args = register_text(SCRATCH_REGISTER, room, sizeof(room), "the arguments");
    if (args.n == 0)
        args = TEXT("{}");
    if (!json_valid(args))
        fail("the arguments are not JSON");
    is_read = true;
    return args;
}

static bool
find_argument(const char *name, struct text *value)
{
    return json_member(arguments(), text_of(name), value) && !json_is_null(*value);
}

static struct text
decode_string(const char *name, struct text value)
{
    uint32_t start = kept.n;
    if (!json_string(value, &kept))
        fail_with("argument ", text_of(name), " must be a string");
    return (struct text){texts + start, kept.n - start};
}

struct text
arg_string(const char *name)
{
    struct text value;
    if (!find_argument(name, &value))
        fail_with("missing argument: ", text_of(name), "");
    return decode_string(name, value);
}

struct text
arg_string_or(const char *name, struct text otherwise)
{
    struct text value;
    return find_argument(name, &value) ? decode_string(name, value) : otherwise;
}

static bool
is_account(struct text t)
{
    bool after_separator = true;
    if (t.n < 2 || t.n > 64)
        return false;
    for (uint32_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        bool is_separator = c == '.' || c == '-' || c == '_';
        bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if ((!is_word && !is_separator) || (is_separator && after_separator))
            return false;
        after_separator = is_separator;
    }
    return !after_separator;
}

struct text
arg_account(const char *name)
{
    struct text t = arg_string(name);
    if (!is_account(t))
        fail_with("argument ", text_of(name), " must be an account name");
    return t;
}

struct u128
arg_amount(const char *name)
{
    struct text value;
    struct u128 amount = {0, 0};
    if (!find_argument(name, &value))
        fail_with("missing argument: ", text_of(name), "");
    if (json_is_string(value))
        value = decode_string(name, value);
    if (!u128_parse(value, &amount))
        fail_with("argument ", text_of(name), " must be a whole number, in digits");
    return amount;
}

uint64_t
arg_u64_or(const char *name, uint64_t otherwise)
{
    struct text value;
    if (!find_argument(name, &value))
        return otherwise;
    struct u128 number = arg_amount(name);
    if (number.hi)
        fail_with("argument ", text_of(name), " is too large");
    return number.lo;
}

bool
arg_bool_or(const char *name, bool otherwise)
{
    struct text value;
    bool answer = otherwise;
    if (find_argument(name, &value) && !json_bool(value, &answer))
        fail_with("argument ", text_of(name), " must be true or false");
    return answer;
}

/* --- who ------------------------------------------------------------------------------------------ */

struct text
current_account(void)
{
    static char room[64];
    near_current_account_id(SCRATCH_REGISTER);
    return register_text(SCRATCH_REGISTER, room, sizeof(room), "the account");
}

struct text
predecessor(void)
{
    static char room[64];
    near_predecessor_account_id(SCRATCH_REGISTER);
    return register_text(SCRATCH_REGISTER, room, sizeof(room), "the account");
}

void
require_private(const char *method)
{
    if (!text_equal(predecessor(), current_account()))
        fail_with("Method ", text_of(method), " is private");
}

void
require_one_yocto(void)
{
    struct u128 deposit;
    near_attached_deposit(place(&deposit));
    require(deposit.lo == 1 && deposit.hi == 0,
            "Requires attached deposit of exactly 1 yoctoNEAR");
}

/* --- state ------------------------------------------------------------------------------------------ */

static struct text
state_key(const char *prefix, struct text name)
{
    static char room[256];
    struct out o = OUT(room);
    out_c(&o, prefix);
    out_add(&o, name);
    return out_text(&o);
}

bool
state_has(const char *prefix, struct text name)
{
    struct text key = state_key(prefix, name);
    return near_storage_read(key.n, place(key.p), SCRATCH_REGISTER) == 1;
}

struct text
state_get(const char *prefix, struct text name)
{
    static char room[MAX_VALUE];
    if (!state_has(prefix, name))
        return (struct text){"", 0};
    return keep(register_text(SCRATCH_REGISTER, room, sizeof(room), "a stored value"));
}

void
state_set(const char *prefix, struct text name, struct text value)
{
    struct text key = state_key(prefix, name);
    near_storage_write(key.n, place(key.p), value.n, place(value.p), SCRATCH_REGISTER);
}

struct u128
state_get_u128(const char *prefix, struct text name)
{
    struct u128 value = {0, 0};
    if (state_has(prefix, name)) {
        require(near_register_len(SCRATCH_REGISTER) == sizeof(value), "the state is damaged");
        near_read_register(SCRATCH_REGISTER, place(&value));
    }
    return value;
}

void
state_set_u128(const char *prefix, struct text name, struct u128 value)
{
    state_set(prefix, name, (struct text){(const char *)&value, sizeof(value)});
}

void
initialise(struct text owner)
{
    require(!state_has("owner", TEXT("")), "the contract is initialised already");
    state_set("owner", TEXT(""), owner);
}

void
require_initialised(void)
{
    require(state_has("owner", TEXT("")), "the contract is not initialised: call new first");
}

void
require_owner(void)
{
    require_initialised();
    struct text who = predecessor();
    if (!text_equal(who, state_get("owner", TEXT(""))) && !text_equal(who, current_account()))
        fail_with("only the owner may do this, not ", who, "");
}

/* --- results, logs -------------------------------------------------------------------------------------- */

void
return_text(struct text value)
{
    near_value_return(value.n, place(value.p));
}

void
return_u128(struct u128 value)
{
    char room[48];
    struct out o = OUT(room);
    out_byte(&o, '"');
    out_u128(&o, value);
    out_byte(&o, '"');
    return_text(out_text(&o));
}

void
log_text(struct text line)
{
    near_log_utf8(line.n, place(line.p));
}

void
event(const char *standard, const char *version, const char *name, struct text data)
{
    static char room[1024];
    struct out o = OUT(room);
    out_c(&o, "EVENT_JSON:{\"standard\":\"");
    out_c(&o, standard);
    out_c(&o, "\",\"version\":\"");
    out_c(&o, version);
    out_c(&o, "\",\"event\":\"");
    out_c(&o, name);
    out_c(&o, "\",\"data\":[");
    out_add(&o, data);
    out_c(&o, "]}");
    log_text(out_text(&o));
}

/* --- promises ---------------------------------------------------------------------------------------------- */

static const struct u128 no_deposit;

uint64_t
call_async(struct text account, const char *method, struct text args, uint64_t gas)
{
    struct text m = text_of(method);
    return near_promise_create(account.n, place(account.p), m.n, place(m.p), args.n,
                               place(args.p), place(&no_deposit), gas);
}

uint64_t
call_back(uint64_t promise, const char *method, struct text args, uint64_t gas)
{
    struct text self = current_account(), m = text_of(method);
    return near_promise_then(promise, self.n, place(self.p), m.n, place(m.p), args.n,
                             place(args.p), place(&no_deposit), gas);
}

uint64_t
join_promises(const uint64_t *promises, uint32_t count)
{
    return near_promise_and(place(promises), count);
}

struct text
branch_result(uint64_t index, struct text otherwise)
{
    static char room[MAX_VALUE];
    if (near_promise_result(index, SCRATCH_REGISTER) != 1)
        return otherwise;
    struct text value = register_text(SCRATCH_REGISTER, room, sizeof(room), "a branch's result");
    if (json_valid(value))
        return keep(value);
    static char line[64];
    struct out o = OUT(line);
    out_c(&o, "branch ");
    out_u64(&o, index);
    out_c(&o, " returned bytes that are not JSON");
    log_text(out_text(&o));
    return otherwise;
}

/* --- drills ------------------------------------------------------------------------------------------------- */

static const char *const faults[] = {"none", "panic", "loop", "trap", "garbage", "slow"};

void
fault_set(void)
{
    struct text kind = arg_string("kind");
    require_owner();
    for (uint32_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        if (text_equal(kind, text_of(faults[i]))) {
            state_set("fault", TEXT(""), kind);
            return;
        }
    }
    fail_with("unknown fault: ", kind, ": none, panic, loop, trap, garbage and slow are there");
}

/* About 11 operators a turn; a Tgas pays for 1 215 427 of them. */
static void
burn(uint32_t tgas)
{
    volatile uint32_t turns = 0;
    while (turns < tgas * 110000)
        turns++;
}

bool
fault_show(const char *sentence, uint32_t tgas)
{
    static const char garbage[] = "\x7f" "ELF is not JSON";
    struct text kind = state_get("fault", TEXT(""));
    if (text_equal(kind, TEXT("panic")))
        fail(sentence);
    if (text_equal(kind, TEXT("loop"))) {
        volatile uint32_t turns = 0;
        for (;;)
            turns++;
    }
    if (text_equal(kind, TEXT("trap")))
        __builtin_trap();
    if (text_equal(kind, TEXT("slow")))
        burn(tgas);
    if (!text_equal(kind, TEXT("garbage")))
        return false;
    return_text(TEXT(garbage));
    return true;
}
