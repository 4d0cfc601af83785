/* relay: follows the head of a chain once, and serves the feed to any number of consoles.
 *
 * The same feed as the embedded chain's, outcome_optimistic included (hub.h), made of what a
 * neardata server tells (whole blocks with outcomes) or of a node's RPC (walk.h, lookout.h: blocks,
 * chunks where filters name accounts, and the status of each transaction that a filter names, once
 * a block for all consoles). While nobody listens nothing is asked. It speaks the feed alone:
 * consoles have an RPC of their own for what is not pushed. On an address of other machines it
 * wants a token, which is compared in constant time. Of its 1000 connections (server.h) one address
 * may have 250, the loopback's too: a console makes three, so that a team behind one address has
 * room, and nobody shuts the others out. */
#ifndef NET_RELAY_RELAY_H
#define NET_RELAY_RELAY_H

#include <stddef.h>
#include "net/base/err.h"
#include "net/endpoint.h"
#include "net/loop.h"

enum { RELAY_PORT = 3031, RELAY_TOKEN_MIN = 16 };

struct relay;

struct relay_config {
    const char *address;                /* "127.0.0.1"; numeric, IPv4 */
    int port;                           /* 0: any free one */
    const char *token;                  /* NULL: none is wanted; on the loopback alone */
    const struct endpoint_config *endpoints;    /* of the RPC; copied */
    size_t endpoint_count;
    uint32_t per_second, per_minute, block_time_ms;
    const char *neardata;               /* address of a neardata server instead; NULL: none */
    const char *neardata_key;           /* its API key, or NULL */
    /* A sentence when something is wrong with the source, "" when it is well again. */
    void (*trouble)(void *context, const char *sentence);
    void *context;
};

enum err relay_start(struct loop *loop, const struct relay_config *config, struct relay **out,
                     struct diag *d) MUST_USE;
int relay_port(const struct relay *r);
uint64_t relay_requests(const struct relay *r);     /* of JSON-RPC, so far */
/* Before loop_free: nobody is listened to any more. */
void relay_stop(struct relay *r);
/* After loop_free. NULL is fine. */
void relay_free(struct relay *take_r);

/* "ADDRESS:PORT", "ADDRESS", "PORT" or ":PORT" taken apart; "localhost" is 127.0.0.1. */
enum { RELAY_ADDRESS_MAX = 16 };
enum err relay_parse_listen(struct str text, char address[RELAY_ADDRESS_MAX], int *port,
                            struct diag *d) MUST_USE;
bool relay_is_loopback(const char *address);

#endif
