/* loop_private: what the files of the loop share: loop.c (turns, guests, timers, descriptors,
 * signals), loop_child.c (children) and loop_resolve.c (names). The one door of libuv; nobody else
 * includes it. */
#ifndef NET_LOOP_PRIVATE_H
#define NET_LOOP_PRIVATE_H

#include <uv.h>
#include "net/loop.h"

enum { LOOP_GUESTS_MAX = 8 };

struct loop_guest {
    loop_fn leave, gone;
    void *context;
};

struct loop {
    uv_loop_t uv;
    uv_prepare_t prepare;
    bool is_turn, has_ticked;       /* one turn alone; a timer has fired in it */
    loop_fn before_sleep;
    void *before_sleep_context;
    struct loop_guest guests[LOOP_GUESTS_MAX];
    size_t guest_count;
    size_t open;            /* things made here whose owner has not closed them yet */
};

#endif
