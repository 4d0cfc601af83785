#include "net/curl.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>
#include "net/base/xalloc.h"

/* The name by which the loader would have found it. It stays open: what it has started by
 * itself (TLS, name look-ups) does not end before the process does. */
static const char soname[] = "libcurl.so.4";

struct curl_functions curl;

static void
find(void *library, const char *name, void *out)
{
    void *function = dlsym(library, name);
    if (!function)
        fatal("%s has no %s: it is older than what this was built with", soname, name);
    /* ISO C knows no cast from an object's address to a function's. */
    memcpy(out, &function, sizeof(function));
}

void
curl_open(void)
{
    if (curl.global_init)
        return;
    void *library = dlopen(soname, RTLD_LAZY | RTLD_LOCAL);
    if (!library)
        fatal("the HTTP library is missing (apt-get install libcurl4): %s", dlerror());
#define X(name) find(library, "curl_" #name, &curl.name);
#include "net/curl.def"
#undef X
}
