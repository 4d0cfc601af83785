/* What a follower reads of nodes and feeds: the first byte says which answer it is taken for. */
#include "net/decode.h"
#include "net/json.h"
#include "net/reason.h"
#include "tests/fuzz/fuzz.h"

static void
ignore(enum err e, const struct diag *d)
{
    MUST(e == OK || d->text[0] != '\0');
}

static void
decode(uint8_t kind, const struct json *v, struct event_list *events, struct arena *arena)
{
    struct diag d = {0};
    struct access_key_answer key;
    struct amount amount;
    struct hash tx = {{0}};
    switch (kind % 8) {
    case 0: ignore(decode_tx_status(v, &tx, events, &d), &d); return;
    case 1: ignore(decode_receipt(v, &tx, events, &d), &d); return;
    case 2: ignore(decode_block(v, true, events, &d), &d); return;
    case 3: ignore(decode_transaction(v, events, &d), &d); return;
    case 4: ignore(decode_access_key(v, arena, &key, &d), &d); return;
    case 5: ignore(decode_balance(v, &amount, &d), &d); return;
    case 6: ignore(decode_gas_price(v, &amount, &d), &d); return;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct event_list events;
    struct json *root = NULL;
    struct diag d = {0};
    if (size < 1)
        return 0;
    struct str text = str_of(data + 1, size - 1);
    arena_init(&arena);
    event_list_init(&events, &arena, (enum source_id)0, 0);
    if (data[0] % 8 == 7) {
        ignore(decode_feed((enum feed_id)(data[0] / 8 % 6), text, &events, &d), &d);
    } else if (json_parse(text, size + 1, &root, NULL) == OK) {
        decode(data[0], root, &events, &arena);
    }
    struct buf sentence, advice;
    buf_init(&sentence, REASON_MAX);
    buf_init(&advice, REASON_MAX);
    reason_of_failure(text, &sentence, &advice);
    MUST(sentence.n <= REASON_MAX);
    buf_release(&sentence);
    buf_release(&advice);
    json_free(root);
    event_list_release(&events);
    arena_release(&arena);
    return 0;
}
