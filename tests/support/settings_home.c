#include "tests/support/settings_home.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "net/base/file.h"
#include "net/base/redact.h"

struct config settings_config;
char settings_home[64];

int
settings_set_up(void **state)
{
    char path[200];
    (void)state;
    snprintf(settings_home, sizeof(settings_home), "/tmp/neartop-config-XXXXXX");
    if (!mkdtemp(settings_home))
        return -1;
    static const char *const folders[] = {"xdg", "xdg/neartop", "xdg/near-cli"};
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        snprintf(path, sizeof(path), "%s/%s", settings_home, folders[i]);
        if (mkdir(path, 0700))
            return -1;
    }
    snprintf(path, sizeof(path), "%s/xdg", settings_home);
    setenv("XDG_CONFIG_HOME", path, 1);
    setenv("HOME", settings_home, 1);
    config_init(&settings_config);
    return 0;
}

int
settings_tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {"xdg/neartop/neartop.conf", "xdg/near-cli/config.toml",
                                        "api.key", "other.conf"};
    static const char *const folders[] = {"xdg/neartop", "xdg/near-cli", "xdg", "."};
    char path[200];
    config_release(&settings_config);
    redact_forget();
    unsetenv("NEARTOP_TEST_KEY");
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", settings_home, names[i]);
        unlink(path);
    }
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        snprintf(path, sizeof(path), "%s/%s", settings_home, folders[i]);
        rmdir(i + 1 == ARRAY_LEN(folders) ? settings_home : path);
    }
    return 0;
}

void
settings_write(const char *name, const char *text, unsigned mode)
{
    char path[200];
    snprintf(path, sizeof(path), "%s/%s", settings_home, name);
    assert_int_equal(file_write(path, str_from(text), mode, NULL), OK);
    assert_int_equal(chmod(path, mode), 0);
}
