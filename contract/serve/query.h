/* query: private to rpc_query*.c. One request of the method `query`, read in whole before
 * anything is looked up. */
#ifndef CONTRACT_SERVE_QUERY_H
#define CONTRACT_SERVE_QUERY_H

#include "contract/serve/node.h"

struct query {
    struct rpc_call *call;
    struct block_ref ref;
    const struct chain_block *block;
    struct str account;
    struct public_key key;          /* view_access_key */
    struct str method;              /* call_function */
    struct buf bytes;               /* its arguments, or the prefix of view_state */
    struct hash code_hash;          /* view_global_contract_code */
};

/* --- rpc_query_answer.c */
void query_account(struct query *q);
void query_code(struct query *q);
void query_state(struct query *q);
void query_key(struct query *q);
void query_keys(struct query *q);
void query_call(struct query *q);
void query_global_code(struct query *q);

#endif
