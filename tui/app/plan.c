#include "tui/app/plan.h"

#include <stdio.h>
#include <string.h>
#include "net/base/file.h"
#include "net/credentials.h"
#include "net/json.h"
#include "net/near/base58.h"

enum { ARGS_MAX = TX_MAX_BYTES - 1024 };     /* what the rest of a transaction leaves at least */

void
plan_demo_with(enum plan_mode mode, const struct plan_demo_args *a, struct arena *arena,
               struct plan *out)
{
    static const char *const methods[] = {"get_portfolio_data", "get_portfolio_sequential",
                                          "batch"};
    static const char *const contracts[] = {"token.test.near", "lending.test.near",
                                            "staking.test.near"};
    const char *of[PLAN_BRANCHES];
    for (int i = 0; i < PLAN_BRANCHES; i++)
        of[i] = a->contract[i] ? a->contract[i] : contracts[i];
    bool is_drill = a->callback_fails != NULL;
    char *args = arena_printf(arena, "{\"user\":\"alice.test.near\",\"token_contract\":\"%s\","
                              "\"lending_contract\":\"%s\",\"staking_contract\":\"%s\"%s%s%s}",
                              of[0], of[1], of[2],
                              a->is_failing_batch ? ",\"fail\":true" : is_drill ? ",\"fail\":\"" : "",
                              is_drill ? a->callback_fails : "", is_drill ? "\"" : "");
    *out = (struct plan){.signer = account_of("alice.test.near"),
                         .receiver = account_of("portfolio.test.near"),
                         .action = {.kind = ACTION_FUNCTION_CALL,
                                    .method = str_from(is_drill ? "get_portfolio_drill"
                                                                : methods[mode]),
                                    .args = str_from(args),
                                    .gas = 100 * TERA_GAS}};
}

void
plan_demo(enum plan_mode mode, struct arena *arena, struct plan *out)
{
    plan_demo_with(mode, &(struct plan_demo_args){.is_failing_batch = false}, arena, out);
}

/* Of JSON and base64 no text begins so: then it is where the text is. */
static bool
is_elsewhere(const char *text, enum args_form form)
{
    return (form == ARGS_JSON || form == ARGS_BASE64) && (strcmp(text, "-") == 0 || text[0] == '@');
}

/* The text of a form, before it is looked at: itself, a file's or standard input's. */
static enum err
gather_args(const char *text, enum args_form form, struct buf *out, struct diag *d)
{
    if (form == ARGS_FILE)
        return file_read(text, out, d);
    if (is_elsewhere(text, form) && strcmp(text, "@") == 0)
        return diag_set(d, ERR_SYNTAX, "ARGS: \"@\" stands before the name of a file");
    if (is_elsewhere(text, form))
        return file_read(text[0] == '@' ? text + 1 : text, out, d);
    return buf_add_c(out, text)
               ? OK
               : diag_set(d, ERR_TOO_LARGE, "ARGS: more than %d bytes", ARGS_MAX);
}

/* Programs that write base64 break it into lines. */
static void
drop_blanks(struct buf *text)
{
    size_t kept = 0;
    for (size_t i = 0; i < text->n; i++) {
        if (!strchr(" \t\r\n", text->p[i]) || !text->p[i])
            text->p[kept++] = text->p[i];
    }
    text->n = kept;
}

static const char *
name_of(const char *text, enum args_form form)
{
    if (!is_elsewhere(text, form))
        return "ARGS";
    return text[0] == '@' ? text + 1 : "standard input";
}

/* JSON is checked, and sent as it stands but for the white space around it. */
static enum err
read_args(const char *text, enum args_form form, struct arena *arena, struct str *out,
          struct diag *d)
{
    struct buf bytes, decoded;
    buf_init(&bytes, ARGS_MAX);
    buf_init(&decoded, ARGS_MAX);
    enum err e = gather_args(text, form, &bytes, d);
    struct str args = buf_str(&bytes);
    if (!e && form == ARGS_JSON) {
        size_t at;
        e = json_check_typed(args, &at, d);
        if (e)
            diag_prefix(d, "%.80s is not JSON", name_of(text, form));
        args = str_trim(args);
    } else if (!e && form == ARGS_BASE64) {
        drop_blanks(&bytes);
        e = base64_decode(buf_str(&bytes), &decoded, d);
        if (e)
            diag_prefix(d, "%.80s is not base64", name_of(text, form));
        args = buf_str(&decoded);
    }
    if (!e)
        *out = arena_str(arena, args);
    buf_release(&bytes);
    buf_release(&decoded);
    return e;
}

enum err
plan_method(const struct opts *o, struct arena *arena, struct plan *out, struct diag *d)
{
    enum err e = account_parse(str_from(o->arguments[0]), &out->receiver, d);
    if (e) {
        diag_prefix(d, "CONTRACT");
        return e;
    }
    out->action.method = arena_str(arena, str_from(o->arguments[1]));
    if (out->action.method.n == 0 || out->action.method.n > 256)
        return diag_set(d, ERR_RANGE, "METHOD: expected 1 to 256 bytes");
    out->action.args = STR("{}");
    return o->argument_count > 2
               ? read_args(o->arguments[2], o->args_form, arena, &out->action.args, d)
               : OK;
}

