#include "tests/support/demo_chain.h"

#include <stdio.h>
#include "net/base/xalloc.h"
#include "net/json.h"
#include "net/url.h"

static void
on_line(void *context, struct str line)
{
    struct demo_chain *c = context;
    struct json *root = NULL;
    struct str text;
    struct url url;
    if (json_parse(line, 4096, &root, NULL) == OK &&
        json_get_string(root, "rpc", &text, NULL) == OK && url_parse(text, &url, NULL) == OK)
        c->port = url.port;
    json_free(root);
}

enum err
demo_chain_begin(struct demo_chain *c, struct loop *loop, const char *program, unsigned block_ms)
{
    char text[16];
    snprintf(text, sizeof(text), "%u", block_ms);
    const char *const argv[] = {program, "localnet", "--demo", "--port", "0", "--with-parent",
                                "--block-time", text, NULL};
    const struct loop_child_args args = {.argv = argv, .line_max = 4096, .hold_input = true,
                                         .output = on_line, .context = c};
    *c = (struct demo_chain){.port = 0};
    return loop_spawn(loop, &args, &c->child, NULL);
}

void
demo_chain_start(struct demo_chain *c, struct loop *loop, const char *program, unsigned block_ms)
{
    enum err e = demo_chain_begin(c, loop, program, block_ms);
    while (!e && !c->port && loop_turn(loop))
        ;
    if (!c->port)
        fatal("the embedded chain did not start");
}

void
demo_chain_stop(struct demo_chain *c)
{
    loop_child_close(c->child);
}
