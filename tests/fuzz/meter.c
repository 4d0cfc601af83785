/* The metering pass, on files that wasm-validate has not seen: an answer with a reason, and an
 * output within its ceiling. */
#include "contract/wasm/meter.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct metered m;
    struct diag d = {0};
    arena_init(&arena);
    enum prepare_error e = meter_run(str_of(data, size), &arena, &m, &d);
    MUST(e == PREPARE_OK || d.text[0] != '\0');
    MUST(m.wasm.n <= METER_MAX_OUTPUT);
    MUST(e != PREPARE_OK || m.has_link_error || m.wasm.n > 8);
    buf_release(&m.wasm);
    arena_release(&arena);
    return 0;
}
