#include "contract/serve/fault.h"

#include <stdio.h>
#include <string.h>

enum takes { TIMES, VALUE, SHARD };
enum { SURE = 1000000, PART_MAX = 40 };

static const struct {
    const char *name;
    enum takes takes;
    const char *unit, *help;
} kinds[FAULT_COUNT] = {
#define X(name, takes, unit, help) {#name, takes, unit, help},
#include "contract/serve/fault.def"
#undef X
};

/* --- chance ------------------------------------------------------------------------------- */

/* splitmix64: every seed is a good one, neighbours too. */
static uint64_t
next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

void
faults_init(struct faults *f, uint64_t seed, size_t shard_count)
{
    *f = (struct faults){.shard_count = shard_count};
    for (int i = 0; i < FAULT_COUNT; i++) {
        uint64_t own = seed ^ (uint64_t)i << 32;
        f->random[i] = next_random(&own);
    }
}

uint64_t
fault_random(struct faults *f, enum fault fault, uint64_t below)
{
    return below ? next_random(&f->random[fault]) % below : 0;
}

/* --- reading ------------------------------------------------------------------------------ */

/* "5%", "0.25%" in millionths. */
static bool
read_chance(struct str text, uint32_t *out)
{
    uint64_t whole = 0, part = 0, scale = 10000;
    if (!str_ends(text, STR("%")))
        return false;
    text.n--;
    ptrdiff_t point = str_find_byte(text, '.');
    struct str digits = str_slice(text, 0, point < 0 ? text.n : (size_t)point);
    if (!str_to_u64(digits, &whole) || whole > 100)
        return false;
    if (point >= 0) {
        struct str behind = str_slice(text, (size_t)point + 1, text.n);
        if (behind.n > 4 || !str_to_u64(behind, &part))
            return false;
        for (size_t i = 0; i < behind.n; i++)
            scale /= 10;
    }
    uint64_t chance = whole * 10000 + part * scale;
    *out = (uint32_t)chance;
    return chance > 0 && chance <= SURE;
}

/* "3", "3@50%" or "5%", which has no end. */
static bool
read_times(struct str text, struct fault_setting *s)
{
    struct str rest = text, number = {0};
    *s = (struct fault_setting){.is_on = true, .amount = FAULT_FOR_EVER, .chance = SURE};
    if (str_ends(text, STR("%")) && str_find_byte(text, '@') < 0)
        return read_chance(text, &s->chance);
    str_take_until(&rest, '@', &number);
    if (!str_to_u64(number, &s->amount))
        return false;
    s->is_on = s->amount > 0;
    return number.n == text.n || read_chance(str_slice(text, number.n + 1, text.n), &s->chance);
}

static bool
read_value(struct str text, struct fault_setting *s)
{
    *s = (struct fault_setting){0};
    bool is_good = str_to_u64(text, &s->amount) && s->amount <= UINT32_MAX;
    s->is_on = s->amount > 0;
    return is_good;
}

/* "2" or "2:10". */
static bool
read_shard(struct str text, struct fault_setting *s)
{
    struct str rest = text, number = {0};
    *s = (struct fault_setting){.is_on = true, .blocks = FAULT_FOR_EVER};
    str_take_until(&rest, ':', &number);
    if (!str_to_u64(number, &s->amount))
        return false;
    if (number.n == text.n)
        return true;
    return str_to_u64(str_slice(text, number.n + 1, text.n), &s->blocks) && s->blocks > 0;
}

static const char *
example_of(enum takes takes)
{
    switch (takes) {
    case TIMES: return "a number such as 3, a chance such as 5%, or both: 3@50%";
    case VALUE: return "a whole number";
    case SHARD: return "a shard's index, such as 2, or 2:10 for ten blocks";
    }
    return "";
}

static int
shown(struct str s)
{
    return (int)(s.n < PART_MAX ? s.n : PART_MAX);
}

static enum err
unknown_fault(struct str name, struct diag *d)
{
    struct buf list;
    buf_init(&list, 1024);
    for (int i = 0; i < FAULT_COUNT; i++)
        buf_addf(&list, "%s%s", i == 0 ? "" : i + 1 == FAULT_COUNT ? " and " : ", ",
                 kinds[i].name);
    diag_set(d, ERR_NOT_FOUND, "no fault is called \"%.*s\": %s are there", shown(name), name.p,
             buf_c(&list));
    buf_release(&list);
    return ERR_NOT_FOUND;
}

