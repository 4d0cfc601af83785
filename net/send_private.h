/* send_private: what the parts of the sender share: send.c signs and tells, send_over.c hands over,
 * send_lost.c finds out whether what was handed over can still run. Nobody else includes this. */
#ifndef NET_SEND_PRIVATE_H
#define NET_SEND_PRIVATE_H

#include "net/base/arena.h"
#include "net/copies.h"
#include "net/retry.h"
#include "net/send.h"
#include "net/send_facts.h"

/* The counter of nonces of one key, for runs that overlap. */
struct key_counter {
    struct key_counter *next;
    struct account_id account;
    struct public_key key;
    uint64_t last_nonce;
};

struct sender {
    struct loop *loop;          /* borrowed, as rpc, from the owner until sender_free */
    struct rpc *rpc;
    event_fn emit;
    void *context;
    struct send *first;
    struct key_counter *keys;
    const char *nonce_folder, *chain;       /* borrowed; see nonces.h */
    uint32_t block_ms;
    bool spreads_nonces;
    bool knows_place;           /* a node has said that it is the right chain */
};

enum send_refusal { NOT_REFUSED, REFUSED_NONCE, REFUSED_EXPIRED, REFUSED_OTHERWISE };

/* Whether it is lost: what is known of that (send_lost.c). */
struct send_doubt {
    bool is_open;               /* it is being found out */
    enum send_refusal why;      /* NOT_REFUSED: since nobody has said anything of it for long */
    unsigned rounds;            /* times that it was begun */
    unsigned checks;            /* rounds of answers that all copies of it are unknown */
    struct retry retry;         /* of questions that nobody answered: what was answered stays true */
    struct diag refusal;
    struct str refusal_json;    /* in the arena */
    struct rpc_request *check;
    struct loop_timer *timer;   /* the next question */
};

struct send {
    struct sender *sender;
    struct send *next, *previous;
    struct arena arena;         /* the actions */
    struct secret_key *key;     /* kept */
    struct transaction tx;      /* as it was signed last */
    struct copies copies;
    bool keeps_nonce;           /* the next signature has the nonce of the last one */
    bool is_ambiguous;          /* a node may have it, and did not say so */
    bool is_told;               /* `done` was called; the bytes are kept until it has run */
    unsigned denials;
    uint32_t asked;             /* a bit for each endpoint that had it and has not said what became
                                 * of it, or has not the shard: the next one is another one */
    struct rpc_request *request;
    struct send_facts_request *asking;      /* before signing, or of a doubt */
    struct loop_timer *timer;   /* the next handing over */
    struct retry retry;
    struct send_doubt doubt;
    struct send_args args;
};

/* --- send.c */
bool send_is_signed(const struct send *s);
const struct hash *send_hash(const struct send *s);     /* of the current copy */
/* The events of an answer to send_tx or to the check by hash, about that copy: if it is another
 * than the current one, it is that from now on. False: it made no sense. */
bool send_emit_status(struct send *s, const struct hash *copy, const struct json *result,
                      struct diag *d);
struct str send_keep_json(struct send *s, const struct json *v);
/* Tells `done`, once, and frees s after an error. */
void send_finish(struct send *s, enum err error, const struct diag *d);
void send_finish_refused(struct send *s, const struct diag *d, struct str json);
/* It is certain that it never runs: another signature, if there may be one, or the refusal. */
void send_anew(struct send *s, const struct diag *d, struct str json);
/* Its block hash is too old, or unknown to the node: another signature with the same nonce, so that
 * it does not matter whether a node has the one before. False: there may be none. */
bool send_anew_for_block(struct send *s, const struct diag *d, struct str json);

/* --- send_over.c */
/* What was signed just now. */
void send_hand_over_first(struct send *s);
void send_hand_over(void *send);
/* In a while, as often as is reasonable; `reply` is why. */
void send_hand_over_later(struct send *s, const struct rpc_reply *reply);
/* The node that took it has lost it, or something else has its nonce: whatever it is, the same
 * bytes bring it out. */
void send_hand_over_again(struct send *s);

/* --- send_lost.c */
/* It was handed over just now: if nobody says anything of it, its nonce may be another's. */
void send_watch(struct send *s);
/* It was refused, and may have run all the same. */
void send_doubt(struct send *s, enum send_refusal why, const struct diag *d, struct str json);
/* No question is under way any more, and none will be asked. */
void send_end_doubt(struct send *s);
void send_forget_doubt(struct send *s);         /* … and what was learnt is of no use */
void send_release_doubt(struct send *s);

#endif
