/* trouble: that something is wrong, as it is told to the front (session.h). */
#ifndef TUI_APP_TROUBLE_H
#define TUI_APP_TROUBLE_H

enum trouble_kind {
    TROUBLE_ONCE,               /* it happened: nothing but this word tells it */
    TROUBLE_SOURCE              /* how a source, or what finds calls (follow.h), is doing: they say it
                                 * themselves, too, for as long as it lasts */
};

struct trouble {
    enum trouble_kind kind;
    const char *code;           /* "chain_ended": for programs, neartop(1) lists them */
    const char *text;           /* a sentence */
    const char *where;          /* what it is about: "keys"; "": nothing alone */
};

#endif
