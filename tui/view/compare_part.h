/* compare_part: what the files of the comparison share: screen_compare.c (methods by their runs,
 * and more than two calls) and compare_marked.c (two calls). Nobody else includes it. */
#ifndef TUI_VIEW_COMPARE_PART_H
#define TUI_VIEW_COMPARE_PART_H

#include "tui/model/roster.h"
#include "tui/view/page.h"

/* The calls that are marked on the screen of all calls, in order of arrival. Returns how many. */
size_t compare_marked(const struct frame *f, struct roster_row *out, size_t max);
/* Its time is known, and says something: a call in one receipt takes none. */
bool compare_has_time(const struct verdict *v);
/* Two of them as lines of a page. */
void compare_two(struct page *p, const struct roster_row *a, const struct roster_row *b);

#endif
