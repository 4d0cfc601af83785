/* screen_private: what the files of screen.h share: screen.c (the program and its terminal),
 * screen_wait.c and screen_look.c. Nobody else includes it. */
#ifndef TESTS_SUPPORT_SCREEN_PRIVATE_H
#define TESTS_SUPPORT_SCREEN_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>
#include "tests/support/screen.h"

struct screen {
    int master, slave;
    pid_t pid;
    bool has_ended, is_alternate, cursor_is_visible, has_mouse;
    int status;
    struct termios before;
    VTerm *vt;
    VTermScreen *vts;
    int width, height;
    unsigned long keys;             /* that the frame seen last knows of */
    int frame_width, frame_height;  /* and its size */
    bool has_frames;                /* the program tells of its frames */
    char marker[80];                /* what it says of one, as far as it has come */
    size_t marker_size;
    int bells;
    char *sent;                     /* all that was written, SENT_MOST at most; owned */
    size_t sent_size;
};

/* Takes what has come, waiting at most `ms` for the first byte. */
void screen_feed(struct screen *s, int ms);
/* Notes how the program ended, if it has; options as waitpid's. */
void screen_take_end(struct screen *s, int options);

#endif
