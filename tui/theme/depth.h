/* depth: colours as numbers, taken down to what a terminal has, and how well two can be told
 * apart.
 *
 * A colour is -1 (the terminal's own), 0 to 255 of xterm's table, or DEPTH_RGB | 0xRRGGBB. What
 * the first sixteen look like is up to the terminal: where they are computed with, xterm's are
 * taken. */
#ifndef TUI_THEME_DEPTH_H
#define TUI_THEME_DEPTH_H

#include <stdint.h>

enum { DEPTH_RGB = 1 << 24 };

/* The nearest that a terminal of so many colours has: 0 (none), 8, 16, 256 or 2^24. Greys are
 * given up on terminals of few: one of the eight could be the very background. On a terminal of
 * 2^24 the result is its colour number, which is the RGB value from 8 on. */
int depth_fit(int colour, int colours);
/* 0xRRGGBB; the colour is not -1. */
uint32_t depth_rgb(int colour);
/* Of WCAG 2: 1 (the same) to 21 (black and white). */
double depth_contrast(uint32_t a, uint32_t b);

#endif
