#include "tui/app/nonce_folder.h"

#include <stdlib.h>
#include <sys/stat.h>
#include "net/url.h"

static const char *
absolute(const char *variable)
{
    const char *path = getenv(variable);
    return path && path[0] == '/' ? path : NULL;
}

const char *
nonce_folder(struct arena *arena)
{
    const char *folder = absolute("XDG_RUNTIME_DIR"), *home = absolute("HOME");
    if (!folder)
        folder = absolute("XDG_CACHE_HOME");
    if (folder || !home)
        return folder;
    folder = arena_printf(arena, "%s/.cache", home);
    (void)mkdir(folder, 0700);      /* perhaps nothing was ever cached */
    return folder;
}

const char *
nonce_chain(const char *url, struct arena *arena)
{
    struct url node;
    if (url_parse(str_from(url), &node, NULL) != OK || !node.is_loopback)
        return "";
    return arena_printf(arena, "127.0.0.1:%u", node.port);
}
