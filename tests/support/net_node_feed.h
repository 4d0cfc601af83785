/* net_node_feed: the websocket feed of a recorded node: who listens, and what a block tells them.
 *
 * A part of net_node.h, for it alone. */
#ifndef TESTS_SUPPORT_NET_NODE_FEED_H
#define TESTS_SUPPORT_NET_NODE_FEED_H

#include "tests/support/net_node.h"
#include "tests/support/net_record.h"

enum { NET_NODE_LINKS = 32, NET_NODE_FINAL_BLOCKS = 2 };

struct net_node_subscriber {
    struct net_link *link;              /* NULL: free */
    char feed[32];
    bool has_filter;                    /* nothing is sent before */
};

struct node_feed {
    const struct net_node_config *config;       /* borrowed from the node, as the record */
    const struct net_record *record;
    struct net_node_subscriber subscribers[NET_NODE_LINKS];
    int block, messages, listeners;     /* listeners: that ever came */
    uint64_t bytes;
    bool is_dead;                       /* lets nobody in */
};

void net_node_feed_accept(struct node_feed *feed, struct net_link *link,
                          const struct net_request *request);
void net_node_feed_filter(struct node_feed *feed, struct net_link *link);
void net_node_feed_gone(struct node_feed *feed, struct net_link *link);
/* That block has been made, from 1: what ran in it is pushed, and what is final now told. */
void net_node_feed_block(struct node_feed *feed, int block);
void net_node_feed_cut(struct node_feed *feed);
void net_node_feed_say(struct node_feed *feed, struct str text);

#endif
