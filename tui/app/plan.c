#include "tui/app/plan.h"

#include <stdio.h>
#include <string.h>
#include "net/base/file.h"
#include "net/credentials.h"
#include "net/json.h"

enum { ARGS_MAX = 1024 * 1024 };

static const char *const branches[] = {"token", "lending", "staking"};
static const char *const kinds[] = {"none", "panic", "loop", "trap", "garbage", "slow"};

static const char portfolio_args[] =
    "{\"user\":\"alice.test.near\",\"token_contract\":\"token.test.near\","
    "\"lending_contract\":\"lending.test.near\",\"staking_contract\":\"staking.test.near\"";

void
plan_demo(enum plan_mode mode, bool fails, struct arena *arena, struct plan *out)
{
    static const char *const methods[] = {"get_portfolio_data", "get_portfolio_sequential",
                                          "batch"};
    bool is_failing_batch = mode == PLAN_BATCH && fails;
    char *args = arena_printf(arena, "%s%s}", portfolio_args,
                              is_failing_batch ? ",\"fail\":true" : "");
    *out = (struct plan){.signer = account_of("alice.test.near"),
                         .receiver = account_of("portfolio.test.near"),
                         .action = {.kind = ACTION_FUNCTION_CALL,
                                    .method = str_from(methods[mode]),
                                    .args = str_from(args),
                                    .gas = 100 * TERA_GAS}};
}

static int
find_word(const char *const *words, size_t count, struct str word)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal_c(word, words[i]))
            return (int)i;
    }
    return -1;
}

enum err
plan_fault(struct str branch, struct str kind, struct arena *arena, struct plan *out,
           struct diag *d)
{
    int index = find_word(branches, ARRAY_LEN(branches), branch);
    if (index < 0 && branch.n == 1 && branch.p[0] >= '0' && branch.p[0] <= '2')
        index = branch.p[0] - '0';
    if (index < 0)
        return diag_set(d, ERR_SYNTAX, "no branch is called \"%.*s\": token, lending and staking "
                                       "are there", (int)(branch.n < 40 ? branch.n : 40), branch.p);
    if (find_word(kinds, ARRAY_LEN(kinds), kind) < 0)
        return diag_set(d, ERR_SYNTAX, "no fault is called \"%.*s\": none, panic, loop, trap, "
                                       "garbage and slow are there",
                        (int)(kind.n < 40 ? kind.n : 40), kind.p);
    char name[ACCOUNT_MAX + 1];
    snprintf(name, sizeof(name), "%s.test.near", branches[index]);
    *out = (struct plan){.signer = account_of(name),
                         .receiver = account_of(name),
                         .action = {.kind = ACTION_FUNCTION_CALL, .method = STR("set_fault"),
                                    .gas = 30 * TERA_GAS}};
    out->action.args = str_from(arena_printf(arena, "{\"kind\":\"%.*s\"}", STR_ARG(kind)));
    return OK;
}

enum err
plan_fault_option(const char *text, struct arena *arena, struct plan *out, struct diag *d)
{
    struct str all = str_from(text);
    ptrdiff_t at = str_find_byte(all, '=');
    enum err e;
    if (at < 0)
        e = diag_set(d, ERR_SYNTAX, "\"%.60s\": expected BRANCH=KIND, as lending=panic", text);
    else
        e = plan_fault(str_slice(all, 0, (size_t)at), str_slice(all, (size_t)at + 1, all.n), arena,
                       out, d);
    if (e)
        diag_prefix(d, "--fail");
    return e;
}

/* JSON text as it stands, @FILE, or - for standard input; always checked. */
static enum err
read_args(const char *text, struct arena *arena, struct str *out, struct diag *d)
{
    struct buf bytes;
    enum err e = OK;
    buf_init(&bytes, ARGS_MAX);
    if (strcmp(text, "-") == 0 || text[0] == '@')
        e = file_read(text[0] == '@' ? text + 1 : text, &bytes, d);
    else if (!buf_add_c(&bytes, text))
        e = diag_set(d, ERR_TOO_LARGE, "ARGS: more than %d bytes", ARGS_MAX);
    if (!e) {
        e = json_check(buf_str(&bytes), d);
        if (e)
            diag_prefix(d, "ARGS is not JSON");
    }
    if (!e)
        *out = arena_str(arena, str_trim(buf_str(&bytes)));
    buf_release(&bytes);
    return e;
}

enum err
plan_call(const struct opts *o, const struct network *n, struct arena *arena, struct plan *out,
          struct diag *d)
{
    struct plan p = {.action = {.kind = ACTION_FUNCTION_CALL, .gas = 100 * TERA_GAS}};
    const char *as = o->as.is_given ? o->as.text : n->is_embedded ? "alice.test.near" : NULL;
    if (!as)
        return diag_set(d, ERR_MISSING, "--as ACCOUNT is missing: who signs?");
    enum err e = account_parse(str_from(o->arguments[0]), &p.receiver, d);
    if (e)
        diag_prefix(d, "CONTRACT");
    if (!e) {
        e = account_parse(str_from(as), &p.signer, d);
        if (e)
            diag_prefix(d, "--as");
    }
    p.action.method = arena_str(arena, str_from(o->arguments[1]));
    if (!e && (p.action.method.n == 0 || p.action.method.n > 256))
        e = diag_set(d, ERR_RANGE, "METHOD: expected 1 to 256 bytes");
    p.action.args = STR("{}");
    if (!e && o->argument_count > 2)
        e = read_args(o->arguments[2], arena, &p.action.args, d);
    if (!e && o->gas.is_given) {
        e = gas_parse_units(str_from(o->gas.text), &p.action.gas, d);
        if (e)
            diag_prefix(d, "--gas");
    }
    if (!e && o->deposit.is_given) {
        e = amount_parse_units(str_from(o->deposit.text), &p.action.deposit, d);
        if (e)
            diag_prefix(d, "--deposit");
    }
    if (!e)
        *out = p;
    return e;
}

enum err
plan_key(const struct opts *o, const struct network *n, const struct account_id *signer,
         struct secret_key *out, char warning[DIAG_MAX], struct diag *d)
{
    char home[CREDENTIALS_PATH_MAX];
    struct credentials found;
    warning[0] = '\0';
    if (n->is_embedded) {
        secret_key_from_name(account_str(signer), out);
        return OK;
    }
    enum err e = OK;
    if (o->key_dir.is_given)
        snprintf(home, sizeof(home), "%s", o->key_dir.text);
    else
        e = credentials_home(home, d);
    if (!e)
        e = credentials_load(home, n->name, signer, &found, d);
    if (!e) {
        *out = found.key;
        snprintf(warning, DIAG_MAX, "%s", found.warning);
        credentials_wipe(&found);
        return OK;
    }
    if (e == ERR_NOT_FOUND && n->has_well_known_keys) {
        secret_key_from_name(account_str(signer), out);
        return OK;
    }
    return e;
}
