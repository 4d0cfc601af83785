#include "tui/view/layout.h"

enum {
    RULES_FROM = 18,            /* rows a screen has at least when there are rules */
    LOWER_LEAST = 4, LOWER_GOOD = 6, DETAIL_LEAST = 3, DETAIL_GOOD = 9, STORY_LEAST = 4,
    FIGURES_FROM = 70, STORY_FROM = 100, WIDE = 120, WIDEST = 160,
    TALL = 34
};

static int
least(int a, int b)
{
    return a < b ? a : b;
}

static int
most(int a, int b)
{
    return a > b ? a : b;
}

static int
head_height(int height, const struct layout_wants *wants)
{
    int rows = height < 8 ? 1 : height < 12 ? 2 : 3;
    return rows + (wants->has_trouble && height >= 4);
}

static int
foot_height(int height)
{
    return height >= RULES_FROM ? 2 : height >= 9 ? 1 : 0;
}

static int
figures_width(int width)
{
    return width < FIGURES_FROM ? 0 : width < 100 ? 36 : width < WIDEST ? 46 : width / 2;
}

/* Rows of tree, lower panes and detail, out of `room`, without the rules. */
static void
share(int room, bool is_roomy, const struct layout_wants *wants, int *tree, int *lower,
      int *detail)
{
    int wanted = most(LOWER_LEAST, most(wants->result, least(wants->figures, LOWER_GOOD)));
    *tree = most(1, wants->tree);
    *lower = least(wanted, most(room * 2 / 5, room - *tree));
    *tree = least(*tree, room - *lower);
    *detail = room - *tree - *lower - 1;
    if (is_roomy && *detail < DETAIL_GOOD) {
        /* A long tree scrolls; what is selected is worth reading beside it. */
        *tree = most(room / 2, *tree - (DETAIL_GOOD - *detail));
        *detail = room - *tree - *lower - 1;
    }
    if (*detail < DETAIL_LEAST) {
        *detail = 0;
        *lower = room - *tree;
    }
}

struct layout
layout_call(int width, int height, const struct layout_wants *wants)
{
    int head = least(height, head_height(height, wants)), foot = foot_height(height);
    int room = height - head - foot, tree, lower, detail;
    struct layout l = {.head = {0, 0, width, head},
                       .foot = {0, height - foot, width, foot},
                       .tree = {0, head, width, room},
                       .has_rules = height >= RULES_FROM};
    if (!l.has_rules)
        return l;
    share(room - 2, width >= WIDE && height >= TALL, wants, &tree, &lower, &detail);
    int right = figures_width(width), left = width - right, y = head + 1;
    l.tree = (struct box){0, y, width, tree};
    y += tree + 1;
    l.result = (struct box){0, y, left, lower};
    if (right)
        l.figures = (struct box){left, y, right, lower};
    y += lower + 1;
    if (!detail)
        return l;
    bool has_story = width >= STORY_FROM && wants->story && detail >= STORY_LEAST;
    l.detail = (struct box){0, y, has_story ? left : width, detail};
    if (has_story)
        l.story = (struct box){left, y, right, detail};
    return l;
}
