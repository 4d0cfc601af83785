/* Which block a request is about: {"block_id"}, {"finality"}, {"sync_checkpoint"}, or [id]. First
 * it is read, which fails for the form alone, then looked up: the node reads all of its
 * parameters before it looks for anything. */
#include <string.h>
#include "contract/serve/node.h"
#include "net/near/base58.h"

void
rpc_wrong_params(struct rpc_call *c, const char *wanted)
{
    static const char *const names[] = {[JSON_NULL] = "null",
                                        [JSON_BOOL] = "boolean",
                                        [JSON_NUMBER] = "number",
                                        [JSON_STRING] = "string",
                                        [JSON_ARRAY] = "sequence",
                                        [JSON_OBJECT] = "map"};
    enum json_type type = c->params ? json_type(c->params) : JSON_NULL;
    rpc_parse_error(c, "Failed parsing args: invalid type: %s, expected struct %s", names[type],
                    wanted);
}

bool
rpc_read_block_id(struct rpc_call *c, const struct json *id, struct block_ref *out)
{
    struct str text;
    *out = (struct block_ref){.id = id};
    if (json_u64(id, &out->height, NULL) == OK) {
        out->kind = REF_HEIGHT;
        return true;
    }
    if (json_string(id, &text, NULL) == OK && hash_parse(text, &out->hash, NULL) == OK) {
        out->kind = REF_HASH;
        return true;
    }
    rpc_parse_error(c, "Failed parsing args: data did not match any variant of untagged enum "
                       "BlockId");
    return false;
}

/* One of a few words; the node counts them up when it is none. */
static bool
read_word(struct rpc_call *c, const struct json *v, const char *const *words, size_t count,
          size_t *out)
{
    struct str text = {0};
    struct buf list;
    if (json_string(v, &text, NULL) == OK) {
        for (*out = 0; *out < count; (*out)++) {
            if (str_equal_c(text, words[*out]))
                return true;
        }
    }
    buf_init(&list, 256);
    for (size_t i = 0; i < count; i++)
        buf_addf(&list, "%s`%s`", i == 0 ? "" : count == 2 ? " or " : ", ", words[i]);
    rpc_parse_error(c, "Failed parsing args: unknown variant `%.*s`, expected %s%s",
                    (int)(text.n < 60 ? text.n : 60), text.p ? text.p : "",
                    count == 2 ? "" : "one of ", buf_c(&list));
    buf_release(&list);
    return false;
}

static bool
read_finality(struct rpc_call *c, const struct json *v, struct block_ref *out)
{
    static const char *const words[] = {"optimistic", "near-final", "final"};
    static const enum block_ref_kind kinds[] = {REF_OPTIMISTIC, REF_NEAR_FINAL, REF_FINAL};
    size_t index;
    if (!read_word(c, v, words, ARRAY_LEN(words), &index))
        return false;
    *out = (struct block_ref){.kind = kinds[index]};
    return true;
}

static bool
read_checkpoint(struct rpc_call *c, const struct json *v, struct block_ref *out)
{
    static const char *const words[] = {"genesis", "earliest_available"};
    static const enum block_ref_kind kinds[] = {REF_GENESIS, REF_EARLIEST};
    size_t index;
    if (!read_word(c, v, words, ARRAY_LEN(words), &index))
        return false;
    *out = (struct block_ref){.kind = kinds[index]};
    return true;
}

bool
rpc_read_block(struct rpc_call *c, struct block_ref *out)
{
    const struct json *v = NULL;
    if ((v = json_find(c->params, "block_id"))) {
        if (!rpc_read_block_id(c, v, out))
            return false;
        out->is_in_object = true;
        return true;
    }
    if ((v = json_find(c->params, "finality")))
        return read_finality(c, v, out);
    if ((v = json_find(c->params, "sync_checkpoint")))
        return read_checkpoint(c, v, out);
    rpc_parse_error(c, "Failed parsing args: no variant of enum BlockReference found in "
                       "flattened data");
    return false;
}

/* A height that will never come is another HTTP status than one that may. */
static const struct chain_block *
unknown_block(struct rpc_call *c, const struct block_ref *ref)
{
    char hash[HASH_TEXT], *text;
    const char *info = "{}";
    bool is_past = false;
    if (ref->kind == REF_HEIGHT) {
        is_past = ref->is_in_object && ref->height < chain_head(c->node->chain)->height;
        text = arena_printf(c->arena, "DB Not Found Error: BLOCK HEIGHT: %llu \n Cause: Unknown",
                            (unsigned long long)ref->height);
    } else {
        text = arena_printf(c->arena, "DB Not Found Error: BLOCK HEADER: %s \n Cause: Unknown",
                            hash_text(&ref->hash, hash));
    }
    if (ref->is_told) {
        struct buf quoted;
        buf_init(&quoted, 256);
        json_print(ref->id, &quoted);
        info = arena_printf(c->arena, "{\"block_reference\":{\"block_id\":%s}}", buf_c(&quoted));
        buf_release(&quoted);
    }
    rpc_error(c, is_past ? 422 : 200, "HANDLER_ERROR", "UNKNOWN_BLOCK", info, -32000,
              "Server error", rpc_quote(c, str_from(text)));
    return NULL;
}

const struct chain_block *
rpc_find_block(struct rpc_call *c, const struct block_ref *ref)
{
    const struct chain *chain = c->node->chain;
    const struct chain_block *b = NULL;
    switch (ref->kind) {
    case REF_HEIGHT: b = chain_block_at(chain, ref->height); break;
    case REF_HASH: b = chain_block_by_hash(chain, &ref->hash); break;
    case REF_OPTIMISTIC: return chain_head(chain);
    case REF_NEAR_FINAL: return chain_block_by_hash(chain, &chain_head(chain)->last_ds_final);
    case REF_FINAL: return chain_final(chain);
    case REF_GENESIS:
    case REF_EARLIEST: return chain_genesis(chain);
    }
    return b ? b : unknown_block(c, ref);
}

const struct chain_block *
rpc_block_of(struct rpc_call *c)
{
    struct block_ref ref;
    bool is_read = false;
    if (json_is_object(c->params))
        is_read = rpc_read_block(c, &ref);
    else if (json_is_array(c->params) && json_count(c->params) == 1)
        is_read = rpc_read_block_id(c, json_at(c->params, 0), &ref);
    else
        rpc_wrong_params(c, "RpcBlockRequest");
    return is_read ? rpc_find_block(c, &ref) : NULL;
}

const struct chain_block *
rpc_block_in_object(struct rpc_call *c, const char *request)
{
    struct block_ref ref;
    if (!json_is_object(c->params)) {
        rpc_wrong_params(c, request);
        return NULL;
    }
    return rpc_read_block(c, &ref) ? rpc_find_block(c, &ref) : NULL;
}
