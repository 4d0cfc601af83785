/* settings_home: a home of its own for each test that reads settings: HOME and XDG_CONFIG_HOME lead
 * there, with the folders of neartop and of near-cli in it. For the set-up and tear-down of cmocka. */
#ifndef TESTS_SUPPORT_SETTINGS_HOME_H
#define TESTS_SUPPORT_SETTINGS_HOME_H

#include "tui/app/config.h"

extern struct config settings_config;       /* empty at first, but for what is built in */
extern char settings_home[64];

int settings_set_up(void **state);
int settings_tear_down(void **state);
/* "xdg/neartop/neartop.conf", "xdg/near-cli/config.toml", "api.key" or "other.conf". */
void settings_write(const char *name, const char *text, unsigned mode);

#endif
