/* front_part: what the files of the front with a screen share: front_screen.c (frames, keys,
 * life) and front_run.c (what keys send). Nobody else includes it. */
#ifndef TUI_APP_FRONT_PART_H
#define TUI_APP_FRONT_PART_H

#include "tui/app/attention.h"
#include "tui/app/compiling.h"
#include "tui/app/front_form.h"
#include "tui/app/look.h"
#include "tui/app/session.h"
#include "tui/app/ways.h"
#include "tui/view/ui.h"


struct screen_front {
    struct ui ui;
    struct look look;
    struct cells cells;
    struct loop_watch *keys;
    struct loop_timer *frame;           /* the next frame, when one came too soon */
    struct loop_timer *clock;           /* ages on the screen */
    int clock_ms;                       /* how often it ticks; 0: not at all */
    struct loop_signal *resized, *stopped, *continued;
    int64_t painted_ns;
    struct store *held;                 /* owned: what is seen while the picture is held, or NULL */
    int64_t held_ns;
    struct attention attention;
    bool is_ascii, needs_frame;
    char trouble[DIAG_MAX * 2];
    struct compiling_watch compiling;
    struct arena arena;                 /* plans made by keys */
    struct signers signers;
    struct front_form form;
    struct ways_question way;           /* of what is to run in another way */
};

/* front_run.c: each says in `trouble` why nothing was sent. */
void front_send_form(struct session *s);
void front_again(struct session *s);
void front_watch(struct session *s);
void front_run_demo(struct session *s, enum plan_mode mode);
void front_run_way(struct session *s, enum plan_mode mode);
/* Of the call that is looked at. */
struct ways front_ways(struct session *s);
void front_fail_branch(struct session *s);

#endif
