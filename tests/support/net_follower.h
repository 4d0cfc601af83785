/* net_follower: the least that can be said to follow a call: it keeps ids, says what is still
 * wanted, and knows when nothing is. A stand-in for the model in the tests of net. */
#ifndef TESTS_SUPPORT_NET_FOLLOWER_H
#define TESTS_SUPPORT_NET_FOLLOWER_H

#include "net/event.h"
#include "net/request.h"

enum { FOLLOWER_MAX = 256 };

struct follower_node {
    struct hash id, block;
    bool has_receipt, has_outcome, has_height, is_last_child, is_failure;
    uint64_t height, gas;
};

struct net_follower {
    struct hash tx;
    struct account_id signer;
    bool is_on;                 /* wants nothing before */
    struct follower_node nodes[FOLLOWER_MAX];
    size_t count;
    uint64_t final_height;
    enum tx_state state;
    uint32_t hole_asked;                /* of the last hole: who has not got it */
    int events, refused, unknown, unobserved, holes, replaced, health;
    uint64_t bytes_sent, bytes_received;        /* of the endpoint that spoke last */
    uint32_t endpoints;                         /* heard of */
    enum endpoint_state endpoint_state[16];
    char endpoint_reason[16][DIAG_MAX];
    int by_source[SOURCE_COUNT];
    enum source_state source_state[SOURCE_COUNT];
    char source_text[SOURCE_COUNT][DIAG_MAX], source_place[SOURCE_COUNT][DIAG_MAX * 2];
    bool had_trouble[SOURCE_COUNT];
    char reason[DIAG_MAX], hole_text[DIAG_MAX];
};

void net_follower_event(struct net_follower *f, const struct event *ev);
size_t net_follower_wants(const struct net_follower *f, struct want *out, size_t max);
bool net_follower_is_complete(const struct net_follower *f);   /* every outcome is known */
bool net_follower_is_final(const struct net_follower *f);
uint64_t net_follower_gas(const struct net_follower *f);        /* of all receipts */

#endif
