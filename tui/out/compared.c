#include "tui/out/compared.h"

#include <stdio.h>
#include "net/base/utf8.h"
#include "tui/out/text.h"

/* "get_portfolio_data: 3 runs, of which 0 failed, took 2 blocks, 1.20 s and 7.06 Tgas, …". */
static void
add_compared(struct buf *out, const struct compared *list, size_t count, size_t i)
{
    char gas[GAS_TEXT];
    const struct compared *one = &list[i];
    double faster = compare_speed_up(list, count, i);
    utf8_clean(out, str_slice(call_method(one->sample)->method, 0, 64));
    buf_addf(out, ": %zu run%s, of which %zu failed, ", one->runs, one->runs == 1 ? "" : "s",
             one->failed);
    if (one->timed)
        buf_addf(out, "took %llu block%s, %.2f s and %s Tgas", (unsigned long long)one->blocks,
                 one->blocks == 1 ? "" : "s", one->ms / 1000, gas_text_tera(one->gas, gas));
    else
        buf_addf(out, "and what %s took could not be learnt", one->runs == 1 ? "it" : "they");
    if (faster > 1.05)
        buf_addf(out, ", which is %.1f times as fast as the slowest", faster);
    buf_add_c(out, ".\n");
}

void
compared_text(struct buf *out, const struct compared *list, size_t count)
{
    buf_add_c(out, "These are the medians of all runs.\n");
    for (size_t i = 0; i < count; i++)
        add_compared(out, list, count, i);
}

static void
put_figures(struct json_writer *w, const struct compared *list, size_t count, size_t i)
{
    char faster[32];
    snprintf(faster, sizeof(faster), "%.2f", compare_speed_up(list, count, i));
    json_put_u64(w, "blocks", list[i].blocks);
    json_put_u64(w, "ms", (uint64_t)list[i].ms);
    json_put_decimal(w, "gas_burnt", list[i].gas);
    json_put_raw(w, "faster", str_from(faster));
}

static void
put_no_figures(struct json_writer *w)
{
    json_put_null(w, "blocks");
    json_put_null(w, "ms");
    json_put_null(w, "gas_burnt");
    json_put_null(w, "faster");
}

void
compared_json(struct json_writer *w, const struct compared *list, size_t count)
{
    json_put_array(w, "methods");
    for (size_t i = 0; i < count; i++) {
        json_write_object(w);
        json_put_string(w, "method", call_method(list[i].sample)->method);
        json_put_u64(w, "runs", list[i].runs);
        json_put_u64(w, "failed", list[i].failed);
        if (list[i].timed)
            put_figures(w, list, count, i);
        else
            put_no_figures(w);
        json_write_object_end(w);
    }
    json_write_array_end(w);
}
