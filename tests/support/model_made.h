/* model_made: made-up facts about one call, a few at a time. An id is a number, so that tests
 * can be read: MADE_TX is the transaction, MADE_ROOT its first receipt. */
#ifndef TESTS_SUPPORT_MODEL_MADE_H
#define TESTS_SUPPORT_MODEL_MADE_H

#include "tui/model/verdict.h"

enum { MADE_ROOT = 0, MADE_TX = 1000000, MADE_BLOCK = 2000000 };

struct hash made_id(unsigned number);
struct event made_event(enum event_kind kind);

/* Receipt `number` ran in the block of this height, whose id is MADE_BLOCK + height, and made
 * `count` receipts from `first` on. The transaction and the root return the last of them. */
void made_ran(struct store *s, unsigned number, uint64_t height, unsigned first,
              unsigned count);
/* It made one receipt and returns that. */
void made_returned(struct store *s, unsigned number, uint64_t height, unsigned child);
void made_failed(struct store *s, unsigned number, uint64_t height);
/* A function call that waits for data `inputs` and sends its result to data `output` (0: to
 * nobody). */
void made_exists(struct store *s, unsigned number, const unsigned *inputs, unsigned input_count,
                 unsigned output);
void made_state(struct store *s, enum tx_state state);
/* Endpoints 0 and 1, a.test and b.test, have not got the receipt or block: "pruned", late enough to
 * count. */
void made_hole(struct store *s, unsigned number);

/* The call, derived anew, and a node of it that must be there. */
struct call *made_call(struct store *s);
struct node *made_node(struct call *c, unsigned number);

#endif
