#include "tui/view/guide.h"

#include <string.h>

struct guide
guide_of(const struct node *n, bool shows_refunds)
{
    struct guide g = {.depth = n->depth};
    bool up[GUIDE_LEVELS];
    for (; n->parent && g.levels < GUIDE_LEVELS; n = n->parent)
        up[g.levels++] = row_has_later_sibling(n, shows_refunds);
    for (int i = 0; i < g.levels; i++)
        g.goes_on[i] = up[g.levels - 1 - i];
    return g;
}

struct guide
guide_of_row(const struct rows *rows, size_t index)
{
    int depth = rows->row[index].node->depth, level = depth;
    struct guide g = {.depth = depth, .levels = depth < GUIDE_LEVELS ? depth : GUIDE_LEVELS};
    /* What comes next on each level, outwards, until something outside of it comes. */
    for (size_t i = index + 1; i < rows->count && level > depth - g.levels; i++) {
        int next = rows->row[i].node->depth;
        level = next < level ? next : level;
        if (next == level && level > depth - g.levels)
            g.goes_on[level - (depth - g.levels) - 1] = true;
        level -= next == level;
    }
    return g;
}

int
guide_paint(struct cells *c, int x, int y, const struct guide *g, int most)
{
    int first = g->levels > most ? g->levels - most : 0;
    if (g->depth > g->levels - first && first < g->levels) {
        /* The outer levels do not fit: that there are some is told. */
        cells_glyph(c, x, y, GLYPH_ELLIPSIS, ROLE_RULE);
        first++;
        x += 2;
    }
    for (int i = first; i < g->levels; i++, x += 2) {
        if (i + 1 < g->levels) {
            if (g->goes_on[i])
                cells_glyph(c, x, y, GLYPH_BAR, ROLE_RULE);
            continue;
        }
        cells_glyph(c, x, y, g->goes_on[i] ? GLYPH_TEE : GLYPH_CORNER, ROLE_RULE);
        cells_glyph(c, x + 1, y, GLYPH_LINE, ROLE_RULE);
    }
    return x;
}

/* --- joins ------------------------------------------------------------------------------------ */

enum { GROUPS_MAX = 64 };

/* One callback and what is seen of its join. Rows count from the first visible one. */
struct group {
    const struct node *callback;
    long from, to;              /* where the line begins and ends; may be out of sight */
    int lane;
};

static struct group *
group_of(struct group *groups, size_t *count, const struct node *callback, long row)
{
    for (size_t i = 0; i < *count; i++) {
        struct group *g = &groups[i];
        if (g->callback != callback)
            continue;
        g->from = row < g->from ? row : g->from;
        g->to = row > g->to ? row : g->to;
        return g;
    }
    if (*count == GROUPS_MAX)
        return NULL;
    groups[*count] = (struct group){callback, row, row, -1};
    return &groups[(*count)++];
}

/* A callback that is not seen: is it below, above, or folded away (false)? */
static bool
extend_to_callback(struct group *g, const struct rows *rows, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++) {
        if (rows->row[i].node == g->callback)
            return true;
    }
    for (size_t i = first + count; i < rows->count; i++) {
        if (rows->row[i].node == g->callback) {
            g->to = (long)count;
            return true;
        }
    }
    for (size_t i = 0; i < first; i++) {
        if (rows->row[i].node == g->callback) {
            g->from = -1;
            return true;
        }
    }
    return false;
}

/* A callback that is seen, some of whose branches are not: receipts stand behind those that
 * they wait for, so these are above. */
static void
extend_to_branches(struct group *g, const struct rows *rows, size_t first, size_t count)
{
    size_t seen = 0, inputs = g->callback->input_count;
    for (size_t i = first; i < first + count && seen < inputs; i++) {
        const struct node *n = rows->row[i].node;
        for (size_t f = 0; f < n->feed_count; f++)
            seen += n->feeds[f].callback == g->callback;
    }
    if (seen < inputs && first > 0)
        g->from = -1;
}