enum err
plan_call(const struct opts *o, const struct network *n, struct arena *arena, struct plan *out,
          struct diag *d)
{
    struct plan p = {.action = {.kind = ACTION_FUNCTION_CALL, .gas = 100 * TERA_GAS}};
    const char *as = o->as.is_given ? o->as.text : n->is_embedded ? "alice.test.near" : NULL;
    if (!as)
        return diag_set(d, ERR_MISSING, "--as ACCOUNT is missing: who signs?");
    enum err e = plan_method(o, arena, &p, d);
    if (!e) {
        e = account_parse(str_from(as), &p.signer, d);
        if (e)
            diag_prefix(d, "--as");
    }
    if (!e && o->gas.is_given) {
        e = gas_parse_typed(str_from(o->gas.text), &p.action.gas, d);
        if (e)
            diag_prefix(d, "--gas");
    }
    if (!e && o->deposit.is_given) {
        e = amount_parse_typed(str_from(o->deposit.text), &p.action.deposit, d);
        if (e)
            diag_prefix(d, "--deposit");
    }
    if (!e)
        *out = p;
    return e;
}

bool
plan_of_call(const struct call *c, struct arena *arena, struct plan *out)
{
    const struct action *method = call_method(c);
    if (!method)
        return false;
    *out = (struct plan){.signer = c->transaction.signer, .receiver = c->transaction.receiver,
                         .action = *method};
    out->action.method = arena_str(arena, method->method);
    out->action.args = arena_str(arena, method->args);
    return true;
}

enum err
plan_key_of_text(char *wiped_text, struct secret_key *out, struct diag *d)
{
    enum err e = secret_key_parse(str_from(wiped_text), out, NULL);
    wipe(wiped_text, strlen(wiped_text));
    return e ? diag_set(d, ERR_CRYPTO,
                        "the private key is not of the form ed25519:…, or damaged")
             : OK;
}

static void
take_found(struct credentials *found, struct plan_key *out)
{
    out->key = found->key;
    snprintf(out->warning, sizeof(out->warning), "%s", found->warning);
    snprintf(out->path, sizeof(out->path), "%s", found->path);
    credentials_wipe(found);
}

bool
plan_key_is_piped(const struct opts *o)
{
    return o->key_file.is_given && credentials_is_pipe(o->key_file.text);
}

enum err
plan_key_of_pipe(const struct opts *o, struct plan_key *out, struct diag *d)
{
    struct credentials found;
    enum err e = credentials_load_pipe(o->key_file.text, KEY_WAIT_MS, &found, d);
    if (!e)
        take_found(&found, out);
    return e;
}

/* The next that is the one that was asked for, or the next at all. */
static enum err
next_file(const struct opts *o, const char *home, const struct network *n,
          const struct account_id *signer, struct plan_key *key, struct diag *d)
{
    struct public_key wanted;
    struct credentials found;
    enum err e = OK;
    if (o->public_key_text)
        e = public_key_parse(str_from(o->public_key_text), &wanted, d);
    if (e) {
        diag_prefix(d, "--signer-public-key");
        return e;
    }
    while (!(e = credentials_load_next(home, n->keys, signer, key->path, &found, d))) {
        take_found(&found, key);
        if (!o->public_key_text || public_key_equal(&wanted, &found.public_key))
            return OK;
        secret_key_wipe(&key->key);
    }
    if (e == ERR_NOT_FOUND && o->public_key_text)
        e = diag_set(d, e, "no key file of %s has the key %.80s", signer->s, o->public_key_text);
    return e;
}

/* From files of the account; else, on a chain of ours, of its name. */
static enum err
find_key(const struct opts *o, const struct network *n, const struct account_id *signer,
         struct plan_key *key, struct diag *d)
{
    char home[CREDENTIALS_PATH_MAX];
    bool is_next = key->path[0] != '\0';
    enum err e = OK;
    if (o->key_dir.is_given)
        snprintf(home, sizeof(home), "%s", o->key_dir.text);
    else
        e = credentials_home(home, d);
    if (!e)
        e = next_file(o, home, n, signer, key, d);
    if (e != ERR_NOT_FOUND || is_next || o->public_key_text || !n->has_well_known_keys)
        return e;
    secret_key_from_name(account_str(signer), &key->key);
    return OK;
}

enum err
plan_key(const struct opts *o, const struct network *n, const struct account_id *signer,
         struct plan_key *key, struct diag *d)
{
    struct credentials found;
    key->warning[0] = '\0';
    if (key->path[0] && (o->key_file.is_given || n->is_embedded))
        return diag_set(d, ERR_NOT_FOUND, "there is no other key");
    if (o->key_file.is_given) {
        enum err e = credentials_load_file(o->key_file.text, &found, d);
        if (!e)
            take_found(&found, key);
        return e;
    }
    if (!n->is_embedded)
        return find_key(o, n, signer, key, d);
    secret_key_from_name(account_str(signer), &key->key);
    return OK;
}
