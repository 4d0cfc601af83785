#include <netdb.h>
#include "net/base/xalloc.h"
#include "net/loop_private.h"

struct loop_resolve {
    uv_getaddrinfo_t uv;
    struct loop *loop;
    loop_resolved_fn fn;    /* NULL: closed by its owner */
    void *context;
    struct loop_timer *refusal;     /* the look-up could not even begin: says so a turn later */
    int code;
    char host[256];
};

static void
give_address(struct loop_resolve *r, int code, const struct addrinfo *list)
{
    char address[INET6_ADDRSTRLEN] = "";
    struct diag d = {0};
    if (code == 0 && list && list->ai_family == AF_INET)
        code = uv_ip4_name((const struct sockaddr_in *)(const void *)list->ai_addr, address,
                           sizeof(address));
    else if (code == 0 && list)
        code = uv_ip6_name((const struct sockaddr_in6 *)(const void *)list->ai_addr, address,
                           sizeof(address));
    if (code == 0) {
        r->fn(r->context, OK, address, &d);
        return;
    }
    diag_set(&d, ERR_NET, "the address of %s cannot be found: %s", r->host, uv_strerror(code));
    r->fn(r->context, ERR_NET, NULL, &d);
}

static void
on_refusal(void *context)
{
    struct loop_resolve *r = context;
    loop_timer_close(r->refusal);
    r->loop->open--;
    give_address(r, r->code, NULL);
    xfree(r);
}

static void
on_resolved(uv_getaddrinfo_t *request, int code, struct addrinfo *list)
{
    struct loop_resolve *r = request->data;
    if (r->fn) {
        r->loop->open--;
        give_address(r, code, list);
    }
    uv_freeaddrinfo(list);
    xfree(r);
}

struct loop_resolve *
loop_resolve_name(struct loop *loop, const char *host, loop_resolved_fn fn, void *context)
{
    struct loop_resolve *r = xcalloc(1, sizeof(*r));
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    r->uv.data = r;
    r->loop = loop;
    r->fn = fn;
    r->context = context;
    if (!str_copy(str_from(host), r->host, sizeof(r->host)))
        r->code = UV_ENAMETOOLONG;
    loop->open++;
    if (!r->code)
        r->code = uv_getaddrinfo(&loop->uv, &r->uv, on_resolved, r->host, NULL, &hints);
    if (r->code) {
        r->refusal = loop_timer_new(loop, on_refusal, r);
        loop_timer_start(r->refusal, 0, 0);
    }
    return r;
}

void
loop_resolve_close(struct loop_resolve *take_r)
{
    if (!take_r)
        return;
    take_r->fn = NULL;
    take_r->loop->open--;
    if (!take_r->refusal) {
        uv_cancel((uv_req_t *)&take_r->uv);
        return;
    }
    loop_timer_close(take_r->refusal);
    xfree(take_r);
}
