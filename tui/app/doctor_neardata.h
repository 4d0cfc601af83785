/* doctor_neardata: whether the neardata server of a network, which a relay takes blocks from, tells of
 * its newest block: asked twice, for its height and for the block. */
#ifndef TUI_APP_DOCTOR_NEARDATA_H
#define TUI_APP_DOCTOR_NEARDATA_H

#include "net/http.h"
#include "tui/app/doctor_part.h"

struct neardata_check;

/* `done` once, later, unless it was cancelled; key: of NEARTOP_NEARDATA_KEY, or NULL. */
struct neardata_check *neardata_check_start(struct http *http, const char *url, const char *key,
                                            uint32_t timeout_ms, struct doctor_neardata *out,
                                            void (*done)(void *context), void *context) MUST_USE;
void neardata_check_free(struct neardata_check *take_check);        /* NULL is fine */

#endif
