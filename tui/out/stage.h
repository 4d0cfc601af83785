/* stage: how far a call has come that has not ended, in one word, and what to do about it.
 *
 * "Just sent", "a node has not heard of it", "nobody has it", "its block was replaced" and "refused"
 * are different states, and what one should do differs: one table has the words for all outputs
 * (stage.def). A call that has ended has a verdict instead (verdict.h). */
#ifndef TUI_OUT_STAGE_H
#define TUI_OUT_STAGE_H

#include "net/base/buf.h"
#include "tui/model/verdict.h"

enum stage {
#define X(name, word, headline, sentence, advice) STAGE_##name,
#include "tui/out/stage.def"
#undef X
    STAGE_COUNT
};

/* Of one that has ended otherwise than by a refusal: STAGE_RUNNING. */
enum stage stage_of(const struct call *c, const struct verdict *v);

const char *stage_word(enum stage stage);
const char *stage_advice(enum stage stage);
/* With the reason, when there is one: "not observed: none of 2 endpoints has seen it in 12 s". */
void stage_headline(struct buf *out, const struct call *c, enum stage stage);
void stage_sentence(struct buf *out, const struct call *c, enum stage stage);
/* Why it is in that stage, as it came, or NULL. */
const char *stage_reason(const struct call *c, enum stage stage);

/* What to do when nothing new came for too long. `c` may be NULL: it is not even signed. */
void stage_timeout(struct buf *out, const struct call *c, const struct verdict *v);

#endif