static size_t
find_groups(const struct rows *rows, size_t first, size_t count, struct group *groups)
{
    size_t found = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        const struct node *n = rows->row[first + i].node;
        if (n->input_count)
            group_of(groups, &found, n, (long)i);
        for (size_t f = 0; f < n->feed_count && f < JOIN_LANES; f++)
            group_of(groups, &found, n->feeds[f].callback, (long)i);
    }
    for (size_t i = 0; i < found; i++) {
        struct group g = groups[i];
        if (!extend_to_callback(&g, rows, first, count))
            continue;
        extend_to_branches(&g, rows, first, count);
        if (g.from < g.to)
            groups[kept++] = g;
    }
    return kept;
}

static void
choose_lanes(struct group *groups, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (int lane = 0; lane < JOIN_LANES && groups[i].lane < 0; lane++) {
            bool is_free = true;
            for (size_t k = 0; k < i; k++)
                is_free = is_free && (groups[k].lane != lane || groups[k].to < groups[i].from ||
                                      groups[k].from > groups[i].to);
            if (is_free)
                groups[i].lane = lane;
        }
    }
}

static enum join_part
part_of(const struct group *g, const struct node *n, long row)
{
    bool is_first = row == g->from, is_last = row == g->to;
    if (n == g->callback)
        return is_first ? JOIN_ENTERS_FIRST : is_last ? JOIN_ENTERS_LAST : JOIN_ENTERS;
    for (size_t f = 0; f < n->feed_count; f++) {
        if (n->feeds[f].callback == g->callback)
            return is_first ? JOIN_LEAVES_FIRST : is_last ? JOIN_LEAVES_LAST : JOIN_LEAVES;
    }
    return JOIN_PASSES;
}

void
joins_of(const struct rows *rows, size_t first, size_t count, struct joins *out)
{
    struct group groups[GROUPS_MAX];
    memset(out, 0, sizeof(*out));
    count = count > JOIN_ROWS ? JOIN_ROWS : count;
    size_t found = find_groups(rows, first, count, groups);
    choose_lanes(groups, found);
    for (size_t i = 0; i < found; i++) {
        const struct group *g = &groups[i];
        if (g->lane < 0)
            continue;
        out->lanes = g->lane + 1 > out->lanes ? g->lane + 1 : out->lanes;
        for (long row = g->from < 0 ? 0 : g->from; row <= g->to && row < (long)count; row++)
            out->part[row][g->lane] =
                (uint8_t)part_of(g, rows->row[first + (size_t)row].node, row);
    }
}

static enum glyph
join_glyph(enum join_part part)
{
    switch (part) {
    case JOIN_NOTHING: break;
    case JOIN_PASSES: return GLYPH_BAR;
    case JOIN_LEAVES_FIRST:
    case JOIN_ENTERS_FIRST: return GLYPH_JOIN_FIRST;
    case JOIN_LEAVES:
    case JOIN_ENTERS: return GLYPH_JOIN_MORE;
    case JOIN_LEAVES_LAST:
    case JOIN_ENTERS_LAST: return GLYPH_JOIN_LAST;
    }
    return GLYPH_BAR;
}

/* What has arrived is in colour; what has not is only hinted at. */
static enum role
result_role(const struct node *n)
{
    return n->status == NODE_FAILED ? ROLE_FAILED : n->has_outcome ? ROLE_JOIN : ROLE_RULE;
}

void
joins_paint(struct cells *c, int x, int y, const struct joins *j, size_t row,
            const struct node *n)
{
    const uint8_t *part = j->part[row < JOIN_ROWS ? row : JOIN_ROWS - 1];
    for (int lane = 0; lane < j->lanes; lane++) {
        enum join_part p = (enum join_part)part[lane];
        bool leaves = p >= JOIN_LEAVES_FIRST && p <= JOIN_LEAVES_LAST;
        bool enters = p >= JOIN_ENTERS_FIRST;
        if (leaves || enters) {
            enum role role = enters ? ROLE_JOIN : result_role(n);
            cells_glyph(c, x, y, enters ? GLYPH_JOIN_INTO : GLYPH_LINE, role);
            for (int i = 0; i < lane; i++) {
                if (part[i] == JOIN_NOTHING)
                    cells_glyph(c, x + 1 + i, y, GLYPH_LINE, role);
            }
        }
        if (p != JOIN_NOTHING)
            cells_glyph(c, x + 1 + lane, y, join_glyph(p), ROLE_JOIN);
    }
}