static enum err
set_one(struct faults *f, struct str name, struct str value, struct diag *d)
{
    int at = 0;
    struct fault_setting s = {0};
    while (at < FAULT_COUNT && !str_equal_c(name, kinds[at].name))
        at++;
    if (at == FAULT_COUNT)
        return unknown_fault(name, d);
    enum takes takes = kinds[at].takes;
    bool is_good = str_equal(value, STR("off")) ||
                   (takes == TIMES   ? read_times(value, &s)
                    : takes == VALUE ? read_value(value, &s)
                                     : read_shard(value, &s));
    if (!is_good)
        return diag_set(d, ERR_SYNTAX, "%s=%.*s: expected %s, or off", kinds[at].name,
                        shown(value), value.p, example_of(takes));
    if (takes == SHARD && s.is_on && s.amount >= f->shard_count)
        return diag_set(d, ERR_RANGE, "%s=%.*s: there are %zu shards, 0 to %zu", kinds[at].name,
                        shown(value), value.p, f->shard_count, f->shard_count - 1);
    f->of[at] = s;
    return OK;
}

enum err
faults_set(struct faults *f, struct str list, struct diag *d)
{
    struct faults next = *f;
    struct str one;
    while (str_take_until(&list, ',', &one)) {
        ptrdiff_t at = str_find_byte(one, '=');
        enum err e = OK;
        if (str_equal(one, STR("none")))
            memset(next.of, 0, sizeof(next.of));
        else if (at < 0)
            e = set_one(&next, one, STR("1"), d);
        else
            e = set_one(&next, str_slice(one, 0, (size_t)at),
                        str_slice(one, (size_t)at + 1, one.n), d);
        if (e)
            return e;
    }
    *f = next;
    return OK;
}

/* --- asking ------------------------------------------------------------------------------- */

bool
fault_take(struct faults *f, enum fault fault)
{
    struct fault_setting *s = &f->of[fault];
    if (!s->is_on || (s->chance < SURE && fault_random(f, fault, SURE) >= s->chance))
        return false;
    if (s->amount != FAULT_FOR_EVER && --s->amount == 0)
        s->is_on = false;
    return true;
}

uint64_t
fault_value(const struct faults *f, enum fault fault)
{
    return f->of[fault].is_on ? f->of[fault].amount : 0;
}

bool
fault_is_shard(const struct faults *f, enum fault fault, size_t shard)
{
    return f->of[fault].is_on && f->of[fault].amount == shard;
}

bool
faults_after_block(struct faults *f)
{
    bool has_ended = false;
    for (int i = 0; i < FAULT_COUNT; i++) {
        struct fault_setting *s = &f->of[i];
        if (kinds[i].takes != SHARD || !s->is_on || s->blocks == FAULT_FOR_EVER)
            continue;
        s->is_on = --s->blocks > 0;
        has_ended |= !s->is_on;
    }
    return has_ended;
}

/* --- telling ------------------------------------------------------------------------------ */

static void
print_chance(uint32_t chance, struct buf *out)
{
    buf_addf(out, "%u", (unsigned)(chance / 10000));
    if (chance % 10000)
        buf_addf(out, ".%04u", (unsigned)(chance % 10000));
    buf_add_byte(out, '%');
}

static void
print_setting(const struct fault_setting *s, enum takes takes, struct buf *out)
{
    bool has_chance = takes == TIMES && (s->chance < SURE || s->amount == FAULT_FOR_EVER);
    bool has_number = takes != TIMES || s->amount != FAULT_FOR_EVER;
    if (has_number)
        buf_addf(out, "%llu", (unsigned long long)s->amount);
    if (has_chance && has_number)
        buf_add_byte(out, '@');
    if (has_chance)
        print_chance(s->chance, out);
    if (takes == SHARD && s->blocks != FAULT_FOR_EVER)
        buf_addf(out, ":%llu", (unsigned long long)s->blocks);
}

void
faults_print(const struct faults *f, struct buf *out)
{
    size_t before = out->n;
    for (int i = 0; i < FAULT_COUNT; i++) {
        if (!f->of[i].is_on)
            continue;
        buf_addf(out, "%s%s=", out->n > before ? "," : "", kinds[i].name);
        print_setting(&f->of[i], kinds[i].takes, out);
    }
}

void
faults_help(struct buf *out)
{
    for (int i = 0; i < FAULT_COUNT; i++) {
        char left[64];
        enum takes takes = kinds[i].takes;
        snprintf(left, sizeof(left), "%s=%s", kinds[i].name,
                 takes == TIMES ? "N" : takes == SHARD ? "SHARD[:BLOCKS]" : kinds[i].unit);
        buf_addf(out, "  %-24s %s%s%s%s\n", left, takes == TIMES ? "so many " : "",
                 takes == TIMES   ? kinds[i].unit
                 : takes == SHARD ? "this shard"
                                  : "",
                 takes == VALUE ? "" : " ", kinds[i].help);
    }
}

void
faults_table(struct buf *out)
{
    for (int i = 0; i < FAULT_COUNT; i++)
        buf_addf(out, "fault\t%s\t%s\t%s\n", kinds[i].name, kinds[i].unit, kinds[i].help);
}
