/* decode_part: the small decoders that the decode_*.c files share. Not for others: decode.h.
 *
 * All strings go to the arena of the list, so that events outlive the JSON they came from. */
#ifndef NET_DECODE_PART_H
#define NET_DECODE_PART_H

#include "net/decode.h"

/* By key, with the key put in front of what is wrong. */
enum err decode_hash(const struct json *object, const char *key, struct hash *out,
                     struct diag *d) MUST_USE;
enum err decode_account(const struct json *object, const char *key, struct account_id *out,
                        struct diag *d) MUST_USE;
enum err decode_amount(const struct json *object, const char *key, struct amount *out,
                       struct diag *d) MUST_USE;
/* An array of hashes in base58. */
enum err decode_hashes(const struct json *object, const char *key, struct arena *arena,
                       struct hash **out, size_t *count, struct diag *d) MUST_USE;
/* Bytes in base64. */
enum err decode_base64(const struct json *v, struct arena *arena, struct str *out,
                       struct diag *d) MUST_USE;
/* The JSON of a value, compact. */
struct str decode_text_of(const struct json *v, struct arena *arena);

/* "permission" of an access key: full, or what it may call. The nonce is left alone. */
enum err decode_permission(const struct json *object, struct arena *arena,
                           struct access_key *out, struct diag *d) MUST_USE;
enum err decode_actions(const struct json *array, struct arena *arena, struct action **out,
                        size_t *count, struct diag *d) MUST_USE;
/* An outcome's view ("outcome with id"): OUTCOME. */
enum err decode_outcome(const struct json *view, const struct hash *tx, bool is_transaction,
                        struct event_list *out, struct event **event, struct diag *d) MUST_USE;

#endif
