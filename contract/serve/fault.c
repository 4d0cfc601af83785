#include "contract/serve/node.h"

static const char *const names[FAULT_COUNT] = {
#define X(name, unit, help) #name,
#include "contract/serve/fault.def"
#undef X
};

enum err
fault_set(struct node *n, struct str name, uint64_t count, struct diag *d)
{
    for (int i = 0; i < FAULT_COUNT; i++) {
        if (str_equal_c(name, names[i])) {
            n->faults[i] = count;
            return OK;
        }
    }
    struct buf list;
    buf_init(&list, DIAG_MAX);
    for (int i = 0; i < FAULT_COUNT; i++)
        buf_addf(&list, "%s%s", i == 0 ? "" : i + 1 == FAULT_COUNT ? " and " : ", ", names[i]);
    diag_set(d, ERR_NOT_FOUND, "no fault is called \"%.*s\": %s are there",
             (int)(name.n < 40 ? name.n : 40), name.p, buf_c(&list));
    buf_release(&list);
    return ERR_NOT_FOUND;
}

enum err
fault_parse(struct node *n, struct str text, struct diag *d)
{
    struct str one;
    while (str_take_until(&text, ',', &one)) {
        uint64_t count = 1;
        ptrdiff_t at = str_find_byte(one, '=');
        struct str name = at < 0 ? one : str_slice(one, 0, (size_t)at);
        if (at >= 0 && !str_to_u64(str_slice(one, (size_t)at + 1, one.n), &count))
            return diag_set(d, ERR_SYNTAX, "--fault: expected NAME=NUMBER, found \"%.*s\"",
                            (int)(one.n < 40 ? one.n : 40), one.p);
        enum err e = fault_set(n, name, count, d);
        if (e)
            return e;
    }
    return OK;
}

bool
fault_take(struct node *n, enum fault fault)
{
    if (n->faults[fault] == 0)
        return false;
    n->faults[fault]--;
    return true;
}
