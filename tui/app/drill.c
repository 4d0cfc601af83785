#include "tui/app/drill.h"

#include <stdio.h>

enum way { ANY, TOLD, ELSEWHERE };

const char *const drill_parts[DRILL_PARTS] = {
#define PART(name) #name,
#include "tui/app/drill.def"
};

const struct snapshot_fault drill_kinds[DRILL_KINDS] = {
#define KIND(id, name, way, account, meaning) {name, meaning},
#include "tui/app/drill.def"
};

static const enum way ways[DRILL_KINDS] = {
#define KIND(id, name, way, account, meaning) way,
#include "tui/app/drill.def"
};

static const char *const accounts[DRILL_KINDS] = {
#define KIND(id, name, way, account, meaning) account,
#include "tui/app/drill.def"
};

/* --- words -------------------------------------------------------------------------------- */

static enum err
read_part(struct str word, enum drill_part *out, struct diag *d)
{
    for (int i = 0; i < DRILL_PARTS; i++) {
        bool is_number = i < DRILL_callback && word.n == 1 && word.p[0] == '0' + i;
        if (!is_number && !str_equal_c(word, drill_parts[i]))
            continue;
        *out = (enum drill_part)i;
        return OK;
    }
    return diag_set(d, ERR_SYNTAX, "\"%.*s\" cannot fail: token, lending, staking and callback can",
                    (int)(word.n < 40 ? word.n : 40), word.p);
}

static enum err
read_kind(struct str word, enum drill_kind *out, struct diag *d)
{
    struct buf names;
    for (int i = 0; i < DRILL_KINDS; i++) {
        if (!str_equal_c(word, drill_kinds[i].kind))
            continue;
        *out = (enum drill_kind)i;
        return OK;
    }
    buf_init(&names, DIAG_MAX);
    for (int i = 0; i < DRILL_KINDS; i++)
        buf_addf(&names, "%s%s", i ? ", " : "", drill_kinds[i].kind);
    enum err e = diag_set(d, ERR_SYNTAX, "no fault is called \"%.*s\": there are %s",
                          (int)(word.n < 40 ? word.n : 40), word.p, buf_c(&names));
    buf_release(&names);
    return e;
}

enum err
drill_check(const struct drill *drill, enum plan_mode mode, struct diag *d)
{
    if (drill->part != DRILL_callback)
        return OK;
    if (ways[drill->kind] != ANY)
        return diag_set(d, ERR_SYNTAX, "%s is for branches: the callback can panic, loop or trap",
                        drill_kinds[drill->kind].kind);
    if (mode != PLAN_PARALLEL)
        return diag_set(d, ERR_SYNTAX, "the callback fails in the call that asks all at once alone");
    return OK;
}

static enum err
parse(const char *text, struct drill *out, struct diag *d)
{
    struct str all = str_from(text);
    ptrdiff_t at = str_find_byte(all, '=');
    if (at < 0)
        return diag_set(d, ERR_SYNTAX, "\"%.60s\": expected WHO=HOW, as lending=panic", text);
    enum err e = read_part(str_slice(all, 0, (size_t)at), &out->part, d);
    return e ? e : read_kind(str_slice(all, (size_t)at + 1, all.n), &out->kind, d);
}

enum err
drill_of_opts(const struct opts *o, enum plan_mode *mode, struct drill *out, struct diag *d)
{
    enum err e = OK;
    *mode = o->sequential.is_given ? PLAN_SEQUENTIAL : o->batch.is_given ? PLAN_BATCH : PLAN_PARALLEL;
    *out = (struct drill){.part = DRILL_callback, .kind = DRILL_KIND_none};
    if (o->fail.is_given)
        e = parse(o->fail.text, out, d);
    if (!e && o->fail.is_given)
        e = drill_check(out, *mode, d);
    if (e)
        diag_prefix(d, "--fail");
    return e;
}

void
drill_table(struct buf *out)
{
    for (int part = 0; part < DRILL_PARTS; part++) {
        for (int kind = 0; kind < DRILL_KINDS; kind++) {
            const struct drill drill = {(enum drill_part)part, (enum drill_kind)kind};
            if (drill_check(&drill, PLAN_PARALLEL, NULL) == OK)
                buf_addf(out, "drill\t%s=%s\n", drill_parts[part], drill_kinds[kind].kind);
        }
    }
}

/* --- calls -------------------------------------------------------------------------------- */

static void
plan_fault(const struct drill *drill, struct arena *arena, struct plan *out)
{
    char name[ACCOUNT_MAX + 1];
    snprintf(name, sizeof(name), "%s.test.near", drill_parts[drill->part]);
    *out = (struct plan){.signer = account_of(name),
                         .receiver = account_of(name),
                         .action = {.kind = ACTION_FUNCTION_CALL, .method = STR("set_fault"),
                                    .gas = 30 * TERA_GAS}};
    out->action.args =
        str_from(arena_printf(arena, "{\"kind\":\"%s\"}", drill_kinds[drill->kind].kind));
}

bool
drill_plan(const struct drill *drill, enum plan_mode mode, struct arena *arena, struct plan *call,
           struct plan *fault)
{
    struct plan_demo_args args = {.contract = {NULL}};
    bool is_none = drill->kind == DRILL_KIND_none, is_of_branch = drill->part != DRILL_callback;
    if (ways[drill->kind] == ELSEWHERE && is_of_branch)
        args.contract[drill->part] = accounts[drill->kind];
    else if (mode == PLAN_BATCH && !is_none)
        args.is_failing_batch = true;
    else if (!is_of_branch && !is_none)
        args.callback_fails = drill_kinds[drill->kind].kind;
    plan_demo_with(mode, &args, arena, call);
    if (!is_of_branch || mode == PLAN_BATCH || ways[drill->kind] == ELSEWHERE)
        return false;
    plan_fault(drill, arena, fault);
    return true;
}
