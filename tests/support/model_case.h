/* model_case: a recorded call (of tests/data/node) as the facts that sources would have told,
 * and as a node that answers wants block by block. */
#ifndef TESTS_SUPPORT_MODEL_CASE_H
#define TESTS_SUPPORT_MODEL_CASE_H

#include "net/decode.h"
#include "tests/support/net_record.h"
#include "tui/model/store.h"

struct model_case {
    struct net_record record;
    struct arena arena;             /* of all facts */
    struct hash tx;
    struct event_list facts;        /* every answer of the record, in order, source RPC */
    int blocks;                     /* after so many the last answer was given */
};

void model_case_load(struct model_case *m, const char *file);
void model_case_release(struct model_case *m);

/* The call in a store that was told the facts in order. */
struct store *model_case_store(const struct model_case *m);
struct call *model_case_call(const struct model_case *m, const struct store *s);

/* The answer to a want after so many blocks goes into the store as events. */
void model_case_answer(struct model_case *m, struct store *s, const struct want *w, int block);
/* One look of a poller: everything wanted is answered, what that uncovers too. Returns the
 * number of requests. */
int model_case_look(struct model_case *m, struct store *s, int block);

#endif
