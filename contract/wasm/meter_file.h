/* meter_file: private to the metering pass. What its files share: numbers (meter_number.c),
 * reading the sections (meter_in.c), writing them (meter_out.c), the bodies (meter_body.c). */
#ifndef CONTRACT_WASM_METER_FILE_H
#define CONTRACT_WASM_METER_FILE_H

#include "contract/wasm/meter.h"

enum {
    SECTION_CUSTOM, SECTION_TYPE, SECTION_IMPORT, SECTION_FUNCTION, SECTION_TABLE,
    SECTION_MEMORY, SECTION_GLOBAL, SECTION_EXPORT, SECTION_START, SECTION_ELEMENT,
    SECTION_CODE, SECTION_DATA, SECTION_COUNT
};

enum { KIND_FUNCTION, KIND_TABLE, KIND_MEMORY, KIND_GLOBAL };

enum { TYPE_I32 = 0x7F, TYPE_I64 = 0x7E, TYPE_F32 = 0x7D, TYPE_F64 = 0x7C, TYPE_FUNC = 0x60 };

struct sections {
    struct str body[SECTION_COUNT];
    bool is_there[SECTION_COUNT];
};

/* A cursor over the input; the first fault sticks, and reads after it give zeros. */
struct reader {
    struct str rest;
    bool failed;
};

uint8_t reader_u8(struct reader *r);
uint32_t reader_u32(struct reader *r);                  /* unsigned LEB128, 32 bits */
struct str reader_leb(struct reader *r, int max_bytes); /* the bytes of one LEB128 number */
struct str reader_bytes(struct reader *r, size_t n);
struct str reader_name(struct reader *r);               /* length, then bytes */

void put_u32(struct buf *b, uint32_t value);
void put_s64(struct buf *b, int64_t value);

struct func_type {
    uint8_t *params;        /* value types */
    uint32_t param_count;
    uint8_t result;         /* value type, or 0 */
    struct str bytes;       /* as in the file */
};

/* Hooks come after the file's own imported functions, in this order. */
enum hook { HOOK_CHARGE, HOOK_ENTER, HOOK_LEAVE, HOOK_NAN32, HOOK_NAN64, HOOK_COUNT };

struct wasm_file {
    struct arena *arena;
    struct diag *d;
    enum prepare_error failed;          /* the first reason */
    struct func_type *types;
    uint32_t type_count;
    uint32_t *func_types;               /* type index of every function, imports first */
    uint32_t import_count, func_count;  /* functions: imported; all */
    uint8_t *globals;                   /* value types */
    uint32_t global_count;
    uint64_t local_count;               /* declared so far, over all bodies */
    struct str imports;                 /* as in the file, without the count */
    /* wasm2c 1.0.32 calls an import through a table with a wrong instance. So the table gets
     * functions that call the imports: per import their index in the new file, or 0. */
    uint32_t *stand_ins;
    uint32_t stand_in_count;
};

/* Remembers the first reason and what was wrong; returns false for `return file_fail(…)`. */
bool file_fail(struct wasm_file *f, enum prepare_error why, const char *format, ...)
    PRINTF_LIKE(3, 4);

uint8_t value_size(uint8_t type);       /* 4 or 8; 0 for no value type */
uint32_t new_function_index(const struct wasm_file *f, uint32_t index);
uint32_t hook_index(const struct wasm_file *f, enum hook hook);

bool element_head(struct reader *r, struct str *bytes);

/* False when the file is refused. A link error is none: it is in *out. */
bool meter_read(struct wasm_file *f, struct str wasm, struct sections *s, struct metered *out);
bool meter_write(struct wasm_file *f, const struct sections *s, struct metered *out);

/* Appends the metered body (with its size in front) of a function of this type. */
bool meter_body(struct wasm_file *f, const struct func_type *type, struct str body,
                struct buf *out);

#endif
