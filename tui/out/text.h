/* text: words for what the model knows, shared by the screen and the outputs without one.
 *
 * All of it is safe for a terminal: what came from the wire has gone through utf8_clean. */
#ifndef TUI_OUT_TEXT_H
#define TUI_OUT_TEXT_H

#include "net/base/buf.h"
#include "tui/model/verdict.h"

const char *text_role(enum receipt_role role);          /* "branch": also the JSON's word */
const char *text_status(const struct node *n);          /* "in flight", "panicked", "done" */
const char *text_verdict(enum verdict_kind kind);       /* "branch_failed": the JSON's word */
const char *text_source(enum source_id id);             /* "rpc", "push", "feed", "replay" */
const char *text_source_state(enum source_state state); /* "off", "retrying" */

/* An action in a word: the method that it calls, "transfer", "create account". */
void text_action(struct buf *out, const struct action *a);
/* What a receipt does, in a word: its method, "transfer", "deploy contract", "batch of 3". */
void text_what(struct buf *out, const struct node *n);
/* What a callback waits for: " for [0] [2]", " for its resumption"; nothing when for nothing. */
void text_waits(struct buf *out, const struct call *c, const struct node *n);
/* Why it failed, in a sentence; nothing when it did not. */
void text_reason(struct buf *out, const struct node *n);
/* The same for narrow places: a panic is its own message, in quotes. */
void text_reason_short(struct buf *out, const struct node *n);
void text_advice(struct buf *out, const struct node *n);
/* Of several actions the one that failed: "action 2, ft_transfer; all 3 were rolled back". */
void text_failed_action(struct buf *out, const struct node *n);
/* A value as one line: text as it is, "12 bytes" or "nothing". Cut after at most max bytes. */
void text_value(struct buf *out, struct str value, size_t max);
/* "8pZfWk…ueZgQo" of a hash. */
void text_short_hash(struct buf *out, const struct hash *h);
/* "portfolio" of "portfolio.test.near" when all of the call's accounts end alike. */
struct str text_short_account(const struct call *c, const struct account_id *id);

/* The header's sentence: "succeeded, but 1 of 3 branches failed: [1] lending: …". */
void text_headline(struct buf *out, const struct call *c, const struct verdict *v);

/* The whole tree as text, a receipt a line, for the normal screen after the end and for the
 * clipboard; say.h has it in words. `is_ascii` does without line drawing; lines are cut to
 * `width` cells (0: not). */
void text_tree(struct buf *out, struct store *s, struct call *c, bool is_ascii, int width);

/* The calls, a line each with its whole hash, the newest last: TEXT_LIST_MOST at most, and how many
 * there were before them. */
enum { TEXT_LIST_MOST = 20 };
void text_list(struct buf *out, struct store *s);

#endif
