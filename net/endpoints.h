/* endpoints: the endpoints of one network, and which of them to ask.
 *
 * The healthiest of the highest weight gets everything: its connection stays warm and its
 * answers agree with each other. Another one is asked when that one fails, is late, has no
 * request left in its budget, or has said that it does not know. Choosing only; rpc.h asks. */
#ifndef NET_ENDPOINTS_H
#define NET_ENDPOINTS_H

#include "net/endpoint.h"

struct endpoints {
    struct endpoint at[ENDPOINTS_MAX];
    uint32_t count;
    struct budget total;            /* of all together */
};

/* At most ENDPOINTS_MAX of them. per_second and per_minute are for all together. */
void endpoints_init(struct endpoints *set, const struct endpoint_config *configs, size_t count,
               uint32_t per_second, uint32_t per_minute);
void endpoints_release(struct endpoints *set);

/* Bits are by index of the endpoint. */
struct endpoints_query {
    uint32_t tried;                 /* not these */
    uint32_t avoid;                 /* these only when there are no others */
    bool is_of_the_past;            /* rather one that keeps all of it */
    bool is_ready_only;             /* only one that may be asked now and does not rest */
};

/* The index, or -1 when none is left; *wait_ns: how long it must not be asked yet. */
int endpoints_pick(const struct endpoints *set, const struct endpoints_query *query, int64_t now_ns,
              int64_t *wait_ns);
/* The turn of a request to that endpoint, in both budgets. */
void endpoints_take(struct endpoints *set, int index, int64_t at_ns);
uint32_t endpoints_all(const struct endpoints *set);         /* every bit */
uint32_t endpoints_late(const struct endpoints *set);        /* of those whose last answer was late */

#endif
