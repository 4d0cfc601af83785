#include "tui/out/out.h"

#include <string.h>
#include "net/base/xalloc.h"

enum { TEXT_MAX = 64 * 1024 * 1024 };

struct out_mark {
    char key[1 + 32];
    int level;
};

void
out_init(struct out *o, const struct out_ops *ops, const char *network, int64_t start_ns)
{
    *o = (struct out){.ops = ops, .network = network, .start_ns = start_ns};
    buf_init(&o->text, TEXT_MAX);
}

static void
forget(struct out *o)
{
    void *value;
    for (size_t i = 0; map_next(&o->told, &i, NULL, &value);)
        xfree(value);
    map_clear(&o->told);
}

void
out_release(struct out *o)
{
    forget(o);
    buf_release(&o->text);
}

void
out_restart(struct out *o)
{
    forget(o);
    o->has_call = o->has_verdict = false;
    o->headline[0] = '\0';
}

bool
out_first(struct out *o, char kind, const struct hash *id, int level)
{
    char key[1 + 32];
    key[0] = kind;
    memcpy(key + 1, id->b, 32);
    struct out_mark *m = map_get(&o->told, str_of(key, sizeof(key)));
    if (!m) {
        m = xcalloc(1, sizeof(*m));
        memcpy(m->key, key, sizeof(key));
        m->level = -1;
        map_put(&o->told, str_of(m->key, sizeof(m->key)), m);
    }
    if (m->level >= level)
        return false;
    m->level = level;
    return true;
}

bool
out_first_outcome(struct out *o, char kind, const struct outcome_fact *f, int level)
{
    struct hash both = f->id;
    for (size_t i = 0; i < sizeof(both.b); i++)
        both.b[i] ^= f->block_hash.b[i];
    return out_first(o, kind, &both, level);
}

int
out_exit_status(const struct verdict *v, bool is_unknown)
{
    if (v->kind == VERDICT_FAILED)
        return 1;
    if (is_unknown || v->kind == VERDICT_RUNNING || v->kind == VERDICT_UNKNOWN)
        return 3;
    return v->kind == VERDICT_BRANCH_FAILED ? 2 : 0;
}
