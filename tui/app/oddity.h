/* oddity: what deserves a word beside the tree: sources in trouble, or that contradict each other,
 * blocks that were replaced, an endpoint that is passed over.
 *
 * Each is said once. The tree itself is right without these words; they are for whoever has to
 * trust it. */
#ifndef TUI_APP_ODDITY_H
#define TUI_APP_ODDITY_H

#include "tui/app/trouble.h"
#include "tui/model/store.h"

struct oddity {
    const struct contradiction *contradiction;      /* the newest that was said */
    unsigned taken_back;
    enum endpoint_state endpoints[STORE_MAX_ENDPOINTS];
    enum source_state sources[SOURCE_COUNT];
};

struct oddity_word {
    enum trouble_kind kind;
    const char *code, *where;           /* "contradiction", "rpc"; static, or of the store */
    char text[DIAG_MAX];
};

/* True: something new is to be said of this call, one thing at a time. */
bool oddity_of_call(struct oddity *o, const struct call *c, struct oddity_word *out);
/* True: the endpoint is passed over from now on, and others are not. */
bool oddity_of_endpoint(struct oddity *o, const struct store *s, size_t index,
                        struct oddity_word *out);
/* True: the source has got into trouble, or into another one, as this EVENT_SOURCE tells. */
bool oddity_of_source(struct oddity *o, const struct event *ev, struct oddity_word *out);

#endif
