/* views: what the chain knows, as the JSON that the node answers with.
 *
 * Pure: chain in, JSON out. Keys are in alphabetical order, as recorded; amounts are decimal
 * strings, gas and heights numbers. Fields that no client of a single machine can use (roots,
 * signatures of blocks, approvals) are there with values that agree with themselves. */
#ifndef CONTRACT_SERVE_VIEWS_H
#define CONTRACT_SERVE_VIEWS_H

#include "contract/chain/chain.h"
#include "net/json.h"

void view_hash(struct json_writer *w, const char *key, const struct hash *h);
void view_amount(struct json_writer *w, const char *key, struct amount a);
/* A congestion level, 0.0 … 1.0: at least one digit behind the point, as the node writes it. */
void view_level(struct json_writer *w, const char *key, double level);
void view_base64(struct json_writer *w, const char *key, struct str bytes);

void view_block(struct json_writer *w, const struct chain_block *b);
/* height_included: 0 where it is not known, as the node has it. */
void view_chunk(struct json_writer *w, const struct chain_chunk *chunk,
                uint64_t height_included);

void view_public_key(struct json_writer *w, const char *key, const struct public_key *k);
/* {"CodeHash":…} or {"AccountId":…} */
void view_global_name(struct json_writer *w, const char *key, const struct global_use *use);
/* "actions":[…] */
void view_actions(struct json_writer *w, const struct action *actions, size_t count);
void view_transaction(struct json_writer *w, const struct signed_transaction *t);
void view_receipt(struct json_writer *w, const struct chain_receipt *r);
/* {"block_hash","id","outcome","proof"} */
void view_outcome(struct json_writer *w, const struct chain *c, const struct chain_outcome *o);
/* {"SuccessValue":…}, {"SuccessReceiptId":…} or {"Failure":…} */
void view_status(struct json_writer *w, const struct chain_outcome *o);
/* {"TxExecutionError":{"InvalidTxError":…}} */
void view_invalid_tx(struct json_writer *w, const struct invalid_tx *why);

/* "FullAccess" or {"FunctionCall":…} */
void view_permission(struct json_writer *w, const struct access_key *access);

#endif
