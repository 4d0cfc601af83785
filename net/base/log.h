/* log: what happened, for the person who looks for a fault afterwards.
 *
 * Goes to a file that the user named, never to the terminal while a screen is up, and nowhere
 * when none was named. Control bytes are escaped, so that a log can be shown with cat. Keys
 * and signatures never reach it: callers log ids, lengths and sentences. */
#ifndef NET_BASE_LOG_H
#define NET_BASE_LOG_H

#include <stdbool.h>
#include "net/base/macros.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Appends to `path` (created 0600). False when it cannot be opened; errno tells why. */
bool log_open(const char *path, enum log_level most);
void log_close(void);
void log_line(enum log_level level, const char *area, const char *format, ...)
    PRINTF_LIKE(3, 4);

#endif
