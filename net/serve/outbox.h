/* outbox: messages that wait for a slow socket, up to a ceiling in bytes.
 *
 * Each has free room in front for what the library writes before the payload. */
#ifndef NET_SERVE_OUTBOX_H
#define NET_SERVE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include "net/base/str.h"

struct outgoing;

struct outbox {
    struct outgoing *first, **last;     /* owned */
    size_t bytes, max;                  /* of payload */
    size_t front;                       /* bytes of room before each payload */
};

void outbox_init(struct outbox *o, size_t max, size_t front);
void outbox_clear(struct outbox *o);
bool outbox_is_empty(const struct outbox *o);
/* False when it does not fit any more. The text is copied. */
bool outbox_add(struct outbox *o, struct str text);
/* The oldest message's payload, good until outbox_drop, which ends it. Not when empty. */
unsigned char *outbox_first(const struct outbox *o, size_t *n);
void outbox_drop(struct outbox *o);

#endif
