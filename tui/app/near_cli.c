#include "tui/app/near_cli.h"

#include <stdio.h>
#include <string.h>
#include "net/base/str.h"
#include "net/near/base58.h"

enum { WORDS_MOST = 64 };

/* The words that are left to read. */
struct words {
    char **next;        /* ended by NULL */
    struct opts *opts;
    struct diag *d;
};

static const char *const quiet_flags[] = {"--quiet", "--teach-me", "--offline"};

/* Its flags behind sign-with-… and send, each with a value. */
static const struct {
    const char *flag, *why;
} signing_flags[] = {
    {"--signer-private-key", NULL},         /* as its first versions had it */
    {"--signer-public-key", NULL},
    {"--wait-until", NULL},                 /* behind "send" */
    {"--seed-phrase-hd-path", "keys are not made from seed phrases here"},
    {"--nonce", "the chain is asked for it"},
    {"--nonce-index", "keys with several nonces are not known here"},
    {"--block-hash", "the chain is asked for it"},
    {"--block-height", "the chain is asked for it"},
    {"--meta-transaction-valid-for", "meta transactions are not made here"},
};

static bool
is_quiet_flag(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(quiet_flags); i++) {
        if (strcmp(word, quiet_flags[i]) == 0)
            return true;
    }
    return false;
}

bool
near_cli_knows(int argc, char **argv)
{
    int at = 1;
    while (at < argc && is_quiet_flag(argv[at]))
        at++;
    return at < argc && (strcmp(argv[at], "contract") == 0 || strcmp(argv[at], "transaction") == 0);
}

bool
near_cli_has_command(const char *name)
{
    static const char *const names[] = {
        "account", "tokens", "staking", "contract", "transaction", "config", "extension", "message",
        "state", "send", "deploy", "keys", "login", "create-account", "delete-account", "tx-status",
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

/* --- single words ------------------------------------------------------------------------- */

static enum err
expected(struct words *w, const char *what)
{
    if (*w->next)
        return diag_set(w->d, ERR_SYNTAX, "expected %s, found \"%.60s\"", what, *w->next);
    return diag_set(w->d, ERR_SYNTAX, "expected %s at the end of the line", what);
}

static bool
take(struct words *w, const char *word)
{
    if (!*w->next || strcmp(*w->next, word) != 0)
        return false;
    w->next++;
    return true;
}

static enum err
take_word(struct words *w, const char *word)
{
    return take(w, word) ? OK : expected(w, word);
}

/* Anything at all, and where it stands. */
static enum err
take_any(struct words *w, const char *what, char **out)
{
    if (!*w->next)
        return expected(w, what);
    *out = *w->next++;
    return OK;
}

static enum err
take_value(struct words *w, const char *what, struct option_value *out)
{
    char *text = NULL;
    enum err e = take_any(w, what, &text);
    if (!e)
        *out = (struct option_value){.is_given = true, .text = text};
    return e;
}

/* "word VALUE" */
static enum err
take_named(struct words *w, const char *word, const char *what, struct option_value *out)
{
    enum err e = take_word(w, word);
    return e ? e : take_value(w, what, out);
}

/* --- the parts of a call ------------------------------------------------------------------ */

static enum err
take_argument(struct words *w, const char *what)
{
    char *text = NULL;
    enum err e = take_any(w, what, &text);
    if (!e)
        w->opts->arguments[w->opts->argument_count++] = text;
    return e;
}

static enum err
take_args(struct words *w)
{
    static const struct {
        const char *word;
        enum args_form form;
    } forms[] = {{"json-args", ARGS_JSON},
                 {"text-args", ARGS_TEXT},
                 {"base64-args", ARGS_BASE64},
                 {"file-args", ARGS_FILE}};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        if (take(w, forms[i].word)) {
            w->opts->args_form = forms[i].form;
            return take_argument(w, "the arguments");
        }
    }
    return expected(w, "json-args, text-args, base64-args or file-args");
}

static enum err
refuse_signer(struct words *w)
{
    static const struct {
        const char *word, *why;
    } others[] = {
        {"sign-with-ledger", "a ledger cannot be asked from here"},
        {"sign-with-seed-phrase", "keys are not made from seed phrases here"},
        {"sign-with-mpc", "signing by MPC is not known here"},
        {"sign-later", "what is not sent cannot be followed"},
        {"submit-as-dao-proposal", "proposals are not known here"},
    };
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        if (*w->next && strcmp(*w->next, others[i].word) == 0)
            return diag_set(w->d, ERR_UNSUPPORTED,
                            "%s: %s; sign-with-keychain reads ~/.near-credentials",
                            others[i].word, others[i].why);
    }
    return expected(w, "sign-with-keychain, sign-with-legacy-keychain, "
                       "sign-with-access-key-file FILE or sign-with-plaintext-private-key KEY");
}

