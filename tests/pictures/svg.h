/* svg: what a terminal shows as a picture for the README.
 *
 * Lines and blocks are drawn, so that they meet whatever the font; all else is text in a
 * monospaced font, each character at its place. */
#ifndef TESTS_PICTURES_SVG_H
#define TESTS_PICTURES_SVG_H

#include <stdio.h>
#include "tests/support/screen.h"

/* `title` is for whoever cannot see it. */
void svg_write(const struct screen *s, const char *title, FILE *out);

#endif
