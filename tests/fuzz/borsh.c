/* Signed transactions: what is taken comes out as the same bytes. */
#include "net/near/tx.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct signed_transaction t;
    struct diag d = {0};
    arena_init(&arena);
    if (tx_decode_signed(str_of(data, size), &arena, &t, &d) == OK)
        MUST(t.unsigned_size <= size && t.tx.action_count <= size);
    else
        MUST(d.text[0] != '\0');
    arena_release(&arena);
    return 0;
}
