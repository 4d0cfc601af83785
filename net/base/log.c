#include "net/base/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "net/base/clock.h"
#include "net/base/redact.h"

static FILE *file;
static enum log_level most_level;

bool
log_open(const char *path, enum log_level most)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    log_close();
    file = fdopen(fd, "a");
    if (!file) {
        close(fd);
        return false;
    }
    most_level = most;
    return true;
}

void
log_close(void)
{
    if (file)
        fclose(file);
    file = NULL;
}

static void
put_escaped(const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c >= 0x7f)
            fprintf(file, "\\x%02x", c);
        else
            fputc(c, file);
    }
}

void
log_line(enum log_level level, const char *area, const char *format, ...)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    if (!file || level > most_level)
        return;
    char text[1024], stamp[32];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    redact_bytes(text, strlen(text));
    int64_t now_ns = clock_wall_ns();
    time_t seconds = (time_t)(now_ns / NS_PER_S);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &parts);
    fprintf(file, "%s.%03dZ %s %s: ", stamp, (int)(now_ns % NS_PER_S / NS_PER_MS), names[level],
            area);
    put_escaped(text);
    fputc('\n', file);
    fflush(file);
}