static enum err
take_signer(struct words *w)
{
    bool is_plaintext = *w->next && strcmp(*w->next, "sign-with-plaintext-private-key") == 0;
    if (w->opts->key_text && !is_plaintext)
        return diag_set(w->d, ERR_SYNTAX, "--signer-private-key belongs behind "
                        "sign-with-plaintext-private-key");
    if (take(w, "sign-with-keychain") || take(w, "sign-with-legacy-keychain"))
        return OK;
    if (take(w, "sign-with-access-key-file"))
        return take_value(w, "the key's file", &w->opts->key_file);
    if (take(w, "sign-with-plaintext-private-key") && w->opts->key_text)
        return OK;
    if (is_plaintext)
        return take_any(w, "ed25519:… (the private key)", &w->opts->key_text);
    return refuse_signer(w);
}

static enum err
take_submit(struct words *w)
{
    if (*w->next && (strcmp(*w->next, "display") == 0 || strcmp(*w->next, "save-to-file") == 0))
        return diag_set(w->d, ERR_UNSUPPORTED,
                        "%s: neartop follows what it sends; \"send\" at the end does that, and "
                        "--dry-run shows what would be sent",
                        *w->next);
    return take_word(w, "send");
}

static enum err
take_end(struct words *w)
{
    return *w->next ? diag_set(w->d, ERR_SYNTAX, "\"%.60s\" is one word too many", *w->next) : OK;
}

static enum err
take_transaction(struct words *w)
{
    struct opts *o = w->opts;
    o->command = COMMAND_CALL;
    enum err e = take_argument(w, "the contract's account");
    if (!e)
        e = take_argument(w, "the method's name");
    if (!e)
        e = take_args(w);
    if (!e)
        e = take_named(w, "prepaid-gas", "an amount of gas, as '100.0 Tgas'", &o->gas);
    if (!e)
        e = take_named(w, "attached-deposit", "an amount, as '0 NEAR'", &o->deposit);
    if (!e)
        e = take_named(w, "sign-as", "the account that signs", &o->as);
    if (!e)
        e = take_named(w, "network-config", "a network, as testnet", &o->network);
    if (!e)
        e = take_signer(w);
    if (!e)
        e = take_submit(w);
    return e ? e : take_end(w);
}

/* "now", or after which block. */
static enum err
take_moment(struct words *w)
{
    struct hash hash;
    uint64_t height;
    char *text = NULL;
    bool is_height = take(w, "at-block-height"), is_hash = !is_height && take(w, "at-block-hash");
    if (!is_height && !is_hash)
        return take_word(w, "now");
    enum err e = take_any(w, is_height ? "the block's height" : "the block's hash", &text);
    if (e)
        return e;
    if (is_height && !str_to_u64(str_from(text), &height))
        return diag_set(w->d, ERR_SYNTAX, "at-block-height: expected a whole number, found \"%.40s\"",
                        text);
    if (is_hash && hash_parse(str_from(text), &hash, w->d)) {
        diag_prefix(w->d, "at-block-hash");
        return w->d->code;
    }
    w->opts->block_text = text;
    w->opts->is_block_height = is_height;
    return OK;
}

static enum err
take_read_only(struct words *w)
{
    w->opts->command = COMMAND_VIEW;
    enum err e = take_argument(w, "the contract's account");
    if (!e)
        e = take_argument(w, "the method's name");
    if (!e)
        e = take_args(w);
    if (!e)
        e = take_named(w, "network-config", "a network, as testnet", &w->opts->network);
    if (!e)
        e = take_moment(w);
    return e ? e : take_end(w);
}

static enum err
take_status(struct words *w)
{
    w->opts->command = COMMAND_WATCH;
    enum err e = take_word(w, "view-status");
    if (!e)
        e = take_argument(w, "the transaction's hash");
    if (!e)
        e = take_named(w, "network-config", "a network, as testnet", &w->opts->network);
    return e ? e : take_end(w);
}

