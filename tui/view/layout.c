#include "tui/view/layout.h"

enum {
    RULES_FROM = 18,            /* rows a screen has at least when there are rules */
    WIDE_RULES_FROM = 12,
    LOWER_LEAST = 4, LOWER_GOOD = 6, DETAIL_LEAST = 3, DETAIL_GOOD = 9, STORY_LEAST = 3,
    FIGURES_FROM = 70, STORY_FROM = 100, WIDEST = 160,
    BESIDE_WIDTH = 79, TREE_WIDTH = 66, DETAIL_WIDTH = 30,     /* least, side by side */
    TREE_GOOD = 99,             /* columns with which time has room for some blocks; with a few
                                 * more, other columns take them (row_branch.c) … */
    TREE_RICH = 108,            /* … and with these there is room for all */
    DETAIL_KEPT = 41,           /* what the detail keeps on the narrowest wide screen */
    TREE_LEAST = 3, LOWER_ROOM = 11, TALL_ROOM = 28,
    CAUSE_ROOM = 8, CAUSE_LEAST = 2
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
    return rows + (height >= 4 ? wants->trouble : 0);
}

int
layout_foot(int height)
{
    return height >= RULES_FROM ? 2 : height >= 9 ? 1 : 0;
}

static int
figures_width(int width)
{
    if (width < FIGURES_FROM)
        return 0;
    return width < 80 ? 32 : width < 100 ? 36 : width < WIDEST ? 46 : width / 2;
}

/* Columns of the detail when it stands beside the tree; 0: it does not. */
static int
detail_width(int width, int height, const struct layout_wants *wants)
{
    if (width < LAYOUT_WIDE || height < WIDE_RULES_FROM ||
        wants->detail != DETAIL_BESIDE)
        return 0;
    int good = least(TREE_GOOD, width - DETAIL_KEPT - (width - LAYOUT_WIDE) / 4);
    int share = width * 60 / 100;
    int fits = share >= TREE_RICH ? share : most(BESIDE_WIDTH, good);
    int split = wants->split ? wants->split : fits;
    split = most(TREE_WIDTH, least(split, width - DETAIL_WIDTH));
    return width - split;
}

struct rows_of {
    int tree, lower, bottom;    /* without their rules; 0: not there */
};

/* Why something failed is worth more than the rest of the result, and than a tree without it. */
static void
make_room_for_cause(struct rows_of *r, int room, int bottom_least)
{
    int missing = bottom_least - r->bottom;
    if (missing > 0)
        r->lower -= least(missing, most(0, r->lower - LOWER_LEAST));
    r->bottom = room - r->tree - r->lower - 1;
    if (r->bottom < bottom_least)
        r->tree = most(TREE_LEAST, r->tree - (bottom_least - r->bottom));
    r->bottom = room - r->tree - r->lower - 1;
}

/* Rows of tree, result and what is below, out of `room`, which includes the rules between. */
static struct rows_of
share(int room, bool has_bottom, int bottom_least, int bottom_good,
      const struct layout_wants *wants)
{
    struct rows_of r = {.tree = room};
    bool has_cause = has_bottom && wants->has_cause;
    if (room < LOWER_ROOM) {
        if (has_cause && room >= CAUSE_ROOM) {
            r.bottom = CAUSE_LEAST;
            r.tree = room - r.bottom - 1;
        }
        return r;
    }
    int wanted = most(LOWER_LEAST, most(wants->result, least(wants->figures, LOWER_GOOD)));
    room--;
    r.tree = most(1, wants->tree);
    r.lower = least(wanted, most(room * 2 / 5, room - r.tree));
    r.tree = least(r.tree, room - r.lower);
    r.bottom = room - r.tree - r.lower - 1;
    if (bottom_good && r.bottom < bottom_good) {
        /* A long tree scrolls; what is selected is worth reading beside it. */
        r.tree = most(room / 2, r.tree - (bottom_good - r.bottom));
        r.bottom = room - r.tree - r.lower - 1;
    }
    if (has_cause)
        make_room_for_cause(&r, room, bottom_least);
    if (wants->tree_height) {
        r.tree = most(TREE_LEAST, least(wants->tree_height, room - LOWER_LEAST));
        r.lower = least(r.lower, room - r.tree);
        r.bottom = room - r.tree - r.lower - 1;
    }
    if (!has_bottom || r.bottom < bottom_least) {
        r.bottom = 0;
        r.lower = room - r.tree;
    }
    return r;
}

