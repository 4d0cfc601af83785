/* The networks of near-cli's own settings: ~/.config/near-cli/config.toml, a table
 * "[network_connection.NAME]" each, in all versions of that file so far. */
#include <stdio.h>
#include <string.h>
#include "net/base/redact.h"
#include "net/base/toml.h"
#include "net/url.h"
#include "tui/app/config.h"

enum { WEIGHT = 10 };           /* behind all that are built in */

static enum err
give(struct config *c, struct config_value *v, const char *text)
{
    *v = (struct config_value){true, arena_c(&c->arena, str_from(text)), v->number, 0};
    return OK;
}

static enum err
take_url(struct config *c, struct config_endpoint *e, const char *text, struct diag *d)
{
    struct url url;
    if (url_parse(str_from(text), &url, d))
        return d->code;
    if (url.is_websocket)
        return diag_set(d, ERR_SYNTAX, "rpc_url: expected http:// or https://");
    struct str trimmed = str_from(text);
    while (trimmed.n && trimmed.p[trimmed.n - 1] == '/')
        trimmed.n--;
    e->url = (struct config_value){true, arena_c(&c->arena, trimmed), 0, 0};
    return OK;
}

static enum err
take_key(struct config *c, struct config_endpoint *e, const char *text, struct diag *d)
{
    enum err error = redact_keep(str_from(text), d);
    if (!error)
        e->secret = arena_c(&c->arena, str_from(text));
    return error ? error : give(c, &e->key_header, "x-api-key: {key}");
}

/* Of a table whose name is ours already only the endpoint is taken. */
static enum err
take_entry(struct config *c, const char *name, const struct toml_entry *entry, struct diag *d)
{
    struct config_network *n = config_made_network(c, name, CONFIG_NEAR_CLI, d);
    struct config_endpoint *e =
        n ? config_made_endpoint(c, name, CONFIG_NEAR_CLI, d) : NULL;
    bool is_ours = n && n->origin != CONFIG_NEAR_CLI;
    if (!e)
        return d->code;
    e->line = e->line ? e->line : entry->line;
    e->weight.number = WEIGHT;
    e->network.text = n->name;
    if (strcmp(entry->key, "rpc_url") == 0)
        return take_url(c, e, entry->value, d);
    if (strcmp(entry->key, "rpc_api_key") == 0)
        return take_key(c, e, entry->value, d);
    if (strcmp(entry->key, "network_name") == 0 && !is_ours)
        return give(c, &n->keys, entry->value);
    if (strcmp(entry->key, "explorer_transaction_url") == 0 && !is_ours) {
        struct str url = str_from(entry->value);
        while (url.n && url.p[url.n - 1] == '/')
            url.n--;
        return give(c, &n->explorer, arena_printf(&c->arena, "%.*s/{tx}", STR_ARG(url)));
    }
    return OK;
}

static enum err
on_entry(void *context, const struct toml_entry *entry, struct diag *d)
{
    struct config *c = context;
    struct str table = str_from(entry->table), prefix = STR("network_connection.");
    char name[64];
    if (entry->kind != TOML_STRING)
        return OK;
    if (!str_starts(table, prefix)) {
        if (!table.n && strcmp(entry->key, "credentials_home_dir") == 0 &&
            !c->general.key_dir.is_given)
            return give(c, &c->general.key_dir, entry->value);
        return OK;
    }
    if (!str_copy(str_slice(table, prefix.n, table.n), name, sizeof(name)))
        return diag_set(d, ERR_TOO_LARGE, "a network's name of more than %zu bytes",
                        sizeof(name) - 1);
    return take_entry(c, name, entry, d);
}

/* A network of near-cli's without an address, or one that neartop.conf has settled, is none. */
static void
drop_useless(struct config *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->endpoint_count; i++) {
        struct config_endpoint *e = &c->endpoints[i];
        bool is_same = false;
        for (size_t k = 0; k < kept; k++)
            is_same |= strcmp(c->endpoints[k].network.text, e->network.text) == 0 &&
                       strcmp(c->endpoints[k].url.text, e->url.text) == 0 &&
                       e->origin == CONFIG_NEAR_CLI && !e->secret;
        if (!e->url.text[0] || is_same)
            continue;
        c->endpoints[kept++] = *e;
    }
    c->endpoint_count = kept;
}

/* "mainnet-lava" is another way to mainnet: what belongs to the chain and not to the endpoint is
 * the same, the budget too. */
static void
inherit(struct config *c)
{
    for (size_t i = 0; i < c->network_count; i++) {
        struct config_network *n = &c->networks[i];
        const struct config_network *chain = config_network(c, n->keys.text);
        if (n->origin != CONFIG_NEAR_CLI || !chain || chain->origin == CONFIG_NEAR_CLI)
            continue;
        n->feed = chain->feed;
        n->chain_id = chain->chain_id;
        n->block_time = chain->block_time;
        n->per_second = chain->per_second;
        n->per_minute = chain->per_minute;
    }
}

enum err
config_read_near_cli(struct config *c, struct str text, const char *origin, struct diag *d)
{
    struct diag own = {0};
    size_t networks = c->network_count, endpoints = c->endpoint_count;
    enum err e = toml_read_text(text, origin, on_entry, c, d ? d : &own);
    if (e) {
        c->network_count = networks;
        c->endpoint_count = endpoints;
        return e;
    }
    drop_useless(c);
    inherit(c);
    return OK;
}
