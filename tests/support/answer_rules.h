/* answer_rules: is an answer of this chain the recorded one, as far as the two chains can agree?
 *
 * Everything is compared exactly, same fields and same values, but for what one chain cannot
 * have in common with another: there a rule says, by the name of the field, what is asked for
 * instead. Hashes of one answer stand for each other one to one, and heights differ by the same
 * number all through. Differences are collected as sentences with their place. */
#ifndef TESTS_SUPPORT_ANSWER_RULES_H
#define TESTS_SUPPORT_ANSWER_RULES_H

#include <stdbool.h>
#include "net/base/buf.h"
#include "net/json.h"

enum { RULES_PAIRS_MAX = 512, RULES_TEXT = 112 };

struct answer_rules {
    struct {
        char theirs[RULES_TEXT], ours[RULES_TEXT];
    } pairs[RULES_PAIRS_MAX];       /* hashes and keys that stand for each other */
    size_t pair_count, known_count; /* the first ones are known for every answer */
    bool has_offset;
    int64_t offset;                 /* heights here minus heights there */
    uint64_t blocks;                /* of the epoch, here; there were 63 */
    const char *name;               /* of the answer, for the sentences */
    struct buf differences;
};

void answer_rules_init(struct answer_rules *r);
void answer_rules_release(struct answer_rules *r);
/* Known beforehand, and for every answer from now on; what either stood for is forgotten. */
void answer_rules_know(struct answer_rules *r, struct str theirs, struct str ours);
/* The request as it would be put here. */
void answer_rules_translate(const struct answer_rules *r, struct buf *text);
/* Whole answers; false when something was added to the differences. */
bool answer_rules_compare(struct answer_rules *r, const char *name, const struct json *theirs,
                          const struct json *ours);

#endif
