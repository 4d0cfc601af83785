#include "contract/wasm/wrapper.h"

#include <string.h>

static const char head[] = "#define CALL_INDIRECT(";
static const char renamed[] = "#define CALL_UNUSED00(";

void
wrapper_write(const struct metered *m, const char *name, const char *stem, const char *symbol,
              struct buf *out)
{
    buf_addf(out, "#include \"rt_guest.h\"\n#include \"%s.h\"\n", stem);
    /* Generated code calls imports as (*Z_envZ_x)(…): only a plain name can be replaced. */
    buf_addf(out, "#define Z_envZ_neartop_charge rt_charge\n"
                  "#define Z_envZ_neartop_enter rt_enter\n"
                  "#define Z_envZ_neartop_leave rt_leave\n"
                  "#define Z_envZ_neartop_nan32 rt_nan32\n"
                  "#define Z_envZ_neartop_nan64 rt_nan64\n"
                  "#include \"%s.c\"\n", stem);
    for (size_t i = 0; i < m->method_count; i++) {
        if (!m->methods[i].has_bad_signature)
            buf_addf(out, "static void call_%zu(void *i) { Z_%sZ_m%zu(i); }\n", i, name, i);
    }
    if (m->has_start)
        buf_addf(out, "static void call_start(void *i) { Z_%sZ_start(i); }\n", name);
    buf_addf(out, "static void make(void *i, struct Z_env_instance_t *e)\n"
                  "{ Z_%s_instantiate(i, e); }\n"
                  "static void unmake(void *i) { Z_%s_free(i); }\n"
                  "static wasm_rt_memory_t *memory(void *i) { return Z_%sZ_memory(i); }\n"
                  "static void (*const methods[])(void *) = {", name, name, name);
    for (size_t i = 0; i < m->method_count; i++) {
        if (m->methods[i].has_bad_signature)
            buf_add_c(out, "0, ");
        else
            buf_addf(out, "call_%zu, ", i);
    }
    buf_addf(out, "0};\nextern const struct native_module %s;\n"
                  "const struct native_module %s = {sizeof(Z_%s_instance_t), Z_%s_init_module, "
                  "make, unmake, memory, %s, methods, %zu};\n",
             symbol, symbol, name, name, m->has_start ? "call_start" : "0", m->method_count);
}

bool
wrapper_patch(struct buf *generated)
{
    struct str all = buf_str(generated), needle = STR(head);
    ptrdiff_t at = str_find(all, needle);
    if (at < 0 || str_find(str_slice(all, (size_t)at + 1, all.n), needle) >= 0)
        return false;
    memcpy(generated->p + at, renamed, sizeof(renamed) - 1);
    return true;
}
