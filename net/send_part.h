/* send_part: what sources.c needs of the sender beyond send.h. Not for others. */
#ifndef NET_SEND_PART_H
#define NET_SEND_PART_H

#include "net/send.h"

/* It was signed and nobody has seen it in a block yet. */
bool sender_is_sending(const struct sender *sender, const struct hash *tx);
/* An event from any source: one that shows a transaction in a block ends its sending; one that
 * nobody has it any more (TX_UNOBSERVED) has the same bytes handed over again. */
void sender_heard(struct sender *sender, const struct event *ev);
/* Nobody follows it any more: bytes that were only kept for that are forgotten. */
void sender_forget(struct sender *sender, const struct hash *tx);

#endif
