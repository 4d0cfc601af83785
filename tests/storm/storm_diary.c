#include "tests/storm/storm_diary.h"

#include <stdio.h>
#include "net/base/clock.h"
#include "net/near/base58.h"

/* Where the line of that number stands. */
static unsigned
slot_of(unsigned number)
{
    if (number < DIARY_FIRST)
        return number;
    return DIARY_FIRST + (number - DIARY_FIRST) % (DIARY_LINES - DIARY_FIRST);
}

void
storm_diary_say(struct storm_diary *d, const char *what)
{
    int64_t now = clock_monotonic_ns();
    if (!d->begun_ns)
        d->begun_ns = now;
    snprintf(d->lines[slot_of(d->count++)], DIARY_LINE, "%8.3f s  %s",
             (double)(now - d->begun_ns) / NS_PER_S, what);
}

static void
say_state(char *line, const struct event *ev, const char *tx)
{
    static const char *const states[] = {"unsent",   "sent",    "unknown", "unobserved",
                                         "included", "refused", "final"};
    snprintf(line, DIARY_LINE, "%.6s is %s: %.*s", tx, states[ev->tx_state.state],
             STR_ARG(ev->tx_state.reason));
}

static void
say_request(char *line, const struct request_fact *f)
{
    snprintf(line, DIARY_LINE, "%.24s of %u took %.0f ms, %ld: %.80s", f->method, f->endpoint,
             (double)f->took_ns / NS_PER_MS, f->status, f->is_fine ? "fine" : f->words);
}

void
storm_diary_note(struct storm_diary *d, const struct event *ev)
{
    static const char *const sources[] = {"rpc", "push", "feed", "replay"};
    char line[DIARY_LINE] = "", id[HASH_TEXT], tx[HASH_TEXT];
    hash_text(&ev->tx, tx);
    switch (ev->kind) {
    case EVENT_TX: snprintf(line, sizeof(line), "transaction %.6s", tx); break;
    case EVENT_RECEIPT:
        snprintf(line, sizeof(line), "receipt %.6s", hash_text(&ev->receipt.id, id));
        break;
    case EVENT_OUTCOME:
        snprintf(line, sizeof(line), "outcome of %.6s", hash_text(&ev->outcome.id, id));
        break;
    case EVENT_EXECUTED: snprintf(line, sizeof(line), "%.6s ran somewhere", tx); break;
    case EVENT_TX_STATE: say_state(line, ev, tx); break;
    case EVENT_HOLE:
        snprintf(line, sizeof(line), "no %.6s: %.*s", hash_text(&ev->hole.id, id),
                 STR_ARG(ev->hole.reason));
        break;
    case EVENT_REPLACED:
        snprintf(line, sizeof(line), "block %.6s at %llu is replaced",
                 hash_text(&ev->replaced.block, id), (unsigned long long)ev->replaced.height);
        break;
    case EVENT_REQUEST: say_request(line, &ev->request); break;
    case EVENT_BLOCK:
    case EVENT_FINAL:
    case EVENT_SOURCE:
    case EVENT_ENDPOINT: return;
    }
    char with_source[DIARY_LINE];
    snprintf(with_source, sizeof(with_source), "%-5.5s %.120s", sources[ev->source], line);
    storm_diary_say(d, with_source);
}

void
storm_diary_add(const struct storm_diary *d, struct buf *out)
{
    unsigned left_out = d->count > DIARY_LINES ? d->count - DIARY_LINES : 0;
    for (unsigned i = 0; i < d->count; i++) {
        if (left_out && i == DIARY_FIRST) {
            buf_addf(out, "    (%u lines)\n", left_out);
            i += left_out;
        }
        buf_addf(out, "    %s\n", d->lines[slot_of(i)]);
    }
}
