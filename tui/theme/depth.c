#include "tui/theme/depth.h"

#include <math.h>

enum { CUBE = 16, GREYS = 232 };

/* xterm's own, as it comes. */
static const uint32_t basic[16] = {0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD,
                                   0x00CDCD, 0xE5E5E5, 0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00,
                                   0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF};

static uint32_t
cube_part(int step)
{
    return step ? (uint32_t)(55 + step * 40) : 0;
}

uint32_t
depth_rgb(int colour)
{
    if (colour & DEPTH_RGB)
        return (uint32_t)colour & 0xFFFFFF;
    if (colour < CUBE)
        return basic[colour < 0 ? 0 : colour];
    if (colour >= GREYS) {
        uint32_t level = (uint32_t)(8 + (colour - GREYS) * 10);
        return level << 16 | level << 8 | level;
    }
    int index = colour - CUBE;
    return cube_part(index / 36) << 16 | cube_part(index / 6 % 6) << 8 | cube_part(index % 6);
}

static int
distance(uint32_t a, uint32_t b)
{
    int sum = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        int d = (int)(a >> shift & 0xFF) - (int)(b >> shift & 0xFF);
        sum += d * d;
    }
    return sum;
}

/* The first sixteen are not looked at: nobody knows what they look like. */
static int
nearest_of_256(uint32_t rgb)
{
    int best = CUBE;
    for (int i = CUBE; i < 256; i++) {
        if (distance(rgb, depth_rgb(i)) < distance(rgb, depth_rgb(best)))
            best = i;
    }
    return best;
}

/* The one of the eight that has the same strong parts. */
static int
hue_of(uint32_t rgb)
{
    uint32_t part[] = {rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF}, most = 0, least = 255;
    int fitted = 0;
    for (int i = 0; i < 3; i++) {
        most = part[i] > most ? part[i] : most;
        least = part[i] < least ? part[i] : least;
    }
    /* A grey, or nearly one, is the terminal's own colour unless it is nearly white. */
    if (most - least < 24)
        return most > 230 ? 7 : -1;
    for (int i = 0; i < 3; i++)
        fitted |= (part[i] - least) * 2 >= most - least ? 1 << i : 0;
    return fitted;
}

int
depth_fit(int colour, int colours)
{
    if (colour < 0 || colours < 8)
        return -1;
    if (colours > 256) {
        int rgb = (int)depth_rgb(colour);
        /* The first eight numbers are those of the palette. */
        return colour < 8 ? colour : rgb < 8 ? 8 : rgb;
    }
    if (colours == 256)
        return colour & DEPTH_RGB ? nearest_of_256((uint32_t)colour & 0xFFFFFF) : colour;
    if (colour < colours)
        return colour;
    if (colour == 8)
        return -1;
    if (colour < 16)
        return colour - 8;
    return hue_of(depth_rgb(colour));
}

static double
luminance(uint32_t rgb)
{
    static const double weight[] = {0.0722, 0.7152, 0.2126};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        double part = (double)(rgb >> 8 * i & 0xFF) / 255;
        part = part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
        sum += weight[i] * part;
    }
    return sum;
}

double
depth_contrast(uint32_t a, uint32_t b)
{
    double la = luminance(a), lb = luminance(b);
    return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}
