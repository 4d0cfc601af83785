/* utf8_locale: what a group of tests begins with when it looks at more than ASCII (utf8.h). */
#ifndef TESTS_SUPPORT_UTF8_LOCALE_H
#define TESTS_SUPPORT_UTF8_LOCALE_H

int utf8_locale(void **state);      /* cmocka's set-up of a group */

#endif