/* Tree, result beside figures, and below them what there is room for. */
static void
stack(struct layout *l, struct box b, const struct rows_of *r)
{
    int right = figures_width(b.width), y = b.y;
    l->pane[PANE_TREE] = (struct box){b.x, y, b.width, r->tree};
    y += r->tree + 1;
    if (!r->lower)
        return;
    l->pane[PANE_RESULT] = (struct box){b.x, y, b.width - right, r->lower};
    if (right)
        l->pane[PANE_FIGURES] = (struct box){b.x + b.width - right, y, right, r->lower};
}

static void
beside(struct layout *l, struct box b, int detail, const struct layout_wants *wants)
{
    struct box left = {b.x, b.y, b.width - detail, b.height};
    struct rows_of r = share(b.height, wants->story > 0, STORY_LEAST, 0, wants);
    stack(l, left, &r);
    l->pane[PANE_DETAIL] = (struct box){left.width, b.y, detail, b.height};
    if (r.bottom)
        l->pane[PANE_STORY] =
            (struct box){b.x, b.y + b.height - r.bottom, left.width, r.bottom};
    l->is_wide = true;
}

static void
stacked(struct layout *l, struct box b, const struct layout_wants *wants)
{
    bool has_detail = wants->detail != DETAIL_HIDDEN;
    bool is_roomy = has_detail && b.width >= STORY_FROM && b.height >= TALL_ROOM;
    struct rows_of r = share(b.height, has_detail, DETAIL_LEAST, is_roomy ? DETAIL_GOOD : 0, wants);
    int right = figures_width(b.width);
    stack(l, b, &r);
    if (!r.bottom)
        return;
    int y = b.y + b.height - r.bottom;
    bool has_story = b.width >= STORY_FROM && wants->story && r.bottom > STORY_LEAST;
    l->pane[PANE_DETAIL] = (struct box){b.x, y, b.width - (has_story ? right : 0), r.bottom};
    if (has_story)
        l->pane[PANE_STORY] = (struct box){b.x + b.width - right, y, right, r.bottom};
}

/* The tree, and in the rows that it leaves what is to be said of a failure. */
static void
low(struct layout *l, struct box b, const struct layout_wants *wants)
{
    int left = b.height - most(1, wants->tree);
    l->pane[PANE_TREE] = b;
    if (!wants->has_cause || wants->detail == DETAIL_HIDDEN || left < CAUSE_LEAST)
        return;
    l->pane[PANE_TREE].height -= left;
    l->pane[PANE_DETAIL] = (struct box){b.x, b.y + b.height - left, b.width, left};
}

struct layout
layout_call(int width, int height, const struct layout_wants *wants)
{
    int head = least(height, head_height(height, wants)), foot = layout_foot(height);
    int detail = detail_width(width, height, wants);
    struct layout l = {.head = {0, 0, width, head},
                       .foot = {0, height - foot, width, foot},
                       .has_rules = height >= (detail ? WIDE_RULES_FROM : RULES_FROM)};
    struct box body = {0, head + l.has_rules, width, height - head - foot - l.has_rules};
    if (wants->zoomed != PANE_NONE)
        l.pane[wants->zoomed] = body;
    else if (!l.has_rules)
        low(&l, body, wants);
    else if (detail)
        beside(&l, body, detail, wants);
    else
        stacked(&l, body, wants);
    return l;
}
