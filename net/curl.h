/* curl: libcurl, opened when it is first needed.
 *
 * It brings some thirty libraries with it, and the loader binds them all before main: longer
 * than everything else takes to the first frame. So the program is not linked with it; its
 * functions are members of `curl`, which curl_open fills once. Types and constants are those
 * of its own header. */
#ifndef NET_CURL_H
#define NET_CURL_H

/* Its checks of argument types are macros named as the functions; they cannot see members. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

extern struct curl_functions {
#define X(name) __typeof__(curl_##name) *name;
#include "net/curl.def"
#undef X
} curl;

/* Does not come back when there is no libcurl: without it nothing can be asked. */
void curl_open(void);

#endif
