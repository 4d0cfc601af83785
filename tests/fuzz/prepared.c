/* What a preparation wrote beside its object, read back. */
#include <string.h>
#include "contract/wasm/prepare.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct prepared p;
    struct buf again;
    arena_init(&arena);
    buf_init(&again, PREPARE_MAX_RESULT);
    if (prepared_read(str_of(data, size), &arena, &p)) {
        prepared_write(&p, &again);
        MUST(again.n == size && memcmp(again.p, data, size) == 0);
    }
    buf_release(&again);
    arena_release(&arena);
    return 0;
}
