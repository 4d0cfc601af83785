#include "tui/view/offer.h"

#include <stdio.h>
#include <string.h>
#include "net/base/macros.h"
#include "tui/input/line.h"
#include "tui/input/text.h"

enum { NEAR_DECIMALS = 24 };

void
offers_init(struct offers *o)
{
    arena_init(&o->arena);
    o->count = 0;
}

void
offers_release(struct offers *o)
{
    arena_release(&o->arena);
}

void
offers_clear(struct offers *o)
{
    arena_reset(&o->arena);
    o->count = 0;
}

static bool
is_same(const struct offer *a, const struct offer *b)
{
    return a->kind == b->kind && strcmp(a->name, b->name) == 0 &&
           strcmp(a->contract, b->contract) == 0 && strcmp(a->method, b->method) == 0 &&
           strcmp(a->args, b->args) == 0 && strcmp(a->gas, b->gas) == 0 &&
           strcmp(a->deposit, b->deposit) == 0 && strcmp(a->signer, b->signer) == 0;
}

void
offers_add(struct offers *o, const struct offer *offer)
{
    if (o->count == OFFERS_MOST)
        return;
    for (size_t i = 0; i < o->count; i++) {
        if (is_same(&o->item[i], offer))
            return;
    }
    struct offer *copy = &o->item[o->count++];
    *copy = *offer;
    const char **texts[] = {&copy->name,   &copy->about, &copy->wrong, &copy->contract, &copy->method,
                            &copy->args, &copy->gas,   &copy->deposit,  &copy->signer};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i] = arena_c(&o->arena, str_from(*texts[i]));
}

const char *
offer_gas_text(uint64_t gas, char out[OFFER_AMOUNT_TEXT])
{
    if (gas % TERA_GAS == 0)
        snprintf(out, OFFER_AMOUNT_TEXT, "%llu Tgas", (unsigned long long)(gas / TERA_GAS));
    else
        snprintf(out, OFFER_AMOUNT_TEXT, "%llu gas", (unsigned long long)gas);
    return out;
}

const char *
offer_deposit_text(struct amount deposit, char out[OFFER_AMOUNT_TEXT])
{
    char text[AMOUNT_TEXT], near[AMOUNT_NEAR_TEXT];
    bool is_tiny = deposit.hi == 0 && deposit.lo < 1000000000000;
    if (is_tiny && !amount_is_zero(deposit))
        snprintf(out, OFFER_AMOUNT_TEXT, "%s yoctoNEAR", amount_text(deposit, text));
    else
        snprintf(out, OFFER_AMOUNT_TEXT, "%s", amount_near_text(deposit, NEAR_DECIMALS, near));
    return out;
}

void
offers_add_call(struct offers *o, const struct call *c)
{
    const struct action *method = call_method(c);
    char name[LINE_MAX_BYTES + 1], args[TEXT_MAX_BYTES + 1];
    char gas[OFFER_AMOUNT_TEXT], deposit[OFFER_AMOUNT_TEXT];
    if (!method || !str_copy(method->method, name, sizeof(name)) ||
        !str_copy(method->args, args, sizeof(args)))
        return;
    offers_add(o, &(struct offer){.kind = OFFER_EARLIER,
                                  .name = "",
                                  .about = "",
                                  .wrong = "",
                                  .contract = c->transaction.receiver.s,
                                  .method = name,
                                  .args = args,
                                  .gas = offer_gas_text(method->gas, gas),
                                  .deposit = offer_deposit_text(method->deposit, deposit),
                                  .signer = c->transaction.signer.s});
}
