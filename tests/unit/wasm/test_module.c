/* Code from its file to something that can be called, once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "contract/wasm/native.h"
#include "tests/support/wat.h"

static char folder[] = "/tmp/neartop-module-XXXXXX";

static const struct module *
module_of(struct str wasm, enum prepare_error *refused, struct diag *d)
{
    struct hash hash = hash_of_bytes(wasm);
    return module_of_code(wasm, &hash, refused, d);
}

static void
assert_nothing_left(void)
{
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] != '.')
            fail_msg("%s was left behind", e->d_name);
    }
    closedir(d);
}

static void
module_of_code__prepares_once(void **state)
{
    (void)state;
    struct buf wasm;
    enum prepare_error refused;
    buf_init(&wasm, MODULE_MAX_BYTES);
    wat_read("tests/data/wasm/leaf.wasm", &wasm);
    struct hash hash = hash_of_bytes(buf_str(&wasm));
    assert_false(module_is_ready(&hash));
    const struct module *m = module_of(buf_str(&wasm), &refused, NULL);
    assert_non_null(m);
    assert_int_equal(refused, PREPARE_OK);
    assert_true(module_is_ready(&hash));
    assert_int_equal(module_code_size(m), wasm.n);
    assert_ptr_equal(module_of(buf_str(&wasm), &refused, NULL), m);
    assert_true(module_find_method(m, STR("get_rewards")) >= 0);
    assert_int_equal(module_find_method(m, STR("get_reward")), -1);
    assert_nothing_left();
    buf_release(&wasm);
}

static void
module_of_code__refuses__the_same_way_every_time(void **state)
{
    static const struct {
        struct str wasm;
        enum prepare_error refused;
    } rows[] = {
        {{"", 0}, PREPARE_DESERIALIZATION},
        {{"not wasm", 8}, PREPARE_DESERIALIZATION},
        {{"\0asm\1\0\0\0\7", 9}, PREPARE_DESERIALIZATION},
        /* An import from elsewhere: valid, but not here. */
        {{"\0asm\1\0\0\0\1\4\1\x60\0\0\2\7\1\1x\1y\0\0", 23}, PREPARE_INSTANTIATE},
        /* Two results: valid only with a feature that the node has not. */
        {{"\0asm\1\0\0\0\1\6\1\x60\0\2\x7F\x7F", 16}, PREPARE_DESERIALIZATION},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (int round = 0; round < 2; round++) {
            struct diag d = {0};
            enum prepare_error refused = PREPARE_OK;
            assert_null(module_of(rows[i].wasm, &refused, &d));
            assert_int_equal(refused, rows[i].refused);
            assert_int_equal(d.code, ERR_REFUSED);
            assert_true(d.text[0] != '\0');
        }
    }
    assert_nothing_left();
}

/* An export's name reaches no compiler: this one would end the comment that it stands in. */
static void
module_of_code__is_deaf_to_names(void **state)
{
    (void)state;
    struct buf wasm;
    enum prepare_error refused;
    buf_init(&wasm, MODULE_MAX_BYTES);
    wat_compile("(module (func (export \"a*/ int pwned(void){return 1;} int pwned(void){return "
                "2;} /*\"))"
                "(func (export \"\")) (func (export \"\\00\\n\")))",
                &wasm);
    const struct module *m = module_of(buf_str(&wasm), &refused, NULL);
    assert_non_null(m);
    assert_true(module_find_method(
                    m, STR("a*/ int pwned(void){return 1;} int pwned(void){return 2;} /*")) ==
                0);
    buf_release(&wasm);
}

static void
module_of_code__tells_of_a_missing_folder(void **state)
{
    (void)state;
    struct diag d = {0};
    enum prepare_error refused;
    setenv("TMPDIR", "/nowhere/at/all", 1);
    struct str wasm = {"\0asm\1\0\0\0", 8};
    assert_null(module_of(wasm, &refused, &d));
    assert_int_equal(d.code, ERR_IO);
    /* That was not the file's fault: it is tried again. */
    setenv("TMPDIR", folder, 1);
    assert_non_null(module_of(wasm, &refused, &d));
}

static int
set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return 1;
    return setenv("TMPDIR", folder, 1);
}

static int
tear_down(void **state)
{
    (void)state;
    module_forget_all();
    return rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(module_of_code__prepares_once),
        cmocka_unit_test(module_of_code__refuses__the_same_way_every_time),
        cmocka_unit_test(module_of_code__is_deaf_to_names),
        cmocka_unit_test(module_of_code__tells_of_a_missing_folder),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