static enum err
take_command(struct words *w)
{
    if (take(w, "transaction"))
        return take_status(w);
    enum err e = take_word(w, "contract");
    if (!e)
        e = take_word(w, "call-function");
    if (e)
        return e;
    if (take(w, "as-transaction"))
        return take_transaction(w);
    if (take(w, "as-read-only"))
        return take_read_only(w);
    return expected(w, "as-transaction or as-read-only");
}

/* --- the whole line ----------------------------------------------------------------------- */

/* The end of all is what is waited for, which is more than any of these. */
static enum err
take_level(const char *value, struct diag *d)
{
    static const char *const levels[] = {"none",           "included", "executed-optimistic",
                                         "included-final", "executed", "final"};
    for (size_t i = 0; value && i < ARRAY_LEN(levels); i++) {
        if (strcmp(value, levels[i]) == 0)
            return OK;
    }
    return diag_set(d, ERR_SYNTAX, "--wait-until: expected none, included, executed-optimistic, "
                    "included-final, executed or final, found \"%.40s\"", value ? value : "nothing");
}

/* Sets *index to the row of a flag of near-cli's own, and moves past its value. */
static bool
take_signing_flag(char **argv, int *at, size_t *index, char **value)
{
    for (size_t i = 0; i < ARRAY_LEN(signing_flags); i++) {
        size_t n = strlen(signing_flags[i].flag);
        if (strncmp(argv[*at], signing_flags[i].flag, n) != 0)
            continue;
        if (argv[*at][n] != '=' && argv[*at][n] != '\0')
            continue;
        *index = i;
        *value = argv[*at][n] == '=' ? argv[*at] + n + 1 : argv[*at + 1];
        *at += argv[*at][n] == '\0' && argv[*at + 1];
        return true;
    }
    return false;
}

/* The words that are no flags, ended by NULL. *refused: a flag that is not followed, or NULL. */
static enum err
sort_out(int argc, char **argv, char **words, const char **refused, struct words *w)
{
    size_t n = 0, index = 0;
    char *value = NULL;
    for (int i = 1; i < argc; i++) {
        bool is_flag = argv[i][0] == '-' && argv[i][1] == '-';
        enum err e = OK;
        if (is_flag && is_quiet_flag(argv[i]))
            continue;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            w->opts->command = COMMAND_HELP;
            w->opts->help_of = strcmp(argv[1], "transaction") == 0 ? COMMAND_WATCH : COMMAND_CALL;
            return OK;
        }
        if (is_flag && take_signing_flag(argv, &i, &index, &value)) {
            if (index == 0)
                w->opts->key_text = value;
            else if (index == 1)
                w->opts->public_key_text = value;
            else if (index == 2)
                e = take_level(value, w->d);
            else if (!*refused)
                *refused = signing_flags[index].flag;
        } else if (is_flag) {
            e = opts_take_option(argc, argv, &i, w->opts, w->d);
        } else if (n == WORDS_MOST) {
            e = diag_set(w->d, ERR_SYNTAX, "more than %d words", WORDS_MOST);
        } else {
            words[n++] = argv[i];
        }
        if (e)
            return e;
    }
    words[n] = NULL;
    return OK;
}

static enum err
refuse_flag(const char *flag, struct diag *d)
{
    for (size_t i = 0; i < ARRAY_LEN(signing_flags); i++) {
        if (strcmp(signing_flags[i].flag, flag) == 0)
            return diag_set(d, ERR_UNSUPPORTED, "%s: %s", flag, signing_flags[i].why);
    }
    return ERR_INTERNAL;
}

enum err
near_cli_parse(int argc, char **argv, struct opts *out, struct diag *d)
{
    char *words[WORDS_MOST + 1];
    const char *refused = NULL;
    *out = (struct opts){.command = COMMAND_CALL};
    struct words w = {.next = words, .opts = out, .d = d};
    enum err e = sort_out(argc, argv, words, &refused, &w);
    if (e || out->command == COMMAND_HELP)
        return e;
    e = take_command(&w);
    if (!e && refused)
        e = refuse_flag(refused, d);
    if (e && words[0])
        diag_prefix(d, "%.20s", words[0]);
    return e ? e : opts_check(out, d);
}
