#include "tui/app/themes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>
#include "net/base/xalloc.h"

enum { EXIT_CONFIG = 78, EVENT_BYTES = 4096, FOLDERS = 6 };

/* --- finding ---------------------------------------------------------------------------------- */

/* The folder of the program itself, with its slash; empty when it is not known. */
static void
own_folder(char out[THEMES_PATH_MAX])
{
    ssize_t n = readlink("/proc/self/exe", out, THEMES_PATH_MAX - 1);
    out[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(out, '/');
    if (slash)
        slash[1] = '\0';
}

static size_t
folders(char out[FOLDERS][THEMES_PATH_MAX])
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    char own[THEMES_PATH_MAX];
    size_t count = 0;
    if (config && config[0] == '/')
        snprintf(out[count++], THEMES_PATH_MAX, "%.400s/neartop/themes", config);
    else if (home && home[0] == '/')
        snprintf(out[count++], THEMES_PATH_MAX, "%.400s/.config/neartop/themes", home);
    own_folder(own);
    if (own[0]) {
        snprintf(out[count++], THEMES_PATH_MAX, "%.400s../share/neartop/themes", own);
        /* As it was built: build/COMPILER-MODE/neartop beside themes/. */
        snprintf(out[count++], THEMES_PATH_MAX, "%.400s../../themes", own);
    }
    snprintf(out[count++], THEMES_PATH_MAX, "/usr/local/share/neartop/themes");
    snprintf(out[count++], THEMES_PATH_MAX, "/usr/share/neartop/themes");
    return count;
}

enum err
themes_find(const char *name, char out[THEMES_PATH_MAX], struct diag *d)
{
    char all[FOLDERS][THEMES_PATH_MAX];
    if (strchr(name, '/') || str_ends(str_from(name), STR(".theme"))) {
        int n = snprintf(out, THEMES_PATH_MAX, "%s", name);
        return n < THEMES_PATH_MAX ? OK : diag_set(d, ERR_TOO_LARGE, "the path is too long");
    }
    size_t count = folders(all);
    for (size_t i = 0; i < count; i++) {
        int n = snprintf(out, THEMES_PATH_MAX, "%s/%.60s.theme", all[i], name);
        if (n < THEMES_PATH_MAX && access(out, R_OK) == 0)
            return OK;
    }
    return diag_set(d, ERR_NOT_FOUND, "\"%.40s\": there is no %.40s.theme in %.120s, nor with the "
                                      "program", name, name, all[0]);
}

/* --- following -------------------------------------------------------------------------------- */

struct themes_watch {
    struct loop_watch *watch;
    int fd;
    struct theme_files files;
    themes_fn changed;
    void *context;
};

static const char *
file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool
is_ours(const struct themes_watch *w, const char *name)
{
    for (size_t i = 0; i < w->files.count; i++) {
        if (strcmp(name, file_name(w->files.path[i])) == 0)
            return true;
    }
    return false;
}

static void
on_event(void *context, unsigned events)
{
    struct themes_watch *w = context;
    _Alignas(struct inotify_event) char bytes[EVENT_BYTES];
    bool is_changed = false;
    ssize_t n;
    (void)events;
    while ((n = read(w->fd, bytes, sizeof(bytes))) > 0) {
        for (ssize_t at = 0; at < n;) {
            const struct inotify_event *e = (const struct inotify_event *)(const void *)(bytes + at);
            is_changed = is_changed || (e->len && is_ours(w, e->name));
            at += (ssize_t)sizeof(*e) + (ssize_t)e->len;
        }
    }
    if (is_changed)
        w->changed(w->context);
}

/* Editors write beside a file and rename: its folder has to be looked at. */
static void
add_folder(int fd, const char *path)
{
    char folder[THEMES_PATH_MAX];
    size_t n = (size_t)(file_name(path) - path);
    snprintf(folder, sizeof(folder), "%.*s", n ? (int)n : 1, n ? path : ".");
    inotify_add_watch(fd, folder, IN_CLOSE_WRITE | IN_MOVED_TO);
}

struct themes_watch *
themes_watch_new(struct loop *loop, const struct theme_files *files, themes_fn changed,
                 void *context)
{
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    struct diag d = {0};
    if (fd < 0)
        return NULL;
    struct themes_watch *w = xcalloc(1, sizeof(*w));
    *w = (struct themes_watch){.fd = fd, .files = *files, .changed = changed, .context = context};
    for (size_t i = 0; i < files->count; i++)
        add_folder(fd, files->path[i]);
    if (loop_watch_fd(loop, fd, LOOP_READ, on_event, w, &w->watch, &d)) {
        close(fd);
        xfree(w);
        return NULL;
    }
    return w;
}

void
themes_watch_close(struct themes_watch *w)
{
    if (!w)
        return;
    loop_watch_close(w->watch);
    close(w->fd);
    xfree(w);
}

/* --- checking --------------------------------------------------------------------------------- */

static void
on_report(void *context, const char *path, int line, const char *text)
{
    (void)context;
    if (line)
        printf("%s:%d: %s\n", path, line, text);
    else
        printf("%s: %s\n", path, text);
}

int
themes_check(const char *name)
{
    char path[THEMES_PATH_MAX];
    struct diag d = {0};
    if (themes_find(name, path, &d)) {
        fprintf(stderr, "neartop: --check-theme %s\n", diag_text(&d));
        return EXIT_CONFIG;
    }
    size_t wrong = theme_check(path, on_report, NULL);
    if (!wrong)
        printf("%s: nothing is wrong\n", path);
    return wrong ? EXIT_CONFIG : 0;
}
